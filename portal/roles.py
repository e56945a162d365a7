"""Who may do what: one table. Where they may do it is reach (`assignments/access.py`)."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from portal.permissions import Permission as P


class Role(TextChoices):
    VIEWER = "viewer", pgettext_lazy("role", "Leader, viewer")
    ORGANISER = "organiser", pgettext_lazy("role", "Organiser")
    DESK = "desk", pgettext_lazy("role", "Recommendations desk")
    COMMUNE_STAFF = "commune_staff", pgettext_lazy("role", "Commune staff")
    CELL_SECRETARY = "cell_secretary", pgettext_lazy("role", "Cell secretary")
    CADRE = "cadre", pgettext_lazy("role", "Cadre following a place")
    ASSISTANT = "assistant", pgettext_lazy("role", "Assistant (enters for another)")
    ANSWERING_BODY = "answering_body", pgettext_lazy("role", "Answering body")
    STEWARD = "steward", pgettext_lazy("role", "Steward")
    LOG_READER = "log_reader", pgettext_lazy("role", "Log reader")


# What the grant of a role names: a place, an agency, a party organisation, a leader's account, or nothing.
# The cadre has no grant: the role follows from being linked to a person on the roster.
ANCHOR = {
    Role.VIEWER: "place",
    Role.ORGANISER: "place",
    Role.DESK: "place",
    Role.COMMUNE_STAFF: "place",
    Role.CELL_SECRETARY: "org",
    Role.ASSISTANT: "leader",
    Role.ANSWERING_BODY: "agency",
    Role.STEWARD: "place",
    Role.LOG_READER: "place",
}

TABLE: dict[Role, set[P]] = {
    Role.VIEWER: {
        P.ROSTER_VIEW, P.VISIT_VIEW, P.PLAN_VIEW, P.PETITION_VIEW, P.DASHBOARD, P.GRADE_VIEW, P.RECORD_READ,
        P.MEETING_VIEW, P.FACTS_VIEW, P.WORK_VIEW,
    },
    Role.ORGANISER: {
        P.ROSTER_VIEW, P.ASSIGN, P.TERRITORY_EDIT, P.ORG_EDIT, P.IMPORT, P.VISIT_VIEW, P.PETITION_VIEW, P.DASHBOARD,
        P.GRADE_VIEW, P.GRADE_DECIDE, P.DUTY_CONFIRM, P.VISIT_CORRECT, P.VISIT_CORRECT_CLOSED, P.POINT_ISSUE,
        P.RECORD_READ, P.REMIND, P.MEETING_DAYS, P.PLAN_VIEW, P.PERIODS, P.APPRAISE, P.SELF_ASSESS,
        P.GRADING_RULES,
        P.MEETING_VIEW, P.MEETING_ENTER, P.MEETING_CONFIRM, P.MEETING_SHEET,
        P.FACTS_VIEW, P.FACTS_EDIT, P.WORK_VIEW, P.WORK_EDIT,
    },
    Role.DESK: {P.PETITION_VIEW, P.PETITION_RAISE, P.PETITION_DESK, P.DASHBOARD},
    Role.COMMUNE_STAFF: {
        P.ROSTER_VIEW, P.ASSIGN, P.TERRITORY_EDIT, P.IMPORT, P.HOUSEHOLD_VIEW, P.HOUSEHOLD_EDIT, P.VISIT_VIEW,
        P.PETITION_VIEW, P.PETITION_RAISE, P.PETITION_DESK, P.DASHBOARD, P.GRADE_VIEW, P.SLIPS, P.VISIT_CORRECT,
        P.POINT_ISSUE, P.URGENT_READ, P.REMIND, P.MEETING_DAYS, P.PLAN_VIEW, P.CADRE_OPINION,
        P.MEETING_VIEW, P.MEETING_ENTER, P.MEETING_CONFIRM,
        P.FACTS_VIEW, P.FACTS_EDIT, P.WORK_VIEW, P.WORK_EDIT,
    },
    Role.CELL_SECRETARY: {
        P.GRADE_VIEW, P.SELF_ASSESS, P.MEETING_VIEW, P.MEETING_ENTER, P.FACTS_VIEW, P.FACTS_EDIT,
    },
    Role.CADRE: {P.VISIT_VIEW, P.VISIT_LOG, P.PETITION_VIEW, P.PETITION_RAISE, P.DASHBOARD},
    Role.ASSISTANT: {P.VISIT_LOG_FOR},
    Role.ANSWERING_BODY: {P.PETITION_VIEW, P.PETITION_ANSWER},
    Role.STEWARD: {P.IMPORT, P.TERRITORY_EDIT, P.ORG_EDIT, P.ROSTER_VIEW, P.ACCOUNTS, P.SLIPS, P.SETTINGS},
    Role.LOG_READER: {P.AUDIT},
}  # fmt: skip


def permissions_of(roles: set[str]) -> set[P]:
    """Everyone signed in may open the pages that show what is public inside the portal."""
    return {P.SIGNED_IN}.union(*(TABLE[Role(role)] for role in roles))


def roles_with(permission: P) -> set[Role]:
    if permission == P.SIGNED_IN:
        return set(Role)
    return {role for role, granted in TABLE.items() if permission in granted}
