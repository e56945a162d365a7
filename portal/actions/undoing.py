"""Taking an import back: rows it made go, rows it changed get back what stood in them. Whether it may is asked before.

Goes over the trace backwards, so that no row is ever left without what it points at.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Model, ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal.actions.closures import rebuild_heirs, rebuild_lines
from portal.actions.deed import RuleBroken, action
from portal.models import Heir, ImportRun, ImportState, ImportTouch, PlaceLine, PlaceSpan, User

AT_ONCE = 1000
# Derived from other rows, and rebuilt when those go.
DERIVED = {PlaceLine, Heir}
# A document that somebody else refers to by now stays, as it would if he had entered it himself.
MAY_STAY = {"portal.decree"}


@action
def take_back(*, run: ImportRun, by: User) -> None:
    for label, touches in _backwards(run):
        changed = [touch for touch in touches if touch.before is not None]
        if changed:
            _restore(label, changed)
        _remove(label, [touch.row_id for touch in touches if touch.before is None])
    now = timezone.now()
    ImportRun.objects.filter(pk=run.pk).update(
        state=ImportState.UNDONE, undone_at=now, undone_by=by, message=""
    )
    run.refresh_from_db()
    written = {fate: run.counts.get(fate) for fate in ("added", "changed", "ended")}
    audit.record("undo_import", run, by=by, place_id=run.place_id, sheet=run.kind, **written)


def _backwards(run: ImportRun) -> Iterator[tuple[str, list[ImportTouch]]]:
    touches = run.touches.order_by("-pk").iterator(chunk_size=AT_ONCE)
    for label, group in groupby(touches, key=lambda touch: touch.model):
        yield label, list(group)


def _restore(label: str, touches: Sequence[ImportTouch]) -> None:
    model = apps.get_model(label)
    rows = model._base_manager.in_bulk([touch.row_id for touch in touches])
    columns: set[str] = set()
    for touch in touches:
        row = rows[touch.row_id]
        for column, value in (touch.before or {}).items():
            field = model._meta.get_field(column)
            setattr(row, column, field.to_python(value))
            columns.add(field.name)
    _refuse_what_no_longer_fits(list(rows.values()))
    model._base_manager.bulk_update(rows.values(), sorted(columns), batch_size=AT_ONCE)


def _refuse_what_no_longer_fits(rows: Sequence[Model]) -> None:
    """What was ended by the import may have been followed by something else since."""
    for row in rows:
        try:
            row.validate_constraints()
        except ValidationError as broken:
            raise RuleBroken(broken.messages) from broken


def _remove(label: str, keys: Sequence[int]) -> None:
    model = apps.get_model(label)
    places: set[int] = set()
    for start in range(0, len(keys), AT_ONCE):
        rows = model._base_manager.filter(pk__in=keys[start : start + AT_ONCE])
        if model is PlaceSpan:
            places.update(rows.values_list("place", flat=True))
        try:
            rows.delete()
        except ProtectedError as held:
            if label not in MAY_STAY:
                raise RuleBroken(_("Other records refer by now to what the import brought.")) from held
    if places:
        rebuild_lines(places)
        rebuild_heirs(places)
