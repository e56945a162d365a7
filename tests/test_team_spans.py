"""The days of a team and of its members, whatever is entered in whatever order."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as some
from hypothesis.extra.django import TestCase

from assignments.actions import teams as deeds
from assignments.models import TeamMember
from portal.actions.deed import RuleBroken
from tests import make

DAY = timedelta(days=1)
START = make.START


class SpansOfATeam(TestCase):
    """Whatever is entered and ended in whatever order, nobody is in it twice on a day or outside its time."""

    @given(
        steps=some.lists(
            some.tuples(some.integers(0, 1), some.integers(0, 30), some.integers(1, 30)), max_size=7
        ),
        closes=some.none() | some.integers(1, 60),
    )
    def test_no_day_has_anybody_twice_and_all_lies_within_the_team(self, steps, closes):
        place, by = make.place("xa", make.place("province")), make.clerk()
        cadres = [make.cadre(place=place) for _one in range(2)]
        team = deeds.found_team(kind="support", name="Tổ mẫu", place=place, since=START, by=by)
        for who, first, days in steps:
            since = START + first * DAY
            try:
                row = deeds.add_member(team=team, cadre=cadres[who], since=since, by=by)
            except RuleBroken:
                assert TeamMember.objects.overlapping(since, None).filter(cadre=cadres[who]).exists()
                continue
            deeds.end_member(member=row, until=since + days * DAY, by=by)
        if closes:
            deeds.close_team(team=team, until=START + closes * DAY, by=by)
        team.refresh_from_db()
        for day in (START + number * DAY for number in range(62)):
            now = list(TeamMember.objects.current(day).filter(team=team).values_list("cadre", flat=True))
            assert len(now) == len(set(now))
            assert not now or team.until is None or day < team.until
