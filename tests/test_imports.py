"""The engine: everything is shown first, nothing is half-done, nothing personal is kept, nothing is done twice."""

import io
import json
from datetime import date, timedelta

import openpyxl
import pytest
from django.apps import apps
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.actions import households as household_deeds
from portal.actions.deed import RuleBroken, bookkeeping
from portal.imports import applying, engine, tasks
from portal.imports.households import Households
from portal.imports.kinds import all_kinds
from portal.imports.preview import value_of
from portal.models import AuditEntry, Household, ImportChunk, ImportRow, ImportRun, ImportState, RowFate
from portal.roles import Role
from tests import make, workbooks
from tests.rosters import HOUSEHOLD_HEAD, checked, counts, imported, name_of, problems, row, saved
from tests.workbooks import one_sheet
from tests.worlds import built_once

pytestmark = pytest.mark.django_db


world, land = built_once("land", make.land)


@pytest.fixture
def staff(land):
    return make.commune_staff(land.commune)


def homes(land: make.Land, number: int = 3) -> list[list]:
    hamlet = name_of(land.hamlet)
    return [HOUSEHOLD_HEAD, *([n, hamlet, 1] for n in range(1, number + 1))]


def everything_stored() -> str:
    """Every value of every row of our tables, as one text."""
    parts = []
    for label in ("portal", "assignments", "reports"):
        for model in apps.get_app_config(label).get_models():
            for values in model.objects.values_list():
                parts.append(json.dumps([str(value) for value in values], ensure_ascii=False))
    return "\n".join(parts)


def test_nothing_is_written_before_it_is_confirmed(land, staff):
    before = Household.objects.count()
    run = checked("households", staff, one_sheet(*homes(land)))
    assert run.state == ImportState.READY and counts(run) == {"added": 3}
    assert Household.objects.count() == before
    saved(run)
    assert Household.objects.count() == before + 3


def test_the_receipt_says_which_file_by_whom_and_when(land, staff):
    file = one_sheet(*homes(land))
    run = saved(checked("households", staff, file))
    assert (run.file_name, run.by, run.rows_total) == ("Danh sách.xlsx", staff, 3)
    assert len(run.sha256) == 64 and run.size == len(file.getvalue()) and run.applied_at is not None
    assert not ImportChunk.objects.exists()
    lines = AuditEntry.objects.filter(import_id=run.pk)
    assert lines.filter(deed="add_household").count() == 3
    assert lines.get(deed="apply_import").facts["added"] == 3


def test_the_same_file_again_changes_no_row_and_says_so(land, staff):
    file = one_sheet(*homes(land))
    saved(checked("households", staff, file))
    before = sorted(Household.objects.values_list())
    again = checked("households", staff, file)
    assert counts(again) == {"unchanged": 3}
    assert any(tone == "repeated" for tone, _sheet, _text in again.notes)
    saved(again)
    assert AuditEntry.objects.filter(import_id=again.pk).exclude(deed="apply_import").count() == 0
    assert sorted(Household.objects.values_list()) == before


def test_every_error_of_a_sheet_is_told_at_once_with_its_cell(land, staff):
    rows = [
        [*HOUSEHOLD_HEAD, "Từ ngày", "Đến hết ngày"],
        [1, "Ấp Không Có", 1, "31/02/2026", None],
        ["x", name_of(land.hamlet), 99, None, None],
        [3, name_of(land.hamlet), 1, "05/01/2026", "01/01/2026"],
        [4, name_of(land.hamlet), 1, None, None],
        [4, name_of(land.hamlet), 1, None, None],
    ]
    run = checked("households", staff, one_sheet(*rows))
    found = {number: [letter for letter, _message in told] for number, told in problems(run).items()}
    assert found == {2: ["D", "B"], 3: ["A", "C"], 4: ["E"], 6: [""]}
    assert counts(run) == {"added": 1, "refused": 4}
    assert row(run, 2).sheet == "Sheet1"


def test_a_refused_row_keeps_everything_out_unless_the_good_rows_are_chosen(land, staff):
    run = checked("households", staff, one_sheet(*homes(land), [9, "Ấp Không Có", 1]))
    with pytest.raises(RuleBroken):
        engine.save(run=run, good_only=False, consent=False)
    assert run.state == ImportState.READY and not Household.objects.filter(code="001").exists()
    engine.save(run=run, good_only=True, consent=False)
    assert Household.objects.filter(code="001").exists()


def test_what_is_created_needs_a_tick_of_its_own(land, staff):
    run = checked("hamlets", staff, one_sheet(["Ấp", "Số tổ"], ["Ấp Mới", 3]))
    with pytest.raises(RuleBroken):
        engine.save(run=run, good_only=False, consent=False)
    engine.save(run=run, good_only=False, consent=True)
    assert run.state == ImportState.APPLIED and run.counts["records"] == 4


