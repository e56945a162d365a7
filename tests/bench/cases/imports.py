"""A sheet of 100,000 households from the file to the receipt, beside the bare rows. What is written is taken back."""

import io
from collections.abc import Iterator

import xlsxwriter
from django.db import transaction
from django.utils import timezone

from portal.actions.deed import bookkeeping
from portal.actions.system import system_user
from portal.imports import engine
from portal.imports.kinds import kind_named
from portal.imports.scope import Scope
from portal.models import AuditEntry, Household, ImportState, Place, PlaceSpan
from portal.places import by_code
from tests.bench import ground
from tests.bench.measure import Figure, measure_once

ROWS, VISITS = 100_000, 2_000


def figures() -> Iterator[Figure]:
    ground.province(VISITS)
    size = f"{ROWS:,} rows"
    groups = list(Place.objects.filter(level="group").order_by("pk").values_list("pk", flat=True))
    sheet = workbook(groups)
    run = []
    with taken_back():
        yield measure_once(
            "read and check a sheet of households", lambda: run.append(take_in(sheet)), size=size
        )
        assert (run[0].state, run[0].counts["added"]) == (ImportState.READY, ROWS), run[0].message
        yield measure_once("save the sheet", lambda: save(run[0]), size=size)
        assert run[0].state == ImportState.APPLIED, run[0].message
    with taken_back():
        yield measure_once("floor: the same rows, nothing asked", lambda: write(groups), size=size)


class taken_back:
    def __enter__(self) -> None:
        self.block = transaction.atomic()
        self.block.__enter__()

    def __exit__(self, *problem: object) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(*problem)


def workbook(groups: list[int]) -> io.BytesIO:
    """Units by their codes: names alone would not tell the hamlets of merged communes apart."""
    today = timezone.localdate()
    spans = {span.place_id: span for span in PlaceSpan.objects.current(today).select_related("parent")}
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    page = book.add_worksheet()
    page.write_row(0, 0, ["Mã xã", "Mã ấp", "Tổ", "Mã hộ", "Từ ngày"])
    for number in range(ROWS):
        group = spans[groups[number % len(groups)]]
        hamlet = spans[group.parent_id]
        commune = spans[hamlet.parent_id]
        row = [commune.code, hamlet.code, group.name, f"B{number // len(groups):03}", f"{today:%d/%m/%Y}"]
        page.write_row(number + 1, 0, row)
    book.close()
    return file


def take_in(file: io.BytesIO):
    file.seek(0)
    today = timezone.localdate()
    scope = Scope(by=system_user(), on=today, since=today)
    return engine.take_in(
        kind=kind_named("households"), file=file, file_name="mau.xlsx", scope=scope, at_once=True
    )


def save(run) -> None:
    engine.save(run=run, good_only=False, consent=True, at_once=True)


@bookkeeping("a measurement of the bare rows")
def write(groups: list[int]) -> None:
    today, by = timezone.localdate(), system_user()
    province = by_code("86", today)
    assert province
    Household.objects.bulk_create(
        [
            Household(
                code=f"C{n // len(groups):03}",
                place_id=groups[n % len(groups)],
                province_id=province.place_id,
                since=today,
            )
            for n in range(ROWS)
        ],
        batch_size=1000,
    )
    AuditEntry.objects.bulk_create(
        [
            AuditEntry(at=timezone.now(), by_id=by.pk, by_name=str(by), deed="add_household")
            for _ in range(ROWS)
        ],
        batch_size=1000,
    )
