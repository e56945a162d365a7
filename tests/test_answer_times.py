"""Answer times by body: open and late counts, few cases tell nothing, and nobody is ranked."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from assignments.models import Petition, PetitionStep
from assignments.topics import AnswerClass, PetitionState
from portal.roles import Role
from reports.rollup.answering import Case, Taken, cases, times
from tests import make
from tests.worlds import built_once

S, A = PetitionState, AnswerClass
MONDAY = date(2026, 3, 2)
LONG = {"since": date(2026, 1, 1), "until": date(2027, 1, 1), "off": []}


def on(days: int) -> date:
    return MONDAY + timedelta(days=days)


def handed(days: int = 0, *, agency: int = 1, due: int = 14, petition: int = 1) -> Taken:
    return Taken(petition, on(days), S.ACCEPTED, agency=agency, due=on(due))


def answered(days: int, answer: str = A.SOLVED, promised: int | None = None, petition: int = 1) -> Taken:
    return Taken(
        petition, on(days), S.ANSWERED, answer=answer, promised=None if promised is None else on(promised)
    )


def test_a_final_answer_ends_a_case_and_what_follows_is_none():
    found = list(cases([handed(), answered(7), Taken(1, on(8), S.CONFIRMED), Taken(1, on(9), S.CLOSED)]))
    assert found == [Case(1, on(0), on(14), answered=on(7))]
    assert found[0].in_time(on(100)) is True


def test_being_solved_ends_no_case_and_its_promise_moves_the_day():
    (case,) = cases([handed(), answered(7, A.BEING_SOLVED, promised=30)])
    assert (case.answered, case.due) == (None, on(30))
    assert case.in_time(on(30)) is None
    assert case.in_time(on(31)) is False


def test_an_open_case_is_not_in_time_as_soon_as_its_day_has_passed():
    (case,) = cases([handed(due=3)])
    assert [case.in_time(on(day)) for day in (3, 4)] == [None, False]


def test_taken_away_late_it_stays_late_and_the_next_body_begins_anew():
    moved = [handed(due=3), handed(20, agency=2, due=40), answered(25)]
    first, second = cases(moved)
    assert (first.agency, first.ended, first.in_time(on(90))) == (1, on(20), False)
    assert (second.agency, second.in_time(on(90))) == (2, True)
    (early,) = cases([handed(due=30), Taken(1, on(2), S.RETURNED)])
    assert early.in_time(on(90)) is None


def test_reopened_it_is_a_new_case():
    assert len(list(cases([handed(), answered(3), handed(9), answered(12)]))) == 2


@given(
    st.lists(st.tuples(st.integers(0, 40), st.none() | st.integers(0, 40)), max_size=12), st.integers(1, 6)
)
def test_few_cases_tell_nothing_and_shares_lie_between_none_and_all(made, fewest):
    steps = []
    for number, (due, answer) in enumerate(made):
        steps.append(handed(due=due, petition=number))
        if answer is not None:
            steps.append(answered(answer, petition=number))
    body = times(cases(steps), today=on(20), **LONG).get(1)
    assert (body.number if body else 0) == len(made)
    if body:
        share, middle = body.share(fewest), body.median(fewest)
        assert (share is None) is (len(body.verdicts) < fewest)
        assert (middle is None) is (len(body.days) < fewest)
        assert share is None or 0 <= share <= 100


@make.made
def many(land, agency, number, late=0, place=None):
    """Handed over today and answered today, but for the late ones, which are open since a month."""
    now = timezone.now()
    for count in range(number):
        is_late = count < late
        petition = Petition.objects.create(
            place=place or land.hamlet, topic="roads", text="BÍ-MẬT-MẪU", released="x", day=make.today(),
            entered_by=make.clerk(), province=land.province, agency=agency, due=make.today(), state="accepted",
        )  # fmt: skip
        steps = PetitionStep.objects
        due = make.today() - timedelta(days=1 if is_late else 0)
        fields = {"petition": petition, "at": now, "by": make.clerk(), "agency": agency, "due": due}
        steps.create(state="accepted", **fields)
        steps.create(state="accepted", reminder=1, **fields)
        if not is_late:
            steps.create(state="answered", answer="solved", **fields)


world, land = built_once("land", make.land)


def lines(client, user, place, **query):
    client.force_login(user)
    answer = client.get(reverse("reports:answer_times", args=[place.pk]), query)
    assert answer.status_code == 200
    return answer.context["page"].object_list, answer.content.decode()


def test_the_page_shows_shares_of_bodies_with_enough_cases_by_name(client, land):
    few, enough = make.agency("An Mẫu", place=land.commune), make.agency("Bình Mẫu", place=land.commune)
    many(land, few, 4)
    many(land, enough, 8, late=2)
    viewer = make.person(Role.VIEWER, land.commune)
    rows, shown = lines(client, viewer, land.commune)
    assert [(row["name"], row["number"], row["median"], row["share"]) for row in rows] == [
        ("An Mẫu", 4, None, None), ("Bình Mẫu", 8, 0, 75),
    ]  # fmt: skip
    assert "BÍ-MẬT-MẪU" not in shown
    turned, _shown = lines(client, viewer, land.commune, sort="-name")
    assert [row["name"] for row in turned] == ["Bình Mẫu", "An Mẫu"]
    for wish in ("share", "-share", "median", "number"):
        assert [row["name"] for row in lines(client, viewer, land.commune, sort=wish)[0]] == [
            "An Mẫu",
            "Bình Mẫu",
        ]


def test_how_few_is_too_few_is_a_setting(client, land, settings):
    settings.ANSWER_TIMES_FEWEST = 3
    many(land, make.agency("An Mẫu", place=land.commune), 4)
    rows, _shown = lines(client, make.person(Role.VIEWER, land.commune), land.commune)
    assert rows[0]["share"] == 100


def test_cases_out_of_reach_count_for_nobody(client, land):
    agency = make.agency("Sở Mẫu", place=land.province)
    many(land, agency, 6)
    many(land, agency, 5, late=5, place=land.sibling_hamlet)
    rows, _shown = lines(client, make.person(Role.VIEWER, land.commune), land.commune)
    assert [(row["number"], row["share"]) for row in rows] == [(6, 100)]
    rows, _shown = lines(client, make.person(Role.VIEWER, land.province), land.province)
    assert [(row["number"], row["share"]) for row in rows] == [(11, 55)]
    client.force_login(make.person(Role.VIEWER, land.sibling))
    assert client.get(reverse("reports:answer_times", args=[land.commune.pk])).status_code == 404


def test_another_period_has_other_cases(client, land):
    many(land, make.agency("An Mẫu", place=land.commune), 6)
    rows, _shown = lines(client, make.person(Role.VIEWER, land.commune), land.commune, period="2024")
    assert rows == []


@pytest.mark.parametrize("bodies", [1, 10])
def test_the_page_asks_the_same_number_of_questions(client, land, bodies, django_assert_max_num_queries):
    for _body in range(bodies):
        many(land, make.agency(place=land.commune), 2)
    client.force_login(make.person(Role.VIEWER, land.commune))
    with django_assert_max_num_queries(22):
        assert client.get(reverse("reports:answer_times", args=[land.commune.pk])).status_code == 200