SECRETS = [
    "000000777001",
    "1900-DẤU-VẾT",
    "NGHÈO-DẤU-VẾT",
    "Kinh-DẤU-VẾT",
    "Đạo-DẤU-VẾT",
    "Bệnh-DẤU-VẾT",
    "Tên-DẤU-VẾT",
]


def test_personal_columns_are_named_and_their_values_are_nowhere(land, staff, client):
    head = [
        *HOUSEHOLD_HEAD,
        "Số CCCD",
        "Năm sinh",
        "Hộ nghèo",
        "Dân tộc",
        "Tôn giáo",
        "Sức khỏe",
        "Họ và tên chủ hộ",
    ]
    file = one_sheet(head, [1, name_of(land.hamlet), 1, *SECRETS], [2, "Ấp Không Có", 1, *SECRETS])
    run = checked("households", staff, file)
    client.force_login(staff)
    pages = [
        client.get(f"/nhap-excel/{run.pk}/?fate={fate}").content.decode() for fate in ("added", "refused")
    ]
    saved(run)
    named = " ".join(text for tone, _sheet, text in run.notes if tone == "dropped")
    kept = everything_stored() + "".join(pages)
    assert all(f"“{heading}”" in named for heading in head[3:])
    assert not [secret for secret in SECRETS if secret in kept]


def test_an_identity_number_inside_an_accepted_cell_is_cut_out_before_it_is_staged(land, staff):
    run = checked("cadres", staff, one_sheet(["Họ và tên", "Chức vụ", "Đơn vị công tác"],
                                             ["Lê Mẫu Út 079 123 456 789", "Công chức", "UBND xã"],
                                             ["Lê Mẫu An", 79123456789012, "UBND xã"]))  # fmt: skip
    assert {number: told[0][0] for number, told in problems(run).items()} == {2: "A", 3: "B"}
    assert "456" not in value_of(row(run, 2), "name")
    assert "456 789" not in everything_stored() and "79123456789012" not in everything_stored()


def test_names_of_heads_are_taken_where_the_commune_decided_so(land, staff):
    household_deeds.keep_heads(commune=land.commune, since=make.START, decree=make.decree(), by=make.clerk())
    imported(
        "households",
        staff,
        [*HOUSEHOLD_HEAD, "Chủ hộ"],
        [1, name_of(land.hamlet), 1, "Bà LÊ MẪU HẠNH (đã chuyển)"],
    )
    assert Household.objects.get(code="001", place=land.groups[0]).head == "Lê Mẫu Hạnh"
    assert not AuditEntry.objects.filter(facts__icontains="Hạnh").exists()


def test_a_failure_while_saving_leaves_nothing_half_done(land, staff, monkeypatch):
    run = checked("households", staff, one_sheet(*homes(land)))
    before = (Household.objects.count(), AuditEntry.objects.count())
    save = Households.save

    def fail_at_the_end(self, changes, **options):
        save(self, changes, **options)
        raise DatabaseError("disk full")

    monkeypatch.setattr(Households, "save", fail_at_the_end)
    engine.save(run=run, good_only=False, consent=False)
    assert run.state == ImportState.READY and run.message
    assert (Household.objects.count(), AuditEntry.objects.count()) == before
    monkeypatch.undo()
    engine.save(run=run, good_only=False, consent=False)
    assert run.state == ImportState.APPLIED and Household.objects.count() == before[0] + 3


def test_what_changed_since_the_preview_is_shown_again_and_not_saved(land, staff):
    run = checked("households", staff, one_sheet(*homes(land)))
    make.household(land.groups[0], code="001", province=land.province)
    before = Household.objects.count()
    engine.save(run=run, good_only=False, consent=False)
    assert run.state == ImportState.READY and run.message
    assert Household.objects.count() == before
    # The household that somebody else entered has another first day than the list says.
    assert counts(run) == {"added": 2, "unchanged": 1}
    engine.save(run=run, good_only=False, consent=False)
    assert run.state == ImportState.APPLIED


def test_staged_rows_that_were_tampered_with_are_not_saved(land, staff):
    run = checked("households", staff, one_sheet(*homes(land)))
    tamper = bookkeeping("a test tampers")(lambda chunk: chunk.save())
    chunk = ImportChunk.objects.get()
    chunk.rows[0][1]["number"] = 77
    tamper(chunk)
    engine.save(run=run, good_only=False, consent=False)
    assert run.state == ImportState.READY and not Household.objects.filter(code="077").exists()


