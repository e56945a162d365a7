"""The period that is graded: its days, and the law that whoever asks for grades says whether of a year or a quarter."""

import ast
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from reports.graded_periods import QUARTERS, GradedPeriod
from tests.source import HOME, Module, modules

periods = st.builds(GradedPeriod, st.integers(1990, 2100), st.integers(0, 4))
DAY = timedelta(days=1)


@given(periods)
def test_the_period_before_ends_the_day_before_and_is_of_the_same_kind(period):
    assert period.before.end + DAY == period.begin
    assert period.before.is_year == period.is_year


@given(periods)
def test_a_period_lies_in_its_year_and_has_whole_months(period):
    assert period.begin.year == period.end.year == period.year
    assert period.begin.day == 1 and (period.end + DAY).day == 1
    assert period.end.month - period.begin.month + 1 == (12 if period.is_year else 3)


@given(st.integers(1990, 2100))
def test_the_quarters_fill_the_year_without_a_gap(year):
    whole = GradedPeriod(year)
    quarters = [GradedPeriod(year, number) for number in QUARTERS]
    assert (quarters[0].begin, quarters[-1].end) == (whole.begin, whole.end)
    assert all(later.before == earlier for earlier, later in zip(quarters, quarters[1:], strict=False))
    assert [one.counted_year for one in [*quarters, whole]] == [year - 1] * 3 + [year] * 2


@given(periods, periods)
def test_two_periods_share_code_words_and_facts_only_where_they_are_the_same(one, other):
    same = one == other
    assert (one.code == other.code) == same
    assert (one.words == other.words) == same
    assert (one.facts == other.facts) == same


def test_the_words_are_those_of_the_papers():
    with override("vi"):
        assert GradedPeriod(2026).words == "năm 2026"
        assert GradedPeriod(2026, 3).words == "quý III/2026"
        assert GradedPeriod(2026, 3).title == "Quý III/2026"
    assert GradedPeriod(2026, 3).end == date(2026, 9, 30)


@pytest.mark.parametrize("quarter", [-1, 5, 2026])
def test_there_is_no_fifth_quarter(quarter):
    with pytest.raises(ValueError):
        GradedPeriod(2026, quarter)


# The law ------------------------------------------------------------------------------------------------

# What is yearly by the regulation, and begins with `yearly()` or with the period of a whole year.
YEARLY = {
    "reports.org_years", "reports.imports.grades", "reports.imports.listings",
    "reports.cadre_standing", "reports.cadre_records", "reports.actions.cadre_rounds",
}  # fmt: skip
# May ask for the last day of a year; of a round it is that of its period.
YEAR_ENDS = {
    "reports.standing", "reports.org_years", "reports.imports.grades", "reports.imports.listings",
    "reports.cadre_standing", "reports.documents.commendations", "reports.management.commands.year_end",
    "reports.views.cadre_rounds", "reports.views.cadre_reports", "reports.views.paper_contents",
}  # fmt: skip
KEPT_BY_PERIOD = {"Evaluation", "Round", "Review", "SetCeiling"}
BOUND = {"of", "yearly"}
# To write, and to hold one row by its key.
UNBOUND = {"bulk_create", "bulk_update", "select_for_update", "get", "get_or_create", "none"}


def ours() -> list[Module]:
    return [
        one for one in modules() if one.floor == "reports" and one.kind_name not in {"models", "migrations"}
    ]


def links(node: ast.expr) -> Iterator[ast.expr]:
    """A chain `A.objects.of(x).filter(y)` from its end to its root."""
    while True:
        yield node
        if isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Attribute):
            node = node.value
        else:
            return


def asked(call: ast.Call) -> set[str]:
    return {word.arg.removeprefix("round__").split("__")[0] for word in call.keywords if word.arg}


def at(module: Module, node: ast.AST) -> str:
    return f"{module.path.relative_to(HOME)}:{getattr(node, 'lineno', 0)}"


