"""Each kind of sheet: what it adds, changes, ends, leaves and refuses, and what it never creates."""

from datetime import date, timedelta

import pytest

from assignments.models import Assignment, Cadre, CadrePost
from assignments.topics import AssignmentRole, EndReason
from portal import orgs, places
from portal.actions import places as deeds
from portal.levels import Level, OrgKind
from portal.models import Household, ImportChunk, PartyOrgCount, PartyOrgSpan, PlaceSpan
from portal.roles import Role
from reports.models import Evaluation
from tests import make
from tests.rosters import (
    ASSIGNMENT_HEAD,
    CADRE_HEAD,
    HOUSEHOLD_HEAD,
    checked,
    counts,
    imported,
    name_of,
    problems,
    row,
)
from tests.workbooks import one_sheet
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
ORG_HEAD = ["Tên tổ chức đảng", "Loại tổ chức", "Cấp trên", "Ấp", "Số đảng viên", "Được miễn", "Đi xa", "Năm"]
GRADE_HEAD = ["Tên chi bộ", "Cấp trên", "Năm", "Kết quả xếp loại", "Không xếp loại", "Quyết định"]


world, land = built_once("land", make.land)


@pytest.fixture
def staff(land):
    return make.commune_staff(land.commune)


@pytest.fixture
def organiser(land):
    return make.person(Role.ORGANISER, land.province)


def hamlets_of(land: make.Land) -> set[str]:
    return {span.full_name for span in places.spans_within(land.commune.pk, make.today(), Level.HAMLET)}


# Hamlets and groups ------------------------------------------------------------------------------


def test_hamlets_and_groups_are_opened_with_own_codes_and_their_decree(land, staff):
    run = imported("hamlets", staff, ["Ấp, khu phố", "Tổ NDTQ", "Từ ngày", "Quyết định"],
                   ["Ấp Mới 3", "1-2", "05/01/2022", "12/NQ-HĐND"], ["Khu phố Chợ", "Tổ 7A", None, None],
                   [name_of(land.hamlet), "1, 2 và 3", None, None])  # fmt: skip
    assert counts(run) == {"added": 3} and run.counts["records"] == 6
    span = PlaceSpan.objects.get(name="Mới 3")
    commune = places.span(land.commune.pk, make.today())
    assert (span.code, span.kind, span.since, span.decree.number) == (
        f"{commune.code}-A03", "ap", date(2022, 1, 5), "12/NQ-HĐND",
    )  # fmt: skip
    groups = places.children(span.place_id, make.today())
    assert [group.code for group in groups] == [f"{span.code}-T01", f"{span.code}-T02"]
    assert PlaceSpan.objects.filter(name="7A").exists()
    assert places.children(land.hamlet.pk, make.today()).count() == 3


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        (["Số tổ"], [13]),
        (["Từ tổ số", "Đến tổ số"], ["01", "13"]),
        (["Tổ NDTQ"], ["1-13"]),
        (["Tổ NDTQ"], ["1;2;3;4+5,6, 7 và 8, 9-13"]),
    ],
)
def test_groups_are_told_in_many_ways(land, staff, head, cells):
    run = imported("hamlets", staff, ["Tên ấp", *head], ["Ấp Mới", *cells])
    assert run.counts["records"] == 14


def test_a_hamlet_over_several_rows_is_opened_once(land, staff):
    run = imported("hamlets", staff, ["Ấp", "Tổ"], ["Ấp Mới", 1], ["ấp mới", 2], ["Ấp Mới", 2])
    assert counts(run) == {"added": 2, "unchanged": 1}
    assert PlaceSpan.objects.filter(name="Mới").count() == 1
    assert row(run, 4).hints


def test_a_date_that_excel_made_of_group_numbers_is_refused(land, staff):
    run = checked("hamlets", staff, one_sheet(["Ấp", "Tổ"], ["Ấp Mới", date(2026, 8, 6)]))
    assert problems(run)[2][0][0] == "B"


def test_a_commune_is_found_by_code_name_and_short_form_on_its_day(land, organiser):
    span = places.span(land.commune.pk, make.today())
    for text in (span.code, span.name, span.full_name.upper(), f"X. {span.name}"):
        run = checked("hamlets", organiser, one_sheet(["Xã", "Ấp"], [text, "Ấp Mới"]))
        assert counts(run) == {"added": 1}, text


def test_a_name_that_is_nearly_right_is_suggested_and_never_taken(land, organiser):
    run = checked("hamlets", organiser, one_sheet(["Xã", "Ấp"], [name_of(land.commune) + "x", "Ấp Mới"]))
    letter, message = problems(run)[2][0]
    assert letter == "A" and name_of(land.commune) in message