def test_an_import_is_saved_once_however_often_it_is_sent(land, staff):
    run = checked("households", staff, one_sheet(*homes(land)))
    same = ImportRun.objects.get(pk=run.pk)
    saved(run)
    with pytest.raises(RuleBroken):
        engine.save(run=ImportRun.objects.get(pk=run.pk), good_only=False, consent=False)
    engine.save(run=same, good_only=False, consent=False)
    assert AuditEntry.objects.filter(deed="apply_import", import_id=run.pk).count() == 1


def test_a_file_given_up_leaves_only_its_name(land, staff):
    run = checked("households", staff, one_sheet(*homes(land)))
    assert engine.give_up(run)
    assert run.state == ImportState.DROPPED
    assert not ImportRow.objects.filter(run=run).exists() and not run.chunks.exists()
    assert not engine.give_up(saved(checked("households", staff, one_sheet(*homes(land)))))


def test_a_file_that_is_no_list_fails_with_what_its_heading_needs(land, staff):
    run = checked("cadres", staff, one_sheet(["Tên hàng", "Số lượng"], ["Gạo", 3]))
    assert run.state == ImportState.FAILED and "Họ và tên" in run.message
    run = checked("cadres", staff, one_sheet(["Họ và tên", "Chức vụ"], ["Lê Mẫu An", "Công chức"]))
    assert run.state == ImportState.FAILED and "Đơn vị công tác" in run.message
    run = checked("cadres", staff, io.BytesIO(b"%PDF-1.7"))
    assert run.state == ImportState.FAILED and run.message


def test_hidden_sheets_are_named_and_not_read(land, staff):
    head = [HOUSEHOLD_HEAD, [1, name_of(land.hamlet), 1]]
    file = workbooks.workbook(
        ("2022", head), ("2021", [HOUSEHOLD_HEAD, [2, name_of(land.hamlet), 1]]), hidden="2021"
    )
    run = checked("households", staff, file)
    assert counts(run) == {"added": 1}
    assert ["hidden", "2021"] in [note[:2] for note in run.notes]


def test_a_hidden_column_is_said_to_be_read_only_where_something_is_kept_of_it(land, staff):
    file = one_sheet([*HOUSEHOLD_HEAD, "Màu xe"], [1, name_of(land.hamlet), 1, "đỏ"])
    book = openpyxl.load_workbook(file)
    for letter in "BD":
        book.active.column_dimensions[letter].hidden = True
    file = io.BytesIO()
    book.save(file)
    run = checked("households", staff, io.BytesIO(file.getvalue()))
    (told,) = [text for tone, _sheet, text in run.notes if "cột ẩn" in text]
    assert told.endswith(": B"), run.notes


def test_totals_signatures_and_band_rows_are_skipped_and_bands_name_the_group(land, staff):
    rows = [
        ["DANH SÁCH HỘ"],
        ["STT", "Ấp", "Họ và tên chủ hộ"],
        ["TỔ NDTQ SỐ 2 – Tổ trưởng: Lê Mẫu Hạnh"],
        [1, name_of(land.hamlet), "A Mẫu"],
        [2, name_of(land.hamlet), "B Mẫu"],
        [None, "Tổng cộng", 2],
        ["Nơi nhận:", None, "T/M ĐẢNG ỦY"],
    ]
    run = imported("households", staff, *rows)
    assert counts(run) == {"added": 2}
    assert Household.objects.filter(place=land.groups[1], code__in=["001", "002"]).count() == 2
    assert "Hạnh" not in everything_stored()


def test_letters_and_spaces_as_offices_type_them_make_no_difference(land, staff):
    hamlet = name_of(land.hamlet)
    decomposed = workbooks.unicodedata.normalize("NFD", hamlet).replace(" ", "\u00a0").upper()
    run = imported("households", staff, HOUSEHOLD_HEAD, ["01", decomposed, "Tổ 01"])
    assert counts(run) == {"added": 1}
    run = imported("cadres", staff, ["Họ và tên", "Chức vụ", "Đơn vị công tác", "Điện thoại"],
                   ["Đ/c LÊ MẪU HẠNH", "Công\u00a0chức", "UBND xã", 100000017])  # fmt: skip
    assert row(run, 2).title == "Lê Mẫu Hạnh" and row(run, 2).after["Điện thoại"] == "0100000017"


