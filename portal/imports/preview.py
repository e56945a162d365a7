"""What does a preview show? Counts, the cells that are wrong by column, the questions, and rows page by page."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.imports.kinds import SheetKind
from portal.imports.stored import loaded
from portal.models import ImportRow, ImportRun, RowFate
from portal.sheets import cells
from portal.vietnamese import clean

# A page of more than this helps nobody; the workbook of refused rows has all of them.
MOST_ERRORS, MOST_QUESTIONS = 2_000, 60
ROWS_LOOKED_AT = 500
FATES = (RowFate.ADDED, RowFate.CHANGED, RowFate.ENDED, RowFate.UNCHANGED, RowFate.REFUSED)


# What to know before saving first, what is only left out last.
TONES = ("repeated", "sum", "title", "marks", "hidden", "dropped", "unknown", "skipped")
SHEETS_NAMED = 3
OTHER_KIND = "kind"


# What one message says and the next one of its kind says otherwise.
OWN = re.compile(r"“[^”]*”|\d(?:[\d./,:-]*\d)?")
WORD = re.compile(r"[^\W\d_]+")
# Of units' names: Khu phố 2, Thị trấn Ba Tri.
OF_UNITS = {"phố", "trấn", "dân", "xã"}


class Note(NamedTuple):
    tone: str
    sheets: str
    text: str


class WrongCell(NamedTuple):
    sheet: str
    row: int
    letter: str
    heading: str
    value: str
    message: str
    row_id: int = 0
    field: str = ""

    @property
    def cell(self) -> str:
        return f"{self.letter}{self.row}"

    @property
    def masked(self) -> str:
        """The message without what is this cell's own: what it holds, quotations, numbers and days."""
        text = self.message.replace(self.value, "…") if len(self.value) > 1 else self.message
        return OWN.sub("…", text)

    @property
    def kind(self) -> str:
        """How the message begins and ends, names left out: nothing else tells the messages of one kind from others."""
        words = [word for word in WORD.findall(self.masked) if word[0].islower() and word not in OF_UNITS]
        return " ".join([*words[:2], "…", *words[2:][-3:]])


@dataclass
class Question:
    key: str
    title: str
    choices: list[tuple[str, str]]
    rows: list[int]
    wants_day: bool = False

    @property
    def label(self) -> str:
        named = ", ".join(map(str, self.rows[:6])) + (", …" if len(self.rows) > 6 else "")
        return _("%(question)s (rows: %(rows)s)") % {"question": self.title, "rows": named}


class Difference(NamedTuple):
    name: str
    old: str
    new: str


def wrong_cells(rows: Iterable[ImportRow], kind: SheetKind) -> list[WrongCell]:
    """Of refused rows, by the columns they stand in and by what is wrong, then in the order of the rows.

    A cell that is wrong in two ways can be corrected where it is told first.
    """
    headings = {column.field: column.heading for column in kind.columns}
    found = [
        WrongCell(
            row.sheet,
            row.number,
            letter,
            headings.get(field, ""),
            value_of(row, field),
            message,
            row.pk,
            field,
        )
        for row in rows
        for field, letter, message in row.problems
    ]
    found.sort(key=lambda wrong: (len(wrong.letter), wrong.letter, wrong.heading, wrong.kind))
    seen: set[tuple[int, str]] = set()
    for place, wrong in enumerate(found):
        if (wrong.row_id, wrong.field) in seen:
            found[place] = wrong._replace(field="")
        seen.add((wrong.row_id, wrong.field))
    return found


def value_of(row: ImportRow, field: str) -> str:
    return cells.shown(loaded(row.cells.get(field)))


class WrongKind(NamedTuple):
    """Cells of one column that are wrong in one way; `total` counts those on other pages too, `page` has the first.

    `told` is the message of the first one without what is its own.
    """

    letter: str
    heading: str
    told: str
    cells: list[WrongCell]
    total: int
    page: int


