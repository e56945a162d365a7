"""Entering facts of party organisations: from the form of one, or many from a sheet. What is emptied goes, signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assignments.fact_words import FactForm, FactGrain
from assignments.facts import applies, day_of, span_in, term_of, terms_on
from assignments.models import FactKind, OrgFact, Term
from portal import audit
from portal.actions import trace
from portal.actions.deed import RuleBroken, action
from portal.models import Decree, PartyOrg, PartyOrgSpan, User
from portal.orgs import OrgNames
from portal.rules import freetext_problems
from portal.vietnamese import clean

Value = int | str | None
WRITTEN = ["number", "text", "term", "decree", "source", "entered_by", "entered_at"]
MOST, LONGEST_TEXT, LONGEST_SOURCE = 500_000, 80, 200
FIRST_YEAR = 2016
BATCH = 1000


@dataclass(frozen=True, slots=True, eq=False)
class FactEntry:
    """`value` is a whole number (1 and 0 for yes and no), a document's number, or None for what is not known."""

    org_id: int
    kind: FactKind
    year: int
    value: Value
    is_stated: bool = False
    decree: Decree | None = None
    source: str = ""


@action
def record_facts(*, entries: Sequence[FactEntry], by: User, source: Any = None) -> list[OrgFact | None]:
    """In the order of the entries; one audit line an organisation and year, which names the codes and no number."""
    years = {entry.year for entry in entries}
    terms = {year: terms_on(day_of(year)) for year in years}
    known = {
        (fact.org_id, fact.kind_id, fact.year, fact.is_stated): fact
        for fact in OrgFact.objects.filter(
            org__in={entry.org_id for entry in entries}, kind__in={entry.kind.pk for entry in entries}
        ).select_for_update()
    }
    names = OrgNames({entry.org_id for entry in entries})
    now, new, changed, gone = timezone.now(), [], [], []
    found: list[OrgFact | None] = []
    for entry in entries:
        span = span_in(names, entry.org_id, entry.year)
        fact = _fact(entry, span, terms[entry.year], by)
        old = known.get((fact.org_id, fact.kind_id, fact.year, fact.is_stated))
        if entry.value is None:
            gone += [old] if old else []
            found.append(None)
        elif old is None:
            fact.entered_at = now
            new.append(fact)
            found.append(fact)
        else:
            stood = trace.standing(old, WRITTEN)
            for name in ("number", "text", "term", "decree", "source", "entered_by"):
                setattr(old, name, getattr(fact, name))
            old.entered_at = now
            changed.append((old, stood))
            found.append(old)
    _write(new, changed, gone)
    _sign(entries, by)
    return found


def _write(new: list[OrgFact], changed: list[tuple[OrgFact, dict[str, Any]]], gone: list[OrgFact]) -> None:
    OrgFact.objects.bulk_create(new, batch_size=BATCH)
    OrgFact.objects.bulk_update([fact for fact, _stood in changed], WRITTEN, batch_size=BATCH)
    OrgFact.objects.filter(pk__in=[fact.pk for fact in gone]).delete()
    trace.made(new)
    for fact, stood in changed:
        trace.replaced(fact, stood)


def _sign(entries: Sequence[FactEntry], by: User) -> None:
    told: dict[tuple[int, int], set[str]] = {}
    for entry in entries:
        told.setdefault((entry.org_id, entry.year), set()).add(entry.kind.code)
    seats = dict(
        PartyOrgSpan.objects.filter(org__in={org_id for org_id, _year in told})
        .order_by("since")
        .values_list("org", "place")
    )
    audit.record_many(
        "record_facts",
        [
            (PartyOrg(pk=org_id), {"year": year, "codes": sorted(codes)})
            for (org_id, year), codes in told.items()
        ],
        by=by,
        place_ids=[seats.get(org_id) for org_id, _year in told],
    )


def _fact(entry: FactEntry, span: PartyOrgSpan | None, terms: dict[str, Term], by: User) -> OrgFact:
    kind = entry.kind
    if span is None:
        raise RuleBroken(_("This organisation did not exist in %(year)s.") % {"year": entry.year})
    if not applies(kind, span.kind, is_stated=entry.is_stated):
        told = {"fact": kind.label, "name": span.name}
        raise RuleBroken(pgettext("fact", "“%(fact)s” is not asked of %(name)s.") % told)
    if entry.value is not None and (problem := value_problem(kind, entry.value, is_stated=entry.is_stated)):
        raise RuleBroken(problem)
    if problems := freetext_problems(entry.source):
        raise RuleBroken(problems)
    term, year = None, entry.year
    if kind.grain == FactGrain.TERM:
        term = term_of(span.kind, terms, is_stated=entry.is_stated)
        if term is None:
            told = {"year": f"{entry.year}", "name": span.name}
            raise RuleBroken(pgettext("term", "No term is laid down for %(name)s in %(year)s.") % told)
        year = term.since.year
    text = entry.value if isinstance(entry.value, str) else ""
    return OrgFact(
        org_id=entry.org_id,
        kind=kind,
        year=year,
        term=term,
        is_stated=entry.is_stated,
        number=entry.value if isinstance(entry.value, int) else None,
        text=clean(text),
        decree=entry.decree,
        source=clean(entry.source)[:LONGEST_SOURCE],
        entered_by=by,
    )


def value_problem(kind: FactKind, value: int | str, *, is_stated: bool = False) -> str:
    """What is wrong with a value; empty where nothing is."""
    told = {"fact": kind.label}
    if kind.form == FactForm.TEXT:
        if not isinstance(value, str) or not any(sign.isdigit() for sign in value):
            return pgettext("fact", "“%(fact)s” takes the number of a document.") % told
        if len(clean(value)) > LONGEST_TEXT or freetext_problems(value):
            return pgettext("fact", "“%(fact)s” takes the number of a document only.") % told
    elif not isinstance(value, int) or not 0 <= value <= MOST:
        return pgettext("fact", "“%(fact)s” takes a whole number from 0 to 500,000.") % told
    elif kind.form == FactForm.YES_NO and not is_stated and value > 1:
        return pgettext("fact", "“%(fact)s” takes yes or no.") % told
    return ""