def test_somebody_elses_commune_is_refused(land, staff):
    sibling = name_of(land.sibling)
    run = checked(
        "households", staff, one_sheet([*HOUSEHOLD_HEAD, "Xã"], [1, name_of(land.sibling_hamlet), 1, sibling])
    )
    assert counts(run) == {"refused": 1} and problems(run)[2][0][0] == "D"
    run = checked("hamlets", staff, one_sheet(["Xã", "Ấp"], [sibling, "Ấp Mới"]))
    assert counts(run) == {"refused": 1}
    run = checked(
        "cadres",
        staff,
        one_sheet(["Họ và tên", "Chức vụ", "Đơn vị công tác", "Xã"], ["Lê Mẫu An", "X", "Y", sibling]),
    )
    assert counts(run) == {"refused": 1}


def test_only_the_communes_own_staff_imports_households(land):
    steward = make.person(Role.STEWARD, land.province)
    with pytest.raises(RuleBroken):
        checked("households", steward, one_sheet(*homes(land)))


def test_a_permission_taken_away_meanwhile_stops_the_saving(land, staff):
    run = checked("households", staff, one_sheet(*homes(land)))
    bookkeeping("the grant ends")(lambda: staff.grants.update(until=timezone.localdate()))()
    with pytest.raises(RuleBroken):
        engine.save(run=run, good_only=False, consent=False)


def test_large_files_are_left_to_the_worker(land, staff, monkeypatch, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    monkeypatch.setattr(engine, "LARGE", 2)
    run = engine.take_in(
        kind=all_kinds()["households"], file=one_sheet(*homes(land)), file_name="a.xlsx",
        scope=applying.scope_of(checked("households", staff, one_sheet(*homes(land)))),
    )  # fmt: skip
    assert (run.state, run.rows_total, run.rows_read) == (ImportState.READING, 3, 0)
    tasks.check_import.func(run.pk)
    run.refresh_from_db()
    assert (run.state, run.rows_read) == (ImportState.READY, 3)
    engine.save(run=run, good_only=False, consent=False)
    assert run.state == ImportState.APPLYING
    tasks.apply_import.func(run.pk)
    tasks.apply_import.func(run.pk)
    run.refresh_from_db()
    assert run.state == ImportState.APPLIED and Household.objects.filter(code="003").count() == 1


def test_a_silent_worker_is_replaced_and_a_living_one_is_not(land, staff, monkeypatch):
    run = checked("households", staff, one_sheet(*homes(land)))
    left = bookkeeping("a worker was killed")(
        lambda ago: ImportRun.objects.filter(pk=run.pk).update(
            state=ImportState.READING, rows_read=2, heartbeat_at=timezone.now() - ago
        )
    )
    left(timedelta(seconds=5))
    run.refresh_from_db()
    assert not engine.go_on(run)
    left(timedelta(minutes=5))
    assert engine.go_on(run)
    assert run.state == ImportState.READY and ImportRow.objects.filter(run=run).count() == 3


def test_rows_are_not_asked_about_one_by_one(land, staff):
    def questions(rows: int) -> int:
        with CaptureQueriesContext(connection) as asked:
            saved(checked("households", staff, one_sheet(*homes(land, rows))))
        return len(asked)

    assert questions(420) - questions(20) < 40


codes = st.text(alphabet="ABCĐ0123456789-", min_size=1, max_size=8).filter(lambda text: text.strip("0-"))
days = st.dates(min_value=date(2020, 2, 1), max_value=date(2026, 6, 30))


@given(
    rows=st.lists(
        st.tuples(codes, st.sampled_from([1, 2, "Tổ 1", "tổ 02", None]), days, st.integers(1, 400) | st.none()),
        min_size=1, max_size=12, unique_by=lambda row: row[0],
    )
)  # fmt: skip
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_valid_roster_becomes_exactly_what_it_says(land, staff, rows):
    bookkeeping("a clean beginning")(lambda: Household.objects.all().delete())()
    sheet = [["Mã hộ", "Ấp", "Tổ NDTQ", "Từ ngày", "Đến hết ngày"]]
    expected = set()
    for code, group, since, length in rows:
        until = since + timedelta(days=length) if length else None
        last = until - timedelta(days=1) if until else None
        sheet.append(
            [code, name_of(land.hamlet), group, f"{since:%d/%m/%Y}", f"{last:%d/%m/%Y}" if last else None]
        )
        number = {1: 0, "Tổ 1": 0, 2: 1, "tổ 02": 1}.get(group)
        place = land.hamlet if number is None else land.groups[number]
        expected.add((code, place.pk, since, until))
    run = imported("households", staff, *sheet)
    assert counts(run) == {RowFate.ADDED: len(rows)}
    assert set(Household.objects.values_list("code", "place", "since", "until")) == expected
    assert counts(checked("households", staff, one_sheet(*sheet))) == {RowFate.UNCHANGED: len(rows)}
