"""What a sheet shows besides its values, in words: hidden and coloured rows, hidden columns, comments."""

from collections.abc import Collection

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.sheets.headings import column_letter
from portal.sheets.layout import TableRow
from portal.sheets.workbook import COLOURED, HIDDEN, STRUCK, Sheet

ROWS_NAMED = 8


class MarkCounts:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.rows: dict[str, list[int]] = {HIDDEN: [], STRUCK: [], COLOURED: []}
        self.counts = dict.fromkeys(self.rows, 0)

    def add(self, row: TableRow) -> None:
        for mark in row.marks:
            self.counts[mark] += 1
            if len(self.rows[mark]) < ROWS_NAMED:
                self.rows[mark].append(row.number)

    def in_words(self, unread: Collection[str] = ()) -> list[str]:
        """Once all rows have been gone through; `unread` are the letters of columns of which nothing is kept."""
        told = [message % self._told(mark) for mark, message in self._messages() if self.counts[mark]]
        if self.sheet.marks_unread:
            told.append(
                _(
                    "Hidden and struck-through rows, and errors of formulas, could not be told in this file. "
                    "Open it in Excel, save it as .xlsx and upload again if there are any."
                )
            )
        hidden = [letter for letter in map(column_letter, self.sheet.hidden_columns) if letter not in unread]
        if hidden:
            names = ", ".join(hidden[:ROWS_NAMED])
            told.append(_("Hidden columns were read as well: %(names)s") % {"names": names})
        if self.sheet.comments:
            cells = ", ".join(
                f"{column_letter(column)}{row}" for row, column in self.sheet.comments[:ROWS_NAMED]
            )
            told.append(_("Comments on cells are not read. They stand at: %(cells)s") % {"cells": cells})
        return told

    def _messages(self) -> list[tuple[str, str]]:
        hidden, coloured = self.counts[HIDDEN], self.counts[COLOURED]
        if self.sheet.is_filtered:
            of_hidden = ngettext(
                "%(n)s row is hidden by a filter or by hand and was read as well: %(rows)s",
                "%(n)s rows are hidden by a filter or by hand and were read as well: %(rows)s", hidden,
            )  # fmt: skip
        else:
            of_hidden = ngettext(
                "%(n)s hidden row was read as well: %(rows)s",
                "%(n)s hidden rows were read as well: %(rows)s",
                hidden,
            )
        of_coloured = ngettext(
            "%(n)s row is coloured; what the colour means is not interpreted: %(rows)s",
            "%(n)s rows are coloured; what the colours mean is not interpreted: %(rows)s", coloured,
        )  # fmt: skip
        return [(HIDDEN, of_hidden), (COLOURED, of_coloured)]

    def _told(self, mark: str) -> dict[str, object]:
        more = ", …" if self.counts[mark] > ROWS_NAMED else ""
        return {"n": self.counts[mark], "rows": ", ".join(map(str, self.rows[mark])) + more}
