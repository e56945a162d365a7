"""May this import be taken back? As long as each row still is as it was left, and nothing new depends on it."""

import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from django.apps import apps
from django.db import DatabaseError, transaction
from django.db.models import ForeignObjectRel, Model
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.actions import staging
from portal.actions.deed import RuleBroken
from portal.actions.trace import digests
from portal.actions.undoing import DERIVED, MAY_STAY, take_back
from portal.imports.kinds import kind_named
from portal.imports.scope import lock, scope_of
from portal.models import ImportRun, ImportState, ImportTouch, PartyOrg, Place, User
from portal.orgs import OrgNames
from portal.places import Addresses

IN_FORCE = (ImportState.APPLIED, ImportState.UNDOING)
MOST_NAMED = 200
# Fields by which people know a record, the likeliest first.
CALLED = ("full_name", "username", "number", "code", "name")
AT_ONCE = 1000
Label, Key = str, int
log = logging.getLogger(__name__)


class Held(RuleBroken):
    """Something stands in the way; `obstacles` says what."""

    def __init__(self, obstacles: list["Obstacle"]) -> None:
        super().__init__(_("This import can no longer be undone. What stands in the way is listed."))
        self.obstacles = obstacles


@dataclass(frozen=True)
class Obstacle:
    """`sheet` and `number` say which row of the import is held, where a single row brought it; `name` which record."""

    sheet: str
    number: int
    model: str | Promise
    why: str
    name: str = ""


class _Touched:
    def __init__(self, run: ImportRun) -> None:
        self.by_label: dict[Label, dict[Key, ImportTouch]] = defaultdict(dict)
        for touch in run.touches.order_by("pk").iterator(chunk_size=AT_ONCE):
            self.by_label[touch.model][touch.row_id] = touch

    def keys(self) -> dict[Label, list[Key]]:
        return {label: list(touches) for label, touches in self.by_label.items()}

    def made(self, label: Label) -> list[Key]:
        return [key for key, touch in self.by_label.get(label, {}).items() if touch.before is None]

    def has_pointed(self, label: Label, key: Key, column: str) -> bool:
        """Whether the import itself made this row of others point where it does; undone, it points there no more."""
        touch = self.by_label.get(label, {}).get(key)
        return touch is not None and (touch.before is None or column in touch.before)


def obstacles_of(run: ImportRun) -> list[Obstacle]:
    """At most MOST_NAMED: enough to see what has to be settled first."""
    touched = _Touched(run)
    found = list(islice(chain(_changed_since(touched), _depended_on(touched)), MOST_NAMED))
    names = _names_of([touch for touch, _why in found])
    return [
        Obstacle(
            touch.sheet,
            touch.number or 0,
            apps.get_model(touch.model)._meta.verbose_name or "",
            why,
            names.get((touch.model, touch.row_id), ""),
        )
        for touch, why in found
    ]


def _names_of(touches: Sequence[ImportTouch]) -> dict[tuple[Label, Key], str]:
    """What people call these records; of a household the code, of whatever lies in a place where that is."""
    keys: dict[Label, list[Key]] = defaultdict(list)
    for touch in touches:
        keys[touch.model].append(touch.row_id)
    rows = {
        (label, row.pk): row
        for label, wanted in keys.items()
        for row in apps.get_model(label)._base_manager.filter(pk__in=wanted)
    }
    today = timezone.localdate()
    places = {
        at: row.pk if isinstance(row, Place) else getattr(row, "place_id", None) for at, row in rows.items()
    }
    orgs = {
        at: row.pk if isinstance(row, PartyOrg) else getattr(row, "org_id", None) for at, row in rows.items()
    }
    addresses, org_names = Addresses(places.values(), today), OrgNames(orgs.values())
    return {
        at: ", ".join(filter(None, (_own_name(row), org_names.on(orgs[at], today), addresses.of(places[at]))))
        for at, row in rows.items()
    }


def _own_name(row: Model) -> str:
    return next((str(getattr(row, field)) for field in CALLED if getattr(row, field, "")), "")


def _changed_since(touched: _Touched) -> Iterator[tuple[ImportTouch, str]]:
    for label, touches in touched.by_label.items():
        if label in MAY_STAY:
            continue
        now = digests(label, touches)
        for key, touch in touches.items():
            if now.get(key, "") != touch.digest:
                yield touch, _("was changed since") if key in now else _("was removed since")


def _depended_on(touched: _Touched) -> Iterator[tuple[ImportTouch, str]]:
    for label, touches in touched.by_label.items():
        if label in MAY_STAY:
            continue
        for relation in _pointing_at(apps.get_model(label)):
            counts = _dependants(touched, touched.made(label), relation)
            for key, number in counts.items():
                told = {"name": relation.related_model._meta.verbose_name, "n": number}
                yield touches[key], pgettext("import", "is referred to by: %(name)s (%(n)s)") % told


def _pointing_at(model: type[Model]) -> list[ForeignObjectRel]:
    return [
        field
        for field in model._meta.get_fields(include_hidden=True)
        if isinstance(field, ForeignObjectRel)
        and not field.many_to_many
        and field.related_model not in DERIVED
        and field.related_model._meta.managed
    ]


def _dependants(touched: _Touched, keys: list[Key], relation: ForeignObjectRel) -> dict[Key, int]:
    """How many rows that the import did not make itself point at each of these."""
    model, field = relation.related_model, relation.field
    counts: dict[Key, int] = defaultdict(int)
    for start in range(0, len(keys), AT_ONCE):
        rows = model._base_manager.filter(**{f"{field.name}__in": keys[start : start + AT_ONCE]})
        for pk, target in rows.values_list("pk", field.attname):
            if not touched.has_pointed(model._meta.label_lower, pk, field.attname):
                counts[target] += 1
    return counts


def undo(*, run: ImportRun, by: User) -> None:
    """RuleBroken says why it may not be."""
    kind, scope = kind_named(run.kind), scope_of(run)
    if not scope.may(kind.permission):
        raise RuleBroken(_("You may not import lists of this kind."))
    with transaction.atomic():
        lock(kind.name, scope)
        run.refresh_from_db()
        if run.state not in IN_FORCE:
            raise RuleBroken(_("This import is not in force."))
        if obstacles := obstacles_of(run):
            raise Held(obstacles)
        rows = _Touched(run).keys()
        kind.undoing(rows, by=by)
        take_back(run=run, by=by)
        kind.undone(rows, by=by)


def undo_run(run: ImportRun) -> None:
    """For the worker: what stood in the way is kept with the run, which is in force as before."""
    obstacles: list[Obstacle] = []
    try:
        undo(run=run, by=run.by)
        return
    except Held as held:
        obstacles, message = held.obstacles, " ".join(held.messages)
    except RuleBroken as broken:
        if run.state != ImportState.UNDOING:
            # Somebody else was quicker.
            return
        message = " ".join(broken.messages)
    except DatabaseError:
        log.exception("Import %s could not be undone", run.pk)
        message = _(
            "Nothing has been undone, as the database refused it. Try again, or tell whoever runs the portal."
        )
    kept = [(one.sheet, one.number, str(one.model), one.why, one.name) for one in obstacles]
    staging.back_to_receipt(run=run, message=message, obstacles=kept)


def kept_obstacles(run: ImportRun) -> list[Obstacle]:
    """What stood in the way when the worker last tried."""
    return [Obstacle(*one) for one in run.options.get("obstacles", [])]
