"""Which visits are there already? So that the same paper, entered twice, adds nothing."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from assignments.actions.visit_paper import PaperVisit
from assignments.actions.visit_rows import Requested
from assignments.models import Petition, VisitPerson
from portal.imports.scope import Scope


class Known(NamedTuple):
    visit_id: int
    place_id: int
    org_id: int | None
    state: str
    attendance: str
    excuse: str


class KnownVisits:
    """Of the cadres on the importer's roster only, however they were entered; withdrawn ones too."""

    def __init__(self, scope: Scope, cadres: Collection[int]) -> None:
        self.scope, self.cadres = scope, cadres
        self._loaded: set[date] = set()
        self._found: dict[tuple[int, date, str], list[Known]] = defaultdict(list)
        self._asked: set[tuple[int, str]] = set()

    def load(self, days: Iterable[date]) -> None:
        """Two queries for all days that were not asked about before."""
        new = {*days} - self._loaded
        if not new:
            return
        self._loaded |= new
        rows = VisitPerson.objects.filter(visit__day__in=new).order_by("visit")
        fields = ("visit", "visit__place", "visit__org", "visit__state", "attendance", "excuse")
        for cadre_id, day, kind, *known in rows.values_list("cadre", "visit__day", "visit__kind", *fields):
            if cadre_id in self.cadres:
                self._found[cadre_id, day, kind].append(Known(*known))
        self._asked.update(Petition.objects.filter(visit__day__in=new).values_list("visit", "text"))

    def has_asked(self, known: Known, request: Requested) -> bool:
        """Whether the visit brought a recommendation of these words."""
        return (known.visit_id, request.text) in self._asked

    def like(self, visit: PaperVisit) -> Known | None:
        """The same cadre, day, kind and place; where both name an organisation, the same one."""
        self.load([visit.day])
        found = [
            known
            for known in self._found[visit.cadre_id, visit.day, visit.kind]
            if known.place_id == visit.place_id
            and (known.org_id == visit.org_id or not known.org_id or not visit.org_id)
        ]
        return max(found, key=lambda known: known.state == "recorded", default=None)
