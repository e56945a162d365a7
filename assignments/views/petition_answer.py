"""The answer as five plain lines, to read out to the people or to hand over on paper: no name of anybody in it."""

import re
from textwrap import shorten
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import pgettext

from assignments.models import Petition
from assignments.topics import AnswerClass, PetitionState
from assignments.views.petition_history import Event, history, standing_answer
from portal.access import needs
from portal.dates import in_figures
from portal.permissions import Permission

LONGEST_LINE = 200


class Line(NamedTuple):
    head: str
    text: str


@needs(Permission.PETITION_VIEW)
def answer_for_people(request: HttpRequest, uuid: str) -> HttpResponse:
    rows = request.reach.petitions().select_related("leader")
    petition = get_object_or_404(rows, uuid=uuid)
    answer = standing_answer(petition, history(petition, may_read=False, is_agency=False))
    if answer is None:
        raise Http404
    context = {"petition": petition, "answer": answer, "lines": five_lines(petition, answer)}
    return TemplateResponse(request, "assignments/petition_answer.html", context)


def five_lines(petition: Petition, answer: Event) -> list[Line]:
    """Of one that is joined, asked and answered by the copy of the leading one where it has none of its own."""
    answered = petition.leader or petition
    asked = _first_sentence(petition.released or answered.released)
    topic = petition.get_topic_display()
    return [
        Line(pgettext("answer", "What was asked"), f"{topic}: {asked}" if asked else topic),
        Line(pgettext("answer", "Who answered"), answer.body),
        Line(pgettext("answer", "The answer"), f"{answer.answer}. {answer.text}"),
        Line(
            pgettext("answer", "By document"), answer.document or pgettext("answer", "No document of its own")
        ),
        Line(pgettext("answer", "What comes next"), _next(answered)),
    ]


def _first_sentence(text: str) -> str:
    sentence = re.split(r"(?<=[.!?])\s|\n", text.strip(), maxsplit=1)[0]
    return shorten(sentence, LONGEST_LINE, placeholder="…")


def _next(petition: Petition) -> str:
    if petition.state in {PetitionState.CONFIRMED, PetitionState.CLOSED}:
        return pgettext("answer", "It was confirmed on site. Nothing more is to be done.")
    if petition.answer == AnswerClass.BEING_SOLVED:
        return pgettext("answer", "It is to be done by the end of %(day)s.") % {
            "day": in_figures(petition.promised)
        }
    return {
        AnswerClass.SOLVED: pgettext(
            "answer", "The cadre comes and looks. If it is not solved, say so, and it is opened again."
        ),
        AnswerClass.EXPLAINED: pgettext(
            "answer", "Whoever has a question about it asks the cadre who follows the place."
        ),
        AnswerClass.NOT_SOLVED: pgettext(
            "answer", "It cannot be solved for now. If things change, it can be raised again."
        ),
    }[AnswerClass(petition.answer)]
