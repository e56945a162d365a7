"""A sheet of 100,000 households from the file to the receipt, beside the bare rows. What is written is taken back."""

import io
from collections.abc import Iterator

import tablib
import xlsxwriter
from django.db import transaction
from django.utils import timezone
from import_export import resources

from portal.actions.deed import bookkeeping
from portal.actions.system import system_user
from portal.imports import engine
from portal.imports.kinds import kind_named
from portal.imports.scope import Scope
from portal.imports.undo import undo
from portal.models import AuditEntry, Household, ImportRun, ImportState, Place, PlaceSpan, User
from portal.places import by_code
from tests.bench import ground
from tests.bench.measure import Figure, measure, measure_once

ROWS, VISITS, ERRORS, DEFAULT_ROWS = 100_000, 2_000, 1_000, 5_000


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
        yield from pages(run[0], size)
        yield measure_once("save the sheet", lambda: save(run[0]), size=size)
        assert run[0].state == ImportState.APPLIED, run[0].message
        yield measure_once("the same file again", lambda: run.append(take_in(sheet)), size=size)
        assert run[1].counts["unchanged"] == ROWS, run[1].counts
        yield measure_once("undo the import", lambda: undo(run=run[0], by=run[0].by), size=size)
    with taken_back():
        yield measure_once("floor: the same rows, nothing asked", lambda: write(groups), size=size)
    wrong = workbook(groups, wrong=ERRORS)
    with taken_back():
        yield measure_once(f"find {ERRORS:,} wrong cells", lambda: run.append(take_in(wrong)), size=size)
        assert run[-1].counts["refused"] == ERRORS, run[-1].counts
    with taken_back():
        name = "django-import-export's defaults"
        yield measure_once(name, lambda: by_default(groups), size=f"{DEFAULT_ROWS:,} rows")


def pages(run, size: str) -> Iterator[Figure]:
    """The preview, as whoever uploaded the file sees it; the run is given back to whoever checked it."""
    owner = run.by
    give(run, User.objects.get(username="quantri"))
    client = ground.signed_in("quantri")
    address = f"/nhap-excel/{run.pk}/?fate=added&page=1000"
    assert client.get(address).status_code == 200
    yield measure("a page of the preview", lambda: client.get(address), size=size)
    give(run, owner)


@bookkeeping("a measurement looks at a preview of the portal's own")
def give(run, owner: User) -> None:
    ImportRun.objects.filter(pk=run.pk).update(by=owner)


class Row(resources.ModelResource):
    """As the package comes: a question for every row, and every row saved by itself."""

    class Meta:
        model = Household
        import_id_fields = ("place", "code")
        fields = ("code", "place", "province", "since")


@bookkeeping("a measurement of the package's own way")
def by_default(groups: list[int]) -> None:
    today = timezone.localdate()
    province = by_code("86", today)
    assert province
    rows = tablib.Dataset(headers=["code", "place", "province", "since"])
    for n in range(DEFAULT_ROWS):
        rows.append(
            [f"D{n // len(groups):03}", groups[n % len(groups)], province.place_id, today.isoformat()]
        )
    result = Row().import_data(rows, raise_errors=True)
    assert result.totals["new"] == DEFAULT_ROWS


class taken_back:
    def __enter__(self) -> None:
        self.block = transaction.atomic()
        self.block.__enter__()

    def __exit__(self, *problem: object) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(*problem)


def workbook(groups: list[int], wrong: int = 0) -> io.BytesIO:
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
        since = "31/02/2026" if number < wrong else f"{today:%d/%m/%Y}"
        row = [commune.code, hamlet.code, group.name, f"B{number // len(groups):03}", since]
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
