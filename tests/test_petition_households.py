"""Which household had asked is dropped from the page when the work ends, and from the table some months later."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from hypothesis import given
from hypothesis import strategies as st

from assignments.actions import petition_aside, petition_groups, petitions
from assignments.actions.petition_households import forget_households
from assignments.models import Petition
from portal.actions.deed import bookkeeping
from portal.dates import months_back
from portal.models import AuditEntry
from tests import make

MONTHS = 6


class Scene:
    def __init__(self) -> None:
        self.land = make.land()
        self.staff = make.commune_staff(self.land.commune)
        self.body = make.agency(place=self.land.commune)
        self.household = make.household(self.land.groups[0], "HO-DAU-VET", self.land.province)
        self.petition = self.raised()

    def raised(self) -> Petition:
        return petitions.raise_petition(
            place=self.land.hamlet, topic="water", text="Thiếu nước", by=self.staff, household=self.household,
            consent=True,
        )  # fmt: skip

    def answer(self, answer: str) -> None:
        petitions.accept(petition=self.petition, agency=self.body, released="Thiếu nước", by=self.staff)
        petitions.answer(petition=self.petition, answer=answer, text="Đã xem", by=self.staff)

    def close(self) -> None:
        self.answer("solved")
        petitions.confirm_on_site(petition=self.petition, by=self.staff)
        petitions.close(petition=self.petition, by=self.staff)

    def link(self, petition=None):
        return Petition.objects.get(pk=(petition or self.petition).pk).household


@pytest.fixture
def scene(db):
    return Scene()


def forget(days_later: int) -> int:
    return forget_households(today=make.today() + timedelta(days=days_later), months=MONTHS)


def test_the_page_shows_the_household_until_the_work_ends(client, scene):
    client.force_login(scene.staff)
    url = reverse("assignments:petition", args=[scene.petition.uuid])
    assert "HO-DAU-VET" in client.get(url).content.decode()
    scene.close()
    assert "HO-DAU-VET" not in client.get(url).content.decode()
    assert scene.link() == scene.household


def end_outside(scene) -> None:
    petition_aside.set_outside(petition=scene.petition, reason="Việc khác", by=scene.staff)


def end_withdrawn(scene) -> None:
    petitions.withdraw(petition=scene.petition, reason="Nhầm", by=scene.staff)


@pytest.mark.parametrize(
    "end",
    [Scene.close, end_outside, end_withdrawn, lambda scene: scene.answer("explained"),
     lambda scene: scene.answer("not_solved")],
)  # fmt: skip
def test_the_row_forgets_after_six_months_and_not_before(scene, end):
    end(scene)
    assert forget(175) == 0 and scene.link() == scene.household
    assert forget(190) == 1 and scene.link() is None
    line = AuditEntry.objects.get(deed="forget_household")
    assert (line.row_id, line.place_id) == (scene.petition.pk, scene.petition.place_id)
    assert "HO-DAU-VET" not in str(line.facts) + line.row_name
    assert str(scene.household.pk) not in line.facts.values()
    assert forget(190) == 0


def test_while_work_goes_on_nothing_is_forgotten(scene):
    assert forget(4000) == 0
    scene.answer("solved")
    assert forget(4000) == 0
    assert scene.link() == scene.household


def test_what_is_joined_forgets_with_the_leading_one(client, scene):
    member = scene.raised()
    petition_groups.join(petition=scene.petition, members=[member], by=scene.staff)
    assert forget(4000) == 0
    scene.close()
    client.force_login(scene.staff)
    url = reverse("assignments:petition", args=[member.uuid])
    assert "HO-DAU-VET" not in client.get(url).content.decode()
    assert forget(190) == 2
    assert scene.link(member) is None


@bookkeeping("a test lets the time pass")
def close_long_ago(petition: Petition) -> None:
    Petition.objects.filter(pk=petition.pk).update(closed_on=make.today() - timedelta(days=400))


@pytest.mark.django_db(transaction=True)
def test_the_worker_forgets_and_asks_for_the_next_night():
    scene = Scene()
    scene.close()
    close_long_ago(scene.petition)
    call_command("nightly", verbosity=0)
    call_command("nightly", verbosity=0)
    nights = DBTaskResult.objects.filter(task_path="assignments.tasks.forget_households")
    assert nights.count() == 1
    call_command("db_worker", "--batch", "--worker-id", "mau", "--no-startup-delay", "--interval", "0.1")
    assert scene.link() is None
    waiting = nights.get(status="READY")
    assert waiting.run_after.date() > make.today() - timedelta(days=1)
    call_command("nightly", verbosity=0)
    assert nights.filter(status="READY").count() == 1


@given(st.dates(date(1950, 1, 1), date(2090, 12, 31)), st.integers(0, 60))
def test_months_back_is_never_later_and_never_skips_a_month(day, months):
    back = months_back(day, months)
    assert (day.year * 12 + day.month) - (back.year * 12 + back.month) == months
    assert back.day <= day.day
    assert back.day == day.day or (back + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    "day, expected",
    [(date(2028, 8, 31), date(2028, 2, 29)), (date(2027, 8, 31), date(2027, 2, 28)),
     (date(2028, 2, 29), date(2027, 8, 29)), (date(2027, 1, 31), date(2026, 7, 31))],
)  # fmt: skip
def test_six_months_back_over_leap_days_and_years(day, expected):
    assert months_back(day, 6) == expected
