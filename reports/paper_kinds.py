"""Which papers are there, who may draw one up, and who may issue it?"""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from portal.permissions import Permission as P


class PaperKind(TextChoices):
    """The value stands in addresses and in the issued papers; never change one."""

    ASSIGNED = "phan-cong", pgettext_lazy("paper", "List of cadres assigned to follow and support")
    RECOMMENDATIONS = "kien-nghi", pgettext_lazy("paper", "Summary of recommendations")
    RESULTS = "ket-qua", pgettext_lazy("paper", "Report on the results of following and supporting")
    VISIT_BOOK = "so-theo-doi", pgettext_lazy("paper", "Book of own visits")
    CEILING = "tran-xuat-sac", pgettext_lazy("paper", "Control of the ceiling of the best grade")
    GRADES = "ket-qua-xep-loai", pgettext_lazy("paper", "Notice of the results of grading")
    REVIEW = "phieu-danh-gia", pgettext_lazy("paper", "Evaluation sheet of an organisation")
    COLLECTIVE = "mau-01", pgettext_lazy("paper", "Review report of a collective (form 01)")
    COMMENDED = "khen-thuong", pgettext_lazy("paper", "List of commendations")
    MEETINGS = "sinh-hoat-chi-bo", pgettext_lazy("paper", "Monthly list of cell meetings by quality")
    SUMMARY = "tong-hop-xep-loai", pgettext_lazy("paper", "Summary of grades by level")
    REMINDER = "don-doc-kien-nghi", pgettext_lazy("paper", "Letter of reminder: late answers of a body")
    URGING = "don-doc-danh-gia", pgettext_lazy("paper", "Letter of reminder: a step of the evaluation")


class Layout(TextChoices):
    PARTY = "party", pgettext_lazy("paper", "Paper of the Party (HD 05-HD/VPTW)")
    STATE = "state", pgettext_lazy("paper", "Paper of the State (Nghị định 30/2020/NĐ-CP)")


class Asks(TextChoices):
    """What a paper is about besides a place."""

    DAY = "day"
    PERIOD = "period"
    MONTH = "month"
    ROUND = "round"
    REVIEW = "review"
    CADRE_ROUND = "cadre_round"
    BODY = "body"


@dataclass(frozen=True)
class Terms:
    """`needs` to draw it up, each for what that person may read; `issues` to issue it, none where it is for oneself.

    `reads` opens what was issued, which says what its issuer could read: original texts, support given on visits.
    What is yearly is drawn up for no quarter, what urges for no locked round. `layout` is the one that is proposed.
    """

    needs: P
    reads: P
    issues: P | None
    asks: Asks
    names_people: bool = False
    is_own: bool = False
    is_yearly: bool = False
    is_urging: bool = False
    layout: Layout = Layout.PARTY


TERMS: dict[PaperKind, Terms] = {
    PaperKind.ASSIGNED: Terms(P.ROSTER_VIEW, P.ROSTER_VIEW, P.ASSIGN, Asks.DAY, names_people=True),
    PaperKind.RECOMMENDATIONS: Terms(P.PETITION_VIEW, P.PETITION_RAISE, P.PETITION_DESK, Asks.PERIOD),
    PaperKind.RESULTS: Terms(P.DASHBOARD, P.VISIT_VIEW, P.ASSIGN, Asks.PERIOD),
    PaperKind.VISIT_BOOK: Terms(P.VISIT_LOG, P.VISIT_LOG, None, Asks.PERIOD, names_people=True, is_own=True),
    PaperKind.CEILING: Terms(P.GRADE_VIEW, P.GRADE_VIEW, P.GRADE_DECIDE, Asks.ROUND, is_yearly=True),
    PaperKind.GRADES: Terms(P.GRADE_VIEW, P.GRADE_VIEW, P.GRADE_DECIDE, Asks.ROUND),
    PaperKind.SUMMARY: Terms(P.GRADE_VIEW, P.GRADE_VIEW, P.GRADE_DECIDE, Asks.ROUND),
    PaperKind.REVIEW: Terms(P.GRADE_VIEW, P.GRADE_VIEW, None, Asks.REVIEW),
    PaperKind.COLLECTIVE: Terms(P.GRADE_VIEW, P.GRADE_VIEW, None, Asks.REVIEW),
    PaperKind.COMMENDED: Terms(
        P.GRADE_DECIDE, P.GRADE_DECIDE, P.GRADE_DECIDE, Asks.CADRE_ROUND, names_people=True
    ),
    PaperKind.MEETINGS: Terms(P.MEETING_VIEW, P.MEETING_VIEW, P.MEETING_CONFIRM, Asks.MONTH),
    PaperKind.REMINDER: Terms(
        P.PETITION_DESK, P.PETITION_DESK, P.PETITION_DESK, Asks.BODY, is_urging=True, layout=Layout.STATE
    ),
    PaperKind.URGING: Terms(P.GRADE_DECIDE, P.GRADE_DECIDE, P.GRADE_DECIDE, Asks.ROUND, is_urging=True),
}
# Those whose period stands with what was issued.
TIMED = frozenset({Asks.PERIOD, Asks.MONTH})
OF_A_ROUND = frozenset({Asks.ROUND, Asks.REVIEW, Asks.CADRE_ROUND})
# What tells the results of a round is a draft until they are announced.
OF_RESULTS = frozenset({PaperKind.GRADES, PaperKind.SUMMARY})
EVERY_NEED = tuple(dict.fromkeys(terms.needs for terms in TERMS.values()))
