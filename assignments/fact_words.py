"""What is counted of party organisations and of their work, and which small counts of persons are not shown."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

SMALLEST_SHOWN = 5


class FactForm(TextChoices):
    YES_NO = "yes_no", pgettext_lazy("fact", "Yes or no")
    COUNT = "count", pgettext_lazy("fact", "Number")
    TEXT = "text", pgettext_lazy("fact", "Number of a document")


class FactGrain(TextChoices):
    YEAR = "year", pgettext_lazy("fact", "Year")
    TERM = "term", pgettext_lazy("fact", "Term")


class FactGroup(TextChoices):
    """In the order of the page."""

    POSTS = "posts", pgettext_lazy("fact group", "Combined posts")
    WORK = "work", pgettext_lazy("fact group", "Meeting place, rules, meetings")
    MEMBERS = "members", pgettext_lazy("fact group", "Growth of membership")
    COMMITMENTS = "commitments", pgettext_lazy("fact group", "Yearly commitments")


class WorkState(TextChoices):
    """Where a work item stands in a month; `ABOVE` is done and above what was required."""

    ON_TIME = "on_time", pgettext_lazy("work item", "On time")
    LATE = "late", pgettext_lazy("work item", "Late")
    DONE = "done", pgettext_lazy("work item", "Done")
    ABOVE = "above", pgettext_lazy("work item", "Above requirement")


FINISHED = (WorkState.DONE, WorkState.ABOVE)


class Sector(TextChoices):
    PARTY = "party", pgettext_lazy("sector", "Party building")
    ECONOMY = "economy", pgettext_lazy("sector", "Economy")
    SOCIETY = "society", pgettext_lazy("sector", "Culture and society")
    SECURITY = "security", pgettext_lazy("sector", "Defence, security")
    COUNTRYSIDE = "countryside", pgettext_lazy("sector", "New-style countryside")
    MASS = "mass", pgettext_lazy("sector", "Front and mass mobilisation")
    OTHER = "other", pgettext_lazy("sector", "Other")


def small(number: int | None) -> bool:
    return number is not None and 0 < number < SMALLEST_SHOWN


def hidden_among(numbers: Mapping[int, int]) -> set[int]:
    """Keys of the counts of one committee's cells that are not shown above its commune.

    A single small count could be worked out from the total, so the smallest other one is hidden with it.
    """
    found = {key for key, number in numbers.items() if small(number)}
    if len(found) == 1:
        others = [(number, key) for key, number in numbers.items() if number and key not in found]
        found |= {min(others)[1]} if others else set()
    return found
