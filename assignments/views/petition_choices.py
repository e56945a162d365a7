"""The steps on a recommendation: what each asks and says, and which of them this person may take now."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import pgettext, pgettext_lazy

from assignments.actions import petition_aside as aside
from assignments.actions import petition_groups as groups
from assignments.actions import petitions as deeds
from assignments.forms import petition_steps as forms
from assignments.models import Petition
from assignments.models.petition import REMINDERS
from assignments.rules import steps_open
from portal.permissions import Permission


class Step(NamedTuple):
    """`title` heads the form, `verb` stands on the button, `done` is said afterwards."""

    form: type[forms.StepForm]
    deed: Callable[..., Any]
    title: str | Promise
    verb: str | Promise
    done: str | Promise
    is_ending: bool = False


STEPS = {
    "accept": Step(
        forms.AcceptForm, deeds.accept, pgettext_lazy("rec", "Accept the recommendation"),
        pgettext_lazy("rec", "Accept and forward"), pgettext_lazy("rec", "Accepted and forwarded."),
    ),
    "answer": Step(
        forms.AnswerForm, deeds.answer, pgettext_lazy("rec", "Answer the recommendation"),
        pgettext_lazy("rec", "Send the answer"), pgettext_lazy("rec", "The answer has been sent; the cadre is told."),
    ),
    "resubmit": Step(
        forms.ResubmitForm, deeds.resubmit, pgettext_lazy("rec", "Complete the recommendation"),
        pgettext_lazy("rec", "Send again"), pgettext_lazy("rec", "Sent again."),
    ),
    "confirm": Step(
        forms.ConfirmForm, deeds.confirm_on_site, pgettext_lazy("rec", "Confirm on site"),
        pgettext_lazy("rec", "It is solved, the people agree"), pgettext_lazy("rec", "Confirmed on site."),
    ),
    "close": Step(
        forms.StepForm, deeds.close, pgettext_lazy("rec", "Close the recommendation"),
        pgettext_lazy("rec", "Close the recommendation"), pgettext_lazy("rec", "The recommendation is closed."),
    ),
    "reopen": Step(
        forms.ReopenForm, deeds.reopen, pgettext_lazy("rec", "Reopen the recommendation"),
        pgettext_lazy("rec", "Not solved, reopen"), pgettext_lazy("rec", "Reopened; a new deadline is set."),
    ),
    "forward": Step(
        forms.ForwardForm, deeds.forward, pgettext_lazy("rec", "Forward to another body"),
        pgettext_lazy("rec", "Forward"), pgettext_lazy("rec", "Forwarded; the time counts from today."),
    ),
    "return": Step(
        forms.ReasonForm, deeds.return_for_more, pgettext_lazy("rec", "Return for more information"),
        pgettext_lazy("rec", "Return it"), pgettext_lazy("rec", "Returned; whoever raised it is told."),
    ),
    "direct": Step(
        forms.DirectionForm, aside.give_direction, pgettext_lazy("rec", "Enter the direction"),
        pgettext_lazy("rec", "Enter and forward"),
        pgettext_lazy("rec", "The direction is entered; the body has it now."),
    ),
    "remind": Step(
        forms.RemindForm, aside.remind, pgettext_lazy("rec", "Record a reminder"),
        pgettext_lazy("rec", "Record a reminder"), pgettext_lazy("rec", "The reminder is recorded."),
    ),
    "join": Step(
        forms.JoinForm, groups.join, pgettext_lazy("rec", "Join similar ones to this one"),
        pgettext_lazy("rec", "Join similar ones"), pgettext_lazy("rec", "Joined; one answer will do for all of them."),
    ),
    "part": Step(
        forms.ReasonForm, groups.part, pgettext_lazy("rec", "Part it from the leading one"),
        pgettext_lazy("rec", "Part it"), pgettext_lazy("rec", "Parted; it waits to be accepted."),
    ),
    "beyond": Step(
        forms.BeyondForm, aside.ask_direction, pgettext_lazy("rec", "Beyond competence: ask for a direction"),
        pgettext_lazy("rec", "Beyond competence"),
        pgettext_lazy("rec", "It awaits the direction; the committee and the assigned cadre see it."),
    ),
    "voters": Step(
        forms.VotersForm, aside.mark_voters, pgettext_lazy("rec", "Mark that voters have raised it too"),
        pgettext_lazy("rec", "Voters have raised it too"), pgettext_lazy("rec", "It is marked."),
    ),
    "not_voters": Step(
        forms.StepForm, aside.unmark_voters, pgettext_lazy("rec", "Take the mark of voters away"),
        pgettext_lazy("rec", "Take the mark of voters away"), pgettext_lazy("rec", "The mark is taken away."),
    ),
    "outside": Step(
        forms.ReasonForm, aside.set_outside, pgettext_lazy("rec", "Set it outside the scope"),
        pgettext_lazy("rec", "Out of scope"), pgettext_lazy("rec", "Out of scope; whoever raised it reads the reason."),
        True,
    ),
    "withdraw": Step(
        forms.ReasonForm, deeds.withdraw, pgettext_lazy("rec", "Withdraw the recommendation"),
        pgettext_lazy("rec", "Withdraw it"), pgettext_lazy("rec", "The recommendation is withdrawn."), True,
    ),
}  # fmt: skip


def is_answerer(request: HttpRequest, petition: Petition) -> bool:
    return petition.agency_id is not None and petition.agency_id in request.reach.agencies


def open_steps(request: HttpRequest, petition: Petition) -> list[str]:
    """The steps this person may take now, the obvious one first."""
    reach = request.reach
    raised = reach.cadre is not None and petition.raised_by_id == reach.cadre.pk
    return steps_open(
        state=petition.state,
        answer=petition.answer,
        is_desk=reach.covers(petition.place_id, Permission.PETITION_DESK),
        answers=is_answerer(request, petition),
        is_own=raised or petition.entered_by_id == request.user.pk,
        follows=reach.covers(petition.place_id, Permission.PETITION_RAISE),
        may_remind=petition.is_late(reach.on) and petition.reminders < REMINDERS,
        is_voters=petition.is_voters,
    )


def step_words(names: list[str]) -> dict[str, Any]:
    """The heading over the steps, a hint, and whether the first one is what this person is waited for."""
    first = names[0] if names else ""
    hint = ""
    if first == "confirm":
        hint = pgettext(
            "rec", "Have the people been told, and do they agree? If it is not solved, it can be reopened."
        )
    elif first == "close":
        hint = pgettext(
            "rec", "It was confirmed on site. Closing it ends the work on it; it can still be reopened."
        )
    is_obvious = first in {"accept", "answer", "resubmit", "confirm", "close", "direct"}
    return {
        "title": STEPS[first].title if is_obvious else pgettext("rec", "What you can do"),
        "hint": hint,
        "verb": STEPS[first].verb if first else "",
        "is_obvious": is_obvious,
    }
