"""One round as its pages and its workbook show it: shares, ceilings group by group, the list behind each number."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from reports.grades import ORDER, Ceiling, Counts, Grade, Grouping, ceiling, counted, share
from reports.models import ExcellenceCap, Round
from reports.standing import FAMILIES, Line, cap_in, ceilings, graded_spans, table_of

GROUPINGS = ["superior", "commune", "district", "province"]


@dataclass(frozen=True)
class SetNumber:
    """A number that the office set instead of the reckoned one: by which document, why, by whom and when."""

    pk: int
    family: str
    # None: of the family in the whole round.
    superior: int | None
    number: int
    reason: str
    decree: str
    signed: str
    by: str
    at: str

    @property
    def signed_on(self) -> date | None:
        return date.fromisoformat(self.signed) if self.signed else None

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.at)


@dataclass(frozen=True)
class Row:
    """One group: its counts, and its ceiling under the round's rule."""

    key: int | None
    name: str
    counts: Counts
    ceiling: Ceiling | None
    set: SetNumber | None = None

    @property
    def good_or_better(self) -> int:
        return self.counts.good + self.counts.excellent

    @property
    def share_of_base(self) -> Decimal | None:
        """What the ceiling limits, as the control table prints it."""
        return share(self.counts.excellent, self.ceiling.base_count) if self.ceiling else None

    @property
    def left(self) -> int:
        return self.ceiling.allowed - self.ceiling.excellent if self.ceiling else 0


@dataclass(frozen=True)
class Running:
    """A group while it is being decided on: as decided so far, and as it would stand with what is chosen."""

    family: str
    now: Row
    then: Row

    @property
    def is_over(self) -> bool:
        return bool(self.then.ceiling and self.then.ceiling.over)


