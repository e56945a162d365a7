"""The blank form of a visit on one sheet of paper, with what is known beforehand; nothing of a person or household."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from assignments.forms.many_visits import KINDS
from assignments.topics import Attendance, DutyGroup, Excuse
from assignments.views.narrowing import asked_place
from assignments.views.visit_choices import Offer
from portal.access import needs
from portal.permissions import Permission

# More names would push the rest off the sheet; the place is then written by hand.
MOST_PLACES = 8


@needs(Permission.VISIT_LOG, Permission.VISIT_LOG_FOR, Permission.IMPORT)
def blank(request: HttpRequest) -> HttpResponse:
    """`place` fills in that place, `empty=1` leaves all to be written; otherwise the own places stand to be ticked."""
    offer = Offer(request, asked_place(request), timezone.localdate())
    places = [label for _key, label in offer.places()[0][1]]
    chosen = offer.address() if offer.place_id else ""
    is_empty = bool(request.GET.get("empty"))
    context = {
        "chosen": "" if is_empty else chosen,
        "places": [] if is_empty or chosen or len(places) > MOST_PLACES else places,
        "who": "" if is_empty or len(offer.authors) != 1 else offer.authors[0].full_name,
        "kinds": [label for _value, label in KINDS],
        "attendances": [Attendance.ATTENDED.label, Attendance.ABSENT.label],
        "excused": Attendance.EXCUSED.label,
        "excuses": [label for _value, label in Excuse.choices],
        "folds": [
            (DutyGroup(group).label, list(rows))
            for group, rows in groupby(offer.duties(), key=lambda duty: duty.group)
        ],
        "is_empty": is_empty,
        "may_log": bool(offer.authors),
        "may_import": request.reach.may(Permission.IMPORT),
    }
    return TemplateResponse(request, "assignments/visit_blank.html", context)
