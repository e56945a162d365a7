"""The roll-up says what counting every visit one by one says, whatever became of the territory since."""

from collections import Counter
from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from assignments.actions import petitions, tallies
from assignments.actions.visit_bulk import BulkPerson, BulkVisit, log_visits_in_bulk
from assignments.models import Petition, Visit
from assignments.owed import owed_by_place
from assignments.topics import Attendance, Topic, VisitKind
from portal.actions import places
from portal.actions.deed import RuleBroken, bookkeeping
from portal.levels import Level
from portal.models import Heir, Place, PlaceLine
from reports import periods
from reports.rollup import MEETING, Frame, Rollup, owed, raised, tallied
from reports.rules import hidden_cells
from tests import make

SINCE, UNTIL, TODAY = date(2024, 1, 1), date(2024, 5, 1), date(2024, 6, 20)
DAYS = st.integers(0, (UNTIL - SINCE).days - 1)
KINDS = [VisitKind.CELL_MEETING, VisitKind.FIELD_CHECK]
TAKINGS = [(Attendance.ATTENDED, ""), (Attendance.EXCUSED, "leave"), (Attendance.ABSENT, "")]
VISITS = st.lists(
    st.tuples(DAYS, st.integers(0, 30), st.sampled_from(KINDS), st.sampled_from(TAKINGS)),
    min_size=1,
    max_size=12,
)
# Communes change hands between districts on the first of a month only, as in the decrees: tallies tell communes apart
# day by day, what lies above them by half-months.
REFORMS = st.lists(
    st.tuples(
        st.sampled_from(["move hamlet", "move commune", "merge hamlets", "merge communes", "split commune"]),
        st.integers(0, 3),
        st.integers(0, 20),
        st.integers(0, 20),
    ),
    max_size=5,
).map(lambda told: sorted(told, key=lambda reform: reform[1]))

MOVES = {"move hamlet": (Level.HAMLET, Level.COMMUNE), "move commune": (Level.COMMUNE, Level.DISTRICT)}


class World:
    """A province of two districts, four communes, six hamlets and a group in each."""

    def __init__(self) -> None:
        self.province = make.place("province")
        districts = [make.place("district", self.province) for _n in range(2)]
        communes = [make.place("xa", districts[n % 2]) for n in range(4)]
        hamlets = [make.place("ap", communes[n % 4]) for n in range(6)]
        for hamlet in hamlets:
            make.place("to_ndtq", hamlet)
        self.who = make.cadre(place=self.province)
        self.decree = make.decree()

    def reform(self, deed: str, month: int, one: int, two: int) -> None:
        on = date(2024, 1 + month, 1)
        common = {"on": on, "decree": self.decree, "by": make.clerk()}
        # What makes no sense on that day is refused, and the next reform comes.
        with suppress(RuleBroken):
            if deed == "move hamlet":
                places.move_place(
                    place=living(Level.HAMLET, on, one), parent=living(Level.COMMUNE, on, two), **common
                )
            elif deed == "move commune":
                places.move_place(
                    place=living(Level.COMMUNE, on, one), parent=living(Level.DISTRICT, on, two), **common
                )
            elif deed == "merge hamlets":
                olds = [living(Level.HAMLET, on, one), living(Level.HAMLET, on, two)]
                places.merge_places(olds=olds, into=self.new("ap", parent_of(olds[0], on)), **common)
            elif deed == "merge communes":
                olds = [living(Level.COMMUNE, on, one), living(Level.COMMUNE, on, two)]
                places.merge_places(olds=olds, into=self.new("xa", parent_of(olds[0], on)), **common)
            else:
                commune = living(Level.COMMUNE, on, one)
                inside = [line.descendant for line in lines(commune, on) if line.depth == 1]
                parts = [(self.new("xa", parent_of(commune, on), n), inside[n::2]) for n in (0, 1)]
                places.split_place(place=commune, parts=parts, **common)

    def new(self, kind: str, parent: Place, number: int = 0) -> places.NewPlace:
        code = f"N{Place.objects.count()}{number}"
        return places.NewPlace(code=code, name=f"Mẫu {code}", kind=kind, parent=parent)

    def log(self, told: list[tuple]) -> None:
        bulk = []
        for offset, where, kind, (attendance, excuse) in told:
            day = SINCE + timedelta(days=offset)
            there = [line.descendant_id for line in lines(self.province, day)]
            place = there[where % len(there)]
            person = BulkPerson(self.who.pk, attendance=attendance, excuse=excuse, tier="commune")
            bulk.append(BulkVisit(day=day, kind=kind, place_id=place, persons=[person]))
        log_visits_in_bulk(visits=bulk, place_ids=Place.objects.values_list("pk", flat=True), by=make.clerk())


