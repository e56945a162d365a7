"""Year-end grading: rounds, decisions, locks, the table by superior and by place, the workbook."""

import io
import json
from datetime import date

import openpyxl
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.actions import places as deeds
from portal.actions.deed import RuleBroken
from portal.actions.orgs import rename_org
from portal.levels import OrgKind, PlaceKind
from portal.roles import Role
from reports.actions.grading import Decided, decide_grades, lock_round, open_round, unlock_round
from reports.actions.rules_of_grading import load_grading_rules
from reports.graded_periods import GradedPeriod
from reports.models import Evaluation, EvaluationStep, Round
from reports.standing import summary
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rules():
    load_grading_rules(folder=settings.HOME / "seeds" / "rules", by=make.clerk())


def grade(orgs, grades, year=2022, **more):
    rows = [Decided(org, grade=one) for org, one in zip(orgs, grades, strict=True)]
    return decide_grades(period=GradedPeriod(year), rows=rows, by=make.clerk(), **more)


def kien_xuong():
    """A district with the published numbers of 2022 and invented names: 60 organisations, 449 cells below them."""
    province = make.place(PlaceKind.PROVINCE, name="Tỉnh Mẫu")
    district = make.place(PlaceKind.DISTRICT, province, name="Huyện Mẫu", code="343")
    committee = make.org(OrgKind.DISTRICT, place=district, name="Đảng bộ huyện Mẫu")
    commune = make.place(PlaceKind.XA, district)
    bodies = [
        make.org(OrgKind.GRASSROOTS_BODY, committee, commune, name=f"Đảng bộ Mẫu {n}") for n in range(60)
    ]
    cells = [
        make.org(OrgKind.CELL_SECTOR, bodies[n % 60], commune, name=f"Chi bộ Mẫu {n}") for n in range(449)
    ]
    grade(cells, ["excellent"] * 90 + ["good"] * 318 + ["met"] * 38 + ["failed"] * 3)
    grade(bodies, ["excellent"] * 11 + ["good"] * 45 + ["met"] * 4)
    return district, committee


def test_kien_xuong_2022_comes_out_as_published(tmp_path):
    district, committee = kien_xuong()
    file = tmp_path / "kx.xlsx"
    call_command("year_end", "--year", "2022", "--under", "343", "--out", str(file))
    sheet = openpyxl.load_workbook(io.BytesIO(file.read_bytes())).worksheets[0]
    rows = {row[1]: row for row in sheet.iter_rows(values_only=True) if row[1]}
    cells, bodies = rows["Chi bộ trực thuộc"], rows["Tổ chức cơ sở đảng"]
    assert cells[2:11] == (449, 90, 20.0, 318, 70.8, 38, 8.5, 3, 0.7)
    assert bodies[2:11] == (60, 11, 18.3, 45, 75, 4, 6.7, 0, 0)
    table = summary(district.pk, GradedPeriod(2022))
    superiors = table["families"][0]["groups"]["superior"]
    assert len(superiors) == 60
    assert sum(row["counts"]["excellent"] for row in superiors) == 90
    assert [row["name"] for row in table["families"][0]["groups"]["district"]] == ["Huyện Huyện Mẫu"]


def test_year_end_refuses_a_code_that_was_not_in_force(tmp_path):
    make.land()
    with pytest.raises(CommandError, match="99999"):
        call_command("year_end", "--year", "2022", "--under", "99999", "--out", str(tmp_path / "x.xlsx"))
    assert not (tmp_path / "x.xlsx").exists()


def test_a_grade_is_changed_only_with_a_reason_and_both_remain():
    land = make.land()
    grade([land.cell], ["good"])
    with pytest.raises(RuleBroken):
        grade([land.cell], ["excellent"])
    assert grade([land.cell], ["excellent"], reason="Theo kết luận mới") == {
        "added": 0, "changed": 1, "unchanged": 0,
    }  # fmt: skip
    assert [step.grade for step in EvaluationStep.objects.order_by("pk")] == ["good", "excellent"]
    assert grade([land.cell], ["excellent"])["unchanged"] == 1


def test_an_organisation_that_did_not_exist_at_the_end_of_the_year_is_not_graded():
    land = make.land()
    late = make.org(parent=land.committee, place=land.hamlet, since=date(2023, 5, 1))
    with pytest.raises(RuleBroken):
        grade([late], ["good"], year=2022)
    assert not Evaluation.objects.exists()


