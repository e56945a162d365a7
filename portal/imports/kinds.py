"""What a kind of sheet declares, and where all kinds are found: `settings.SHEET_KINDS` names one class each.

A kind is one file: its columns, who may import it, how a row is checked, which action saves it, and what the portal
holds of it now. Its columns make a resource of django-import-export, by which lists are written. Rows are not checked
and saved by the resource: it would do so row by row, each with questions to the database of its own, and knows
neither synonyms nor the true cell of an error, which is most of what a roster needs.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar

from django.conf import settings
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from portal.actions.trace import Key
from portal.imports.lines import TITLED, Line
from portal.imports.scope import Scope
from portal.models import ImportRun, RowFate, User
from portal.permissions import Permission
from portal.sheets.headings import Column
from portal.sheets.resource import SheetResource
from portal.sheets.titles import Titles
from portal.sheets.workbook import Cell


@dataclass(slots=True)
class Outcome:
    """What a good row would do. `change` is what the kind's own `save` understands; the texts are for people.

    `records` is how many rows of the database it stands for: one line may assign a cadre to three groups. `creates`
    is how many units or people come into being with it that its kind only brings along ("hamlets": 1). `at` is the
    sheet and row it comes from; the row is 0 where a complete list ends what it does not name.
    """

    fate: str
    title: str = ""
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    change: Any = None
    target_id: int | None = None
    records: int = 1
    creates: dict[str, int] = field(default_factory=dict)
    at: tuple[str, int] = field(default=("", 0), repr=False, compare=False)


Check = Callable[[Line], Outcome | None]
# What was written for which change, so that every row knows the row of the sheet it comes from.
Written = Iterable[tuple[Any, Model | Key]]


class SheetKind:
    """Declared once, without state; `check_in` loads what the rows are compared with and gives the check of a row.

    The check gives None where it noted a problem with the line. Where `completes` says what a complete list ends,
    the check also has `missing()`: an outcome for everything that runs on and that no row named. Where a row can only
    be judged beside those after it, the check has `foresee(lines)`, which is given all rows once before the first is
    checked; where something remains to be done when all were, it has `afterwards()`, which gives (line, outcome).
    """

    name: ClassVar[str]
    label: ClassVar[Promise]
    explanation: ClassVar[Promise]
    permission: ClassVar[Permission]
    columns: ClassVar[tuple[Column, ...]]
    # What is created that did not exist before, to be agreed to by an own tick; empty where nothing is.
    consent: ClassVar[Promise | str] = ""
    # What ends if the list is said to be complete; empty where no list of this kind can be.
    completes: ClassVar[Promise | str] = ""
    # Whether rows lie in one commune that may be chosen instead of named in every row.
    in_commune: ClassVar[bool] = True
    # Whether the title of a band row between the rows says something; only what `band` makes of it is kept.
    reads_bands: ClassVar[bool] = False

    # Columns that name people or lead to them: empty in an export unless a purpose for them is given.
    named: ClassVar[frozenset[str]] = frozenset()
    # Whether the list leads to people even without these, as by user names.
    leads_to_people: ClassVar[bool] = False
    # Whether a list of what is there is made for one commune at a time and never above.
    by_commune: ClassVar[bool] = False
    # Columns of counts that are only added up and held against the total of the sheet.
    summed: ClassVar[tuple[str, ...]] = ()
    # Those of them of which a row keeps nothing.
    unkept: ClassVar[tuple[str, ...]] = ()

    def consent_to(self, counts: Mapping[str, int]) -> str:
        """What has to be agreed to before this is saved, by the counts of the preview; empty where nothing has."""
        return str(self.consent) if counts.get(RowFate.ADDED) else ""

    def is_list(self, fields: Collection[str]) -> bool:
        """Whether a table with these columns is such a list; a summary may bear some of the same headings."""
        return True

    def titled(self, titles: Titles) -> dict[str, Cell]:
        """What the title block says for every row, under names that the check asks for by `Line.titled`."""
        return {TITLED + level: name for level, name in titles.units.items()}

    def withheld(self, scope: Scope) -> dict[str, str]:
        """Fields whose columns are left behind like personal ones, with the reason."""
        return {}

    def band(self, text: str) -> dict[str, str]:
        return {}

    def staged(self, field: str, cell: Cell) -> Cell:
        """What of a cell may be kept at all, before anything is stored."""
        return cell

    def check_in(self, scope: Scope) -> Check:
        raise NotImplementedError

    def save(self, changes: Sequence[Any], *, scope: Scope, by: User, source: ImportRun) -> Written | None:
        raise NotImplementedError

    def listing(self, scope: Scope) -> Iterator[Mapping[str, Any]]:
        """What holds on the day `scope.since` and can be imported in this scope, as values by field."""
        raise NotImplementedError

    @property
    def has_listing(self) -> bool:
        return type(self).listing is not SheetKind.listing

    def tells_names(self, *, asked_for: bool) -> bool:
        """Whether a list of this kind is a download of names."""
        return self.leads_to_people or (asked_for and bool(self.named))

    def resource(self) -> SheetResource:
        return SheetResource([column for column in self.columns if column.offered])

    def undone(self, rows: Mapping[str, Sequence[int]], *, by: User) -> None:
        """What is derived from the rows (keys by model label) that an undone import had written; they are gone now."""

    def undoing(self, rows: Mapping[str, Sequence[int]], *, by: User) -> None:
        """The same, asked while the rows are still there."""


@cache
def all_kinds() -> dict[str, SheetKind]:
    """In the order in which an office needs them: units first, then people, then what people follow."""
    return {kind.name: kind() for kind in map(import_string, settings.SHEET_KINDS)}


def kind_named(name: str) -> SheetKind:
    return all_kinds()[name]


def kinds_for(scope: Scope) -> list[SheetKind]:
    return [kind for kind in all_kinds().values() if scope.may(kind.permission)]


def fate_of(before: dict[str, str], after: dict[str, str]) -> str:
    return RowFate.CHANGED if before != after else RowFate.UNCHANGED
