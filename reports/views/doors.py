"""The addresses behind the numbers of a dashboard: each opens exactly the list that the number counts."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from assignments.access import Reach
from assignments.topics import Capacity
from portal.dates import ONE_DAY, in_figures
from portal.permissions import Permission
from portal.places import heir_ids
from reports.forms.dashboard import RECORDED, TODAY
from reports.periods import OWN, Period
from reports.rollup import Frame


@dataclass(frozen=True)
class Doors:
    """An empty address means that the list is not open to this person, or not wholly."""

    frame: Frame
    period: Period
    visits_open: bool
    petitions_open: bool
    roster_open: bool

    def dashboard(self, place_id: int, page: str = "dashboard") -> str:
        asked = {"period": self.period.code, "map": TODAY if self.frame.restated else RECORDED}
        if self.period.code == OWN:
            asked |= self._days()
        return f"{reverse(f'reports:{page}', args=[place_id])}?{urlencode(asked)}"

    def visits(self, place_id: int, kind: str = "", attendance: str = "") -> str:
        asked = {"place": place_id, **self._days(), "kind": kind}
        if attendance:
            asked |= {"attendance": attendance, "capacity": Capacity.ASSIGNED}
        return self._to("assignments:visits", asked | self._recorded()) if self.visits_open else ""

    def raised(self, place_id: int, topic: str = "", state: str = "") -> str:
        asked = {"place": place_id, **self._days(), "topic": topic, "state": state} | self._recorded()
        return self._to("assignments:petitions", asked) if self.petitions_open else ""

    def open_today(self, place_id: int, state: str = "open") -> str:
        asked = {"place": place_id, "state": state, **self._map_day()}
        return self._to("assignments:petitions", asked) if self.petitions_open else ""

    def coverage(self, place_id: int, what: str) -> str:
        asked = {"place": place_id, "list": what, **self._map_day()}
        return self._to("assignments:coverage", asked) if self.roster_open else ""

    def silent(self) -> str:
        """Cadres of whom nothing is recorded in the period."""
        if not (self.roster_open and self.visits_open):
            return ""
        return self.dashboard(self.frame.place.pk, "without_entry")

    def _days(self) -> dict[str, str]:
        return {"since": in_figures(self.frame.since), "last": in_figures(self.frame.until - ONE_DAY)}

    def _map_day(self) -> dict[str, str]:
        return {} if self.frame.on == self.frame.today else {"on": in_figures(self.frame.on)}

    def _recorded(self) -> dict[str, str]:
        return {} if self.frame.restated else {"recorded": "1"}

    @staticmethod
    def _to(name: str, asked: dict[str, object]) -> str:
        return f"{reverse(name)}?{urlencode({key: value for key, value in asked.items() if value})}"


def doors(reach: Reach, frame: Frame, period: Period) -> Doors:
    return Doors(
        frame=frame,
        period=period,
        visits_open=_wholly(reach, frame, Permission.VISIT_VIEW),
        petitions_open=_wholly(reach, frame, Permission.PETITION_VIEW),
        roster_open=_wholly(reach, frame, Permission.ROSTER_VIEW),
    )


def _wholly(reach: Reach, frame: Frame, permission: Permission) -> bool:
    """Whether all that stands for the place today is in reach; of a unit that was split, a list may lack a part."""
    if not reach.may(permission):
        return False
    return all(reach.covers_today(key, permission) for key in heir_ids(frame.place.pk, frame.today))
