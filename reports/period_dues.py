"""Cell meetings of one reporting period, by its own bounds: due, attended, excused, absent, commune by commune."""

from dataclasses import dataclass
from datetime import date

from assignments.models import Assignment, ReportingPeriod
from assignments.owed import OwnMonths, counted_day, debts, dues_within
from portal.dates import Stretch
from portal.levels import Level
from portal.places import Lines
from reports.rollup import MEETING


@dataclass
class Dues:
    due: int = 0
    attended: int = 0
    excused: int = 0
    absent: int = 0


def dues_by_commune(period: ReportingPeriod, today: date) -> dict[int, Dues]:
    """What is owed above communes stands under the period's own place. A month counts as it lay on its 15th day."""
    month = Stretch(period.since, period.until)
    if today < month.since:
        return {}
    day = min(counted_day(month), today)
    owing = debts(Assignment.objects.all(), OwnMonths([month]), [MEETING])
    lines = Lines({debt.place_id for debt in owing})
    seats = {}
    for debt in owing:
        above = {**lines.on(debt.place_id, day)}
        if period.place_id in {debt.place_id, *above.values()}:
            seats[debt.place_id] = above.get(Level.COMMUNE, period.place_id)
    cadres = {debt.cadre_id for debt in owing if debt.place_id in seats}
    found: dict[int, Dues] = {}
    for row in dues_within(cadres, [month], today):
        if row.kind == MEETING and row.place_id in seats:
            dues = found.setdefault(seats[row.place_id], Dues())
            dues.due += row.owed
            dues.attended += row.attended
            dues.excused += row.excused
            dues.absent += row.absent
    return found
