"""W5: hamlets of one name from three old communes are told apart; the total on top and planned mergers are no rows."""

from datetime import date

import pytest
from django.db import transaction

from portal.actions.places import NewPlace, open_places
from portal.imports import engine, preview
from portal.levels import Level, PlaceKind
from portal.models import ImportChunk, ImportRow, PlaceSpan
from portal.roles import Role
from tests import make
from tests.layouts import land, w5
from tests.layouts.people import name, phone
from tests.rosters import checked, counts, problems, saved

pytestmark = pytest.mark.django_db
LISTED = date(2025, 9, 1)


@pytest.fixture(scope="module")
def steward(django_db_setup, django_db_blocker):
    with land.seeded(django_db_blocker):
        yield make.person(Role.STEWARD, land.place(land.VINH_LONG, make.today()))


def read(steward, **fields):
    return checked("hamlets", steward, w5.w5(**fields), since=LISTED)


def answered(run, answer):
    engine.answer(run=run, answers={"same-hamlets": answer}, at_once=True)
    return run


def hamlets() -> list[str]:
    return list(PlaceSpan.objects.filter(place__level=Level.HAMLET).values_list("name", flat=True))


def test_equal_names_are_asked_about_once(steward):
    run = read(steward)
    assert counts(run) == {"added": 2, "refused": 22}, problems(run)
    (question,) = preview.questions_of(run)
    assert len(question.rows) == 22 and "(Cẩm Sơn)" in question.choices[0][1]


def test_renamed_they_are_24_hamlets_with_286_groups(steward):
    run = saved(answered(read(steward), "rename"))
    assert counts(run) == {"added": 24} and run.counts["records"] == 24 + 286
    assert len(set(hamlets())) == 24 and "Mẫu 1 (Ngãi Đăng)" in hamlets() and "Mẫu 10" in hamlets()
    assert PlaceSpan.objects.filter(place__level=Level.GROUP).count() == 286
    assert counts(read(steward)) == {"unchanged": 24}, "the same file again, without a question"


def test_kept_they_are_24_hamlets_all_the_same(steward):
    saved(answered(read(steward), "keep"))
    assert len(hamlets()) == 24 and hamlets().count("Mẫu 1") == 3
    assert PlaceSpan.objects.filter(place__level=Level.GROUP).count() == 286
    again = read(steward)
    assert counts(again) == {"unchanged": 24}, problems(again)


def test_a_hamlet_that_came_from_the_old_commune_is_known_again(steward):
    old = land.place(land.CAM_SON, date(2022, 1, 1))
    open_places(news=[NewPlace("28978-A01", "Mẫu 1", PlaceKind.AP, old)], since=date(2022, 1, 1), decree=None,
                by=make.clerk())  # fmt: skip
    run = answered(read(steward), "rename")
    row = run.rows.get(number=12)
    assert (row.title, row.fate) == ("Ấp Mẫu 1", "added") and "Ấp, khóm, khu phố" not in row.after
    assert row.after["Tổ nhân dân tự quản"].startswith("1, 2, 3")


def test_totals_and_parts_are_no_rows_and_sums_agree(steward):
    run = read(steward)
    assert run.rows_total == 24
    assert not [note for note in run.notes if note[0] in {"sum", "kind"}]
    assert len([note for note in run.notes if note[0] == "skipped"]) == 2


def test_a_count_that_is_only_added_up_is_said_not_to_be_kept(steward):
    notes = [text for _tone, _sheet, text in read(steward).notes]
    assert [text for text in notes if "“Số hộ”" in text and "không lưu" in text], notes


def test_persons_and_remarks_of_another_kind_are_named_and_not_kept(steward):
    run = read(steward)
    unknown = next(text for tone, _sheet, text in run.notes if tone == "unknown")
    assert "Trưởng ấp" in unknown and "Điện thoại" in unknown and "Ghi chú" in unknown
    kept = str(list(ImportChunk.objects.values_list("rows"))) + str(list(ImportRow.objects.values()))
    assert name(1) not in kept and phone(1) not in kept and "sáp nhập" not in kept


def test_a_clean_sheet_is_not_asked_about(steward):
    with transaction.atomic():
        run = saved(read(steward, clean=True))
        assert counts(run) == {"added": 24} and run.counts["records"] == 24 + 286
        transaction.set_rollback(True)
