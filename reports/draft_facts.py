"""What was counted of an organisation's year or quarter, as the draft of its self-assessment needs it.

Its own figures only. Small counts of persons are left out: the report is read above the commune too.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import pgettext

from assignments.cell_meetings import MEETING_KINDS
from assignments.fact_words import FactForm, FactGroup, small
from assignments.facts import facts_record
from assignments.meeting_records import meeting_record
from assignments.meeting_scores import TaskState
from assignments.models import CellTask, Petition
from assignments.topics import AnswerClass, PetitionState
from assignments.work import done_on_time, work_record
from portal.dates import next_month
from portal.models import PartyOrgCount, PartyOrgSpan
from portal.places import within_any
from portal.templatetags.plain import cut
from reports.draft_texts import PeriodFacts, names_defects
from reports.graded_periods import QUARTERS, GradedPeriod
from reports.models import Evaluation, Review, ReviewState

ANSWERED = (PetitionState.ANSWERED, PetitionState.CONFIRMED, PetitionState.CLOSED)


def period_facts(review: Review, seat: int | None, today: date) -> PeriodFacts:
    """A dozen questions, whatever is recorded."""
    period, org = review.round.period, review.org_id
    answers = list(review.suggestions.values_list("answer", flat=True))
    return PeriodFacts(
        period=period,
        is_over=today > period.end,
        **_meetings(org, period, today),
        **_tasks(org, period),
        **_work(org, period),
        **_petitions(seat, period),
        **_members(org, period),
        **_last(org, period),
        quarters_with_defects=_quarters(org, period),
        remedied=review.defects_remedied,
        suggested=len(answers),
        unanswered=sum(not answer for answer in answers),
    )


def _meetings(org: int, period: GradedPeriod, today: date) -> dict[str, Any]:
    spans = list(PartyOrgSpan.objects.filter(org=org).order_by("since"))
    months = range(period.begin.month, period.end.month + 1)
    record = meeting_record([org], period.year, today, months)[org]
    if not record.meetings or spans[-1].kind not in MEETING_KINDS:
        return {}
    since, until = spans[0].since, spans[-1].until
    without = [
        month.month
        for month in record.without
        if since <= month and (until is None or next_month(month) <= until)
    ]
    held = sum(one.meeting is not None for one in record.months)
    return {
        "due": held + len(without),
        "held": held,
        "meetings": record.meetings,
        "thematic": record.thematic,
        "without": tuple(without),
        "attendance": record.attendance,
        "mean": record.mean,
        "points": tuple((one.month.month, one.points) for one in record.months if one.points is not None),
    }


def _tasks(org: int, period: GradedPeriod) -> dict[str, Any]:
    """Counted as the evidence counts them; not judged yet is neither done nor left."""
    return CellTask.objects.filter(org=org, month__range=(period.begin, period.end)).aggregate(
        tasks=Count("pk"),
        tasks_done=Count("pk", filter=Q(state=TaskState.DONE)),
        tasks_doing=Count("pk", filter=Q(state=TaskState.DOING)),
        tasks_not_done=Count("pk", filter=Q(state=TaskState.NOT_DONE)),
    )


def _work(org: int, period: GradedPeriod) -> dict[str, Any]:
    tally = work_record([org], period.year, period.end).get(org)
    if tally is None:
        return {}
    return {
        "work": tally.registered, "work_done": tally.done, "work_above": tally.above,
        "work_on_time": tally.on_time, "work_late": tally.late, "work_silent": tally.silent,
    }  # fmt: skip


def known_shares(review: Review) -> dict[str, tuple[int, str]]:
    """By field of a review the whole percent, cut, that was counted of its tasks, and of what. Three questions.

    A later line of the same field takes the place of an earlier one. The months of a cell's tasks say nothing of time.
    """
    period, org = review.round.period, review.org_id
    tasks, work = _tasks(org, period), _work(org, period)
    items = work.get("work", 0)
    counted = [
        ("tasks_done", pgettext("evidence", "Work items"), work.get("work_done", 0), items),
        ("tasks_done", pgettext("evidence", "Monthly tasks done"), tasks["tasks_done"], tasks["tasks"]),
        (
            "tasks_on_time",
            pgettext("evidence", "Work items done on time"),
            done_on_time(org, period.year, period.end) if items else 0,
            items,
        ),
        (
            "tasks_above",
            pgettext("evidence", "Work items above requirement"),
            work.get("work_above", 0),
            items,
        ),
    ]
    told = pgettext("evidence", "%(label)s: %(part)s of %(whole)s (%(percent)s).")
    found = {}
    for name, label, part, whole in counted:
        if whole:
            share = Decimal(100 * part) / whole
            given = {"label": label, "part": part, "whole": whole, "percent": f"{cut(share)}%"}
            found[name] = (int(share), told % given)
    return found


def _petitions(seat: int | None, period: GradedPeriod) -> dict[str, Any]:
    if seat is None:
        return {}
    inside = within_any([seat], period.end).values("descendant")
    done = Q(state__in=ANSWERED)
    return Petition.objects.filter(place__in=inside, day__range=(period.begin, period.end)).aggregate(
        raised=Count("pk"),
        answered=Count("pk", filter=done),
        solved=Count("pk", filter=done & Q(answer=AnswerClass.SOLVED)),
    )


def _members(org: int, period: GradedPeriod) -> dict[str, Any]:
    """Facts of a year are told of the year only."""
    found: dict[str, Any] = {}
    if (
        count := PartyOrgCount.objects.filter(org=org, year__lte=period.counted_year)
        .order_by("-year")
        .first()
    ):
        found = {"members": count.members, "members_year": count.year}
    record = facts_record([org], period.year).get(org) if period.is_year else None
    counted = [
        (str(fact.kind.label), fact.number)
        for fact in (record.own.values() if record else ())
        if fact.kind.group == FactGroup.MEMBERS and fact.kind.form == FactForm.COUNT
        if fact.number is not None and not (fact.kind.persons and small(fact.number))
    ]
    return {**found, "counted": tuple(sorted(counted))}


def _quarters(org: int, period: GradedPeriod) -> tuple[str, ...]:
    if not period.is_year:
        return ()
    rows = Review.objects.filter(org=org, round__year=period.year, round__quarter__in=QUARTERS)
    found = rows.order_by("round__quarter").values_list("round__quarter", "defects")
    return tuple(GradedPeriod(period.year, number).words for number, text in found if names_defects(text))


def _last(org: int, period: GradedPeriod) -> dict[str, Any]:
    """The result as the organisation itself was told it; of its shortcomings only whether it named any."""
    review = Review.objects.of(period.before).filter(org=org).first()
    before = Evaluation.objects.of(period.before).filter(org=org).first()
    is_told = before is not None and (review is None or review.state == ReviewState.ANNOUNCED)
    return {
        "last_grade": str(before.get_grade_display()) if before and is_told and before.grade else "",
        "had_defects": review is not None and names_defects(review.defects),
    }