def test_a_commune_that_has_ended_is_named_with_its_heir(land, organiser):
    old = name_of(land.commune)
    deeds.merge_places(
        olds=[land.commune, land.sibling], into=deeds.NewPlace("28981", "Hương Mẫu", "xa", land.province),
        on=date(2025, 7, 1), decree=make.decree(), by=make.clerk(),
    )  # fmt: skip
    run = checked("hamlets", organiser, one_sheet(["Xã", "Ấp", "Từ ngày"], [old, "Ấp A", "01/09/2025"],
                                                  [old, "Ấp B", "01/09/2024"]))  # fmt: skip
    assert "Hương Mẫu" in problems(run)[2][0][1]
    assert row(run, 3).fate == "added"


# Households --------------------------------------------------------------------------------------


def test_a_household_changes_and_ends_by_its_code(land, staff):
    hamlet = name_of(land.hamlet)
    head = ["Mã hộ", "Ấp", "Tổ", "Từ ngày", "Đến hết ngày"]
    imported(
        "households",
        staff,
        head,
        ["A1", hamlet, 1, "05/01/2022", None],
        ["A2", hamlet, 1, "05/01/2022", None],
    )
    run = imported("households", staff, head, ["A1", hamlet, 1, "01/01/2022", None],
                   ["A2", hamlet, 1, None, "31/12/2025"])  # fmt: skip
    assert counts(run) == {"changed": 1, "ended": 1}
    assert row(run, 2).before == {"Từ ngày": "05/01/2022"} and row(run, 2).after == {"Từ ngày": "01/01/2022"}
    assert Household.objects.get(code="A2", place=land.groups[0]).until == date(2026, 1, 1)


def test_groups_by_an_earlier_numbered_decree_wait_for_the_hamlet_that_another_one_opens(land, staff):
    head = ["Ấp", "Tổ", "Từ ngày", "Quyết định"]
    run = imported(
        "hamlets", staff, head, ["Ấp Mới", 1, "06/08/2026", "2-NQ"], ["Ấp Mới", 2, "06/08/2026", "1-NQ"]
    )
    assert counts(run) == {"added": 2}


def test_a_group_is_not_opened_before_the_hamlet_that_the_same_sheet_opens(land, staff):
    head = ["Ấp", "Tổ", "Từ ngày"]
    run = checked("hamlets", staff, one_sheet(head, ["Ấp Mới", 1, "06/08/2026"], ["Ấp Mới", 2, "05/08/2026"]))
    ((letter, message),) = problems(run)[3]
    assert letter == "C" and "06/08/2026" in message


def test_households_never_bring_hamlets_or_groups_with_them(land, staff):
    before = hamlets_of(land)
    run = imported("households", staff, HOUSEHOLD_HEAD, [1, "Ấp Mới", 1], [2, name_of(land.hamlet), 44])
    assert counts(run) == {"refused": 2} and hamlets_of(land) == before


def test_the_same_number_in_two_groups_is_two_households(land, staff):
    hamlet = name_of(land.hamlet)
    run = imported("households", staff, HOUSEHOLD_HEAD, [1, hamlet, 1], [1, hamlet, 2])
    assert counts(run) == {"added": 2}


def test_a_list_of_before_a_merger_finds_its_groups_where_they_live_on(land):
    old = name_of(land.commune)
    merged = deeds.merge_places(
        olds=[land.commune, land.sibling], into=deeds.NewPlace("28981", "Hương Mẫu", "xa", land.province),
        on=date(2025, 7, 1), decree=make.decree(), by=make.clerk(),
    )  # fmt: skip
    staff = make.commune_staff(merged)
    cells = [7, name_of(land.hamlet), 1, old]
    assert counts(checked("households", staff, one_sheet([*HOUSEHOLD_HEAD, "Xã"], cells))) == {"refused": 1}
    run = imported("households", staff, [*HOUSEHOLD_HEAD, "Xã"], cells, since=date(2022, 1, 10))
    assert counts(run) == {"added": 1}
    assert Household.objects.values_list("place", "since").get(code="007") == (
        land.groups[0].pk,
        date(2022, 1, 10),
    )
    run = imported("households", staff, HOUSEHOLD_HEAD, cells[:3], since=date(2022, 1, 10))
    assert counts(run) == {"unchanged": 1}, "without the commune, as its hamlet has but one namesake"


# Cadres ------------------------------------------------------------------------------------------


