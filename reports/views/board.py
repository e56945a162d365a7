"""What stands on a dashboard: the attention list, tiles, charts and tables, each number with the list behind it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from assignments.access import Reach
from assignments.topics import Attendance, Topic, VisitKind
from portal.dates import first_of_month, next_month
from portal.levels import Level
from portal.maps import changes_between
from portal.places import existed
from portal.templatetags.charts import Decree, LineChart
from portal.templatetags.plain import number, percent, share
from reports.closed_figures import show_closed
from reports.models import ClosedFigures
from reports.periods import Period, before
from reports.rollup import (
    DONE,
    MEETING,
    OVERDUE,
    STILL_OPEN,
    WITHDRAWN,
    Frame,
    Rollup,
    Row,
    without_entry,
)
from reports.rules import FEWEST_SHOWN, hidden_cells, rate_is_shown
from reports.views.doors import Doors, doors

CHARTED_MONTHS, MOST_MARKS, SPARK_POINTS = 24, 3, 6
ABSENCES = ("excused", "absent")
# The heads that sort the table.
MEASURES: dict[str, Callable[[Row], int]] = {
    "alone": lambda row: row.cover.alone,
    "visits": lambda row: row.visits,
    "attended": lambda row: row.attended,
    "open": lambda row: row.open.all,
    "overdue": lambda row: row.open.of_fate(OVERDUE),
}


@dataclass(frozen=True)
class Cell:
    """A number with the list it counts; `few` is shown as “fewer than 5”, without its list."""

    number: int
    url: str = ""
    few: bool = False


@dataclass(frozen=True)
class Attention:
    number: int
    what: str
    where: str
    url: str
    tone: str


@dataclass(frozen=True)
class Tile:
    label: str
    number: int
    base: str
    url: str
    spark: Sequence[int] = ()
    late: str = ""


@dataclass(frozen=True)
class Line:
    """One unit in the table; `url` opens its own dashboard."""

    name: str
    url: str
    units: int
    alone: Cell
    visits: Cell
    before: int
    kinds: list[Cell]
    attended: Cell
    owed: int
    rate: str
    excused: Cell
    absent: Cell
    raised: Cell
    open: Cell
    overdue: Cell


class Board:
    """Lazy: a page asks only for what it shows."""

    def __init__(
        self, frame: Frame, period: Period, reach: Reach, closed: ClosedFigures | None = None
    ) -> None:
        """`closed` figures stand in place of those that are counted now."""
        self.frame, self.period, self.reach, self.closed = frame, period, reach, closed
        self.rollup = Rollup(frame, self.charted_since)
        if closed is not None:
            show_closed(self.rollup, closed)
        self.doors: Doors = doors(reach, frame, period)

    @property
    def pk(self) -> int:
        return self.frame.place.pk

    @property
    def total(self) -> Row:
        return self.rollup.total

    @cached_property
    def charted_since(self) -> date:
        """Two years up to the period's last month, or since the place exists where nothing before counts for it."""
        last = first_of_month(min(self.frame.until, self.frame.today))
        if last >= self.frame.until:
            last = next_month(last, -1)
        first = next_month(last, 1 - CHARTED_MONTHS)
        life = None if self.frame.restated else existed(self.pk)
        return max(first, first_of_month(life[0])) if life else first

    @cached_property
    def before(self) -> Rollup:
        """The period before, on the same map."""
        earlier = before(self.period)
        frame = replace(self.frame, since=earlier.since, until=earlier.until)
        if self.frame.restated:
            # The map is the same, so its answers are too.
            vars(frame).update(units=self.frame.units, seats=self.frame.seats, alike=self.frame.alike)
        return Rollup(frame, earlier.since)

    # Attention --------------------------------------------------------------------------------------

    @cached_property
    def attention(self) -> list[Attention]:
        """By harm; only what somebody has to do, and only where this person may open the list."""
        overdue = self.rollup.open_today.whole.of_fate(OVERDUE)
        rows = [
            (overdue, pgettext("dashboard", "overdue recommendations"), self._spread(overdue, "overdue"),
             self.doors.open_today(self.pk, "overdue"), "late"),
            (self.total.cover.alone, pgettext("dashboard", "places without a cadre"), self._spread(1, "alone"),
             self.doors.coverage(self.pk, "uncovered"), "late"),
        ]  # fmt: skip
        if self.doors.roster_open:
            rows += [
                (self.rollup.ended_posts, pgettext("dashboard", "assignments still open after the post ended"),
                 pgettext("dashboard", "to be ended or handed over"), self.doors.coverage(self.pk, "ended"), "soon"),
                (self.rollup.closed_places, pgettext("dashboard", "assignments to units that have ended"),
                 pgettext("dashboard", "to be moved to the units that follow"),
                 self.doors.coverage(self.pk, "closed"), "soon"),
            ]  # fmt: skip
        if self.frame.place.level in {Level.COMMUNE, Level.HAMLET} and self.doors.silent():
            # For a province this would count all its visits; there the list is opened by a link without a number.
            rows.append(
                (without_entry(self.frame).count(), pgettext("dashboard", "cadres with nothing recorded in the period"),
                 pgettext("dashboard", "excused and absent ones count as recorded"), self.doors.silent(), "soon"),
            )  # fmt: skip
        return [Attention(*row) for row in rows if row[0] and row[3]]

    @property
    def silent_url(self) -> str:
        return "" if self.frame.place.level in {Level.COMMUNE, Level.HAMLET} else self.doors.silent()

    def _spread(self, whole: int, name: str) -> str:
        """In how many of the units."""
        rows = [row for row in self.rollup.rows if row.span]
        units = sum(
            1 for row in rows if (row.open.of_fate(OVERDUE) if name == "overdue" else row.cover.alone)
        )
        if not whole or not units:
            return ""
        return ngettext("in %(n)s unit", "in %(n)s units", units) % {"n": number(units)}

    # Tiles ------------------------------------------------------------------------------------------

    @cached_property
    def tiles(self) -> list[Tile]:
        row, sparks = self.total, [done for _month, done, _owed in self.months[-SPARK_POINTS:]]
        cover, late = row.cover, row.open.of_fate(OVERDUE)
        return [
            Tile(
                pgettext("status", "No one assigned"),
                cover.alone,
                pgettext("dashboard", "of %(whole)s places, %(percent)s")
                % {"whole": number(cover.expected), "percent": percent(cover.alone, cover.expected)},
                self.doors.coverage(self.pk, "uncovered"),
            ),
            Tile(
                pgettext("dashboard", "Cell meetings attended"),
                row.attended,
                pgettext("dashboard", "of %(whole)s due, %(percent)s")
                % {"whole": number(row.owed), "percent": percent(row.attended, row.owed)},
                self.doors.visits(self.pk, MEETING, Attendance.ATTENDED),
                sparks,
            ),
            Tile(
                pgettext("nav", "Visits"),
                row.visits,
                pgettext("dashboard", "%(period)s: %(n)s")
                % {"period": before(self.period).title, "n": number(self.before.tallied.whole.all_visits)},
                self.doors.visits(self.pk),
            ),
            Tile(
                pgettext("dashboard", "Recommendations open today"),
                row.open.all,
                pgettext("dashboard", "%(n)s raised in the period") % {"n": number(row.asked.all)},
                self.doors.open_today(self.pk),
                late=pgettext("dashboard", "%(n)s overdue") % {"n": number(late)} if late else "",
            ),
        ]

    # Charts -----------------------------------------------------------------------------------------

    @cached_property
    def months(self) -> list[tuple[date, int, int]]:
        """Month, cell meetings attended, owed."""
        found, month = [], self.charted_since
        until = min(self.frame.until, self.frame.today)
        while month < until or month == first_of_month(until) < self.frame.until:
            found.append((month, self.rollup.attended_by_month[month], self.rollup.owed.months[month]))
            month = next_month(month)
        return found

    @cached_property
    def chart(self) -> LineChart | None:
        months = self.months
        if len(months) < 2 or not any(done or owed for _month, done, owed in months):
            return None
        labels = [f"{month:%m}/{month.year}" for month, _done, _owed in months]
        ends = {"first": labels[0], "last": labels[-1]}
        return LineChart(
            title=_("Cell meetings attended, month by month, %(first)s to %(last)s") % ends,
            finding=_("%(last)s: %(share)s.") % {**ends, "share": share(months[-1][1], months[-1][2])},
            labels=labels,
            done=[done for _month, done, _owed in months],
            done_words=pgettext("chart", "attended"),
            owed=[owed for _month, _done, owed in months],
            owed_words=pgettext("chart", "due"),
            decrees=self._marks([month for month, _done, _owed in months]),
        )

    def _marks(self, months: list[date]) -> list[Decree]:
        """The decrees that changed most."""
        changes = changes_between(self.pk, months[0], next_month(months[-1]))
        most = sorted(changes, key=lambda change: -change[2])[:MOST_MARKS]
        return [
            Decree(months.index(first_of_month(day)), day, decree_number)
            for day, decree_number, _n in sorted(most)
        ]

    @cached_property
    def kinds(self) -> list[tuple[str, Cell]]:
        found = [
            (str(kind.label), Cell(self.total.amounts.visits[kind], self.doors.visits(self.pk, kind)))
            for kind in VisitKind
        ]
        return sorted(found, key=lambda pair: -pair[1].number)

    @cached_property
    def topics(self) -> list[tuple[str, list[tuple[str, int]], Cell, Cell]]:
        """Label, parts of the bar, all and overdue; small counts of one hamlet are not shown."""
        asked = self.total.asked
        rows = sorted(((asked.of_topic(topic), topic) for topic in Topic), key=lambda pair: -pair[0])
        rows = [row for row in rows if row[0]]
        small = self.frame.place.level == Level.HAMLET
        hidden = hidden_cells([count for count, _topic in rows]) if small else set()
        found = []
        for place, (count, topic) in enumerate(rows):
            few, late = place in hidden, asked.counts[topic, OVERDUE]
            parts = [
                ("done", asked.counts[topic, DONE]),
                ("open", asked.counts[topic, STILL_OPEN]),
                ("overdue", late),
                ("track", asked.counts[topic, WITHDRAWN]),
            ]
            link = "" if few else self.doors.raised(self.pk, topic)
            late_link = "" if few else self.doors.raised(self.pk, topic, "overdue")
            found.append((
                str(topic.label), [] if few else parts, Cell(count, link, few),
                Cell(late, late_link, few or bool(small and 0 < late < FEWEST_SHOWN)),
            ))  # fmt: skip
        return found

    @property
    def fates(self) -> list[tuple[str, str, int]]:
        """The legend of the topics' bars."""
        asked = self.total.asked
        return [
            ("done", pgettext("rec", "Answered"), asked.of_fate(DONE)),
            ("open", pgettext("dashboard", "Open, in time"), asked.of_fate(STILL_OPEN)),
            ("overdue", pgettext("dashboard", "Open, overdue"), asked.of_fate(OVERDUE)),
            ("track", pgettext("rec", "Withdrawn, merged or out of scope"), asked.of_fate(WITHDRAWN)),
        ]

    # The table --------------------------------------------------------------------------------------

    @cached_property
    def few(self) -> list[set[str]]:
        """For each row the names of its small counts: only in a commune's table, whose rows are single hamlets."""
        rows = self.rollup.rows
        found: list[set[str]] = [set() for _row in rows]
        for name in ABSENCES if self.frame.place.level == Level.COMMUNE else ():
            for place in hidden_cells([getattr(row, name) for row in rows]):
                found[place].add(name)
        return found

    def sorted_places(self, measure: str, falling: bool) -> list[int]:
        """The rows by their positions, in the order asked for; units stand in Vietnamese order otherwise."""
        places = list(range(len(self.rollup.rows)))
        if measure in MEASURES:
            return sorted(
                places, key=lambda place: MEASURES[measure](self.rollup.rows[place]), reverse=falling
            )
        return places[::-1] if falling else places

    def line(self, place: int) -> Line:
        return self._line(self.rollup.rows[place], self.few[place])

    @property
    def lines(self) -> Iterator[Line]:
        return (self.line(place) for place in range(len(self.rollup.rows)))

    @cached_property
    def sum(self) -> Line:
        """A small sum over single hamlets would tell what their rows do not."""
        small = self.frame.place.level in {Level.COMMUNE, Level.HAMLET}
        few = {name for name in ABSENCES if small and 0 < getattr(self.total, name) < FEWEST_SHOWN}
        return self._line(self.total, few, whole=True)

    def _line(self, row: Row, few: set[str], whole: bool = False) -> Line:
        """What was done in the place itself and in no unit has no list of its own."""
        key = self.pk if whole else row.span.place_id if row.span else 0
        way = self.doors

        def door(url: str) -> str:
            return url if key else ""

        def absence(name: str, attendance: str) -> Cell:
            hidden = name in few
            return Cell(
                getattr(row, name), "" if hidden else door(way.visits(key, MEETING, attendance)), hidden
            )

        levels = row.cover.units
        earlier = self.before.tallied
        amounts = earlier.whole if whole else earlier.each.get(key or self.pk)
        return Line(
            name=self._name(row, whole),
            url=way.dashboard(key) if key and not whole else "",
            units=levels[Level.HAMLET] if self.counts_hamlets else levels[Level.GROUP],
            alone=Cell(row.cover.alone, door(way.coverage(key, "uncovered"))),
            visits=Cell(row.visits, door(way.visits(key))),
            before=amounts.all_visits if amounts else 0,
            kinds=[Cell(row.amounts.visits[kind], door(way.visits(key, kind))) for kind in VisitKind],
            attended=Cell(row.attended, door(way.visits(key, MEETING, Attendance.ATTENDED))),
            owed=row.owed,
            rate=percent(row.attended, row.owed) if rate_is_shown(row.owed) else "–",
            excused=absence("excused", Attendance.EXCUSED),
            absent=absence("absent", Attendance.ABSENT),
            raised=Cell(row.asked.all, door(way.raised(key))),
            open=Cell(row.open.all, door(way.open_today(key))),
            overdue=Cell(row.open.of_fate(OVERDUE), door(way.open_today(key, "overdue"))),
        )

    def _name(self, row: Row, whole: bool) -> str:
        if whole:
            return _("Total")
        if row.span is None:
            return pgettext("dashboard", "In the unit itself")
        if row.span.until and row.span.until <= self.frame.on:
            last = {"name": row.span.full_name, "last": f"{(row.span.until):%d/%m/%Y}"}
            return pgettext("dashboard", "%(name)s (before %(last)s)") % last
        return row.span.full_name

    @property
    def counts_hamlets(self) -> bool:
        """Provinces, districts and communes are told by their hamlets, hamlets by their groups."""
        return self.frame.place.level not in {Level.COMMUNE, Level.HAMLET}
