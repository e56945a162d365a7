"""The invented accounts of the demonstration: shown on its sign-in page, refused by production."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DemoAccount(NamedTuple):
    username: str
    role: str | Promise
    purpose: str | Promise


ACCOUNTS = [
    DemoAccount("tinh", _("Follows the whole province"), _("Overview, places and figures of the province")),
    DemoAccount("tochuc", _("Organisation Commission"), _("Assignments, rosters, year-end evaluation")),
    DemoAccount("xa", _("Commune staff of Hương Mỹ"), _("Hamlets, groups, households, recommendations")),
    DemoAccount("canbo", _("Cadre following a hamlet"), _("Logs visits on a phone")),
    DemoAccount("coquan", _("Answering body"), _("Answers recommendations")),
    DemoAccount("quantri", _("Steward"), _("Accounts, imports from Excel")),
]


def demo_password(username: str) -> str:
    return f"gan-dan-{username}"