def lines(place: Place, on: date) -> list[PlaceLine]:
    rows = PlaceLine.objects.current(on).filter(ancestor=place).select_related("descendant")
    return list(rows.order_by("descendant"))


def living(level: str, on: date, number: int) -> Place:
    found = list(Place.objects.filter(level=level, spans__since__lte=on).distinct().order_by("pk"))
    alive = [place for place in found if PlaceLine.objects.current(on).filter(descendant=place).exists()]
    return alive[number % len(alive)]


def parent_of(place: Place, on: date) -> Place:
    return PlaceLine.objects.current(on).get(descendant=place, depth=1).ancestor


def above(place_id: int, on: date) -> dict[int, int]:
    """Everything in which a place lies on a day, by how far above."""
    rows = PlaceLine.objects.current(on).filter(descendant=place_id)
    return dict(rows.values_list("depth", "ancestor"))


def unit_in(root: int, place_id: int, on: date) -> int | None:
    chain = above(place_id, on)
    depth = next((depth for depth, ancestor in chain.items() if ancestor == root), None)
    return None if depth is None else chain[max(depth - 1, 0)]


def seat(visit: Visit) -> int:
    """The hamlet of the day: as fine as the tallies go."""
    found = [
        key
        for key in above(visit.place_id, visit.day).values()
        if Place.objects.get(pk=key).level == "hamlet"
    ]
    return found[0] if found else visit.place_id


def counted(visits: list[Visit], root: int, *, restated: bool) -> tuple[Counter[int | None], int]:
    """One by one: for which units each visit counts, and whether for the root at all."""
    each: Counter[int | None] = Counter()
    whole = 0
    for visit in visits:
        if restated:
            heirs = Heir.objects.current(TODAY).filter(old=seat(visit)).values_list("new", flat=True)
            units = {unit_in(root, heir, TODAY) for heir in heirs} - {None}
        else:
            units = {unit_in(root, visit.place_id, visit.day)} - {None}
        each.update(units)
        whole += bool(units)
    return each, whole


class Whatever(TestCase):
    @settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
    @given(reforms=REFORMS, told=VISITS)
    def test_sums_are_what_counting_visit_by_visit_gives(self, reforms, told):
        world = World()
        for reform in reforms:
            world.reform(*reform)
        world.log(told)
        tallies.recount()
        visits = list(Visit.objects.all())
        roots = [world.province, *Place.objects.filter(level__in=["district", "commune", "hamlet"])]
        for root in roots:
            for restated in (False, True):
                frame = Frame(root, SINCE, UNTIL, restated, TODAY)
                added = tallied(frame)
                each, whole = counted(visits, root.pk, restated=restated)
                if root.level == Level.HAMLET:
                    each = Counter({root.pk: whole})
                assert added.whole.all_visits == whole
                shown = {key: row.all_visits for key, row in added.each.items() if row.all_visits}
                assert shown == +each
                if not restated:
                    assert sum(row.all_visits for row in added.each.values()) == whole

    @settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow])
    @given(reforms=REFORMS, told=st.lists(st.tuples(DAYS, st.integers(0, 30)), min_size=1, max_size=10))
    def test_recommendations_are_counted_alike(self, reforms, told):
        world = World()
        for reform in reforms:
            world.reform(*reform)
        ask(world, told)
        for root in [world.province, *Place.objects.filter(level="commune")]:
            for restated in (False, True):
                found = raised(Frame(root, SINCE, UNTIL, restated, TODAY))
                each: Counter[int | None] = Counter()
                for petition in Petition.objects.all():
                    if restated:
                        heirs = (
                            Heir.objects.current(TODAY)
                            .filter(old=petition.place)
                            .values_list("new", flat=True)
                        )
                        each.update({unit_in(root.pk, heir, TODAY) for heir in heirs} - {None})
                    else:
                        each.update({unit_in(root.pk, petition.place_id, petition.day)} - {None})
                assert {key: row.all for key, row in found.each.items() if row.all} == dict(each)


@bookkeeping("a test")
def ask(world: World, told: list[tuple[int, int]]) -> None:
    by = make.clerk()
    for offset, where in told:
        day = SINCE + timedelta(days=offset)
        there = lines(world.province, day)
        Petition.objects.create(
            place=there[where % len(there)].descendant, entered_by=by, day=day, topic=Topic.ROADS, text="Mẫu",
            province=world.province,
        )  # fmt: skip


@pytest.fixture
def land(db):
    make.norm()
    return make.land()


def month(land, first=None, *, restated=True, today=None):
    today = today or make.today()
    first = first or today.replace(day=1)
    period = periods.by_code(f"{first:%Y-%m}", today)
    return Frame(land.province, period.since, period.until, restated, today)


