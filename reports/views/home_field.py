"""The cadre's part of the home page: what is due this month, answers to tell, places followed, what was sent up."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.expressions import OrderBy
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import ngettext, pgettext

from assignments.covering import covers_of, followed_by
from assignments.models import Petition, Plan, Promise, Visit
from assignments.models.petition import OPEN
from assignments.owed import Due, Progress, dues
from assignments.periods import open_months
from assignments.points import in_force
from assignments.teams import own_teams
from assignments.topics import AssignmentRole, PetitionState, PlanState, VisitKind, VisitState
from assignments.views.petitions import table_rows
from portal.dates import first_of_month, next_month
from portal.models import PartyOrgSpan, Place
from portal.orgs import OrgNames
from portal.places import Names, forebears, within_any

MOST_PLACES, MOST_SENT, MOST_PROMISES, MOST_POINTS = 20, 5, 10, 5
# A page of a phone holds no more of them beside what is due; the others are one tap away.
MOST_NEWS = 3
HAVE_AN_ANSWER = frozenset({PetitionState.ANSWERED, PetitionState.CONFIRMED, PetitionState.CLOSED})


@dataclass(frozen=True)
class Task:
    """One line of the month: `days` are left until `by`; a done one says on what it rests."""

    label: str
    hint: str
    by: date
    days: int
    url: str
    verb: str
    progress: str = Progress.NOT_DUE


def field_part(request: HttpRequest, today: date) -> dict[str, Any] | None:
    """Nothing for who neither follows places nor enters for somebody who does."""
    authors = list(request.reach.authors())
    if not authors:
        return None
    keys = [cadre.pk for cadre in authors]
    plans = list(_plans(keys, today))
    tasks = [*_meetings(keys, plans, today), *_planned(plans, today), *_promises(keys, today)]
    done = [task for task in tasks if task.progress in (Progress.DONE, Progress.EXCUSED)]
    waiting = sorted((task for task in tasks if task not in done), key=lambda task: (task.days, task.label))
    own = request.reach.petitions().filter(raised_by__in=keys)
    followed, news = _followed(request, keys, today), _news(request)
    return {
        "waiting": waiting,
        "done": done,
        "number": len(tasks),
        "late_number": sum(task.days < 0 for task in waiting),
        "excused_number": sum(task.progress == Progress.EXCUSED for task in done),
        "news": news[:MOST_NEWS],
        "news_number": next((told.number for told in request.reach.notices if told.kind == "answers"), 0),
        "only_answers": all(_is_answered(row["petition"]) for row in news),
        "in_charge": _in_charge(request, today),
        "points": list(
            request.reach.points().filter(pk__in=in_force(today)).order_by("until", "pk")[:MOST_POINTS]
        ),
        "followed": followed,
        "teams": own_teams(keys, today),
        "others": len(followed) - 1,
        "sent": table_rows(
            request,
            list(request.reach.reading_texts(own).order_by(_unkept(today), "-day", "-pk")[:MOST_SENT]),
        ),
        "sent_number": own.count(),
        "leaders": [cadre.full_name for cadre in authors if cadre != request.reach.cadre],
    }


# Due this month --------------------------------------------------------------------------------------


def _meetings(keys: Sequence[int], plans: list[Plan], today: date) -> list[Task]:
    """What the norms ask for; a visit planned for it stands in the same line and no second time."""
    owed = dues(keys, open_months(today), today)
    names = Names([due.place_id for due in owed])
    tasks = []
    for due in owed:
        task = _meeting(due, names, today)
        alike = [plan for plan in plans if _is_for(plan, due)]
        coming = [plan for plan in alike if plan.state == PlanState.PLANNED and plan.day >= today]
        if coming and due.progress == Progress.NOT_DUE:
            task = _with_plan(task, coming[0], today)
            plans.remove(coming[0])
        for plan in alike:
            if plan.state == PlanState.DONE:
                plans.remove(plan)
        tasks.append(task)
    return tasks


def _is_for(plan: Plan, due: Due) -> bool:
    asked = (due.cadre_id, due.place_id, due.kind, due.month)
    return (plan.cadre_id, plan.place_id, plan.kind, first_of_month(plan.day)) == asked


def _with_plan(task: Task, plan: Plan, today: date) -> Task:
    planned = pgettext("plan", "planned for %(day)s") % {"day": f"{plan.day:%d/%m/%Y}"}
    return replace(
        task,
        hint=f"{task.hint}, {planned}",
        url=_log_url(plan) if plan.day <= today else reverse("assignments:plan", args=[plan.uuid]),
        verb=pgettext("button", "Log it") if plan.day <= today else pgettext("button", "Open"),
    )


def _plans(keys: Sequence[int], today: date) -> QuerySet[Plan]:
    """Late ones of whatever month, and this month's; the dropped ones are no task any more."""
    first = first_of_month(today)
    rows = Plan.objects.filter(cadre__in=keys, day__lt=next_month(first))
    return rows.filter(Q(state=PlanState.PLANNED) | Q(state=PlanState.DONE, day__gte=first)).order_by(
        "day", "pk"
    )


def _planned(plans: Sequence[Plan], today: date) -> list[Task]:
    names = Names([plan.place_id for plan in plans])
    return [
        Task(
            label=f"{plan.get_kind_display()}, {names.on(plan.place_id, plan.day)}",
            hint=plan.purpose.rstrip(".") or pgettext("plan", "Planned visit"),
            by=plan.day,
            days=(plan.day - today).days,
            url=_log_url(plan) if plan.day <= today else reverse("assignments:plan", args=[plan.uuid]),
            verb=pgettext("button", "Log it") if plan.day <= today else pgettext("button", "Open"),
            progress=Progress.DONE if plan.state == PlanState.DONE else Progress.NOT_DUE,
        )
        for plan in plans
    ]


