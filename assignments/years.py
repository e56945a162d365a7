"""The year of one cadre, for his own review and for his leaders: never set beside that of another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from assignments.access import Reach
from assignments.models import Cadre, CadrePost, Petition, Visit
from assignments.owed import Due, dues
from assignments.topics import VisitKind, VisitState
from portal.dates import first_of_month
from portal.permissions import Permission


@dataclass(frozen=True)
class Duties:
    """Meetings of one month, or of all months added up. `silent` are those owed of which nothing is recorded."""

    month: date | None
    owed: int = 0
    attended: int = 0
    excused: int = 0
    absent: int = 0
    silent: int = 0


def may_read_record(reach: Reach, cadre: Cadre) -> bool:
    """The cadre, and the leaders and deciders of the place on whose roster the cadre is or was."""
    if reach.cadre == cadre:
        return True
    if not reach.may(Permission.RECORD_READ):
        return False
    places = reach.place_ids(Permission.RECORD_READ)
    return CadrePost.objects.filter(cadre=cadre, place__in=places).exists()


def months_of(year: int, today: date) -> list[date]:
    """The months of a year that have begun."""
    return [month for number in range(1, 13) if (month := date(year, number, 1)) <= first_of_month(today)]


def duty_record(cadre_id: int, year: int, today: date) -> list[Duties]:
    """Month by month; a dozen times a handful of queries, whatever is recorded."""
    months = months_of(year, today)
    owed = dues([cadre_id], months, today) if months else []
    return [_month(month, [due for due in owed if due.month == month], today) for month in months]


def _month(month: date, owed: Sequence[Due], today: date) -> Duties:
    is_running = month == first_of_month(today)
    told = [(due.owed, due.attended + due.excused + due.absent) for due in owed]
    return Duties(
        month,
        owed=sum(due.owed for due in owed),
        attended=sum(due.attended for due in owed),
        excused=sum(due.excused for due in owed),
        absent=sum(due.absent for due in owed),
        # What is still to come in the running month is not missing.
        silent=0 if is_running else sum(max(number - known, 0) for number, known in told),
    )


def added(months: Sequence[Duties]) -> Duties:
    return Duties(
        None,
        owed=sum(row.owed for row in months),
        attended=sum(row.attended for row in months),
        excused=sum(row.excused for row in months),
        absent=sum(row.absent for row in months),
        silent=sum(row.silent for row in months),
    )


def visits_of(cadre: Cadre, year: int) -> QuerySet[Visit]:
    return Visit.objects.filter(state=VisitState.RECORDED, day__year=year, persons__cadre=cadre)


def visits_by_kind(cadre: Cadre, year: int) -> list[tuple[str, int]]:
    rows = visits_of(cadre, year).order_by().values_list("kind").annotate(number=Count("pk", distinct=True))
    counts = dict(rows)
    return [(str(kind.label), counts[kind]) for kind in VisitKind if counts.get(kind)]


def raised(cadre: Cadre, year: int) -> QuerySet[Petition]:
    return Petition.objects.filter(raised_by=cadre, day__year=year)
