"""W1: the households of a commune on ten sheets go in as they stand, with the hamlets and groups they lie in."""

import json
from datetime import date

import pytest
from django.apps import apps

from portal import places
from portal.actions.households import keep_heads
from portal.imports.kinds import kind_named
from portal.levels import Level
from portal.models import Household, ImportRow, PlaceSpan
from tests import make
from tests.layouts import land, look, w1
from tests.layouts.people import households_in, identity, name
from tests.rosters import checked, counts, saved
from tests.workbooks import saved as file_of

pytestmark = pytest.mark.django_db
TITLED = date(2022, 1, 10)
MODULES = ("portal", "assignments", "reports")


@pytest.fixture(scope="module")
def book():
    return w1.book()


@pytest.fixture(scope="module")
def territory(django_db_setup, django_db_blocker):
    with land.seeded(django_db_blocker):
        yield


@pytest.fixture(scope="module")
def staff(territory):
    """Households are imported by the commune's own staff and nobody else, and so not by a steward."""
    return make.commune_staff(land.place(land.HUONG_MY, make.today()))


@pytest.fixture(scope="module")
def first(staff, book):
    """The preview of the file on a province without a single hamlet, and then the receipt."""
    preview = checked("households", staff, file_of(book))
    kept = {"rows": list(preview.rows.values()), "counts": dict(preview.counts), "notes": preview.notes,
            "chunks": json.dumps(list(preview.chunks.values_list("rows", flat=True)), ensure_ascii=False)}  # fmt: skip
    return kept, saved(preview)


def everything_stored() -> str:
    parts = []
    for label in MODULES:
        for model in apps.get_app_config(label).get_models():
            for values in model.objects.values_list():
                parts.append(json.dumps([str(value) for value in values], ensure_ascii=False))
    return "\n".join(parts)


def notes(first) -> str:
    return "\n".join(" ".join(note) for note in first[0]["notes"])


def test_every_household_comes_with_its_hamlet_and_group(first):
    preview, run = first
    assert counts(run) == {"added": 3552}
    assert (preview["counts"]["new_hamlets"], preview["counts"]["new_groups"]) == (10, 130)
    assert Household.objects.count() == 3552
    commune = land.place(land.CAM_SON, TITLED)
    sizes = [
        Household.objects.filter(place__in=places.within(hamlet.place_id, TITLED)).count()
        for hamlet in places.spans_within(commune.pk, TITLED, Level.HAMLET)
    ]
    assert sizes == [364, 364, 364, 354, *[351] * 6]


def test_the_day_of_the_list_is_that_of_its_title(first):
    assert first[1].options["since"] == "2022-01-10" and "10/01/2022" in notes(first)
    assert set(Household.objects.values_list("since", flat=True)) == {TITLED}


def test_hamlets_go_over_into_the_commune_that_took_theirs_over(first):
    spans = PlaceSpan.objects.filter(name="Mẫu 3", place__level=Level.HAMLET).order_by("since")
    assert [(span.since, span.until) for span in spans] == [
        (TITLED, date(2025, 7, 1)), (date(2025, 7, 1), None),
    ]  # fmt: skip


def test_units_are_opened_only_after_an_own_consent_that_counts_them(first, staff, book):
    assert "10" in kind_named("households").consent_to(first[0]["counts"])
    assert "130" in kind_named("households").consent_to(first[0]["counts"])


def test_what_is_no_household_is_named_and_left_out(first):
    told = notes(first)
    assert not [note for note in first[0]["notes"] if note[0] == "kind"]
    assert "TỔNG HỢP" in told
    skipped = [text for tone, sheet, text in first[0]["notes"] if tone == "skipped" and sheet == "Ấp 7"]
    assert len(skipped) == 4, "totals, bands, the heading again, the signature block"
    assert first[1].rows_total == 3552


def test_a_hidden_row_is_pointed_out_and_read(first):
    told = [text for tone, sheet, text in first[0]["notes"] if tone == "marks" and sheet == "Ấp 1"]
    assert told == ["1 dòng ẩn vẫn được đọc: 20"]


def test_two_households_of_one_head_are_two(first):
    group = PlaceSpan.objects.get(name="7", parent__in=PlaceSpan.objects.filter(name="Mẫu 1").values("place"))
    assert Household.objects.filter(place=group.place_id).count() == households_in(7)


def test_nothing_of_forbidden_columns_is_kept_anywhere(first):
    kept = everything_stored() + json.dumps([str(row) for row in first[0]["rows"]], ensure_ascii=False)
    kept += first[0]["chunks"]
    for group in (1, 7, 42, 43, 130):
        for k in (1, 2, 9, 18, 27):
            assert identity(group * 100 + k) not in kept
    texts = [str((row["cells"], row["before"], row["after"], row["title"])) for row in first[0]["rows"]]
    assert "1900" not in "".join(texts) + first[0]["chunks"]
    for heading in ("Năm sinh", "Số CCCD", "Số nhân khẩu", "Nghèo", "Cận nghèo"):
        assert heading in notes(first)


def test_heads_are_not_even_read_where_the_commune_keeps_none(first):
    kept = everything_stored() + first[0]["chunks"]
    assert not any(name(31 * group + k) in kept for group in (1, 60, 130) for k in (1, 2, 3))
    assert not Household.objects.exclude(head="", house_number="").exists()


def test_the_same_file_again_changes_nothing(first, staff, book):
    again = checked("households", staff, file_of(book))
    assert counts(again) == {"unchanged": 3552}
    assert kind_named("households").consent_to(again.counts) == ""


def test_heads_come_without_honorific_and_bracket_where_the_commune_decided_to_keep_them(first, staff, book):
    keep_heads(commune=land.place(land.HUONG_MY, make.today()), since=date(2025, 7, 1), decree=make.decree(),
               by=make.clerk())  # fmt: skip
    run = saved(checked("households", staff, file_of(book)))
    assert counts(run) == {"changed": 3552}
    row = ImportRow.objects.get(run=run, sheet="Ấp 10", number=12)
    assert row.after["Chủ hộ"] == "Lê Mẫu Hạnh" and len(row.hints) == 1
    heads = set(Household.objects.values_list("head", flat=True))
    assert name(31 * 14 + 1) in heads and name(31 * 30 + 1) in heads and name(31 * 45 + 1) in heads
    assert not any(head.isupper() or "\u00a0" in head for head in heads)
    assert identity(101) not in everything_stored()


def test_a_clean_file_brings_the_same_households(first, staff):
    assert counts(checked("households", staff, w1.w1(clean=True))) == {"unchanged": 3552}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_one_sheet_as_text_brings_the_households_of_its_hamlet(territory, staff, book, encoding):
    run = checked("households", staff, look.as_csv(look.rows_of(book["ấp 3"]), encoding))
    assert sum(counts(run).values()) == 364 and "refused" not in counts(run)
