"""Visits: who was where on which day, what was ticked, promised and contributed. Nothing about persons visited."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assignments.models.assignment import Assignment
from assignments.models.cadre import Cadre
from assignments.models.duty import Duty
from assignments.models.team import Team
from assignments.topics import Attendance, Capacity, Excuse, Tier, VisitKind, VisitState
from portal.models import Household, PartyOrg, Place, User


class Visit(models.Model):
    """`uuid` is made by the client, so that a visit sent twice is stored once.

    `province` serves partitioning only. A wrong visit is withdrawn with a reason, never deleted.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    day = models.DateField(_("Day of the visit"))
    kind = models.CharField(_("Kind of visit"), max_length=10, choices=VisitKind.choices)
    place = models.ForeignKey(Place, models.PROTECT, related_name="visits")
    org = models.ForeignKey(PartyOrg, models.PROTECT, related_name="visits", null=True, blank=True)
    household = models.ForeignKey(Household, models.PROTECT, related_name="visits", null=True, blank=True)
    # Written where no household may be named; its author chooses it afterwards, or says that none is to be kept.
    household_awaited = models.BooleanField(default=False, db_default=False)
    # Logged once for all of a team who were there.
    team = models.ForeignKey(Team, models.PROTECT, related_name="visits", null=True, blank=True)
    nothing_new = models.BooleanField(_("Nothing new to report"), default=False)
    state = models.CharField(
        pgettext_lazy("visit", "State"),
        max_length=10,
        choices=VisitState.choices,
        default=VisitState.RECORDED,
    )
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    device_at = models.DateTimeField(null=True, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="visits_entered")
    # Copied afterwards from what was written down on paper.
    from_paper = models.BooleanField(default=False, db_default=False)
    province = models.ForeignKey(Place, models.PROTECT, related_name="+")

    # Of an object in memory only: stored by this very sending, not by an earlier one.
    is_just_stored = False

    class Meta:
        verbose_name = pgettext_lazy("visit", "visit")
        verbose_name_plural = pgettext_lazy("visit", "visits")
        indexes = [
            models.Index(fields=["place", "-day", "-id"], name="visit_place_day"),
            models.Index(fields=["-day", "-id"], name="visit_day"),
            models.Index(fields=["org", "-day"], name="visit_org_day"),
        ]
        constraints = [
            models.CheckConstraint(
                name="visit_household_kind", condition=Q(household=None) | Q(kind=VisitKind.HOUSEHOLD_VISIT)
            ),
            models.CheckConstraint(
                name="visit_household_awaited",
                condition=Q(household_awaited=False) | Q(household=None, kind=VisitKind.HOUSEHOLD_VISIT),
            ),
            models.CheckConstraint(
                name="visit_team_kind",
                condition=Q(team=None) | Q(kind=VisitKind.CELL_MEETING, org__isnull=False),
            ),
            models.UniqueConstraint(
                name="visit_team_once", fields=["team", "org", "day"], condition=Q(state=VisitState.RECORDED)
            ),
        ]


class VisitPerson(models.Model):
    """`tier` is the cadre's on the day, so that the tallies can be counted again from these rows alone."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="persons")
    cadre = models.ForeignKey(Cadre, models.PROTECT, related_name="visits")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="visits", null=True, blank=True)
    capacity = models.CharField(max_length=10, choices=Capacity.choices, default=Capacity.ASSIGNED)
    attendance = models.CharField(max_length=10, choices=Attendance.choices, default=Attendance.ATTENDED)
    excuse = models.CharField(max_length=10, choices=Excuse.choices, blank=True)
    tier = models.CharField(_("Tier"), max_length=10, choices=Tier.choices, default=Tier.COMMUNE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "cadre"], name="visit_person_once")]
        indexes = [models.Index(fields=["cadre", "visit"], name="visit_person_cadre")]


class VisitDuty(models.Model):
    visit = models.ForeignKey(Visit, models.CASCADE, related_name="duties")
    duty = models.ForeignKey(Duty, models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "duty"], name="visit_duty_once")]


class Promise(models.Model):
    """On a household visit only the day to come back, without text."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="promises")
    text = models.CharField(pgettext_lazy("visit", "Promised"), max_length=300, blank=True)
    due = models.DateField(null=True, blank=True)
    kept_on = models.DateField(null=True, blank=True)


class Contribution(models.Model):
    """Of a group or hamlet, never of one household: what for, how much, for how many households."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="contributions")
    purpose = models.CharField(_("What for"), max_length=200)
    amount = models.PositiveBigIntegerField(_("Value in đồng"), null=True, blank=True)
    work_days = models.PositiveIntegerField(_("Days of work"), null=True, blank=True)
    households = models.PositiveIntegerField(_("Number of households"), null=True, blank=True)


class VisitVersion(models.Model):
    """What a visit said before it was corrected, who corrected it and why."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="versions")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    before = models.JSONField()


class VisitReturn(models.Model):
    """Staff asked the authors to complete a visit. It is answered by a correction; what is counted stays as it was."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="returns")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    comment = models.CharField(_("What is missing"), max_length=300)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["visit"], condition=Q(answered_at=None), name="visit_return_open_once"
            )
        ]
