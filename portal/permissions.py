"""What a signed-in person may be allowed to do. Who may do what stands in `portal/roles.py`."""

from enum import StrEnum


class Permission(StrEnum):
    SIGNED_IN = "signed_in"
    ROSTER_VIEW = "roster_view"
    ASSIGN = "assign"
    TERRITORY_EDIT = "territory_edit"
    ORG_EDIT = "org_edit"
    IMPORT = "import"
    HOUSEHOLD_VIEW = "household_view"
    HOUSEHOLD_EDIT = "household_edit"
    VISIT_VIEW = "visit_view"
    VISIT_LOG = "visit_log"
    VISIT_LOG_FOR = "visit_log_for"
    PETITION_VIEW = "petition_view"
    PETITION_RAISE = "petition_raise"
    PETITION_DESK = "petition_desk"
    PETITION_ANSWER = "petition_answer"
    DASHBOARD = "dashboard"
    GRADE_VIEW = "grade_view"
    GRADE_DECIDE = "grade_decide"
    DUTY_CONFIRM = "duty_confirm"
    ACCOUNTS = "accounts"
    SLIPS = "slips"
    SETTINGS = "settings"
    AUDIT = "audit"
