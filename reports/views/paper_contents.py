"""What a paper says for whoever asks: each from the lists of its own page, as far as they are in reach."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import pgettext

from assignments.coverage import assignments_in
from assignments.exports.cell_meetings import list_lines, total_of
from assignments.models import Assignment, Petition, VisitPerson
from assignments.topics import DutyGroup, VisitKind, VisitState
from assignments.views.meeting_list import month_cells
from assignments.views.narrowing import below
from assignments.views.petitions import table_rows as petition_rows
from assignments.views.roster import lines
from assignments.views.visits import table_rows as visit_rows
from portal.dates import ONE_DAY
from portal.models import Agency, Place
from portal.places import existed, last_day_on_map
from portal.templatetags.plain import number
from reports.closed_figures import closed_for
from reports.documents.ceiling import ceiling_paper
from reports.documents.commendations import commendation_list
from reports.documents.levels import grades_summary
from reports.documents.listings import assignment_list, meeting_list, recommendation_summary, visit_book
from reports.documents.naming import now_called, place_name
from reports.documents.results import results_report
from reports.documents.reviews import collective_report, evaluation_sheet, results_notice
from reports.documents.written import Column, Figure, Sheet, Written
from reports.models import CadreRound, Review, Round
from reports.paper_kinds import PaperKind
from reports.periods import Period
from reports.reviewed import before_the_notice, told_of
from reports.rollup import DONE, OVERDUE, STILL_OPEN, Frame, duties_ticked, support
from reports.standing import end_of
from reports.views.board import Board, Cell, Line
from reports.views.letters import reminder_of, urging_of
from reports.views.review_page import rights_of, rounds_over


@dataclass(frozen=True)
class Asked:
    """`place_id` is that of the round where one is asked for, and the cadre's own for own papers.

    `review` is that of one organisation, by which the paper is framed as well.
    """

    place_id: int
    day: date
    period: Period
    round: Round | CadreRound | None = None
    review: Review | None = None
    body: Agency | None = None


def written(request: HttpRequest, kind: str, asked: Asked) -> Written | None:
    """None where a letter has nobody to remind."""
    return WRITERS[PaperKind(kind)](request, asked)


def _assigned(request: HttpRequest, asked: Asked) -> Written:
    on, today = asked.day, request.reach.on
    rows = assignments_in(below(asked.place_id, on), on).filter(
        pk__in=request.reach.assignments(on).values("pk")
    )
    found: list[Assignment] = list(
        rows.select_related("cadre").order_by("cadre__sort_key", "cadre", "role", "pk")
    )
    now = now_called([row.place_id for row in found], on, today)
    cells = [
        [
            line.cadre.full_name,
            line.title,
            line.workplace,
            "; ".join(name + now.get(row.place_id or 0, "") for name, _url, row in line.links),
            line.cadre.phone,
            line.remark,
        ]
        for line in lines(found, on)
    ]
    return assignment_list(place_name(asked.place_id, on, today), on, cells)


def _recommendations(request: HttpRequest, asked: Asked) -> Written:
    today, period = request.reach.on, asked.period
    rows = request.reach.reading_texts(request.reach.petitions())
    rows = rows.filter(day__gte=period.since, day__lt=period.until)
    on = last_day_on_map(asked.place_id, today)
    found: list[Petition] = list(rows.filter(place__in=below(asked.place_id, on)).order_by("day", "pk"))
    cells = [
        [
            row["text"] or str(row["petition"]),
            row["place"],
            row["petition"].day,
            row["body"],
            row["petition"].due,
            (row["leader"] or row["petition"]).get_answer_display() or row["petition"].get_state_display(),
        ]
        for row in petition_rows(request, found)
    ]
    return recommendation_summary(place_name(asked.place_id, on, today), period.name, cells)


def _visits(request: HttpRequest, asked: Asked) -> Written:
    """Own visits only: a leader reads those of others in their lists."""
    cadre, period = request.reach.cadre, asked.period
    own = VisitPerson.objects.filter(cadre=cadre)
    found = request.reach.visits().filter(
        pk__in=own.values("visit"), state=VisitState.RECORDED, day__gte=period.since, day__lt=period.until
    )
    found = found.prefetch_related("persons__cadre", "duties__duty", "promises").order_by("day", "pk")
    visits = list(found)
    asked_for: dict[int, list[str]] = {}
    for petition in request.reach.petitions().filter(visit__in=visits).order_by("pk"):
        asked_for.setdefault(petition.visit_id or 0, []).append(str(petition))
    cells = [_visit(row, asked_for.get(row["visit"].pk, [])) for row in visit_rows(visits)]
    return visit_book(cadre.full_name if cadre else "", period.name, cells)


def _visit(row: dict[str, Any], asked_for: list[str]) -> list[Any]:
    visit = row["visit"]
    kept = [promise for promise in visit.promises.all() if promise.kept_on]
    persons = "; ".join(
        f"{one.cadre.full_name} ({one.get_attendance_display().lower()})" for one in row["persons"]
    )
    done = ", ".join(one.duty.code for one in visit.duties.all())
    if visit.nothing_new:
        done = str(visit._meta.get_field("nothing_new").verbose_name)
    outcome = pgettext("paper", "Promises kept: %(n)s") % {"n": len(kept)} if kept else ""
    return [
        visit.day,
        row["place"],
        f"{visit.get_kind_display()}. {persons}",
        done,
        ", ".join(asked_for),
        outcome,
    ]


def _meetings(request: HttpRequest, asked: Asked) -> Written:
    """The lines of the page of that month, and the name of the place on its last day, or today's while it runs."""
    today, month = request.reach.on, asked.period.since
    rows = month_cells(request, month, asked.place_id)
    on = min(asked.period.until - ONE_DAY, today)
    place = place_name(asked.place_id, on, today)
    return meeting_list(place, month, list(list_lines(rows, total_of(rows))))


