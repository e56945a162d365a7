"""The letter that reminds a body of late answers (công văn đôn đốc).

By code, topic and days alone: no text of a request, no resident and no place below the commune.
"""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assignments.models import Petition
from portal.dates import on_paper
from portal.templatetags.plain import number
from reports.documents.written import OPEN_DAY, Column, Sentence, Sheet, Written

# A recommendation, the day on which the body got it, how many working days it is late.
Row = tuple[Petition, date | None, int]


def reminder_letter(rows: Sequence[Row], *, agency: str, today: date, reminder: int) -> Written:
    """`reminder` is 0 where the rows were not reminded equally often."""
    about = pgettext("reminder letter", "reminder of late answers to recommendations")
    if reminder:
        about = pgettext("reminder letter", "reminder %(n)s of late answers to recommendations") % {
            "n": reminder
        }
    told = {"day": on_paper(today), "n": number(len(rows)), "agency": agency, "by": OPEN_DAY}
    before = _(
        "Following how recommendations at the base are solved: as of %(day)s %(n)s recommendations handed to "
        "%(agency)s are overdue for an answer, namely:"
    )
    asked = _(
        "The contents of each stand in the portal under the code above. %(agency)s is asked to answer them before "
        "%(by)s; where the solution is not finished, please state the reason and the day on which it will be."
    )
    please = _("%(agency)s is asked to see to it and to work together with us.")
    return Written(
        type=pgettext("paper", "LETTER"),
        abstract=about,
        parts=[Sentence([before % told]), _listed(rows), Sentence([asked % told]), Sentence([please % told])],
        symbol="CV",
        addressed=agency,
    )


def _listed(rows: Sequence[Row]) -> Sheet:
    columns = [
        Column(pgettext("head", "No."), 2, "center"),
        Column(pgettext("reminder letter", "Code of the recommendation"), 5, "center"),
        Column(pgettext("reminder letter", "Topic"), 6),
        Column(pgettext("reminder letter", "Received on"), 4, "center"),
        Column(_("Answer due"), 4, "center"),
        Column(pgettext("reminder letter", "Overdue (working days)"), 4, "center"),
    ]
    cells = [
        [place, str(petition), petition.get_topic_display(), accepted, petition.due, late]
        for place, (petition, accepted, late) in enumerate(rows, 1)
    ]
    return Sheet(pgettext("reminder letter", "Late answers"), columns, cells)
