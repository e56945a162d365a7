"""The list of recommendations as a workbook: never a household, never who raised it."""

from collections.abc import Sequence
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.exports.tables import Footer, Head, write_table


def petition_workbook(file: IO[bytes], rows: Sequence[dict[str, Any]], *, footer: Footer, demo: bool) -> int:
    columns = [
        Head(pgettext("head", "No."), 6),
        Head(pgettext("rec", "Number"), 16),
        Head(pgettext("rec", "Day raised"), 13),
        Head(pgettext("territory", "Place"), 34),
        Head(pgettext("rec", "Topic"), 20),
        Head(pgettext("rec", "What has to be solved"), 60),
        Head(pgettext("rec", "Answering body"), 34),
        Head(_("Answer due"), 13),
        Head(pgettext("rec", "Answer promised to the people by"), 16),
        Head(pgettext("rec", "State"), 20),
        Head(pgettext("rec", "Result"), 22),
        Head(pgettext("rec", "Voters have raised it too"), 12),
    ]
    lines = (_line(number, row) for number, row in enumerate(rows, 1))
    title = pgettext("rec", "List of recommendations")
    return write_table(file, title=title, columns=columns, rows=lines, footer=footer, demo=demo)


def _line(number: int, row: dict[str, Any]) -> list[Any]:
    petition = row["petition"]
    return [
        number,
        str(petition),
        petition.day,
        row["place"],
        petition.get_topic_display(),
        row["text"],
        row["body"],
        petition.due,
        petition.expected,
        petition.get_state_display(),
        # What is merged has the answer of the leading one.
        (row["leader"] or petition).get_answer_display(),
        petition.is_voters,
    ]
