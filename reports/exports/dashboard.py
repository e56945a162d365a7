"""A dashboard as a workbook: the units with all measures, visits by kind, recommendations by topic, month by month."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import IO, Any, Protocol

from django.conf import settings
from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assignments.topics import VisitKind
from portal.actions.looks import download_list
from portal.dates import ONE_DAY, in_figures
from portal.exports import Footer, Head, Total, open_book, workbook_response
from portal.exports.tables import Book
from reports.closed_figures import closed_on
from reports.models import ClosedFigures
from reports.periods import Period, before
from reports.rollup import Frame
from reports.rules import rate_is_shown


class Shown(Protocol):
    """What the page shows; the workbook says the same."""

    frame: Frame
    period: Period
    lines: Iterable[Any]
    sum: Any
    topics: Sequence[Any]
    months: Sequence[Any]
    closed: ClosedFigures | None


def dashboard_response(request: HttpRequest, board: Shown, map_words: str) -> FileResponse:
    name, place_id, rows = (
        f"tong-quan-{board.frame.place.pk}-{board.period.code}.xlsx",
        board.frame.place.pk,
        0,
    )

    def write(file: IO[bytes]) -> None:
        nonlocal rows
        rows = write_dashboard(file, board, map_words, str(request.user))

    response = workbook_response(name, write)
    download_list(what="dashboard", purpose="list", rows=rows, place_id=place_id, by=request.user)
    return response


def write_dashboard(file: IO[bytes], board: Shown, map_words: str, user: str) -> int:
    """Gives the number of units."""
    title = f"{board.frame.name}, {board.period.name}"
    footer = Footer(purpose=title, user=user, at=timezone.now())
    with open_book(file, footer=footer, demo=settings.DEMO) as book:
        lines = _head_lines(board, map_words, user)
        rows = book.table(
            _("Units"), title=title, columns=_unit_heads(board), rows=_units(board), lines=lines
        )
        book.table(_("Visits by kind"), title=title, columns=_kind_heads(), rows=_kinds(board), lines=lines)
        _rest(book, board, title, lines)
    return rows


def _head_lines(board: Shown, map_words: str, user: str) -> list[str]:
    """Period, map and reach stand on every sheet."""
    frame = board.frame
    days = _("From %(since)s to %(last)s, figures up to %(reckoned)s") % {
        "since": in_figures(frame.since),
        "last": in_figures(frame.until - ONE_DAY),
        "reckoned": in_figures(min(frame.until - ONE_DAY, frame.today)),
    }
    reach = _("Reach: %(place)s, as %(user)s may see it") % {"place": frame.name, "user": user}
    if board.closed is None:
        return [days, map_words, reach]
    closed = pgettext("period", "Figures closed on %(day)s") % {"day": in_figures(closed_on(board.closed))}
    return [closed, days, map_words, reach]


def _rest(book: Book, board: Shown, title: str, lines: list[str]) -> None:
    topic_heads = [
        Head(pgettext("rec", "Topic"), 34),
        Head(pgettext("dashboard", "Raised"), 12),
        Head(pgettext("rec", "Overdue"), 12),
    ]
    topics = ([label, _few(count), _few(late)] for label, _parts, count, late in board.topics)
    book.table(_("Recommendations by topic"), title=title, columns=topic_heads, rows=topics, lines=lines)
    month_heads = [
        Head(pgettext("period", "Month"), 14),
        Head(pgettext("attendance", "Attended"), 12),
        Head(pgettext("head", "Due"), 12),
        Head(pgettext("head", "Rate (%)"), 12, places=1),
    ]
    months = ([f"{month:%m/%Y}", done, due, _rate(done, due)] for month, done, due in board.months)
    book.table(_("Cell meetings by month"), title=title, columns=month_heads, rows=months, lines=lines)


def _few(cell: Any) -> Any:
    return pgettext("head", "Fewer than 5") if cell.few else cell.number


def _rate(done: int, due: int) -> Decimal | None:
    return Decimal(100 * done) / due if rate_is_shown(due) else None


def _unit_heads(board: Shown) -> list[Head]:
    return [
        Head(pgettext("head", "No."), 6),
        Head(pgettext("territory", "Place"), 34),
        Head(pgettext("dashboard", "Units"), 10),
        Head(pgettext("status", "No one assigned"), 12),
        Head(pgettext("nav", "Visits"), 12),
        Head(before(board.period).title, 14),
        Head(pgettext("attendance", "Attended"), 12),
        Head(pgettext("head", "Due"), 12),
        Head(pgettext("head", "Rate (%)"), 10, places=1),
        Head(pgettext("attendance", "Excused"), 14),
        Head(pgettext("attendance", "Absent"), 14),
        Head(pgettext("dashboard", "Raised in the period"), 14),
        Head(pgettext("dashboard", "Open today"), 12),
        Head(pgettext("rec", "Overdue"), 12),
    ]


def _units(board: Shown) -> Iterator[list[Any] | Total]:
    for number, line in enumerate(board.lines, 1):
        yield [number, *_cells(line)]
    yield Total(["", *_cells(board.sum)])


def _cells(line: Any) -> list[Any]:
    return [
        line.name, line.units, line.alone.number, line.visits.number, line.before, line.attended.number, line.owed,
        _rate(line.attended.number, line.owed), _few(line.excused), _few(line.absent), line.raised.number,
        line.open.number, line.overdue.number,
    ]  # fmt: skip


def _kind_heads() -> list[Head]:
    first = [Head(pgettext("head", "No."), 6), Head(pgettext("territory", "Place"), 34)]
    kinds = [Head(str(kind.label), 16) for kind in VisitKind]
    return [*first, *kinds, Head(_("Total"), 12)]


def _kinds(board: Shown) -> Iterator[list[Any] | Total]:
    for number, line in enumerate(board.lines, 1):
        yield [number, line.name, *(cell.number for cell in line.kinds), line.visits.number]
    total = board.sum
    yield Total(["", total.name, *(cell.number for cell in total.kinds), total.visits.number])
