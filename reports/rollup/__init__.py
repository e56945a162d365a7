"""One adding-up for every level and measure; `docs/measures.md` says what each figure means."""

from reports.rollup.asked import DONE, OVERDUE, STILL_OPEN, WITHDRAWN, Asked, open_today, raised
from reports.rollup.cover import Cover, closed_places, cover, ended_posts, without_entry
from reports.rollup.frame import Frame
from reports.rollup.owing import Owed, owed
from reports.rollup.table import MEETING, Rollup, Row
from reports.rollup.tallied import Amounts, monthly, tallied
from reports.rollup.told import Support, duties_ticked, support

__all__ = [
    "DONE",
    "MEETING",
    "OVERDUE",
    "STILL_OPEN",
    "WITHDRAWN",
    "Amounts",
    "Asked",
    "Cover",
    "Frame",
    "Owed",
    "Rollup",
    "Row",
    "Support",
    "closed_places",
    "cover",
    "duties_ticked",
    "ended_posts",
    "monthly",
    "open_today",
    "owed",
    "raised",
    "support",
    "tallied",
    "without_entry",
]
