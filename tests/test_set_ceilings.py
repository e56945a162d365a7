"""The ceiling of a group set by a document: reckoned and set stand beside each other, and no grade changes by it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from portal.actions.decrees import record_decree
from portal.actions.deed import RuleBroken
from portal.levels import OrgKind
from portal.models import AuditEntry
from portal.roles import Role
from reports.actions.ceilings import set_ceiling, withdraw_ceiling
from reports.actions.grading import Decided, decide_grades, lock_round, open_round, unlock_round
from reports.actions.review_rounds import open_review_round
from reports.graded_periods import GradedPeriod
from reports.grades import Base, Counts, Rounding, ceiling
from reports.models import Evaluation, ExcellenceCap, Review, SetCeiling
from reports.round_tables import RoundTable
from reports.standing import table_of
from tests import make
from tests.make import signed_in
from tests.review_scene import scheme
from tests.worlds import built_once

REASON = "Hai chi bộ dẫn đầu phong trào (mẫu)"


class Scene:
    """Ten cells under one committee, three of them EXCELLENT: two are allowed by the rule, 20% of all graded."""

    def __init__(self) -> None:
        self.land = make.land()
        make.made(ExcellenceCap.objects.create)(
            scheme=scheme(), percent=20, base="all_graded", grouping="superior", rounding="floor"
        )
        self.committee, self.year = self.land.committee, make.today().year
        self.organiser = make.person(Role.ORGANISER, self.land.commune)
        self.cells = [
            self.land.cell, *(make.org(parent=self.committee, place=self.land.hamlet) for _n in range(9))
        ]  # fmt: skip
        grades = ["excellent"] * 3 + ["good"] * 6 + ["met"]
        rows = [Decided(org, grade=grade) for org, grade in zip(self.cells, grades, strict=True)]
        decide_grades(period=GradedPeriod(self.year), rows=rows, by=make.clerk())
        self.round = open_round(year=self.year, place=self.land.commune, by=self.organiser)

    def set(self, **changes):
        day = date(self.year, 11, 3)
        told = {
            "round": self.round, "family": "cells", "superior_id": self.committee.pk, "number": 3, "reason": REASON,
            "decree": record_decree(number="88-CV/ĐU (mẫu)", signed=day, by=make.clerk()), "by": self.organiser,
        }  # fmt: skip
        return set_ceiling(**{**told, **changes})

    @property
    def row(self):
        return RoundTable(self.round, family="cells").rows()[0]

    def address(self, rest=""):
        return f"/danh-gia/{self.round.pk}/{rest}"


world, scene = built_once("scene", Scene)
db = pytest.mark.django_db


def entry_of(scene):
    return scene.address(f"tran/cells/{scene.committee.pk}/")


TYPED = {"allowed": "3", "reason": REASON, "number": "88-CV/ĐU (mẫu)", "signed": "03/11/2025"}
numbers = st.integers(0, 300)


@given(
    numbers,
    numbers,
    numbers,
    st.sampled_from(list(Base)),
    st.sampled_from(list(Rounding)),
    st.booleans(),
    numbers,
)
def test_a_number_set_changes_nothing_of_what_is_reckoned_and_is_what_is_warned_by(
    xs, good, met, base, rounding, min_one, number
):
    counts = Counts(excellent=xs, good=good, met=met)
    asked = {"base": base, "percent": Decimal(20), "rounding": rounding, "min_one": min_one}
    plain = ceiling(counts, **asked)
    found = ceiling(counts, **asked, set_to=number)
    assert replace(found, set_to=None) == plain and found.limit == plain.limit
    assert plain.allowed == plain.limit and plain.over == max(0, xs - plain.limit)
    assert found.allowed == number and found.over == max(0, xs - number)


@db
def test_the_number_set_stands_beside_the_reckoned_one_and_changes_no_grade(scene):
    assert (scene.row.ceiling.limit, scene.row.ceiling.over) == (2, 1)
    grades = list(Evaluation.objects.order_by("pk").values())
    scene.set()
    row = scene.row
    assert (row.ceiling.limit, row.ceiling.allowed, row.ceiling.over) == (2, 3, 0)
    assert RoundTable(scene.round, family="cells").over == 0
    assert list(Evaluation.objects.order_by("pk").values()) == grades
    line = AuditEntry.objects.get(deed="set_ceiling")
    assert (line.facts["number"], line.facts["reckoned"], line.facts["reason"]) == (3, 2, REASON)
    assert line.by_id == scene.organiser.pk


@db
def test_a_stricter_number_warns_where_the_reckoned_one_did_not(scene):
    scene.set(number=1)
    assert scene.row.ceiling.over == 2
    shown = signed_in(scene.organiser).get(scene.address()).content.decode()
    assert "Vượt 2" in shown or "Over by 2" in shown


@db
@pytest.mark.parametrize(
    "changes",
    [{"number": 2}, {"number": 11}, {"number": -1}, {"reason": " "}, {"decree": None}, {"family": "committees"},
     {"family": "nonsense"}, {"superior_id": 0}, {"reason": "Theo CCCD 079083001234 (mẫu)"}],
)  # fmt: skip
def test_what_is_incomplete_or_sets_nothing_is_refused(scene, changes):
    with pytest.raises(RuleBroken):
        scene.set(**changes)
    assert not SetCeiling.objects.exists()


@db
def test_of_two_numbers_for_a_group_the_second_is_refused_until_the_first_is_withdrawn(scene):
    first = scene.set()
    with pytest.raises(RuleBroken):
        scene.set(number=4)
    withdraw_ceiling(ceiling=first, reason="Nhập nhầm (mẫu)", by=scene.organiser)
    assert (scene.row.set, scene.row.ceiling.over) == (None, 1)
    with pytest.raises(RuleBroken):
        withdraw_ceiling(ceiling=first, reason="Lần nữa (mẫu)", by=scene.organiser)
    scene.set(number=4)
    assert scene.row.ceiling.allowed == 4 and SetCeiling.objects.count() == 2
    kept = SetCeiling.objects.get(pk=first.pk)
    assert (kept.number, kept.withdrawn_by) == (3, scene.organiser)
    assert AuditEntry.objects.get(deed="withdraw_ceiling").facts["reason"] == "Nhập nhầm (mẫu)"


@db
def test_a_withdrawal_says_why(scene):
    with pytest.raises(RuleBroken):
        withdraw_ceiling(ceiling=scene.set(), reason="  ", by=scene.organiser)
    assert scene.row.set is not None


@db
def test_a_locked_round_keeps_what_was_set_and_refuses_both(scene):
    made = scene.set()
    rest = [Decided(scene.committee, grade="good")]
    decide_grades(period=GradedPeriod(scene.year), rows=rest, by=make.clerk())
    lock_round(round=scene.round, by=scene.organiser)
    scene.round.refresh_from_db()
    assert scene.round.snapshot["set_ceilings"][0]["number"] == 3
    with pytest.raises(RuleBroken):
        withdraw_ceiling(ceiling=made, reason="Muộn (mẫu)", by=scene.organiser)
    with pytest.raises(RuleBroken):
        scene.set(family="committees")
    # A larger round of the year is open still, and the group lies in the locked one.
    larger = open_round(year=scene.year, place=scene.land.province, by=make.clerk())
    with pytest.raises(RuleBroken):
        scene.set(round=larger, number=4)
    assert scene.row.ceiling.allowed == 3
    unlock_round(round=scene.round, reason="Sai sót (mẫu)", by=scene.organiser)
    withdraw_ceiling(ceiling=made, reason="Sai sót (mẫu)", by=scene.organiser)
    assert scene.row.set is None


@db
def test_a_round_locked_before_numbers_could_be_set_still_shows(scene):
    table = {name: value for name, value in table_of(scene.round).items() if name != "set_ceilings"}
    make.made(type(scene.round).objects.update)(state="locked", snapshot=table, locked_at="2025-01-01T00:00Z")
    scene.round.refresh_from_db()
    assert scene.row.ceiling.over == 1
    assert signed_in(scene.organiser).get(scene.address()).status_code == 200


@db
def test_once_a_result_of_the_group_is_announced_it_is_refused(scene):
    made = scene.set()
    make.made(Review.objects.create)(round=scene.round, org=scene.cells[4], state="announced")
    for deed in (
        lambda: withdraw_ceiling(ceiling=made, reason="Muộn (mẫu)", by=scene.organiser),
        lambda: scene.set(number=5),
    ):
        with pytest.raises(RuleBroken) as refused:
            deed()
        assert len(refused.value.messages) == 1
    shown = signed_in(scene.organiser).get(scene.address()).content.decode()
    assert scene.address(f"tran/{made.pk}/rut/") not in shown and REASON in shown


@db
def test_a_larger_round_shares_the_number_and_one_with_a_part_of_the_group_neither_shows_nor_sets_it(scene):
    scene.set()
    larger = open_round(year=scene.year, place=scene.land.province, by=make.clerk())
    row = next(one for one in RoundTable(larger, family="cells").rows() if one.key == scene.committee.pk)
    assert (row.ceiling.allowed, row.ceiling.over) == (3, 0)
    # A cell of the same committee that sits in the commune beside: the group is no longer whole here.
    make.org(parent=scene.committee, place=scene.land.sibling_hamlet)
    assert scene.row.set is None
    make.made(SetCeiling.objects.all().delete)()
    with pytest.raises(RuleBroken):
        scene.set()
    scene.set(round=larger)


@db
def test_the_organiser_sets_and_withdraws_on_the_page_which_says_who_when_and_why(scene):
    client = signed_in(scene.organiser)
    assert entry_of(scene) in client.get(scene.address()).content.decode()
    lacking = client.post(entry_of(scene), {**TYPED, "number": ""})
    assert lacking.status_code == 200 and not SetCeiling.objects.exists()
    assert client.post(entry_of(scene), TYPED).status_code == 302
    made = SetCeiling.objects.get()
    assert (made.number, made.decree.number) == (3, "88-CV/ĐU (mẫu)")
    shown = client.get(scene.address()).content.decode()
    for told in (REASON, "88-CV/ĐU (mẫu)", "03/11/2025", str(scene.organiser)):
        assert told in shown
    assert entry_of(scene) not in shown and "gd-note-soon" not in shown
    away = scene.address(f"tran/{made.pk}/rut/")
    assert away in shown and "88-CV/ĐU (mẫu)" in client.get(away).content.decode()
    assert client.post(away, {"reason": ""}).status_code == 200
    assert client.post(away, {"reason": "Nhập nhầm (mẫu)"}).status_code == 302
    assert scene.row.set is None and client.get(away).status_code == 404


@db
def test_a_looker_on_reads_it_and_is_offered_nothing_and_a_stranger_gets_nothing(scene):
    made = scene.set()
    away = scene.address(f"tran/{made.pk}/rut/")
    viewer = signed_in(make.person(Role.VIEWER, scene.land.commune))
    shown = viewer.get(scene.address()).content.decode()
    assert REASON in shown and away not in shown
    assert viewer.get(away).status_code == viewer.post(entry_of(scene), TYPED).status_code == 403
    stranger = signed_in(make.person(Role.ORGANISER, make.land().commune))
    for url in (away, entry_of(scene)):
        answer = stranger.post(url, TYPED)
        assert answer.status_code == 404 and REASON not in answer.content.decode()
    assert scene.row.ceiling.allowed == 3


@db
def test_the_ceiling_of_a_committee_itself_is_set_above_and_not_by_its_own_office(scene):
    above = make.org(OrgKind.PROVINCIAL, place=scene.land.province, name="Đảng bộ tỉnh (mẫu)")
    make.made(type(scene.committee.spans.get()).objects.filter(org=scene.committee).update)(parent=above)
    decide_grades(
        period=GradedPeriod(scene.year), rows=[Decided(scene.committee, grade="excellent")], by=make.clerk()
    )
    url = scene.address(f"tran/committees/{above.pk}/")
    assert signed_in(scene.organiser).post(url, {**TYPED, "allowed": "1"}).status_code == 404
    larger = open_round(year=scene.year, place=scene.land.province, by=make.clerk())
    office = signed_in(make.person(Role.ORGANISER, scene.land.province))
    url = f"/danh-gia/{larger.pk}/tran/committees/{above.pk}/"
    assert office.post(url, {**TYPED, "allowed": "1"}).status_code == 302
    assert SetCeiling.objects.get().superior_id == above.pk


@db
def test_the_page_of_a_round_asks_as_many_questions_for_one_number_set_as_for_many(scene):
    client, asked = signed_in(scene.organiser), []
    client.get(scene.address())
    for number in (1, 10):
        for _n in range(number):
            body = make.org(OrgKind.GRASSROOTS_BODY, scene.committee, scene.land.commune)
            make.org(parent=body, place=scene.land.hamlet)
            scene.set(superior_id=body.pk, number=1)
        with CaptureQueriesContext(connection) as queries:
            client.get(scene.address())
        asked.append(len(queries))
    assert len(set(asked)) == 1, asked


@db
def test_a_round_with_steps_takes_a_number_until_its_results_are_announced(scene):
    other = make.land()
    office = make.person(Role.ORGANISER, other.commune)
    round = open_review_round(year=scene.year, place=other.commune, by=office)
    made = set_ceiling(
        round=round, family="cells", superior_id=other.committee.pk, number=1, reason=REASON,
        decree=make.decree(), by=office,
    )  # fmt: skip
    assert RoundTable(round, family="cells").rows()[0].set.pk == made.pk
