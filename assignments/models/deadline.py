"""How long an answering body has, by its level of competence, and the days on which no office works."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.levels import Level
from portal.models.spans import Current, NoOverlap, stretch


class AnswerNorm(models.Model):
    """No regulation names a deadline, so the numbers are a setting of the office with its own dates."""

    level = models.CharField(_("Level of competence"), max_length=10, choices=Level.choices)
    working_days = models.PositiveSmallIntegerField(_("Working days"))
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    source = models.CharField(_("Source"), max_length=300, blank=True)
    is_confirmed = models.BooleanField(_("Confirmed"), default=False)

    objects = Current.as_manager()

    class Meta:
        verbose_name = _("time to answer")
        verbose_name_plural = _("times to answer")
        constraints = [stretch("answer_norm_length"), NoOverlap(keys=["level"], name="answer_norm_once")]

    def __str__(self) -> str:
        return f"{self.level}: {self.working_days}"


class Holiday(models.Model):
    """A day off that is not a weekend, or a Saturday or Sunday worked in exchange for one; those around Tết are
    announced year by year. Each stands there with its decision, and counts once it is confirmed."""

    day = models.DateField(_("Day"), unique=True)
    name = models.CharField(_("Name"), max_length=120)
    is_worked = models.BooleanField(_("Worked in exchange for another day"), default=False, db_default=False)
    source = models.CharField(_("Source"), max_length=300, blank=True, default="", db_default="")
    is_confirmed = models.BooleanField(_("Confirmed"), default=False)

    class Meta:
        verbose_name = _("day off")
        verbose_name_plural = _("days off")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.is_worked and self.day and self.day.weekday() < 5:
            raise ValidationError({"is_worked": _("Only a Saturday or a Sunday is worked in exchange.")})
