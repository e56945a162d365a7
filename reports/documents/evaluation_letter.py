"""The letter that reminds of a step of the evaluation (công văn đôn đốc).

Names of organisations and where each stands: no grade, no text, nobody's name.
"""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.dates import in_figures, on_paper
from portal.orgs import OrgNames
from portal.templatetags.plain import number
from reports.documents.office import proposed
from reports.documents.written import OPEN_DAY, Column, Sentence, Sheet, Written
from reports.models import ReviewState, Round
from reports.paper_kinds import Layout
from reports.review_lists import RoundSteps, Step, Waiting


def asked_for(step: str) -> str:
    """What the letter asks to be done."""
    return {
        "self": pgettext("urging letter", "handing in the self-assessment"),
        "appraisal": pgettext("urging letter", "appraising and proposing the grade"),
        "decision": pgettext("urging letter", "deciding on the grade"),
    }[step]


def evaluation_letter(round: Round, found: RoundSteps, step: Step, *, today: date) -> Written:
    """Within one commune by organisation; of a larger round by commune."""
    waiting = found.waiting(step.name)
    by_commune = len({line.commune for line in found.lines.values()}) > 1
    addressed = pgettext("urging letter", "Committees and cells named below")
    if by_commune:
        addressed = pgettext("urging letter", "Party committees of the communes named below")
    told = {
        "step": asked_for(step.name),
        "period": round.period.words,
        "due": in_figures(step.due) if step.due else "",
        "day": on_paper(today),
        "done": number(len(found.walked) - len(waiting)),
        "whole": number(len(found.walked)),
        "left": number(len(waiting)),
        "by": OPEN_DAY,
        "office": _office(round, today),
    }
    rows = _communes(found, step, today) if by_commune else _orgs(waiting, round.period.end)
    asked = _(
        "The units named above are asked to see to %(step)s of %(period)s without delay and to finish before %(by)s; "
        "where there are difficulties, please report to %(office)s for guidance."
    )
    please = _("%(office)s asks the comrades to see to it.")
    return Written(
        type=pgettext("paper", "LETTER"),
        abstract=pgettext("urging letter", "reminder: %(step)s of %(period)s") % told,
        parts=[
            Sentence([_standing(step) % told]),
            Sheet(pgettext("urging letter", "Still to be done"), _columns(by_commune), rows),
            Sentence([asked % told]),
            Sentence([please % told]),
        ],
        symbol="CV",
        addressed=addressed,
    )


def _office(round: Round, today: date) -> str:
    signed_for = proposed(Layout.PARTY, round.place_id, today, "CV")["signed_for"]
    return signed_for.removeprefix("T/M ").capitalize()


def _standing(step: Step) -> str:
    if step.due:
        return _(
            "By the plan of grading party organisations of %(period)s, %(step)s was to be finished on %(due)s at the "
            "latest. As of %(day)s %(done)s of %(whole)s party organisations have done so; %(left)s have not, namely:"
        )
    return _(
        "By the plan of grading party organisations of %(period)s, %(step)s is to be finished in its time. As of "
        "%(day)s %(done)s of %(whole)s party organisations have done so; %(left)s have not, namely:"
    )


def _columns(by_commune: bool) -> list[Column]:
    place = Column(pgettext("head", "No."), 2, "center")
    if by_commune:
        return [
            place,
            Column(pgettext("urging letter", "Commune"), 12),
            Column(pgettext("urging letter", "Done"), 5, "center"),
            Column(pgettext("urging letter", "Left"), 5, "center"),
        ]
    return [
        place,
        Column(pgettext("paper", "Name of the party organisation"), 11),
        Column(_("Superior organisation"), 7),
        Column(pgettext("urging letter", "Where it stands"), 6),
    ]


def _communes(found: RoundSteps, step: Step, today: date) -> list[list[Any]]:
    slow = found.slow(step.name, today, most=None)
    return [
        [place, one.name, f"{number(one.done)}/{number(one.whole)}", one.whole - one.done]
        for place, one in enumerate(slow, 1)
    ]


def _orgs(waiting: list[Waiting], on: date) -> list[list[Any]]:
    names = OrgNames(one.line.superior for one in waiting)
    return [
        [place, one.line.name, names.on(one.line.superior, on), str(ReviewState(one.state).label)]
        for place, one in enumerate(waiting, 1)
    ]
