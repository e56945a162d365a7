"""Assignments: who follows what, in which role, by which decision, since and until when."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assignments.models.cadre import Cadre
from assignments.topics import AssignmentRole, EndReason, Tier
from portal.models import Decree, PartyOrg, Place
from portal.models.spans import Current, NoOverlap, stretch


class Assignment(models.Model):
    """Of a place or of a party organisation. Closed with a reason, never overwritten."""

    cadre = models.ForeignKey(Cadre, models.PROTECT, related_name="assignments")
    place = models.ForeignKey(Place, models.PROTECT, related_name="assignments", null=True, blank=True)
    org = models.ForeignKey(PartyOrg, models.PROTECT, related_name="assignments", null=True, blank=True)
    role = models.CharField(
        pgettext_lazy("assignment", "Role"), max_length=10, choices=AssignmentRole.choices
    )
    tier = models.CharField(_("Tier"), max_length=10, choices=Tier.choices)
    decree = models.ForeignKey(Decree, models.PROTECT, related_name="+", null=True, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    end_reason = models.CharField(
        _("Reason for ending"), max_length=15, choices=EndReason.choices, blank=True
    )

    objects = Current.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("assignment", "assignment")
        verbose_name_plural = pgettext_lazy("assignment", "assignments")
        constraints = [
            stretch("assignment_length"),
            models.CheckConstraint(
                name="assignment_one_target",
                condition=Q(place__isnull=False, org=None) | Q(place=None, org__isnull=False),
            ),
            NoOverlap(
                keys=["cadre", "place"],
                name="assignment_place_once",
                violation_error_message=_("This cadre already follows this place in these days."),
            ),
            NoOverlap(
                keys=["cadre", "org"],
                name="assignment_org_once",
                violation_error_message=_("This cadre already follows this organisation in these days."),
            ),
        ]
        indexes = [
            models.Index(fields=["place", "since", "until"], name="assignment_place"),
            models.Index(fields=["org", "since", "until"], name="assignment_org"),
            models.Index(fields=["cadre", "since", "until"], name="assignment_cadre"),
        ]
