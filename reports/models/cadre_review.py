"""The year of the assigned cadres: own report, opinions, decision. Seen by the cadre and by whoever decides."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assignments.models import Cadre
from portal.models import Decree, PartyOrg, Place, User
from reports.grades import Grade


class CadreRoundState(models.TextChoices):
    OPEN = "open", pgettext_lazy("round", "Open")
    ANNOUNCED = "announced", pgettext_lazy("eval step", "Results announced")
    LOCKED = "locked", pgettext_lazy("eval step", "Locked")


class CadreReviewState(models.TextChoices):
    """Where it stands; each is the last step that was taken."""

    WAITING = "waiting", pgettext_lazy("cadre review", "Own report not begun")
    WRITING = "writing", pgettext_lazy("cadre review", "Own report being written")
    HANDED_IN = "handed_in", pgettext_lazy("cadre review", "Own report handed in")
    RETURNED = "returned", pgettext_lazy("eval step", "Returned with comments")
    PLACE_HEARD = "place", pgettext_lazy("cadre review", "Opinion of the place followed given")
    HEARD = "heard", pgettext_lazy("cadre review", "Opinion of the workplace given")
    DECIDED = "decided", pgettext_lazy("eval step", "Grade decided")
    ANNOUNCED = "announced", pgettext_lazy("eval step", "Results announced")
    LEFT_OUT = "left_out", pgettext_lazy("cadre review", "Left out")


class CadreRound(models.Model):
    """Of the cadres who followed something within `place` in the year. Locking freezes `snapshot`."""

    year = models.PositiveSmallIntegerField(_("Year"))
    place = models.ForeignKey(Place, models.PROTECT, related_name="cadre_rounds")
    state = models.CharField(max_length=10, choices=CadreRoundState.choices, default=CadreRoundState.OPEN)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    own_due = models.DateField(pgettext_lazy("cadre review", "Own reports until"), null=True, blank=True)
    opinion_due = models.DateField(pgettext_lazy("cadre review", "Opinions until"), null=True, blank=True)
    decide_due = models.DateField(_("Decisions until"), null=True, blank=True)
    announced_on = models.DateField(null=True, blank=True)
    locked_at = models.DateTimeField(null=True, blank=True)
    snapshot = models.JSONField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("cadre review", "yearly round of cadres")
        verbose_name_plural = pgettext_lazy("cadre review", "yearly rounds of cadres")
        constraints = [models.UniqueConstraint(fields=["year", "place"], name="cadre_round_once")]

    def __str__(self) -> str:
        return f"cadre round of {self.year}"


class CadreReview(models.Model):
    """Of one cadre in one round. `record` is what was counted when the report was handed in; before that it is live."""

    round = models.ForeignKey(CadreRound, models.PROTECT, related_name="reviews")
    cadre = models.ForeignKey(Cadre, models.PROTECT, related_name="year_reviews")
    state = models.CharField(
        max_length=10, choices=CadreReviewState.choices, default=CadreReviewState.WAITING
    )
    results = models.TextField(pgettext_lazy("cadre review", "Results of the year"), blank=True)
    shortcomings = models.TextField(_("Shortcomings and their causes"), blank=True)
    directions = models.TextField(_("Directions and measures"), blank=True)
    self_grade = models.CharField(
        pgettext_lazy("cadre review", "Own grade"), max_length=10, choices=Grade.choices, blank=True
    )
    record = models.JSONField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    proposed_grade = models.CharField(_("Proposed grade"), max_length=10, choices=Grade.choices, blank=True)
    grade = models.CharField(
        pgettext_lazy("grade", "Grade"), max_length=10, choices=Grade.choices, blank=True
    )
    decree = models.ForeignKey(Decree, models.PROTECT, related_name="+", null=True, blank=True)
    is_commended = models.BooleanField(
        pgettext_lazy("cadre review", "Proposed for commendation"), default=False
    )

    class Meta:
        verbose_name = pgettext_lazy("cadre review", "yearly review of a cadre")
        verbose_name_plural = pgettext_lazy("cadre review", "yearly reviews of cadres")
        constraints = [models.UniqueConstraint(fields=["round", "cadre"], name="cadre_review_once")]

    def __str__(self) -> str:
        return f"cadre review {self.pk}"


class CadreReviewPlace(models.Model):
    """What the cadre followed within the round, or the seat of the organisation followed: asked for an opinion."""

    review = models.ForeignKey(CadreReview, models.CASCADE, related_name="places")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "place"], name="cadre_review_place_once")]


class CadreReviewStep(models.Model):
    """Every step, with who and when; only ever added to. `report` keeps what the cadre wrote as it was handed in."""

    class Kind(models.TextChoices):
        HANDED_IN = "handed_in", pgettext_lazy("cadre review", "Own report handed in")
        PLACE = "place", pgettext_lazy("cadre review", "Opinion of the place followed")
        WORKPLACE = "workplace", pgettext_lazy("cadre review", "Opinion of the workplace")
        RETURNED = "returned", pgettext_lazy("eval step", "Returned with comments")
        LEFT_OUT = "left_out", pgettext_lazy("cadre review", "Left out")
        DECIDED = "decided", pgettext_lazy("eval step", "Grade decided")
        ANNOUNCED = "announced", pgettext_lazy("eval step", "Results announced")
        CORRECTED = "corrected", pgettext_lazy("eval step", "Decision corrected")

    review = models.ForeignKey(CadreReview, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", null=True, blank=True)
    text = models.CharField(max_length=1000, blank=True)
    grade = models.CharField(max_length=10, choices=Grade.choices, blank=True)
    decree = models.ForeignKey(Decree, models.PROTECT, related_name="+", null=True, blank=True)
    report = models.JSONField(null=True, blank=True)
    record = models.JSONField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [models.Index(fields=["review", "at"], name="cadre_step_order")]


class CommendedCell(models.Model):
    """An organisation graded EXCELLENT that a person ticked for the list of commendations."""

    round = models.ForeignKey(CadreRound, models.PROTECT, related_name="commended_cells")
    org = models.ForeignKey(PartyOrg, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "org"], name="commended_cell_once")]
