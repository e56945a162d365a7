"""Questions about agencies and accounts: names as of a day, who may answer."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Model, Q, QuerySet

from portal.models import AgencySpan, Decree, HeadsPolicy, ImportState, ImportTouch, User
from portal.vietnamese import fold

SYSTEM_USERNAME = "he-thong"


def agencies(on: date) -> QuerySet[AgencySpan]:
    return AgencySpan.objects.current(on).order_by("sort_key", "agency_id")


def agencies_for(place_ids: Iterable[int], on: date) -> QuerySet[AgencySpan]:
    """Bodies that answer for any of these places (a commune and its province) on a day."""
    return agencies(on).filter(answers=True).filter(Q(place__in=list(place_ids)) | Q(place=None))


def agency_named(name: str, on: date) -> list[AgencySpan]:
    return list(agencies(on).filter(name_key=fold(name)))


class AgencyNames:
    def __init__(self, agency_ids: Iterable[int | None]) -> None:
        self._spans: dict[int, list[AgencySpan]] = {}
        wanted = {key for key in agency_ids if key is not None}
        for row in AgencySpan.objects.filter(agency__in=wanted).order_by("since"):
            self._spans.setdefault(row.agency_id, []).append(row)

    def on(self, agency_id: int | None, on: date) -> str:
        rows = self._spans.get(agency_id or 0)
        if not rows:
            return ""
        return next((row for row in reversed(rows) if row.since <= on), rows[0]).name


def keeps_heads(commune_id: int, on: date) -> bool:
    """Whether a commune decided to keep the names of heads of households; a merged commune decides anew."""
    return HeadsPolicy.objects.current(on).filter(commune=commune_id).exists()


def communes_keeping_heads(on: date) -> set[int]:
    """Communes that decided to keep the names of heads; see `keeps_heads`."""
    return set(HeadsPolicy.objects.current(on).values_list("commune", flat=True))


def decree_numbered(number: str) -> Decree | None:
    return Decree.objects.filter(number__iexact=number.strip()).first()


def is_system(user: User) -> bool:
    return user.username == SYSTEM_USERNAME


def last_import(row: Model) -> ImportTouch | None:
    """Which import, and which row of which sheet, last made or changed this row; of an undone one nothing is left."""
    touches = ImportTouch.objects.filter(model=row._meta.label_lower, row_id=row.pk)
    return (
        touches.filter(run__state__in=[ImportState.APPLIED, ImportState.UNDOING])
        .select_related("run")
        .order_by("-pk")
        .first()
    )
