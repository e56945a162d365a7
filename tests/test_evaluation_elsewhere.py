"""Where the evaluation is done on another network: its pages are closed, and only decided results come back."""

import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from portal.exports import Footer
from portal.exports.listings import write_listing
from portal.imports.kinds import kind_named
from portal.levels import OrgKind
from portal.models import User
from portal.roles import Role
from reports.actions.rules_of_grading import load_grading_rules
from reports.models import Evaluation, Review
from reports.seals import is_seal_of, seal_of
from reports.urls import urlpatterns
from tests import make
from tests.rosters import checked, counts, problems, saved, scope
from tests.scope_addresses import ADDRESSES

pytestmark = pytest.mark.django_db
SEAL, GRADE, DECREE, REASON = "Mã đối chiếu", "Xếp loại", "Số quyết định", "Lý do không xếp loại"
EVALUATION = [one.name for one in urlpatterns if str(one.pattern).startswith(("danh-gia/", "kiem-diem/"))]


@pytest.fixture(autouse=True)
def vietnamese() -> Iterator[None]:
    with translation.override("vi"):
        yield


@pytest.fixture
def land() -> make.Land:
    load_grading_rules(folder=settings.HOME / "seeds" / "rules", by=make.clerk())
    found = make.land()
    for number in range(3):
        make.org(OrgKind.CELL_HAMLET, found.committee, found.commune, name=f"Chi bộ Mẫu {number}")
    return found


@pytest.fixture
def organiser(land) -> User:
    return make.person(Role.ORGANISER, land.province)


@pytest.fixture
def elsewhere(settings) -> None:
    settings.EVALUATION_HERE = False


def given_out(by: User) -> io.BytesIO:
    file = io.BytesIO()
    footer = Footer("Báo cáo cấp ủy", str(by), timezone.now())
    write_listing(file, kind=kind_named("grades"), scope=scope(by), demo=True, footer=footer)
    return file


def rows_of(file: io.BytesIO) -> list[dict[str, Any]]:
    sheet = openpyxl.load_workbook(file).worksheets[0]
    heads = [cell.value for cell in sheet[4]]
    rows = sheet.iter_rows(min_row=5, values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows if sum(cell is not None for cell in row) > 1]


def filled(file: io.BytesIO, **rows: dict[str, Any]) -> io.BytesIO:
    """What Excel saves after somebody typed into the rows of these organisations (blanks of a name as `_`)."""
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    heads = {cell.value: cell.column for cell in sheet[4]}
    for line in range(5, sheet.max_row + 1):
        name = str(sheet.cell(line, heads["Tên tổ chức đảng"]).value).replace(" ", "_")
        for head, value in rows.get(name, {}).items():
            sheet.cell(line, heads[head], value)
    again = io.BytesIO()
    book.save(again)
    again.seek(0)
    return again


def test_every_page_of_the_evaluation_is_closed(client, organiser, elsewhere):
    client.force_login(organiser)
    assert len(EVALUATION) > 20
    assert {f"reports:{name}" for name in EVALUATION} <= set(ADDRESSES)
    for one in urlpatterns:
        if one.name in EVALUATION:
            words = {"pk": 1, "applied_id": 1, "part": "ket-qua", "kind": "nguong", "verb": "tra-lai"}
            words |= {"family": "cell", "superior": 1, "set_id": 1}
            asked = {name: words[name] for name in one.pattern.converters}
            for ask in (client.get, client.post):
                answer = ask(reverse(f"reports:{one.name}", kwargs=asked))
                # Some of them may be opened by a cell's secretary alone.
                assert answer.status_code in {404, 403}, one.name
                assert (
                    answer.status_code == 403 or "không thực hiện trên máy chủ này" in answer.content.decode()
                )
    assert not Review.objects.exists()


def test_the_pages_open_where_the_evaluation_is_done(client, organiser):
    client.force_login(organiser)
    answer = client.get("/danh-gia/")
    assert answer.status_code == 200 and "/danh-gia/" in client.get("/").content.decode()


