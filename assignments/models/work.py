"""Work items of a committee or a body and where they stand each month; sessions of dissemination; good models."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assignments.fact_words import Sector, WorkState
from assignments.models.fact import Term
from portal.models import Agency, Decree, PartyOrg, Place, User

ONE_OWNER = Q(org__isnull=False, agency=None) | Q(org=None, agency__isnull=False)


class WorkItem(models.Model):
    """Registered for a term, or for one year of it. `parent` is the item or target above that it carries out."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    org = models.ForeignKey(PartyOrg, models.PROTECT, related_name="work_items", null=True, blank=True)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="work_items", null=True, blank=True)
    term = models.ForeignKey(Term, models.PROTECT, related_name="+", null=True, blank=True)
    year = models.PositiveSmallIntegerField(_("Year"))
    parent = models.ForeignKey("self", models.PROTECT, related_name="parts", null=True, blank=True)
    # The item of the year before that this one goes on with.
    continues = models.ForeignKey("self", models.PROTECT, related_name="continued", null=True, blank=True)
    decree = models.ForeignKey(Decree, models.PROTECT, related_name="+", null=True, blank=True)
    sector = models.CharField(pgettext_lazy("work item", "Sector"), max_length=12, choices=Sector.choices)
    text = models.CharField(pgettext_lazy("work item", "Work item"), max_length=300)
    measure = models.CharField(pgettext_lazy("work item", "Measured by"), max_length=80, blank=True)
    target = models.DecimalField(
        pgettext_lazy("work item", "Target"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    due = models.DateField(pgettext_lazy("work item", "Due on"), null=True, blank=True)
    responsible = models.ForeignKey(Agency, models.PROTECT, related_name="+", null=True, blank=True)
    withdrawn = models.CharField(pgettext_lazy("work item", "Withdrawn because"), max_length=200, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = pgettext_lazy("work item", "work item")
        verbose_name_plural = pgettext_lazy("work item", "work items")
        constraints = [
            models.CheckConstraint(condition=ONE_OWNER, name="work_item_of_one_owner"),
            models.UniqueConstraint(fields=["org", "year", "text"], name="work_item_once"),
            models.UniqueConstraint(fields=["agency", "year", "text"], name="work_item_of_body_once"),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class WorkItemProgress(models.Model):
    """Where an item stands at the end of a month; `month` is its first day. The newest one is where it stands."""

    work_item = models.ForeignKey(WorkItem, models.CASCADE, related_name="progress")
    month = models.DateField(pgettext_lazy("work item", "Month"))
    state = models.CharField(pgettext_lazy("work item", "State"), max_length=10, choices=WorkState.choices)
    percent = models.PositiveSmallIntegerField(pgettext_lazy("work item", "Percent"), null=True, blank=True)
    value = models.DecimalField(
        pgettext_lazy("work item", "Reached"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    note = models.CharField(pgettext_lazy("work item", "Note"), max_length=300, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        verbose_name = pgettext_lazy("work item", "progress of a work item")
        verbose_name_plural = pgettext_lazy("work item", "progress of work items")
        constraints = [
            models.UniqueConstraint(fields=["work_item", "month"], name="work_progress_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="work_progress_by_month"),
        ]


class DisseminationSession(models.Model):
    """Classes in which a document was made known: how many, to how many people, never to whom."""

    document = models.CharField(pgettext_lazy("session", "Document"), max_length=200)
    decree = models.ForeignKey(Decree, models.PROTECT, related_name="+", null=True, blank=True)
    org = models.ForeignKey(PartyOrg, models.PROTECT, related_name="sessions", null=True, blank=True)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="sessions", null=True, blank=True)
    day = models.DateField(pgettext_lazy("session", "Day"))
    classes = models.PositiveSmallIntegerField(pgettext_lazy("session", "Classes"), default=1)
    attendees = models.PositiveIntegerField(pgettext_lazy("session", "Attendees"))
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = pgettext_lazy("session", "dissemination session")
        verbose_name_plural = pgettext_lazy("session", "dissemination sessions")
        constraints = [
            models.CheckConstraint(condition=ONE_OWNER, name="session_of_one_body"),
            models.UniqueConstraint(fields=["org", "document", "day"], name="session_once"),
            models.UniqueConstraint(fields=["agency", "document", "day"], name="session_of_body_once"),
        ]

    def __str__(self) -> str:
        return self.document[:60]


class GoodModel(models.Model):
    """A way of working worth following: of which unit, in which field; registered, then recognised by a document."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="good_models")
    org = models.ForeignKey(PartyOrg, models.PROTECT, related_name="good_models", null=True, blank=True)
    sector = models.CharField(pgettext_lazy("model", "Field"), max_length=12, choices=Sector.choices)
    title = models.CharField(pgettext_lazy("model", "Model"), max_length=200)
    registered = models.DateField(pgettext_lazy("model", "Registered on"))
    recognised = models.DateField(pgettext_lazy("model", "Recognised on"), null=True, blank=True)
    decree = models.ForeignKey(Decree, models.PROTECT, related_name="+", null=True, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = pgettext_lazy("model", "good model")
        verbose_name_plural = pgettext_lazy("model", "good models")
        constraints = [
            models.UniqueConstraint(fields=["place", "title"], name="good_model_once"),
            models.CheckConstraint(
                condition=Q(recognised=None) | Q(recognised__gte=models.F("registered")),
                name="good_model_recognised_after",
            ),
        ]

    def __str__(self) -> str:
        return self.title[:60]
