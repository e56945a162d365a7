"""W2: who follows which groups of a commune, in five notations, with the people who are not on the roster yet."""

from datetime import date

import pytest

from assignments.models import Assignment, Cadre, CadrePost
from portal.imports import engine, preview
from portal.imports.kinds import kind_named
from portal.models import ImportRow
from portal.roles import Role
from tests import make
from tests.layouts import land, look, w2
from tests.layouts.people import name
from tests.rosters import checked, counts, problems, saved

pytestmark = pytest.mark.django_db
DECIDED = date(2022, 1, 5)


@pytest.fixture(scope="module")
def steward(django_db_setup, django_db_blocker):
    with land.seeded(django_db_blocker):
        land.with_groups(land.place(land.CAM_SON, DECIDED), date(2022, 1, 1))
        yield make.person(Role.STEWARD, land.place(land.VINH_LONG, make.today()))


@pytest.fixture(scope="module")
def first(steward):
    return checked("assignments", steward, w2.w2())


def row_of(run, c):
    """The rows of a cadre, in the order of the sheet."""
    at = [9 + place for place, row in enumerate(w2.rows(clean=False)) if row.number == c]
    return list(run.rows.filter(number__in=at, sheet="PC 2022").order_by("number", "pk"))


def hints(row) -> list[str]:
    return [message for _field, _letter, message in row.hints]


def answered(run):
    question = preview.questions_of(run)
    namesake = next(one for one in question if any(value == "new" for value, _label in one.choices))
    engine.answer(run=run, answers={namesake.key: "new"}, at_once=True)
    return run


def test_a_date_and_a_hamlet_that_is_not_there_are_refused_by_their_cells(first):
    wrong = problems(first)
    assert {number: [letter for letter, _message in told] for number, told in wrong.items()} == {
        row_of(first, 9)[0].number: ["G"], row_of(first, 41)[0].number: ["F"], row_of(first, 30)[0].number: ["B"],
    }  # fmt: skip
    assert "6-8" in wrong[row_of(first, 9)[0].number][0][1]
    assert "Ấp Mẫu 10" in wrong[row_of(first, 41)[0].number][0][1]


def test_one_name_with_two_posts_is_asked_once(first):
    asked = [
        one for one in preview.questions_of(first) if any(value == "new" for value, _label in one.choices)
    ]
    assert len(asked) == 1 and name(3) in asked[0].title
    assert f"row{row_of(first, 3)[0].number}" in [value for value, _label in asked[0].choices]


def test_the_near_hamlets_can_be_chosen(first):
    asked = next(one for one in preview.questions_of(first) if "Ấp Mẫu 11" in one.title)
    assert any("Ấp Mẫu 10" in label for _value, label in asked.choices)
    assert asked.choices[-1][0] == "out"


def test_the_sum_and_the_hidden_sheet_are_told(first):
    told = {tone: text for tone, _sheet, text in first.notes}
    assert "kind" not in told
    assert "3551" in told["sum"] and "3552" in told["sum"] and " H" in told["sum"]
    assert ["hidden", "2021"] in [note[:2] for note in first.notes]


def test_the_ditto_in_a_post_is_resolved_and_said(first):
    row = row_of(first, 5)[0]
    assert row.fate == "added" and any(w2.POSTS[4] in text for text in hints(row))


def test_one_group_with_two_cadres_is_allowed_and_said(first):
    row = row_of(first, 16)[0]
    assert row.fate == "added" and any(name(15) in text for text in hints(row))


@pytest.fixture(scope="module")
def receipt(first):
    """The good rows, after it was answered that the namesake is another person."""
    run = answered(first)
    assert "41" in kind_named("assignments").consent_to(run.counts)
    return saved(run)


def test_the_good_rows_bring_41_cadres_and_125_assignments_to_124_groups(receipt):
    assert Cadre.objects.count() == 41 == CadrePost.objects.count()
    found = Assignment.objects.all()
    assert found.count() == 125 and found.values("place").distinct().count() == 124
    assert set(found.values_list("role", "since", "decree__number", "tier")) == {
        ("following", DECIDED, "15-QĐ/ĐU", "commune")
    }
    assert set(found.values_list("place__level", flat=True)) == {"group"}


def test_names_and_telephones_come_as_they_should(receipt):
    cadre = Cadre.objects.get(full_name=name(6))
    assert cadre.phone == "0100000006"
    post = CadrePost.objects.get(cadre=cadre)
    assert post.place == land.place(land.CAM_SON, DECIDED) and post.title == w2.POSTS[1]
    assert Cadre.objects.filter(full_name=name(3)).count() == 2


def test_whose_row_is_refused_for_a_place_comes_onto_the_roster_all_the_same(receipt):
    for c in (9, 41):
        cadre = Cadre.objects.get(full_name=name(c))
        assert cadre.posts.count() == 1 and cadre.assignments.count() == 0
        fates = {row.fate for row in row_of(receipt, c)}
        assert fates == {"refused", "added"}


def test_the_same_file_again_changes_nothing(receipt, steward):
    again = checked("assignments", steward, w2.w2())
    assert counts(again) == {"unchanged": 47, "refused": 2}
    assert kind_named("assignments").consent_to(again.counts) == ""


def test_remarks_of_any_kind_are_not_kept(receipt):
    assert not ImportRow.objects.filter(cells__icontains="thay đ/c").exists()
    assert any(row.number for row in row_of(receipt, 20) if row.hints)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_the_sheet_as_text_is_read_like_the_workbook(receipt, steward, encoding):
    """Text knows of no merged cells: a row without a number and a name goes on from the one above."""
    rows = look.rows_of(w2.book()["PC 2022"])
    for row in rows:
        row[6] = row[6].strftime("%d/%m/%Y") if isinstance(row[6], date) else row[6]
    again = checked("assignments", steward, look.as_csv(rows, encoding))
    assert counts(again) == {"unchanged": 47, "refused": 2}


def test_a_clean_sheet_covers_all_130_groups(steward, first):
    """On top of what is there: nobody is asked about, nothing refused."""
    run = checked("assignments", steward, w2.w2(clean=True))
    assert "refused" not in counts(run) and sum(counts(run).values()) == 48
