"""Papers: which there are, one drawn up over a place and a period, and those that were issued."""

from typing import IO, Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from assignments.models import CadrePost
from assignments.views.narrowing import asked_place, place_choices
from assignments.views.petition_reminders import bodies_behind
from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.actions.looks import download_list, download_names
from portal.dates import in_figures
from portal.documents.pdf import PDF, TemplateBroken
from portal.documents.word import document_response
from portal.exports.tables import Footer, open_book, workbook_response
from portal.forms.purposes import Purpose
from portal.levels import ORDER, Level
from portal.models import Agency, Place
from portal.orgs import OrgNames
from portal.places import Names
from portal.vietnamese import sort_key
from portal.views.listing import listed
from reports import periods
from reports.actions.papers import download_paper, issue_paper, not_yet_issued
from reports.cadre_standing import decidable_rounds
from reports.documents.office import as_docx, as_pdf, letter_frame, number_of, proposed, values
from reports.documents.reviews import frame_of
from reports.documents.written import Box, Column, Figure, Heading, Sentence, Sheet, Written
from reports.forms.papers import ISSUE, PaperFilters, PaperForm
from reports.models import CadreRound, IssuedPaper, Review, Round, RoundState
from reports.paper_kinds import (
    EVERY_NEED,
    OF_A_ROUND,
    OF_RESULTS,
    TERMS,
    TIMED,
    Asks,
    PaperKind,
    Terms,
)
from reports.reviewed import told_of
from reports.reviews import readable
from reports.views.paper_contents import Asked, written


@needs(*EVERY_NEED)
def papers(request: HttpRequest) -> HttpResponse:
    kinds = [kind for kind in TERMS if _may_draw_up(request, kind)]
    page = listed(request, _issued(request), sorts={"day": ("issued_on",)}, default="-day")
    names = Names(row.place_id for row in page)
    rows = [(row, names.on(row.place_id, row.issued_on)) for row in page]
    return TemplateResponse(request, "reports/papers.html", {"kinds": kinds, "page": page, "rows": rows})


def _may_draw_up(request: HttpRequest, kind: PaperKind) -> bool:
    """Papers of a round and of its reviews are drawn up only where the evaluation is done."""
    terms = TERMS[kind]
    is_here = settings.EVALUATION_HERE or terms.asks not in {Asks.ROUND, Asks.REVIEW}
    return is_here and request.reach.may(terms.needs)


def _issued(request: HttpRequest) -> QuerySet[IssuedPaper]:
    """Of every kind those of the places whose papers this person may read; without their bytes."""
    rows = Q(pk__in=[])
    for kind, terms in TERMS.items():
        if terms.issues and request.reach.may(terms.reads):
            rows |= Q(kind=kind, place__in=request.reach.place_ids(terms.reads))
    return IssuedPaper.objects.filter(rows).select_related("issued_by").defer("content")


