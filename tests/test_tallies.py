"""The tallies say what the visits say, whatever was done to the visits."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from assignments.actions import tallies, visits
from assignments.models import Tally
from assignments.topics import Attendance, VisitKind
from portal.actions import places as deeds
from portal.actions.deed import bookkeeping
from portal.roles import Role
from tests import make
from tests.worlds import built_once

KINDS = [VisitKind.CELL_MEETING, VisitKind.GROUP_MEETING, VisitKind.FIELD_CHECK]
TAKINGS = [(Attendance.ATTENDED, ""), (Attendance.EXCUSED, "leave"), (Attendance.ABSENT, "")]
# (what is done, which visit, kind, place, how each cadre took part)
STEPS = st.tuples(
    st.sampled_from(["log", "correct", "withdraw"]),
    st.integers(0, 5),
    st.sampled_from(KINDS),
    st.integers(0, 3),
    st.lists(st.sampled_from(TAKINGS), min_size=1, max_size=3),
)


class Whatever(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.land = land = make.land()
        targets = (land.hamlet, land.groups[0], land.sibling)
        cls.cadres = [make.following_cadre(target, land.commune) for target in targets]
        cls.organiser = make.person(Role.ORGANISER, land.province)

    @settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
    @given(steps=st.lists(STEPS, max_size=8))
    def test_any_sequence_of_deeds_leaves_the_tallies_in_agreement(self, steps):
        land, cadres, organiser = self.land, self.cadres, self.organiser
        targets = [land.hamlet, land.groups[0], land.commune, land.sibling_group]
        logged = []
        for deed, which, kind, where, takings in steps:
            persons = [(who, *taking) for who, taking in zip(cadres, takings, strict=False)]
            if deed == "log" or not logged:
                logged.append(make.visit(cadres[0], targets[where], kind=kind, persons=persons))
                continue
            visit = logged[which % len(logged)]
            if deed == "correct":
                visits.correct_visit(
                    visit=visit, reason="Mẫu", day=make.today() - timedelta(days=which * 9), kind=kind,
                    place=targets[where], persons=persons, by=organiser,
                )  # fmt: skip
            else:
                visits.withdraw_visit(visit=visit, reason="Mẫu", by=organiser)
                logged.remove(visit)
        assert tallies.differences() == []
        before = tallies.stored()
        tallies.rebuild()
        assert tallies.stored() == before


pytestmark = pytest.mark.django_db


world, land = built_once("land", make.land)


def test_a_visit_is_counted_once_and_each_cadre_too(land):
    one, two = (make.following_cadre(land.hamlet, land.commune) for _ in range(2))
    make.visit(one, land.groups[0], persons=[(one,), (two, Attendance.EXCUSED, "study")])
    rows = {row.attendance: (row.visits, row.persons) for row in Tally.objects.all()}
    assert rows == {"attended": (1, 1), "excused": (0, 1)}
    assert {(row.hamlet_id, row.commune_id) for row in Tally.objects.all()} == {
        (land.hamlet.pk, land.commune.pk)
    }


def test_a_visit_to_a_commune_is_tallied_under_the_commune_itself(land):
    make.visit(make.following_cadre(land.commune, land.commune), land.commune)
    assert Tally.objects.get().hamlet == land.commune


def test_withdrawn_visits_are_not_counted(land):
    who = make.following_cadre(land.hamlet, land.commune)
    visits.withdraw_visit(visit=make.visit(who, land.hamlet), reason="Nhầm", by=who.user)
    assert tallies.stored() == {} == tallies.counted()


def test_a_visit_is_counted_where_its_hamlet_lay_on_its_day(land):
    who = make.following_cadre(land.hamlet, land.commune)
    visit = make.visit(who, land.hamlet)
    decree, moved = make.decree(), make.today() - timedelta(days=1)
    deeds.move_place(place=land.hamlet, parent=land.sibling, on=moved, decree=decree, by=make.clerk())
    changed = tallies.differences()
    assert {each.key.commune_id for each in changed} == {land.commune.pk, land.sibling.pk}
    assert tallies.recount() == 2
    assert tallies.differences() == []
    assert Tally.objects.exclude(visits=0).get().commune == land.sibling
    assert visit.day == make.today()


def test_the_command_agrees_or_lists_what_differs(land):
    make.visit(make.following_cadre(land.hamlet, land.commune), land.hamlet)
    out = StringIO()
    call_command("tallies", check=True, json=True, stdout=out)
    assert json.loads(out.getvalue()) == {"agree": True, "differences": []}
    bookkeeping("a test")(Tally.objects.update)(visits=7)
    out = StringIO()
    with pytest.raises(CommandError) as stopped:
        call_command("tallies", check=True, stdout=out)
    assert stopped.value.returncode == 1
    assert "stored 7 visits" in out.getvalue()
    call_command("tallies", rebuild=True, stdout=StringIO())
    assert tallies.differences() == []


def test_half_months_begin_on_the_first_and_on_the_fifteenth(land):
    who = make.following_cadre(land.hamlet, land.commune)
    key = {"visit": make.visit(who, land.hamlet), "persons": [], "lies_in": {}}
    key["visit"].day = date(2026, 2, 14)
    assert tallies.amounts(key["visit"], who.visits.all(), {})[1].most_common()[0][0].half == date(2026, 2, 1)
    key["visit"].day = date(2026, 2, 15)
    assert tallies.amounts(key["visit"], who.visits.all(), {})[1].most_common()[0][0].half == date(
        2026, 2, 15
    )