def test_a_person_is_known_again_by_name_and_workplace(land, staff):
    imported("cadres", staff, CADRE_HEAD, [1, "Lê Mẫu An", "Công chức", "Ủy ban nhân dân xã", "0100000017"],
             since=date(2025, 1, 1))  # fmt: skip
    run = imported("cadres", staff, CADRE_HEAD, [1, "LÊ MẪU AN", "Phó Chủ tịch", "UBND xã", "0100000018"],
                   since=date(2026, 1, 1))  # fmt: skip
    assert counts(run) == {"changed": 1}
    assert row(run, 2).before == {"Điện thoại": "0100000017", "Chức vụ": "Công chức"}
    cadre = Cadre.objects.get()
    spans = CadrePost.objects.order_by("since").values_list("title", "since", "until")
    assert cadre.phone == "0100000018" and list(spans) == [
        ("Công chức", date(2025, 1, 1), date(2026, 1, 1)),
        ("Phó Chủ tịch", date(2026, 1, 1), None),
    ]


def test_a_person_is_known_again_by_the_telephone_where_the_workplace_is_another(land, staff):
    known = make.cadre("Lê Mẫu An", land.commune, workplace="Trạm y tế xã")
    run = imported("cadres", staff, CADRE_HEAD, [1, "Lê Mẫu An", "Bí thư", "Đảng ủy xã", 100000001])
    assert counts(run) == {"changed": 1} and known.posts.count() == 2
    assert row(run, 2).hints, "the other post goes on, which is said"


def test_namesakes_are_asked_for_and_answered_by_the_code(land, staff):
    known = [make.cadre("Lê Mẫu An", land.commune, workplace="Trạm y tế xã") for _ in range(2)]
    cells = [1, "Lê Mẫu An", "Bí thư", "Trạm y tế xã", None]
    run = checked("cadres", staff, one_sheet(CADRE_HEAD, cells))
    assert counts(run) == {"refused": 1} and len(row(run, 2).question["choices"]) == 3
    assert f"CB{known[1].pk}" in problems(run)[2][0][1]
    run = imported("cadres", staff, CADRE_HEAD, [*cells, f"CB{known[1].pk}"])
    assert counts(run) == {"changed": 1} and row(run, 2).target_id == known[1].pk
    run = imported("cadres", staff, CADRE_HEAD, [*cells, "mới"])
    assert counts(run) == {"added": 1} and Cadre.objects.count() == 3


def test_two_of_one_name_within_a_sheet_are_asked_for_too(land, staff):
    run = checked("cadres", staff, one_sheet(CADRE_HEAD, [1, "Lê Mẫu An", "Bí thư", "Đảng ủy xã", "0100000001"],
                                             [2, "Lê Mẫu An", "Công chức", "Trạm y tế xã", "0100000002"]))  # fmt: skip
    assert counts(run) == {"added": 1, "refused": 1}


def test_a_post_that_has_ended_ends(land, staff):
    make.cadre("Lê Mẫu An", land.commune, title="Công chức", workplace="UBND xã")
    run = imported("cadres", staff, [*CADRE_HEAD[:4], "Đến hết ngày"],
                   [1, "Lê Mẫu An", "Công chức", "UBND xã", "30/06/2026"])  # fmt: skip
    assert counts(run) == {"ended": 1} and CadrePost.objects.get().until == date(2026, 7, 1)


def test_a_cadre_of_somebody_elses_roster_is_nobody_one_could_change(land, staff):
    make.cadre("Lê Mẫu An", land.sibling, workplace="UBND xã")
    run = checked("cadres", staff, one_sheet(CADRE_HEAD, [1, "Lê Mẫu An", "Bí thư", "UBND xã", None]))
    assert counts(run) == {"added": 1} and row(run, 2).target_id is None


# Assignments -------------------------------------------------------------------------------------


def test_groups_of_a_row_become_an_assignment_each(land, staff):
    make.cadre("Lê Mẫu An", land.commune, workplace="UBND xã")
    cells = [1, "Lê Mẫu An", "UBND xã", name_of(land.hamlet), "Tổ 1-2", "15-QĐ/ĐU", "05/01/2026"]
    run = imported("assignments", staff, ASSIGNMENT_HEAD, cells)
    assert counts(run) == {"added": 1} and run.counts["records"] == 2
    found = Assignment.objects.values_list("place", "role", "decree__number", "since")
    assert set(found) == {
        (group.pk, AssignmentRole.FOLLOWING, "15-QĐ/ĐU", date(2026, 1, 5)) for group in land.groups
    }
    assert counts(imported("assignments", staff, ASSIGNMENT_HEAD, cells)) == {"unchanged": 1}


