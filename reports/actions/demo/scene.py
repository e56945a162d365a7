"""What the parts of the demonstration share: the days that matter, the hamlets, and who tells of the progress."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from assignments.models import Assignment, Cadre
from assignments.usual_days import UsualDay
from portal.actions.decrees import record_decree
from portal.models import Agency, Decree, PartyOrg, Place, User
from portal.places import by_code

BEGINNING = date(2020, 2, 1)
ASSIGNED = date(2022, 1, 5)
REFORM = date(2025, 7, 1)
CAM_SON, HUONG_MY, NGAI_DANG = "28978", "28981", "28975"


@dataclass
class Hamlet:
    """An invented hamlet with its groups; `number` is its own in the commune it was opened in."""

    place: Place
    number: int
    groups: list[Place]
    households: dict[int, list[int]] = field(default_factory=dict)
    cell: PartyOrg | None = None


@dataclass
class Commune:
    """A commune as it stands in the demonstration, with the name and code it bore on its first day there."""

    place: Place
    code: str
    name: str
    full_name: str
    hamlets: list[Hamlet] = field(default_factory=list)
    committee: PartyOrg | None = None
    sectors: list[PartyOrg] = field(default_factory=list)


@dataclass
class Scene:
    by: User
    today: date
    tell: Callable[[str], None]
    # Hương Mỹ of today, the three communes it was made of, and the other communes of today.
    home: Commune
    before: list[Commune]
    others: list[Commune]
    # Keys of those among the others that lie in what was the province of Bến Tre.
    alive: set[int] = field(default_factory=set)
    new_sectors: list[PartyOrg] = field(default_factory=list)
    province_org: PartyOrg | None = None
    bodies: dict[str, Agency] = field(default_factory=dict)
    provincial: dict[int, Cadre] = field(default_factory=dict)
    cadres: dict[str, Cadre] = field(default_factory=dict)
    assignments: list[Assignment] = field(default_factory=list)
    accounts: dict[str, User] = field(default_factory=dict)

    def decree(self, number: str, issuer: str, signed: date) -> Decree:
        return record_decree(
            number=f"{number} (mẫu)", issuer=issuer, signed=signed, in_force=signed, by=self.by
        )

    @property
    def cam_son(self) -> Commune:
        return next(one for one in self.before if one.code == CAM_SON)


def usual_day(hamlet: Hamlet) -> UsualDay:
    """From the 3rd to the 10th; of a few cells the Saturday of the second week."""
    return UsualDay(week=2, weekday=5) if hamlet.number % 7 == 0 else UsualDay(3 + hamlet.number * 3 % 8)


def usual_day_of_sector(number: int) -> UsualDay:
    return UsualDay(4 + number)


def commune(code: str, on: date) -> Commune:
    span = by_code(code, on)
    assert span is not None, f"no {code} in the territory"
    return Commune(span.place, code, span.name, span.full_name)
