"""Whatever the calendar and whatever the state: a deadline is a working day, and somebody always has a way on."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assignments.deadlines import answer_due, working_days_left
from assignments.models import Holiday
from assignments.models.petition import ANSWERED, OPEN, SET_ASIDE
from assignments.rules import ANSWER_DAYS, NEXT, steps_open
from assignments.topics import AnswerClass, PetitionState
from portal.actions.deed import bookkeeping
from portal.dates import DaysOff, add_working_days, is_working_day, working_days_between
from portal.levels import Level

S = PetitionState
# Where each step leads; a reminder leaves the state as it is.
LEADS_TO = {
    "accept": S.ACCEPTED, "answer": S.ANSWERED, "direct": S.ACCEPTED, "resubmit": S.SUBMITTED, "confirm": S.CONFIRMED,
    "close": S.CLOSED, "reopen": S.ACCEPTED, "forward": S.ACCEPTED, "part": S.SUBMITTED, "beyond": S.AWAITING,
    "outside": S.OUTSIDE, "return": S.RETURNED, "withdraw": S.WITHDRAWN,
}  # fmt: skip
NOBODY = {"is_desk": False, "answers": False, "is_own": False, "follows": False}
people = st.fixed_dictionaries(dict.fromkeys(NOBODY, st.booleans()))
states = st.sampled_from(S)
answers = st.sampled_from(["", *AnswerClass])
days = st.dates(date(2019, 12, 1), date(2033, 3, 31))


def answer_of(state: str, answer: str) -> str:
    """Only what was answered has an answer, and only what was solved is confirmed and closed."""
    if state == S.ANSWERED:
        return answer or AnswerClass.SOLVED
    return AnswerClass.SOLVED if state in {S.CONFIRMED, S.CLOSED} else ""


@given(states, answers, people, st.booleans())
def test_the_mark_of_voters_is_for_the_office_alone_and_closes_no_way(state, answer, who, is_voters):
    marked = ways(state, answer, **who, is_voters=is_voters)
    step = "not_voters" if is_voters else "voters"
    assert (step in marked) is (who["is_desk"] and (is_voters or state != S.WITHDRAWN))
    assert [name for name in marked if name != step] == ways(state, answer, **who)


def ways(state: str, answer: str, **who: bool) -> list[str]:
    return steps_open(state=state, answer=answer_of(state, answer), **{**NOBODY, **who})


@given(states, answers)
def test_no_state_but_the_withdrawn_one_is_without_a_way_out_for_the_office(state, answer):
    assert bool(ways(state, answer, is_desk=True)) is (state != S.WITHDRAWN)
    assert bool(NEXT[state]) is (state != S.WITHDRAWN)


@given(states, answers, people)
def test_a_step_that_is_offered_is_possible(state, answer, who):
    for step in ways(state, answer, **who):
        assert step == "join" or LEADS_TO[step] in NEXT[state]


@given(states, answers)
def test_whoever_is_nobody_here_is_offered_nothing(state, answer):
    assert ways(state, answer) == []


@given(states, answers, people)
def test_more_hats_never_take_a_step_away(state, answer, who):
    for hat in NOBODY:
        assert set(ways(state, answer, **{**who, hat: False})) <= set(
            ways(state, answer, **{**who, hat: True})
        )


def reachable(start: str) -> set[str]:
    found, waiting = {start}, [start]
    while waiting:
        for step in NEXT[waiting.pop()] - found:
            found.add(step)
            waiting.append(step)
    return found


def test_every_state_can_come_about_and_every_living_one_can_end_well():
    assert reachable(S.SUBMITTED) == set(S)
    for state in set(S) - {S.WITHDRAWN}:
        assert S.CLOSED in reachable(state)


def test_every_state_is_open_answered_or_set_aside_and_only_one_of_them():
    told = " ".join(str(side) for side in (OPEN, ANSWERED, SET_ASIDE))
    for state in S:
        assert f"'{state}'" in told or f".{state.name}" in told


# Deadlines ---------------------------------------------------------------------------------------------

# 14 February 2026 begins nine days without an office: a weekend, five days of Tết, a weekend.
TET = {date(2026, 2, 16) + timedelta(days=number) for number in range(5)}
NEW_YEAR = {date(2027, 1, 1)}


@pytest.mark.parametrize(
    "accepted, number, due",
    [
        (date(2026, 2, 13), 1, date(2026, 2, 23)),
        (date(2026, 2, 14), 1, date(2026, 2, 23)),
        (date(2026, 2, 18), 10, date(2026, 3, 6)),
        (date(2026, 12, 31), 1, date(2027, 1, 4)),
        (date(2026, 12, 25), 5, date(2027, 1, 4)),
        (date(2028, 2, 28), 1, date(2028, 2, 29)),
        (date(2028, 2, 28), 2, date(2028, 3, 1)),
        (date(2027, 2, 26), 1, date(2027, 3, 1)),
    ],
)
def test_deadlines_over_tet_the_end_of_the_year_and_leap_days(accepted, number, due):
    assert add_working_days(accepted, number, TET | NEW_YEAR) == due


@given(days, st.integers(1, 60), st.sets(st.integers(0, 120), max_size=25))
def test_a_deadline_is_a_working_day_so_many_working_days_on(day, number, off):
    holidays = {day + timedelta(days=shift) for shift in off}
    due = add_working_days(day, number, holidays)
    assert is_working_day(due, holidays)
    assert working_days_between(day, due, holidays) == number
    assert working_days_left(due, day, holidays) == number
    assert working_days_left(due, due, holidays) == 0


@given(days, st.integers(1, 60), st.sets(st.integers(0, 120), min_size=1, max_size=25))
def test_one_more_day_off_never_makes_a_deadline_earlier(day, number, off):
    holidays = {day + timedelta(days=shift) for shift in off}
    fewer = set(list(holidays)[1:])
    assert add_working_days(day, number, holidays) >= add_working_days(day, number, fewer)


@given(days, st.integers(0, 90), st.integers(1, 400), st.sets(st.integers(0, 400), max_size=40))
def test_the_days_left_only_fall_and_are_negative_exactly_when_it_is_late(day, number, later, off):
    holidays = {day + timedelta(days=shift) for shift in off}
    due = add_working_days(day, number, holidays)
    assume(number)
    left = [working_days_left(due, day + timedelta(days=shift), holidays) for shift in range(later)]
    assert left == sorted(left, reverse=True)
    assert all((days_left < 0) is (day + timedelta(days=shift) > due) for shift, days_left in enumerate(left))


@given(
    days,
    st.integers(1, 60),
    st.sets(st.integers(0, 120), max_size=25),
    st.sets(st.integers(0, 120), max_size=25),
)
def test_a_saturday_worked_in_exchange_counts_as_one_day_and_never_makes_a_deadline_later(
    day, number, off, worked
):
    holidays = {day + timedelta(days=shift) for shift in off}
    exchanged = {day + timedelta(days=shift) for shift in worked}
    calendar = DaysOff.with_worked(holidays, exchanged)
    due = add_working_days(day, number, calendar)
    assert is_working_day(due, calendar) and due <= add_working_days(day, number, holidays)
    assert working_days_between(day, due, calendar) == number
    assert calendar.worked == {one for one in exchanged if one.weekday() >= 5} - holidays


@pytest.mark.parametrize(
    "accepted, number, due",
    [
        # Friday 2 January off, Saturday the 10th worked in exchange, over the turn of the year and a leap day.
        (date(2025, 12, 31), 1, date(2026, 1, 5)),
        (date(2026, 1, 8), 2, date(2026, 1, 10)),
        (date(2026, 1, 9), 2, date(2026, 1, 12)),
        (date(2028, 2, 25), 3, date(2028, 2, 29)),
    ],
)
def test_deadlines_over_days_exchanged(accepted, number, due):
    off = {date(2026, 1, 1), date(2026, 1, 2)}
    calendar = DaysOff.with_worked(off, [date(2026, 1, 10), date(2028, 2, 26)])
    assert add_working_days(accepted, number, calendar) == due


@bookkeeping("a test announces days off")
def announce(days_off, is_confirmed) -> None:
    for day in days_off:
        Holiday.objects.create(day=day, name="Tết (mẫu)", is_confirmed=is_confirmed)


@pytest.mark.django_db
@pytest.mark.parametrize("level", [Level.COMMUNE, Level.DISTRICT, Level.PROVINCE])
def test_tet_moves_the_answer_only_once_it_is_law(level):
    accepted = date(2026, 2, 12)
    plain = add_working_days(accepted, ANSWER_DAYS[level], set())
    announce(TET, False)
    assert answer_due(level, accepted) == plain
    bookkeeping("a test makes it law")(Holiday.objects.update)(is_confirmed=True)
    assert answer_due(level, accepted) == add_working_days(plain, 5, TET)


@pytest.mark.django_db
def test_a_worked_saturday_shortens_the_answer_only_once_it_is_law():
    accepted = date(2026, 1, 5)
    plain = answer_due(Level.COMMUNE, accepted)
    worked = bookkeeping("a test announces a day")(Holiday.objects.create)(
        day=date(2026, 1, 10), name="Làm bù (mẫu)", is_worked=True
    )
    assert answer_due(Level.COMMUNE, accepted) == plain
    worked.is_confirmed = True
    bookkeeping("a test makes it law")(worked.save)()
    assert answer_due(Level.COMMUNE, accepted) == plain - timedelta(days=3), (
        "the Friday before, not the Monday"
    )
