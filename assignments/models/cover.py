"""Temporary cover: for some days another cadre follows in place of the one assigned, who stays assigned."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assignments.models.assignment import Assignment
from assignments.models.cadre import Cadre
from assignments.topics import Excuse
from portal.models import User
from portal.models.spans import Current, NoOverlap, stretch


class Cover(models.Model):
    """No assignment of its own: whoever covers owes nothing by it. It never outlasts the assignment it covers."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="covers")
    cadre = models.ForeignKey(Cadre, models.PROTECT, related_name="covers")
    reason = models.CharField(
        pgettext_lazy("excuse", "Reason for being excused"), max_length=10, choices=Excuse.choices
    )
    since = models.DateField()
    until = models.DateField()
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    objects = Current.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("assignment", "temporary cover")
        verbose_name_plural = pgettext_lazy("assignment", "temporary covers")
        constraints = [
            stretch("cover_length"),
            NoOverlap(
                keys=["assignment"],
                name="cover_once",
                violation_error_message=_("Somebody covers this assignment in these days already."),
            ),
        ]
        indexes = [models.Index(fields=["cadre", "since", "until"], name="cover_cadre")]

    def __str__(self) -> str:
        return f"cover {self.pk}"
