"""What a regulation asks of a grade: criteria, thresholds, disqualifying conditions; dated, each with its source."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models import Decree, PartyOrg
from reports.grades import Effect, Grade
from reports.models.grading import GradingScheme


class GradeThreshold(models.Model):
    """What an organisation needs for a grade under a regulation; a limit that is empty is not asked.

    Percent of the year's tasks: done, on time, late (at most), above requirement; percent of last year's defects
    remedied. Under the method of levels `core_level` is the lowest allowed of the task criteria, `other_level` of the
    others (4 best, 1 poor).
    """

    scheme = models.ForeignKey(GradingScheme, models.CASCADE, related_name="thresholds")
    grade = models.CharField(pgettext_lazy("grade", "Grade"), max_length=10, choices=Grade.choices)
    least_points = models.DecimalField(
        _("Points from"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    done_percent = models.PositiveSmallIntegerField(_("Tasks done (%)"), null=True, blank=True)
    on_time_percent = models.PositiveSmallIntegerField(_("Tasks on time (%)"), null=True, blank=True)
    late_percent = models.PositiveSmallIntegerField(_("Late tasks at most (%)"), null=True, blank=True)
    above_percent = models.PositiveSmallIntegerField(_("Tasks above requirement (%)"), null=True, blank=True)
    remedied_percent = models.PositiveSmallIntegerField(_("Defects remedied (%)"), null=True, blank=True)
    no_discipline = models.BooleanField(_("Nobody disciplined"), default=False)
    core_level = models.PositiveSmallIntegerField(_("Task criteria at least"), null=True, blank=True)
    other_level = models.PositiveSmallIntegerField(_("Other criteria at least"), null=True, blank=True)
    is_confirmed = models.BooleanField(_("Confirmed"), default=False)
    source = models.CharField(_("Source"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("condition of a grade")
        verbose_name_plural = _("conditions of the grades")
        constraints = [models.UniqueConstraint(fields=["scheme", "grade"], name="threshold_once")]

    def __str__(self) -> str:
        return str(self.get_grade_display())


class CriteriaSet(models.Model):
    """The criteria for one family of organisations under a regulation, as a committee issued them.

    `issued_by` is the committee whose organisations it holds for; none: the portal's own, for all. `first_year` and
    `last_year` (empty: still) bound the years it holds for.
    """

    scheme = models.ForeignKey(GradingScheme, models.CASCADE, related_name="criteria_sets")
    family = models.CharField(pgettext_lazy("eval", "For"), max_length=20)
    title = models.CharField(_("Title"), max_length=200)
    issued_by = models.ForeignKey(PartyOrg, models.PROTECT, related_name="+", null=True, blank=True)
    decree = models.ForeignKey(Decree, models.PROTECT, related_name="+", null=True, blank=True)
    first_year = models.PositiveSmallIntegerField()
    last_year = models.PositiveSmallIntegerField(null=True, blank=True)
    is_confirmed = models.BooleanField(_("Confirmed"), default=False)
    source = models.CharField(_("Source"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("set of criteria")
        verbose_name_plural = _("sets of criteria")

    def __str__(self) -> str:
        return self.title


class Criterion(models.Model):
    """`is_task` marks the results of tasks (70 points in 2025) apart from the general criteria (30).

    `evidence` names what the portal shows beside it, a key of `reports/evidence`; empty: nothing.
    """

    criteria_set = models.ForeignKey(CriteriaSet, models.CASCADE, related_name="criteria")
    order = models.PositiveSmallIntegerField()
    group = models.CharField(_("Part"), max_length=200, blank=True)
    text = models.CharField(pgettext_lazy("eval", "Criterion"), max_length=500)
    max_points = models.DecimalField(_("Points at most"), max_digits=5, decimal_places=2, default=0)
    is_task = models.BooleanField(_("Result of tasks"), default=False)
    evidence = models.CharField(_("Evidence"), max_length=20, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("eval", "criterion")
        verbose_name_plural = pgettext_lazy("eval", "criteria")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["criteria_set", "order"], name="criterion_once")]

    def __str__(self) -> str:
        return self.text


class DisqualifyingRule(models.Model):
    """A condition that bars a grade or forces one (`grade`), or takes points off (`points`)."""

    scheme = models.ForeignKey(GradingScheme, models.CASCADE, related_name="rules")
    code = models.CharField(max_length=30)
    text = models.CharField(pgettext_lazy("eval", "Condition"), max_length=500)
    effect = models.CharField(pgettext_lazy("disqualifying", "Effect"), max_length=10, choices=Effect.choices)
    grade = models.CharField(
        pgettext_lazy("grade", "Grade"), max_length=10, choices=Grade.choices, blank=True
    )
    points = models.DecimalField(_("Points"), max_digits=5, decimal_places=2, null=True, blank=True)
    is_discipline = models.BooleanField(_("About discipline"), default=False)
    is_confirmed = models.BooleanField(_("Confirmed"), default=False)
    source = models.CharField(_("Source"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("disqualifying condition")
        verbose_name_plural = _("disqualifying conditions")
        constraints = [models.UniqueConstraint(fields=["scheme", "code"], name="disqualifying_once")]

    def __str__(self) -> str:
        return self.text
