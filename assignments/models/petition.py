"""Recommendations (kiến nghị) and every step of theirs; the steps are only ever added to."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assignments.models.cadre import Cadre
from assignments.models.visit import Visit
from assignments.topics import AnswerClass, PetitionState, Topic
from portal.models import Agency, Household, Place, User


class Petition(models.Model):
    """`text` stays in the commune; `released` is the copy the answering body reads. `due` is the answer's last day.

    `household` is set only with the household's consent recorded or while the request stays inside the commune;
    the answering body never sees it. `state`, `answer` and `promised` repeat the newest step for lists.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="petitions", null=True, blank=True)
    place = models.ForeignKey(Place, models.PROTECT, related_name="petitions")
    household = models.ForeignKey(Household, models.PROTECT, related_name="petitions", null=True, blank=True)
    consent = models.BooleanField(_("The household agrees that this is passed on"), default=False)
    raised_by = models.ForeignKey(Cadre, models.PROTECT, related_name="petitions", null=True, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="petitions_entered")
    day = models.DateField()
    topic = models.CharField(pgettext_lazy("rec", "Topic"), max_length=12, choices=Topic.choices)
    text = models.CharField(pgettext_lazy("rec", "What has to be solved"), max_length=1000)
    released = models.CharField(max_length=1000, blank=True)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="petitions", null=True, blank=True)
    due = models.DateField(_("Answer due"), null=True, blank=True)
    state = models.CharField(
        max_length=10, choices=PetitionState.choices, default=PetitionState.SUBMITTED, db_index=True
    )
    answer = models.CharField(max_length=12, choices=AnswerClass.choices, blank=True)
    promised = models.DateField(_("To be solved by"), null=True, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    news_for = models.ForeignKey(User, models.PROTECT, related_name="petition_news", null=True, blank=True)
    province = models.ForeignKey(Place, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = pgettext_lazy("rec", "recommendation")
        verbose_name_plural = pgettext_lazy("rec", "recommendations")
        indexes = [
            models.Index(fields=["place", "-day"], name="petition_place_day"),
            models.Index(fields=["agency", "state", "due"], name="petition_agency"),
            models.Index(fields=["state", "due"], name="petition_state_due"),
        ]


class PetitionStep(models.Model):
    petition = models.ForeignKey(Petition, models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=PetitionState.choices)
    text = models.CharField(max_length=2000, blank=True)
    answer = models.CharField(max_length=12, choices=AnswerClass.choices, blank=True)
    promised = models.DateField(null=True, blank=True)
    document = models.CharField(_("Document number"), max_length=60, blank=True)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", null=True, blank=True)
    due = models.DateField(null=True, blank=True)
