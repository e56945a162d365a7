"""The worker of the task queue takes large imports over, from the file that was read to the receipt."""

import pytest
from django.core.management import call_command

from portal.imports import engine
from portal.imports.kinds import kind_named
from portal.models import Household, ImportRun, ImportState
from tests import make
from tests.rosters import HOUSEHOLD_HEAD, name_of, scope
from tests.workbooks import one_sheet

pytestmark = pytest.mark.django_db(transaction=True)


def work(run: ImportRun) -> str:
    call_command("db_worker", "--batch", "--worker-id", "mau", "--no-startup-delay", "--interval", "0.1")
    run.refresh_from_db()
    return run.state


def test_the_worker_checks_and_saves_what_is_large(monkeypatch):
    land = make.land()
    monkeypatch.setattr(engine, "LARGE", 2)
    rows = [[number, name_of(land.hamlet), 1] for number in range(1, 6)]
    run = engine.take_in(
        kind=kind_named("households"),
        file=one_sheet(HOUSEHOLD_HEAD, *rows),
        file_name="Hộ.xlsx",
        scope=scope(make.commune_staff(land.commune)),
    )
    assert run.state == ImportState.READING
    assert work(run) == ImportState.READY
    engine.save(run=run, good_only=False, consent=False)
    assert run.state == ImportState.APPLYING and not Household.objects.filter(code="005").exists()
    assert work(run) == ImportState.APPLIED
    assert Household.objects.filter(code="005").exists()