def of_a_year(module: Module) -> Iterator[str]:
    """Calls that filter by a year and not by the quarter."""
    imported = {
        name.rpartition(".")[2] for _line, name in module.imports if name.startswith("reports.models")
    }
    if module.name in YEARLY or not imported & KEPT_BY_PERIOD:
        return
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr not in {"filter", "exclude", "get", "get_or_create", "update_or_create"}:
            continue
        if "year" in asked(node) and "quarter" not in asked(node) and not _of_another(node):
            yield f"{at(module, node)} filters by the year alone: say of(period) or yearly()"


def _of_another(call: ast.Call) -> bool:
    """Of rows that are kept by the year and know no quarter."""
    roots = [link.id for link in links(call) if isinstance(link, ast.Name)]
    return bool(roots) and roots[-1] in {"PartyOrgCount", "CriteriaSet", "CadreRound"}


def unbounded(module: Module) -> Iterator[str]:
    """Grades that are asked for without saying of which period."""
    for node in ast.walk(module.tree):
        if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute)):
            continue
        owner = node.value
        if owner.attr != "objects" or not (
            isinstance(owner.value, ast.Name) and owner.value.id == "Evaluation"
        ):
            continue
        if node.attr not in BOUND | UNBOUND and not _names_the_quarter(module, node):
            yield f"{at(module, node)} Evaluation.objects.{node.attr}: begin with of(period) or yearly()"


def _names_the_quarter(module: Module, first: ast.Attribute) -> bool:
    calls = (node for node in ast.walk(module.tree) if isinstance(node, ast.Call) and node.func is first)
    return any("quarter" in asked(call) for call in calls)


def test_no_module_asks_for_a_year_without_saying_the_quarter():
    complaints = [text for module in ours() for text in (*of_a_year(module), *unbounded(module))]
    assert not complaints, "\n" + "\n".join(complaints)


def test_grades_are_not_reached_from_the_side_of_the_organisation():
    complaints = [
        f"{at(module, node)} goes over the evaluations of an organisation"
        for module in modules()
        if module.kind_name not in {"models", "migrations"}
        for node in ast.walk(module.tree)
        if (isinstance(node, ast.Attribute) and node.attr == "evaluations")
        or (
            isinstance(node, ast.keyword)
            and (node.arg or "").split("__")[0] in {"evaluations", "org__evaluations"}
        )
    ]
    assert not complaints, "\n" + "\n".join(complaints)


def test_only_what_is_yearly_asks_for_the_end_of_a_year():
    complaints = [
        f"{module.path.relative_to(HOME)}:{line} imports end_of; a round has its period"
        for module in ours()
        for line, name in module.imports
        if name == "reports.standing.end_of" and module.name not in YEAR_ENDS
    ]
    assert not complaints, "\n" + "\n".join(complaints)


SOURCE = "from reports.models import Evaluation, Review\n"


@pytest.mark.parametrize(
    ("line", "is_lawful"),
    [
        ("Evaluation.objects.filter(org=1, year=2026)", False),
        ("Evaluation.objects.filter(org=1)", False),
        ("Evaluation.objects.all()", False),
        ("Review.objects.filter(round__year=2026)", False),
        ("Review.objects.filter(round__year__lte=2026)", False),
        ("rows.exclude(round__year=2026)", False),
        ("Evaluation.objects.of(period).filter(org=1)", True),
        ("Evaluation.objects.filter(org=1, year=2026, quarter__in=[1])", True),
        ("Review.objects.filter(round__year=2026, round__quarter=0)", True),
    ],
)
def test_the_law_sees_what_it_forbids(line, is_lawful):
    module = Module(HOME / "reports" / "evidence.py")
    seen = Module(module.path)
    seen.__dict__["text"] = SOURCE + line
    assert (not [*of_a_year(seen), *unbounded(seen)]) is is_lawful
