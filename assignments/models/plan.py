"""Planned visits: who means to go where on which day, and what became of it."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assignments.models.cadre import Cadre
from assignments.models.visit import Visit
from assignments.topics import PlanDeed, PlanState, VisitKind
from portal.models import PartyOrg, Place, User


class Plan(models.Model):
    """`visit` is the one that was logged for it; one visit may fulfil the plans of several cadres, once each.

    `purpose` is about the work, never about persons; a household visit has none.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    cadre = models.ForeignKey(Cadre, models.PROTECT, related_name="plans")
    day = models.DateField(pgettext_lazy("plan", "Planned day"))
    kind = models.CharField(_("Kind of visit"), max_length=10, choices=VisitKind.choices)
    place = models.ForeignKey(Place, models.PROTECT, related_name="plans")
    org = models.ForeignKey(PartyOrg, models.PROTECT, related_name="plans", null=True, blank=True)
    purpose = models.CharField(pgettext_lazy("plan", "Purpose"), max_length=200, blank=True)
    state = models.CharField(
        pgettext_lazy("plan", "State"),
        max_length=10,
        choices=PlanState.choices,
        default=PlanState.PLANNED,
    )
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="plans", null=True, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = pgettext_lazy("plan", "planned visit")
        verbose_name_plural = pgettext_lazy("plan", "planned visits")
        indexes = [
            models.Index(fields=["cadre", "day"], name="plan_cadre_day"),
            models.Index(fields=["place", "day"], name="plan_place_day"),
        ]
        constraints = [
            models.CheckConstraint(
                name="plan_done_by_a_visit",
                condition=Q(state=PlanState.DONE, visit__isnull=False)
                | Q(~Q(state=PlanState.DONE), visit__isnull=True),
            ),
            models.UniqueConstraint(fields=["visit", "cadre"], name="plan_visit_once"),
        ]


class PlanStep(models.Model):
    """Append-only. `day` is the day planned after the step, `before` the one it was moved from."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    deed = models.CharField(max_length=10, choices=PlanDeed.choices)
    day = models.DateField()
    before = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
