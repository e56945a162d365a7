"""What the record says beside the criteria of a review: meetings, tasks, work, recommendations, the grades before.

Live until a step is taken, which freezes it. Households' opinions never stand here, nor anything about discipline.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assignments.fact_words import FactForm
from assignments.facts import facts_record
from assignments.meeting_records import MeetingRecord, meeting_record
from assignments.meeting_scores import Quality
from assignments.models import OrgFact, Petition, Visit
from assignments.topics import Attendance, PetitionState, VisitKind, VisitState
from assignments.work import WorkTally, done_on_time, work_record
from portal.dates import in_figures
from portal.models import PartyOrgCount
from portal.places import within_any
from portal.templatetags.plain import cut, points
from reports.draft_texts import finished
from reports.graded_periods import QUARTERS, GradedPeriod
from reports.models import Evaluation, Review, ReviewState

# What a criterion may ask for; the keys stand in the rows of criteria.
MEETINGS, QUALITY, TASKS, WORK = "meetings", "quality", "cell_tasks", "work"
PETITIONS, LAST, MEMBERS, FACTS = "petitions", "last", "members", "facts"
KEYS = (MEETINGS, QUALITY, TASKS, WORK, PETITIONS, LAST, MEMBERS, FACTS)


@dataclass(frozen=True)
class Fact:
    """One line: what it is, what the record says, and the page that lists it (empty where none does)."""

    key: str
    label: str
    value: str
    url: str = ""


def evidence_of(review: Review, seat: int | None, today: date) -> list[Fact]:
    """`seat` is where the organisation sits at the end of the period. A dozen questions, whatever is recorded.

    Of a quarter only what its months hold; figures that are kept for a year or a term are no evidence of it.
    """
    period, org = review.round.period, review.org_id
    months = range(period.begin.month, period.end.month + 1)
    record = meeting_record([org], period.year, today, months)[org]
    tally = work_record([org], period.year, period.end).get(org)
    return [
        *_meetings(record, org, period, today),
        *_attended_by_cadres(org, seat, period),
        *_work(tally, org, period),
        *_petitions(seat, period),
        *_quarters(org, period),
        *_last(org, period),
        *_members(org, period.counted_year),
        *(_facts(org, period.year) if period.is_year else ()),
    ]


def _percent(value: Decimal) -> str:
    return f"{cut(value)}%"


def _meetings(record: MeetingRecord, org: int, period: GradedPeriod, today: date) -> list[Fact]:
    if not record.meetings and not record.without:
        return []
    met = [one.month for one in record.months if one.meeting is not None]
    # The page of the newest month with a meeting: that of today is often still empty.
    last = met[-1] if met else max(period.begin, min(today, period.end))
    url = reverse("assignments:cell_month", args=[org, last.year, last.month])
    held = pgettext(
        "evidence", "%(n)s meetings, %(thematic)s of them thematic; no meeting in %(without)s months"
    )
    told = held % {"n": record.meetings, "thematic": record.thematic, "without": len(record.without)}
    facts = [Fact(MEETINGS, pgettext("evidence", "Cell meetings held"), told, url)]
    if record.attendance is not None:
        label = pgettext("evidence", "Members present")
        facts.append(Fact(MEETINGS, label, _percent(record.attendance), url))
    if record.mean is not None:
        grades = ", ".join(f"{grade.label}: {record.graded(grade)}" for grade in Quality)
        quality = pgettext("evidence", "%(mean)s points on average (%(grades)s)")
        mean = points(record.mean)
        label = pgettext("evidence", "Quality of the meetings by month")
        facts.append(Fact(QUALITY, label, quality % {"mean": mean, "grades": grades}, url))
    if record.tasks_done is not None:
        label = pgettext("evidence", "Monthly tasks done")
        facts.append(Fact(TASKS, label, _percent(record.tasks_done), url))
    return facts


def _attended_by_cadres(org: int, seat: int | None, period: GradedPeriod) -> list[Fact]:
    """Cell meetings to which cadres who follow came, as they logged them."""
    days = (period.begin, period.end)
    rows = Visit.objects.filter(kind=VisitKind.CELL_MEETING, state=VisitState.RECORDED, day__range=days)
    rows = rows.filter(Q(org=org) | Q(org=None, place=seat)) if seat else rows.filter(org=org)
    number = rows.filter(persons__attendance=Attendance.ATTENDED).distinct().count()
    url = ""
    if seat:
        since = in_figures(period.begin)
        url = f"{reverse('assignments:visits')}?place={seat}&kind={VisitKind.CELL_MEETING}&since={since}"
        url += "" if period.is_year else f"&last={in_figures(period.end)}"
    label = pgettext("evidence", "Cell meetings attended by cadres who follow")
    return [Fact(MEETINGS, label, str(number), url)]


def _work(tally: WorkTally | None, org: int, period: GradedPeriod) -> list[Fact]:
    if tally is None or not tally.registered:
        return []
    told = pgettext(
        "evidence",
        "%(done)s of %(all)s done, %(above)s above requirement; %(on_time)s on time, %(late)s late",
    ) % {
        "done": tally.done, "all": tally.registered, "above": tally.above, "on_time": tally.on_time,
        "late": tally.late,
    }  # fmt: skip
    url = f"{reverse('assignments:work_items')}?owner=o{org}&year={period.year}"
    facts = [Fact(WORK, pgettext("evidence", "Work items"), told, url)]
    if tally.done:
        label = pgettext("evidence", "Work items done on time")
        share = Decimal(100 * (number := done_on_time(org, period.year, period.end))) / tally.registered
        told = pgettext("evidence", "%(part)s of %(whole)s (%(percent)s)")
        given = {"part": number, "whole": tally.registered, "percent": _percent(share)}
        facts.append(Fact(WORK, label, told % given, url))
    return facts


def _petitions(seat: int | None, period: GradedPeriod) -> list[Fact]:
    """Raised where it sits or below: how they were answered measures those who answer, not the people."""
    if seat is None:
        return []
    inside = within_any([seat], period.end).values("descendant")
    done = Q(state__in=[PetitionState.ANSWERED, PetitionState.CONFIRMED, PetitionState.CLOSED])
    counts = Petition.objects.filter(place__in=inside, day__range=(period.begin, period.end)).aggregate(
        all=Count("pk"), answered=Count("pk", filter=done)
    )
    if not counts["all"]:
        return []
    told = pgettext("evidence", "%(all)s raised, %(answered)s answered") % counts
    url = f"{reverse('assignments:petitions')}?place={seat}"
    return [Fact(PETITIONS, pgettext("evidence", "Recommendations"), told, url)]


def _outcome(found: Evaluation) -> str:
    told = str(found.get_grade_display() if found.grade else found.get_left_out_display())
    return f"{told} ({found.decree.number})" if found.decree else told


def _years(org: int) -> str:
    """The page that sets the grades of the years side by side, each with its document."""
    return reverse("reports:org_years", args=[org])


def _quarters(org: int, period: GradedPeriod) -> list[Fact]:
    """Beside the year the grades of its quarters: those that were told to the organisation, or have no review here."""
    if not period.is_year:
        return []
    rows = Evaluation.objects.filter(org=org, year=period.year, quarter__in=QUARTERS).select_related("decree")
    reviews = Review.objects.filter(org=org, round__year=period.year, round__quarter__in=QUARTERS)
    untold = set(reviews.exclude(state=ReviewState.ANNOUNCED).values_list("round__quarter", flat=True))
    told = {one.quarter: one for one in rows if one.quarter not in untold}
    label = pgettext("evidence", "Grade of %(quarter)s")
    return [
        Fact(LAST, label % {"quarter": told[number].period.words}, _outcome(told[number]), _years(org))
        for number in sorted(told)
    ]


def _last(org: int, period: GradedPeriod) -> list[Fact]:
    """Of the period before of the same kind. A quarter follows at once: what is not announced yet is not told."""
    last = period.before
    before = Evaluation.objects.of(last).filter(org=org).select_related("decree").first()
    review = Review.objects.of(last).filter(org=org).first()
    is_told = period.is_year or review is None or review.state == ReviewState.ANNOUNCED
    label = _("Grade of the year before")
    named = pgettext("evidence", "Shortcomings named the year before, to be remedied")
    if not period.is_year:
        label = pgettext("evidence", "Grade of the quarter before")
        named = pgettext("evidence", "Shortcomings named the quarter before, to be remedied")
    facts = [Fact(LAST, label, _outcome(before), _years(org))] if before and is_told else []
    if review and finished(review.defects):
        url = reverse("reports:review", args=[review.pk])
        facts.append(Fact(LAST, named, review.defects[:400], url))
    return facts


def _members(org: int, year: int) -> list[Fact]:
    count = PartyOrgCount.objects.filter(org=org, year__lte=year).order_by("-year").first()
    if count is None:
        return []
    told = pgettext("evidence", "%(members)s at the end of %(year)s, %(exempt)s exempt, %(away)s away") % {
        "members": count.members, "year": str(count.year), "exempt": count.exempt, "away": count.away,
    }  # fmt: skip
    return [Fact(MEMBERS, _("Number of members"), told, reverse("portal:org", args=[org]))]


def _facts(org: int, year: int) -> list[Fact]:
    record = facts_record([org], year).get(org)
    url = f"{reverse('assignments:org_facts', args=[org])}?year={year}"
    # Beside what the portal counted itself, such as thematic meetings: the two need not agree.
    stated = pgettext("evidence", "%(fact)s (as stated in the sheet of figures)")
    return [
        Fact(FACTS, stated % {"fact": fact.kind.label}, _said(fact), url)
        for fact in (record.own.values() if record else ())
    ]


def _said(fact: OrgFact) -> str:
    if fact.kind.form == FactForm.YES_NO:
        return pgettext("evidence", "yes") if fact.number else pgettext("evidence", "no")
    return fact.text if fact.number is None else str(fact.number)


def by_key(facts: Sequence[Fact]) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = {key: [] for key in KEYS}
    for fact in facts:
        found[fact.key].append(fact)
    return found


# Frozen ------------------------------------------------------------------------------------------------


def frozen(facts: Sequence[Fact]) -> tuple[list[dict[str, str]], str]:
    """As a step keeps it: canonical, with its SHA-256."""
    rows = [asdict(fact) for fact in facts]
    text = json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return rows, hashlib.sha256(text.encode()).hexdigest()


def thawed(rows: Sequence[dict[str, str]] | None) -> list[Fact]:
    return [Fact(**row) for row in rows or ()]
