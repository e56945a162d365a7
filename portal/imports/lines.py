"""One row of a sheet while it is checked: its cells by field, and everything that is wrong with them."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from portal.imports.stored import freetext_warning, is_masked, loaded
from portal.sheets import cells
from portal.sheets.cells import CellError
from portal.sheets.workbook import Cell
from portal.vietnamese import fold_words

T = TypeVar("T")
Problem = tuple[str, str, str]


class Line:
    """A reader that meets a wrong cell notes the problem and gives None, so that one pass finds all of them."""

    __slots__ = ("hints", "letters", "marks", "number", "problems", "question", "sheet", "stored")

    def __init__(
        self, sheet: str, number: int, stored: Mapping[str, Any], letters: Mapping[str, str], marks: str = ""
    ) -> None:
        self.sheet, self.number, self.stored, self.letters = sheet, number, stored, letters
        self.marks = marks
        self.problems: list[Problem] = []
        self.hints: list[Problem] = []
        self.question: dict[str, Any] = {}

    def filled(self, field: str) -> bool:
        return field in self.stored

    def cell(self, field: str) -> Cell:
        return loaded(self.stored.get(field))

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

    def ask(self, field: str, title: str, message: str, key: str, choices: list[tuple[str, str]]) -> None:
        """Refuse the row until somebody says which of the choices is meant; asked once for all rows with the key."""
        self.refuse(field, message)
        self.question = {"key": key, "title": title, "choices": [list(choice) for choice in choices]}

    def refuse(self, field: str, message: str) -> None:
        self.problems.append((field, self.letters.get(field, ""), message))

    def hint(self, field: str, message: str) -> None:
        self.hints.append((field, self.letters.get(field, ""), message))


@lru_cache(maxsize=4096)
def _day(value: Cell) -> date | None:
    """A roster repeats few days in many rows."""
    return cells.day(value, month_allowed=True)
