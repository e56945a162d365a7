"""The groups on which a ceiling is reckoned are those its rule names: each superior, or the whole round."""

from dataclasses import asdict
from decimal import Decimal
from types import SimpleNamespace
from unittest import mock

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from portal.actions.deed import RuleBroken
from portal.models import AuditEntry
from portal.roles import Role
from reports import round_tables
from reports.actions.ceilings import set_ceiling, withdraw_ceiling
from reports.actions.grading import Decided, decide_grades, lock_round, open_round
from reports.documents.ceiling import ceiling_paper
from reports.documents.reviews import results_notice
from reports.graded_periods import GradedPeriod
from reports.grades import Base, Counts, Grouping, Rounding
from reports.models import Evaluation, ExcellenceCap, Review, SetCeiling
from reports.round_tables import RoundTable
from tests import make
from tests.make import signed_in
from tests.review_scene import scheme
from tests.worlds import built_once

REASON = "Cả xã dẫn đầu phong trào (mẫu)"

# Without a database ------------------------------------------------------------------------------------

numbers = st.integers(0, 60)
counts = st.builds(
    Counts, excellent=numbers, good=numbers, met=numbers, failed=numbers, left_out=numbers, waiting=numbers
)
groups = st.dictionaries(st.integers(1, 50), counts, min_size=1, max_size=12)


def table_of_groups(
    under, *, grouping, base="all_graded", rounding="floor", min_one=False, by="", set_numbers=()
):
    """A round's table as it is kept, with one family; no row is read."""
    cap = ExcellenceCap(percent=Decimal(20), base=base, grouping=grouping, rounding=rounding, min_one=min_one)
    whole = sum(under.values(), Counts())
    rows = [{"key": key, "name": f"Đảng ủy {key}", "counts": asdict(one)} for key, one in under.items()]
    kept = {
        "families": [{"family": "cells", "counts": asdict(whole), "groups": {"superior": rows, "commune": rows}}],
        "lines": [], "set_ceilings": list(set_numbers),
    }  # fmt: skip
    with mock.patch.object(round_tables, "cap_in", return_value=cap):
        return RoundTable(
            SimpleNamespace(scheme=None, period=GradedPeriod(2026)), family="cells", by=by, table=kept
        )


def set_number(superior, number):
    told = {"pk": 1, "family": "cells", "reason": REASON, "decree": "8", "signed": "", "by": "x"}
    return {**told, "superior": superior, "number": number, "at": "2026-11-03T08:00:00+00:00"}


@given(groups, st.sampled_from(list(Base)), st.sampled_from(list(Rounding)), st.booleans())
def test_each_value_of_the_grouping_makes_the_groups_it_says(under, base, rounding, min_one):
    asked = {"base": base, "rounding": rounding, "min_one": min_one}
    each = table_of_groups(under, grouping=Grouping.SUPERIOR, **asked).capped_rows()
    assert [(row.key, row.counts) for row in each] == list(under.items())
    (whole,) = table_of_groups(under, grouping=Grouping.ALL, **asked).capped_rows()
    assert (whole.key, whole.counts) == (None, sum(under.values(), Counts()))
    assert whole.ceiling.base_count == sum(row.ceiling.base_count for row in each)
    if not min_one:
        limits = sum(row.ceiling.limit for row in each)
        if rounding == Rounding.FLOOR:
            assert limits <= whole.ceiling.limit
        if rounding == Rounding.CEIL:
            assert limits >= whole.ceiling.limit


@given(
    groups, st.sampled_from(list(Grouping)), st.sampled_from(["", "superior", "commune", "all", "nonsense"])
)
def test_the_warning_does_not_depend_on_what_is_looked_at(under, grouping, by):
    table = table_of_groups(under, grouping=grouping, by=by)
    over = sum(row.ceiling.over > 0 for row in table.capped_rows())
    assert table.over == over
    assert all((row.ceiling is not None) == table.is_capped for row in table.rows())
    assert table.is_capped == (table.by == grouping)
    assert (Grouping.ALL.value in table.groupings) == (grouping == Grouping.ALL)