def test_an_assignment_by_a_new_decision_ends_the_old_one_and_keeps_it(land, staff):
    make.assignment(make.cadre("Lê Mẫu An", land.commune), land.hamlet, since=date(2025, 1, 1))
    head = [*ASSIGNMENT_HEAD, "Vai trò"]
    cells = [1, "Lê Mẫu An", None, name_of(land.hamlet), None, "20-QĐ/ĐU", "05/02/2026", "Phụ trách"]
    run = imported("assignments", staff, head, cells)
    assert counts(run) == {"changed": 1}
    assert row(run, 2).before["Vai trò"] == "Theo dõi, hỗ trợ" and row(run, 2).after["Vai trò"] == "Phụ trách"
    found = Assignment.objects.order_by("since").values_list("since", "until", "role", "end_reason")
    assert list(found) == [
        (date(2025, 1, 1), date(2026, 2, 5), "following", EndReason.REASSIGNED),
        (date(2026, 2, 5), None, "in_charge", ""),
    ]


def test_an_assignment_ends_with_a_reason_of_the_closed_list_and_no_other_is_kept(land, staff):
    make.assignment(make.cadre("Lê Mẫu An", land.commune), land.hamlet, since=date(2025, 1, 1))
    head = [*ASSIGNMENT_HEAD[:4], "Đến hết ngày", "Lý do kết thúc"]
    file = one_sheet(head, [1, "Lê Mẫu An", None, name_of(land.hamlet), "31/10/2026", "bị khiển trách"])
    run = checked("assignments", staff, file)
    assert "khiển trách" not in str(ImportChunk.objects.get().rows)
    run = imported(
        "assignments", staff, head, [1, "Lê Mẫu An", None, name_of(land.hamlet), "31/10/2026", "nghỉ hưu"]
    )
    assert counts(run) == {"ended": 1}
    assert Assignment.objects.values_list("until", "end_reason").get() == (
        date(2026, 11, 1),
        EndReason.RETIRED,
    )


def test_an_assignment_of_an_old_list_without_an_end_is_said_to_run_until_today(land, staff):
    make.cadre("Lê Mẫu An", land.commune), make.cadre("Lê Mẫu Bình", land.commune)
    hamlet, old = name_of(land.hamlet), make.today() - timedelta(days=400)
    run = checked("assignments", staff, one_sheet(
        ["Họ và tên", "Ấp", "Từ ngày", "Đến ngày"],
        ["Lê Mẫu An", hamlet, f"{old:%d/%m/%Y}", ""],
        ["Lê Mẫu Bình", hamlet, f"{old:%d/%m/%Y}", f"{old + timedelta(days=100):%d/%m/%Y}"],
    ))  # fmt: skip
    assert counts(run) == {"added": 2}
    assert f"{old:%d/%m/%Y}" in row(run, 2).hints[0][2] and not row(run, 3).hints


def test_a_whole_list_of_a_day_long_ago_is_said_to_run_until_today(land, staff):
    make.cadre("Lê Mẫu An", land.commune)
    file = one_sheet(["Họ và tên", "Ấp"], ["Lê Mẫu An", name_of(land.hamlet)])
    old = make.today() - timedelta(days=400)
    assert f"{old:%d/%m/%Y}" in row(checked("assignments", staff, file, since=old), 2).hints[0][2]
    assert not row(checked("assignments", staff, file, since=make.today()), 2).hints


def test_a_cell_is_followed_like_a_place(land, staff):
    make.cadre("Lê Mẫu An", land.commune)
    cell = orgs.span(land.cell.pk, make.today()).name
    run = imported(
        "assignments", staff, ["Họ và tên", "Chi bộ", "Vai trò"], ["Lê Mẫu An", cell.upper(), "phụ trách"]
    )
    assert counts(run) == {"added": 1} and Assignment.objects.get().org_id == land.cell.pk


def test_assignments_create_neither_people_nor_places(land, staff):
    make.cadre("Lê Mẫu An", land.commune)
    run = imported("assignments", staff, ASSIGNMENT_HEAD, [1, "Ai Đó Mẫu", None, name_of(land.hamlet)],
                   [2, "Lê Mẫu An", None, "Ấp Mới"], [3, "Lê Mẫu An", None, name_of(land.hamlet), 44],
                   [4, "Lê Mẫu An"])  # fmt: skip
    assert counts(run) == {"refused": 4}
    assert Cadre.objects.count() == 1 and not Assignment.objects.exists()


