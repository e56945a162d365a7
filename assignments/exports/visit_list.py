"""The list of visits as a workbook: days, places and cadres, no text and no household."""

from collections.abc import Iterable
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.exports.tables import Footer, Head, write_table


def visit_workbook(file: IO[bytes], rows: Iterable[dict[str, Any]], *, footer: Footer, demo: bool) -> int:
    columns = [
        Head(pgettext("head", "No."), 6),
        Head(_("Day of the visit"), 13),
        Head(_("Kind of visit"), 26),
        Head(pgettext("territory", "Place"), 40),
        Head(pgettext("assignment", "cadre"), 26),
        Head(pgettext("visit", "Attendance"), 20),
        Head(pgettext("excuse", "Reason for being excused"), 20),
        Head(pgettext("capacity", "Capacity"), 18),
    ]
    title = pgettext("visit", "List of visits")
    return write_table(file, title=title, columns=columns, rows=_lines(rows), footer=footer, demo=demo)


def _lines(rows: Iterable[dict[str, Any]]) -> Iterable[list[Any]]:
    number = 0
    for row in rows:
        for person in row["persons"]:
            number += 1
            yield [
                number,
                row["visit"].day,
                row["visit"].get_kind_display(),
                row["place"],
                person.cadre.full_name,
                person.get_attendance_display(),
                person.get_excuse_display(),
                person.get_capacity_display(),
            ]