@given(groups, numbers)
def test_a_number_set_for_one_kind_of_group_never_holds_for_the_other(under, number):
    first = next(iter(under))
    both = [set_number(None, number), set_number(first, number)]
    each = table_of_groups({**under, None: Counts(good=5)}, grouping=Grouping.SUPERIOR, set_numbers=both)
    assert [row.key for row in each.set_numbers] == [first]
    whole = table_of_groups(under, grouping=Grouping.ALL, set_numbers=both)
    assert [(row.key, row.ceiling.allowed) for row in whole.set_numbers] == [(None, number)]
    ruled = {one.base: one for one in whole.bases}
    assert ruled[Base.ALL_GRADED].allowed == number and ruled[Base.GOOD_ONLY].set_to is None


# Domain notes §9: Kiến Xương 2022, 449 cells; Bình Định, 13 cells in one commune.
KIEN_XUONG = {1: Counts(excellent=40, good=160, met=19), 2: Counts(excellent=50, good=158, met=19, failed=3)}


@pytest.mark.parametrize(
    ("base", "rounding", "limit"),
    [("all_graded", "floor", 89), ("all_graded", "half_up", 90), ("all_graded", "ceil", 90),
     ("good_only", "floor", 63), ("good_or_better", "floor", 81)],
)  # fmt: skip
def test_the_449_cells_of_kien_xuong_as_one_group(base, rounding, limit):
    table = table_of_groups(KIEN_XUONG, grouping=Grouping.ALL, base=base, rounding=rounding)
    (row,) = table.capped_rows()
    assert (row.counts.graded, row.ceiling.limit, row.ceiling.over) == (449, limit, 90 - limit)


@pytest.mark.parametrize(("rounding", "limit"), [("floor", 2), ("half_up", 3), ("ceil", 3)])
def test_rounding_decides_in_a_group_of_13_under_one_superior(rounding, limit):
    under = {1: Counts(excellent=3, good=10), 2: Counts(excellent=0, good=13)}
    each = table_of_groups(under, grouping=Grouping.SUPERIOR, rounding=rounding).capped_rows()
    assert [row.ceiling.limit for row in each] == [limit, limit]
    (whole,) = table_of_groups(under, grouping=Grouping.ALL, rounding=rounding).capped_rows()
    # 5,2 of 26: three are over under one superior where it is rounded down, and never in the whole.
    assert whole.ceiling.over == 0 and each[0].ceiling.over == 3 - limit


# With one ----------------------------------------------------------------------------------------------


class Scene:
    """Two bodies of five cells each: all three EXCELLENT are under the first; 20% of ten together is two."""

    def __init__(self, grouping: str = "all") -> None:
        self.land = make.land()
        self.cap = make.made(ExcellenceCap.objects.create)(
            scheme=scheme(), percent=20, base="all_graded", grouping=grouping, rounding="floor"
        )
        self.year = make.today().year
        self.organiser = make.person(Role.ORGANISER, self.land.commune)
        commune = self.land.commune
        self.bodies = [make.org("grassroots_body", self.land.committee, commune) for _n in range(2)]
        cells = [make.org(parent=body, place=self.land.hamlet) for body in self.bodies for _n in range(5)]
        grades = ["excellent"] * 3 + ["good"] * 7
        rows = [Decided(org, grade=grade) for org, grade in zip(cells, grades, strict=True)]
        decide_grades(
            period=GradedPeriod(self.year),
            rows=[*rows, Decided(self.land.cell, left_out="new")],
            by=make.clerk(),
        )
        self.cells = cells
        self.round = open_round(year=self.year, place=commune, by=self.organiser)

    def set(self, **changes):
        told = {
            "round": self.round, "family": "cells", "superior_id": None, "number": 3, "reason": REASON,
            "decree": make.decree(), "by": self.organiser,
        }  # fmt: skip
        return set_ceiling(**{**told, **changes})

    @property
    def table(self):
        return RoundTable(self.round, family="cells")

    def address(self, rest=""):
        return f"/danh-gia/{self.round.pk}/{rest}"


