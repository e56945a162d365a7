"""Whoever chose the wrong kind of list is told which one the headings of the file are rather those of."""

import pytest

from portal.actions.deed import bookkeeping
from portal.imports.kinds import kind_named
from portal.models import ImportRun, ImportState
from portal.roles import Role
from tests import make
from tests.rosters import ASSIGNMENT_HEAD, checked, name_of
from tests.workbooks import one_sheet, workbook
from tests.worlds import built_once

pytestmark = pytest.mark.django_db

world, land = built_once("land", make.land)


@pytest.fixture
def steward(land):
    return make.person(Role.STEWARD, land.province)


def roster(land) -> list[list]:
    return [
        ASSIGNMENT_HEAD,
        [1, "Trần Văn Mẫu", "Đảng ủy xã", name_of(land.hamlet), 1, "12-QĐ/ĐU", "01/03/2026"],
    ]


def told(run) -> list[str]:
    return [text for tone, _sheet, text in run.notes if tone == "kind"]


@bookkeeping("a test needs a preview without further notes")
def told_alone(run, note):
    ImportRun.objects.filter(pk=run.pk).update(notes=[note], state=ImportState.READY)


def label(kind: str) -> str:
    return f"“{kind_named(kind).label}”"


def test_a_roster_taken_for_a_list_of_cadres_is_told_to_be_one_above_the_preview(land, steward, client):
    run = checked("cadres", steward, one_sheet(*roster(land)))
    assert run.state in (ImportState.READY, ImportState.ASKING)
    (text,) = told(run)
    assert label("assignments") in text and label("cadres") in text
    client.force_login(steward)
    page = client.get(f"/nhap-excel/{run.pk}/", follow=True).content.decode()
    assert page.count("Tiêu đề cột của tệp này giống") == 1
    assert page.index("Tiêu đề cột của tệp này giống") < page.index("gd-sheet")


def test_a_file_of_which_nothing_else_is_to_be_known_has_no_empty_list_of_notes(land, steward, client):
    run = checked("cadres", steward, one_sheet(*roster(land)))
    note = next(note for note in run.notes if note[0] == "kind")
    told_alone(run, note)
    client.force_login(steward)
    page = client.get(f"/nhap-excel/{run.pk}/").content.decode()
    assert "Tiêu đề cột của tệp này giống" in page and 'id="bo"' not in page


def test_where_no_such_list_is_found_at_all_the_message_names_the_kind(land, steward):
    run = checked("head-counts", steward, one_sheet(*roster(land)))
    assert run.state == ImportState.FAILED
    assert label("assignments") in run.message


def test_whoever_chose_rightly_is_told_nothing_though_columns_are_left_over(land, steward):
    head, *rows = roster(land)
    more = [[*head, "Cột lạ", "Cột khác", "Cột nữa"], *([*row, "a", "b", "c"] for row in rows)]
    assert not told(checked("assignments", steward, one_sheet(*more)))


def test_another_list_beside_the_one_chosen_does_not_count(land):
    """A book of an office often holds lists of several kinds, each on its sheet."""
    homes = [
        ["STT", "Ấp, khu phố", "Tổ NDTQ số", "Chủ hộ", "Số nhà"],
        [1, name_of(land.hamlet), 1, "Trần Văn Mẫu", "3"],
    ]
    meetings = [["STT", "Ngày họp", "Nội dung"], [1, "01/03/2026", "Họp chi bộ"]]
    staff = make.commune_staff(land.commune)
    assert (
        label("households") in checked("sessions", staff, workbook(("Hộ", homes), ("Họp", meetings))).message
    )
    run = checked("households", staff, workbook(("Họp", meetings), ("Hộ", homes)))
    assert run.state == ImportState.READY and run.rows_total == 1
    assert not told(run)


def test_a_kind_that_one_may_not_import_is_not_offered(land, steward):
    """Households are the commune's own; whoever imports rosters alone is not sent to them."""
    head = ["STT", "Ấp, khu phố", "Tổ NDTQ số", "Chủ hộ", "Số nhà"]
    homes = [head, [1, name_of(land.hamlet), 1, "Trần Văn Mẫu", "3"]]
    staff = make.commune_staff(land.commune)
    assert label("households") in checked("sessions", staff, one_sheet(*homes)).message
    run = checked("head-counts", steward, one_sheet(*homes))
    assert run.state == ImportState.FAILED
    assert label("households") not in run.message
