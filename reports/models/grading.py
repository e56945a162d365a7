"""Grading: the dated rules, a round for a period and subtree, and what was decided for each organisation."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.levels import OrgKind
from portal.models import Decree, PartyOrg, Place, User
from reports.graded_periods import QUARTERS, WHOLE_YEAR, GradedPeriod
from reports.grades import Base, Grade, Grouping, LeftOut, Method, Rounding


def newest_quarter(field: str) -> models.Case:
    """To sort by: the whole year, then the fourth quarter back to the first."""
    whole = models.When(**{field: WHOLE_YEAR}, then=0)
    return models.Case(whole, default=QUARTERS[-1] + 1 - models.F(field))


class Graded(models.QuerySet):
    """Rows of a year or of one of its quarters: what is asked of a year never answers with a quarter's."""

    def of(self, period: GradedPeriod) -> Self:
        return self.filter(year=period.year, quarter=period.quarter)

    def yearly(self) -> Self:
        return self.filter(quarter=WHOLE_YEAR)

    def newest_first(self) -> Self:
        """The year before its quarters, the later quarter before the earlier."""
        return self.order_by("-year", newest_quarter("quarter"), "pk")


def no_other_quarter(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(name=name, condition=Q(quarter__in=[WHOLE_YEAR, *QUARTERS]))


class GradingScheme(models.Model):
    """The regulation under which the years `first_year` to `last_year` (empty: still) are graded.

    `has_quarters` is open in the regulation for cells: off until the office turns it on, unconfirmed until a document.
    """

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(_("Regulation"), max_length=200)
    first_year = models.PositiveSmallIntegerField()
    last_year = models.PositiveSmallIntegerField(null=True, blank=True)
    method = models.CharField(
        pgettext_lazy("grading method", "Method"),
        max_length=10,
        choices=Method.choices,
        default=Method.LEVELS,
    )
    source = models.CharField(_("Source"), max_length=300, blank=True)
    has_quarters = models.BooleanField(pgettext_lazy("eval", "Quarters are graded too"), default=False)
    quarters_confirmed = models.BooleanField(default=False)
    quarters_source = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("regulation of the evaluation")
        verbose_name_plural = _("regulations of the evaluation")

    def __str__(self) -> str:
        return self.name

    @property
    def scheme_id(self) -> int:
        """As its rules say it."""
        return self.pk


class ExcellenceCap(models.Model):
    """The ceiling's base, grouping and rounding are open in the regulation: dated settings, unconfirmed at first."""

    scheme = models.ForeignKey(GradingScheme, models.CASCADE, related_name="caps")
    percent = models.DecimalField(_("Percent"), max_digits=5, decimal_places=2)
    base = models.CharField(pgettext_lazy("cap", "Base"), max_length=15, choices=Base.choices)
    grouping = models.CharField(pgettext_lazy("cap", "Grouping"), max_length=10, choices=Grouping.choices)
    rounding = models.CharField(pgettext_lazy("cap", "Rounding"), max_length=10, choices=Rounding.choices)
    min_one = models.BooleanField(_("At least one in each group"), default=False)
    is_confirmed = models.BooleanField(_("Confirmed"), default=False)
    source = models.CharField(_("Source"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("ceiling of the best grade")
        verbose_name_plural = _("ceilings of the best grade")

    def __str__(self) -> str:
        return f"{number_format(format(self.percent.normalize(), 'f'))}%"


class RoundState(models.TextChoices):
    OPEN = "open", pgettext_lazy("round", "Open")
    LOCKED = "locked", pgettext_lazy("eval step", "Locked")


class Round(models.Model):
    """The grading of one year or quarter in one place. Locking freezes `snapshot`: the table as it was decided.

    `quarter` is 0 where the whole year is graded. An organisation founded less than `new_under_months` before the end
    of the period is left out; 0: none is. `announce_on` is planned; `announced_on` is when it last happened.
    """

    year = models.PositiveSmallIntegerField(_("Year"))
    quarter = models.PositiveSmallIntegerField(pgettext_lazy("period", "Quarter"), default=WHOLE_YEAR)
    place = models.ForeignKey(Place, models.PROTECT, related_name="rounds")
    scheme = models.ForeignKey(GradingScheme, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=RoundState.choices, default=RoundState.OPEN)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    new_under_months = models.PositiveSmallIntegerField(_("Left out when founded within (months)"), default=0)
    self_due = models.DateField(_("Self-assessments until"), null=True, blank=True)
    appraise_due = models.DateField(_("Appraisals until"), null=True, blank=True)
    decide_due = models.DateField(_("Decisions until"), null=True, blank=True)
    announce_on = models.DateField(_("Results are announced on"), null=True, blank=True)
    announced_on = models.DateField(null=True, blank=True)
    locked_at = models.DateTimeField(null=True, blank=True)
    snapshot = models.JSONField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    objects = Graded.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("eval", "evaluation round")
        verbose_name_plural = pgettext_lazy("eval", "evaluation rounds")
        constraints = [
            models.UniqueConstraint(fields=["year", "quarter", "place"], name="round_once"),
            no_other_quarter("round_quarter"),
        ]

    def __str__(self) -> str:
        return f"round of {self.period.code}"

    @property
    def period(self) -> GradedPeriod:
        return GradedPeriod(self.year, self.quarter)


class SetCeiling(models.Model):
    """Another number of EXCELLENT than was reckoned, allowed to the organisations of a family under one superior.

    Without a superior it holds for the family in the whole round, where the rule groups so.
    A withdrawn one stays, and one at a time is in force. What the rule gave when it was set stands in the audit book.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="set_ceilings")
    family = models.CharField(max_length=20)
    superior = models.ForeignKey(PartyOrg, models.PROTECT, related_name="+", null=True, blank=True)
    number = models.PositiveIntegerField(pgettext_lazy("cap", "Number set"))
    reason = models.CharField(_("Reason"), max_length=300)
    decree = models.ForeignKey(Decree, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("cap", "ceiling set by the office")
        verbose_name_plural = pgettext_lazy("cap", "ceilings set by the office")
        constraints = [
            models.UniqueConstraint(
                fields=["round", "family", "superior"],
                condition=Q(withdrawn_at=None),
                name="set_ceiling_once",
            ),
            # Two empty superiors are never equal to a database.
            models.UniqueConstraint(
                fields=["round", "family"],
                condition=Q(withdrawn_at=None, superior=None),
                name="set_ceiling_of_round_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)


class Evaluation(models.Model):
    """The decided grade of an organisation for a year or a quarter, or why it was left out; one of the two.

    Kept by organisation and period, so that overlapping rounds read the same row. Ask by `of` or `yearly`.
    """

    org = models.ForeignKey(PartyOrg, models.PROTECT, related_name="evaluations")
    year = models.PositiveSmallIntegerField(_("Year"))
    quarter = models.PositiveSmallIntegerField(pgettext_lazy("period", "Quarter"), default=WHOLE_YEAR)
    kind = models.CharField(max_length=20, choices=OrgKind.choices)
    grade = models.CharField(
        pgettext_lazy("grade", "Grade"), max_length=10, choices=Grade.choices, blank=True
    )
    left_out = models.CharField(_("Left out"), max_length=15, choices=LeftOut.choices, blank=True)
    decree = models.ForeignKey(Decree, models.PROTECT, related_name="+", null=True, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    objects = Graded.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("eval", "evaluation")
        verbose_name_plural = pgettext_lazy("eval", "evaluations")
        constraints = [
            models.UniqueConstraint(fields=["org", "year", "quarter"], name="evaluation_once"),
            no_other_quarter("evaluation_quarter"),
            models.CheckConstraint(
                name="evaluation_grade_or_reason",
                condition=(~Q(grade="") & Q(left_out="")) | (Q(grade="") & ~Q(left_out="")),
            ),
        ]
        indexes = [models.Index(fields=["year", "kind"], name="evaluation_year")]

    def __str__(self) -> str:
        return f"grade of {self.period.code}"

    @property
    def period(self) -> GradedPeriod:
        return GradedPeriod(self.year, self.quarter)


class EvaluationStep(models.Model):
    """Every time a grade was entered or changed; only ever added to."""

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    grade = models.CharField(max_length=10, blank=True)
    left_out = models.CharField(max_length=15, blank=True)
    decree = models.ForeignKey(Decree, models.PROTECT, related_name="+", null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
