"""Loading a published territory: places, their spans, successions and decrees, all at once.

Adds whole places that are not there yet and touches none that is: what happened to a place since it was loaded was
decided by people, and the later reforms are actions of `portal/actions/places.py`.
"""

import csv
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from django.utils.translation import gettext as _

from portal import audit
from portal.actions.closures import rebuild_heirs, rebuild_lines
from portal.actions.deed import RuleBroken, action
from portal.actions.places import NewPlace, new_span
from portal.levels import LEVEL_OF_KIND, PlaceKind, SuccessionKind, may_contain
from portal.models import Decree, Place, PlaceSpan, Succession, User

BATCH = 1000
Row = dict[str, str]


@dataclass
class Loaded:
    """How many rows were written; nothing but zeros where all was there already."""

    decrees: int = 0
    places: int = 0
    spans: int = 0
    successions: int = 0

    @property
    def changed(self) -> bool:
        return any(asdict(self).values())


@action
def load_territory(*, folder: Path, by: User) -> Loaded:
    """Load the four tables of a folder (`seeds/README.md` says what they hold). About a second for 500 places.

    A place is known again by the code and day of its first span, for that is what its key is made of.
    """
    loaded = Loaded()
    decrees = _decrees(_rows(folder / "decrees.csv"), loaded)
    spans = _rows(folder / "spans.csv")
    places = _places(_rows(folder / "places.csv"), spans)
    added = _add_missing(places, loaded)
    _spans(spans, places, added, decrees, loaded)
    _successions(_rows(folder / "successions.csv"), places, decrees, loaded)
    if loaded.places or loaded.successions:
        rebuild_lines()
        rebuild_heirs()
    if loaded.changed:
        audit.record("load_territory", None, by=by, **asdict(loaded))
    return loaded


def _rows(path: Path) -> list[Row]:
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError) as broken:
        raise RuleBroken(_("%(file)s cannot be read.") % {"file": path.name}) from broken


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _decrees(rows: list[Row], loaded: Loaded) -> dict[str, Decree | None]:
    known = {(decree.number, decree.issuer): decree for decree in Decree.objects.all()}
    missing = [
        Decree(
            number=row["number"],
            issuer=row["issuer"],
            signed=_day(row["signed"]),
            in_force=_day(row["in_force"]),
        )
        for row in rows
        if (row["number"], row["issuer"]) not in known
    ]
    for decree in Decree.objects.bulk_create(missing):
        known[decree.number, decree.issuer] = decree
    loaded.decrees = len(missing)
    return {"": None} | {row["number"]: known[row["number"], row["issuer"]] for row in rows}


def _places(rows: list[Row], spans: list[Row]) -> dict[str, Place]:
    """The place of every key: the one in the database, or a new one that is not saved yet."""
    first: dict[str, Row] = {}
    for span in sorted(spans, key=lambda row: row["since"]):
        first.setdefault(span["key"], span)
    codes = {span["code"] for span in first.values()}
    known = {
        (span.code, span.since): span.place
        for span in PlaceSpan.objects.filter(code__in=codes).select_related("place")
    }
    found: dict[str, Place] = {}
    for row in rows:
        beginning = first[row["key"]]
        place = known.get((beginning["code"], date.fromisoformat(beginning["since"])))
        found[row["key"]] = place or Place(level=row["level"])
    return found


def _add_missing(places: dict[str, Place], loaded: Loaded) -> set[str]:
    added = {key for key, place in places.items() if place.pk is None}
    Place.objects.bulk_create([place for key, place in places.items() if key in added], batch_size=BATCH)
    loaded.places = len(added)
    return added


def _spans(
    rows: list[Row],
    places: dict[str, Place],
    added: set[str],
    decrees: dict[str, Decree | None],
    loaded: Loaded,
) -> None:
    missing = [
        new_span(
            place=places[row["key"]],
            new=NewPlace(
                code=row["code"], name=row["name"], kind=row["kind"], parent=places.get(row["parent_key"])
            ),
            since=date.fromisoformat(row["since"]),
            until=_day(row["until"]),
            decree=decrees[row["decree"]],
        )
        for row in rows
        if row["key"] in added
    ]
    _refuse_impossible(missing)
    _refuse_overlaps(missing)
    PlaceSpan.objects.bulk_create(missing, batch_size=BATCH)
    loaded.spans = len(missing)


def _refuse_impossible(spans: list[PlaceSpan]) -> None:
    for span in spans:
        level = LEVEL_OF_KIND[PlaceKind(span.kind)]
        if level != span.place.level or (span.parent and not may_contain(span.parent.level, level)):
            raise RuleBroken(_("%(name)s cannot lie where the table puts it.") % {"name": span.full_name})
        if span.until is not None and span.until <= span.since:
            raise RuleBroken(_("%(name)s ends before it begins.") % {"name": span.full_name})


def _refuse_overlaps(spans: list[PlaceSpan]) -> None:
    """One question for all, as bulk_create asks none: no code and no place stands twice on a day."""
    borne = PlaceSpan.objects.filter(code__in={span.code for span in spans})
    for earlier, later in _overlapping([*spans, *borne], "code"):
        raise RuleBroken(
            _("%(name)s would share the code %(code)s with %(other)s.")
            % {"name": later.full_name, "code": later.code, "other": earlier.full_name}
        )
    for earlier, later in _overlapping(spans, "place_id"):
        raise RuleBroken(
            _("%(name)s would be %(other)s on the same days.")
            % {"name": later.full_name, "other": earlier.full_name}
        )


def _overlapping(spans: list[PlaceSpan], alike: str) -> Iterator[tuple[PlaceSpan, PlaceSpan]]:
    ordered = sorted(spans, key=lambda span: (getattr(span, alike), span.since))
    for earlier, later in pairwise(ordered):
        if getattr(earlier, alike) == getattr(later, alike):
            if earlier.until is None or later.since < earlier.until:
                yield earlier, later


def _successions(
    rows: list[Row], places: dict[str, Place], decrees: dict[str, Decree | None], loaded: Loaded
) -> None:
    known = set(Succession.objects.values_list("old", "new", "on"))
    missing = []
    for row in rows:
        old, new, on = places[row["old_key"]], places.get(row["new_key"]), date.fromisoformat(row["on"])
        if (old.pk, new.pk if new else None, on) not in known:
            kind = SuccessionKind(row["kind"])
            missing.append(Succession(old=old, new=new, kind=kind, on=on, decree=decrees[row["decree"]]))
    Succession.objects.bulk_create(missing, batch_size=BATCH)
    loaded.successions = len(missing)
