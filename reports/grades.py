"""The four grades and the arithmetic of the ceiling for EXCELLENT. No database, no dates of today."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Grade(TextChoices):
    """The same four names in every regulation since 2018."""

    EXCELLENT = "excellent", pgettext_lazy("grade", "EXCELLENT")
    GOOD = "good", pgettext_lazy("grade", "GOOD")
    MET = "met", pgettext_lazy("grade", "MET")
    FAILED = "failed", pgettext_lazy("grade", "FAILED")


class LeftOut(TextChoices):
    """Why an organisation is not graded; such organisations are in no base."""

    NEW = "new", pgettext_lazy("left out", "Newly founded")
    ENDED = "ended", pgettext_lazy("left out", "Merged or dissolved")
    UNDER_REVIEW = "under_review", pgettext_lazy("left out", "Under consideration")
    OTHER = "other", pgettext_lazy("left out", "Another reason")


class Base(TextChoices):
    """What the ceiling's percent is taken of; practice knows all four."""

    GOOD_ONLY = "good_only", pgettext_lazy("cap", "Graded GOOD")
    GOOD_OR_BETTER = "good_or_better", pgettext_lazy("cap", "Graded GOOD or better")
    ALL_GRADED = "all_graded", pgettext_lazy("cap", "All graded")
    ALL_EXISTING = "all_existing", pgettext_lazy("cap", "All existing")


class Rounding(TextChoices):
    FLOOR = "floor", pgettext_lazy("cap", "Down")
    HALF_UP = "half_up", pgettext_lazy("cap", "Half up")
    CEIL = "ceil", pgettext_lazy("cap", "Up")


class Grouping(TextChoices):
    SUPERIOR = "superior", pgettext_lazy("cap", "Each directly superior organisation")
    ALL = "all", pgettext_lazy("cap", "The whole round")
