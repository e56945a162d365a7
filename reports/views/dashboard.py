"""Dashboards: any place in reach, any period, on today's map or as recorded; the table also as a workbook."""

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assignments.topics import VisitKind
from assignments.views.narrowing import place_choices
from portal.access import needs
from portal.dates import ONE_DAY, in_figures
from portal.levels import ORDER, Level
from portal.models import Place
from portal.permissions import Permission
from portal.places import Names, existed, path
from reports import periods
from reports.closed_figures import closed_for
from reports.exports.dashboard import dashboard_response
from reports.forms.dashboard import RECORDED, TODAY, DashboardFilters
from reports.rollup import Frame
from reports.views.board import Board, Cell, Line

PER_PAGE = 25


@needs(Permission.DASHBOARD)
def overview(request: HttpRequest) -> HttpResponse:
    """Leads to the highest place in reach."""
    roots = Place.objects.filter(pk__in=request.reach.roots(Permission.DASHBOARD))
    ranked = sorted(roots, key=lambda place: (ORDER.index(Level(place.level)), place.pk))
    if not ranked:
        return TemplateResponse(request, "reports/dashboard_none.html", {})
    return redirect("reports:dashboard", pk=ranked[0].pk)


def place_of(request: HttpRequest, pk: int) -> Place:
    if not request.reach.covers(pk, Permission.DASHBOARD):
        raise Http404
    return get_object_or_404(Place, pk=pk)


@needs(Permission.DASHBOARD)
def dashboard(request: HttpRequest, pk: int) -> HttpResponseBase:
    place = place_of(request, pk)
    if place.level == Level.GROUP:
        # Visits are tallied by hamlet, so a group has its own page and no dashboard.
        return redirect("reports:place", pk=pk)
    filters = filters_of(request, place)
    asked = filters.chosen_place
    if asked is not None and asked != pk:
        return _moved(request, asked)
    closed = closed_for(place, filters.chosen.since, filters.chosen.until, request.reach.on)
    if closed is not None and "map" not in request.GET:
        # Closed figures are those of the map of their time, and are shown unless today's map is asked for.
        filters = filters_of(request, place, RECORDED)
    frame = frame_of(request, place, filters)
    if frame.restated:
        closed = None
    board = Board(frame, filters.chosen, request.reach, closed)
    if request.GET.get("format") == "xlsx":
        return dashboard_response(request, board, map_words(frame))
    return TemplateResponse(request, "reports/dashboard.html", _context(request, filters, board))


def frame_of(request: HttpRequest, place: Place, filters: DashboardFilters) -> Frame:
    return Frame(
        place=place,
        since=filters.chosen.since,
        until=filters.chosen.until,
        restated=filters.is_restated,
        today=request.reach.on,
    )


def filters_of(request: HttpRequest, place: Place, usual_map: str = TODAY) -> DashboardFilters:
    """An ended place is shown as recorded, in its last month unless another period is asked for."""
    today = request.reach.on
    life = existed(place.pk)
    if life is None:
        raise Http404
    ended = life[1] is not None and life[1] <= today
    given = request.GET.copy()
    if ended:
        given["map"] = RECORDED
        given.setdefault("period", f"{life[1] - ONE_DAY:%Y-%m}")
    given.setdefault("map", usual_map)
    given.setdefault("period", periods.current(today).code)
    given["place"] = given.get("place") or str(place.pk)
    maps = [(RECORDED, pgettext("filter", "As recorded"))]
    if not ended:
        restated = pgettext("filter", "Restated on the map of %(day)s") % {"day": in_figures(today)}
        maps.insert(0, (TODAY, restated))
    return DashboardFilters(
        given,
        today=today,
        places=place_choices(request, Permission.DASHBOARD, place.pk, today),
        maps=maps,
        auto_id="board_%s",
    )


def _moved(request: HttpRequest, pk: int) -> HttpResponse:
    params = request.GET.copy()
    for name in ("place", "sort", "page", "format"):
        params.pop(name, None)
    return redirect(f"{reverse('reports:dashboard', args=[pk])}?{params.urlencode()}")


def map_words(frame: Frame) -> str:
    if frame.restated:
        return _("Restated on the map of %(day)s") % {"day": in_figures(frame.on)}
    return _("As recorded: each visit counts for the units in which its place lay on its own day")


def _context(request: HttpRequest, filters: DashboardFilters, board: Board) -> dict[str, object]:
    frame, pk = board.frame, board.pk
    way = path(pk, frame.name_day)
    page, lines = _page(request, board)
    return {
        "board": board,
        "closed": board.closed,
        **_closed_above(request, board),
        "now_rows": _now_rows(board),
        "frame": frame,
        "period": filters.chosen,
        "before": periods.before(filters.chosen),
        "filters": filters,
        "title": frame.name,
        "trail": _trail(request, board, [(span.place_id, span.full_name) for span in way[:-1]]),
        "map_words": map_words(frame),
        "reckoned": min(frame.until - ONE_DAY, frame.today),
        "last": frame.until - ONE_DAY,
        "now": timezone.now(),
        "page": page,
        "lines": lines,
        "shows_kinds": request.GET.get("show") == "kinds",
        "kind_heads": [str(kind.label) for kind in VisitKind],
        "shows": [("", pgettext("dashboard", "All measures"), None), ("kinds", _("Visits by kind"), None)],
        "most_kind": max((cell.number for _label, cell in board.kinds), default=0),
        "most_topic": max((cell.number for _label, _parts, cell, _late in board.topics), default=0),
    }


def _closed_above(request: HttpRequest, board: Board) -> dict[str, object]:
    """Of which larger place the closed figures are a part, and whether its own differences may be read."""
    if board.closed is None:
        return {"closed_above": "", "closed_opens": False}
    above = board.closed.period.place_id
    return {
        "closed_above": Names([above]).on(above, board.frame.name_day) if above != board.pk else "",
        "closed_opens": request.reach.covers(above, Permission.DASHBOARD),
    }


def _now_rows(board: Board) -> list[tuple[object, int, int]]:
    """Totals that are not any more what they were: measure, closed figure, figure now."""
    if board.closed is None:
        return []
    now = Board(board.frame, board.period, board.reach)
    before, after = board.sum, now.sum
    rows = [
        (pgettext("period", "Visits"), before.visits, after.visits),
        (pgettext("period", "Attended"), before.attended, after.attended),
        (pgettext("head", "Due"), Cell(before.owed), Cell(after.owed)),
        (pgettext("attendance", "Excused"), before.excused, after.excused),
        (pgettext("attendance", "Absent"), before.absent, after.absent),
        (pgettext("dashboard", "Raised in the period"), before.raised, after.raised),
    ]
    return [
        (name, then.number, today.number)
        for name, then, today in rows
        if then.number != today.number and not (then.few or today.few)
    ]


def _trail(request: HttpRequest, board: Board, above: list[tuple[int, str]]) -> list[tuple[str, str]]:
    """Units above are links only as far as they are in reach."""
    covered = [pair for pair in above if request.reach.covers(pair[0], Permission.DASHBOARD)]
    return [
        (pgettext("nav", "Overview"), reverse("reports:overview")),
        *((name, board.doors.dashboard(key)) for key, name in covered),
    ]


def _page(request: HttpRequest, board: Board) -> tuple[Page, list[Line]]:
    asked = request.GET.get("sort") or "name"
    places = board.sorted_places(asked.removeprefix("-"), asked.startswith("-"))
    page = Paginator(places, PER_PAGE).get_page(request.GET.get("page"))
    return page, [board.line(place) for place in page]
