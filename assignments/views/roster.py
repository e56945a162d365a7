"""The roster of a place on a day, in the columns of the offices' own list: one row a cadre."""

from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assignments.coverage import assignments_in
from assignments.exports.rosters import roster_workbook
from assignments.forms.assigning import DayFilters
from assignments.models import Assignment, Cadre, CadrePost
from assignments.topics import AssignmentRole
from assignments.views.narrowing import asked_place, below, place_choices
from assignments.views.targets import targets
from portal.access import needs
from portal.dates import in_figures, read_day
from portal.permissions import Permission
from portal.places import Names
from portal.views.downloads import offer_names
from portal.views.listing import PER_PAGE


@dataclass
class Line:
    """A cadre with the posts and everything followed on the day; `links` beside `followed` for the page."""

    cadre: Cadre
    title: str = ""
    workplace: str = ""
    followed: list[str] = field(default_factory=list)
    links: list[tuple[str, str, Assignment]] = field(default_factory=list)
    remark: str = ""


@dataclass(frozen=True)
class Looking:
    """Where and on which day a page looks."""

    place_id: int
    name: str
    on: date
    is_today: bool
    form: DayFilters


def looking(request: HttpRequest) -> Looking:
    """The place asked for, else the viewer's own; out of reach it is not there."""
    today, reach = timezone.localdate(), request.reach
    try:
        on = read_day(request.GET["on"]) if request.GET.get("on") else today
    except ValueError:
        on = today
    place = asked_place(request)
    if place is None:
        place = next(iter(sorted(reach.roots(Permission.ROSTER_VIEW))), None)
    if place is None or not reach.covers(place, Permission.ROSTER_VIEW):
        raise Http404
    form = DayFilters(
        {"place": place, "on": in_figures(on)},
        places=place_choices(request, Permission.ROSTER_VIEW, place, on),
    )
    name = Names([place]).on(place, on)
    return Looking(place_id=place, name=name, on=on, is_today=on == today, form=form)


@needs(Permission.ROSTER_VIEW)
def roster(request: HttpRequest) -> HttpResponse:
    where = looking(request)
    rows = _assignments(request, where)
    keys = rows.order_by("cadre__sort_key", "cadre").values_list("cadre", flat=True)
    page = Paginator(list(dict.fromkeys(keys)), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "where": where,
        "page": page,
        "rows": lines(list(rows.filter(cadre__in=list(page))), where.on),
        "may_assign": request.reach.covers_today(where.place_id, Permission.ASSIGN),
    }
    return TemplateResponse(request, "assignments/roster.html", context)


@needs(Permission.ROSTER_VIEW)
def export(request: HttpRequest) -> HttpResponseBase:
    where = looking(request)
    rows = lines(list(_assignments(request, where)), where.on)
    head = [where.name, _("As of %(day)s") % {"day": in_figures(where.on)}]
    return offer_names(
        request,
        what="roster",
        title=pgettext("assignment", "Download the roster of %(place)s") % {"place": where.name},
        back=f"{reverse('assignments:roster')}?{request.GET.urlencode()}",
        file_name="phan-cong.xlsx",
        write=lambda file, footer: roster_workbook(file, rows, lines=head, footer=footer, demo=settings.DEMO),
        place_id=where.place_id,
    )


def _assignments(request: HttpRequest, where: Looking) -> QuerySet[Assignment]:
    rows = assignments_in(below(where.place_id, where.on), where.on)
    rows = rows.filter(pk__in=request.reach.assignments(where.on).values("pk"))
    return rows.select_related("cadre").order_by("cadre__sort_key", "cadre", "role", "pk")


def lines(assignments: list[Assignment], on: date) -> list[Line]:
    """In the order given; the posts are those of the day."""
    named, found = targets(assignments, on), {}
    for row in assignments:
        line = found.setdefault(row.cadre_id, Line(cadre=row.cadre))
        target = named[row.pk]
        line.followed.append(target.name)
        line.links.append((target.name, target.url, row))
        if row.role == AssignmentRole.IN_CHARGE:
            line.remark = str(AssignmentRole.IN_CHARGE.label)
    for post in CadrePost.objects.current(on).filter(cadre__in=list(found)).order_by("since"):
        line = found[post.cadre_id]
        line.title = "; ".join(filter(None, [line.title, post.title]))
        line.workplace = post.workplace
    return list(found.values())
