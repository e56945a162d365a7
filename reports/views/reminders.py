"""Cadres of whom nothing is recorded in a period: whom to telephone, and who has been reminded already."""

from typing import IO

from django.conf import settings
from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from assignments.actions.notices import remind_cadre
from assignments.models import Cadre, CadrePost, Reminder
from portal.access import needs
from portal.exports.tables import Footer, Head, write_table
from portal.permissions import Permission
from portal.views.downloads import offer_names
from portal.views.listing import listed
from reports.rollup import Frame
from reports.rollup import without_entry as silent_cadres
from reports.views.dashboard import filters_of, frame_of, place_of
from reports.views.doors import doors


@needs(Permission.ROSTER_VIEW)
def without_entry(request: HttpRequest, pk: int) -> HttpResponseBase:
    """By name, within the roster in reach: whom to ask, not who is last."""
    place = place_of(request, pk)
    filters = filters_of(request, place)
    frame = frame_of(request, place, filters)
    way = doors(request.reach, frame, filters.chosen)
    if not way.silent():
        raise Http404
    rows = _silent(request, frame)
    if request.GET.get("format") == "xlsx":
        return _without_entry_workbook(request, rows, frame, filters.chosen.name)
    page = listed(request, rows, sorts={"name": ("sort_key",)}, default="name")
    context = {
        "page": page,
        "frame": frame,
        "period": filters.chosen,
        "may_remind": request.reach.may(Permission.REMIND),
        "trail": [(f"{frame.name}, {filters.chosen.name}", way.dashboard(pk))],
    }
    return TemplateResponse(request, "reports/without_entry.html", context)


def _without_entry_workbook(
    request: HttpRequest, rows: QuerySet[Cadre], frame: Frame, period: str
) -> HttpResponseBase:
    title = pgettext("dashboard", "Cadres with nothing recorded in the period")
    columns = [
        Head(pgettext("head", "No."), 6),
        Head(pgettext("head", "Full name"), 28),
        Head(pgettext("position", "Post"), 50),
        Head(pgettext("head", "Phone"), 14),
    ]

    def write(file: IO[bytes], footer: Footer) -> int:
        lines = (
            [number, cadre.full_name, "; ".join(map(str, cadre.current_posts)), cadre.phone]
            for number, cadre in enumerate(rows.order_by("sort_key", "pk"), 1)
        )
        told = {"columns": columns, "rows": lines, "lines": [frame.name, period], "demo": settings.DEMO}
        return write_table(file, title=title, footer=footer, **told)

    asked = request.GET.copy()
    asked.pop("format", None)
    back = f"{reverse('reports:without_entry', args=[frame.place.pk])}?{asked.urlencode()}"
    return offer_names(
        request, what="without_entry", title=title, back=back, file_name="chua-ghi.xlsx", write=write,
        place_id=frame.place.pk,
    )  # fmt: skip


def _silent(request: HttpRequest, frame: Frame) -> QuerySet[Cadre]:
    """As far as the roster is in reach, with posts and the reminders about this very period, the newest first."""
    rows = silent_cadres(frame).filter(pk__in=request.reach.cadres().values("pk"))
    told = Reminder.objects.filter(since__lt=frame.until, until__gt=frame.since)
    told = told.select_related("by").order_by("-at", "-pk")
    posts = Prefetch("posts", CadrePost.objects.current(frame.on), to_attr="current_posts")
    return rows.prefetch_related(posts, Prefetch("reminders", told, to_attr="told"))


@require_POST
@needs(Permission.REMIND)
def remind(request: HttpRequest, pk: int, cadre_id: int) -> HttpResponse:
    """The address bears the filters of the list, so that the reminder is about its period."""
    place = place_of(request, pk)
    frame = frame_of(request, place, filters_of(request, place))
    cadre = get_object_or_404(request.reach.cadres(), pk=cadre_id)
    if silent_cadres(frame).filter(pk=cadre.pk).exists():
        remind_cadre(cadre=cadre, since=frame.since, until=frame.until, by=request.user)
        messages.success(request, _("The reminder of %(name)s is kept.") % {"name": cadre.full_name})
    else:
        messages.info(
            request, _("%(name)s does not stand on this list any more.") % {"name": cadre.full_name}
        )
    asked = request.GET.urlencode()
    return redirect(f"{reverse('reports:without_entry', args=[pk])}{'?' if asked else ''}{asked}")
