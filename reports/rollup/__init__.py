"""One adding-up for every level and measure; `docs/measures.md` says what each figure means."""

from reports.rollup.asked import Asked, open_today, raised
from reports.rollup.frame import Frame
from reports.rollup.owing import Owed, owed
from reports.rollup.tallied import Amounts, monthly, tallied

__all__ = ["Amounts", "Asked", "Frame", "Owed", "monthly", "open_today", "owed", "raised", "tallied"]
