"""The four grades and the arithmetic of the ceiling for EXCELLENT. No database, no dates of today."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Grade(TextChoices):
    """The same four names in every regulation since 2018."""

    EXCELLENT = "excellent", pgettext_lazy("grade", "EXCELLENT")
    GOOD = "good", pgettext_lazy("grade", "GOOD")
    MET = "met", pgettext_lazy("grade", "MET")
    FAILED = "failed", pgettext_lazy("grade", "FAILED")


class LeftOut(TextChoices):
    """Why an organisation is not graded; such organisations are in no base."""

    NEW = "new", pgettext_lazy("left out", "Newly founded")
    ENDED = "ended", pgettext_lazy("left out", "Merged or dissolved")
    UNDER_REVIEW = "under_review", pgettext_lazy("left out", "Under consideration")
    OTHER = "other", pgettext_lazy("left out", "Another reason")


class Base(TextChoices):
    """What the ceiling's percent is taken of; practice knows all four."""

    GOOD_ONLY = "good_only", pgettext_lazy("cap", "Graded GOOD")
    GOOD_OR_BETTER = "good_or_better", pgettext_lazy("cap", "Graded GOOD or better")
    ALL_GRADED = "all_graded", pgettext_lazy("cap", "All graded")
    ALL_EXISTING = "all_existing", pgettext_lazy("cap", "All existing")


class Rounding(TextChoices):
    FLOOR = "floor", pgettext_lazy("cap", "Down")
    HALF_UP = "half_up", pgettext_lazy("cap", "Half up")
    CEIL = "ceil", pgettext_lazy("cap", "Up")


class Grouping(TextChoices):
    SUPERIOR = "superior", pgettext_lazy("cap", "Each directly superior organisation")
    ALL = "all", pgettext_lazy("cap", "The whole round")


class Method(TextChoices):
    """How a regulation comes from criteria to a grade: by a hundred points (2025), or by the levels of criteria."""

    POINTS = "points", pgettext_lazy("grading method", "100 points")
    LEVELS = "levels", pgettext_lazy("grading method", "Levels of criteria")


class Effect(TextChoices):
    """What a disqualifying condition does; it is shown and counted, and a person decides."""

    HIGHEST = "highest", pgettext_lazy("disqualifying", "No better grade than")
    FORCED = "forced", pgettext_lazy("disqualifying", "This grade")
    POINTS_OFF = "points_off", pgettext_lazy("disqualifying", "Points off")


ORDER = [Grade.EXCELLENT, Grade.GOOD, Grade.MET, Grade.FAILED]

# The full words of every regulation since 132-QĐ/TW (2018), and the abbreviations offices use as column heads.
FULL_WORDS = {
    "Hoàn thành xuất sắc nhiệm vụ": Grade.EXCELLENT,
    "Hoàn thành tốt nhiệm vụ": Grade.GOOD,
    "Hoàn thành nhiệm vụ": Grade.MET,
    "Không hoàn thành nhiệm vụ": Grade.FAILED,
}
ABBREVIATIONS = {"HTXSNV": Grade.EXCELLENT, "HTTNV": Grade.GOOD, "HTNV": Grade.MET, "KHTNV": Grade.FAILED}


@dataclass(frozen=True)
class Counts:
    """How many organisations were given each grade, left out, or not graded yet."""

    excellent: int = 0
    good: int = 0
    met: int = 0
    failed: int = 0
    left_out: int = 0
    waiting: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))

    @property
    def graded(self) -> int:
        return self.excellent + self.good + self.met + self.failed

    @property
    def existing(self) -> int:
        """Left out of every base are those left out with a reason."""
        return self.graded + self.waiting

    @property
    def each(self) -> list[int]:
        return [self.excellent, self.good, self.met, self.failed]

    @property
    def shares(self) -> list[Decimal | None]:
        """Percent of the graded, to one decimal; none where nothing is graded."""
        return [share(count, self.graded) for count in self.each]

    def base(self, base: str) -> int:
        return {
            Base.GOOD_ONLY: self.good,
            Base.GOOD_OR_BETTER: self.good + self.excellent,
            Base.ALL_GRADED: self.graded,
            Base.ALL_EXISTING: self.existing,
        }[Base(base)]


def counted(outcomes: Iterable[str]) -> Counts:
    """From grades; `left_out` and the empty string (waiting) count too."""
    found: dict[str, int] = {}
    for outcome in outcomes:
        found[outcome or "waiting"] = found.get(outcome or "waiting", 0) + 1
    return Counts(**found)


def share(part: int, whole: int) -> Decimal | None:
    if not whole:
        return None
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


ROUND = {Rounding.FLOOR: ROUND_FLOOR, Rounding.HALF_UP: ROUND_HALF_UP, Rounding.CEIL: ROUND_CEILING}


@dataclass(frozen=True)
class Ceiling:
    """The arithmetic of one ceiling on one group, number by number.

    `exact` is percent x base before rounding. `reachable` is the most that could be EXCELLENT if those above the
    limit were graded GOOD instead; it differs from `limit` only for the base "graded GOOD", which grows by that.
    """

    base: Base
    base_count: int
    percent: Decimal
    exact: Decimal
    limit: int
    reachable: int
    excellent: int
    # What the office allows instead, by a document; `limit` stays what was reckoned.
    set_to: int | None = None

    @property
    def allowed(self) -> int:
        return self.limit if self.set_to is None else self.set_to

    @property
    def over(self) -> int:
        return max(0, self.excellent - self.allowed)


def ceiling(
    counts: Counts,
    *,
    base: str,
    percent: Decimal,
    rounding: str,
    min_one: bool = False,
    set_to: int | None = None,
) -> Ceiling:
    """Domain notes 3.4: the base differs in practice, so it is always an argument."""

    def rounded(of: int) -> int:
        limit = int((percent * of / 100).quantize(Decimal(1), rounding=ROUND[Rounding(rounding)]))
        return max(limit, 1) if min_one and of else limit

    count = counts.base(base)
    reachable = limit = rounded(count)
    if base == Base.GOOD_ONLY:
        both = counts.good + counts.excellent
        reachable = max((x for x in range(counts.excellent + 1) if x <= rounded(both - x)), default=0)
    return Ceiling(
        base=Base(base),
        base_count=count,
        percent=percent,
        exact=percent * count / 100,
        limit=limit,
        reachable=max(reachable, 0),
        excellent=counts.excellent,
        set_to=set_to,
    )
