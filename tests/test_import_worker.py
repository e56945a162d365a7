"""The worker of the task queue takes large imports over, from the file that was read to the receipt."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from portal.actions.deed import RuleBroken
from portal.imports import engine, tasks
from portal.imports.kinds import kind_named
from portal.imports.undo import kept_obstacles
from portal.lookup import last_import
from portal.models import Household, ImportRun, ImportState
from tests import make
from tests.rosters import HOUSEHOLD_HEAD, imported, name_of, scope
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


@pytest.fixture
def many(monkeypatch):
    """A saved import that is large enough for the worker."""
    land = make.land()
    rows = [[number, name_of(land.hamlet), 1] for number in range(1, 6)]
    run = imported("households", make.commune_staff(land.commune), HOUSEHOLD_HEAD, *rows)
    monkeypatch.setattr(engine, "LARGE", 2)
    return run


def test_the_worker_takes_back_what_is_large(many):
    engine.undo(run=many)
    assert many.state == ImportState.UNDOING and Household.objects.filter(code="005").exists()
    assert work(many) == ImportState.UNDONE
    assert many.undone_by == many.by and not Household.objects.filter(code="005").exists()


def test_what_stands_in_the_way_of_the_worker_is_listed_and_all_stays_in_force(many, client):
    household = Household.objects.get(code="003")
    make.made(Household.objects.filter(pk=household.pk).update)(house_number="1/2")
    client.force_login(many.by)
    address = reverse("reports:import_undo", args=[many.pk])
    assert client.get(address).context["obstacles"] == []
    client.post(address)
    page = client.get(reverse("reports:import_run", args=[many.pk]))
    assert page.templates[0].name == "reports/import_working.html"
    assert work(many) == ImportState.APPLIED and many.message
    assert [(one.number, one.sheet) for one in kept_obstacles(many)] == [(4, "Sheet1")]
    assert Household.objects.filter(code="005").exists() and last_import(household) is not None
    page = client.get(address).content.decode()
    assert page.count("<form") >= 2 and "Sheet1, 4" in page
    # Once it is settled, it is tried again.
    make.made(Household.objects.filter(pk=household.pk).update)(house_number="")
    client.post(address)
    page = client.get(reverse("reports:import_run", args=[many.pk])).content.decode()
    assert "Đang hoàn tác" in page and "không còn hoàn tác được" not in page
    assert work(many) == ImportState.UNDONE and not many.message


def test_undoing_that_a_dead_worker_left_is_taken_over(many):
    engine.undo(run=many)
    assert not engine.go_on(many)
    make.made(ImportRun.objects.filter(pk=many.pk).update)(heartbeat_at=None)
    assert engine.go_on(many) and work(many) == ImportState.UNDONE
    # The first one wakes up after all.
    tasks.undo_import.func(many.pk)
    many.refresh_from_db()
    assert many.state == ImportState.UNDONE and not many.message


def test_of_two_who_undo_one_import_one_is_told_that_it_is_no_longer_in_force(many):
    engine.undo(run=many)
    with pytest.raises(RuleBroken):
        engine.undo(run=ImportRun.objects.get(pk=many.pk))
