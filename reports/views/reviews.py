"""The reviews of a round as a list: by state, grade, kind and commune; the same list as a workbook."""

from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.access import needs
from portal.exports.tables import Head
from portal.models import PartyOrgSpan
from portal.orgs import OrgNames
from portal.permissions import Permission
from portal.places import within_any
from portal.vietnamese import fold
from portal.views.downloads import list_response
from portal.views.listing import listed
from reports.forms.review_filters import ReviewFilters
from reports.grades import Grade, LeftOut
from reports.models import Evaluation, Review, ReviewState, Round
from reports.review_lists import counts_by_state
from reports.review_steps import WITH_SELF
from reports.reviews import judged_orgs, reviews_of, with_hand_in
from reports.standing import FAMILIES

SORTS = {"name": ("sort_key",), "state": ("state", "sort_key")}


def narrowed(round: Round, rows: QuerySet[Review], filters: ReviewFilters) -> QuerySet[Review]:
    """All filters but the state, whose counts stand on the chips."""
    if not filters.is_valid():
        return rows
    asked, on = filters.cleaned_data, round.period.end
    spans = PartyOrgSpan.objects.current(on)
    if asked["q"]:
        for word in fold(asked["q"]).split():
            spans = spans.filter(name_key__contains=word)
    if asked["family"]:
        spans = spans.filter(kind__in=FAMILIES[asked["family"]])
    if asked["commune"]:
        spans = spans.filter(place__in=within_any([asked["commune"]], on))
    rows = rows.filter(org__in=spans.values("org"))
    if asked["self_grade"]:
        rows = rows.filter(self_grade=asked["self_grade"], is_handed_in=True)
    return rows.filter(proposed_grade=asked["proposed"]) if asked["proposed"] else rows


def of_state(state: str) -> Q:
    if state == "self":
        return Q(state__in=WITH_SELF)
    return Q(state=state) if state in ReviewState.values else Q()


@needs(Permission.GRADE_VIEW)
def reviews(request: HttpRequest, pk: int) -> HttpResponseBase:
    rounds = Round.objects.filter(place__in=request.reach.place_ids(Permission.GRADE_VIEW))
    found = get_object_or_404(rounds.select_related("scheme"), pk=pk)
    rows = with_hand_in(reviews_of(found))
    if request.GET.get("judged") == "on":
        judged = judged_orgs(request.reach, Permission.APPRAISE, found.period)
        rows = rows.filter(org__in=list(judged.values_list("org", flat=True)))
    filters, state = ReviewFilters(request.GET), request.GET.get("state", "")
    narrow = narrowed(found, rows, filters)
    key = PartyOrgSpan.objects.current(found.period.end).filter(org=OuterRef("org"))
    rows = narrow.filter(of_state(state)).annotate(sort_key=Subquery(key.values("sort_key")[:1]))
    if request.GET.get("format") == "xlsx":
        return _workbook(request, found, table_rows(found, list(rows.order_by("sort_key", "pk"))))
    page = listed(request, rows, sorts=SORTS, default="name")
    context = {
        "round": found,
        "page": page,
        "rows": table_rows(found, list(page)),
        "filters": filters,
        "states": _chips(narrow, state),
    }
    return TemplateResponse(request, "reports/reviews.html", context)


def _chips(rows: QuerySet[Review], state: str) -> list[tuple[str, str, int]]:
    counts = counts_by_state(rows)
    chips = [
        ("", pgettext("filter", "All"), counts["all"]),
        ("self", pgettext("eval", "Self-assessments to come"), sum(counts[one] for one in WITH_SELF)),
    ]
    return chips + [
        (one.value, str(one.label), counts[one]) for one in ReviewState if counts[one] or one == state
    ]


def table_rows(round: Round, reviews: list[Review]) -> list[dict[str, Any]]:
    on = round.period.end
    orgs = [row.org_id for row in reviews]
    spans = {row.org_id: row for row in PartyOrgSpan.objects.current(on).filter(org__in=orgs)}
    names = OrgNames([row.parent_id for row in spans.values()])
    decided = {row.org_id: row for row in Evaluation.objects.of(round.period).filter(org__in=orgs)}
    return [
        {
            "review": row,
            "name": spans[row.org_id].name,
            "superior": names.on(spans[row.org_id].parent_id, on),
            "decided": decided.get(row.org_id),
        }
        for row in reviews
    ]


def _workbook(request: HttpRequest, found: Round, rows: list[dict[str, Any]]) -> HttpResponseBase:
    """Steps and grades only: no text, no condition, no opinion."""
    columns = [
        Head(pgettext("head", "No."), 6),
        Head(_("Name"), 44),
        Head(_("Superior organisation"), 44),
        Head(pgettext("head", "State"), 34),
        Head(_("Self-assessed grade"), 30),
        Head(_("Proposed grade"), 30),
        Head(pgettext("grade", "Grade"), 30),
    ]
    lines = (
        [
            number,
            row["name"],
            row["superior"],
            row["review"].get_state_display(),
            row["review"].get_self_grade_display() if row["review"].is_handed_in else "",
            row["review"].get_proposed_grade_display(),
            _outcome(row["decided"]),
        ]
        for number, row in enumerate(rows, 1)
    )
    return list_response(
        request, what="reviews", title=_("Reviews of the round"), file_name=f"danh-gia-{found.period.code}-buoc.xlsx",
        columns=columns, rows=lines, lines=[found.period.title], place_id=found.place_id,
    )  # fmt: skip


def _outcome(decided: Evaluation | None) -> str:
    if decided is None:
        return ""
    return str(Grade(decided.grade).label if decided.grade else LeftOut(decided.left_out).label)