def test_a_locked_round_prints_the_same_after_renames_and_mergers_and_takes_no_grades():
    land = make.land()
    grade([land.cell, land.committee], ["good", "met"])
    round_ = open_round(year=2022, place=land.commune, by=make.clerk())
    locked = lock_round(round=round_, by=make.clerk())
    frozen = json.dumps(locked.snapshot, sort_keys=True)
    rename_org(
        org=land.cell, name="Chi bộ đổi tên", on=date(2022, 6, 1), decree=make.decree(), by=make.clerk()
    )
    deeds.merge_places(
        olds=[land.commune, land.sibling],
        into=deeds.NewPlace("28981", "Mới", "xa", land.province),
        on=date(2025, 7, 1),
        decree=make.decree(),
        by=make.clerk(),
    )
    assert json.dumps(Round.objects.get().snapshot, sort_keys=True) == frozen
    assert "Chi bộ đổi tên" not in frozen
    with pytest.raises(RuleBroken):
        grade([land.cell], ["excellent"], reason="muộn")
    with pytest.raises(RuleBroken):
        unlock_round(round=locked, reason=" ", by=make.clerk())
    unlock_round(round=locked, reason="Sai một dòng", by=make.clerk())
    assert grade([land.cell], ["excellent"], reason="Sai một dòng")["changed"] == 1


def test_a_round_with_ungraded_cells_cannot_be_locked():
    land = make.land()
    round_ = open_round(year=2022, place=land.commune, by=make.clerk())
    with pytest.raises(RuleBroken, match="2"):
        lock_round(round=round_, by=make.clerk())


def organiser(land):
    return make.person(Role.ORGANISER, land.commune)


def test_the_organiser_enters_a_decision_for_a_list_and_sees_it_counted(client):
    land = make.land()
    client.force_login(organiser(land))
    response = client.post("/danh-gia/moi/", {"year": "2022", "place": land.commune.pk})
    round_ = Round.objects.get()
    assert response.url == f"/danh-gia/{round_.pk}/"
    page = f"/danh-gia/{round_.pk}/quyet-dinh/?family=cells"
    assert client.get(page).status_code == 200
    saved = client.post(page, {"number": "12-QĐ/ĐU", f"org_{land.cell.pk}": "good"}, follow=True)
    assert Evaluation.objects.get().grade == "good"
    assert Evaluation.objects.get().decree.number == "12-QĐ/ĐU"
    assert "Hoàn thành tốt nhiệm vụ" in saved.content.decode()
    listing = client.get(f"/danh-gia/{round_.pk}/to-chuc/?family=cells&grade=good").content.decode()
    assert "1 tổ chức" in listing
    book = client.get(f"/danh-gia/{round_.pk}/?format=xlsx")
    assert book["Content-Type"].endswith("sheet")


def test_an_address_with_a_figure_that_is_no_number_lists_all(client):
    land = make.land()
    client.force_login(organiser(land))
    round_ = open_round(year=2022, place=land.commune, by=make.clerk())
    assert client.get(f"/danh-gia/{round_.pk}/to-chuc/?superior=²").status_code == 200


def test_a_decision_form_says_what_is_wrong_and_saves_nothing(client):
    land = make.land()
    client.force_login(organiser(land))
    round_ = open_round(year=2022, place=land.commune, by=make.clerk())
    page = client.post(f"/danh-gia/{round_.pk}/quyet-dinh/", {f"org_{land.cell.pk}": "good"})
    assert page.status_code == 200
    assert not Evaluation.objects.exists()


def test_a_round_elsewhere_is_not_found_and_viewers_decide_nothing(client):
    land = make.land()
    round_ = open_round(year=2022, place=land.commune, by=make.clerk())
    client.force_login(make.person(Role.ORGANISER, land.sibling))
    for page in ["", "to-chuc/", "quyet-dinh/", "khoa/", "mo-khoa/"]:
        assert client.get(f"/danh-gia/{round_.pk}/{page}").status_code == 404
    client.force_login(make.person(Role.VIEWER, land.commune))
    assert client.get(f"/danh-gia/{round_.pk}/").status_code == 200
    assert client.get(f"/danh-gia/{round_.pk}/quyet-dinh/").status_code == 403


def test_the_round_page_asks_as_many_questions_for_one_cell_as_for_many(client):
    land = make.land()
    client.force_login(organiser(land))
    round_ = open_round(year=2022, place=land.commune, by=make.clerk())
    from_counts = []
    for _more in (1, 30):
        for _n in range(_more):
            make.org(parent=land.committee, place=land.hamlet)
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/danh-gia/{round_.pk}/")
        from_counts.append(len(asked))
    assert from_counts[0] == from_counts[1]
