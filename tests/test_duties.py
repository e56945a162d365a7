"""The 11 duties: loaded once, unconfirmed until a document is entered, reworded from a day on."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from assignments.actions import duties
from assignments.models import AssignmentScheme, Duty, DutyNorm, Rung
from portal.actions.deed import RuleBroken
from portal.roles import Role
from tests import make
from tests.visit_scene import Scene, page, send

pytestmark = pytest.mark.django_db


def load():
    out = StringIO()
    call_command("load_rules", json=True, stdout=out)
    return json.loads(out.getvalue())


def test_the_rules_are_loaded_once():
    first = {
        "duties": 11,
        "schemes": 2,
        "rungs": 6,
        "norms": 2,
        "answer_norms": 3,
        "holidays": 32,
        "meeting_sheets": 1,
        "fact_kinds": 24,
        "terms": 24,
        "topic_bodies": 19,
    }
    assert load() == first
    assert load() == dict.fromkeys(first, 0)
    assert [Duty.objects.filter(group=group).count() for group in ("grasp", "give", "check")] == [4, 4, 3]
    assert Duty.objects.filter(decree=None, since=date(2016, 5, 18)).count() == 11
    assert list(Duty.objects.filter(writes=False).values_list("code", flat=True)) == ["NAM-3"]


def test_the_motto_changes_with_the_end_of_the_districts():
    load()
    before = AssignmentScheme.objects.current(date(2025, 6, 30)).get()
    after = AssignmentScheme.objects.current(date(2025, 7, 1)).get()
    rungs = {
        scheme: set(Rung.objects.filter(scheme=scheme).values_list("tier", "level"))
        for scheme in (before, after)
    }
    assert rungs[before] == {("province", "commune"), ("district", "hamlet"), ("commune", "group")}
    assert rungs[after] == {("province", "commune"), ("commune", "hamlet"), ("commune", "group")}
    norms = DutyNorm.objects.current(date(2025, 7, 1)).values_list("tier", "level", "kind", "per_month")
    assert list(norms) == [("commune", "hamlet", "cell", 1)]


def test_a_document_confirms_the_duties_chosen():
    load()
    chosen = Duty.objects.filter(group="grasp")
    duties.confirm_duties(duties=chosen, number="15-KH/TU (mẫu)", signed=date(2026, 1, 5), by=make.clerk())
    assert Duty.objects.filter(decree__number="15-KH/TU (mẫu)").count() == 4


def test_a_new_wording_holds_from_its_day_and_is_not_confirmed():
    load()
    duty = Duty.objects.get(code="GOP-1")
    duties.confirm_duties(duties=[duty], number="15-KH/TU (mẫu)", signed=date(2026, 1, 5), by=make.clerk())
    new = duties.change_wording(duty=duty, label="Góp ý mẫu", since=date(2026, 3, 1), by=make.clerk())
    assert new.decree is None and new.since == date(2026, 3, 1)
    assert Duty.objects.current(date(2026, 2, 28)).get(code="GOP-1").label == duty.label
    assert Duty.objects.current(date(2026, 3, 1)).get(code="GOP-1").label == "Góp ý mẫu"
    assert Duty.objects.current(date(2026, 3, 1)).count() == 11
    with pytest.raises(RuleBroken):
        duties.change_wording(duty=duty, label="Lần nữa", since=date(2026, 4, 1), by=make.clerk())
    with pytest.raises(RuleBroken):
        duties.change_wording(duty=new, label="Lùi lại", since=date(2026, 3, 1), by=make.clerk())


def test_only_an_organiser_confirms_and_rewords_the_duties(client):
    scene = Scene()
    organiser = make.person(Role.ORGANISER, scene.land.province)
    steward = make.person(Role.STEWARD, scene.land.province)
    url, confirm = reverse("assignments:duties"), reverse("assignments:duties_confirm")
    assert scene.duty.label in page(client, scene.cadre.user, url)
    client.force_login(steward)
    assert client.get(confirm).status_code == 403
    posted = {
        "number": "15-KH/TU (mẫu)",
        "signed": "05/01/2026",
        "duties": [scene.duty.pk, scene.internal.pk],
    }
    assert send(client, organiser, posted, confirm).status_code == 302
    scene.duty.refresh_from_db()
    assert scene.duty.decree.number == "15-KH/TU (mẫu)"
    wording = reverse("assignments:duty_wording", args=[scene.duty.pk])
    send(client, organiser, {"label": "Nắm theo cách mới", "since": f"{make.today():%d/%m/%Y}"}, wording)
    assert "Nắm theo cách mới" in page(client, scene.cadre.user, url)
