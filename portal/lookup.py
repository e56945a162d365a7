"""Questions about agencies and accounts: names as of a day, who may answer."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Model, Q, QuerySet
from django.utils.translation import pgettext

from portal.models import AgencySpan, AgencySuccession, Decree, HeadsPolicy, ImportState, ImportTouch, User
from portal.vietnamese import fold

SYSTEM_USERNAME = "he-thong"


def agencies(on: date) -> QuerySet[AgencySpan]:
    return AgencySpan.objects.current(on).order_by("sort_key", "agency_id")


def agencies_for(place_ids: Iterable[int], on: date) -> QuerySet[AgencySpan]:
    """Bodies that answer for any of these places (a commune and its province) on a day."""
    return agencies(on).filter(answers=True).filter(Q(place__in=list(place_ids)) | Q(place=None))


def agency_named(name: str, on: date) -> list[AgencySpan]:
    return list(agencies(on).filter(name_key=fold(name)))


def agency_heirs(agency_ids: Iterable[int], on: date) -> dict[int, int]:
    """For each body that had ended by a day the one that stands for it; those that stand, or ended without an heir,
    are left out."""
    taken_over = AgencySuccession.objects.filter(on__lte=on).exclude(new=None)
    followed = dict(taken_over.order_by("on", "pk").values_list("old", "new"))
    found = {}
    for agency in set(agency_ids):
        heir, passed = agency, {agency}
        while (later := followed.get(heir)) and later not in passed:
            heir = later
            passed.add(heir)
        if heir != agency:
            found[agency] = heir
    return found


def agency_forebears(agency_ids: Iterable[int], on: date) -> set[int]:
    """The bodies themselves, and those for which they stand on a day."""
    wanted = set(agency_ids)
    ended = AgencySuccession.objects.filter(on__lte=on).values_list("old", flat=True)
    return wanted | {old for old, heir in agency_heirs(ended, on).items() if heir in wanted}


class AgencyNames:
    """With `now` a body that has ended by then is told with the one that stands for it."""

    def __init__(self, agency_ids: Iterable[int | None], now: date | None = None) -> None:
        self._spans: dict[int, list[AgencySpan]] = {}
        wanted = {key for key in agency_ids if key is not None}
        for row in AgencySpan.objects.filter(agency__in=wanted).order_by("since"):
            self._spans.setdefault(row.agency_id, []).append(row)
        ended = [key for key, rows in self._spans.items() if now and rows[-1].until and rows[-1].until <= now]
        self._heirs = agency_heirs(ended, now) if now and ended else {}
        self._now = AgencyNames(self._heirs.values()) if self._heirs else None

    def on(self, agency_id: int | None, on: date) -> str:
        rows = self._spans.get(agency_id or 0)
        if not rows:
            return ""
        name = next((row for row in reversed(rows) if row.since <= on), rows[0]).name
        if self._now is None or agency_id not in self._heirs:
            return name
        told = {"name": name, "now": self._now.on(self._heirs[agency_id], date.max)}
        return pgettext("agency", "%(name)s (now %(now)s)") % told


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