@pytest.mark.parametrize("restated", [True, False])
def test_what_is_owed_agrees_with_the_middle_floor(land, restated):
    for target in [land.hamlet, *land.groups, land.sibling_hamlet, land.cell]:
        make.following_cadre(target, land.commune)
    today = date(2025, 3, 20)
    frame = Frame(land.province, date(2025, 1, 1), date(2026, 1, 1), restated, today)
    found = owed(frame, MEETING, date(2024, 11, 1))
    expected = owed_by_place(land.province.pk, frame.since, frame.until, frame.on, today=today)
    assert dict(+found.each) == expected == {land.commune.pk: 12, land.sibling.pk: 3}
    assert found.whole == 15
    # The chart begins earlier than the period.
    months = [date(2024, 11, 1), date(2024, 12, 1), *(date(2025, number, 1) for number in (1, 2, 3))]
    assert dict(found.months) == dict.fromkeys(months, 5)


def test_what_was_split_counts_for_each_heir_and_once_in_the_whole(land):
    who = make.following_cadre(land.hamlet, land.commune)
    make.visit(who, land.commune)
    parts = [(places.NewPlace(f"S{n}", f"Mẫu {n}", "xa", land.province), [land.hamlet][n:]) for n in (0, 1)]
    on = make.today()
    yesterday = on - timedelta(days=1)
    back_date(Visit.objects.get(), yesterday)
    places.split_place(place=land.commune, parts=parts, on=on, decree=make.decree(), by=make.clerk())
    rollup = Rollup(month(land, yesterday.replace(day=1)), yesterday.replace(day=1))
    assert [row.visits for row in rollup.rows if row.visits] == [1, 1]
    assert rollup.total.visits == 1
    assert rollup.is_parted
    recorded = Rollup(month(land, yesterday.replace(day=1), restated=False), yesterday.replace(day=1))
    assert sum(row.visits for row in recorded.rows) == recorded.total.visits == 1
    assert not recorded.is_parted


@bookkeeping("a test")
def back_date(visit, day):
    visit.day = day
    visit.save()
    tallies.rebuild()


def test_a_hamlet_that_moved_counts_where_it_lay_or_where_it_lies(land):
    who = make.following_cadre(land.hamlet, land.commune)
    make.visit(who, land.hamlet)
    yesterday = make.today() - timedelta(days=1)
    back_date(Visit.objects.get(), yesterday)
    places.move_place(
        place=land.hamlet, parent=land.sibling, on=make.today(), decree=make.decree(), by=make.clerk()
    )
    first = yesterday.replace(day=1)

    def where(restated):
        frame = month(land, first, restated=restated)
        return {row.span.place_id for row in Rollup(frame, first).rows if row.span and row.visits}

    assert where(True) == {land.sibling.pk}
    assert where(False) == {land.commune.pk}


def test_open_recommendations_are_counted_whenever_they_were_raised(land):
    petition = petitions.raise_petition(place=land.hamlet, topic="roads", text="Cầu mẫu", by=make.clerk())
    change_day(petition, make.today() - timedelta(days=400))
    total = Rollup(month(land), make.today().replace(day=1)).total
    assert (total.asked.all, total.open.all) == (0, 1)


@bookkeeping("a test")
def change_day(petition, day):
    petition.day = day
    petition.save()


def test_a_period_is_followed_by_the_one_before_it():
    today = date(2026, 11, 22)
    pairs = {
        "2026-10": "2026-09", "2026-01": "2025-12", "2026-Q1": "2025-Q4", "2026-H2": "2026-H1", "2026-9M": "2025-9M",
        "2026": "2025",
    }  # fmt: skip
    for code, earlier in pairs.items():
        assert periods.before(periods.by_code(code, today)).code == earlier
    own = periods.own_days(date(2026, 2, 15), date(2026, 3, 15))
    assert (periods.before(own).since, periods.before(own).until) == (date(2026, 1, 15), date(2026, 2, 15))


def test_every_choice_of_a_period_can_be_read_back():
    today = date(2026, 11, 22)
    groups = periods.choices(today, periods.by_code("2019-05", today))
    codes = [code for _label, group in groups for code, _name in group if code != periods.OWN]
    assert "2019-05" in codes and len(codes) == len(set(codes)) >= 40
    assert all(periods.by_code(code, today).code == code for code in codes)


@given(st.lists(st.integers(0, 30), max_size=12))
def test_no_single_hidden_count_can_be_worked_out_from_the_total(values):
    hidden = hidden_cells(values)
    assert {place for place, value in enumerate(values) if 0 < value < 5} <= hidden
    big = [value for value in values if value >= 5]
    assert len(hidden) != 1 or not big
