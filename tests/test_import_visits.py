"""Visits from paper: the rules of the form, at the cells that break them; counted once and taken back whole."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assignments.actions import tallies, visits
from assignments.models import Cadre, Duty, ReportingPeriod, Visit, VisitDuty, VisitPerson
from assignments.topics import Capacity, VisitKind
from portal import orgs
from portal.actions.deed import RuleBroken
from portal.imports.kinds import kinds_for
from portal.imports.undo import obstacles_of, undo
from portal.levels import OrgKind
from portal.models import AuditEntry, Household, ImportChunk, ImportRow, ImportTouch, Place
from portal.permissions import Permission
from portal.roles import Role, roles_with
from tests import make
from tests.rosters import checked, counts, imported, name_of, problems, row, scope
from tests.test_import_command import run as command
from tests.test_import_command import written
from tests.workbooks import one_sheet

pytestmark = pytest.mark.django_db
HEAD = ["Họ và tên", "Đơn vị công tác", "Ngày đi", "Loại lượt đi", "Xã", "Ấp", "Tổ NDTQ", "Chi bộ", "Dự họp",
        "Lý do vắng", "Nội dung", "Ghi nội dung"]  # fmt: skip
ASKED_HEAD = [*HEAD, "Nội dung dân kiến nghị", "Lĩnh vực kiến nghị", "Hẹn trả lời người dân đến ngày"]
BRIDGE = "Cầu ván hư lan can"
CELL, GROUP, CHECK, HOUSE = "Sinh hoạt chi bộ thường kỳ", "Họp tổ", "Kiểm tra thực tế", "Thăm hộ gia đình"
TODAY = make.today()
LONG_AGO = TODAY - timedelta(days=400)


class Paper:
    """A hamlet, the cadre who follows it, and whoever enters."""

    def __init__(self) -> None:
        self.land = make.land()
        self.cadre = make.following_cadre(self.land.hamlet, self.land.commune)
        self.staff = make.commune_staff(self.land.commune)
        self.organiser = make.person(Role.ORGANISER, self.land.province)
        self.duty, self.internal = make.duties()
        self.hamlet = name_of(self.land.hamlet)

    def line(self, **cells) -> list:
        """A good row; `cells` are letters with other values."""
        good = [self.cadre.full_name, None, TODAY, CELL, None, self.hamlet, *[None] * 6]
        return [cells.get(letter, value) for letter, value in zip("ABCDEFGHIJKL", good, strict=True)]

    def checked(self, *rows: list, by=None):
        return checked("visits", by or self.staff, one_sheet(HEAD, *rows))

    def imported(self, *rows: list, by=None):
        return imported("visits", by or self.staff, HEAD, *rows)


@pytest.fixture
def paper() -> Paper:
    return Paper()


def stored() -> dict[str, list]:
    return {m.__name__: list(m.objects.order_by("pk").values()) for m in (Visit, VisitPerson, VisitDuty)}


# What is taken -----------------------------------------------------------------------------------


def test_a_row_becomes_a_visit_from_paper_with_its_parts_and_tallies(paper):
    run = paper.imported(paper.line(I="x", K="nam 1, NAM-3", L="NAM-1: Chi bộ họp đúng lệ"))
    assert counts(run) == {"added": 1}
    visit = Visit.objects.get()
    assert (visit.day, visit.kind, visit.place_id, visit.org_id, visit.from_paper) == (
        TODAY, VisitKind.CELL_MEETING, paper.land.hamlet.pk, paper.land.cell.pk, True,
    )  # fmt: skip
    assert (visit.entered_by, visit.device_at, visit.province_id) == (
        paper.staff,
        None,
        paper.land.province.pk,
    )
    person = visit.persons.get()
    assert (person.cadre, person.capacity, person.attendance) == (paper.cadre, Capacity.ASSIGNED, "attended")
    assert set(visit.duties.values_list("duty__code", "note")) == {
        ("NAM-1", "Chi bộ họp đúng lệ"),
        ("NAM-3", ""),
    }
    assert tallies.differences() == [] and sum(each.visits for each in tallies.stored().values()) == 1
    assert set(ImportTouch.objects.filter(run=run, model="assignments.visit").values_list("number")) == {(2,)}
    entry = AuditEntry.objects.get(deed="log_visit")
    assert entry.place_id == visit.place_id and "đúng lệ" not in str(entry.facts)


def test_the_visit_says_that_it_was_entered_from_paper(paper, client):
    paper.imported(paper.line())
    client.force_login(paper.staff)
    page = client.get(reverse("assignments:visit", args=[Visit.objects.get().uuid])).content.decode()
    assert "Entered later from paper" in page or "Nhập sau từ giấy" in page
    typed = make.visit(paper.cadre, paper.land.hamlet)
    page = client.get(reverse("assignments:visit", args=[typed.uuid])).content.decode()
    assert "Entered later from paper" not in page and "Nhập sau từ giấy" not in page


def test_group_commune_and_cell_are_places_of_a_visit(paper):
    commune, cell = name_of(paper.land.commune), orgs.span(paper.land.cell.pk, TODAY).name
    paper.imported(
        paper.line(D=GROUP, G=2),
        paper.line(D=CHECK, E=commune, F=None),
        paper.line(D="Tiếp xúc, đối thoại", F=None, H=cell),
        paper.line(D="Họp chi ủy", H=cell),
    )
    group, hamlet = paper.land.groups[1].pk, paper.land.hamlet.pk
    assert list(Visit.objects.order_by("pk").values_list("kind", "place", "org")) == [
        ("group", group, None), ("field", paper.land.commune.pk, None), ("dialogue", hamlet, paper.land.cell.pk),
        ("committee", hamlet, paper.land.cell.pk),
    ]  # fmt: skip
    assert tallies.differences() == []


def test_it_is_stored_as_the_form_would_store_it(paper):
    """Capacity, tier, cell and tallies of the same visit typed and from paper are equal."""
    district = make.cadre(place=paper.land.province, tier="district")
    make.assignment(paper.cadre, paper.land.cell)
    fields = ("attendance", "excuse", "capacity", "assignment", "tier", "visit__org", "visit__place")
    for who in (paper.cadre, district):
        make.visit(who, paper.land.hamlet, kind=VisitKind.CELL_MEETING, attendance="excused", excuse="leave")
    typed = list(VisitPerson.objects.order_by("pk").values(*fields))
    make.made(Visit.objects.all().delete)()
    run = paper.imported(
        *(paper.line(A=who.full_name, I="Có phép", J="Phép") for who in (paper.cadre, district)),
        by=paper.organiser,
    )
    assert counts(run) == {"added": 2}, problems(run)
    assert list(VisitPerson.objects.filter(visit__from_paper=True).order_by("pk").values(*fields)) == typed


# What is refused ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "letters"),
    [
        ({"A": None}, "A"),
        ({"A": "Trần Mẫu Lạ"}, "A"),
        ({"C": None}, "C"),
        ({"C": "hôm nào đó"}, "C"),
        ({"C": TODAY + timedelta(days=1)}, "C"),
        ({"C": LONG_AGO}, "C"),
        ({"D": None}, "D"),
        ({"D": "Dự đám cưới"}, "D"),
        ({"F": None}, "F"),
        ({"F": "Ấp Không Có"}, "F"),
        ({"E": "Xã Không Có"}, "E"),
        ({"G": 99}, "G"),
        ({"F": None, "G": 1}, "F"),
        ({"H": "Chi bộ Không Có"}, "H"),
        ({"I": "chắc có"}, "I"),
        ({"I": "Vắng có lý do"}, "J"),
        ({"J": "Nghỉ phép"}, "J"),
        ({"K": "NAM-9"}, "K"),
        ({"L": "đường hư"}, "L"),
        ({"K": "NAM-1, NAM-3", "L": "đường hư"}, "L"),
        ({"K": "NAM-1", "L": "GOP-2: đường hư"}, "L"),
        ({"K": "NAM-3", "L": "một câu về nội bộ"}, "L"),
        ({"K": "NAM-1", "L": "gọi số 079123456789"}, "L"),
        ({"K": "NAM-1", "L": "dài " * 100}, "L"),
        ({"D": HOUSE, "K": "NAM-1"}, "K"),
        ({"D": HOUSE, "E": "commune", "F": None}, "F"),
        ({"A": "Trần Mẫu Lạ", "C": "x", "D": "y", "F": "z", "I": "t"}, "ACDIF"),
    ],
)
def test_what_is_wrong_is_refused_at_its_cell(paper, cells, letters):
    cells = {letter: name_of(paper.land.commune) if v == "commune" else v for letter, v in cells.items()}
    run = paper.checked(paper.line(**cells))
    assert sorted(letter for letter, _message in problems(run)[2]) == sorted(letters), problems(run)
    assert not Visit.objects.exists()


def test_a_visit_twice_on_the_sheet_is_refused(paper):
    assert list(problems(paper.checked(paper.line(), paper.line(D=CHECK), paper.line()))) == [4]


def test_a_namesake_is_asked_for(paper):
    make.cadre(paper.cadre.full_name, paper.land.commune, workplace="Hội Nông dân (mẫu)")
    run = paper.checked(paper.line(), paper.line(B="Hội Nông dân (mẫu)"))
    assert list(problems(run)) == [2] and "CB" in problems(run)[2][0][1]


def test_only_whoever_may_correct_closed_periods_goes_behind_them(paper):
    line = paper.line(C=date(2024, 3, 5))
    assert list(problems(paper.checked(line))) == [2]
    assert counts(paper.imported(line, by=paper.organiser)) == {"added": 1}
    assert tallies.differences() == []


def test_an_own_period_of_the_commune_decides(paper):
    with_period = {"since": LONG_AGO, "until": TODAY, "closes": TODAY + timedelta(days=1)}
    make.made(ReportingPeriod.objects.create)(place=paper.land.commune, **with_period)
    line = paper.line(C=LONG_AGO)
    assert counts(paper.checked(line)) == {"added": 1}
    assert counts(paper.imported(line)) == {"added": 1}


def test_a_place_is_meant_as_of_its_day(paper):
    new = make.place("ap", paper.land.commune, name="Mẫu Mới Lập", since=TODAY)
    line = paper.line(C=date(2024, 3, 5), F=name_of(new))
    assert problems(paper.checked(line, by=paper.organiser))[2][0][0] == "F"
    assert counts(paper.checked(paper.line(F=name_of(new)))) == {"added": 1}


# Households and persons --------------------------------------------------------------------------


@pytest.mark.parametrize("heading", ["Mã hộ", "Chủ hộ", "Hộ gia đình", "Số nhà"])
def test_a_column_of_households_is_left_behind_before_anything_is_kept(paper, heading):
    secret = "Lê Mẫu Kín"
    run = checked("visits", paper.staff, one_sheet([*HEAD, heading], [*paper.line(D=HOUSE), secret]))
    assert counts(run) == {"added": 1}
    kept = [
        *ImportChunk.objects.values_list("rows", flat=True),
        *ImportRow.objects.values_list("cells", "after"),
    ]
    assert secret not in str(kept) and heading in str(run.notes)


def test_a_household_visit_names_no_household(paper):
    households = Household.objects.count()
    paper.imported(paper.line(D=HOUSE, G=1))
    visit = Visit.objects.get()
    assert (visit.kind, visit.household_id, visit.place_id) == ("household", None, paper.land.groups[0].pk)
    assert Household.objects.count() == households


def test_a_reason_outside_the_list_is_not_even_staged(paper):
    run = paper.checked(paper.line(I="Vắng có lý do", J="nằm viện mổ"))
    assert row(run, 2).after["Lý do vắng"] == "Lý do khác"
    assert "viện" not in str(list(ImportChunk.objects.values_list("rows", flat=True)))


def test_a_text_on_internal_matters_does_not_come_into_the_preview(paper):
    run = paper.checked(paper.line(K="NAM-3", L="một câu về nội bộ"))
    assert "một câu" not in str(row(run, 2).cells) and row(run, 2).cells


# Reach -------------------------------------------------------------------------------------------


def test_what_is_out_of_reach_is_refused_like_what_does_not_exist(paper):
    """A hidden cadre, hamlet and cell beside the commune; each message is the one for a name that nobody bears."""
    land = paper.land
    make.following_cadre(land.sibling_hamlet, land.sibling)
    make.cadre("Lý Mẫu Kín", land.sibling)
    make.place("ap", land.sibling, name="Mẫu Kín")
    make.org(OrgKind.CELL_HAMLET, None, land.sibling_hamlet, name="Chi bộ ấp Mẫu Kín")
    hidden = {"A": "Lý Mẫu Kín", "E": name_of(land.sibling), "F": "Ấp Mẫu Kín", "H": "Chi bộ ấp Mẫu Kín"}
    nobody = {
        "A": "Lý Mẫu Kiêu",
        "E": name_of(land.sibling) + "0",
        "F": "Ấp Mẫu Kiêu",
        "H": "Chi bộ ấp Mẫu Kiêu",
    }
    for letter, name in hidden.items():
        run = paper.checked(paper.line(**{letter: name}), paper.line(**{letter: nobody[letter]}))
        (first, told), (second, plain) = problems(run)[2][0], problems(run)[3][0]
        assert first == second == letter
        # Names in reach that look alike may be suggested; what was typed stands in the message once.
        told, plain = (text.split(" Có phải")[0] for text in (told, plain))
        assert told.count(name) == 1 and told.replace(name, "…") == plain.replace(nobody[letter], "…")
        assert name not in str(row(run, 2).question.get("choices"))
    assert not Visit.objects.exists()


def test_a_visit_out_of_reach_is_not_told_by_the_same_row(paper):
    """A cadre of the roster went elsewhere; whether he did cannot be asked by importing."""
    make.visit(paper.cadre, paper.land.sibling_hamlet, by=paper.organiser)
    other = paper.line(D=CHECK, E=name_of(paper.land.sibling), F=name_of(paper.land.sibling_hamlet))
    assert list(problems(paper.checked(other, paper.line(C=TODAY - timedelta(days=900), E="Xã X")))) == [2, 3]
    assert counts(paper.checked(paper.line(D=CHECK))) == {"added": 1}


def test_only_who_corrects_visits_may_and_they_all_may_import(paper):
    assert roles_with(Permission.VISIT_CORRECT) <= roles_with(Permission.IMPORT)
    for user, may in (
        (paper.staff, True), (paper.organiser, True), (paper.cadre.user, False),
        (make.person(Role.STEWARD, paper.land.province), False),
    ):  # fmt: skip
        assert ("visits" in {kind.name for kind in kinds_for(scope(user))}) is may


# Again, and back ---------------------------------------------------------------------------------


def test_the_same_file_again_adds_nothing(paper):
    lines = [paper.line(), paper.line(D=GROUP, G=1), paper.line(D=CHECK, I="Vắng có lý do", J="Học tập")]
    paper.imported(*lines)
    before = stored()
    assert counts(paper.imported(*lines)) == {"unchanged": 3}
    assert stored() == before and tallies.differences() == []


def test_a_visit_typed_by_the_cadre_is_the_same_and_says_so_where_it_differs(paper):
    make.visit(paper.cadre, paper.land.hamlet, kind=VisitKind.CELL_MEETING)
    run = paper.checked(paper.line(), paper.line(D=CHECK))
    assert counts(run) == {"added": 1, "unchanged": 1} and not row(run, 2).hints
    assert row(paper.checked(paper.line(I="Vắng không phép")), 2).hints


def test_what_was_withdrawn_does_not_come_again(paper):
    paper.imported(paper.line())
    visits.withdraw_visit(visit=Visit.objects.get(), reason="Ghi nhầm", by=paper.staff)
    run = paper.imported(paper.line())
    assert counts(run) == {"unchanged": 1} and row(run, 2).hints and tallies.differences() == []


def test_undone_the_visits_and_what_they_counted_are_gone(paper):
    make.visit(paper.cadre, paper.land.hamlet)
    before, counted = stored(), tallies.stored()
    run = paper.imported(paper.line(K="NAM-1"), paper.line(D=CHECK, C=date(2024, 3, 5)), by=paper.organiser)
    assert tallies.stored() != counted
    undo(run=run, by=paper.organiser)
    assert stored() == before and tallies.stored() == counted and tallies.differences() == []


def test_a_visit_corrected_since_holds_the_import(paper):
    run = paper.imported(paper.line())
    visits.withdraw_visit(visit=Visit.objects.get(), reason="Ghi nhầm", by=paper.staff)
    counted = tallies.stored()
    assert obstacles_of(run)
    with pytest.raises(RuleBroken):
        undo(run=run, by=paper.staff)
    assert Visit.objects.count() == 1 and tallies.stored() == counted


def test_the_command_enters_them_behind_closed_periods(paper, tmp_path):
    file = written(tmp_path, HEAD, paper.line(C="05/03/2024", E=name_of(paper.land.commune)))
    assert command("visits", file)[1]["added"] == 1
    status, answer = command("visits", file)
    assert (status, answer["unchanged"], Visit.objects.count()) == (0, 1, 1)
    assert command("visits", file, "--by", paper.staff.username)[1]["unchanged"] == 1
    file = written(tmp_path, HEAD, paper.line(C="06/03/2024", E=name_of(paper.land.commune)))
    status, answer = command("visits", file, "--by", paper.staff.username)
    assert (status, answer["refused"], answer["errors"][0]["column"]) == (1, 1, "C")


def test_many_rows_ask_no_more_questions_than_few(paper):
    land = paper.land
    cadres = [make.following_cadre(land.groups[n % 2], land.commune) for n in range(30)]
    assert Cadre.objects.count() > 30 and Place.objects.exists() and Duty.objects.count() == 2

    def asked(who: list[Cadre], kind: str) -> int:
        rows = [
            [*paper.line(A=each.full_name, D=kind, G=n % 2 + 1, K="NAM-1"), BRIDGE, "Đường, cầu", None]
            for n, each in enumerate(who)
        ]
        with CaptureQueriesContext(connection) as queries:
            run = imported("visits", paper.staff, ASKED_HEAD, *rows)
        assert counts(run) == {"added": len(who)}, problems(run)
        return len(queries)

    # What is asked once in a process is asked before anything is counted.
    asked(cadres[:2], CHECK)
    assert asked(cadres, GROUP) == asked(cadres[:2], CELL)
