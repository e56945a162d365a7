"""Disk full, database gone, two at once, rows exchanged behind the preview: told, nothing by half, gone on with."""

import errno
import io
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import OperationalError, connection, connections
from django.urls import reverse

from portal.actions.deed import RuleBroken, bookkeeping
from portal.imports import engine
from portal.models import AuditEntry, Household, ImportChunk, ImportRun, ImportState, PlaceSpan
from tests import make
from tests.fuzz.watch import tables
from tests.rosters import HOUSEHOLD_HEAD, checked, counts, name_of
from tests.workbooks import one_sheet

FULL = "database or disk is full"


def hamlets(number: int = 3) -> io.BytesIO:
    return one_sheet(
        ["Ấp", "Số tổ", "Quyết định"], *([f"Ấp Mới {n}", 2, "12/NQ-HĐND"] for n in range(number))
    )


def homes(land: make.Land, number: int = 3) -> io.BytesIO:
    return one_sheet(HOUSEHOLD_HEAD, *([n, name_of(land.hamlet), 1] for n in range(1, number + 1)))


@bookkeeping("a test lets a minute pass")
def silenced(run: ImportRun) -> None:
    ImportRun.objects.filter(pk=run.pk).update(heartbeat_at=None)


class Failing:
    """Every statement from the given one on fails, or that one alone."""

    def __init__(self, first: int, alone: bool) -> None:
        self.first, self.alone, self.number = first, alone, 0

    def __call__(self, execute: Callable[..., Any], *args: Any) -> Any:
        self.number += 1
        if self.number == self.first or (self.number > self.first and not self.alone):
            raise OperationalError(FULL)
        return execute(*args)


