"""The project's own Python files, parsed once, for the tests that read the source."""

import ast
import subprocess
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
FLOORS = ["portal", "assignments", "reports"]


@dataclass(frozen=True)
class Module:
    path: Path

    @property
    def parts(self) -> tuple[str, ...]:
        parts = self.path.relative_to(HOME).with_suffix("").parts
        return parts[:-1] if parts[-1] == "__init__" else parts

    @property
    def name(self) -> str:
        return ".".join(self.parts)

    @property
    def floor(self) -> str:
        return self.parts[0]

    @property
    def kind_name(self) -> str:
        """The file or package that says of which kind the module is: `actions` for `portal/actions/places.py`."""
        return self.parts[1] if len(self.parts) > 1 else ""

    @cached_property
    def text(self) -> str:
        return self.path.read_text()

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def imports(self) -> list[tuple[int, str]]:
        """Every imported name with its line, as `package.module` or `package.module.name`."""
        found = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found += [(node.lineno, alias.name) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                found += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
        return found

    def imported_modules(self) -> list[tuple[int, "Module"]]:
        """The project's own modules among the imports; `from portal import places` names the module places."""
        known = by_name()
        found = []
        for line, name in self.imports:
            module = known.get(name) or known.get(name.rpartition(".")[0])
            if module and module != self:
                found.append((line, module))
        return found


@lru_cache
def modules() -> list[Module]:
    """The modules of the three floors; migrations are written by a machine and left out."""
    return [
        Module(path)
        for floor in FLOORS
        for path in sorted((HOME / floor).rglob("*.py"))
        if "migrations" not in path.parts
    ]


@lru_cache
def by_name() -> dict[str, Module]:
    return {module.name: module for module in modules()}


@lru_cache
def project_files() -> list[Path]:
    """What is or would be committed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=HOME, capture_output=True, check=False,
    )  # fmt: skip
    if listed.returncode:
        # A copy without its history, such as an unpacked archive.
        left_out = {".venv", "var", ".git", "__pycache__", ".pytest_cache", ".ruff_cache", ".mypy_cache"}
        return [path for path in HOME.rglob("*") if path.is_file() and not left_out & set(path.parts)]
    paths = [HOME / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]
