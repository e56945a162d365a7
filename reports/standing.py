"""Questions about the grades of a year or quarter: who is graded, the table by superior and by place, the ceilings.

Everything is as of the last day of the period: names, superiors, communes, districts where they still existed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from portal.levels import CELLS, GRASSROOTS, Level, OrgKind
from portal.models import PartyOrgSpan
from portal.orgs import OrgNames
from portal.places import Names, above_levels, within_any
from reports.graded_periods import GradedPeriod
from reports.grades import Base, Ceiling, Counts, ceiling, counted
from reports.models import Evaluation, ExcellenceCap, GradingScheme, Round, RoundState, SetCeiling

# Families of organisations that are counted together, the lowest first.
FAMILIES = {
    "cells": [*CELLS],
    "grassroots": [*GRASSROOTS],
    "committees": [OrgKind.COMMUNE, OrgKind.DISTRICT],
}
PLACE_LEVELS = [Level.COMMUNE, Level.DISTRICT, Level.PROVINCE]
GRADED_KINDS = [kind for kinds in FAMILIES.values() for kind in kinds]


def end_of(year: int) -> date:
    """For what is yearly only; of a round the end of its `period`."""
    return date(year, 12, 31)


def family_of(kind: str) -> str:
    return next((name for name, kinds in FAMILIES.items() if kind in kinds), "")


def scheme_of(year: int) -> GradingScheme | None:
    """The regulation under which a year is graded."""
    rows = GradingScheme.objects.filter(first_year__lte=year)
    return rows.filter(Q(last_year=None) | Q(last_year__gte=year)).order_by("-first_year").first()


def has_quarters() -> bool:
    """Whether any regulation has its quarters graded too."""
    return GradingScheme.objects.filter(has_quarters=True).exists()


def cap_of(scheme: GradingScheme, period: GradedPeriod) -> ExcellenceCap | None:
    """The ceiling is set for the year: a quarter has none."""
    if not period.is_year:
        return None
    return ExcellenceCap.objects.filter(scheme=scheme).order_by("-is_confirmed", "pk").first()


# What a locked round keeps of its ceiling's rule: corrected later, it does not change what was locked.
FROZEN_OF_CAP = ("base", "grouping", "rounding", "min_one", "is_confirmed", "source")


def cap_frozen(cap: ExcellenceCap | None) -> dict[str, Any] | None:
    if cap is None:
        return None
    return {"percent": str(cap.percent), **{name: getattr(cap, name) for name in FROZEN_OF_CAP}}


def cap_in(round: Round, table: dict[str, Any]) -> ExcellenceCap | None:
    """The rule by which a table is read: that of the lock where it was kept, else the one in force."""
    if round.state == RoundState.LOCKED and "cap" in table:
        kept = table["cap"]
        return ExcellenceCap(**{**kept, "percent": Decimal(kept["percent"])}) if kept else None
    return cap_of(round.scheme, round.period)


def graded_spans(
    period: GradedPeriod, place_ids: QuerySet | Iterable[int] | None = None
) -> QuerySet[PartyOrgSpan]:
    """Organisations to be graded at the end of a period; of a set of places, with those right below without a seat."""
    on = period.end
    spans = PartyOrgSpan.objects.current(on).filter(kind__in=GRADED_KINDS)
    if place_ids is None:
        return spans
    seated = PartyOrgSpan.objects.current(on).filter(place__in=place_ids).values("org")
    return spans.filter(Q(place__in=place_ids) | Q(place=None, parent__in=seated))


def spans_of_round(place_id: int, period: GradedPeriod) -> QuerySet[PartyOrgSpan]:
    spans = graded_spans(period, within_any([place_id], period.end))
    return spans.order_by("sort_key", "org_id")


@dataclass(frozen=True)
class Line:
    """One organisation in the table of a period. `outcome` is a grade, `left_out`, or empty while it waits."""

    org: int
    name: str
    kind: str
    superior: int | None
    commune: int | None
    district: int | None
    province: int | None
    grade: str
    left_out: str
    decree: str

    @property
    def outcome(self) -> str:
        return self.grade or ("left_out" if self.left_out else "")


def lines_of(place_id: int, period: GradedPeriod) -> list[Line]:
    """A province has thousands: plain values, as rows of the database they cost twice the time."""
    found = spans_of_round(place_id, period)
    spans = list(found.values_list("org", "name", "kind", "parent", "place"))
    rows = Evaluation.objects.of(period).filter(org__in=found.order_by().values("org"))
    known = {org: told for org, *told in rows.values_list("org", "grade", "left_out", "decree__number")}
    seats = {seat for *_rest, seat in spans if seat}
    tops = above_levels(seats, period.end, PLACE_LEVELS)
    lines = []
    for org, name, kind, superior, seat in spans:
        grade, left_out, decree = known.get(org, ("", "", ""))
        lines.append(
            Line(
                org=org,
                name=name,
                kind=kind,
                superior=superior,
                **{level: keys.get(seat or 0) for level, keys in tops.items()},
                grade=grade,
                left_out=left_out,
                decree=decree or "",
            )
        )
    return lines


@dataclass(frozen=True)
class Group:
    """Some organisations counted together: under one superior, or in one commune, district or province."""

    key: int | None
    name: str
    counts: Counts


def counted_by(
    lines: Iterable[Line], keys: dict[int, int | None], names: dict[int | None, str]
) -> list[Group]:
    """`keys` gives each organisation's group; the order follows the first organisation of each."""
    outcomes: dict[int | None, list[str]] = defaultdict(list)
    for line in lines:
        outcomes[keys.get(line.org)].append(line.outcome)
    return [Group(key, names.get(key, ""), counted(found)) for key, found in outcomes.items()]


