"""One adding-up for every level and measure; `docs/measures.md` says what each figure means."""

from reports.rollup.asked import DONE, OVERDUE, STILL_OPEN, WITHDRAWN, Asked, open_today, raised
from reports.rollup.cover import Cover, closed_places, cover, ended_posts, without_entry
from reports.rollup.frame import Frame
from reports.rollup.owing import Owed, owed
from reports.rollup.table import MEETING, Rollup, Row
from reports.rollup.tallied import Amounts, monthly, tallied

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
    "closed_places",
    "cover",
    "ended_posts",
    "monthly",
    "open_today",
    "owed",
    "raised",
    "tallied",
    "without_entry",
]
