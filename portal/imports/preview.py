"""What does a preview show? Counts, the cells that are wrong by column, the questions, and rows page by page."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
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
    """Of refused rows, in order of the columns they stand in, then of the rows."""
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
    return sorted(
        found, key=lambda wrong: (wrong.sheet, len(wrong.letter), wrong.letter, wrong.heading, wrong.row)
    )


def value_of(row: ImportRow, field: str) -> str:
    return cells.shown(loaded(row.cells.get(field)))


def by_column(wrong: Sequence[WrongCell]) -> list[tuple[str, str, list[WrongCell]]]:
    """(letter, heading, cells) in the order in which they come."""
    groups: dict[tuple[str, str], list[WrongCell]] = defaultdict(list)
    for one in wrong:
        groups[one.letter, one.heading].append(one)
    return [(letter, heading, found) for (letter, heading), found in groups.items()]


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
    """Each note once, however many sheets it is true of."""
    found: dict[tuple[str, str], list[str]] = {}
    for tone, sheet, text in run.notes:
        found.setdefault((tone, text), []).append(sheet)
    notes = [Note(tone, _sheets(sheets), text) for (tone, text), sheets in found.items()]
    return sorted(notes, key=lambda note: TONES.index(note.tone) if note.tone in TONES else len(TONES))


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