def by_superior(lines: list[Line], period: GradedPeriod) -> list[Group]:
    names = OrgNames(line.superior for line in lines)
    keys = {line.org: line.superior for line in lines}
    return counted_by(lines, keys, {key: names.on(key, period.end) for key in {*keys.values()}})


def by_place(lines: list[Line], period: GradedPeriod, level: str) -> list[Group]:
    """By the commune, district or province in which each organisation sat at the end of the period."""
    keys = {line.org: getattr(line, level) for line in lines}
    names = Names(keys.values())
    return counted_by(lines, keys, {key: names.on(key, period.end) for key in {*keys.values()}})


def table_of(round: Round) -> dict[str, Any]:
    """The whole table of a round as plain values, for the page, the workbook and the snapshot.

    A locked round answers with what was frozen; an open one with what stands in the database now.
    """
    if round.state == RoundState.LOCKED and round.snapshot:
        return round.snapshot
    return summary(round.place_id, round.period)


def summary(place_id: int, period: GradedPeriod) -> dict[str, Any]:
    lines = lines_of(place_id, period)
    families = []
    for family, kinds in FAMILIES.items():
        members = [line for line in lines if line.kind in kinds]
        if members:
            families.append(_family(family, members, period))
    names = Names([place_id])
    return {
        **period.facts,
        "place": names.on(place_id, period.end),
        # `asdict` copies each value, for thousands of lines of plain ones.
        "lines": [dict(vars(line)) for line in lines],
        "families": families,
        "set_ceilings": _set_ceilings(lines, place_id, period),
        "totals": asdict(counted(line.outcome for line in lines)),
    }


def _set_ceilings(lines: list[Line], place_id: int, period: GradedPeriod) -> list[dict[str, Any]]:
    """Those in force on groups that lie here as a whole: a smaller round shares them, a part of a group does not.

    One for a whole round is that round's alone.
    """
    rows = SetCeiling.objects.filter(round__in=Round.objects.of(period), withdrawn_at=None)
    rows = rows.select_related("decree", "by")
    rows = rows.filter(
        Q(superior__in={line.superior for line in lines if line.superior})
        | Q(superior=None, round__place=place_id)
    )
    found = list(rows.order_by("pk"))
    spans = graded_spans(period).filter(parent__in=[row.superior_id for row in found if row.superior_id])
    whole = Counter((above, family_of(kind)) for above, kind in spans.values_list("parent", "kind"))
    here = Counter((line.superior, family_of(line.kind)) for line in lines)
    return [
        {
            "pk": row.pk,
            "family": row.family,
            "superior": row.superior_id,
            "number": row.number,
            "reason": row.reason,
            "decree": row.decree.number,
            "signed": row.decree.signed.isoformat() if row.decree.signed else "",
            "by": str(row.by),
            "at": row.at.isoformat(),
        }
        for row in found
        if row.superior_id is None or here[row.superior_id, row.family] == whole[row.superior_id, row.family]
    ]


def _family(family: str, members: list[Line], period: GradedPeriod) -> dict[str, Any]:
    groups = {"superior": by_superior(members, period)}
    for level in PLACE_LEVELS:
        groups[level.value] = by_place(members, period, level)
    # A level that no organisation had (districts since July 2025) is no table of empty rows.
    shown = {name: rows for name, rows in groups.items() if any(row.key is not None for row in rows)}
    return {
        "family": family,
        "counts": asdict(counted(line.outcome for line in members)),
        "groups": {
            name: [{**vars(row), "counts": dict(vars(row.counts))} for row in rows]
            for name, rows in shown.items()
        },
    }


def ceilings(counts: Counts, cap: ExcellenceCap) -> list[Ceiling]:
    """The ceiling on every base in use, so that nobody has to guess which one the office means."""
    return [
        ceiling(counts, base=base, percent=cap.percent, rounding=cap.rounding, min_one=cap.min_one)
        for base in Base
    ]
