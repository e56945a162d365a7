"""Recommendations: the list that every number opens, and one recommendation with the one obvious thing to do."""

from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import pgettext

from assignments.actions.petitions import read_news
from assignments.deadlines import days_off, working_days_left
from assignments.exports.petition_list import petition_workbook
from assignments.forms.petitions import STATES, PetitionFilters, state_rows
from assignments.models import Petition
from assignments.models.petition import ENDED
from assignments.views.narrowing import asked_place, below, place_choices
from assignments.views.petition_choices import STEPS, is_answerer, open_steps, step_words
from assignments.views.petition_history import (
    clock,
    history,
    next_words,
    standing_answer,
    title_of,
    visible_text,
)
from portal.access import needs
from portal.actions.looks import download_list, look_at_household
from portal.exports.tables import Footer, workbook_response
from portal.levels import Level
from portal.lookup import AgencyNames, agency_heirs
from portal.orgs import OrgNames
from portal.permissions import Permission
from portal.places import Addresses, above_each, last_day_on_map, lay_in
from portal.views.listing import listed

ROWS_OF_A_PAGE = ["raised_by", "entered_by", "visit", "household", "leader", "committee"]
SORTS = {"day": ("day",), "due": ("due",), "topic": ("topic", "-day"), "state": ("state", "-day")}


