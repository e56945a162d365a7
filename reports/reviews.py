"""Questions about reviews: which belong to a round, who may judge them, what is undecided below a committee."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, Case, Min, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from assignments.access import Reach
from portal.dates import first_of_month, next_month
from portal.levels import SuccessionKind
from portal.models import Decree, Grant, PartyOrg, PartyOrgSpan, PartyOrgSuccession, User
from portal.orgs import OrgNames, latest_counts
from portal.permissions import Permission
from portal.places import within_any
from portal.roles import Role
from reports.graded_periods import GradedPeriod
from reports.models import CriteriaSet, Evaluation, Review, ReviewState, ReviewStep, Round
from reports.review_steps import WITH_SELF
from reports.standing import GRADED_KINDS, family_of, graded_spans


def reviews_of(round: Round) -> QuerySet[Review]:
    """Those of the period whose organisations lie in the round's place: a smaller round of it shares them."""
    period = round.period
    spans = graded_spans(period, within_any([round.place_id], period.end))
    return Review.objects.of(period).filter(org__in=spans.values("org"))


def with_hand_in(rows: QuerySet[Review]) -> QuerySet[Review]:
    """With `is_handed_in`: whether its self-assessment lies with the superior now.

    The state alone does not say so: who is left out or decided by an import has moved on without handing in.
    """
    kinds = (ReviewStep.Kind.HANDED_IN, ReviewStep.Kind.RETURNED)
    steps = ReviewStep.objects.filter(review=OuterRef("pk"), kind__in=kinds).order_by("-at", "-pk")
    last = Coalesce(Subquery(steps.values("kind")[:1]), Value(""))
    return rows.alias(last_move=last).annotate(
        is_handed_in=Case(
            When(state__in=WITH_SELF, then=False),
            When(last_move=ReviewStep.Kind.HANDED_IN, then=True),
            default=False,
            output_field=BooleanField(),
        )
    )


def visible_reviews(reach: Reach) -> QuerySet[Review]:
    orgs = PartyOrg.objects.filter(
        Q(pk__in=reach.orgs(Permission.GRADE_VIEW)) | Q(pk__in=reach.orgs(Permission.SELF_ASSESS))
    )
    return Review.objects.filter(org__in=orgs.values("pk"))


def own_reviews(reach: Reach) -> QuerySet[Review]:
    """Those of the cells of which this person is the secretary."""
    orgs = [grant.org_id for grant in reach.grants if grant.role == Role.CELL_SECRETARY]
    return Review.objects.filter(org__in=orgs)


def writable_reviews(reach: Reach) -> QuerySet[Review]:
    return Review.objects.filter(org__in=reach.orgs(Permission.SELF_ASSESS))


# Handed in by nobody yet: read by who writes it.
DRAFTS = frozenset({ReviewState.WAITING, ReviewState.WRITING})


def readable(reach: Reach, rows: QuerySet[Review]) -> QuerySet[Review]:
    """Those whose texts and papers this person may read: what was handed in, and the drafts of the own pen."""
    written = Q(org__in=reach.orgs(Permission.SELF_ASSESS).values("pk"))
    return rows.filter(written | ~Q(state__in=DRAFTS), org__in=reach.orgs(Permission.GRADE_VIEW).values("pk"))


def judged_orgs(reach: Reach, permission: Permission, period: GradedPeriod) -> QuerySet:
    """Keys of the organisations whose superior sits in reach: a committee is judged above, never by its own office."""
    orgs = reach.orgs(permission).values("pk")
    spans = graded_spans(period).filter(Q(parent__in=orgs) | Q(parent=None, org__in=orgs))
    return spans.values("org")


def may_judge(reach: Reach, review: Review, permission: Permission) -> bool:
    if not reach.may(permission):
        return False
    return judged_orgs(reach, permission, review.round.period).filter(org=review.org_id).exists()


def is_own(user: User, review: Review, on: date) -> bool:
    """Its secretary, or whoever handed its self-assessment in: they do not appraise it."""
    secretary = Grant.objects.current(on).filter(user=user, role=Role.CELL_SECRETARY, org=review.org_id)
    handed_in = ReviewStep.objects.filter(review=review, kind=ReviewStep.Kind.HANDED_IN, by=user)
    return secretary.exists() or handed_in.exists()


def seat_of(org_id: int, period: GradedPeriod) -> int | None:
    """Where an organisation sits at the end of the period, or where its superior does."""
    row = PartyOrgSpan.objects.current(period.end).filter(org=org_id).first()
    if row is None or row.place_id or row.parent_id is None:
        return row.place_id if row else None
    return (
        PartyOrgSpan.objects.current(period.end)
        .filter(org=row.parent_id)
        .values_list("place", flat=True)
        .first()
    )


MEMBERS = ("members_excellent", "members_good", "members_met", "members_failed")


def members_problem(review: Review, given: Mapping[str, int | None]) -> str:
    """Why these counts by grade cannot be: more than the organisation has members. Accepted where no count is known."""
    total = sum(given.get(name) or 0 for name in MEMBERS)
    known = latest_counts([review.org_id], review.round.period.year).get(review.org_id)
    if known is None or total <= known.members:
        return ""
    return _(
        "The four counts make %(total)s, but the organisation has %(members)s members (figure of %(year)s). "
        "If that number has changed, ask the commune to bring it up to date."
    ) % {"total": total, "members": known.members, "year": str(known.year)}