@needs(*EVERY_NEED)
def issued_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The very bytes that were issued."""
    paper = get_object_or_404(_issued(request), pk=pk)
    download_paper(paper=paper, by=request.user)
    return _file(f"{paper.number.replace('/', '-')}.pdf", bytes(paper.content), paper.content_type)


@needs(*EVERY_NEED)
def paper(request: HttpRequest, name: str) -> HttpResponseBase:
    if name not in PaperKind.values or not _may_draw_up(request, PaperKind(name)):
        raise Http404
    kind, terms = PaperKind(name), TERMS[PaperKind(name)]
    filters, asked = _asked(request, terms)
    with override("vi"):
        told = written(request, kind, asked) if asked else None
    if asked is None or told is None:
        # Another place or round can be chosen where nobody is late in this one.
        context = {"kind": kind, "trail": _trail(), "filters": filters if terms.is_urging and asked else None}
        return TemplateResponse(request, "reports/paper_none.html", {**context, "is_urging": terms.is_urging})
    with override("vi"):
        layout = filters.chosen_layout
        initial = proposed(layout, asked.place_id, request.reach.on, told.symbol)
        initial |= _own_frame(request) if terms.is_own else {}
        initial |= frame_of(told_of([asked.review])[0]) if asked.review else {}
        initial |= letter_frame(layout) if told.addressed else {}
    form = PaperForm(
        request.POST if request.method == "POST" else None,
        terms=terms,
        layout=layout,
        boxes=any(isinstance(part, Box) for part in told.parts),
        today=request.reach.on,
        initial={**initial, "issued_on": request.reach.on},
    )
    if form.is_valid() and (answer := _answer(request, kind, asked, told, form)):
        return answer
    may_issue = bool(terms.issues and request.reach.covers(asked.place_id, terms.issues))
    context = {
        "kind": kind,
        "filters": filters,
        "form": form,
        "told": told,
        "shown": [_shown(part) for part in [*told.parts, *told.annex]],
        "may_issue": may_issue,
        "held_back": _held_back(kind, asked) if may_issue else [],
        "trail": _trail(),
    }
    return TemplateResponse(request, "reports/paper.html", context)


def _held_back(kind: PaperKind, asked: Asked) -> list[str]:
    is_told = kind in OF_RESULTS and isinstance(asked.round, Round)
    return not_yet_issued(asked.round) if is_told else []


def _own_frame(request: HttpRequest) -> dict[str, str]:
    """What is kept for oneself has no number, and is signed by whoever keeps it."""
    name = request.reach.cadre.full_name if request.reach.cadre else ""
    post = pgettext("paper", "KEEPER OF THE BOOK")
    return {"symbol": "", "signed_for": "", "post": post, "signer": name, "recipients": "", "kept_by": ""}


def _trail() -> list[tuple[str, str]]:
    return [(pgettext("nav", "Papers"), reverse("reports:papers"))]


def _asked(request: HttpRequest, terms: Terms) -> tuple[PaperFilters, Asked | None]:
    """Out of reach a place is not there; without one, it is the viewer's own."""
    reach, today = request.reach, request.reach.on
    rounds = _rounds(request, terms) if terms.asks in OF_A_ROUND else []
    place = asked_place(request) or _own_place(request, terms)
    places = [] if place is None else place_choices(request, terms.needs, place, today)
    given = dict(request.GET.items()) | ({"place": str(place)} if place else {})
    given.setdefault("period", periods.current(today).code)
    given.setdefault("on", in_figures(today))
    given.setdefault("layout", terms.layout)
    if rounds:
        given.setdefault("round", str(rounds[0].pk))
    chosen, review, reviews = None, None, []
    if rounds or terms.asks in OF_A_ROUND:
        chosen = _chosen(rounds, request.GET.get("round"))
        place = chosen.place_id if chosen else None
    if terms.asks == Asks.REVIEW and chosen:
        reviews = list(_reviews(request, chosen))
        review = _chosen(reviews, request.GET.get("review"))
        given.setdefault("review", str(review.pk) if review else "")
        place = place if review else None
    bodies, body = _bodies(request) if terms.asks == Asks.BODY else ([], None)
    if body:
        given.setdefault("body", str(body.pk))
    elif terms.asks == Asks.BODY:
        place = None
    filters = PaperFilters(
        given, terms=terms, today=today, places=places, rounds=_labels(rounds), reviews=review_labels(reviews),
        bodies=bodies,
    )  # fmt: skip
    if place is None:
        return filters, None
    if not terms.is_own and review is None and not reach.covers(place, terms.needs):
        raise Http404
    return filters, Asked(place, filters.day, filters.named, chosen, review, body)


def _chosen(rows: list[Any], asked: str | None) -> Any:
    """The one asked for, or the first; one that is not among them is not there."""
    key = asked or (str(rows[0].pk) if rows else "")
    chosen = next((row for row in rows if str(row.pk) == key), None)
    if asked and chosen is None:
        raise Http404
    return chosen


def _bodies(request: HttpRequest) -> tuple[list[tuple[int, str]], Agency | None]:
    """Those whose answers are late in reach, and the one of them that is asked for, or the first."""
    bodies, asked = [(row["pk"], row["name"]) for row in bodies_behind(request)], request.GET.get("body")
    chosen = next((key for key, _name in bodies if not asked or str(key) == asked), None)
    if asked and chosen is None:
        raise Http404
    return bodies, Agency.objects.get(pk=chosen) if chosen else None


def _reviews(request: HttpRequest, found: Round) -> QuerySet[Review]:
    rows = readable(request.reach, Review.objects.filter(round=found))
    return rows.select_related("round__scheme").order_by("pk")


def review_labels(reviews: list[Review]) -> list[tuple[int, str]]:
    names = OrgNames(row.org_id for row in reviews)
    told = [(row.pk, names.on(row.org_id, row.round.period.end)) for row in reviews]
    return sorted(told, key=lambda pair: sort_key(pair[1]))


def _own_place(request: HttpRequest, terms: Terms) -> int | None:
    if terms.is_own:
        post = CadrePost.objects.current(request.reach.on).filter(cadre=request.reach.cadre).first()
        return post.place_id if post and request.reach.cadre else None
    found = Place.objects.filter(pk__in=request.reach.roots(terms.needs))
    ranked = sorted(found, key=lambda place: (ORDER.index(Level(place.level)), place.pk))
    return ranked[0].pk if ranked else None


def _rounds(request: HttpRequest, terms: Terms) -> list[Round] | list[CadreRound]:
    """Of places in reach; for the paper of one organisation also those in which one's own is graded."""
    if terms.asks == Asks.CADRE_ROUND:
        return list(decidable_rounds(request.reach).order_by("-year", "pk"))
    rows = Q(place__in=request.reach.place_ids(terms.needs))
    if terms.asks == Asks.REVIEW:
        own = Review.objects.filter(org__in=request.reach.orgs(terms.needs))
        rows |= Q(pk__in=own.values("round"))
    found = Round.objects.yearly() if terms.is_yearly else Round.objects.all()
    if terms.is_urging:
        found = found.exclude(state=RoundState.LOCKED)
    return list(found.filter(rows).select_related("scheme").newest_first())


