"""The numbers of a round's steps: how grades are spread at each, who is slow, what is to be looked at twice."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q
from django.utils import timezone

from portal.dates import ONE_DAY
from portal.models import Grant, User
from portal.places import Names
from portal.roles import Role
from reports.graded_periods import GradedPeriod
from reports.grades import Counts, counted, share
from reports.models import Evaluation, ReviewState, ReviewStep, Round, RoundState
from reports.review_steps import DONE, WITH_SELF
from reports.reviews import reviews_of, with_hand_in
from reports.standing import FAMILIES, Line

S = ReviewState
MOST_SLOW = 10
MOST_LATE = 30
# The states of those who still have a step before them.
BEFORE = {"self": WITH_SELF, "appraisal": WITH_SELF | {S.ASSESSED}, "decision": frozenset(S) - DONE}
# Fewer alike say nothing.
LEAST_ALIKE = 5


@dataclass(frozen=True)
class Step:
    """One of the five of a round: when it is due, how much of it is done; `is_here` where the round stands now.

    `waiting` have it still before them: who was decided by an import has neither done it nor waits. `happened_on` is
    told of the announcement alone.
    """

    name: str
    due: date | None
    done: int
    whole: int
    waiting: int
    is_here: bool
    happened_on: date | None = None

    @property
    def is_done(self) -> bool:
        return not self.waiting


@dataclass(frozen=True)
class Spread:
    """The grades at one step; `asked` is the name of the filter that lists them."""

    name: str
    counts: Counts
    asked: str

    @property
    def bar(self) -> list[tuple[str, int]]:
        counts = self.counts
        shown = [("done", counts.excellent), ("second", counts.good), ("third", counts.met)]
        return [*shown, ("overdue", counts.failed), ("rest", counts.left_out)]

    @property
    def whole(self) -> int:
        return self.counts.graded + self.counts.left_out


@dataclass(frozen=True)
class Slow:
    """A commune in which something is still to be done, with the people who keep its round."""

    place: int | None
    name: str
    done: int
    whole: int
    organisers: list[User]

    @property
    def percent(self) -> Decimal:
        return share(self.done, self.whole) or Decimal(0)


@dataclass(frozen=True)
class Waiting:
    """An organisation that has a step still before it."""

    line: Line
    state: str


@dataclass(frozen=True)
class Late:
    """One organisation that has the step still before it; `since` is the day from which it waits where it is."""

    review: int
    name: str
    state: str
    since: date | None
    is_overdue: bool
    people: list[User]

    @property
    def state_words(self) -> str:
        return str(S(self.state).label)


@dataclass(frozen=True)
class Softness:
    """How many gave themselves a better grade than was decided, under one committee, and whether all are alike.

    For the appraiser and the decider only.
    """

    superior: int | None
    assessed: int
    higher: int
    same: int
    lower: int
    alike: str
    same_points: bool


class RoundSteps:
    """All reviews of a round, read once with five columns each; the pages count them in different ways."""

    def __init__(self, round: Round, lines: Iterable[Line]) -> None:
        self.round = round
        self.lines = {line.org: line for line in lines}
        columns = ("pk", "org", "state", "self_grade", "proposed_grade", "self_points", "is_handed_in")
        rows = with_hand_in(reviews_of(round)).order_by("pk").values(*columns)
        self.rows = [row for row in rows if row["org"] in self.lines]
        # Left out with a reason: in no count of a step before the decision.
        self.walked = [row for row in self.rows if not self.lines[row["org"]].left_out]

    def __bool__(self) -> bool:
        return bool(self.rows)

    @property
    def without_review(self) -> int:
        """How many of the round's organisations have no review of its period yet."""
        return len(self.lines.keys() - {row["org"] for row in self.rows})

    @property
    def states(self) -> Counter[str]:
        return Counter(row["state"] for row in self.rows)

    def untold(self, orgs: set[int]) -> int:
        """How many of these organisations have a result that waits to be announced."""
        return sum(row["state"] == S.DECIDED and row["org"] in orgs for row in self.rows)

    def steps(self) -> list[Step]:
        """A step is over when nobody is left before it; who came past it by an import has not done it."""
        round, walked, whole = self.round, self.walked, len(self.walked)
        told, everyone = self.states[S.ANNOUNCED], len(self.rows)
        locked = everyone if round.state == RoundState.LOCKED else 0
        rows: list[tuple[str, date | None, int, int, int]] = [
            ("self", round.self_due, sum(row["is_handed_in"] for row in walked), whole, self._left("self")),
            (
                "appraisal", round.appraise_due, sum(bool(row["proposed_grade"]) for row in walked), whole,
                self._left("appraisal"),
            ),
            (
                "decision", round.decide_due, whole - self._left("decision"), whole, self._left("decision"),
            ),
            ("announcement", round.announce_on, told, everyone, everyone - told),
            ("lock", None, locked, everyone, everyone - locked),
        ]  # fmt: skip
        here = next((name for name, *_numbers, left in rows if left), "")
        happened = round.announced_on if told else None
        return [
            Step(name, due, done, of, left, name == here, happened if name == "announcement" else None)
            for name, due, done, of, left in rows
        ]

    @property
    def left_out(self) -> int:
        return len(self.rows) - len(self.walked)

    def _left(self, step: str) -> int:
        return sum(row["state"] in BEFORE[step] for row in self.walked)

    def spreads(self, family: str) -> list[Spread]:
        """Self-assessed, proposed, decided, and decided the period before; of the organisations of one family."""
        kinds = FAMILIES.get(family, [])
        rows = [row for row in self.rows if self.lines[row["org"]].kind in kinds]
        orgs = [row["org"] for row in rows]
        before = _decided(self.round, self.round.period.before, set(orgs))
        own = [row["self_grade"] for row in rows if row["is_handed_in"] and row["self_grade"]]
        proposed = [row["proposed_grade"] for row in rows if row["proposed_grade"]]
        decided = [outcome for org in orgs if (outcome := self.lines[org].outcome)]
        return [
            Spread("self", counted(own), "self"),
            Spread("proposed", counted(proposed), "proposed"),
            Spread("decided", counted(decided), "decided"),
            Spread("before", counted(before), ""),
        ]

    def among(self, orgs: Collection[int]) -> "RoundSteps":
        """The same of these organisations alone."""
        found = copy(self)
        found.rows = [row for row in self.rows if row["org"] in orgs]
        found.walked = [row for row in self.walked if row["org"] in orgs]
        return found

    def waiting(self, step: str) -> list[Waiting]:
        """In the order of the round's list."""
        states = {row["org"]: row["state"] for row in self.walked if row["state"] in BEFORE[step]}
        return [Waiting(line, states[org]) for org, line in self.lines.items() if org in states]

    def slow(self, step: str, today: date, most: int | None = MOST_SLOW) -> list[Slow]:
        """By commune, the slowest first: how many have this step behind them; with `most` None all of them."""
        tally: dict[int | None, list[int]] = defaultdict(lambda: [0, 0])
        for row in self.walked:
            count = tally[self.lines[row["org"]].commune]
            count[0] += row["state"] not in BEFORE[step]
            count[1] += 1
        left = {key: count for key, count in tally.items() if count[0] < count[1]}
        names, people = Names(left), organisers([key for key in left if key], today)
        end = self.round.period.end
        found = [
            Slow(key, names.on(key, end), done, whole, people.get(key or 0, []))
            for key, (done, whole) in left.items()
        ]
        return sorted(found, key=lambda one: (one.percent, -one.whole, one.name))[:most]

    def late(self, step: str, due: date | None, today: date, called: set[int]) -> list[Late]:
        """By name, of a round within one commune only; of a larger one the communes are listed.

        Whom to telephone is told of the organisations in `called` alone.
        """
        if len({line.commune for line in self.lines.values()}) != 1:
            return []
        by_org = {row["org"]: row for row in self.walked if row["state"] in BEFORE[step]}
        rows = [by_org[org] for org in self.lines if org in by_org][:MOST_LATE]
        people = _secretaries([row["org"] for row in rows if row["org"] in called], today)
        moved = _moved([row["pk"] for row in rows])
        is_overdue = bool(due and due < today)
        begun = due + ONE_DAY if due and is_overdue else None
        return [
            Late(
                review=row["pk"],
                name=self.lines[row["org"]].name,
                state=row["state"],
                since=moved.get(row["pk"]) or begun,
                is_overdue=is_overdue,
                people=people.get(row["org"], []),
            )
            for row in rows
        ]

    def softness(self, orgs: set[int]) -> list[Softness]:
        """Own grades against decided (or else proposed) ones for each committee among `orgs`; what is uniform."""
        groups: dict[int | None, list[Mapping]] = defaultdict(list)
        for row in self.rows:
            if row["org"] in orgs and row["is_handed_in"] and row["self_grade"]:
                line = self.lines[row["org"]]
                groups[line.superior].append({**row, "given": line.grade or row["proposed_grade"]})
        return [_soft(superior, group) for superior, group in groups.items()]


