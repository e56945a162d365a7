"""The laws of the house: which module may import which, what it may be called, and what it may not do.

Every failure names file and line. A new kind of module goes on the list KINDS below.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.source import FLOORS, HOME, Module, by_name, modules

ORDER = ["words", "models", "questions", "actions", "doors", "rooms"]
KINDS = {
    "words": (
        "levels roles vietnamese dates grades rules visit_rules usual_days topics fact_words deeds permissions formats "
        "demonstration paper_kinds meeting_scores graded_periods pictures grade_rules seals"
    ),
    "models": "models",
    "questions": (
        "places maps orgs territory households histories access coverage covering owed planned quiet deadlines periods "
        "facts facts_reach work rollup standing reviewed evidence twins round_tables points urgent years notices "
        "lookup databases templatetags reviews allowed review_steps review_lists cell_meetings meeting_records "
        "photographs teams closed_figures later_changes period_dues "
        "cadre_records cadre_standing org_years draft_texts draft_facts cadre_draft_texts round_gaps"
    ),
    "actions": "actions audit",
    "doors": "forms sheets imports exports documents tasks",
    "rooms": "views urls admin apps middleware sessions context checks handlers management settings wsgi",
}
KIND_OF = {name: kind for kind, names in KINDS.items() for name in names.split()}
FORBIDDEN_MODULES = set(
    "utils util helpers helper common core base services service managers manager misc".split()
)
FORBIDDEN_NAMES = set("data info obj item process handle manager".split())
LONGEST_FILE, LONGEST_FUNCTION = 400, 60


def kind_of(module: Module) -> str:
    # The package of a floor itself is empty, and so as deep as words.
    return KIND_OF.get(module.kind_name, "unknown") if module.kind_name else "words"


def failures(found: Iterator[str]) -> None:
    complaints = list(found)
    assert not complaints, "\n" + "\n".join(complaints)


def at(module: Module, line: int) -> str:
    return f"{module.path.relative_to(HOME)}:{line}"


def functions(module: Module) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef))


def classes(module: Module) -> Iterator[ast.ClassDef]:
    return (node for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef))


def methods(module: Module) -> Iterator[tuple[ast.ClassDef, ast.FunctionDef]]:
    for owner in classes(module):
        for node in owner.body:
            if isinstance(node, ast.FunctionDef):
                yield owner, node


def test_the_source_is_found() -> None:
    assert {module.floor for module in modules()} == set(FLOORS)
    assert "portal.actions.deed" in by_name()


def test_every_module_is_of_a_known_kind() -> None:
    failures(
        f"{module.path.relative_to(HOME)}: {module.kind_name} is on no list of KINDS"
        for module in modules()
        if kind_of(module) == "unknown"
    )


def test_a_floor_imports_itself_and_the_floors_below() -> None:
    failures(
        f"{at(module, line)} imports {other.name} from the floor above"
        for module in modules()
        for line, other in module.imported_modules()
        if FLOORS.index(other.floor) > FLOORS.index(module.floor)
    )


def test_a_module_imports_its_own_kind_or_a_deeper_one() -> None:
    failures(
        f"{at(module, line)} ({kind_of(module)}) imports {other.name} ({kind_of(other)})"
        for module in modules()
        for line, other in module.imported_modules()
        if kind_of(module) != "unknown" and kind_of(other) != "unknown"
        if ORDER.index(kind_of(other)) > ORDER.index(kind_of(module))
    )


def test_no_module_imports_itself_in_a_circle() -> None:
    graph = {module.name: {other.name for _, other in module.imported_modules()} for module in modules()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(" -> ".join(circle.args[1]))


def test_the_seeds_and_the_floors_do_not_import_the_tests() -> None:
    failures(
        f"{at(module, line)} imports {name}"
        for module in modules()
        for line, name in module.imports
        if name.split(".")[0] in {"tests", "pytest", "hypothesis"}
    )


ENUMERATIONS = {"django.db.models.TextChoices", "django.db.models.IntegerChoices", "django.db.models.Choices"}
CLOCKS = {"today", "now", "localdate", "localtime", "utcnow", "monotonic"}


def test_words_know_no_database_and_no_request() -> None:
    roots = ("django.db", "django.http", "django.contrib", "django.shortcuts", "django.conf")
    failures(
        f"{at(module, line)} imports {name}"
        for module in modules()
        if kind_of(module) == "words"
        for line, name in module.imports
        if name.startswith(roots) and name not in ENUMERATIONS
    )
    failures(
        f"{at(module, function.lineno)} takes a request"
        for module in modules()
        if kind_of(module) == "words"
        for function in functions(module)
        if any(argument.arg == "request" for argument in function.args.args + function.args.kwonlyargs)
    )


def test_words_know_no_clock() -> None:
    failures(
        f"{at(module, node.lineno)} asks the clock; take `today` as an argument"
        for module in modules()
        if kind_of(module) == "words"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS)
            or (isinstance(node.func, ast.Name) and node.func.id in CLOCKS)
        )
    )


def test_there_are_no_signals() -> None:
    failures(
        f"{at(module, line)} imports {name}"
        for module in modules()
        for line, name in module.imports
        if name.startswith("django.dispatch") or ".signals." in f"{name}."
    )


def test_nobody_overrides_save_or_delete() -> None:
    failures(
        f"{at(module, method.lineno)} {owner.name}.{method.name}"
        for module in modules()
        if module.kind_name in {"models", "forms", "admin"}
        for owner, method in methods(module)
        if method.name in {"save", "delete"}
    )


def test_no_manager_hides_rows() -> None:
    failures(
        f"{at(module, method.lineno)} {owner.name}.{method.name} decides which rows exist"
        for module in modules()
        if kind_of(module) == "models"
        for owner, method in methods(module)
        if method.name == "get_queryset"
    )
    failures(
        f"{at(module, owner.lineno)} {owner.name} is a manager; write a QuerySet and use as_manager()"
        for module in modules()
        for owner in classes(module)
        if any(ast.unparse(base).endswith(("Manager", "from_queryset")) for base in owner.bases)
        # The manager of accounts is the one Django asks for by name.
        and not any(ast.unparse(base).endswith("UserManager") for base in owner.bases)
    )


def test_no_file_is_too_long_to_read() -> None:
    tests = [Module(path) for path in sorted((HOME / "tests").rglob("*.py"))]
    seeds = [Module(path) for path in sorted((HOME / "seeds").rglob("*.py"))]
    failures(
        f"{module.path.relative_to(HOME)} has {lines} lines"
        for module in [*modules(), *tests, *seeds]
        if (lines := module.text.count("\n")) > LONGEST_FILE
    )


def test_no_function_is_too_long_to_read() -> None:
    failures(
        f"{at(module, function.lineno)} {function.name} has {lines} lines"
        for module in modules()
        for function in functions(module)
        if (lines := (function.end_lineno or 0) - function.lineno + 1) > LONGEST_FUNCTION
    )


def test_no_module_is_a_drawer_for_anything() -> None:
    failures(
        f"{module.path.relative_to(HOME)}: say what it is about instead"
        for module in modules()
        if FORBIDDEN_MODULES & set(module.parts)
    )


def test_no_basename_stands_twice_on_a_floor() -> None:
    """`places.py` and `actions/places.py` may share one, as the folder says which is which; others may not."""
    places = defaultdict(list)
    for module in modules():
        # Django asks for one formats.py per language.
        if module.path.name != "__init__.py" and module.kind_name != "formats":
            places[module.floor, module.parts[1] if len(module.parts) > 2 else "", module.path.name].append(
                module
            )
    failures(
        f"{floor}: {name} stands twice: " + ", ".join(str(module.path.relative_to(HOME)) for module in same)
        for (floor, _, name), same in places.items()
        if len(same) > 1
    )


def test_no_name_says_nothing() -> None:
    def named(module: Module) -> Iterator[tuple[int, str]]:
        within_classes = {id(method) for _, method in methods(module)}
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.lineno, node.id
            # A method may have to take the names of the framework's method that it overrides.
            elif isinstance(node, ast.FunctionDef) and id(node) not in within_classes:
                yield node.lineno, node.name
                for argument in node.args.args + node.args.kwonlyargs:
                    yield argument.lineno, argument.arg

    failures(
        f"{at(module, line)} {name}"
        for module in modules()
        for line, name in named(module)
        if name in FORBIDDEN_NAMES
    )


def test_actions_take_keyword_arguments_and_by() -> None:
    """The decorator refuses anything else at run time; here nobody needs to call it to find out."""
    failures(
        f"{at(module, function.lineno)} {function.name}"
        for module in modules()
        for function in functions(module)
        if any(ast.unparse(decorator) == "action" for decorator in function.decorator_list)
        and (function.args.args or "by" not in {argument.arg for argument in function.args.kwonlyargs})
    )


def test_public_functions_of_words_questions_and_actions_are_typed() -> None:
    failures(
        f"{at(module, function.lineno)} {function.name}"
        for module in modules()
        if kind_of(module) in {"words", "questions", "actions"} and module.kind_name != "templatetags"
        for function in module.tree.body
        if isinstance(function, ast.FunctionDef) and not function.name.startswith("_")
        if function.returns is None
        or any(argument.annotation is None for argument in function.args.args + function.args.kwonlyargs)
    )


STORAGE = {"PlaceLine", "PartyOrgLine", "lines_up", "lines_down", "child_spans"}
KEEPERS = {"models", "places", "orgs", "histories", "maps", "actions"}


def test_only_the_ground_floor_knows_how_the_trees_are_stored() -> None:
    def touched(module: Module) -> Iterator[tuple[int, str]]:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Name):
                yield node.lineno, node.id
            elif isinstance(node, ast.Attribute):
                yield node.lineno, node.attr
            elif isinstance(node, ast.keyword) and node.arg:
                yield node.lineno, node.arg
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.lineno, node.value

    failures(
        f"{at(module, line)} touches {name}; ask portal/places.py or portal/orgs.py"
        for module in modules()
        if not (module.floor == "portal" and module.kind_name in KEEPERS)
        for line, name in touched(module)
        if name.split("__")[0] in STORAGE
    )
