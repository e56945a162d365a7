"""Facts of party organisations in a year: what the catalogue asks for, what was entered, and how it adds up.

Counts only. Whether a small count of persons may be shown is `FactTable`'s business; `facts_record` shows all.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from assignments.fact_words import FactForm, FactGrain, FactGroup, hidden_among
from assignments.models import FactKind, OrgFact, Term
from portal.levels import CELLS, OrgKind
from portal.models import PartyOrgSpan
from portal.orgs import OrgNames

CELL_KINDS = {*CELLS, OrgKind.GRASSROOTS_CELL}


def day_of(year: int) -> date:
    """The catalogue, the terms and the tree of a year are those of its last day."""
    return date(year, 12, 31)


def span_in(names: OrgNames, org_id: int, year: int) -> PartyOrgSpan | None:
    """As it stood at the end of a year, or last stood in it; none where it was not there that year."""
    span = names.span(org_id, day_of(year))
    ended = span is not None and span.until is not None and span.until <= date(year, 1, 1)
    return None if span is None or span.since > day_of(year) or ended else span


def kinds_on(on: date) -> list[FactKind]:
    order = list(FactGroup)
    rows = FactKind.objects.current(on)
    return sorted(rows, key=lambda kind: (order.index(FactGroup(kind.group)), kind.position))


def terms_on(on: date) -> dict[str, Term]:
    """The term that runs on a day, by kind of organisation."""
    return {term.org_kind: term for term in Term.objects.current(on)}


def is_cell(org_kind: str) -> bool:
    return org_kind in CELL_KINDS


def applies(kind: FactKind, org_kind: str, *, is_stated: bool = False) -> bool:
    """Its own facts by kind of organisation; a committee may state totals of what its cells are asked."""
    if is_stated:
        return kind.for_cells and not is_cell(org_kind) and kind.form != FactForm.TEXT
    return kind.for_cells if is_cell(org_kind) else kind.for_committees


def term_of(org_kind: str, terms: Mapping[str, Term], *, is_stated: bool = False) -> Term | None:
    """A stated total is one of cells, and so of the cells' term."""
    return terms.get(OrgKind.CELL_HAMLET if is_stated else org_kind)


def of_year(year: int) -> QuerySet[OrgFact]:
    """Facts of the year, and those of the terms that run on its last day."""
    terms = Term.objects.current(day_of(year))
    return OrgFact.objects.filter(
        Q(kind__grain=FactGrain.YEAR, year=year) | Q(kind__grain=FactGrain.TERM, term__in=terms)
    )


@dataclass
class Record:
    """By the code of the catalogue: what holds of the organisation itself, and the totals stated for its cells."""

    own: dict[str, OrgFact] = field(default_factory=dict)
    stated: dict[str, OrgFact] = field(default_factory=dict)


def facts_record(org_ids: Iterable[int], year: int) -> dict[int, Record]:
    """One query, however many organisations; nothing is left out, so it is for who appraises them."""
    found: dict[int, Record] = defaultdict(Record)
    rows = of_year(year).filter(org__in=list(org_ids)).select_related("kind", "term", "decree", "entered_by")
    for fact in rows:
        record = found[fact.org_id]
        (record.stated if fact.is_stated else record.own)[fact.kind.code] = fact
    return dict(found)


@dataclass(frozen=True)
class Added:
    """Of the organisations asked: how many answered, how many of them yes, and the numbers added up."""

    asked: int
    answered: int
    yes: int
    total: int


def sums(
    kinds: Collection[FactKind], org_ids: Collection[int], year: int, asked: Mapping[bool, int]
) -> dict[int, Added]:
    """`asked` is the number of cells (True) and of committees (False) among the organisations."""
    rows = (
        of_year(year)
        .filter(org__in=org_ids, kind__in=kinds, is_stated=False)
        .values("kind")
        .annotate(answered=Count("pk"), yes=Count("pk", filter=Q(number__gt=0)), total=Sum("number"))
    )
    found: dict[int, dict[str, Any]] = {row["kind"]: {**row} for row in rows}
    nothing: dict[str, int] = {"answered": 0, "yes": 0, "total": 0}
    return {
        kind.pk: Added(
            asked=asked.get(True, 0) * kind.for_cells + asked.get(False, 0) * kind.for_committees,
            **{name: found.get(kind.pk, nothing)[name] or 0 for name in nothing},
        )
        for kind in kinds
    }


@dataclass
class Hidden:
    """Which counts of persons are not shown: (organisation, kind) of cells, and the kinds whose total would tell."""

    counts: set[tuple[int, int]] = field(default_factory=set)
    totals: set[int] = field(default_factory=set)


def hidden_counts(spans: Iterable[PartyOrgSpan], near: Collection[int], year: int, on: date) -> Hidden:
    """For a page and a total over these organisations; `near` are those of which everything is shown. Two queries.

    A cell is looked at beside all cells of its committee, whichever of them are asked for.
    """
    asked = {span.org_id: span.parent_id for span in spans if is_cell(span.kind) and span.org_id not in near}
    beside = PartyOrgSpan.objects.current(on).filter(
        parent__in=set(asked.values()) - {None}, kind__in=CELL_KINDS
    )
    above = dict(beside.values_list("org", "parent")) | asked
    groups: dict[tuple[int, int | None], dict[int, int]] = defaultdict(dict)
    rows = of_year(year).filter(kind__persons=True, is_stated=False, org__in=list(above))
    for org_id, kind_id, number in rows.values_list("org", "kind", "number"):
        groups[kind_id, above[org_id]][org_id] = number or 0
    found = Hidden()
    for (kind_id, _parent), numbers in groups.items():
        hidden = hidden_among(numbers) & asked.keys()
        found.counts |= {(org_id, kind_id) for org_id in hidden}
        if len(hidden) == 1:
            found.totals.add(kind_id)
    return found