world, scene = built_once("scene", Scene)
db = pytest.mark.django_db
TYPED = {"allowed": "3", "reason": REASON, "number": "88-CV/ĐU (mẫu)", "signed": "03/11/2025"}


@db
def test_the_page_and_its_warning_follow_the_grouping_of_the_rule(scene):
    client = signed_in(scene.organiser)
    (row,) = scene.table.rows()
    assert (row.key, row.ceiling.limit, row.ceiling.over) == (None, 2, 1)
    shown = client.get(scene.address()).content.decode()
    assert "Cả đợt vượt" in shown and "Vượt 1" in shown
    assert reverse("reports:ceiling_set", args=[scene.round.pk, "cells", 0]) in shown
    # By superior or by commune the same is warned of, and no group has a ceiling of its own.
    for by in ("superior", "commune"):
        other = client.get(scene.address(), {"by": by, "family": "cells"}).content.decode()
        assert "Cả đợt vượt" in other and "/tran/cells/" not in other
    make.made(ExcellenceCap.objects.update)(grouping="superior")
    rows = scene.table.rows()
    assert {(row.key, row.ceiling.limit, row.ceiling.over) for row in rows if row.key in
            {body.pk for body in scene.bodies}} == {(scene.bodies[0].pk, 1, 2), (scene.bodies[1].pk, 1, 0)}  # fmt: skip
    shown = client.get(scene.address()).content.decode()
    assert "Cả đợt vượt" not in shown and "Vượt 2" in shown


@db
def test_the_control_table_has_a_line_for_each_group_of_the_rule(scene):
    control = ceiling_paper(scene.round, "Xã Mẫu").sheets[0]
    (row,) = control.rows
    assert row[1] == "Cả đợt" and (row[2], row[4], row[5]) == (10, 2, 3)
    assert "cả đợt" in ceiling_paper(scene.round, "Xã Mẫu").basis
    assert len(results_notice(scene.round, "Xã Mẫu").sheets[0].rows) == 3 + 1
    make.made(ExcellenceCap.objects.update)(grouping="superior")
    control = ceiling_paper(scene.round, "Xã Mẫu").sheets[0]
    assert [row[4] for row in control.rows if row[2]] == [1, 1]


@db
def test_a_number_is_set_for_the_whole_round_and_withdrawn_again(scene):
    client, grades = signed_in(scene.organiser), list(Evaluation.objects.order_by("pk").values())
    url = reverse("reports:ceiling_set", args=[scene.round.pk, "cells", 0])
    assert "Cả đợt" in client.get(url).content.decode()
    assert client.post(url, TYPED).status_code == 302
    made = SetCeiling.objects.get()
    assert (made.superior_id, made.number, scene.table.over) == (None, 3, 0)
    assert list(Evaluation.objects.order_by("pk").values()) == grades
    line = AuditEntry.objects.get(deed="set_ceiling")
    assert line.facts["group"] == "all" and (line.facts["number"], line.facts["reckoned"]) == (3, 2)
    shown = client.get(scene.address()).content.decode()
    assert REASON in shown and url not in shown and "gd-note-soon" not in shown
    sheet = ceiling_paper(scene.round, "Xã Mẫu").sheets[0]
    assert sheet.rows[0][1] == "Cả đợt (1)" and REASON in sheet.notes[0]
    away = reverse("reports:ceiling_withdraw", args=[scene.round.pk, made.pk])
    assert away in shown
    assert client.post(away, {"reason": "Nhập nhầm (mẫu)"}).status_code == 302
    assert scene.table.set_numbers == [] and scene.table.over == 1
    assert AuditEntry.objects.get(deed="withdraw_ceiling").facts["group"] == "all"


