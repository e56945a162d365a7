"""Hamlets and groups that a sheet opens: what they will be, their own codes, and how they come into being together."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from portal.actions.place_spans import NewPlace
from portal.actions.places import open_places
from portal.imports.units import Unit, hamlet_kind, key_of
from portal.levels import PlaceKind, full_name
from portal.models import Decree, ImportRun, Place, PlaceSpan, User
from portal.vietnamese import clean

NUMBER = re.compile(r"\d+")
NUMERAL = re.compile(r"[IVXLC]+|[A-Z]")


class Target(NamedTuple):
    """Where a hamlet is or will be: a hamlet of the portal, or a kind and name in a commune, since a day."""

    commune_id: int
    key: str
    old: str = ""


@dataclass
class Opening:
    """Groups to open in a hamlet; the hamlet itself too unless it has a key.

    `old` tells hamlets of one name apart by the commune in which they lay before.
    """

    commune_id: int
    kind: str
    name: str
    hamlet_id: int | None
    groups: list[str]
    since: date
    decree: str
    opens_hamlet: bool = False
    old: str = ""

    @property
    def target(self) -> Target:
        return target_of(self.commune_id, self.kind, self.name, self.old)


class Promise(NamedTuple):
    """A hamlet, or a group in a hamlet, that rows of another kind of sheet bring with them."""

    commune_id: int
    kind: str
    name: str
    hamlet_id: int | None
    group: str

    @property
    def told(self) -> str:
        hamlet = full_name(self.kind, self.name)
        return f"{full_name(PlaceKind.TO_NDTQ, self.group)}, {hamlet}" if self.group else hamlet


class Opener:
    """Opens the hamlets of one day and decree together, then groups, whose hamlet another decree may have opened."""

    def __init__(self, known: dict[int, Place], by: User, source: ImportRun) -> None:
        self.known, self.by, self.source = known, by, source
        self.opened: dict[Target, Place] = {}
        self.groups: dict[tuple[int, str], Place] = {}

    def open_hamlets(self, batch: list[Opening], since: date, decree: Decree | None) -> None:
        new = [one for one in batch if one.opens_hamlet]
        codes = Codes({one.commune_id for one in new}, since)
        news = [
            NewPlace(codes.hamlet(one.commune_id, one.name), one.name, one.kind, self.known[one.commune_id])
            for one in new
        ]
        for one, place in zip(new, self._open(news, since, decree), strict=True):
            self.opened[one.target] = place

    def open_groups(self, batch: list[Opening], since: date, decree: Decree | None) -> None:
        inside = [(self._hamlet(one), name) for one in batch for name in one.groups]
        codes = Codes({one.commune_id for one in batch}, since)
        codes.read_groups({hamlet.pk for hamlet, _name in inside})
        news = [
            NewPlace(codes.group(hamlet.pk, name), name, PlaceKind.TO_NDTQ, hamlet) for hamlet, name in inside
        ]
        for (hamlet, name), place in zip(inside, self._open(news, since, decree), strict=True):
            self.groups[hamlet.pk, name] = place

    def _open(self, news: list[NewPlace], since: date, decree: Decree | None) -> list[Place]:
        if not news:
            return []
        return open_places(news=news, since=since, decree=decree, by=self.by, source=self.source)

    def _hamlet(self, one: Opening) -> Place:
        if one.hamlet_id:
            return self.known[one.hamlet_id]
        return self.opened[one.target]

    def place_of(self, one: Opening, group: str) -> Place:
        hamlet = self._hamlet(one)
        return self.groups[hamlet.pk, group] if group else hamlet


def target_of(commune_id: int, kind: str, name: str, old: str = "") -> Target:
    return Target(commune_id, key_of(full_name(kind, name)), old)


def open_promised(
    promises: Iterable[Promise], *, since: date, by: User, source: ImportRun
) -> dict[Promise, Place]:
    """Each hamlet and group once, however many rows wait for it."""
    openings: dict[tuple[int, str, str, int | None], Opening] = {}
    wanted = list(dict.fromkeys(promises))
    for one in wanted:
        opening = openings.setdefault(one[:4], Opening(*one[:4], [], since, "", one.hamlet_id is None))
        if one.group:
            opening.groups.append(one.group)
    keys = {one.commune_id for one in wanted} | {one.hamlet_id for one in wanted if one.hamlet_id}
    opener = Opener(Place.objects.in_bulk(keys), by, source)
    opener.open_hamlets(list(openings.values()), since, None)
    opener.open_groups(list(openings.values()), since, None)
    return {one: opener.place_of(openings[one[:4]], one.group) for one in wanted}


def name_in_proper_case(name: str) -> str:
    """`MẪU 3` becomes `Mẫu 3`; numerals (II, 3A) and names already in mixed case stay as typed."""
    if name != name.upper():
        return name
    return " ".join(
        word if NUMERAL.fullmatch(word) or NUMBER.search(word) else word.capitalize() for word in name.split()
    )


def hamlet_named(text: str, commune: Unit) -> tuple[PlaceKind | None, str]:
    """Kind and name of a hamlet to be opened; in a xã a hamlet without its kind is an ấp."""
    kind, name = hamlet_kind(clean(text))
    if kind is None and commune.kind == PlaceKind.XA:
        kind = PlaceKind.AP
    return kind, name_in_proper_case(name)


class Codes:
    """Own codes, as no authority gives hamlets and groups any: commune-A03, and commune-A03-T01."""

    def __init__(self, commune_ids: set[int], since: date) -> None:
        self.since = since
        spans = PlaceSpan.objects.current(since).filter(place__in=commune_ids)
        self.communes = dict(spans.values_list("place", "code"))
        self.hamlets: dict[int, str] = {}
        self.taken: set[str] = set()
        for code in self.communes.values():
            self._take(f"{code}-A")

    def _take(self, prefix: str) -> None:
        later = Q(until=None) | Q(until__gt=self.since)
        self.taken.update(
            PlaceSpan.objects.filter(later, code__startswith=prefix).values_list("code", flat=True)
        )

    def read_groups(self, hamlet_ids: set[int]) -> None:
        spans = PlaceSpan.objects.current(self.since).filter(place__in=hamlet_ids)
        self.hamlets = dict(spans.values_list("place", "code"))
        for prefix in {code.split("-A")[0] for code in self.hamlets.values()} - set(self.communes.values()):
            self._take(f"{prefix}-")

    def hamlet(self, commune_id: int, name: str) -> str:
        return self._free(f"{self.communes[commune_id]}-A", name)

    def group(self, hamlet_id: int, name: str) -> str:
        return self._free(f"{self.hamlets[hamlet_id]}-T", name)

    def _free(self, prefix: str, name: str) -> str:
        numbers = NUMBER.findall(name)
        number = int(numbers[-1]) if numbers and int(numbers[-1]) < 1000 else 1
        while (code := f"{prefix}{number:02}") in self.taken:
            number += 1
        self.taken.add(code)
        return code