def _log_url(plan: Plan) -> str:
    return f"{reverse('assignments:visit_new')}?plan={plan.uuid}"


def _meeting(due: Due, names: Names, today: date) -> Task:
    last = date.fromordinal(next_month(due.month).toordinal() - 1)
    kind = VisitKind(due.kind)
    often = ngettext("Once a month", "%(n)s times a month", due.owed) % {"n": due.owed}
    month = pgettext("visit", "month %(number)s") % {"number": due.month.month}
    return Task(
        label=f"{kind.label}, {names.on(due.place_id, last)}",
        hint=f"{often}, {month}",
        by=last,
        days=(last - today).days,
        url=f"{reverse('assignments:visit_new')}?{urlencode({'place': due.place_id, 'kind': due.kind})}",
        verb=pgettext("button", "Log it"),
        progress=due.progress,
    )


def _promises(keys: Sequence[int], today: date) -> list[Task]:
    """What was promised with a day that falls in this month or has passed."""
    rows = (
        Promise.objects.filter(
            visit__persons__cadre__in=keys,
            visit__state=VisitState.RECORDED,
            kept_on=None,
            due__lt=next_month(today.replace(day=1)),
        )
        .select_related("visit")
        .order_by("due", "pk")
        .distinct()[:MOST_PROMISES]
    )
    promises = list(rows)
    names = Names([row.visit.place_id for row in promises])
    return [
        Task(
            label=row.text or pgettext("visit", "Come back"),
            hint=pgettext("visit", "Promised on %(day)s, %(place)s")
            % {"day": f"{row.visit.day:%d/%m/%Y}", "place": names.on(row.visit.place_id, today)},
            by=row.due,
            days=(row.due - today).days,
            url=reverse("assignments:visit", args=[row.visit.uuid]),
            verb=pgettext("button", "Open"),
        )
        for row in promises
    ]


# Answers, places ---------------------------------------------------------------------------------------


def _news(request: HttpRequest) -> list[dict[str, Any]]:
    rows = request.reach.petitions().filter(news_for=request.user).select_related("leader")
    found = table_rows(
        request, list(request.reach.reading_texts(rows).order_by("-answered_on", "-pk")[:MOST_SENT])
    )
    return [row | {"text": row["text"].rstrip(".")} for row in found]


def _is_answered(petition: Petition) -> bool:
    """One returned or awaiting a direction is news as well, though nothing to tell the people yet."""
    return (petition.leader or petition).state in HAVE_AN_ANSWER


def _in_charge(request: HttpRequest, today: date) -> list[dict[str, Any]]:
    """Reminded twice in vain, in what this person is in charge of: a person moves it to another level, no rule does."""
    roots = {
        row.place_id
        for row in request.reach.own_assignments
        if row.place_id and row.role == AssignmentRole.IN_CHARGE
    }
    if not roots:
        return []
    within = forebears(within_any(roots, today), today)
    rows = request.reach.petitions().reminded_in_vain().filter(place__in=within)
    return table_rows(request, list(request.reach.reading_texts(rows).order_by("due", "pk")[:MOST_SENT]))


def _unkept(today: date) -> OrderBy:
    """First those whose answer the people were told to expect by a day that has passed."""
    return Case(When(OPEN & Q(expected__lt=today), then=0), default=1).asc()


def _followed(request: HttpRequest, keys: Sequence[int], today: date) -> list[dict[str, Any]]:
    """Each thing followed with the last visit there, what was promised then, and open recommendations."""
    rows = list(followed_by(keys, today).select_related("cadre").order_by("since", "pk"))
    orgs = {row.org_id for row in rows if row.org_id}
    sits = dict(PartyOrgSpan.objects.current(today).filter(org__in=orgs).values_list("org", "place"))
    seats = {row.pk: row.place_id or sits.get(row.org_id) for row in rows}
    last = _last_visits({seat for seat in seats.values() if seat}, keys)
    open_there = _open_petitions(request, set(last) | {seat for seat in seats.values() if seat})
    names, org_names = Names(seats.values()), OrgNames(orgs)
    others = [row.pk for row in rows if row.cadre_id not in keys]
    covered = {key: found[0] for key, found in covers_of(others, today).items()} if others else {}
    return [
        {
            "label": org_names.on(row.org_id, today) if row.org_id else names.on(row.place_id, today),
            "place_id": seats[row.pk],
            "last": last.get(seats[row.pk]),
            "open": open_there.get(seats[row.pk], 0),
            "covered": covered.get(row.pk),
            "leader": row.cadre.full_name,
        }
        for row in rows[:MOST_PLACES]
    ]


def _last_visits(place_ids: set[int], keys: Sequence[int]) -> dict[int, Visit]:
    newest = (
        Visit.objects.filter(place=OuterRef("pk"), state=VisitState.RECORDED, persons__cadre__in=keys)
        .order_by("-day", "-pk")
        .values("pk")[:1]
    )
    places = Place.objects.filter(pk__in=place_ids).annotate(newest=Subquery(newest))
    visits = Visit.objects.filter(pk__in=[place.newest for place in places if place.newest])
    return {visit.place_id: visit for visit in visits.prefetch_related("promises")}


def _open_petitions(request: HttpRequest, place_ids: set[int]) -> dict[int, int]:
    rows = request.reach.petitions().filter(place__in=place_ids).open()
    return dict(rows.order_by().values_list("place").annotate(number=Count("pk")))
