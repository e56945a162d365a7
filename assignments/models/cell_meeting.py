"""Monthly meetings of party cells: counts and points, never who came, who was absent or who said what."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assignments.meeting_scores import Measure, MeetingKind, MeetingState, NotApplicable, Quality, TaskState
from assignments.meeting_scores import quality as grade_of
from portal.models import PartyOrg, Place, User
from portal.models.spans import Current, stretch


class MeetingSheet(models.Model):
    """One version of the quality sheet. Not confirmed until somebody has held it against the printed document."""

    name = models.CharField(_("Name"), max_length=200)
    version = models.CharField(max_length=40, unique=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    source = models.CharField(_("Source"), max_length=300, blank=True)
    is_confirmed = models.BooleanField(default=False)

    objects = Current.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("meeting", "quality sheet")
        verbose_name_plural = pgettext_lazy("meeting", "quality sheets")
        constraints = [stretch("meeting_sheet_length")]

    def __str__(self) -> str:
        return self.name


class SheetGroup(models.Model):
    sheet = models.ForeignKey(MeetingSheet, models.CASCADE, related_name="groups")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    most = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "position"], name="sheet_group_once")]
        ordering = ["position"]

    def __str__(self) -> str:
        return self.text


class SheetItem(models.Model):
    """`hint` is the scale in words; `measure` says from which facts the portal suggests the points."""

    group = models.ForeignKey(SheetGroup, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("Wording"), max_length=300)
    most = models.DecimalField(_("Most points"), max_digits=5, decimal_places=2)
    measure = models.CharField(max_length=10, choices=Measure.choices, blank=True)
    # Applies only in months with a thematic meeting.
    thematic_only = models.BooleanField(default=False)
    not_applicable_policy = models.CharField(
        pgettext_lazy("meeting", "Where it does not apply"), max_length=10, choices=NotApplicable.choices
    )
    hint = models.CharField(pgettext_lazy("meeting", "Scale"), max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "position"], name="sheet_item_once")]
        ordering = ["position"]

    def __str__(self) -> str:
        return self.text


class CellMeeting(models.Model):
    """`members` are those who have to come, the exempt left out. `month` is the first day of the month it counts for.

    `points` is the total of the sheet, or what an office's monthly list says; that list tells no attendance.
    """

    org = models.ForeignKey(PartyOrg, models.PROTECT, related_name="cell_meetings")
    month = models.DateField()
    day = models.DateField(pgettext_lazy("meeting", "Day of the meeting"))
    kind = models.CharField(
        pgettext_lazy("meeting", "Kind of meeting"), max_length=10, choices=MeetingKind.choices
    )
    members = models.PositiveSmallIntegerField(pgettext_lazy("meeting", "Members who have to come"))
    present = models.PositiveSmallIntegerField(pgettext_lazy("meeting", "Present"), null=True, blank=True)
    excused = models.PositiveSmallIntegerField(pgettext_lazy("meeting", "Excused"), null=True, blank=True)
    absent = models.PositiveSmallIntegerField(
        pgettext_lazy("meeting", "Absent without a reason"), null=True, blank=True
    )
    minutes = models.PositiveSmallIntegerField(
        pgettext_lazy("meeting", "Duration in minutes"), null=True, blank=True
    )
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", null=True, blank=True)
    place_text = models.CharField(pgettext_lazy("meeting", "Another place"), max_length=160, blank=True)
    # None where no sheet held in that month.
    sheet = models.ForeignKey(MeetingSheet, models.PROTECT, related_name="meetings", null=True, blank=True)
    points = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    note = models.CharField(
        pgettext_lazy("meeting", "What points were deducted for"), max_length=500, blank=True
    )
    state = models.CharField(max_length=10, choices=MeetingState.choices, default=MeetingState.DRAFT)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    # Entered by staff for the cell.
    is_stood_in = models.BooleanField(default=False)
    confirmed_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("meeting", "cell meeting")
        verbose_name_plural = pgettext_lazy("meeting", "cell meetings")
        indexes = [models.Index(fields=["month", "org"], name="cell_meeting_month")]
        constraints = [
            models.UniqueConstraint(fields=["org", "month", "kind"], name="cell_meeting_once"),
            models.CheckConstraint(
                name="cell_meeting_adds_up",
                condition=Q(present=None, excused=None, absent=None)
                | Q(members=F("present") + F("excused") + F("absent")),
            ),
            models.CheckConstraint(
                name="cell_meeting_points", condition=Q(points=None) | Q(points__range=(0, 100))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.month:%m/%Y}"

    @property
    def quality(self) -> Quality | None:
        return grade_of(self.points)


class MeetingScore(models.Model):
    """Without points the line did not apply."""

    meeting = models.ForeignKey(CellMeeting, models.CASCADE, related_name="scores")
    line = models.ForeignKey(SheetItem, models.PROTECT, related_name="+")
    points = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "line"], name="meeting_score_once")]


class CellTask(models.Model):
    """What the cell resolved to do, by the month in whose meeting it was set; judged at the next one."""

    org = models.ForeignKey(PartyOrg, models.PROTECT, related_name="cell_tasks")
    month = models.DateField()
    position = models.PositiveSmallIntegerField()
    text = models.CharField(pgettext_lazy("cell task", "Task"), max_length=300)
    state = models.CharField(max_length=10, choices=TaskState.choices, blank=True)
    note = models.CharField(pgettext_lazy("cell task", "Note"), max_length=300, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("cell task", "task of a cell")
        verbose_name_plural = pgettext_lazy("cell task", "tasks of a cell")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["org", "month", "position"], name="cell_task_once"),
        ]

    def __str__(self) -> str:
        return self.text
