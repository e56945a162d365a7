"""The letter that reminds of a step of the evaluation (công văn đôn đốc), in the layout of HD 05-HD/VPTW.

Names of organisations and where each stands: no grade, no text, nobody's name. Number, term and signature are left to
the office.
"""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.dates import in_figures, on_paper
from portal.documents.word import document
from portal.orgs import OrgNames
from reports.documents.office import proposed
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


def evaluation_letter(round: Round, found: RoundSteps, step: Step, *, today: date) -> bytes:
    """Within one commune by organisation; of a larger round by commune."""
    frame = proposed(Layout.PARTY, round.place_id, today, "CV")
    waiting = found.waiting(step.name)
    communes = found.slow(step.name, today, most=None)
    by_commune = len({line.commune for line in found.lines.values()}) > 1
    addressed = pgettext("urging letter", "Committees and cells named below")
    if by_commune:
        addressed = pgettext("urging letter", "Party committees of the communes named below")
    return document(
        "documents/evaluation_letter.xml",
        {
            **{name: frame[name] for name in ("superior", "issuer", "symbol", "signed_for", "post")},
            "issuer_again": frame["signed_for"].removeprefix("T/M ").capitalize(),
            "kept_by": frame["kept_by"],
            "seat": frame["seat"] or "[Địa danh]",
            "day": on_paper(today),
            "step": asked_for(step.name),
            "period": round.period.words,
            "due": in_figures(step.due) if step.due else "",
            "addressed": addressed,
            "done": len(found.walked) - len(waiting),
            "whole": len(found.walked),
            "left": len(waiting),
            "heads": _heads(by_commune),
            "rows": [(one.name, f"{one.done}/{one.whole}", one.whole - one.done) for one in communes]
            if by_commune
            else _rows(waiting, round.period.end),
        },
    )


def _heads(by_commune: bool) -> list[str]:
    if by_commune:
        return [
            pgettext("urging letter", "Commune"),
            pgettext("urging letter", "Done"),
            pgettext("urging letter", "Left"),
        ]
    return [
        pgettext("paper", "Name of the party organisation"),
        _("Superior organisation"),
        pgettext("urging letter", "Where it stands"),
    ]


def _rows(waiting: list[Waiting], on: date) -> list[tuple[Any, ...]]:
    names = OrgNames(one.line.superior for one in waiting)
    return [
        (one.line.name, names.on(one.line.superior, on), str(ReviewState(one.state).label)) for one in waiting
    ]
