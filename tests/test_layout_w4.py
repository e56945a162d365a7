"""W4: cadres of a district in charge of communes and with hamlets of their own, told with dittos and odd days."""

from datetime import date

import pytest

from assignments.models import Assignment, Cadre
from assignments.topics import AssignmentRole
from portal import places
from portal.imports import engine, preview
from portal.imports.kinds import kind_named
from portal.levels import Level
from portal.models import ImportChunk
from portal.roles import Role
from tests import make
from tests.layouts import land, w4
from tests.rosters import checked, counts, problems, saved

pytestmark = pytest.mark.django_db
LISTED = date(2021, 3, 20)
TERM = date(2020, 8, 1)


@pytest.fixture(scope="module")
def district(django_db_setup, django_db_blocker):
    """Mỏ Cày Nam of 2021 with ten hamlets in Cẩm Sơn and six in each of the other communes."""
    with land.seeded(django_db_blocker):
        district = land.place("833", LISTED)
        spans = list(places.spans_within(district.pk, LISTED, Level.COMMUNE).select_related("place"))
        for span in spans:
            land.hamlets_of(span.place, date(2020, 2, 1), 10 if span.name == "Cẩm Sơn" else 6)
        steward = make.person(Role.STEWARD, land.place(land.VINH_LONG, make.today()))
        yield [span.full_name for span in spans], steward


@pytest.fixture(scope="module")
def first(district):
    communes, steward = district
    return checked("assignments", steward, w4.w4(communes))


def test_the_beginning_of_the_term_is_asked_once_for_all_its_rows(first):
    (question,) = preview.questions_of(first)
    assert question.wants_day and len(question.rows) == 13
    assert counts(first) == {"added": 16 + 67 - 13, "refused": 13}, problems(first)


def test_dittos_are_resolved_and_shown(first):
    told = [
        row
        for row in first.rows.filter(sheet="CB huyện nắm ấp")
        if any("Xã" in hint[2] for hint in row.hints)
    ]
    assert len(told) >= 40
    assert not [note for note in first.notes if note[0] == "kind"]


def test_rows_hidden_by_the_filter_are_included(first):
    assert first.rows.filter(sheet="CB huyện nắm ấp", number__in=list(w4.FILTERED)).count() == 12


def test_the_words_of_a_comment_are_read_nowhere(first):
    assert w4.COMMENT not in str(list(ImportChunk.objects.values_list("rows"))) + str(
        list(first.rows.values())
    )


@pytest.fixture(scope="module")
def receipt(first):
    (question,) = preview.questions_of(first)
    engine.answer(run=first, answers={question.key: TERM.isoformat()}, at_once=True)
    assert str(16 + 67) in kind_named("assignments").consent_to(first.counts)
    return saved(first)


def test_16_are_in_charge_of_a_commune_and_100_hamlets_are_followed(receipt):
    assert counts(receipt) == {"added": 83}
    chiefs = Assignment.objects.filter(role=AssignmentRole.IN_CHARGE)
    assert (
        chiefs.count() == 16 == chiefs.filter(place__level=Level.COMMUNE).values("place").distinct().count()
    )
    following = Assignment.objects.filter(role=AssignmentRole.FOLLOWING)
    assert (
        following.count()
        == 100
        == following.filter(place__level=Level.HAMLET).values("place").distinct().count()
    )
    assert set(Assignment.objects.values_list("tier", flat=True)) == {"district"}
    assert Cadre.objects.count() == 83


def test_the_number_above_the_table_is_the_decision_and_its_day_the_first_where_no_row_says_one(receipt):
    assert set(Assignment.objects.values_list("decree__number", flat=True)) == {"21-QĐ/HU"}
    assert set(Assignment.objects.filter(role="in_charge").values_list("since", flat=True)) == {LISTED}


def test_days_are_read_in_every_notation(receipt):
    days = set(Assignment.objects.filter(role="following").values_list("since", flat=True))
    assert days == {date(2021, 1, 1), date(2021, 3, 15), date(2021, 2, 1), TERM}


def test_the_same_file_again_changes_nothing(receipt, district):
    communes, steward = district
    again = checked("assignments", steward, w4.w4(communes))
    (question,) = preview.questions_of(again)
    engine.answer(run=again, answers={question.key: TERM.isoformat()}, at_once=True)
    assert counts(again) == {"unchanged": 83}, problems(again)


def test_a_clean_file_is_not_asked_about(district):
    communes, steward = district
    run = checked("assignments", steward, w4.w4(communes, clean=True))
    assert "refused" not in counts(run) and sum(counts(run).values()) == 83, problems(run)
