"""The usual meeting day of a party cell, dated like its other facts."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assignments.usual_days import UsualDay
from portal.models import PartyOrg
from portal.models.spans import Current, NoOverlap, stretch


class MeetingDay(models.Model):
    """Either a day of the month (1–31), or a weekday (0 is Monday) and its week in the month (5 is the last)."""

    org = models.ForeignKey(PartyOrg, models.PROTECT, related_name="meeting_days")
    day_of_month = models.PositiveSmallIntegerField(null=True, blank=True)
    week = models.PositiveSmallIntegerField(null=True, blank=True)
    weekday = models.PositiveSmallIntegerField(null=True, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = Current.as_manager()

    class Meta:
        verbose_name = _("usual meeting day")
        verbose_name_plural = _("usual meeting days")
        constraints = [
            stretch("meeting_day_length"),
            NoOverlap(keys=["org"], name="meeting_day_once"),
            models.CheckConstraint(
                name="meeting_day_of_one_form",
                condition=Q(day_of_month__range=(1, 31), week=None, weekday=None)
                | Q(day_of_month=None, week__range=(1, 5), weekday__range=(0, 6)),
            ),
        ]

    def __str__(self) -> str:
        return str(self.usual)

    @property
    def usual(self) -> UsualDay:
        return UsualDay(self.day_of_month, self.week, self.weekday)
