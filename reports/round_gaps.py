"""What keeps a round from being locked and its results from being issued: no result yet, or one not announced.

And what keeps it from being deleted: anything that somebody entered in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.orgs import OrgNames
from portal.places import within_any
from reports.grades import LeftOut
from reports.models import (
    Evaluation,
    Review,
    ReviewState,
    ReviewStep,
    Round,
    RoundState,
    RuleApplied,
    SetCeiling,
)
from reports.reviews import reviews_of
from reports.standing import Line, graded_spans, spans_of_round, table_of

MOST_NAMED = 10


@dataclass(frozen=True)
class Gap:
    """An organisation, and the committee above that decides on it; empty where none is kept."""

    org: int
    name: str
    superior: str


@dataclass(frozen=True)
class Gaps:
    """How many, and the first of them by name."""

    waiting: int
    without_result: Sequence[Gap]
    untold: int
    not_announced: Sequence[Gap]

    def __bool__(self) -> bool:
        return bool(self.waiting or self.untold)

    @property
    def groups(self) -> list[tuple[str, Sequence[Gap], int]]:
        """A sentence, whom it is about, and how many more there are."""
        found = []
        if self.waiting:
            text = _("%(n)s organisations have neither a grade nor a reason. Enter those first.")
            found.append((text % {"n": self.waiting}, self.without_result, self.waiting))
        if self.untold:
            text = _("%(n)s results have not been announced. Announce them first.")
            found.append((text % {"n": self.untold}, self.not_announced, self.untold))
        return [(text, gaps, number - len(gaps)) for text, gaps, number in found]

    @property
    def problems(self) -> list[str]:
        return [f"{text} {_named(gaps, more)}" for text, gaps, more in self.groups]


def _named(gaps: Sequence[Gap], more: int) -> str:
    told = [
        pgettext("eval", "%(name)s (decided by %(superior)s)") % vars(gap) if gap.superior else gap.name
        for gap in gaps
    ]
    if more > 0:
        told.append(pgettext("eval", "and %(n)s more") % {"n": more})
    return pgettext("eval", "Which: %(names)s.") % {"names": "; ".join(told)}


def decided_above(lines: Sequence[Line]) -> set[int]:
    """Those of a table on whom none of its own organisations decides, as the committee of the place itself."""
    here = {line.org for line in lines}
    return {line.org for line in lines if line.superior not in here}


def gaps_of(round: Round, table: dict[str, Any] | None = None, *, of_notice: bool = False) -> Gaps:
    """A locked round has none. `table` is that of the round where it is known already.

    A notice (`of_notice`) need not wait for a result on which a committee above has still to decide.
    """
    if round.state == RoundState.LOCKED:
        return Gaps(0, [], 0, [])
    lines = [Line(**line) for line in (table or table_of(round))["lines"]]
    open_ones = reviews_of(round).exclude(state=ReviewState.ANNOUNCED)
    not_told = set(open_ones.values_list("org", flat=True))
    left_to_others = decided_above(lines) if of_notice else set()
    waiting = [line for line in lines if not line.outcome and line.org not in left_to_others]
    untold = [line for line in lines if line.outcome and line.org in not_told]
    first, second = waiting[:MOST_NAMED], untold[:MOST_NAMED]
    names = OrgNames(line.superior for line in [*first, *second])

    def told(rows: list[Line]) -> list[Gap]:
        return [Gap(row.org, row.name, names.on(row.superior, round.period.end)) for row in rows]

    return Gaps(len(waiting), told(first), len(untold), told(second))


# An empty round -----------------------------------------------------------------------------------------


def other_rounds(round: Round) -> QuerySet[Round]:
    return Round.objects.of(round.period).exclude(pk=round.pk)


def reviews_alone(round: Round) -> QuerySet[Review]:
    """The reviews made by a round of organisations that no other round of the period has."""
    places = within_any(other_rounds(round).values("place"), round.period.end)
    shared = graded_spans(round.period, places)
    return Review.objects.filter(round=round).exclude(org__in=shared.values("org"))


def left_out_by_opening(round: Round) -> QuerySet[Evaluation]:
    """What the opening itself entered: newly founded ones, without a document."""
    rows = Evaluation.objects.of(round.period).filter(left_out=LeftOut.NEW, decree=None)
    return rows.filter(entered_at__gte=round.opened_at, org__in=reviews_alone(round).values("org"))


def why_kept(round: Round) -> str:
    """Why a round is not deleted; empty where nobody has entered anything in it."""
    if round.state == RoundState.LOCKED:
        return _("The round is locked. Unlock it first.")
    if SetCeiling.objects.filter(round=round).exists() or round.papers.exists() or round.packs.exists():
        return _("A ceiling was set in this round, or a paper drawn up. It stays.")
    reviews = reviews_alone(round)
    steps = ReviewStep.objects.filter(review__in=reviews)
    is_begun = (
        reviews.exclude(state__in=[ReviewState.WAITING, ReviewState.DECIDED]).exists()
        or steps.exclude(kind=ReviewStep.Kind.DECIDED, decree=None, grade="").exists()
        or RuleApplied.objects.filter(review__in=reviews).exists()
        or _decided_since(round).exists()
    )
    return _("Something has been entered in this round. It stays.") if is_begun else ""


def _decided_since(round: Round) -> QuerySet[Evaluation]:
    places = within_any(other_rounds(round).values("place"), round.period.end)
    here = spans_of_round(round.place_id, round.period).order_by().values("org")
    rows = Evaluation.objects.of(round.period).filter(org__in=here, entered_at__gte=round.opened_at)
    rows = rows.exclude(org__in=graded_spans(round.period, places).values("org"))
    return rows.exclude(pk__in=left_out_by_opening(round).values("pk"))
