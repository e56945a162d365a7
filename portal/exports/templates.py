"""What does an empty form look like that an office can fill in and the portal can read?

A sheet with the headings, an example and drop-downs; a sheet explaining each column; a sheet with the lists.
"""

from collections.abc import Mapping, Sequence
from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from portal.exports.tables import demo_mark, for_paper, plain_workbook, sheet_name
from portal.sheets.headings import Column

EXAMPLE_MARK = "VÍ DỤ"
ORDINAL = "STT"
HEADING_ROW = 3
ROWS_TO_FILL = 5_000
LONGEST_MESSAGE = 255


def template_workbook(
    target: IO[bytes] | str,
    *,
    title: str,
    columns: Sequence[Column],
    lists: Mapping[str, Sequence[str]] | None = None,
    demo: bool = False,
) -> None:
    """`lists` gives, by field, what may stand in a column; a column's own choices are strict, these are offered."""
    workbook = plain_workbook(target)
    offered = {column.field: list((lists or {}).get(column.field, column.choices)) for column in columns}
    columns = numbered(columns)
    places = _places(columns, offered)
    _sheet_to_fill(workbook, title, columns, places, demo)
    _guide(workbook, columns, offered)
    if places:
        _lists(workbook, columns, offered)
    workbook.close()


def numbered(columns: Sequence[Column]) -> list[Column]:
    """With the column of ordinals in front, where there is none."""
    own = columns[0].heading == ORDINAL
    return list(columns) if own else [Column("", ORDINAL, example=1, width=8), *columns]


def _lists_name() -> str:
    return pgettext("template", "Lists")


def _places(columns: Sequence[Column], offered: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Where the list of each field will stand."""
    fields = [column.field for column in columns if offered.get(column.field)]
    return {
        field: f"='{_lists_name()}'!${letter}$2:${letter}${len(offered[field]) + 1}"
        for field, letter in zip(fields, map(xl_col_to_name, range(len(fields))), strict=True)
    }


def _sheet_to_fill(
    workbook: Workbook, title: str, columns: Sequence[Column], places: Mapping[str, str], demo: bool
) -> None:
    sheet = begin_sheet(workbook, title, columns, demo)
    example = workbook.add_format({"italic": True, "border": 1, "font_color": "#595959", "num_format": "@"})
    for index, column in enumerate(columns):
        shown = EXAMPLE_MARK if index == 0 else str(column.example)
        sheet.write_string(HEADING_ROW + 1, index, shown, example)
    offer_help(sheet, columns, places, ROWS_TO_FILL)
    for_paper(sheet, HEADING_ROW, str(title))


def begin_sheet(workbook: Workbook, title: str, columns: Sequence[Column], demo: bool) -> Worksheet:
    """Title and headings; rows may follow from `HEADING_ROW + 1` on."""
    sheet = workbook.add_worksheet(sheet_name(title))
    heading = workbook.add_format(
        {"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True, "border": 1}
    )
    needed = workbook.add_format(
        {
            "bold": True,
            "align": "center",
            "valign": "vcenter",
            "text_wrap": True,
            "border": 1,
            "bg_color": "#FDE9D9",
        }
    )
    # Cells kept as text do not lose the zeros of telephone numbers and codes.
    as_text = workbook.add_format({"num_format": "@"})
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width, None if isinstance(column.example, int) else as_text)
    if demo:
        sheet.write_string(0, 0, demo_mark(), workbook.add_format({"bold": True, "font_color": "#B00020"}))
    sheet.write_string(1, 0, str(title), workbook.add_format({"bold": True, "font_size": 14}))
    for index, column in enumerate(columns):
        sheet.write_string(HEADING_ROW, index, column.heading, needed if column.required else heading)
    return sheet


def offer_help(sheet: Worksheet, columns: Sequence[Column], places: Mapping[str, str], rows: int) -> None:
    for index, column in enumerate(columns):
        if column.field in places or column.hint:
            _help_with(sheet, index, column, places.get(column.field), rows)


def _help_with(sheet: Worksheet, index: int, column: Column, source: str | None, rows: int) -> None:
    """A drop-down where there is a list; the explanation when a cell is chosen."""
    offer = {
        "validate": "list" if source else "any",
        "input_title": column.heading[:32],
        "input_message": str(column.hint)[:LONGEST_MESSAGE] or None,
        "error_type": "stop" if column.choices else "warning",
        "error_message": _("Choose a value of the list."),
    }
    if source:
        offer["source"] = source
    first = HEADING_ROW + 2
    sheet.data_validation(first, index, first + rows, index, offer)


def _guide(workbook: Workbook, columns: Sequence[Column], offered: Mapping[str, Sequence[str]]) -> None:
    sheet = workbook.add_worksheet(sheet_name(pgettext("template", "How to fill in")))
    bold = workbook.add_format(
        {"bold": True, "text_wrap": True, "border": 1, "align": "center", "valign": "vcenter"}
    )
    plain = workbook.add_format({"text_wrap": True, "border": 1, "valign": "top"})
    notes = workbook.add_format({"text_wrap": False})
    for index, width in enumerate((28, 12, 60, 26, 50)):
        sheet.set_column(index, index, width)
    row = 0
    for row, note in enumerate(_notes()):
        sheet.write_string(row, 0, note, notes)
    heads = (
        pgettext("template", "Column of the sheet"),
        pgettext("template", "Required"),
        pgettext("template", "What to type"),
        pgettext("template", "Example"),
        pgettext("template", "Values"),
    )
    sheet.write_row(row + 2, 0, heads, bold)
    for number, column in enumerate((column for column in columns if column.field), row + 3):
        values = "; ".join(offered[column.field][:20]) + ("; …" if len(offered[column.field]) > 20 else "")
        required = pgettext("template", "yes") if column.required else ""
        sheet.write_row(
            number, 0, [column.heading, required, str(column.hint), str(column.example), values], plain
        )


def _notes() -> list[str]:
    return [
        _("Keep the row of headings; columns may be moved, and columns that are not needed left empty."),
        _("Coloured headings must be filled in. The row marked VÍ DỤ is an example and is not read."),
        _("Type days as day/month/year (05/09/2026) and telephone numbers with the 0 in front."),
        _(
            "Do not enter identity numbers, birth years, poverty, ethnicity, religion or health: "
            "such columns are not accepted."
        ),
    ]


def _lists(workbook: Workbook, columns: Sequence[Column], offered: Mapping[str, Sequence[str]]) -> None:
    sheet = workbook.add_worksheet(sheet_name(_lists_name()))
    listed = [column for column in columns if offered.get(column.field)]
    sheet.set_column(0, len(listed), 30)
    # Rows are written downward, as memory is let go row by row.
    for index, column in enumerate(listed):
        sheet.write_string(0, index, f"{_lists_name()}: {column.heading}")
    for row in range(max(len(offered[column.field]) for column in listed)):
        for index, column in enumerate(listed):
            if row < len(offered[column.field]):
                sheet.write_string(row + 1, index, str(offered[column.field][row]))