def _ceiling(request: HttpRequest, asked: Asked) -> Written:
    assert isinstance(asked.round, Round)
    on = asked.round.period.end
    return ceiling_paper(asked.round, place_name(asked.round.place_id, on, request.reach.on))


def _grades(request: HttpRequest, asked: Asked) -> Written:
    assert isinstance(asked.round, Round)
    on = asked.round.period.end
    return results_notice(asked.round, place_name(asked.round.place_id, on, request.reach.on))


def _summary(request: HttpRequest, asked: Asked) -> Written:
    assert isinstance(asked.round, Round)
    on = asked.round.period.end
    return grades_summary(asked.round, place_name(asked.round.place_id, on, request.reach.on))


def _commended(request: HttpRequest, asked: Asked) -> Written:
    assert isinstance(asked.round, CadreRound)
    on = end_of(asked.round.year)
    return commendation_list(asked.round, place_name(asked.round.place_id, on, request.reach.on))


def _sheet(request: HttpRequest, asked: Asked) -> Written:
    assert asked.review is not None
    told = told_of([asked.review])[0]
    rights = rights_of(request, asked.review, rounds_over(asked.review))
    return evaluation_sheet(told if rights.judges or rights.sees_result else before_the_notice(told))


def _collective(request: HttpRequest, asked: Asked) -> Written:
    assert asked.review is not None
    return collective_report(told_of([asked.review])[0])


def _reminder(request: HttpRequest, asked: Asked) -> Written | None:
    assert asked.body is not None
    return reminder_of(request, asked.body, asked.place_id)


def _urging(request: HttpRequest, asked: Asked) -> Written | None:
    assert isinstance(asked.round, Round)
    return urging_of(request, asked.round)


def board_of(request: HttpRequest, asked: Asked) -> Board:
    """A report about a closed period tells its closed figures, so that every paper of it says the same."""
    today = request.reach.on
    life = existed(asked.place_id)
    ended = bool(life and life[1] and life[1] <= today)
    place = Place.objects.get(pk=asked.place_id)
    closed = closed_for(place, asked.period.since, asked.period.until, today)
    frame = Frame(
        place=place,
        since=asked.period.since,
        until=asked.period.until,
        restated=not ended and closed is None,
        today=today,
    )
    return Board(frame, asked.period, request.reach, closed)


