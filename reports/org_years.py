"""The years of one organisation side by side, with those of the organisations that went into it.

Never of two organisations that could be ranked: what stands beside it is its own past.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from assignments.access import Reach
from assignments.cell_meetings import MEETING_KINDS
from assignments.meeting_records import MeetingRecord, meeting_records
from assignments.meeting_scores import Quality, quality
from assignments.models import GoodModel
from portal.dates import ONE_DAY, next_month
from portal.models import PartyOrg, PartyOrgCount, PartyOrgSpan
from portal.orgs import OrgNames, became, came_from
from portal.permissions import Permission
from portal.roles import roles_with
from reports.grades import LeftOut
from reports.models import Evaluation, Review, ReviewState
from reports.standing import GRADED_KINDS, end_of

YEARS = 5
MEETS = set(MEETING_KINDS)
# Reasons that may hold an affair of discipline are not handed on to the secretary of the organisation after it.
NOT_TOLD_ON = (LeftOut.UNDER_REVIEW, LeftOut.OTHER)


@dataclass(frozen=True)
class OrgYear:
    """What is known of a year; none is not known, or not to be told to this person yet.

    `due` are the months of `held` in which the organisation existed wholly and which are over, and those it met in.
    """

    year: int
    name: str
    evaluation: Evaluation | None = None
    is_corrected: bool = False
    points: Decimal | None = None
    meetings: MeetingRecord | None = None
    held: int = 0
    due: int = 0
    members: int | None = None
    recognised: int | None = None

    @property
    def quality(self) -> Quality | None:
        """The grade of the mean."""
        return quality(self.meetings.mean) if self.meetings else None


@dataclass(frozen=True)
class Life:
    """The years in which one organisation existed. Without reach its figures are not read at all."""

    org: int
    name: str
    now: list[str]
    is_seen: bool
    is_cell: bool
    years: list[OrgYear] = field(default_factory=list)

    @property
    def was_renamed(self) -> bool:
        return any(one.name != self.name for one in self.years)

    @property
    def has_points(self) -> bool:
        return any(one.points is not None for one in self.years)

    @property
    def held_meetings(self) -> bool:
        return any(one.meetings is not None for one in self.years)


def orgs_with_years(reach: Reach) -> QuerySet[PartyOrg]:
    """Whose years this person may see: those whose grades may be seen."""
    graded = PartyOrgSpan.objects.filter(kind__in=GRADED_KINDS).values("org")
    return reach.orgs(Permission.GRADE_VIEW).filter(pk__in=graded)


class OrgYears:
    """The organisation first, then those that went into it; the same number of queries for any number of years."""

    def __init__(self, reach: Reach, org_id: int, today: date) -> None:
        self.reach, self.today = reach, today
        self.last = today.year
        self.first = self.last - YEARS + 1
        self.keys = [org_id, *came_from(org_id, date(self.first, 1, 1) + ONE_DAY)]
        self.spans: dict[int, list[PartyOrgSpan]] = {key: [] for key in self.keys}
        for span in PartyOrgSpan.objects.filter(org__in=self.keys).order_by("since"):
            self.spans[span.org_id].append(span)
        reached = self._within(Permission.GRADE_VIEW, self.keys)
        self.inherited = self._inherited(org_id) - reached
        self.seen = reached | self.inherited
        self._read()
        heirs = became(self.keys)
        names = OrgNames(heir for found in heirs.values() for heir in found)
        self.heirs = {key: [(heir, names.on(heir, today)) for heir in found] for key, found in heirs.items()}
        self.lives = [self._life(key) for key in self.keys]

    def _within(self, permission: Permission, keys: Collection[int]) -> set[int]:
        if not self.reach.may(permission):
            return set()
        return set(self.reach.orgs(permission).filter(pk__in=keys).values_list("pk", flat=True))

    def _inherited(self, org_id: int) -> set[int]:
        """What ended by going into this organisation, for its own secretary: grades and counts, wherever it sat.

        Whoever sees the organisation by its place sees of its forebears what lies in reach.
        """
        roles = roles_with(Permission.GRADE_VIEW)
        if not any(grant.org_id == org_id and grant.role in roles for grant in self.reach.grants):
            return set()
        ended = {key for key in self.keys[1:] if self.spans[key] and self._end(key) <= self.today}
        return ended - {org_id}

    def _end(self, key: int) -> date:
        return self.spans[key][-1].until or date.max

    def _read(self) -> None:
        years = {"year__range": (self.first, self.last)}
        rows = Evaluation.objects.yearly().filter(org__in=self.seen, **years).select_related("decree")
        self.grades = {(row.org_id, row.year): row for row in rows.annotate(versions=Count("steps"))}
        reviews = Review.objects.yearly().filter(
            org__in=self.seen, round__year__range=(self.first, self.last)
        )
        self.reviews = {(row.org_id, row.round.year): row for row in reviews.select_related("round")}
        self.own = self._own()
        counts = PartyOrgCount.objects.filter(org__in=self.seen, **years)
        self.members = {(row.org_id, row.year): row.members for row in counts}
        kinds = {key: {span.kind for span in self.spans[key]} for key in self.seen}
        meeting = [key for key in kinds if kinds[key] & MEETS]
        self.cells = self._within(Permission.MEETING_VIEW, meeting)
        if self.reach.may(Permission.MEETING_VIEW):
            self.cells |= self.inherited.intersection(meeting)
        self.meetings = meeting_records(self.cells, self.first, self.last, self.today)
        self.models = self._models()

    def _own(self) -> set[int]:
        """Seen by its secretary alone: a result is told to the organisation itself once it is announced."""
        own = {grant.org_id for grant in self.reach.grants if grant.org_id} & self.seen
        if not own:
            return set()
        places = self.reach.place_ids(Permission.GRADE_VIEW)
        seated = PartyOrgSpan.objects.filter(place__in=places)
        rows = PartyOrgSpan.objects.filter(
            Q(place__in=places) | Q(place=None, parent__in=seated.values("org")), org__in=own
        )
        return (own - set(rows.values_list("org", flat=True))) | self.inherited

    def _models(self) -> dict[int, list[tuple[date, date | None]]]:
        found: dict[int, list[tuple[date, date | None]]] = {}
        self.sees_models = self.reach.may(Permission.WORK_VIEW)
        if self.sees_models:
            places = self.reach.place_ids(Permission.WORK_VIEW)
            rows = GoodModel.objects.filter(org__in=self.seen, place__in=places)
            for org, registered, recognised in rows.values_list("org", "registered", "recognised"):
                found.setdefault(org, []).append((registered, recognised))
        return found

    def _life(self, key: int) -> Life:
        spans = self.spans[key]
        since, until = spans[0].since, spans[-1].until
        ended = until - ONE_DAY if until else self.today
        now = [name for _heir, name in self.heirs.get(key, [])]
        is_cell = key in self.cells
        life = Life(key, self._name(key, ended), now, key in self.seen, is_cell)
        if not life.is_seen:
            return life
        years = range(max(self.first, since.year), min(self.last, ended.year) + 1)
        life.years.extend(self._year(key, year, since, until) for year in years)
        return life

    def _name(self, key: int, on: date) -> str:
        spans = self.spans[key]
        return next((span.name for span in reversed(spans) if span.since <= on), spans[0].name)

    def _year(self, key: int, year: int, since: date, until: date | None) -> OrgYear:
        evaluation, points = self._result(key, year)
        record = self.meetings.get((key, year))
        if record and not record.meetings:
            record = None
        return OrgYear(
            year=year,
            name=self._name(key, min(end_of(year), until - ONE_DAY if until else self.today)),
            evaluation=evaluation,
            is_corrected=evaluation is not None and evaluation.versions > 1,  # type: ignore[attr-defined]
            points=points,
            meetings=record,
            held=sum(month.meeting is not None for month in record.months) if record else 0,
            due=self._due(record, since, until) if record else 0,
            members=self.members.get((key, year)),
            recognised=self._recognised(key, year),
        )

    def _result(self, key: int, year: int) -> tuple[Evaluation | None, Decimal | None]:
        found, review = self.grades.get((key, year)), self.reviews.get((key, year))
        if found is None or (key in self.own and review and review.state != ReviewState.ANNOUNCED):
            return None, None
        if key in self.inherited and found.left_out in NOT_TOLD_ON:
            return None, None
        return found, review.proposed_points if review else None

    def _due(self, record: MeetingRecord, since: date, until: date | None) -> int:
        def is_due(month: date) -> bool:
            after = next_month(month)
            return since <= month and after <= (until or self.today) and after <= self.today

        return sum(one.meeting is not None or is_due(one.month) for one in record.months)

    def _recognised(self, key: int, year: int) -> int | None:
        """None where no model was registered by the end of the year."""
        known = [recognised for registered, recognised in self.models.get(key, []) if registered.year <= year]
        return sum(day is not None and day.year == year for day in known) if known else None
