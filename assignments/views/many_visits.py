"""Several visits on one page: what is due and planned stands in it already, the rest is typed or pasted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from assignments.actions import visits as deeds
from assignments.forms.many_visits import MOST_ROWS, Grouped, ManyForm, VisitRow, read_lines
from assignments.models import Cadre, Duty
from assignments.owed import Progress, dues
from assignments.planned import meetings_followed
from assignments.topics import PlanState, VisitKind
from assignments.twins import logged_alike
from assignments.views.visit_choices import Offer
from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.dates import first_of_month, in_figures, next_month
from portal.models import Place
from portal.permissions import Permission

Posted = Mapping[str, Any]


@dataclass
class Table:
    """What all rows of the page share, asked for once."""

    places: Grouped
    duties: Sequence[Duty]

    def row(self, number: int, posted: Posted | None = None, known: dict[str, Any] | None = None) -> VisitRow:
        row = VisitRow(posted, prefix=f"row{number}", initial=known, places=self.places, duties=self.duties)
        row.number = number + 1
        return row

    def shown(self, row: VisitRow) -> VisitRow:
        """A row that was left out shows what stands in it, without a word on what it lacks."""
        if not row.is_bound or row.is_begun:
            return row
        posted = {name: value for name in row.fields if (value := row[name].value()) not in (None, "")}
        return self.row(row.number - 1, known=posted if "uuid" in posted else None)


@needs(Permission.VISIT_LOG, Permission.VISIT_LOG_FOR)
def many(request: HttpRequest) -> HttpResponse:
    """GET fills in what is due; POST stores each right row once and shows the others again, or reads pasted lines."""
    offer = Offer(request, None, timezone.localdate())
    duties = [duty for duty in offer.duties() if duty.writes]
    table = Table([group for group in offer.places() if group[1]], duties)
    if request.method != "POST":
        head = ManyForm(authors=offer.authors)
        known = _known(request, offer, {key for _name, rows in table.places for key, _label in rows})
        rows = [table.row(number, known=known.get(number)) for number in range(MOST_ROWS)]
        return _page(request, head, table, rows)
    head = ManyForm(request.POST, authors=offer.authors)
    if "read" in request.POST:
        return _read(request, head, table)
    return _stored(request, head, table)


def _known(request: HttpRequest, offer: Offer, offered: set[int]) -> dict[int, dict[str, Any]]:
    """Late and present plans, then the meetings still owed this month and last; each place and kind once."""
    today, cadres = offer.day, [cadre.pk for cadre in offer.authors[:1]]
    plans = request.reach.own_plans().filter(cadre__in=cadres, state=PlanState.PLANNED, day__lte=today)  # type: ignore[attr-defined]
    found: dict[tuple[int, str], date | None] = {}
    for plan in plans.exclude(kind=VisitKind.HOUSEHOLD_VISIT).order_by("day", "pk")[:MOST_ROWS]:
        found.setdefault((plan.place_id, plan.kind), plan.day)
    month = first_of_month(today)
    usual = {
        meeting.place_id: meeting.day
        for meeting in meetings_followed(cadres, month, min(next_month(month), _after(today)), today)
    }
    for due in dues(cadres, [month], today):
        if due.progress == Progress.NOT_DUE:
            day = usual.get(due.place_id) if due.kind == VisitKind.CELL_MEETING else None
            found.setdefault((due.place_id, due.kind), day)
    rows = [
        {"place": place, "kind": kind, "day": day} for (place, kind), day in found.items() if place in offered
    ]
    return dict(enumerate(rows[:MOST_ROWS]))


def _after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def _read(request: HttpRequest, head: ManyForm, table: Table) -> HttpResponse:
    """Begun rows stay; the lines take others, and those for which there is no row stay in the box."""
    lines = [line for line in request.POST.get("pasted", "").splitlines() if line.strip()]
    if not lines:
        head.add_error("pasted", pgettext("visit", "Copy the lines from Excel into this box first."))
    rows = {number: table.row(number, request.POST) for number in range(MOST_ROWS)}
    free = [number for number, row in rows.items() if not row.is_begun]
    # Empty rows first, then those in which no more stands than was due.
    free.sort(key=lambda number: bool(rows[number]["place"].value() or rows[number]["day"].value()))
    rest = lines[len(free) :]
    for number, fields in zip(free, read_lines(lines[: len(free)], table.places), strict=False):
        rows[number] = table.row(number, {f"row{number}-{name}": value for name, value in fields.items()})
    if lines:
        kept = {"author": request.POST.get("author", ""), "pasted": "\n".join(rest)}
        head = ManyForm(kept, authors=list(head.authors.values()))
    if rest:
        head.add_error(
            "pasted", _("There are more lines than rows. Save these first; the other lines stay in this box.")
        )
    return _page(request, head, table, list(rows.values()), is_read=bool(lines))


def _stored(request: HttpRequest, head: ManyForm, table: Table) -> HttpResponse:
    rows = [table.row(number, request.POST) for number in range(MOST_ROWS)]
    begun = [row for row in rows if row.is_begun]
    if not begun:
        head.add_error(None, _("Choose in at least one row whether the meeting was attended."))
    if not head.is_valid():
        return _page(request, head, table, rows)
    author = head.authors[head.cleaned_data["author"]]
    right = [row for row in begun if row.is_valid()]
    _warn_of_twins(author, right)
    places = Place.objects.in_bulk({row.cleaned_data["place"] for row in right})
    stored = {
        row.number
        for row in right
        if not row.errors and _log(request, row, row.content(author, places[row.cleaned_data["place"]]))
    }
    left = [row for row in rows if row.number not in stored]
    if stored:
        told = ngettext("%(n)s visit is recorded.", "%(n)s visits are recorded.", len(stored))
        messages.success(request, told % {"n": len(stored)})
    if not any(row.is_begun for row in left) and not head.cleaned_data["pasted"]:
        return redirect("assignments:visits")
    return _page(request, head, table, left)


def _log(request: HttpRequest, row: VisitRow, content: dict[str, Any]) -> bool:
    try:
        deeds.log_visit(by=request.user, **content)
    except RuleBroken as broken:
        told = pgettext("visit", "Row %(n)s: %(text)s")
        row.add_error(None, [told % {"n": row.number, "text": text} for text in broken.messages])
        return False
    return True


def _warn_of_twins(author: Cadre, rows: Sequence[VisitRow]) -> None:
    """The same day, kind and place twice is asked about, whether it stands in the portal already or above."""
    keys = [row.cleaned_data["uuid"] for row in rows]
    there = logged_alike(author.pk, {row.cleaned_data["day"] for row in rows}, but=keys)
    for row in rows:
        chosen = row.cleaned_data
        mark = (chosen["day"], chosen["kind"], chosen["place"])
        if mark in there and not chosen["sure"]:
            row.is_alike = True
            row.add_error(
                "sure",
                pgettext("warning", "A similar visit was logged on %(date)s. Look at it before saving.")
                % {"date": in_figures(chosen["day"])},
            )
        there.add(mark)


def _page(
    request: HttpRequest, head: ManyForm, table: Table, rows: Sequence[VisitRow], *, is_read: bool = False
) -> HttpResponse:
    """A row that was left out is no mistake. What is wrong in the others is said with the number of the row."""
    rows = [table.shown(row) for row in rows]
    wrong = [row for row in rows if row.is_bound and row.is_begun]
    for row in wrong:
        for form in (row, row.request):
            for name in set(form.errors) & set(form.fields):
                told = {"n": row.number, "label": form[name].label}
                form[name].label = pgettext("visit", "Row %(n)s, %(label)s") % told
    said = [form for row in wrong for form in (row, row.request)]
    context = {"head": head, "rows": rows, "wrong": said, "is_read": is_read}
    return TemplateResponse(request, "assignments/many_visits.html", context)
