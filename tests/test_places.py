"""The territory through time: whatever is done to it in whatever order, the map of every day stays whole."""

from datetime import date, timedelta
from itertools import combinations
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings

from portal import places
from portal.actions import places as deeds
from portal.actions.closures import rebuild_heirs, rebuild_lines
from portal.actions.deed import RuleBroken, bookkeeping
from portal.levels import LEVEL_OF_KIND, Level, PlaceKind, SuccessionKind, may_contain
from portal.models import Heir, Place, PlaceLine, PlaceSpan, Succession
from tests import make
from tests.territories import FIRST, Naive, World, days, heirs, histories, lines, ordered_histories, undone

pytestmark = pytest.mark.django_db
# A third of the usual examples: each is a whole history, looked at on every day.
patiently = settings(
    max_examples=settings.default.max_examples // 3,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def overlap(first: tuple, second: tuple) -> bool:
    return (first[1] is None or second[0] < first[1]) and (second[1] is None or first[0] < second[1])


@patiently
@given(history=ordered_histories | histories)
def test_no_place_and_no_code_stands_twice_on_a_day(history):
    with undone():
        World().tell(history)
        spans = list(PlaceSpan.objects.all())
        for one, other in combinations(spans, 2):
            if one.place_id == other.place_id or one.code == other.code:
                assert not overlap((one.since, one.until), (other.since, other.until)), (one, other)


@patiently
@given(history=ordered_histories | histories)
def test_every_unit_lies_in_one_that_is_there_and_may_contain_it(history):
    with undone():
        World().tell(history)
        for on in days():
            kinds = dict(PlaceSpan.objects.current(on).values_list("place", "kind"))
            for span in PlaceSpan.objects.current(on).exclude(parent=None):
                assert span.parent_id in kinds
                above, below = (LEVEL_OF_KIND[PlaceKind(kind)] for kind in (kinds[span.parent_id], span.kind))
                assert may_contain(above, below)


@patiently
@given(history=ordered_histories | histories)
def test_the_lines_say_what_the_spans_say_on_every_day(history):
    with undone():
        World().tell(history)
        for on in days():
            told = list(PlaceLine.objects.current(on).values_list("ancestor", "descendant", "depth"))
            assert len(told) == len(set(told))
            assert set(told) == Naive(on).lines()


@patiently
@given(history=ordered_histories | histories)
def test_every_place_that_ever_was_has_its_heirs_on_every_day(history):
    with undone():
        World().tell(history)
        alive = set(Place.objects.filter(level=Level.PROVINCE).values_list("pk", flat=True))
        for on in days():
            naive = Naive(on)
            told: dict[int, list[int]] = {}
            for old, new in Heir.objects.current(on).values_list("old", "new"):
                told.setdefault(old, []).append(new)
            for place in naive.begun():
                found = told.get(place, [])
                assert len(found) == len(set(found))
                assert set(found) == naive.heirs(place)
                assert found or place in alive, "only a province may end without an heir"


@patiently
@given(history=ordered_histories | histories)
def test_what_is_rebuilt_bit_by_bit_is_what_is_rebuilt_at_once(history):
    with undone():
        World().tell(history)
        bit_by_bit = lines(), heirs()
        rebuild_lines()
        rebuild_heirs()
        assert (lines(), heirs()) == bit_by_bit


@patiently
@given(history=ordered_histories)
def test_names_paths_and_forebears_hold_on_the_day_they_are_asked_for(history):
    with undone():
        World().tell(history)
        for on in days()[::3]:
            naive = Naive(on)
            names = places.Names(Place.objects.values_list("pk", flat=True))
            for place, parent in naive.parent.items():
                own = places.span(place, on)
                assert names.on(place, on) == own.full_name
                way = places.path(place, on)
                assert way[-1].place_id == place
                assert [span.place_id for span in way[:-1]] == [
                    span.place_id for span in (places.path(parent, on) if parent else [])
                ]
                assert own in places.children(parent, on) if parent else True
                forebears = set(places.forebears([place], on).values_list("old", flat=True))
                assert forebears == {old for old in naive.begun() if place in naive.heirs(old)}


def test_random_deeds_are_both_done_and_refused():
    """The properties above would hold for a machine that refuses everything."""
    world = World()
    world.tell(
        [("rename", 3, 1, 1, 0), ("merge", 4, 1, 0, 0), ("rename", 2, 6, 2, 0), ("rename", 1, 6, 3, 0)]
    )
    assert world.done == 3
    assert len(world.refusals) == 1


def test_a_change_out_of_the_order_of_its_day_is_refused_with_the_day():
    land = make.land()
    common = {"decree": make.decree(), "by": make.clerk()}
    deeds.rename_place(place=land.hamlet, name="Mẫu Sau", on=date(2024, 5, 1), **common)
    with pytest.raises(RuleBroken, match=r"Ấp Mẫu Sau .*01/05/2024"):
        deeds.rename_place(place=land.hamlet, name="Mẫu Trước", on=date(2024, 4, 1), **common)
    assert places.span(land.hamlet.pk, date(2024, 4, 15)).name.startswith("Mẫu ")
    assert PlaceSpan.objects.filter(place=land.hamlet).count() == 2


def test_a_place_ended_cannot_change_any_more():
    land = make.land()
    common = {"decree": make.decree(), "by": make.clerk()}
    deeds.close_place(place=land.groups[0], on=date(2024, 1, 1), **common)
    with pytest.raises(RuleBroken):
        deeds.rename_place(place=land.groups[0], name="3", on=date(2025, 1, 1), **common)
    with pytest.raises(RuleBroken):
        deeds.close_place(place=land.groups[0], on=date(2023, 1, 1), **common)


def test_a_commune_with_hamlets_in_it_cannot_be_closed():
    land = make.land()
    with pytest.raises(RuleBroken):
        deeds.close_place(place=land.commune, on=date(2024, 1, 1), decree=make.decree(), by=make.clerk())


def test_nothing_is_put_into_a_unit_after_its_end():
    land = make.land()
    common = {"decree": make.decree(), "by": make.clerk()}
    make.place(PlaceKind.AP, land.commune, since=date(2025, 1, 1))
    with pytest.raises(RuleBroken, match="01/01/2025"):
        deeds.merge_places(olds=[land.commune], into=land.sibling, on=date(2024, 1, 1), **common)


def test_a_hamlet_entered_late_went_where_its_commune_went():
    land = make.land()
    on = date(2024, 1, 1)
    deeds.merge_places(
        olds=[land.commune], into=land.sibling, on=on, decree=make.decree("12/NQ (mẫu)"), by=make.clerk()
    )
    hamlet = make.place(PlaceKind.AP, land.commune, since=date(2022, 1, 1))
    assert places.above(hamlet.pk, date(2023, 12, 31), Level.COMMUNE) == land.commune.pk
    assert places.above(hamlet.pk, on, Level.COMMUNE) == land.sibling.pk
    assert [span.decree and span.decree.number for span in places.history(hamlet.pk)] == [None, "12/NQ (mẫu)"]


def test_a_hamlet_is_not_entered_late_into_a_commune_that_was_split():
    land = make.land()
    new = [deeds.NewPlace(f"S{n}", f"Mẫu S{n}", PlaceKind.XA, land.province) for n in (1, 2)]
    deeds.split_place(
        place=land.commune, parts=[(new[0], [land.hamlet]), (new[1], [])], on=date(2024, 1, 1),
        decree=make.decree(), by=make.clerk(),
    )  # fmt: skip
    with pytest.raises(RuleBroken, match="01/01/2024"):
        make.place(PlaceKind.AP, land.commune, since=date(2022, 1, 1))


def test_parts_that_come_together_again_are_the_whole():
    land = make.land()
    common = {"decree": make.decree(), "by": make.clerk()}
    new = [deeds.NewPlace(f"S{n}", f"Mẫu S{n}", PlaceKind.XA, land.province) for n in (1, 2)]
    parts = deeds.split_place(
        place=land.commune, parts=[(new[0], [land.hamlet]), (new[1], [])], on=date(2024, 1, 1), **common
    )
    apart = places.heirs(land.commune.pk, date(2024, 6, 1))
    assert {(heir.new_id, heir.whole) for heir in apart} == {(part.pk, False) for part in parts}
    deeds.merge_places(olds=[parts[1]], into=parts[0], on=date(2025, 1, 1), **common)
    together = places.heirs(land.commune.pk, date(2025, 6, 1))
    assert [(heir.new_id, heir.whole) for heir in together] == [(parts[0].pk, True)]


def test_a_split_hands_out_all_it_holds_and_nothing_else():
    land = make.land()
    new = [deeds.NewPlace(f"S{n}", f"Mẫu S{n}", PlaceKind.XA, land.province) for n in (1, 2)]
    common = {"on": date(2024, 1, 1), "decree": make.decree(), "by": make.clerk()}
    with pytest.raises(RuleBroken):
        deeds.split_place(place=land.commune, parts=[(new[0], []), (new[1], [])], **common)
    foreign = [(new[0], [land.hamlet]), (new[1], [land.sibling_hamlet])]
    with pytest.raises(RuleBroken):
        deeds.split_place(place=land.commune, parts=foreign, **common)


def test_a_thousand_groups_are_opened_with_a_handful_of_questions(django_assert_max_num_queries):
    land = make.land()
    news = [deeds.NewPlace(f"N{n}", str(n + 10), PlaceKind.TO_NDTQ, land.hamlet) for n in range(1000)]
    with django_assert_max_num_queries(90):
        opened = deeds.open_places(news=news, since=FIRST, decree=make.decree(), by=make.clerk())
    assert places.children(land.hamlet.pk, FIRST).count() == 1002
    assert {span.place_id for span in places.spans_within(land.province.pk, FIRST, Level.GROUP)} >= {
        place.pk for place in opened
    }


def test_of_many_opened_at_once_no_two_share_a_code():
    land = make.land()
    news = [deeds.NewPlace("K1", name, PlaceKind.TO_NDTQ, land.hamlet) for name in ("7", "8")]
    with pytest.raises(RuleBroken, match="K1"):
        deeds.open_places(news=news, since=FIRST, decree=None, by=make.clerk())
    code = places.span(land.sibling_group.pk, FIRST).code
    news = [deeds.NewPlace(code, "9", PlaceKind.TO_NDTQ, land.hamlet)]
    with pytest.raises(RuleBroken, match=code):
        deeds.open_places(news=news, since=FIRST, decree=None, by=make.clerk())


@bookkeeping("a large territory for the clock")
def large(communes: int, hamlets: int, groups: int) -> Place:
    """A province of this shape by plain inserts, with an old commune merged into every new one."""
    province = make.place(PlaceKind.PROVINCE)
    on = date(2025, 7, 1)
    above, spans, ways = [province], [], []
    for kind, number in ((PlaceKind.XA, communes), (PlaceKind.AP, hamlets), (PlaceKind.TO_NDTQ, groups)):
        level = LEVEL_OF_KIND[kind]
        made = Place.objects.bulk_create([Place(level=level) for _n in range(len(above) * number)])
        for n, place in enumerate(made):
            new = deeds.NewPlace(f"{kind}{n}", f"Mẫu {n}", kind, above[n // number])
            spans.append(deeds.new_span(place=place, new=new, since=make.START, decree=None))
        above = made
        if kind == PlaceKind.XA:
            for n, old in enumerate(made[1::2]):
                spans[n * 2 + 1].until = on
                ways.append(Succession(old=old, new=made[n * 2], kind=SuccessionKind.MERGE, on=on))
    PlaceSpan.objects.bulk_create(spans, batch_size=2000)
    Succession.objects.bulk_create(ways)
    return province


def test_a_province_of_sixteen_thousand_places_is_rebuilt_and_asked_in_no_time():
    """Time of the processor, as a busy machine is no fault of ours; the bound is three times what it takes."""
    province = large(communes=160, hamlets=6, groups=15)
    assert Place.objects.count() > 15_000
    start = process_time()
    rebuild_lines()
    rebuild_heirs()
    assert process_time() - start < 6
    start = process_time()
    assert places.within(province.pk, date(2024, 1, 1), Level.COMMUNE).count() == 160
    assert process_time() - start < 0.1


def test_search_finds_old_names_and_codes_without_tone_marks():
    land = make.land()
    common = {"decree": make.decree(), "by": make.clerk()}
    old = places.span(land.commune.pk, FIRST)
    deeds.rename_place(place=land.commune, name="Đường Mẫu", on=date(2024, 5, 1), **common)
    deeds.recode_place(place=land.commune, code="28981", on=date(2024, 6, 1), **common)
    today = date(2025, 1, 1)
    assert [hit.span.place_id for hit in places.search("duong mau", today)] == [land.commune.pk]
    assert [hit.span.place_id for hit in places.search("28981", today)] == [land.commune.pk]
    assert land.commune.pk in [hit.span.place_id for hit in places.search(old.name, today)]
    assert places.search("duong mau", today)[0].is_current


def test_the_days_around_a_boundary():
    """`until` is the first day no longer."""
    land = make.land()
    on = date(2024, 5, 1)
    deeds.rename_place(place=land.hamlet, name="Mẫu Mới", on=on, decree=make.decree(), by=make.clerk())
    before = places.span(land.hamlet.pk, on - timedelta(days=1))
    assert before.until == on
    assert places.span(land.hamlet.pk, on).name == "Mẫu Mới"
