"""Rosters for tests: sheets of each kind, and the shortest way through an import."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from portal import places
from portal.imports import engine
from portal.imports.kinds import kind_named
from portal.imports.scope import Scope
from portal.models import ImportRow, ImportRun, ImportState, Place, RowFate, User
from tests.workbooks import one_sheet

HOUSEHOLD_HEAD = ["STT", "Ấp, khu phố", "Tổ NDTQ số"]
CADRE_HEAD = ["STT", "Họ và tên", "Chức vụ", "Đơn vị công tác", "Điện thoại", "Mã cán bộ"]
ASSIGNMENT_HEAD = ["STT", "Họ và tên", "Đơn vị công tác", "Ấp", "Tổ NDTQ số", "Số quyết định", "Từ ngày"]


def scope(by: User, since: date | None = None, **fields: Any) -> Scope:
    today = timezone.localdate()
    return Scope(by=by, on=today, since=since or today, **fields)


def checked(kind: str, by: User, file: io.BytesIO, **fields: Any) -> ImportRun:
    """The preview of a file."""
    return engine.take_in(
        kind=kind_named(kind), file=file, file_name="Danh sách.xlsx", scope=scope(by, **fields), at_once=True
    )


def saved(run: ImportRun) -> ImportRun:
    engine.save(run=run, good_only=True, consent=True, at_once=True)
    assert run.state == ImportState.APPLIED, run.message
    return run


def imported(kind: str, by: User, *rows: Sequence[Any], **fields: Any) -> ImportRun:
    """The receipt for a sheet, its first row being the heading; good rows only."""
    return saved(checked(kind, by, one_sheet(*rows), **fields))


def counts(run: ImportRun) -> dict[str, int]:
    """Of the rows, without the zeros."""
    return {fate: run.counts[fate] for fate in map(str, RowFate) if run.counts[fate]}


def problems(run: ImportRun) -> dict[int, list[tuple[str, str]]]:
    """Of each refused row: (column letter, message)."""
    rows = ImportRow.objects.filter(run=run, fate=RowFate.REFUSED)
    return {row.number: [(letter, message) for _field, letter, message in row.problems] for row in rows}


def row(run: ImportRun, number: int) -> ImportRow:
    return ImportRow.objects.get(run=run, number=number)


def name_of(place: Place) -> str:
    span = places.span(place.pk, timezone.localdate())
    assert span
    return span.full_name