@contextmanager
def failing(first: int, *, alone: bool = True) -> Iterator[Failing]:
    wrapper = Failing(first, alone)
    with connection.execute_wrapper(wrapper):
        yield wrapper


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["households", "hamlets"])
def test_a_disk_that_is_full_while_a_file_is_taken_in_is_told_and_nothing_is_left_behind(kind, caplog):
    land = make.land()
    staff = make.commune_staff(land.commune)
    file = homes(land) if kind == "households" else hamlets()
    before, ended, first = tables(), set(), 1
    while True:
        with failing(first) as wrapper:
            try:
                run = checked(kind, staff, file)
            except RuleBroken as broken:
                assert broken.messages[0]
                ended.add("refused")
                run = ImportRun.objects.filter(state=ImportState.READING).last()
            except OperationalError:
                # Before anything of the file was looked at: who asks, and whether he may.
                assert not ImportRun.objects.filter(state=ImportState.READING).exists()
                run = None
        assert tables() == before
        if wrapper.number < first:
            break
        if run is not None:
            ended.add(run.state)
            assert run.state in (ImportState.FAILED, ImportState.READING, ImportState.READY)
            assert run.state != ImportState.FAILED or run.message
        if run is not None and run.state == ImportState.READING:
            silenced(run)
            assert engine.go_on(run)
            # Read to its end it is checked, else it has to be uploaded again.
            assert run.state == (ImportState.READY if run.rows_total else ImportState.FAILED)
        first += 3
    assert ended >= {"refused", ImportState.FAILED, ImportState.READING} and first > 20


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["households", "hamlets"])
def test_a_disk_that_is_full_while_rows_are_saved_leaves_nothing_by_half(kind, caplog):
    land = make.land()
    staff = make.commune_staff(land.commune)
    run = checked(kind, staff, homes(land) if kind == "households" else hamlets())
    before, first, tried = tables(), 1, 0
    while run.state != ImportState.APPLIED:
        with failing(first) as wrapper:
            try:
                engine.save(run=run, good_only=False, consent=True)
            except OperationalError:
                # Before the work began, or as it was told: what is saved is saved whole.
                tried += 1
        run.refresh_from_db()
        if run.state == ImportState.APPLIED:
            assert wrapper.number <= first
            break
        assert tables() == before
        assert not AuditEntry.objects.filter(import_id=run.pk).exists()
        if run.state == ImportState.APPLYING:
            silenced(run)
            assert engine.go_on(run)
            if run.state == ImportState.APPLIED:
                break
        assert run.state == ImportState.READY
        first, tried = first + 3, tried + 1
    assert tables() != before and tried > 5


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_gone_is_told_and_the_next_upload_goes_through(caplog):
    land = make.land()
    staff = make.commune_staff(land.commune)
    with failing(10_000) as counted:
        checked("households", staff, homes(land))
    with failing(counted.number // 2, alone=False), pytest.raises((RuleBroken, OperationalError)):
        checked("households", staff, homes(land))
    run = ImportRun.objects.latest("pk")
    assert run.state == ImportState.READING
    assert counts(checked("households", staff, homes(land))) == {"added": 3}


@pytest.mark.django_db
def test_an_upload_for_which_there_is_no_room_is_told(client, monkeypatch, settings, caplog):
    land = make.land()
    client.force_login(make.commune_staff(land.commune))
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10

    def full(*args: Any, **kwargs: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(TemporaryUploadedFile, "write", full)
    file = homes(land)
    file.name, _place = "a.xlsx", file.seek(0)
    typed = {"kind": "households", "since": "05/01/2022", "decree": "12/NQ-HĐND"}
    answer = client.post(reverse("reports:import_new"), {**typed, "file": file})
    assert answer.status_code == 200 and len(answer.context["form"].errors["file"]) == 1
    assert answer.context["form"]["decree"].value() == "12/NQ-HĐND"
    assert not ImportRun.objects.exists()


def test_no_process_for_reading_is_told(db, monkeypatch, caplog):
    land = make.land()

    def refused(*args: Any, **kwargs: Any) -> None:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", refused)
    run = checked("households", make.commune_staff(land.commune), homes(land))
    assert run.state == ImportState.FAILED and run.message and not run.chunks.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("tamper", ["cell", "number", "row_dropped", "chunk_dropped", "row_added"])
def test_rows_exchanged_between_preview_and_saving_are_not_saved(tamper):
    land = make.land()
    run = checked("households", make.commune_staff(land.commune), homes(land))
    before, shown = tables(), run.fingerprint
    tampered(run, tamper)
    engine.save(run=run, good_only=False, consent=True)
    assert run.state == ImportState.READY and run.message and run.fingerprint != shown
    assert tables() == before
    engine.save(run=run, good_only=False, consent=True)
    # What is saved is what the new preview shows.
    assert run.state == ImportState.APPLIED
    assert len(tables()) - len(before) == run.counts["added"]


def tampered(run: ImportRun, how: str) -> None:
    chunk = ImportChunk.objects.get(run=run)
    if how == "cell":
        chunk.rows[0][1]["number"] = 77
    elif how == "number":
        chunk.rows[0][0] = 99
    elif how == "row_dropped":
        del chunk.rows[1]
    elif how == "row_added":
        chunk.rows.append([9, {**chunk.rows[0][1], "number": 78}, ""])
    bookkeeping("a test tampers")(chunk.delete if how == "chunk_dropped" else chunk.save)()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_the_same_sheet_at_once_one_sees_a_new_preview():
    land = make.land()
    people = [make.commune_staff(land.commune) for _number in range(2)]
    for kind, file in (("households", homes(land)), ("hamlets", hamlets())):
        runs = [checked(kind, by, file) for by in people]
        before, together = len(tables()), Barrier(2)

        def save(run: ImportRun, together: Barrier = together) -> None:
            try:
                together.wait(20)
                engine.save(run=run, good_only=False, consent=True)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as threads:
            list(threads.map(save, runs))
        states = sorted((run.state, bool(run.message), run.counts["added"]) for run in runs)
        assert states == [(ImportState.APPLIED, False, 3), (ImportState.READY, True, 0)]
        assert next(run for run in runs if run.message).counts["unchanged"] == 3
        assert AuditEntry.objects.filter(deed="apply_import").count() == (1 if kind == "households" else 2)
        assert len(tables()) > before
    assert Household.objects.filter(code="001").count() == 1
    assert PlaceSpan.objects.filter(name="Mới 1").count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_preview_sent_twice_at_once_is_saved_once():
    land = make.land()
    run = checked("households", make.commune_staff(land.commune), homes(land))
    together = Barrier(2)

    def save(_number: int) -> None:
        try:
            same = ImportRun.objects.get(pk=run.pk)
            together.wait(20)
            engine.save(run=same, good_only=False, consent=True)
        except RuleBroken:
            pass
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(save, range(2)))
    assert Household.objects.filter(code="001").count() == 1
    assert AuditEntry.objects.filter(deed="apply_import", import_id=run.pk).count() == 1