def test_nothing_leads_there(client, organiser, elsewhere):
    client.force_login(organiser)
    for address in ("/", "/bao-cao/", "/to-chuc-dang/"):
        assert "/danh-gia/" not in client.get(address).content.decode()
    assert client.get("/bao-cao/tran-xuat-sac/").status_code == 404


def test_strangers_are_asked_to_sign_in_and_others_do_not_see_the_way_back(client, land, elsewhere):
    assert client.get("/danh-gia/").status_code == 302
    client.force_login(make.person(Role.VIEWER, land.province))
    assert "nhap-excel" not in client.get("/danh-gia/").content.decode().partition("<main")[2]


def test_the_organiser_is_led_to_the_list(client, organiser, elsewhere):
    client.force_login(organiser)
    page = client.get("/danh-gia/").content.decode()
    assert "/nhap-excel/danh-sach/?kind=grades" in page and "/nhap-excel/moi/?kind=grades" in page


def test_the_list_names_everybody_and_comes_back_unfilled_without_a_change(organiser, elsewhere):
    file = given_out(organiser)
    rows = rows_of(file)
    assert {f"Chi bộ Mẫu {number}" for number in range(3)} <= {row["Tên tổ chức đảng"] for row in rows}
    assert len({row[SEAL] for row in rows}) == len(rows)
    file.seek(0)
    assert counts(checked("grades", organiser, file)) == {"unchanged": len(rows)}


def test_decided_grades_come_back(organiser, elsewhere):
    file = filled(
        given_out(organiser),
        Chi_bộ_Mẫu_0={GRADE: "Hoàn thành tốt nhiệm vụ", DECREE: "101-QĐ/ĐU"},
        Chi_bộ_Mẫu_1={REASON: "Mới thành lập", DECREE: "101-QĐ/ĐU"},
    )
    run = saved(checked("grades", organiser, file))
    assert run.counts["added"] == 2 and not problems(run)
    assert set(Evaluation.objects.values_list("grade", "left_out", "decree__number")) == {
        ("good", "", "101-QĐ/ĐU"),
        ("", "new", "101-QĐ/ĐU"),
    }
    again = given_out(organiser)
    again.seek(0)
    assert set(counts(checked("grades", organiser, again))) == {"unchanged"}


def test_a_proposal_without_a_decision_does_not_come_in(organiser, elsewhere):
    run = saved(checked("grades", organiser, filled(given_out(organiser), Chi_bộ_Mẫu_0={GRADE: "HTXSNV"})))
    (told,) = problems(run).values()
    assert "quyết định" in told[0][1] and not Evaluation.objects.exists()


@pytest.mark.parametrize(
    "typed",
    [
        {SEAL: " "},
        {SEAL: "GD-AAAA-AAAA-AAAA-AAAA"},
        {"Năm": make.today().year - 1},
        {"Tên tổ chức đảng": "Chi bộ Mẫu 2"},
    ],
)
def test_a_row_that_was_not_given_out_is_refused(organiser, elsewhere, typed):
    grade = {GRADE: "HTXSNV", DECREE: "101-QĐ/ĐU"}
    run = saved(checked("grades", organiser, filled(given_out(organiser), Chi_bộ_Mẫu_0={**grade, **typed})))
    assert len(problems(run)) == 1 and not Evaluation.objects.exists()


def test_a_seal_is_for_one_organisation_and_year_and_bears_blanks():
    seals = {seal_of(org, year) for org in range(200) for year in (2025, 2026)}
    assert len(seals) == 400
    assert is_seal_of(f" {seal_of(7, 2026).lower()} ", 7, 2026)
    assert not is_seal_of(seal_of(7, 2026), 7, 2025) and not is_seal_of("", 7, 2026)
    assert not is_seal_of("Mẫu", 7, 2026)


def test_where_the_evaluation_is_done_the_list_has_no_seals(organiser):
    heads = [cell.value for cell in openpyxl.load_workbook(given_out(organiser)).worksheets[0][4]]
    assert SEAL not in heads and GRADE in heads