@needs(Permission.PETITION_VIEW)
def petitions(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    filters, found = _filtered(request)
    state = request.GET.get("state", "")
    rows = request.reach.reading_texts(found.filter(state_rows(state, today)))
    page = listed(request, rows, sorts=SORTS, default="-day")
    context = {
        "page": page,
        "rows": table_rows(request, list(page)),
        "filters": filters,
        "states": _counts(found, state),
        "is_news": bool(request.GET.get("news")),
        "may_remind": request.reach.may(Permission.PETITION_DESK),
        "may_raise": request.reach.may(Permission.PETITION_RAISE),
    }
    return TemplateResponse(request, "assignments/petitions.html", context)


@needs(Permission.PETITION_VIEW)
def export(request: HttpRequest) -> HttpResponseBase:
    """The same list as a workbook: no household, no name of whoever raised it."""
    today = timezone.localdate()
    _filters, found = _filtered(request)
    rows = request.reach.reading_texts(found.filter(state_rows(request.GET.get("state", ""), today)))
    listed_rows = list(table_rows(request, list(rows.order_by("-day", "-pk"))))
    footer = Footer(pgettext("nav", "Recommendations"), str(request.user), timezone.now())
    response = workbook_response(
        "kien-nghi.xlsx",
        lambda file: petition_workbook(file, listed_rows, footer=footer, demo=settings.DEMO),
    )
    rows_told, place = len(listed_rows), asked_place(request)
    download_list(what="petitions", purpose="list", rows=rows_told, place_id=place, by=request.user)
    return response


def _filtered(request: HttpRequest) -> tuple[PetitionFilters, QuerySet[Petition]]:
    """Everything in reach that fits the filters, but for the state: its counts stand on the chips."""
    today, found = timezone.localdate(), request.reach.petitions()
    place = asked_place(request)
    used = set(found.exclude(agency=None).values_list("agency", flat=True).distinct())
    used |= set(agency_heirs(used, today).values())
    names = AgencyNames(used, today)
    filters = PetitionFilters(
        request.GET,
        places=place_choices(request, Permission.PETITION_VIEW, place, today),
        agencies=sorted(((key, names.on(key, today)) for key in used), key=lambda pair: pair[1]),
    )
    found = found.filter(filters.rows())
    if place is not None and request.GET.get("recorded"):
        # What lay in the place on the recommendation's own day, as roll-ups "as recorded" count it.
        found = found.filter(lay_in([place]))
    elif place is not None:
        on = filters.cleaned_data.get("on") if filters.is_valid() else None
        # A unit that has ended is meant as on its last day.
        found = found.filter(place__in=below(place, last_day_on_map(place, on or today)))
    if request.GET.get("overdue"):
        found = found.overdue(today)
    if request.GET.get("news"):
        found = found.filter(news_for=request.user)
    return filters, found


def _counts(found: QuerySet[Petition], current: str) -> list[tuple[str, str, int]]:
    today = timezone.localdate()
    counts = found.aggregate(
        all=Count("pk"), **{name: Count("pk", filter=state_rows(name, today)) for name in STATES}
    )
    chips = [("", pgettext("filter", "All"), counts["all"])]
    return chips + [
        (name, str(label), counts[name]) for name, label in STATES.items() if counts[name] or name == current
    ]


def table_rows(request: HttpRequest, petitions: list[Petition]) -> list[dict[str, Any]]:
    """What one line of the list shows; the names are looked up for the whole page at once."""
    today, off = timezone.localdate(), days_off()
    coarse = above_each([row.place_id for row in petitions if not row.is_readable], today, Level.HAMLET)
    where = {row.pk: coarse.get(row.place_id, row.place_id) for row in petitions}
    addresses = Addresses(where.values(), today)
    bodies = AgencyNames([row.agency_id for row in petitions], today)
    leading = {row.leader_id for row in petitions if row.leader_id}
    leaders = Petition.objects.in_bulk(leading) if leading else {}
    return [
        {
            "petition": row,
            "text": visible_text(row),
            "title": title_of(row),
            "leader": leaders.get(row.leader_id or 0),
            "place": addresses.of(where[row.pk]),
            "place_id": where[row.pk],
            "body": bodies.on(row.agency_id, row.due or today),
            "days": working_days_left(row.due, today, off) if row.is_open and row.due else None,
            "expected_days": row.expected_days(today, leaders.get(row.leader_id or 0)),
            "is_late": bool(row.is_open and row.due and row.due < today),
        }
        for row in petitions
    ]


@needs(Permission.PETITION_VIEW)
def petition(request: HttpRequest, uuid: str) -> HttpResponse:
    rows = request.reach.reading_texts(request.reach.petitions())
    found = get_object_or_404(rows.select_related(*ROWS_OF_A_PAGE), uuid=uuid)
    steps = open_steps(request, found)
    told = history(found, may_read=found.is_readable, is_agency=is_answerer(request, found))
    context = {
        **table_rows(request, [found])[0],
        "steps": steps,
        "main_step": steps[0] if steps else "",
        "step_words": step_words(steps),
        "other_steps": [(name, STEPS[name].verb) for name in steps[1:]],
        "answer": standing_answer(found, told),
        "leader": found.leader,
        "leader_open": found.leader and request.reach.petitions().filter(pk=found.leader_id).exists(),
        "member_number": found.members.count(),
        "members": table_rows(request, list(_members(request, found))),
        "committee": OrgNames([found.committee_id]).on(found.committee_id, timezone.localdate()),
        "clock": clock(found),
        "next_words": next_words(found),
        "history": told,
        "household": _household(request, found),
        "visit": _visit(request, found),
    }
    if found.news_for_id == request.user.pk:
        read_news(found, request.user)
    return TemplateResponse(request, "assignments/petition.html", context)


def _household(request: HttpRequest, petition: Petition) -> Any:
    """The household that asked, for those who may know it, until the work ends; the look is written to the log."""
    if petition.household_id is None or (petition.leader or petition).state in ENDED:
        return None
    household = request.reach.households().filter(Q(pk=petition.household_id)).first()
    if household is not None:
        look_at_household(household=household, by=request.user)
    return household


def _members(request: HttpRequest, petition: Petition) -> QuerySet[Petition]:
    rows = request.reach.reading_texts(request.reach.petitions())
    return rows.filter(leader=petition).order_by("day", "pk")


def _visit(request: HttpRequest, petition: Petition) -> Any:
    if petition.visit_id is None:
        return None
    return request.reach.visits().filter(pk=petition.visit_id).first()