def _decided(round: Round, period: GradedPeriod, orgs: set[int]) -> list[str]:
    """Of another period, for these organisations of the round; thousands of keys are not sent to the database."""
    rows = Evaluation.objects.of(period).filter(org__in=reviews_of(round).values("org"))
    return [grade or "left_out" for org, grade in rows.values_list("org", "grade") if org in orgs]


def organisers(place_ids: Iterable[int], today: date) -> dict[int, list[User]]:
    """Who keeps the evaluation in each of these places, with their telephone."""
    found: dict[int, list[User]] = defaultdict(list)
    rows = Grant.objects.current(today).filter(role=Role.ORGANISER, place__in=place_ids, user__is_active=True)
    for grant in rows.select_related("user").order_by("pk"):
        found[grant.place_id or 0].append(grant.user)
    return found


def _secretaries(org_ids: Iterable[int], today: date) -> dict[int, list[User]]:
    found: dict[int, list[User]] = defaultdict(list)
    rows = Grant.objects.current(today).filter(
        role=Role.CELL_SECRETARY, org__in=org_ids, user__is_active=True
    )
    for grant in rows.select_related("user").order_by("pk"):
        found[grant.org_id or 0].append(grant.user)
    return found


def _moved(review_ids: Iterable[int]) -> dict[int, date]:
    """The day of the last step that brought each of these reviews to where it waits."""
    kinds = (ReviewStep.Kind.HANDED_IN, ReviewStep.Kind.RETURNED, ReviewStep.Kind.APPRAISED)
    rows = ReviewStep.objects.filter(review__in=review_ids, kind__in=kinds).order_by("at", "pk")
    return {review: timezone.localdate(at) for review, at in rows.values_list("review", "at")}


RANK = {"excellent": 3, "good": 2, "met": 1, "failed": 0}


def _soft(superior: int | None, group: list[Mapping]) -> Softness:
    pairs = [(RANK[row["self_grade"]], RANK[row["given"]]) for row in group if row["given"]]
    grades = {row["self_grade"] for row in group}
    points = {row["self_points"] for row in group}
    is_many = len(group) >= LEAST_ALIKE
    return Softness(
        superior=superior,
        assessed=len(group),
        higher=sum(own > given for own, given in pairs),
        same=sum(own == given for own, given in pairs),
        lower=sum(own < given for own, given in pairs),
        alike=next(iter(grades)) if is_many and len(grades) == 1 else "",
        same_points=is_many and len(points) == 1 and None not in points,
    )


def counts_by_state(reviews: object) -> dict[str, int]:
    """For the chips of a list: one question."""
    return reviews.aggregate(  # type: ignore[attr-defined]
        all=Count("pk"), **{state.value: Count("pk", filter=Q(state=state)) for state in S}
    )
