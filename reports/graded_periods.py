"""The year, or the quarter of a year, for which organisations are graded: its days, its name, the one before it.

A quarter is never part of a year's figures: whoever asks for grades says which of the two is meant.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import pgettext

from portal.dates import ONE_DAY, PeriodKind, Stretch, period, period_name

WHOLE_YEAR = 0
QUARTERS = (1, 2, 3, 4)


@dataclass(frozen=True)
class GradedPeriod:
    """`quarter` is 1 to 4, or 0 for the whole year."""

    year: int
    quarter: int = WHOLE_YEAR

    def __post_init__(self) -> None:
        if self.quarter not in (WHOLE_YEAR, *QUARTERS):
            raise ValueError(f"no quarter {self.quarter} in a year")

    @property
    def is_year(self) -> bool:
        return self.quarter == WHOLE_YEAR

    @property
    def begin(self) -> date:
        return self._stretch.since

    @property
    def end(self) -> date:
        """The last day, on which names, superiors and places are read."""
        return self._stretch.until - ONE_DAY

    @property
    def _stretch(self) -> Stretch:
        if self.is_year:
            return period(PeriodKind.YEAR, self.year)
        return period(PeriodKind.QUARTER, self.year, self.quarter)

    @property
    def before(self) -> "GradedPeriod":
        """The one before of the same kind: a quarter is never measured by a year."""
        if self.is_year:
            return GradedPeriod(self.year - 1)
        if self.quarter == QUARTERS[0]:
            return GradedPeriod(self.year - 1, QUARTERS[-1])
        return GradedPeriod(self.year, self.quarter - 1)

    @property
    def words(self) -> str:
        """`năm 2026`, `quý III/2026`."""
        if self.is_year:
            return pgettext("graded period", "%(year)s") % {"year": self.year}
        return period_name(PeriodKind.QUARTER, self.year, self.quarter)

    @property
    def title(self) -> str:
        """As a heading begins with it."""
        return self.words[:1].upper() + self.words[1:]

    @property
    def code(self) -> str:
        """`2026`, `2026-Q3`: for the names of files, as the periods of the roll-up are coded."""
        return str(self.year) if self.is_year else f"{self.year}-Q{self.quarter}"

    @property
    def counted_year(self) -> int:
        """The last year whose end had come by the last day: numbers of the end of a year are known from then on."""
        return self.year if self.end == date(self.year, 12, 31) else self.year - 1

    @property
    def facts(self) -> dict[str, int]:
        """As a line of the audit book tells it; of a year as ever."""
        return {"year": self.year} if self.is_year else {"year": self.year, "quarter": self.quarter}
