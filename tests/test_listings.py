"""What is in the portal goes out as a sheet that comes back without a change, for each kind and within reach."""

import io
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.utils import timezone, translation

from assignments.models import Assignment, Cadre, CadrePost
from assignments.topics import AssignmentRole, EndReason
from portal.actions import households as household_deeds
from portal.actions import places as place_deeds
from portal.actions.deed import RuleBroken
from portal.actions.system import system_user
from portal.exports import Footer
from portal.exports.listings import write_listing
from portal.imports import engine
from portal.imports.kinds import kind_named
from portal.levels import OrgKind, PlaceKind
from portal.models import ImportRun, PartyOrg, PartyOrgCount, Place, User
from portal.roles import Role
from reports.models import Evaluation, Round, RoundState
from tests import make
from tests.rosters import checked, counts, scope
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
KINDS = ["hamlets", "party-orgs", "cadres", "assignments", "households", "grades"]
AWKWARD = ["=1+1 Mẫu", "+84 Mẫu", "-x Mẫu", "@a Mẫu", "\tb Mẫu"]
LAST_YEAR = make.today().year - 1


@pytest.fixture(autouse=True)
def vietnamese() -> Iterator[None]:
    with translation.override("vi"):
        yield


class Scene:
    """Two communes with whatever makes a list hard to bring back; the second one is out of the staff's reach."""

    def __init__(self) -> None:
        self.land = land = make.land()
        self.staff = make.commune_staff(land.commune)
        self.organiser = make.person(Role.ORGANISER, land.province)
        self.decree = make.decree("007-QĐ/ĐU")
        self.twin = [make.place(PlaceKind.AP, above, "Trùng Mẫu") for above in (land.commune, land.sibling)]
        self.lettered = make.place(PlaceKind.TO_NDTQ, land.hamlet, "3A")
        self.later = make.place(PlaceKind.TO_NDTQ, land.hamlet, "4", since=date(2023, 5, 1))
        self.doubled = [make.place(PlaceKind.TO_NDTQ, self.twin[0], "5") for _ in range(2)]
        for number, name in enumerate(AWKWARD):
            make.place(PlaceKind.AP, land.commune, name, since=date(2021, 1, 1 + number))
        self.people()
        self.orgs()
        self.follow()
        self.homes()

    @make.made
    def people(self) -> None:
        land = self.land
        self.cadres = [
            make.cadre(name, land.commune, title=f"{name.strip()} phó", workplace=f"{name.strip()} xã")
            for name in AWKWARD
        ]
        self.namesakes = [make.cadre("Lê Mẫu Hạnh", land.commune, workplace="Trạm Y tế xã") for _ in range(3)]
        self.remarked = make.cadre("Trần Mẫu Bình (B)", land.commune)
        # A post that has ended beside one that goes on, one that will end, and one that begins next year.
        first, second, third = self.namesakes
        CadrePost.objects.filter(cadre=first).update(until=date(2024, 1, 1))
        self.post(first, "Phó Chủ tịch", date(2024, 1, 1))
        CadrePost.objects.filter(cadre=second).update(until=make.today() + timedelta(days=40))
        self.post(third, "Công chức", make.today() + timedelta(days=90), "Hội Nông dân xã")
        # Post and workplace in one.
        self.post(self.remarked, "Chủ tịch Hội Nông dân", make.START, "")
        self.stranger = make.cadre("PERSON-NGOAI-DAU", land.sibling)

    def post(self, cadre: Cadre, title: str, since: date, workplace: str = "Trạm Y tế xã") -> None:
        CadrePost.objects.create(
            cadre=cadre, title=title, workplace=workplace, workplace_key="", tier="commune",
            place=self.land.commune, since=since,
        )  # fmt: skip

    @make.made
    def follow(self) -> None:
        land, (first, second, third) = self.land, self.namesakes
        for group in (*land.groups, self.lettered, self.later):
            make.assignment(first, group, since=date(2023, 6, 1))
        make.assignment(second, land.hamlet, role=AssignmentRole.IN_CHARGE)
        make.assignment(second, land.cell)
        for org in (self.same[0], self.alike[0]):
            make.assignment(second, org)
        make.assignment(third, land.commune)
        make.assignment(third, self.twin[0], until=make.today() + timedelta(days=9))
        for group in self.doubled:
            make.assignment(third, group)
        gone = make.assignment(self.remarked, land.hamlet, until=date(2022, 1, 1))
        make.assignment(self.remarked, land.hamlet, since=date(2024, 1, 1))
        Assignment.objects.filter(pk=gone.pk).update(end_reason=EndReason.RETIRED)
        Assignment.objects.filter(cadre=second).update(decree=self.decree)
        make.assignment(self.stranger, land.sibling_hamlet)

    @make.made
    def orgs(self) -> None:
        land = self.land
        top = make.org(OrgKind.PROVINCIAL, place=land.province, name="Đảng bộ tỉnh Mẫu")
        self.awkward = [make.org(OrgKind.CELL_SECTOR, land.committee, land.commune, name) for name in AWKWARD]
        other = make.org(OrgKind.COMMUNE, top, land.sibling, "Đảng bộ xã bên Mẫu")
        self.same = [
            make.org(OrgKind.CELL_HAMLET, above, seat, "Chi bộ ấp 1 Mẫu")
            for above, seat in ((land.committee, self.twin[0]), (other, self.twin[1]))
        ]
        # Nothing but their codes tells these apart.
        self.alike = [
            make.org(OrgKind.CELL_SECTOR, land.committee, land.commune, "Chi bộ Đôi Mẫu") for _ in range(2)
        ]
        self.unseated = make.org(OrgKind.CELL_SECTOR, land.committee, None, "Chi bộ Công an Mẫu")
        self.count(land.cell, LAST_YEAR, 23)
        self.count(land.cell, LAST_YEAR - 1, 21)
        self.count(self.same[1], LAST_YEAR, 8_713)
        for year in (LAST_YEAR, LAST_YEAR - 1):
            self.grade(land.cell, year, "good")
            self.grade(self.same[0], year, "", "new")
        self.grade(self.same[1], LAST_YEAR, "met")
        self.grade(self.alike[1], LAST_YEAR, "good")

    def count(self, org: PartyOrg, year: int, members: int) -> None:
        PartyOrgCount.objects.create(org=org, year=year, members=members, exempt=2, away=1)

    def grade(self, org: PartyOrg, year: int, grade: str, left_out: str = "") -> None:
        Evaluation.objects.create(
            org=org, year=year, kind=OrgKind.CELL_HAMLET, grade=grade, left_out=left_out, decree=self.decree,
            entered_by=self.staff, entered_at=timezone.now(),
        )  # fmt: skip

    def homes(self) -> None:
        land = self.land
        for number, code in enumerate(["001", "0100", "=1", "-2", "@3", "+4"]):
            make.household(land.groups[0], code, land.province, head=f"Lê Mẫu {number}", house_number="1/2")
        make.household(self.lettered, "001", land.province)
        make.household(land.hamlet, "001", land.province)
        make.household(self.doubled[0], "001", land.province, until=make.today() + timedelta(days=3))
        make.household(land.groups[1], "DA-DI", land.province, until=date(2024, 1, 1))
        make.household(land.sibling_group, "HOUSEHOLD-NGOAI-DAU", land.province)