def _results(request: HttpRequest, asked: Asked) -> Written:
    board = board_of(request, asked)
    place = place_name(asked.place_id, board.frame.name_day, request.reach.on)
    units = _units(board) if board.frame.units else None
    return results_report(place, asked.period.name, _figures(board), units)


def _figures(board: Board) -> dict[str, Figure]:
    whole, asked, way, pk = board.sum, board.total.asked, board.doors, board.pk

    def raised(*fates: str, state: str) -> Figure:
        return Figure(number(asked.of_fate(*fates)), way.raised(pk, "", state))

    told = {
        "attended": _figure(whole.attended),
        "owed": Figure(number(whole.owed)),
        "rate": Figure(whole.rate),
        "excused": _figure(whole.excused),
        "absent": _figure(whole.absent),
        "visits": _figure(whole.visits),
        "before": Figure(number(whole.before)),
        **_told(board),
        "raised": _figure(whole.raised),
        "answered": raised(DONE, state="answered"),
        "still_open": raised(STILL_OPEN, OVERDUE, state="open"),
        "late": raised(OVERDUE, state="overdue"),
        "open": _figure(whole.open),
        "overdue": _figure(whole.overdue),
    }
    for kind, cell in zip(VisitKind, whole.kinds, strict=True):
        if cell.number:
            told[f"kind: {kind.label}"] = _figure(cell)
    return told


def _told(board: Board) -> dict[str, Figure]:
    """Read from the visits themselves, so for those alone who may open all of them; dots for others."""
    names = ("grasp", "contribute", "check", "times", "amount", "days", "households")
    if not board.doors.visits_open:
        return dict.fromkeys(names, Figure("……"))
    ticked, helped = duties_ticked(board.frame), support(board.frame)
    counts = [ticked[DutyGroup.GRASP], ticked[DutyGroup.GIVE], ticked[DutyGroup.CHECK]]
    counts += [helped.times, helped.amount, helped.work_days, helped.households]
    return {name: Figure(number(count)) for name, count in zip(names, counts, strict=True)}


def _figure(cell: Cell) -> Figure:
    return Figure(pgettext("head", "Fewer than 5") if cell.few else number(cell.number), cell.url)


def _units(board: Board) -> Sheet:
    columns = [
        Column(pgettext("head", "No."), 2, "center"),
        Column(pgettext("territory", "Place"), 7),
        Column(pgettext("nav", "Visits"), 3, "right"),
        Column(pgettext("attendance", "Attended"), 3, "right"),
        Column(pgettext("head", "Due"), 3, "right"),
        Column(pgettext("head", "Rate (%)"), 3, "right"),
        Column(pgettext("dashboard", "Raised in the period"), 3, "right"),
        Column(pgettext("dashboard", "Open today"), 3, "right"),
        Column(pgettext("rec", "Overdue"), 3, "right"),
    ]
    rows = [[place, *_unit(line)] for place, line in enumerate(board.lines, 1)]
    rows.append(["", *_unit(board.sum)])
    title = pgettext("paper", "ANNEX: FIGURES BY UNIT")
    return Sheet(title, columns, rows, bold=[len(rows) - 1])


def _unit(line: Line) -> list[Any]:
    return [
        Figure(line.name, line.url),
        _figure(line.visits),
        _figure(line.attended),
        line.owed,
        line.rate,
        _figure(line.raised),
        _figure(line.open),
        _figure(line.overdue),
    ]


WRITERS: dict[PaperKind, Callable[[HttpRequest, Asked], Written | None]] = {
    PaperKind.ASSIGNED: _assigned,
    PaperKind.RECOMMENDATIONS: _recommendations,
    PaperKind.RESULTS: _results,
    PaperKind.VISIT_BOOK: _visits,
    PaperKind.CEILING: _ceiling,
    PaperKind.GRADES: _grades,
    PaperKind.SUMMARY: _summary,
    PaperKind.REVIEW: _sheet,
    PaperKind.COLLECTIVE: _collective,
    PaperKind.COMMENDED: _commended,
    PaperKind.MEETINGS: _meetings,
    PaperKind.REMINDER: _reminder,
    PaperKind.URGING: _urging,
}