class RoundTable:
    """`by` is superior, commune, district, province, or all; `family` cells, grassroots or committees.

    A ceiling is reckoned on the groups that its rule names, whatever grouping is looked at.
    """

    def __init__(
        self,
        round: Round,
        *,
        family: str = "",
        by: str = "",
        table: dict[str, Any] | None = None,
    ) -> None:
        """`table` is that of the same round where it is known already; empty `by` takes the groups of the rule."""
        self.round = round
        self.table = table_of(round) if table is None else table
        self.cap: ExcellenceCap | None = cap_in(round, self.table)
        families = {row["family"]: row for row in self.table["families"]}
        self.families = list(families)
        self.family = family if family in families else next(iter(families), "")
        self._shown = families.get(self.family, {"counts": {}, "groups": {}})
        self.is_by_whole = self.cap is not None and self.cap.grouping == Grouping.ALL
        # In this order always: a frozen table comes back from PostgreSQL in another one.
        self.groupings = [name for name in GROUPINGS if name in self._shown["groups"]]
        if self.is_by_whole:
            self.groupings.insert(0, Grouping.ALL.value)
        # Rounds that were locked before numbers could be set have none.
        told = [SetNumber(**row) for row in self.table.get("set_ceilings", ())]
        self._set: dict[tuple[str, int | None], SetNumber] = {(one.family, one.superior): one for one in told}
        self.by = by if by in self.groupings else next(iter(self.groupings), "")

    @property
    def counts(self) -> Counts:
        return Counts(**self._shown["counts"])

    @property
    def is_capped(self) -> bool:
        """A ceiling is read group by group only where the groups looked at are those of its rule."""
        return self.cap is not None and self.by == self.cap.grouping

    def rows(self) -> list[Row]:
        if self.is_capped:
            return self.capped_rows()
        groups = self._shown["groups"].get(self.by, [])
        return [Row(group["key"], group["name"], Counts(**group["counts"]), None) for group in groups]

    def capped_rows(self) -> list[Row]:
        """The groups of the rule, each with its ceiling, whatever grouping is looked at."""
        if self.cap is None:
            return []
        if self.is_by_whole:
            return [self._row(self.cap, None, str(Grouping.ALL.label), self.counts)] if self.family else []
        return [
            self._row(self.cap, group["key"], group["name"], Counts(**group["counts"]))
            for group in self._shown["groups"].get("superior", [])
        ]

    def running(self, chosen: Mapping[int, str], orgs: Collection[int]) -> list[Running]:
        """The groups in which these organisations lie, before and with the outcomes chosen for some of them."""
        if self.cap is None:
            return []
        outcomes: dict[int | None, list[str]] = defaultdict(list)
        asked: set[int | None] = set()
        for line in self.lines_shown():
            key = None if self.is_by_whole else line.superior
            outcomes[key].append(chosen.get(line.org, line.outcome))
            if line.org in orgs:
                asked.add(key)
        return [
            Running(self.family, row, self._row(self.cap, row.key, row.name, counted(outcomes[row.key])))
            for row in self.capped_rows()
            if row.key in asked
        ]

    def group(self, superior_id: int | None) -> Row | None:
        """A group for which a number may be set; None asks for the whole round."""
        if superior_id is None and not self.is_by_whole:
            return None
        return next((row for row in self.capped_rows() if row.key == superior_id), None)

    def _row(self, cap: ExcellenceCap, key: int | None, name: str, counts: Counts) -> Row:
        # Without a superior, and not the whole round: no number is set for those.
        is_settable = key is not None or self.is_by_whole
        found = self._set.get((self.family, key)) if is_settable else None
        limit = ceiling(
            counts,
            base=cap.base,
            percent=cap.percent,
            rounding=cap.rounding,
            min_one=cap.min_one,
            set_to=found.number if found else None,
        )
        return Row(key, name, counts, limit, found)

    def lines_shown(self) -> list[Line]:
        """The organisations of the family."""
        kinds = FAMILIES.get(self.family, [])
        return [Line(**line) for line in self.table["lines"] if line["kind"] in kinds]

    def lines_under(self, superior_id: int | None) -> list[Line]:
        """Of a group of the rule; None is the whole round."""
        if superior_id is None and self.is_by_whole:
            return self.lines_shown()
        return [line for line in self.lines_shown() if line.superior == superior_id]

    def lines_of(self, superior_id: int | None) -> list[Line]:
        """For which a number was set (None: the whole round), whatever the groups of the rule are now."""
        lines = self.lines_shown()
        return lines if superior_id is None else [line for line in lines if line.superior == superior_id]

    def is_whole(self, superior_id: int | None) -> bool:
        """Whether all of the period's organisations of that group lie in the round's place."""
        if superior_id is None:
            return True
        kinds = FAMILIES.get(self.family, [])
        everywhere = graded_spans(self.round.period).filter(parent=superior_id, kind__in=kinds).count()
        return len(self.lines_under(superior_id)) == everywhere

    @property
    def set_numbers(self) -> list[Row]:
        """The groups of the rule for which the office set a number."""
        return [row for row in self.capped_rows() if row.set]

    @property
    def all_set(self) -> list[tuple[str, SetNumber]]:
        """Each number set for the family with the name of its group, whether it holds now or not."""
        names = {group["key"]: group["name"] for group in self._shown["groups"].get("superior", [])}
        names[None] = str(Grouping.ALL.label)
        return [(names.get(one.superior, ""), one) for one in self._set.values() if one.family == self.family]

    @property
    def dormant(self) -> list[tuple[str, SetNumber]]:
        """Those set while the rule grouped otherwise: they hold no more."""
        held = {row.set.pk for row in self.set_numbers if row.set}
        return [(name, one) for name, one in self.all_set if one.pk not in held]

    @property
    def allowed_together(self) -> int:
        """What the groups of the rule allow in all, with the numbers set."""
        return sum(row.ceiling.allowed for row in self.capped_rows() if row.ceiling)

    @property
    def over(self) -> int:
        """How many groups are over the ceiling."""
        return sum(1 for row in self.capped_rows() if row.ceiling and row.ceiling.over)

    @property
    def bases(self) -> list[Ceiling]:
        """The ceiling of the whole family on every base in use."""
        if self.cap is None:
            return []
        found = self._set.get((self.family, None)) if self.is_by_whole else None
        return [
            replace(one, set_to=found.number) if found and one.base == self.cap.base else one
            for one in ceilings(self.counts, self.cap)
        ]

    @property
    def grades(self) -> list[tuple[Grade, int, Decimal | None]]:
        counts = self.counts
        return list(zip(ORDER, counts.each, counts.shares, strict=True))

    @property
    def bar(self) -> list[tuple[str, int]]:
        """For the stacked bar: series and count."""
        counts = self.counts
        shown = [("done", counts.excellent), ("second", counts.good), ("third", counts.met)]
        return [*shown, ("overdue", counts.failed), ("rest", counts.left_out + counts.waiting)]


class DecisionList:
    """The organisations of a round that an address asks for: `family`, `grade`, a group by its kind and key, `org`."""

    def __init__(self, round: Round, asked: Mapping[str, str]) -> None:
        self.round = round
        self.table = table_of(round)
        lines = [Line(**line) for line in self.table["lines"]]
        self.family = asked.get("family", "")
        self.outcome = asked.get("grade", "")
        self.groups = {name: int(asked[name]) for name in GROUPINGS if asked.get(name, "").isdecimal()}
        self.org = int(asked["org"]) if asked.get("org", "").isdecimal() else None
        self.lines = [line for line in lines if self._wanted(line)]

    @property
    def cap(self) -> ExcellenceCap | None:
        return cap_in(self.round, self.table)

    def running(self, chosen: Mapping[int, str], orgs: Collection[int]) -> list[Running]:
        """Every group of the rule in which one of these organisations lies; the lowest family first."""
        found = [RoundTable(self.round, family=name, table=self.table) for name in FAMILIES]
        return [
            row
            for name, table in zip(FAMILIES, found, strict=True)
            if table.family == name
            for row in table.running(chosen, orgs)
        ]

    def _wanted(self, line: Line) -> bool:
        if self.org is not None and line.org != self.org:
            return False
        if self.family and line.kind not in FAMILIES.get(self.family, []):
            return False
        if any(getattr(line, name) != key for name, key in self.groups.items()):
            return False
        return not self.outcome or (line.outcome or "waiting") == self.outcome
