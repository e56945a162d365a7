"""The two letters of reminder: what each says for whoever asks, and its Word file, ready to be numbered and signed.

As papers with a preview, a PDF and a number they are drawn up and issued like all others (`reports/views/papers.py`).
"""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import override

from assignments.deadlines import days_off, working_days_left
from assignments.views.petition_reminders import handed_over, late_rows, which_reminder
from portal.access import needs
from portal.actions.looks import download_list
from portal.documents.pdf import TemplateBroken
from portal.documents.word import document_response
from portal.lookup import AgencyNames
from portal.models import Agency
from portal.permissions import Permission
from reports.documents.evaluation_letter import evaluation_letter
from reports.documents.office import as_docx, letter_frame, proposed, values
from reports.documents.reminder_letter import reminder_letter
from reports.documents.written import Written
from reports.models import Round, RoundState
from reports.paper_kinds import Layout
from reports.review_lists import BEFORE, RoundSteps
from reports.standing import Line, table_of
from reports.views.round_steps import decidable, judged

SIGNER = "[Họ và tên người ký]"


def reminder_of(request: HttpRequest, agency: Agency, place_id: int | None = None) -> Written | None:
    """Of what is late with the body within this desk's reach, or within one place of it; none where nothing is."""
    today, off = request.reach.on, days_off()
    late = late_rows(request, agency, today, place_id)
    if not late:
        return None
    rows = [(row, handed_over(row), -working_days_left(row.due, today, off)) for row in late if row.due]
    name = AgencyNames([agency.pk]).on(agency.pk, today)
    return reminder_letter(rows, agency=name, today=today, reminder=which_reminder(late))


def urging_of(request: HttpRequest, round: Round) -> Written | None:
    """Of whoever has the step still to take at which the round stands; none where nobody has.

    To those whom this office judges: a committee writes no letter to itself.
    """
    steps = RoundSteps(round, [Line(**line) for line in table_of(round)["lines"]])
    here = next((step for step in steps.steps() if step.is_here), None)
    if here is None or here.name not in BEFORE or round.state == RoundState.LOCKED:
        return None
    steps = steps.among(judged(request, round, Permission.APPRAISE))
    return evaluation_letter(round, steps, here, today=request.reach.on) if steps.waiting(here.name) else None


@needs(Permission.PETITION_DESK)
def reminder_word(request: HttpRequest, pk: int) -> HttpResponse:
    roots = sorted(request.reach.roots(Permission.PETITION_DESK))
    with override("vi"):
        told = reminder_of(request, get_object_or_404(Agency, pk=pk))
    if told is None:
        raise Http404
    place_id = roots[0] if len(roots) == 1 else 0
    answer = _word(request, told, Layout.STATE, place_id, "cong-van-don-doc.docx")
    if answer is None:
        return redirect("assignments:late_body", pk=pk)
    download_list(what="reminder_letter", purpose="letter", rows=_rows(told), by=request.user)
    return answer


@needs(Permission.GRADE_DECIDE)
def round_letter(request: HttpRequest, pk: int) -> HttpResponse:
    found = decidable(request, pk)
    with override("vi"):
        told = urging_of(request, found)
    if told is None:
        raise Http404
    answer = _word(request, told, Layout.PARTY, found.place_id, "cong-van-don-doc-danh-gia.docx")
    if answer is None:
        return redirect("reports:round", pk=pk)
    about = {"what": "evaluation_letter", "purpose": "letter", "place_id": found.place_id}
    download_list(**about, rows=_rows(told), by=request.user)
    return answer


def _rows(told: Written) -> int:
    return sum(len(sheet.rows) for sheet in told.sheets)


def _word(request: HttpRequest, told: Written, layout: str, place_id: int, name: str) -> HttpResponse | None:
    """With the frame that is proposed, number and signature left to the office; none where its layout is broken."""
    with override("vi"):
        frame = proposed(layout, place_id, request.reach.on, told.symbol) | letter_frame(layout)
        typed = {**frame, "number": "", "signer": SIGNER, "issued_on": request.reach.on}
        given = values(told, typed, layout=layout, draft=False, footer="")
    try:
        return document_response(name, as_docx(given, layout))
    except TemplateBroken as broken:
        text = _("The layout cannot be used: %(why)s Tell the steward.")
        messages.error(request, text % {"why": broken})
        return None
