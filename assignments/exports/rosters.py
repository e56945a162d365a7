"""Rosters as offices print them: No., full name, post, workplace, places assigned, telephone, remarks."""

from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assignments.models import Cadre
from portal.exports.tables import Footer, Head, open_book, write_table


def roster_columns() -> list[Head]:
    return [
        Head(pgettext("head", "No."), 6),
        Head(pgettext("head", "Full name"), 26),
        Head(pgettext("head", "Post"), 26),
        Head(pgettext("head", "Workplace"), 28),
        Head(pgettext("head", "Places assigned"), 44),
        Head(pgettext("head", "Phone"), 14),
        Head(pgettext("head", "Remarks"), 24),
    ]


def roster_workbook(
    file: IO[bytes],
    rows: Sequence[Any],
    *,
    lines: Sequence[str],
    footer: Footer,
    demo: bool,
) -> int:
    """`rows` are those of the page: one a cadre, with everything followed on the day."""
    cells = (
        [
            number,
            row.cadre.full_name,
            row.title,
            row.workplace,
            "; ".join(row.followed),
            row.cadre.phone,
            row.remark,
        ]
        for number, row in enumerate(rows, 1)
    )
    title = pgettext("assignment", "List of cadres assigned to follow and support")
    return write_table(
        file, title=title, columns=roster_columns(), rows=cells, lines=lines, footer=footer, demo=demo
    )


def cadre_workbook(file: IO[bytes], cadres: Iterable[Cadre], *, footer: Footer, demo: bool) -> int:
    """`cadres` with `current_posts` and `load`."""

    def cells() -> Iterator[list[Any]]:
        for number, cadre in enumerate(cadres, 1):
            posts = cadre.current_posts
            yield [
                number,
                cadre.full_name,
                "; ".join(post.title for post in posts),
                "; ".join(dict.fromkeys(post.workplace for post in posts)),
                cadre.phone,
                cadre.load,
            ]

    first, name, title, workplace, _places, phone, _remark = roster_columns()
    columns = [first, name, title, workplace, phone, Head(pgettext("head", "Followed today"), 12)]
    heading = pgettext("assignment", "List of cadres")
    return write_table(file, title=heading, columns=columns, rows=cells(), footer=footer, demo=demo)


def coverage_workbook(
    file: IO[bytes], tables: Sequence[Any], *, place: str, lines: Sequence[str], footer: Footer, demo: bool
) -> int:
    """A sheet for each list of the coverage page."""
    rows = 0
    with open_book(file, footer=footer, demo=demo) as book:
        for number, table in enumerate(tables, 1):
            columns = [Head(pgettext("head", "No."), 6), *(Head(str(text), 34) for text in table.heads)]
            cells = ([count, *row.cells] for count, row in enumerate(table.rows, 1))
            rows += book.table(
                f"{number}. {table.title}",
                title=_("%(title)s, %(place)s") % {"title": table.title, "place": place},
                columns=columns,
                rows=cells,
                lines=lines,
            )
    return rows
