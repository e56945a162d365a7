"""How does a table become comma-separated text that Excel opens with its letters, and without running anything?"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from portal.dates import in_figures
from portal.exports.tables import Head, demo_mark, moment

# A cell that begins so is a formula to a spreadsheet that opens text.
FORMULA = re.compile(r"\s*[=+\-@\t\r]")
# Without this mark Excel takes the letters for those of another alphabet.
UTF8_MARK = b"\xef\xbb\xbf"


def csv_response(
    file_name: str, *, columns: Sequence[Head], rows: Iterable[Sequence[Any]], demo: bool
) -> StreamingHttpResponse:
    """Sends the rows as they come; the demonstration's mark is the first line."""
    response = StreamingHttpResponse(lines(columns, rows, demo), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, file_name)
    response["Cache-Control"] = "no-store"
    return response


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def lines(columns: Sequence[Head], rows: Iterable[Sequence[Any]], demo: bool) -> Iterator[bytes]:
    writer = csv.writer(_Echo())
    yield UTF8_MARK
    if demo:
        yield writer.writerow([demo_mark()]).encode()
    yield writer.writerow([in_text(column.text) for column in columns]).encode()
    for row in rows:
        yield writer.writerow([in_text(value) for value in row]).encode()


def in_text(value: Any) -> str:
    """Days as dd/mm/yyyy, numbers bare; text that would run as a formula gets an apostrophe in front."""
    if value is None or isinstance(value, bool):
        return "x" if value else ""
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return in_figures(value)
    if isinstance(value, int | float | Decimal):
        return str(value)
    text = str(value)
    return f"'{text}" if FORMULA.match(text) else text