def _labels(rounds: list[Round] | list[CadreRound]) -> list[tuple[int, str]]:
    names = Names(row.place_id for row in rounds)
    return [(row.pk, f"{_period_of(row)}, {names.on(row.place_id, row.opened_at.date())}") for row in rounds]


def _period_of(row: Round | CadreRound) -> str:
    return row.period.title if isinstance(row, Round) else str(row.year)


def _answer(
    request: HttpRequest, kind: PaperKind, asked: Asked, told: Written, form: PaperForm
) -> HttpResponseBase | None:
    """The file, or the issued paper; none where the form has to say what is wrong."""
    wanted = form.cleaned_data["format"]
    is_issue = wanted == ISSUE
    terms = TERMS[kind]
    if is_issue and not (terms.issues and request.reach.covers(asked.place_id, terms.issues)):
        raise Http404
    try:
        with override("vi"):
            footer = "" if is_issue else _footer(request, kind, form)
            given = values(told, form.cleaned_data, layout=form.layout, draft=not is_issue, footer=footer)
            if is_issue:
                return _issue(request, kind, asked, told, form, as_pdf(given, form.layout))
            response = _drawn_up(request, wanted, kind, told, given, form.layout)
    except TemplateBroken as broken:
        form.add_error(None, _("The layout cannot be used: %(why)s Tell the steward.") % {"why": broken})
        return None
    except RuleBroken as broken_rule:
        form.add_error(None, broken_rule)
        return None
    _trace(request, kind, asked, told, form)
    return response


def _footer(request: HttpRequest, kind: PaperKind, form: PaperForm) -> str:
    purpose = form.cleaned_data.get("purpose")
    label = str(Purpose(purpose).label) if purpose else str(kind.label)
    return str(Footer(label, str(request.user), timezone.now()))


def _issue(
    request: HttpRequest, kind: PaperKind, asked: Asked, told: Written, form: PaperForm, content: bytes
) -> HttpResponse:
    typed, period = form.cleaned_data, asked.period
    is_timed = TERMS[kind].asks in TIMED
    made = issue_paper(
        kind=kind,
        title=told.title,
        number=number_of(form.layout, typed["number"], typed["symbol"]),
        issued_on=typed["issued_on"],
        place=Place.objects.get(pk=asked.place_id),
        round=asked.round if isinstance(asked.round, Round) else None,
        since=period.since if is_timed else None,
        until=period.until if is_timed else None,
        content=content,
        content_type=PDF,
        by=request.user,
    )
    messages.success(
        request, _("The paper %(number)s is issued and kept as it is.") % {"number": made.number}
    )
    return redirect("reports:papers")


def _drawn_up(
    request: HttpRequest, wanted: str, kind: PaperKind, told: Written, given: dict[str, Any], layout: str
) -> HttpResponseBase:
    name = f"{kind.value}.{wanted}"
    if wanted == "pdf":
        return _file(name, as_pdf(given, layout), PDF)
    if wanted == "docx":
        return document_response(name, as_docx(given, layout))
    footer = Footer(given["footer"].partition(". ")[0], str(request.user), timezone.now())
    return workbook_response(name, lambda file: _workbook(file, told, footer))


def _workbook(file: IO[bytes], told: Written, footer: Footer) -> None:
    with open_book(file, footer=footer, demo=settings.DEMO) as book:
        for sheet in told.sheets:
            rows = [[one.text if isinstance(one, Figure) else one for one in row] for row in sheet.lines]
            book.table(sheet.title, title=told.title, columns=sheet.heads, rows=rows, lines=sheet.told)


def _trace(request: HttpRequest, kind: PaperKind, asked: Asked, told: Written, form: PaperForm) -> None:
    rows = sum(len(sheet.rows) for sheet in told.sheets)
    about = {"what": kind.value, "rows": rows, "place_id": asked.place_id, "by": request.user}
    if purpose := form.cleaned_data.get("purpose"):
        download_names(purpose=purpose, **about)
    else:
        download_list(purpose="paper", **about)


def _file(name: str, content: bytes, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "no-store"
    return response


MOST_SHOWN = 50


def _shown(part: Heading | Sentence | Box | Sheet) -> dict[str, Any]:
    """For the preview: the beginning of a long table, every figure with its list."""
    if isinstance(part, Heading):
        return {"heading": part.text}
    if isinstance(part, Sentence):
        pieces = [piece if isinstance(piece, Figure) else Figure(piece) for piece in part.pieces]
        return {"pieces": pieces}
    if isinstance(part, Box):
        return {"box": part.name}
    rows = [
        [(column, _cell(value, column)) for column, value in zip(part.columns, row, strict=True)]
        for row in part.rows[:MOST_SHOWN]
    ]
    return {"sheet": part, "rows": rows, "left": max(0, len(part.rows) - MOST_SHOWN)}


def _cell(value: Any, column: Column) -> Figure:
    return value if isinstance(value, Figure) else Figure(column.told(value))
