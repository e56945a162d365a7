"""Rules that every floor needs: a value in, a list of problems out."""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.vietnamese import looks_like_identity_number

Problem = str | Promise
USERNAME = re.compile(r"[a-z][a-z0-9.-]{1,59}")


def freetext_problems(text: str) -> list[Problem]:
    """What may not stand in a free text. A net for honest mistakes; the hints beside the box say the rest."""
    if looks_like_identity_number(text):
        return [
            pgettext_lazy(
                "error",
                "This looks like an identity or account number. It is not stored. Remove it to continue.",
            )
        ]
    return []


def username_problems(username: str) -> list[Problem]:
    """A user name is told over the telephone: short, lower case, without tone marks."""
    if USERNAME.fullmatch(username):
        return []
    return [
        _("Use 2 to 60 small letters without tone marks, digits, dots or hyphens, beginning with a letter.")
    ]