@db
def test_only_the_groups_of_the_rule_take_a_number(scene):
    for wrong in ({"superior_id": scene.bodies[0].pk, "number": 2}, {"family": "nonsense"}, {"number": 2}):
        with pytest.raises(RuleBroken):
            scene.set(**wrong)
    url = reverse("reports:ceiling_set", args=[scene.round.pk, "cells", scene.bodies[0].pk])
    assert signed_in(scene.organiser).get(url).status_code == 404
    make.made(ExcellenceCap.objects.update)(grouping="superior")
    with pytest.raises(RuleBroken):
        scene.set()
    url = reverse("reports:ceiling_set", args=[scene.round.pk, "cells", 0])
    assert signed_in(scene.organiser).get(url).status_code == 404
    assert not SetCeiling.objects.exists()


@db
def test_the_database_holds_one_number_for_a_whole_round_at_a_time(scene):
    first = scene.set()
    with pytest.raises(RuleBroken):
        scene.set(number=4)
    twin = {name: getattr(first, name) for name in ("round", "family", "reason", "decree", "by", "at")}
    with pytest.raises(IntegrityError), transaction.atomic():
        make.made(SetCeiling.objects.create)(**twin, number=4)
    withdraw_ceiling(ceiling=first, reason="Nhập nhầm (mẫu)", by=scene.organiser)
    scene.set(number=4)
    assert SetCeiling.objects.count() == 2 and scene.table.set_numbers[0].set.number == 4


@db
def test_the_number_of_a_whole_round_holds_in_no_other_round(scene):
    scene.set()
    larger = open_round(year=scene.year, place=scene.land.province, by=make.clerk())
    assert RoundTable(larger, family="cells").set_numbers == []
    assert scene.table.set_numbers[0].set.number == 3


@db
def test_it_freezes_with_the_lock_and_an_announced_result_holds_it(scene):
    made = scene.set()
    told = make.made(Review.objects.create)(round=scene.round, org=scene.cells[9], state="announced")
    with pytest.raises(RuleBroken):
        withdraw_ceiling(ceiling=made, reason="Muộn (mẫu)", by=scene.organiser)
    shown = signed_in(scene.organiser).get(scene.address()).content.decode()
    assert reverse("reports:ceiling_withdraw", args=[scene.round.pk, made.pk]) not in shown
    make.made(told.delete)()
    rest = [Decided(org, grade="good") for org in (*scene.bodies, scene.land.committee)]
    decide_grades(period=GradedPeriod(scene.year), rows=rest, by=make.clerk())
    lock_round(round=scene.round, by=scene.organiser)
    scene.round.refresh_from_db()
    (kept,) = scene.round.snapshot["set_ceilings"]
    assert (kept["superior"], kept["number"], scene.table.over) == (None, 3, 0)


@db
def test_who_does_not_judge_all_of_the_round_sets_no_number_for_it(scene):
    # The committee of the commune is judged above: its own office sets no number for that family.
    above = make.org("provincial", place=scene.land.province, name="Đảng bộ tỉnh (mẫu)")
    make.made(type(scene.land.committee.spans.get()).objects.filter(org=scene.land.committee).update)(
        parent=above
    )
    url = reverse("reports:ceiling_set", args=[scene.round.pk, "committees", 0])
    assert signed_in(scene.organiser).post(url, {**TYPED, "allowed": "1"}).status_code == 404
    url = reverse("reports:ceiling_set", args=[scene.round.pk, "cells", 0])
    viewer = signed_in(make.person(Role.VIEWER, scene.land.commune))
    assert viewer.post(url, TYPED).status_code == 403
    stranger = signed_in(make.person(Role.ORGANISER, scene.land.sibling))
    answer = stranger.post(url, TYPED)
    assert answer.status_code == 404 and REASON not in answer.content.decode()
    assert not SetCeiling.objects.exists()
