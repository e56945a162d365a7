"""Recommendations (kiến nghị) and every step of theirs; the steps are only ever added to."""

import uuid
from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assignments.models.cadre import Cadre
from assignments.models.visit import Visit
from assignments.topics import AnswerClass, PetitionState, Topic
from portal.models import Agency, Household, PartyOrg, Place, User

# Being solved is an answer that does not stop the clock.
WAITING = [
    PetitionState.SUBMITTED,
    PetitionState.RETURNED,
    PetitionState.ACCEPTED,
    PetitionState.AWAITING,
]
OPEN = Q(state__in=WAITING) | Q(state=PetitionState.ANSWERED, answer=AnswerClass.BEING_SOLVED)
ANSWERED = Q(state__in=[PetitionState.ANSWERED, PetitionState.CONFIRMED, PetitionState.CLOSED]) & ~Q(
    state=PetitionState.ANSWERED, answer=AnswerClass.BEING_SOLVED
)


# No answer of its own will come: withdrawn, out of scope, or joined to a leading one whose answer is its answer.
SET_ASIDE = Q(state__in=[PetitionState.WITHDRAWN, PetitionState.OUTSIDE, PetitionState.MERGED])
# Nothing is worked on any more: the page shows no household, and after some months the row forgets it.
ENDED = [PetitionState.CLOSED, PetitionState.WITHDRAWN, PetitionState.OUTSIDE]
# After this many reminders without an answer it stands on the list of the one in charge.
REMINDERS = 2


class Petitions(models.QuerySet):
    """Every recommendation is open, answered or set aside; overdue ones are some of the open ones."""

    def open(self) -> Self:
        return self.filter(OPEN)

    def answered(self) -> Self:
        return self.filter(ANSWERED)

    def overdue(self, on: date) -> Self:
        return self.filter(OPEN, due__lt=on)

    def waiting(self) -> Self:
        """Open ones, and those that wait with the open one to which they are joined."""
        with_leader = Q(leader__state__in=WAITING) | Q(
            leader__state=PetitionState.ANSWERED, leader__answer=AnswerClass.BEING_SOLVED
        )
        return self.filter(OPEN | (Q(state=PetitionState.MERGED) & with_leader))

    def reminded_in_vain(self) -> Self:
        return self.filter(OPEN, reminders__gte=REMINDERS)


class Petition(models.Model):
    """`text` stays in the commune; `released` is the copy the answering body reads. `due` is the answer's last day;
    `expected` the last day that the people were told on the visit, which moves no deadline.

    `household` is set only with the household's consent recorded or while the request stays inside the commune;
    the answering body never sees it. `consent` without one: it is still to be chosen, or forgotten already.
    `state`, `answer` and `promised` repeat the newest step for lists.

    `leader` is set while it is merged: a similar one of the same commune and topic, whose answer is read as its own.
    `committee` is the superior one whose direction is awaited or was given; `reminders` counts those sent to the
    body that has it now.

    `is_voters`: voters have raised the same with the People's Council, which answers them on a way of its own; it is
    marked here and not taken over. `voters_document` is the list in which it stands there.
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
    expected = models.DateField(
        pgettext_lazy("rec", "Answer promised to the people by"), null=True, blank=True
    )
    state = models.CharField(
        max_length=10, choices=PetitionState.choices, default=PetitionState.SUBMITTED, db_index=True
    )
    answer = models.CharField(max_length=12, choices=AnswerClass.choices, blank=True)
    promised = models.DateField(_("To be solved by"), null=True, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    leader = models.ForeignKey("self", models.PROTECT, related_name="members", null=True, blank=True)
    committee = models.ForeignKey(PartyOrg, models.PROTECT, related_name="+", null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0, db_default=0)
    is_voters = models.BooleanField(
        pgettext_lazy("rec", "Voters have raised it too"), default=False, db_default=False
    )
    voters_document = models.CharField(max_length=60, blank=True, default="", db_default="")
    news_for = models.ForeignKey(User, models.PROTECT, related_name="petition_news", null=True, blank=True)
    province = models.ForeignKey(Place, models.PROTECT, related_name="+")

    objects = Petitions.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("rec", "recommendation")
        verbose_name_plural = pgettext_lazy("rec", "recommendations")
        indexes = [
            models.Index(fields=["place", "-day"], name="petition_place_day"),
            models.Index(fields=["agency", "state", "due"], name="petition_agency"),
            models.Index(fields=["state", "due"], name="petition_state_due"),
        ]

    def __str__(self) -> str:
        return f"KN-{self.day:%Y}-{self.pk or 0:04}"

    def is_late(self, on: date) -> bool:
        return self.is_open and self.due is not None and self.due < on

    def expected_days(self, on: date, leader: "Petition | None") -> int | None:
        """Until the day that the people were told, negative once it has passed; none where no answer is awaited.

        `leader` is the one to which it is joined, if any.
        """
        if self.expected is None or not (leader or self).is_open:
            return None
        return (self.expected - on).days

    @property
    def is_open(self) -> bool:
        being_solved = self.state == PetitionState.ANSWERED and self.answer == AnswerClass.BEING_SOLVED
        return being_solved or self.state in WAITING


class PetitionStep(models.Model):
    """`leader` is the one it was joined to, or parted from; `reminder` is the number of a reminder, which changes no
    state; `committee` is the superior one that was asked for a direction."""

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
    leader = models.ForeignKey(Petition, models.PROTECT, related_name="+", null=True, blank=True)
    committee = models.ForeignKey(PartyOrg, models.PROTECT, related_name="+", null=True, blank=True)
    reminder = models.PositiveSmallIntegerField(default=0, db_default=0)
