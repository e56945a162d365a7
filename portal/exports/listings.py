"""How does what is in the portal become a sheet that can be imported again? In the layout of the kind's empty form.

Rows are written as they come and never held together. Who may have them, and the line in the audit book, are the
caller's business.
"""

from collections.abc import Sequence
from datetime import date
from itertools import chain, islice
from typing import IO, Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from portal.exports.tables import LONGEST_CELL, Footer, for_paper, open_book
from portal.exports.templates import HEADING_ROW, begin_sheet, numbered, offer_help
from portal.imports.kinds import SheetKind
from portal.imports.scope import Scope


def write_listing(
    target: IO[bytes] | str,
    *,
    kind: SheetKind,
    scope: Scope,
    footer: Footer,
    demo: bool,
    with_names: bool = False,
) -> int:
    """Gives the number of rows. RuleBroken, before anything is written, where the scope is too wide for the kind."""
    resource = kind.resource()
    rows = kind.listing(scope)
    cells = resource.cells(rows, without=frozenset() if with_names else kind.named)
    # What a question refuses, it refuses with the first row: nothing has been written then.
    first = list(islice(cells, 1))
    with open_book(target, footer=footer, demo=demo) as book:
        columns = numbered(resource.columns)
        sheet = begin_sheet(book.workbook, str(kind.label), columns, demo)
        plain = {"border": 1, "valign": "top"}
        looks = {
            str: book.style(num_format="@", **plain),
            int: book.style(num_format="0", **plain),
            date: book.style(num_format="dd/mm/yyyy", align="center", **plain),
        }
        # Where the kind has a column of ordinals of its own, that one is filled.
        own = columns[0].field != ""
        number = 0
        for number, row in enumerate(chain(first, cells), 1):
            _write(sheet, HEADING_ROW + number, [number, *row[own:]], looks)
        sheet.write_string(HEADING_ROW + number + 2, 0, str(footer), book.style(italic=True))
        offer_help(sheet, columns, {}, number)
        for_paper(sheet, HEADING_ROW, str(footer))
    return number


def _write(sheet: Worksheet, place: int, row: Sequence[Any], looks: dict[type, Format]) -> None:
    for index, value in enumerate(row):
        if value is None or value == "":
            sheet.write_blank(place, index, None, looks[str])
        elif isinstance(value, int):
            sheet.write_number(place, index, value, looks[int])
        elif isinstance(value, date):
            sheet.write_datetime(place, index, value, looks[date])
        else:
            sheet.write_string(place, index, value[:LONGEST_CELL], looks[str])