def by_kind(wrong: Sequence[WrongCell], per_page: int) -> list[WrongKind]:
    """In the order in which they come."""
    groups: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for place, one in enumerate(wrong):
        groups[one.letter, one.heading, one.kind].append(place)
    return [
        WrongKind(
            letter,
            heading,
            wrong[places[0]].masked,
            [wrong[place] for place in places],
            len(places),
            places[0] // per_page + 1,
        )
        for (letter, heading, _kind), places in groups.items()
    ]


def on_page(kinds: Iterable[WrongKind], cells: Collection[WrongCell]) -> list[WrongKind]:
    """Only the cells of one page of them."""
    shown = set(cells)
    found = [one._replace(cells=[cell for cell in one.cells if cell in shown]) for one in kinds]
    return [one for one in found if one.cells]


def questions_of(run: ImportRun) -> list[Question]:
    """Each question once, however many rows it holds up."""
    found: dict[str, Question] = {}
    rows = run.rows.filter(fate=RowFate.REFUSED).exclude(question={}).order_by("pk")
    for number, asked in rows.values_list("number", "question")[:MOST_ERRORS]:
        for one in (asked, *asked.get("more", [])):
            key = one["key"]
            if key in found:
                found[key].rows.append(number)
            elif len(found) < MOST_QUESTIONS:
                choices = [(value, label) for value, label in one["choices"]]
                found[key] = Question(key, one["title"], choices, [number], bool(one.get("wants_day")))
    return list(found.values())


def notes_of(run: ImportRun) -> list[Note]:
    """Each note once, however many sheets it is true of; but for the one that stands above everything."""
    found: dict[tuple[str, str], list[str]] = {}
    for tone, sheet, text in run.notes:
        if tone != OTHER_KIND:
            found.setdefault((tone, text), []).append(sheet)
    notes = [Note(tone, _sheets(sheets), text) for (tone, text), sheets in found.items()]
    return sorted(notes, key=lambda note: TONES.index(note.tone) if note.tone in TONES else len(TONES))


def other_kind_of(run: ImportRun) -> str:
    """That the file is rather a list of another kind; empty where it is not."""
    return next((text for tone, _sheet, text in run.notes if tone == OTHER_KIND), "")


def _sheets(names: Sequence[str]) -> str:
    if len(names) <= SHEETS_NAMED + 1:
        return ", ".join(names)
    told = {"names": ", ".join(names[:SHEETS_NAMED]), "n": len(names) - SHEETS_NAMED}
    return pgettext("import", "%(names)s and %(n)s more sheets") % told


def narrowed(rows: QuerySet[ImportRow], text: str, name: str) -> QuerySet[ImportRow]:
    """A number finds the row of the sheet, other text what the row is about; `name` is a field that changes."""
    rows, text = rows.order_by("pk"), clean(text)
    if name:
        rows = rows.filter(after__has_key=name)
    if text.isdecimal() and len(text) < 8:
        return rows.filter(number=int(text))
    return rows.filter(title__icontains=text) if text else rows


def changed_names(run: ImportRun, fate: str) -> list[str]:
    """The fields that change in some row, to choose from; of the first rows only, as they repeat."""
    if fate != RowFate.CHANGED:
        return []
    rows = run.rows.filter(fate=fate).order_by("pk").values_list("after", flat=True)[:ROWS_LOOKED_AT]
    return list(dict.fromkeys(name for after in rows for name in after))


def differences(row: ImportRow) -> list[Difference]:
    names = dict.fromkeys([*row.before, *row.after])
    return [Difference(name, row.before.get(name, ""), row.after.get(name, "")) for name in names]


def first_fate(counts: dict[str, int]) -> str:
    """What to look at first: what is wrong, then what changes, then what is new."""
    order = (RowFate.REFUSED, RowFate.CHANGED, RowFate.ENDED, RowFate.ADDED)
    return next((fate for fate in order if counts.get(fate)), RowFate.UNCHANGED)