world, scene = built_once("scene", Scene)


def written(
    kind: str, by: User, *, with_names: bool = False, place: Place | None = None, **fields: Any
) -> io.BytesIO:
    file = io.BytesIO()
    write_listing(
        file, kind=kind_named(kind), scope=scope(by, place=place, **fields), demo=True, with_names=with_names,
        footer=Footer("Báo cáo cấp ủy", str(by), timezone.now()),
    )  # fmt: skip
    file.seek(0)
    return file


def rows_of(file: io.BytesIO) -> list[dict[str, Any]]:
    sheet = openpyxl.load_workbook(file).worksheets[0]
    heads = [cell.value for cell in sheet[4]]
    rows = sheet.iter_rows(min_row=5, values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows if sum(cell is not None for cell in row) > 1]


def back(kind: str, by: User, file: io.BytesIO, **fields: Any) -> ImportRun:
    file.seek(0)
    run = checked(kind, by, file, **fields)
    assert run.rows_total, run.message
    told = [(row.number, row.problems, row.before, row.after) for row in run.rows.exclude(fate="unchanged")]
    assert set(counts(run)) == {"unchanged"}, told
    return run


def reader(scene: Scene, kind: str) -> dict[str, Any]:
    """Whoever may import the kind, and where."""
    if kind == "households":
        return {"by": scene.staff, "place": scene.land.commune}
    return {"by": scene.organiser}