def undecided_below(
    org_ids: Collection[int], period: GradedPeriod, decided_now: Collection[int]
) -> dict[int, int]:
    """For each of these how many graded organisations below have neither a grade nor a reason; zero is left out."""
    top = {org: org for org in org_ids}
    below: dict[int, int] = {}
    level, graded = dict(top), []
    while level:
        rows = PartyOrgSpan.objects.current(period.end).filter(parent__in=level)
        found = {
            org: (level[parent], kind) for org, parent, kind in rows.values_list("org", "parent", "kind")
        }
        graded += [org for org, (_top, kind) in found.items() if kind in GRADED_KINDS]
        # One that is on the list itself answers for what is below it.
        level = {org: first for org, (first, _kind) in found.items() if org not in below and org not in top}
        below.update({org: first for org, (first, _kind) in found.items()})
    decided = {
        *decided_now,
        *Evaluation.objects.of(period).filter(org__in=graded).values_list("org", flat=True),
    }
    counts: dict[int, int] = {}
    for org in dict.fromkeys(graded):
        if org not in decided:
            counts[below[org]] = counts.get(below[org], 0) + 1
    return counts


# Opening ---------------------------------------------------------------------------------------------


def founded_since(period: GradedPeriod, months: int) -> date | None:
    """An organisation founded on this day or later is not yet `months` old at the end of the period."""
    return next_month(first_of_month(period.end), 1 - months) if months else None


def founded(org_ids: Iterable[int]) -> dict[int, date]:
    rows = PartyOrgSpan.objects.filter(org__in=org_ids)
    return dict(rows.order_by().values_list("org").annotate(first=Min("since")))


def criteria_sets(round: Round, spans: Iterable[tuple[int, str, int | None]]) -> dict[int, int]:
    """The set for each organisation (key, kind, superior): of the nearest committee above, or the portal's own."""
    year = round.year
    rows = CriteriaSet.objects.filter(scheme=round.scheme_id, first_year__lte=year)
    rows = rows.filter(Q(last_year=None) | Q(last_year__gte=year)).order_by(
        "is_confirmed", "first_year", "pk"
    )
    sets = {(row.family, row.issued_by_id): row.pk for row in rows}
    if not sets:
        return {}
    parents = dict(PartyOrgSpan.objects.current(round.period.end).values_list("org", "parent"))
    found = {}
    for org, kind, superior in spans:
        family, above = family_of(kind), superior
        while above is not None and (family, above) not in sets:
            above = parents.get(above)
        if chosen := sets.get((family, above)):
            found[org] = chosen
    return found


@dataclass(frozen=True)
class Change:
    """An organisation of the round that was founded or ended in its period, and what follows for the grading.

    `other` names what it took over, or what it went into.
    """

    org: int
    name: str
    day: date
    what: str
    other: str
    decree: Decree | None
    is_graded: bool
    is_left_out: bool


def changes_in(round: Round) -> list[Change]:
    """Founded, merged and dissolved in the period, each with its document, in the order of the days."""
    end, begin = round.period.end, round.period.begin
    places = within_any([round.place_id], end)
    before = within_any([round.place_id], begin)
    spans = PartyOrgSpan.objects.filter(Q(place__in=places) | Q(place__in=before), kind__in=GRADED_KINDS)
    orgs = set(spans.filter(Q(until=None) | Q(until__gt=begin), since__lte=end).values_list("org", flat=True))
    rows = list(PartyOrgSpan.objects.filter(org__in=orgs).select_related("decree").order_by("since"))
    first = {row.org_id: row for row in reversed(rows)}
    last = {row.org_id: row for row in rows}
    names, sources = _taken_over(orgs, begin, end)
    followed = {
        row.old_id: row
        for row in PartyOrgSuccession.objects.filter(old__in=orgs, on__gte=begin, on__lte=end).select_related(
            "decree"
        )
    }
    heirs = OrgNames({row.new_id for row in followed.values()})
    left_out = set(
        Evaluation.objects.of(round.period)
        .filter(org__in=orgs)
        .exclude(left_out="")
        .values_list("org", flat=True)
    )
    found = []
    for org, row in first.items():
        if begin < row.since <= end:
            alive = last[org].until is None or last[org].until > end  # type: ignore[operator]
            olds = ", ".join(names.on(old, begin) for old in sources.get(org, []))
            found.append(
                Change(org, row.name, row.since, "founded", olds, row.decree, alive, org in left_out)
            )
    for org, row in last.items():
        if row.until and begin < row.until <= end:
            heir = followed.get(org)
            what = "merged" if heir and heir.kind != SuccessionKind.ABOLISHED else "ended"
            into = heirs.on(heir.new_id, end) if heir else ""
            decree = (heir.decree if heir else None) or row.decree
            found.append(Change(org, row.name, row.until, what, into, decree, False, False))
    return sorted(found, key=lambda change: (change.day, change.name))


def _taken_over(orgs: Collection[int], begin: date, end: date) -> tuple[OrgNames, dict[int, list[int]]]:
    """What those founded in these days took over, with the names it bore before."""
    sources: dict[int, list[int]] = {}
    rows = PartyOrgSuccession.objects.filter(new__in=orgs, on__gte=begin, on__lte=end).order_by("pk")
    for new, old in rows.values_list("new", "old"):
        sources.setdefault(new or 0, []).append(old)
    return OrgNames(old for olds in sources.values() for old in olds), sources


def announced_orgs(period: GradedPeriod) -> set[int]:
    rows = Review.objects.of(period).filter(state=ReviewState.ANNOUNCED)
    return set(rows.values_list("org", flat=True))
