"""Tells a territory's history from a first list and the deeds of each reform: who bore which code until when.

A unit that a reform forms is a new place; restyling, recoding and moving keep the place, and so does taking
others in. All deeds of one day happen at once: the code that one unit gives up another may bear the same day.
"""

from collections.abc import Iterable
from typing import NamedTuple

LEVELS = ("province", "district", "commune")


class Unit(NamedTuple):
    level: str
    code: str
    name: str
    kind: str
    parent: str
    province: str


class Deed(NamedTuple):
    does: str
    code: str
    name: str
    kind: str
    parent: str
    into: str
    decree: str


class Span(NamedTuple):
    key: str
    level: str
    code: str
    name: str
    kind: str
    parent_key: str
    since: str
    until: str
    decree: str


class Chronicle:
    def __init__(self) -> None:
        self.open: dict[str, Span] = {}
        self.closed: list[Span] = []
        self.heirs: list[tuple[str, str, str, str, str]] = []

    def begin(self, units: Iterable[Unit], *, on: str) -> None:
        """The first list known of a province: its units were there before, under no decree of ours."""
        for unit in sorted(units, key=lambda unit: (LEVELS.index(unit.level), unit.code)):
            parent_key = self.open[unit.parent].key if unit.parent else ""
            self._open(Span("", unit.level, unit.code, unit.name, unit.kind, parent_key, on, "", ""))

    def apply(self, deeds: Iterable[Deed], *, on: str) -> None:
        """One day's deeds. `code` is the code of the day before, `into` and `parent` are codes of the day."""
        deeds = list(deeds)
        before = dict(self.open)
        for deed in deeds:
            if deed.does != "form":
                self._expect(deed, before)
        for code in {deed.code for deed in deeds if deed.does not in ("form", "formed", "misread")}:
            self._close(code, on)
        for deed in sorted(deeds, key=lambda deed: deed.kind != "province"):
            self._happen(deed, before, on)
        for deed in deeds:
            self._inherit(deed, before, on)

    def _expect(self, deed: Deed, before: dict[str, Span]) -> None:
        if deed.code not in before:
            raise SystemExit(f"{deed.decree}: no unit bears the code {deed.code}.")
        if deed.does != "restyle" and before[deed.code].name != deed.name:
            raise SystemExit(f"{deed.decree}: {deed.code} is {before[deed.code].name}, not {deed.name}.")

    def _happen(self, deed: Deed, before: dict[str, Span], on: str) -> None:
        old = before.get(deed.code)
        match deed.does:
            case "form":
                level = "province" if deed.kind == "province" else "commune"
                parent_key = self.open[deed.parent].key if deed.parent else ""
                self._open(Span("", level, deed.code, deed.name, deed.kind, parent_key, on, "", deed.decree))
            case "formed":
                self.open[deed.code] = old._replace(decree=deed.decree)
            case "restyle":
                self._open(old._replace(name=deed.name, kind=deed.kind, since=on, decree=deed.decree))
            case "recode":
                self._open(old._replace(code=deed.into, since=on, decree=deed.decree))
            case "move":
                self._open(old._replace(parent_key=self.open[deed.parent].key, since=on, decree=deed.decree))

    def _inherit(self, deed: Deed, before: dict[str, Span], on: str) -> None:
        kinds = {"join": "merge", "part": "split", "abolish": "abolished"}
        if deed.does in kinds:
            new_key = self.open[deed.into].key if deed.into else ""
            self.heirs.append((before[deed.code].key, new_key, kinds[deed.does], on, deed.decree))

    def _open(self, span: Span) -> None:
        if span.code in self.open:
            raise SystemExit(f"Two units would bear the code {span.code} on {span.since}.")
        key = span.key or f"{span.code}-{span.since.replace('-', '')}"
        self.open[span.code] = span._replace(key=key)

    def _close(self, code: str, on: str) -> None:
        self.closed.append(self.open.pop(code)._replace(until=on))

    def units(self, province: str) -> list[Unit]:
        """What is open now within a province, in the form of a list."""
        by_key = {span.key: span for span in self.open.values()}
        found = []
        for span in self.open.values():
            top = span
            while top.parent_key:
                top = by_key[top.parent_key]
            if top.code == province:
                parent = by_key[span.parent_key].code if span.parent_key else ""
                found.append(Unit(span.level, span.code, span.name, span.kind, parent, province))
        return found

    def _all(self) -> list[Span]:
        spans = [*self.closed, *self.open.values()]
        return sorted(spans, key=lambda span: (span.since, LEVELS.index(span.level), span.code))

    def places(self) -> list[tuple[str, str]]:
        return list(dict.fromkeys((span.key, span.level) for span in self._all()))

    def spans(self) -> list[tuple[str, ...]]:
        return [(span.key, *span[2:]) for span in self._all()]

    def successions(self) -> list[tuple[str, str, str, str, str]]:
        return sorted(self.heirs, key=lambda row: (row[3], row[0], row[1]))
