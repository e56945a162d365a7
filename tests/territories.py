"""A small territory, random deeds upon it, and the naive recomputation of what the closures should say.

Deeds come as plain numbers, so that hypothesis can shrink them; a number picks a unit among those that are there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from hypothesis import strategies as st

from portal.actions import places
from portal.actions.deed import RuleBroken
from portal.actions.places import NewPlace
from portal.levels import PlaceKind
from portal.models import Decree, Heir, Place, PlaceLine, PlaceSpan, Succession, User
from tests import make

DAYS = 12
FIRST = date(2024, 1, 1)
DEEDS = ["open", "rename", "retype", "recode", "move", "merge", "merge into", "split", "close"]
KINDS = [PlaceKind.XA, PlaceKind.PHUONG, PlaceKind.AP, PlaceKind.KHOM, PlaceKind.TO_NDTQ]

numbers = st.integers(0, 40)
deeds = st.tuples(st.sampled_from(DEEDS), st.integers(0, DAYS), numbers, numbers, numbers)
histories = st.lists(deeds, min_size=4, max_size=18)
# Most histories are told in order, some are not.
ordered_histories = histories.map(lambda told: sorted(told, key=lambda deed: deed[1]))


@contextmanager
def undone() -> Iterator[None]:
    """What is written inside is taken back, so that each example meets an empty territory."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass
class World:
    by: User = field(default_factory=make.clerk)
    decree: Decree = field(default_factory=make.decree)
    refusals: list[str] = field(default_factory=list)
    done: int = 0
    codes: int = 0

    def __post_init__(self) -> None:
        province = make.place(PlaceKind.PROVINCE, since=FIRST)
        communes = [make.place(PlaceKind.XA, province, since=FIRST) for _n in range(2)]
        hamlets = [make.place(PlaceKind.AP, communes[n % 2], since=FIRST) for n in range(3)]
        for n in range(3):
            make.place(PlaceKind.TO_NDTQ, hamlets[n % 2], since=FIRST)

    def tell(self, history: list[tuple[str, int, int, int, int]]) -> None:
        """Each deed is done or refused with words; a refusal leaves nothing behind."""
        for deed, day, *picks in history:
            before = everything()
            try:
                with transaction.atomic():
                    self._do(deed, FIRST + timedelta(days=day), *picks)
            except RuleBroken as broken:
                assert all(str(message).strip() for message in broken.messages)
                assert everything() == before
                self.refusals += broken.messages
            else:
                self.done += 1

    def _do(self, deed: str, on: date, one: int, two: int, three: int) -> None:
        units = list(Place.objects.order_by("pk"))
        place, other = units[one % len(units)], units[two % len(units)]
        common = {"on": on, "decree": self.decree, "by": self.by}
        if deed == "open":
            new = self._new(KINDS[three % len(KINDS)], other, three)
            places.open_place(new=new, since=on, decree=self.decree, by=self.by)
        elif deed == "rename":
            places.rename_place(place=place, name=f"Tên Mẫu {two}", **common)
        elif deed == "retype":
            places.retype_place(place=place, kind=KINDS[two % len(KINDS)], **common)
        elif deed == "recode":
            places.recode_place(place=place, code=f"R{two % 3}", **common)
        elif deed == "move":
            places.move_place(place=place, parent=other, **common)
        elif deed == "merge":
            alike = [unit for unit in units if unit.level == place.level and unit != place]
            olds = [place, *(alike[n % len(alike)] for n in (two, three)[: three % 2 + 1] if alike)]
            places.merge_places(olds=olds, into=self._like(place, two), **common)
        elif deed == "merge into":
            places.merge_places(olds=[place], into=other, **common)
        elif deed == "split":
            inside = [span.place for span in PlaceSpan.objects.filter(parent=place, until=None)]
            parts = [(self._like(place, n), inside[n::2]) for n in (0, 1)]
            places.split_place(place=place, parts=parts, **common)
        else:
            places.close_place(place=place, **common)

    def _new(self, kind: str, parent: Place, number: int) -> NewPlace:
        self.codes += 1
        # Some codes are those of units that are there, or were: they may be used again only after those.
        code = f"R{number % 3}" if number % 5 == 0 else f"M{self.codes}"
        return NewPlace(code=code, name=f"Mẫu {number}", kind=kind, parent=parent)

    def _like(self, place: Place, number: int) -> NewPlace:
        last = PlaceSpan.objects.filter(place=place).order_by("-since")[0]
        return self._new(last.kind, last.parent, number)


def rows_of(model: type, *names: str) -> set[tuple]:
    return set(model.objects.values_list(*names))


def lines() -> set[tuple]:
    return rows_of(PlaceLine, "ancestor", "descendant", "depth", "since", "until")


def heirs() -> set[tuple]:
    return rows_of(Heir, "old", "new", "since", "until", "whole")


def everything() -> list[set[tuple]]:
    spans = rows_of(PlaceSpan, "pk", "place", "code", "name", "kind", "parent", "since", "until")
    return [spans, lines(), heirs(), rows_of(Succession, "old", "new", "kind", "on")]


def days() -> list[date]:
    return [FIRST + timedelta(days=number) for number in range(-1, DAYS + 3)]


class Naive:
    """The same questions answered from the spans and successions alone, one day at a time."""

    def __init__(self, on: date) -> None:
        self.on = on
        self.spans = list(PlaceSpan.objects.all())
        self.parent = {
            span.place_id: span.parent_id
            for span in self.spans
            if span.since <= on and (span.until is None or on < span.until)
        }
        self.successions = list(Succession.objects.filter(on__lte=on))

    def lines(self) -> set[tuple[int, int, int]]:
        found = set()
        for place in self.parent:
            above, depth = place, 0
            while above is not None and above in self.parent:
                found.add((above, place, depth))
                above, depth = self.parent[above], depth + 1
        return found

    def heirs(self, place: int) -> set[int]:
        found = {place} if place in self.parent else set()
        for way in self.successions:
            if way.old_id == place:
                into = way.new_id or self._lay_in(place, way.on)
                found |= self.heirs(into) if into else set()
        return found

    def _lay_in(self, place: int, on: date) -> int | None:
        return next(span.parent_id for span in self.spans if span.place_id == place and span.until == on)

    def begun(self) -> set[int]:
        return {span.place_id for span in self.spans if span.since <= self.on}