@pytest.mark.parametrize("with_names", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_a_list_comes_back_without_a_change(scene, kind, with_names):
    where = reader(scene, kind)
    file = written(kind, with_names=with_names, **where)
    run = back(kind, file=file, **where)
    assert run.rows_total == len(rows_of(file)) and run.counts["unchanged"] >= 5


@pytest.mark.parametrize("kind", ["hamlets", "cadres", "assignments"])
def test_a_list_of_the_communes_own_staff_comes_back_too(scene, kind):
    back(kind, scene.staff, written(kind, scene.staff))


@pytest.mark.parametrize("kind", KINDS)
def test_the_portals_own_account_lists_a_commune(scene, kind):
    file = written(kind, system_user(), place=scene.land.commune)
    assert rows_of(file) and "NGOAI-DAU" not in str(rows_of(file))
    back(kind, system_user(), file, place=scene.land.commune)


def test_every_list_is_complete(scene):
    numbers = {kind: len(rows_of(written(kind, **reader(scene, kind)))) for kind in KINDS}
    # The groups of a hamlet share its row but for a name of letters, a later day and two of one name.
    assert numbers == {
        "hamlets": 7 + 3 + 2, "party-orgs": 14, "cadres": 12, "assignments": 13, "households": 11, "grades": 6,
    }  # fmt: skip


def test_names_and_telephones_stay_out_unless_asked_for(scene):
    for kind in ("cadres", "assignments"):
        quiet, told = (written(kind, scene.organiser, with_names=tick) for tick in (False, True))
        assert "Lê Mẫu Hạnh" not in str(rows_of(quiet)) and "0100000001" not in str(rows_of(quiet))
        assert "Lê Mẫu Hạnh" in str(rows_of(told)) and "0100000001" in str(rows_of(told))
        codes = {row["Mã cán bộ"] for row in rows_of(quiet)}
        assert {f"CB{cadre.pk}" for cadre in scene.namesakes} <= codes


def test_heads_are_for_the_staff_of_a_commune_that_keeps_them(scene):
    commune = scene.land.commune
    heads = ["Lê Mẫu 3", "1/2"]
    assert not any(text in str(rows_of(written("households", scene.staff, place=commune, with_names=True)))
                   for text in heads)  # fmt: skip
    household_deeds.keep_heads(commune=commune, since=make.START, decree=scene.decree, by=scene.staff)
    told = written("households", scene.staff, place=commune, with_names=True)
    assert all(text in str(rows_of(told)) for text in heads)
    back("households", scene.staff, told, place=commune)
    for file in (
        written("households", scene.staff, place=commune),
        written("households", system_user(), place=commune, with_names=True),
    ):
        assert not any(text in str(rows_of(file)) for text in heads)


def test_nothing_from_outside_the_reach_is_in_a_list(scene):
    """The marks would be there: whoever reaches further does see them."""
    near = {
        kind: str(rows_of(written(kind, scene.staff, with_names=True))) for kind in ("cadres", "assignments")
    }
    far = {kind: str(rows_of(written(kind, scene.organiser, with_names=True))) for kind in near}
    assert all("PERSON-NGOAI-DAU" in text for text in far.values())
    assert not any("PERSON-NGOAI-DAU" in text for text in near.values())
    assert "8713" in str(rows_of(written("party-orgs", scene.organiser)))
    local = make.person(Role.ORGANISER, scene.land.commune)
    assert "8713" not in str(rows_of(written("party-orgs", local)))
    assert len(rows_of(written("grades", local))) == 5
    homes = written("households", scene.staff, place=scene.land.commune)
    assert "HOUSEHOLD-NGOAI-DAU" not in str(rows_of(homes))
    assert not rows_of(written("households", scene.staff, place=scene.land.sibling))


@pytest.mark.parametrize("place", ["province", "hamlet", None])
def test_households_are_listed_by_one_commune_and_never_above(scene, place):
    with pytest.raises(RuleBroken):
        written("households", system_user(), place=place and getattr(scene.land, place))


def test_text_stays_text_and_days_are_days(scene):
    file = written("households", scene.staff, place=scene.land.commune)
    sheet = openpyxl.load_workbook(file).worksheets[0]
    cells = {cell.value: cell for row in sheet.iter_rows(min_row=5) for cell in row if cell.value is not None}
    for code in ("001", "0100", "=1", "-2", "@3", "+4"):
        assert cells[code].data_type == "s", code
    since = next(cell for cell in cells.values() if cell.is_date)
    assert since.number_format == "dd/mm/yyyy"


def test_the_layout_is_that_of_the_empty_form_and_the_footer_names_purpose_user_and_time(scene):
    sheet = openpyxl.load_workbook(written("cadres", scene.organiser)).worksheets[0]
    kind = kind_named("cadres")
    assert [cell.value for cell in sheet[4]] == ["STT", *(column.heading for column in kind.columns)]
    footer = str([cell.value for cell in sheet["A"]][-1])
    assert footer.startswith(f"Báo cáo cấp ủy. Kết xuất: {scene.organiser}, ")
    assert sheet.oddFooter.left.text.strip().endswith(footer)


def test_title_and_footer_are_skipped_and_said_so(scene):
    run = back("cadres", scene.organiser, written("cadres", scene.organiser))
    skipped = [text for kind, _sheet, text in run.notes if kind == "skipped"]
    assert len(skipped) == 1 and "1 dòng" in skipped[0] and not run.counts["hints"], run.notes


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind_named(kind).completes])
def test_taken_for_complete_a_list_ends_nothing(scene, kind):
    where = reader(scene, kind)
    run = checked(kind, where["by"], written(kind, **where), place=where.get("place"))
    engine.say_whether_complete(run=run, is_complete=True, at_once=True)
    assert run.options["complete"] and not run.counts.get("missing"), run.counts
    assert set(counts(run)) == {"unchanged"}


