"""Everything a dashboard shows of a place, a period and a map; each figure is asked for once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from assignments.topics import Attendance, VisitKind
from portal.models import PlaceSpan
from reports.rollup.asked import Asked, Requests, open_today, raised
from reports.rollup.cover import Cover, Covers, closed_places, cover, ended_posts
from reports.rollup.frame import Frame
from reports.rollup.kept import Kept
from reports.rollup.owing import Owed, owed
from reports.rollup.tallied import Added, Amounts, monthly, tallied

# The meeting that a first norm of duties asks for.
MEETING = VisitKind.CELL_MEETING


@dataclass(frozen=True)
class Row:
    """One unit, or the whole; `span` is none for what was done in the place itself and in none of its units."""

    span: PlaceSpan | None
    amounts: Amounts
    owed: int
    asked: Asked
    open: Asked
    cover: Cover

    @property
    def visits(self) -> int:
        return self.amounts.all_visits

    @property
    def attended(self) -> int:
        return self.amounts.heads(MEETING, Attendance.ATTENDED)

    @property
    def excused(self) -> int:
        return self.amounts.heads(MEETING, Attendance.EXCUSED)

    @property
    def absent(self) -> int:
        return self.amounts.heads(MEETING, Attendance.ABSENT)

    @property
    def guests(self) -> int:
        return self.amounts.guests(MEETING)

    @property
    def is_empty(self) -> bool:
        return not (self.visits or self.owed or self.asked.all or self.open.all)


class Rollup:
    def __init__(self, frame: Frame, charted_since: date) -> None:
        self.frame = frame
        self.charted_since = min(charted_since, frame.since)
        self.kept = Kept(frame)
        if frame.restated and "seats" not in vars(frame):
            vars(frame)["seats"] = self.kept("seats", lambda: frame.seats)
            vars(frame)["alike"] = self.kept("alike", lambda: frame.alike)

    @cached_property
    def tallied(self) -> Added:
        return tallied(self.frame)

    @cached_property
    def owed(self) -> Owed:
        since = self.charted_since
        return self.kept("owed", lambda: owed(self.frame, MEETING, since), since)

    @cached_property
    def raised(self) -> Requests:
        return raised(self.frame)

    @cached_property
    def open_today(self) -> Requests:
        return open_today(self.frame)

    @cached_property
    def cover(self) -> Covers:
        return self.kept("cover", lambda: cover(self.frame))

    @cached_property
    def ended_posts(self) -> int:
        return self.kept("ended posts", lambda: ended_posts(self.frame))

    @cached_property
    def closed_places(self) -> int:
        return self.kept("closed places", lambda: closed_places(self.frame))

    @cached_property
    def attended_by_month(self) -> dict[date, int]:
        return monthly(self.frame, MEETING, Attendance.ATTENDED, self.charted_since)

    @cached_property
    def rows(self) -> Sequence[Row]:
        """One for each unit, and one for the place itself where something was done there and in no unit."""
        rows = [self._row(span, span.place_id) for span in self.frame.units]
        own = self._row(None, self.frame.place.pk)
        return [*rows, own] if self.frame.units and not own.is_empty else rows

    def _row(self, span: PlaceSpan | None, key: int) -> Row:
        return Row(
            span=span,
            amounts=self.tallied.each.get(key, Amounts()),
            owed=self.owed.each[key],
            asked=self.raised.each.get(key, Asked()),
            open=self.open_today.each.get(key, Asked()),
            cover=self.cover.each.get(key, Cover()),
        )

    @cached_property
    def total(self) -> Row:
        """Asked of the place itself: where a unit was split and counts for several, it is less than the rows' sum."""
        return Row(
            span=self.frame.span,
            amounts=self.tallied.whole,
            owed=self.owed.whole,
            asked=self.raised.whole,
            open=self.open_today.whole,
            cover=self.cover.whole,
        )

    @property
    def is_parted(self) -> bool:
        """Whether something counts for several units, so that the rows add up to more than the whole."""
        return self.tallied.is_parted or self.raised.is_parted or self.open_today.is_parted
