"""Rules that every floor needs: a value in, a list of problems out."""

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from portal.vietnamese import looks_like_identity_number

Problem = str | Promise


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