def test_a_merged_commune_is_listed_with_what_it_was_before(scene):
    """Posts and assignments of earlier days are told by the names of those days, the rest by today's."""
    land = scene.land
    place_deeds.merge_places(
        olds=[land.commune, land.sibling], into=place_deeds.NewPlace("28981", "Hương Mẫu", "xa", land.province),
        on=date(2025, 7, 1), decree=scene.decree, by=make.clerk(),
    )  # fmt: skip
    for kind in ("hamlets", "party-orgs", "cadres", "assignments", "grades"):
        back(kind, scene.organiser, written(kind, scene.organiser))
    hamlets = rows_of(written("hamlets", scene.organiser))
    assert {row["Xã, phường, thị trấn"] for row in hamlets} == {"Xã Hương Mẫu"}
    # Two hamlets of one name in one commune are told by their codes.
    assert "Ấp Trùng Mẫu" not in str(hamlets)


def test_two_units_of_one_name_are_told_by_their_codes(scene):
    first, second = (
        make.place(PlaceKind.XA, scene.land.province, "An Mẫu", code) for code in ("00071", "00072")
    )
    make.cadre("Bùi Mẫu An", first)
    make.cadre("Bùi Mẫu Chi", second)
    make.place(PlaceKind.AP, second, "1")
    assert "00072" in [row["Xã, phường, thị trấn"] for row in rows_of(written("hamlets", scene.organiser))]
    for kind in ("hamlets", "cadres"):
        back(kind, scene.organiser, written(kind, scene.organiser))


def test_a_list_may_be_of_an_earlier_day(scene):
    day = date(2022, 1, 1)
    where = {"by": scene.organiser, "since": day}
    rows = rows_of(written("hamlets", **where))
    assert "Từ ngày" in rows[0] and all(row["Từ ngày"].date() <= day for row in rows)
    back("hamlets", file=written("hamlets", **where), **where)


def test_the_code_alone_names_a_person_and_a_new_person_needs_a_name(scene):
    from_code = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["Họ và tên", "Chức vụ", "Đơn vị công tác", "Cấp", "Mã cán bộ"])
    book.active.append([None, "Ủy viên", "Hội Nông dân xã", "Xã", f"CB{scene.remarked.pk}"])
    book.active.append([None, "Ủy viên", "Hội Nông dân xã", "Xã", "mới"])
    book.active.append([None, "Ủy viên", "Hội Nông dân xã", "Xã", None])
    book.save(from_code)
    run = checked("cadres", scene.staff, from_code)
    assert run.rows_total, (run.state, run.message)
    assert counts(run) == {"changed": 1, "refused": 2}
    assert {row.number for row in run.rows.filter(fate="refused")} == {3, 4}
    assert Cadre.objects.filter(full_name="").count() == 0


def test_a_locked_grading_comes_back_unless_a_grade_differs(scene):
    rounds = make.made(Round.objects.create)
    scheme = make.made(lambda: Round._meta.get_field("scheme").related_model.objects.create(
        code="mau", name="Quy định mẫu", first_year=2000))()  # fmt: skip
    rounds(
        year=LAST_YEAR, place=scene.land.province, scheme=scheme, state=RoundState.LOCKED,
        opened_by=scene.organiser, opened_at=timezone.now(),
    )  # fmt: skip
    file = written("grades", scene.organiser)
    back("grades", scene.organiser, file)
    book = openpyxl.load_workbook(file)
    row = next(
        row for row in book.worksheets[0].iter_rows(min_row=5) if row[4].value == LAST_YEAR and row[5].value
    )
    row[5].value = "Hoàn thành xuất sắc nhiệm vụ"
    changed = io.BytesIO()
    book.save(changed)
    assert counts(checked("grades", scene.organiser, changed))["refused"] == 1
