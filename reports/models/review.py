"""The way of one organisation through a round: suggestions, self-assessment, opinions, appraisal, decision, notice.

What was decided stands in `Evaluation`, as before; here stands how it came to be.
"""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models import Decree, PartyOrg, User
from reports.graded_periods import WHOLE_YEAR, GradedPeriod
from reports.grades import Grade
from reports.models.criteria import CriteriaSet, Criterion, DisqualifyingRule
from reports.models.grading import Round, newest_quarter


class ReviewState(models.TextChoices):
    """Where it stands; each is the last step that was taken."""

    WAITING = "waiting", pgettext_lazy("eval step", "Self-assessment not begun")
    WRITING = "writing", pgettext_lazy("eval step", "Self-assessment being written")
    ASSESSED = "assessed", pgettext_lazy("eval step", "Self-assessment handed in")
    RETURNED = "returned", pgettext_lazy("eval step", "Returned with comments")
    APPRAISED = "appraised", pgettext_lazy("eval step", "Appraised, grade proposed")
    DECIDED = "decided", pgettext_lazy("eval step", "Grade decided")
    ANNOUNCED = "announced", pgettext_lazy("eval step", "Results announced")


class Stage(models.TextChoices):
    """Whose points: those of the organisation itself, or those of the appraisal."""

    SELF = "self", pgettext_lazy("eval step", "Self-assessment")
    APPRAISAL = "appraisal", pgettext_lazy("eval step", "Appraisal")


class Reviewed(models.QuerySet):
    """Reviews by the period of their round; those of a quarter are none of its year's."""

    def of(self, period: GradedPeriod) -> Self:
        return self.filter(round__year=period.year, round__quarter=period.quarter)

    def yearly(self) -> Self:
        return self.filter(round__quarter=WHOLE_YEAR)

    def newest_first(self) -> Self:
        return self.order_by("-round__year", newest_quarter("round__quarter"), "pk")


class Review(models.Model):
    """Of one organisation in one round. Points are sums of its scores, kept when the step is taken.

    `members_*` are how many members were given each grade: counts, never names. `collective_grade` is the review of
    the leading collective (standing committee, cell committee), which is not the grade of the organisation.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="reviews")
    org = models.ForeignKey(PartyOrg, models.PROTECT, related_name="reviews")
    criteria_set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="+", null=True, blank=True)
    state = models.CharField(max_length=10, choices=ReviewState.choices, default=ReviewState.WAITING)
    self_grade = models.CharField(_("Self-assessed grade"), max_length=10, choices=Grade.choices, blank=True)
    self_points = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    proposed_grade = models.CharField(_("Proposed grade"), max_length=10, choices=Grade.choices, blank=True)
    proposed_points = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    collective_grade = models.CharField(
        _("Leading collective"), max_length=10, choices=Grade.choices, blank=True
    )
    strengths = models.TextField(_("Results"), blank=True)
    defects = models.TextField(_("Shortcomings and their causes"), blank=True)
    remedies = models.TextField(_("Remedy of last year's shortcomings"), blank=True)
    responsibilities = models.TextField(_("Responsibility of the collective and of each"), blank=True)
    directions = models.TextField(_("Directions and measures"), blank=True)
    members_excellent = models.PositiveIntegerField(null=True, blank=True)
    members_good = models.PositiveIntegerField(null=True, blank=True)
    members_met = models.PositiveIntegerField(null=True, blank=True)
    members_failed = models.PositiveIntegerField(null=True, blank=True)
    tasks_done = models.PositiveSmallIntegerField(_("Tasks done (%)"), null=True, blank=True)
    tasks_on_time = models.PositiveSmallIntegerField(_("Tasks on time (%)"), null=True, blank=True)
    tasks_above = models.PositiveSmallIntegerField(_("Tasks above requirement (%)"), null=True, blank=True)
    defects_remedied = models.PositiveSmallIntegerField(_("Defects remedied (%)"), null=True, blank=True)

    objects = Reviewed.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("eval", "review")
        verbose_name_plural = pgettext_lazy("eval", "reviews")
        constraints = [models.UniqueConstraint(fields=["round", "org"], name="review_once")]
        indexes = [models.Index(fields=["org"], name="review_org")]

    def __str__(self) -> str:
        return f"review of {self.org_id}"


class ReviewScore(models.Model):
    """Points for a criterion, or its level (4 best, 1 poor) under the method of levels."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    stage = models.CharField(max_length=10, choices=Stage.choices)
    points = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.CharField(_("Remarks"), max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "criterion", "stage"], name="review_score_once")
        ]


class Suggestion(models.Model):
    """A point the superior asked to be reviewed (gợi ý kiểm điểm); the self-assessment has to answer each."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="suggestions")
    text = models.CharField(pgettext_lazy("eval", "Point"), max_length=1000)
    decree = models.ForeignKey(Decree, models.PROTECT, related_name="+", null=True, blank=True)
    answer = models.TextField(pgettext_lazy("eval", "Answer"), blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()


class RuleApplied(models.Model):
    """A disqualifying condition that holds for an organisation: the document, who entered it; never a name."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="rules_applied")
    rule = models.ForeignKey(DisqualifyingRule, models.PROTECT, related_name="+")
    decree = models.ForeignKey(Decree, models.PROTECT, related_name="+", null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review", "rule"],
                condition=models.Q(withdrawn_at=None),
                name="rule_applied_once",
            )
        ]


class ReviewStep(models.Model):
    """Every step, with who and when; only ever added to.

    `ballots` are numbers of votes by grade where a committee kept them. `evidence` is what stood beside the criteria
    when the step was taken, frozen, with its SHA-256.
    """

    class Kind(models.TextChoices):
        SUGGESTED = "suggested", pgettext_lazy("eval step", "Points suggested for review")
        HANDED_IN = "handed_in", pgettext_lazy("eval step", "Self-assessment handed in")
        OPINION = "opinion", pgettext_lazy("eval step", "Opinion of a related body")
        RETURNED = "returned", pgettext_lazy("eval step", "Returned with comments")
        APPRAISED = "appraised", pgettext_lazy("eval step", "Appraised, grade proposed")
        DECIDED = "decided", pgettext_lazy("eval step", "Grade decided")
        ANNOUNCED = "announced", pgettext_lazy("eval step", "Results announced")
        CORRECTED = "corrected", pgettext_lazy("eval step", "Decision corrected")

    review = models.ForeignKey(Review, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    body = models.CharField(pgettext_lazy("eval", "Body"), max_length=160, blank=True)
    text = models.CharField(max_length=1000, blank=True)
    grade = models.CharField(max_length=10, choices=Grade.choices, blank=True)
    points = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    decree = models.ForeignKey(Decree, models.PROTECT, related_name="+", null=True, blank=True)
    ballots = models.JSONField(null=True, blank=True)
    evidence = models.JSONField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [models.Index(fields=["review", "at"], name="review_step_order")]
