"""What the record says beside the criteria of a review: meetings, tasks, work, recommendations, the year before.

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
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assignments.fact_words import FactForm
from assignments.facts import facts_record
from assignments.meeting_records import MeetingRecord, meeting_record
from assignments.meeting_scores import Quality
from assignments.models import OrgFact, Petition, Visit
from assignments.topics import Attendance, PetitionState, VisitKind, VisitState
from assignments.work import WorkTally, work_record
from portal.models import PartyOrgCount
from portal.places import within_any
from reports.models import Evaluation, Review
from reports.standing import end_of

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
    """`seat` is where the organisation sits at the end of the year. A dozen questions, whatever is recorded."""
    year, org = review.round.year, review.org_id
    record = meeting_record([org], year, today)[org]
    return [
        *_meetings(record, org, year, today),
        *_attended_by_cadres(org, seat, year),
        *_work(work_record([org], year).get(org), org, year),
        *_petitions(seat, year),
        *_last(org, year, review.round.scheme.method),
        *_members(org, year),
        *_facts(org, year),
    ]


def _percent(value: Decimal) -> str:
    return f"{number_format(value, 1)}%"


def _meetings(record: MeetingRecord, org: int, year: int, today: date) -> list[Fact]:
    if not record.meetings and not record.without:
        return []
    month = min(today, end_of(year)).month
    url = reverse("assignments:cell_month", args=[org, year, month])
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
        mean = number_format(record.mean, 1)
        label = pgettext("evidence", "Quality of the meetings by month")
        facts.append(Fact(QUALITY, label, quality % {"mean": mean, "grades": grades}, url))
    if record.tasks_done is not None:
        label = pgettext("evidence", "Monthly tasks done")
        facts.append(Fact(TASKS, label, _percent(record.tasks_done), url))
    return facts


def _attended_by_cadres(org: int, seat: int | None, year: int) -> list[Fact]:
    """Cell meetings to which cadres who follow came, as they logged them."""
    rows = Visit.objects.filter(kind=VisitKind.CELL_MEETING, state=VisitState.RECORDED, day__year=year)
    rows = rows.filter(Q(org=org) | Q(org=None, place=seat)) if seat else rows.filter(org=org)
    number = rows.filter(persons__attendance=Attendance.ATTENDED).distinct().count()
    url = ""
    if seat:
        url = f"{reverse('assignments:visits')}?place={seat}&kind={VisitKind.CELL_MEETING}&since=01/01/{year}"
    label = pgettext("evidence", "Cell meetings attended by cadres who follow")
    return [Fact(MEETINGS, label, str(number), url)]


def _work(tally: WorkTally | None, org: int, year: int) -> list[Fact]:
    if tally is None or not tally.registered:
        return []
    told = pgettext(
        "evidence",
        "%(done)s of %(all)s done, %(above)s above requirement; %(on_time)s on time, %(late)s late",
    ) % {
        "done": tally.done, "all": tally.registered, "above": tally.above, "on_time": tally.on_time,
        "late": tally.late,
    }  # fmt: skip
    url = f"{reverse('assignments:work_items')}?owner=o{org}&year={year}"
    return [Fact(WORK, pgettext("evidence", "Work items"), told, url)]


def _petitions(seat: int | None, year: int) -> list[Fact]:
    """Raised where it sits or below: how they were answered measures those who answer, not the people."""
    if seat is None:
        return []
    inside = within_any([seat], end_of(year)).values("descendant")
    done = Q(state__in=[PetitionState.ANSWERED, PetitionState.CONFIRMED, PetitionState.CLOSED])
    counts = Petition.objects.filter(place__in=inside, day__year=year).aggregate(
        all=Count("pk"), answered=Count("pk", filter=done)
    )
    if not counts["all"]:
        return []
    told = pgettext("evidence", "%(all)s raised, %(answered)s answered") % counts
    url = f"{reverse('assignments:petitions')}?place={seat}"
    return [Fact(PETITIONS, pgettext("evidence", "Recommendations"), told, url)]


def _last(org: int, year: int, method: str) -> list[Fact]:
    before = Evaluation.objects.filter(org=org, year=year - 1).select_related("decree").first()
    facts = []
    if before:
        told = str(before.get_grade_display() if before.grade else before.get_left_out_display())
        told += f" ({before.decree.number})" if before.decree else ""
        facts.append(Fact(LAST, _("Grade of the year before"), told))
    review = Review.objects.filter(org=org, round__year=year - 1).exclude(defects="").first()
    if review:
        url = reverse("reports:review", args=[review.pk])
        label = pgettext("evidence", "Shortcomings named the year before, to be remedied")
        facts.append(Fact(LAST, label, review.defects[:400], url))
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
    return [
        Fact(FACTS, str(fact.kind.label), _said(fact), url)
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
