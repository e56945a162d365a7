"""What a process of tests/fuzz/worker.py may be told to do. Answers are JSON."""

from collections.abc import Callable
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from portal.actions.deed import bookkeeping
from portal.imports import engine
from portal.imports.kinds import kind_named
from portal.imports.scope import Scope
from portal.models import (
    AuditEntry,
    Household,
    ImportRow,
    ImportRun,
    ImportTouch,
    Place,
    PlaceLine,
    PlaceSpan,
    User,
)
from tests import make
from tests.rosters import HOUSEHOLD_HEAD, name_of
from tests.workbooks import one_sheet

# Everything is left to the worker of the queue.
engine.LARGE = 0
HOUSEHOLDS, HAMLETS, GROUPS = 600, 20, 5


def world() -> dict[str, Any]:
    land = make.land()
    staff = make.commune_staff(land.commune)
    return {"by": staff.pk, "hamlet": name_of(land.hamlet)}


def take_in(kind: str, by: int, hamlet: str, mark: str) -> int:
    """A list whose rows bear the mark in their codes or names; the key of its run."""
    if kind == "households":
        rows = [
            [*HOUSEHOLD_HEAD, "Mã hộ"],
            *([n, hamlet, 1 + n % 2, f"{mark}-{n}"] for n in range(HOUSEHOLDS)),
        ]
    else:
        rows = [["Ấp", "Số tổ"], *([f"Ấp {mark} Mẫu {n}", GROUPS] for n in range(HAMLETS))]
    today = timezone.localdate()
    user = User.objects.get(pk=by)
    scope = Scope(by=user, on=today, since=today, place=Place.objects.get(grants__user=user))
    return engine.take_in(
        kind=kind_named(kind), file=one_sheet(*rows), file_name=f"{mark}.xlsx", scope=scope
    ).pk


def run_named(mark: str) -> int | None:
    found = ImportRun.objects.filter(file_name=f"{mark}.xlsx").order_by("pk").last()
    return found.pk if found else None


def work() -> None:
    """The worker of the queue, until it has nothing more to do."""
    call_command("db_worker", "--batch", "--no-startup-delay", "--interval", "0.05", "--verbosity", "0")


def save(run: int) -> None:
    engine.save(run=ImportRun.objects.get(pk=run), good_only=False, consent=True)


def go_on(run: int) -> bool:
    """A minute after the last sign of life."""
    silenced = bookkeeping("a test lets a minute pass")(
        lambda: ImportRun.objects.filter(pk=run).update(heartbeat_at=None)
    )
    silenced()
    return engine.go_on(ImportRun.objects.get(pk=run))


def state(run: int) -> list[str]:
    return list(ImportRun.objects.values_list("state", "message").get(pk=run))


def preview(run: int) -> dict[str, Any]:
    found = ImportRun.objects.get(pk=run)
    rows = ImportRow.objects.filter(run=run)
    return {"counts": found.counts, "rows": rows.count(), "numbers": rows.values("number").distinct().count()}


def written(run: int, mark: str) -> dict[str, int]:
    """What stands in the tables of the subject, in the audit book and in the trace."""
    hamlets = PlaceSpan.objects.filter(name__startswith=f"{mark} Mẫu").values("place")
    return {
        "households": Household.objects.filter(code__startswith=f"{mark}-").count(),
        "hamlets": hamlets.count(),
        "groups": PlaceSpan.objects.filter(parent__in=hamlets).count(),
        "lines": PlaceLine.objects.filter(ancestor__in=hamlets).count(),
        "audited": AuditEntry.objects.filter(import_id=run).count(),
        "traced": ImportTouch.objects.filter(run=run).count(),
    }


ORDERS: dict[str, Callable[..., Any]] = {
    order.__name__: order for order in (world, take_in, run_named, work, save, go_on, state, preview, written)
}
