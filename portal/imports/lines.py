"""One row of a sheet while it is checked: its cells by field, and everything that is wrong with them."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from portal.imports.stored import freetext_warning, is_masked, loaded
from portal.sheets import cells
from portal.sheets.cells import CellError
from portal.sheets.faults import is_fault
from portal.sheets.workbook import Cell
from portal.vietnamese import fold_words

T = TypeVar("T")
Problem = tuple[str, str, str]
Choices = list[tuple[str, str]]
LEFT_OUT = "out"
# Fields that are no columns: what the title block says.
TITLED = "title:"
# Which cells are dittos, and stand here with the value of the row above.
FROM_ABOVE = "above:"


class Doubt(CellError):
    """A cell that somebody can settle by choosing: the message refuses the row, the question is asked once per key."""

    def __init__(self, message: str, *, key: str, title: str, choices: Choices) -> None:
        super().__init__(message)
        self.key, self.title, self.choices = key, title, choices


class RowLeftOut(CellError):
    """Somebody answered that the row is to be left out."""


class Line:
    """A reader that meets a wrong cell notes the problem and gives None, so that one pass finds all of them."""

    __slots__ = (
        "hints",
        "is_left_out",
        "letters",
        "marks",
        "number",
        "problems",
        "questions",
        "sheet",
        "stored",
    )

    def __init__(
        self, sheet: str, number: int, stored: Mapping[str, Any], letters: Mapping[str, str], marks: str = ""
    ) -> None:
        self.sheet, self.number, self.stored, self.letters = sheet, number, stored, letters
        self.marks = marks
        self.problems: list[Problem] = []
        self.hints: list[Problem] = []
        self.questions: list[dict[str, Any]] = []
        self.is_left_out = False
        if FROM_ABOVE in stored:
            self._say_what_is_from_above()

    def _say_what_is_from_above(self) -> None:
        stored = dict(self.stored)
        for field in stored.pop(FROM_ABOVE).split(","):
            if field not in stored:
                continue
            value = "…" if is_masked(stored[field]) else cells.shown(loaded(stored[field]))
            self.hint(field, _("Taken from the row above: %(value)s") % {"value": value})
        self.stored = stored

    @property
    def at(self) -> tuple[str, int, str]:
        """Which row it is, and of which list, as two that stand side by side have rows of one number."""
        return self.sheet, self.number, next(iter(self.letters.values()), "")

    @property
    def question(self) -> dict[str, Any]:
        """As it is kept: the first question, with the others of the row under `more`."""
        if not self.questions:
            return {}
        first, *more = self.questions
        return {**first, "more": more} if more else first

    def filled(self, field: str) -> bool:
        return field in self.stored

    def cell(self, field: str) -> Cell:
        return loaded(self.stored.get(field))

    def titled(self, what: str) -> str:
        """What the title block above the table says for every row."""
        return str(self.stored.get(TITLED + what) or "")

    def read(self, field: str, reader: Callable[..., T], **options: Any) -> T | None:
        if field not in self.stored:
            return None
        if is_masked(self.stored[field]):
            self.refuse(field, str(freetext_warning()))
            return None
        return self.attempt(field, lambda: reader(self.cell(field), **options))

    def attempt(self, field: str, answer: Callable[[], T]) -> T | None:
        try:
            return answer()
        except RowLeftOut:
            self.is_left_out = True
        except Doubt as doubt:
            self.ask(field, doubt.title, str(doubt), doubt.key, doubt.choices)
        except CellError as wrong:
            self.refuse(field, str(wrong))
        return None

    def text(self, field: str, *, longest: int = 255) -> str:
        return self.read(field, cells.text, longest=longest) or ""

    def day(self, field: str) -> date | None:
        return self.read(field, _day)

    def number_in(self, field: str, **bounds: int) -> int | None:
        return self.read(field, cells.whole_number, **bounds)

    def choice(self, field: str, labels: Mapping[str, T], synonyms: Mapping[str, T]) -> T | None:
        """The value of a label or of another word for it; only the labels are offered where neither was typed."""
        if field in self.stored and not is_masked(self.stored[field]):
            typed = fold_words(cells.shown(self.cell(field)))
            for word, value in synonyms.items():
                if fold_words(word) == typed:
                    return value
        return self.read(field, cells.choice, choices=labels)

    def require(self, *fields: str) -> None:
        for field in fields:
            if field not in self.stored:
                self.refuse(field, _("This cell is empty. Fill it in, or delete the row."))

    def ask(
        self, field: str, title: str, message: str, key: str, choices: Choices, *, wants_day: bool = False
    ) -> None:
        """Refuse the row until somebody says which of the choices is meant; asked once for all rows with the key.

        With `wants_day` the answer may also be a day, in its ISO form.
        """
        self.refuse(field, message)
        question = {"key": key, "title": title, "choices": [list(choice) for choice in choices]}
        self.questions.append({**question, "wants_day": True} if wants_day else question)

    def refuse_faults(self) -> None:
        """An error of Excel is no name and no empty cell: whatever the kind of sheet makes of it, it is refused."""
        for field, kept in self.stored.items():
            if kept.__class__ is str and kept[:1] == "#" and field in self.letters and is_fault(kept):
                self.refuse(field, cells.fault_message(kept))

    def refuse(self, field: str, message: str) -> None:
        kept = self.stored.get(field)
        if is_fault(kept):
            # Other readers stumble over the same cell: it is told once, by the name of the error.
            message = cells.fault_message(kept)
        self.problems.append((field, self.letters.get(field, ""), message))

    def hint(self, field: str, message: str) -> None:
        self.hints.append((field, self.letters.get(field, ""), message))


@lru_cache(maxsize=4096)
def _day(value: Cell) -> date | None:
    """A roster repeats few days in many rows."""
    return cells.day(value, month_allowed=True)
