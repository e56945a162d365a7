"""What every template may read: the demo mark, the province's name today, and the navigation of this person."""

from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import pgettext, pgettext_lazy

from portal.levels import full_name
from portal.models import PlaceSpan
from portal.permissions import Permission as P
from portal.roles import Role


class Entry(NamedTuple):
    label: str
    url: str
    icon: str
    is_current: bool


# (label, address, icon, any of these permissions)
STAFF = [
    (pgettext_lazy("nav", "Overview"), "reports:overview", "chart", {P.DASHBOARD}),
    (pgettext_lazy("nav", "Places"), "reports:places", "place", {P.SIGNED_IN}),
    (pgettext_lazy("nav", "Cadres"), "assignments:cadres", "people", {P.ROSTER_VIEW}),
    (pgettext_lazy("nav", "Visits"), "assignments:visits", "pen", {P.VISIT_VIEW}),
    (
        pgettext_lazy("nav", "Visit plan"),
        "assignments:plans",
        "clock",
        {P.PLAN_VIEW, P.VISIT_LOG, P.VISIT_LOG_FOR},
    ),
    (pgettext_lazy("nav", "Recommendations"), "assignments:petitions", "talk", {P.PETITION_VIEW}),
    (pgettext_lazy("nav", "Party organisations"), "portal:orgs", "people", {P.ORG_EDIT, P.GRADE_VIEW}),
    (pgettext_lazy("nav", "Evaluation"), "reports:rounds", "check", {P.GRADE_VIEW}),
    (pgettext_lazy("nav", "Imports"), "reports:imports", "up", {P.IMPORT, P.HOUSEHOLD_EDIT}),
    (pgettext_lazy("nav", "Accounts"), "portal:accounts", "user", {P.ACCOUNTS, P.SLIPS}),
    (pgettext_lazy("nav", "Audit book"), "reports:audit_book", "lock", {P.AUDIT}),
    (pgettext_lazy("nav", "Reference tables"), "admin:index", "check", {P.SETTINGS}),
]
CADRE = [
    (pgettext_lazy("nav", "Places"), "reports:places", "place", {P.SIGNED_IN}),
    (pgettext_lazy("nav", "Log a visit"), "assignments:visit_new", "pen", {P.VISIT_LOG, P.VISIT_LOG_FOR}),
    (pgettext_lazy("nav", "Recommendations"), "assignments:petitions", "talk", {P.PETITION_VIEW}),
    (pgettext_lazy("nav", "More"), "portal:account", "more", {P.SIGNED_IN}),
]
CELL = [
    (pgettext_lazy("nav", "Cell meetings"), "assignments:meetings", "doc", {P.MEETING_VIEW}),
    (pgettext_lazy("nav", "Places"), "reports:places", "place", {P.SIGNED_IN}),
    (pgettext_lazy("nav", "Party organisations"), "portal:orgs", "people", {P.GRADE_VIEW}),
    (pgettext_lazy("nav", "Evaluation"), "reports:rounds", "check", {P.GRADE_VIEW}),
]
EVALUATION = "reports:rounds"
FIELD_ROLES = {Role.CADRE, Role.ASSISTANT}


def portal(request: HttpRequest) -> dict[str, Any]:
    signed_in = getattr(request, "user", None) is not None and request.user.is_authenticated
    in_field = signed_in and bool(request.reach.roles) and request.reach.roles <= FIELD_ROLES
    return {
        "demo": settings.DEMO,
        "today": timezone.localdate(),
        # Asked once, and only by a page that shows it.
        "province_name": SimpleLazyObject(_province_name),
        "nav": _navigation(request, in_field) if signed_in else [],
        "in_field": in_field,
        "offline_days": settings.OFFLINE_DAYS,
        "notices": request.reach.notices if signed_in else [],
        "user_roles": ", ".join(sorted(str(Role(role).label) for role in request.reach.roles))
        if signed_in
        else "",
    }


def _province_name() -> str:
    here = PlaceSpan.objects.current(timezone.localdate()).filter(code=settings.PROVINCE_CODE)
    return next((full_name(*named) for named in here.values_list("kind", "name")[:1]), "")


def _navigation(request: HttpRequest, in_field: bool) -> list[Entry]:
    home = pgettext("nav", "My work") if request.reach.roles & {*FIELD_ROLES} else pgettext("nav", "Home")
    of_cell = request.reach.roles == {Role.CELL_SECRETARY}
    rest = CADRE if in_field else CELL if of_cell else STAFF
    table = [(home, "reports:home", "home", {P.SIGNED_IN}), *rest]
    entries = []
    for label, name, icon, permissions in table:
        if not any(request.reach.may(permission) for permission in permissions):
            continue
        if name == EVALUATION and not settings.EVALUATION_HERE:
            continue
        url = reverse(name)
        current = request.path == url or (name != "reports:home" and request.path.startswith(url))
        entries.append(Entry(str(label), url, icon, current))
    return entries