def test_the_motto_only_warns(land, organiser):
    make.cadre("Lê Mẫu An", land.province, tier="province")
    run = imported("assignments", organiser, ["Họ và tên", "Xã", "Ấp"],
                   ["Lê Mẫu An", name_of(land.commune), name_of(land.hamlet)])  # fmt: skip
    assert counts(run) == {"added": 1} and Assignment.objects.get().tier == "province"


# Party organisations ------------------------------------------------------------------------------


def test_organisations_are_opened_below_each_other_with_their_counts(land, organiser):
    committee = orgs.span(land.committee.pk, make.today()).name
    rows = [
        ["Đảng bộ bộ phận Mẫu", None, committee],
        ["Chi bộ Trường học", "Chi bộ ngành", "Đảng bộ bộ phận Mẫu", None, 23, 3, 1, 2022],
        ["Chi bộ ấp Lạ", None, committee, None, 5, 9, 0, 2022],
    ]
    run = imported("party-orgs", organiser, ORG_HEAD, *rows)
    assert counts(run) == {"added": 2, "refused": 1}
    section = PartyOrgSpan.objects.get(name="Đảng bộ bộ phận Mẫu")
    cell = PartyOrgSpan.objects.get(name="Chi bộ Trường học")
    assert (section.kind, section.parent_id) == (OrgKind.SECTION, land.committee.pk)
    assert (cell.kind, cell.parent_id, cell.place_id) == (
        OrgKind.CELL_SECTOR,
        section.org_id,
        land.commune.pk,
    )
    assert PartyOrgCount.objects.values_list("org", "year", "members", "exempt", "away").get() == (
        cell.org_id, 2022, 23, 3, 1,
    )  # fmt: skip


def test_a_count_entered_again_is_shown_as_a_change(land, organiser):
    name = orgs.span(land.cell.pk, make.today()).name
    cells = [name, None, None, None, 23, 3, 1, 2025]
    assert counts(imported("party-orgs", organiser, ORG_HEAD, cells)) == {"changed": 1}
    assert counts(imported("party-orgs", organiser, ORG_HEAD, cells)) == {"unchanged": 1}
    cells[4] = 24
    run = imported("party-orgs", organiser, ORG_HEAD, cells)
    assert row(run, 2).before["Số đảng viên"] == "23" and row(run, 2).after["Số đảng viên"] == "24"


def test_cells_of_one_name_in_two_communes_stay_two(land, organiser):
    committee, other = land.committee, make.org(OrgKind.COMMUNE, place=land.sibling, name="Đảng bộ Khác")
    names = [orgs.span(org.pk, make.today()).name for org in (committee, other)]
    run = imported("party-orgs", organiser, ORG_HEAD, *(["Chi bộ ấp 1", None, name] for name in names))
    assert counts(run) == {"added": 2}
    run = imported("party-orgs", organiser, ORG_HEAD, *(["Chi bộ ấp 1", None, name] for name in names))
    assert counts(run) == {"unchanged": 2}


# Grades -------------------------------------------------------------------------------------------


def test_grades_of_a_past_year_are_entered_changed_and_left(land, organiser):
    name = orgs.span(land.cell.pk, make.today()).name
    cells = [name, None, 2022, "HTXSNV", None, "101-QĐ/ĐU"]
    assert counts(imported("grades", organiser, GRADE_HEAD, cells)) == {"added": 1}
    assert counts(imported("grades", organiser, GRADE_HEAD, cells)) == {"unchanged": 1}
    run = imported("grades", organiser, GRADE_HEAD, [name, None, 2022, "Hoàn thành tốt nhiệm vụ", None, None])
    assert counts(run) == {"changed": 1}
    assert row(run, 2).before == {"Xếp loại": "Hoàn thành xuất sắc nhiệm vụ"}
    found = Evaluation.objects.values_list("grade", "decree__number", "steps__grade")
    assert set(found) == {("good", "101-QĐ/ĐU", "excellent"), ("good", "101-QĐ/ĐU", "good")}


def test_a_grade_and_a_reason_for_leaving_out_exclude_each_other(land, organiser):
    name = orgs.span(land.cell.pk, make.today()).name
    run = imported("grades", organiser, GRADE_HEAD, [name, None, 2022, "HTNV", "Mới thành lập", None],
                   [name, None, 2022, None, None, None], [name, None, 2022, "tốt", None, None],
                   [name, None, 2023, None, "mới thành lập", None])  # fmt: skip
    assert counts(run) == {"added": 1, "refused": 3}
    assert Evaluation.objects.get().left_out == "new"
