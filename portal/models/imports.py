"""Imports: a sheet as it was read, checked and staged, what became of each row, and the receipt."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models.place import Place
from portal.models.user import User


class ImportState(models.TextChoices):
    READING = "reading", pgettext_lazy("import", "Being read")
    ASKING = "asking", pgettext_lazy("import", "Waiting to learn what its columns are")
    READY = "ready", pgettext_lazy("import", "Ready to be checked")
    APPLYING = "applying", pgettext_lazy("import", "Being saved")
    APPLIED = "applied", pgettext_lazy("import", "Saved")
    FAILED = "failed", pgettext_lazy("import", "Not readable")
    DROPPED = "dropped", pgettext_lazy("import", "Given up")
    UNDOING = "undoing", pgettext_lazy("import", "Being undone")
    UNDONE = "undone", pgettext_lazy("import", "Undone")


class RowFate(models.TextChoices):
    ADDED = "added", pgettext_lazy("import", "Added")
    CHANGED = "changed", pgettext_lazy("import", "Changed")
    ENDED = "ended", pgettext_lazy("import", "Ended")
    UNCHANGED = "unchanged", pgettext_lazy("import", "Unchanged")
    REFUSED = "refused", pgettext_lazy("import", "Refused")


class ImportRun(models.Model):
    """The file itself is not kept: its name, size and SHA-256 are. `notes` tells what was skipped or dropped.

    `sheets` holds for each list that was read what its heading looked like, so that it can be handed back with its
    wrong cells marked, and which of its columns nobody has named yet.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=20)
    place = models.ForeignKey(Place, models.PROTECT, related_name="imports", null=True, blank=True)
    options = models.JSONField(default=dict)
    file_name = models.CharField(_("File"), max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    by = models.ForeignKey(User, models.PROTECT, related_name="imports")
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.READING)
    started_at = models.DateTimeField()
    heartbeat_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    rows_read = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(null=True)
    counts = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    sheets = models.JSONField(default=list)
    corrects = models.ForeignKey("self", models.PROTECT, related_name="corrections", null=True, blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    message = models.TextField(blank=True)

    class Meta:
        verbose_name = pgettext_lazy("import", "import")
        verbose_name_plural = pgettext_lazy("import", "imports")


class ImportChunk(models.Model):
    """Rows of a sheet that were read and wait to be checked, without the columns left behind.

    Each is [number, cells by field, marks]; a column that nobody has named yet stands under "?" and its index.
    """

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="chunks")
    sheet = models.CharField(max_length=120)
    letters = models.JSONField(default=dict)
    rows = models.JSONField(default=list)


class ImportRow(models.Model):
    """One row of a sheet: the cells kept, what they mean (`after`), what stood there (`before`), what is wrong.

    `problems` refuse it, `hints` are only said; both are lists of [field, column letter, message].
    """

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows")
    sheet = models.CharField(max_length=120)
    number = models.PositiveIntegerField()
    fate = models.CharField(max_length=10, choices=RowFate.choices)
    title = models.CharField(max_length=200, blank=True)
    cells = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    hints = models.JSONField(default=list)
    # Who is meant by a name that several bear: the key under which the answer is remembered, and the choices.
    question = models.JSONField(default=dict)
    target_id = models.BigIntegerField(null=True)
    # Whether it was corrected since the preview that this one goes on from.
    is_corrected = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["run", "fate", "id"], name="import_row_fate")]


class ImportTouch(models.Model):
    """A row of the database that an import wrote, and from which row of which sheet: where it comes from.

    `before` holds the fields that were changed as they stood (nothing: the import made the row), `digest` the row as
    the import left it; an import can be undone while both still agree.
    """

    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="touches")
    model = models.CharField(max_length=60)
    row_id = models.BigIntegerField()
    sheet = models.CharField(max_length=120, blank=True)
    number = models.PositiveIntegerField(null=True)
    before = models.JSONField(null=True)
    digest = models.CharField(max_length=16)

    class Meta:
        indexes = [models.Index(fields=["model", "row_id", "-id"], name="import_touch_row")]


class ColumnChoice(models.Model):
    """What an office said a column of its lists means, so that it is not asked again; no field: to be left out."""

    kind = models.CharField(max_length=20)
    place = models.ForeignKey(Place, models.CASCADE, related_name="+", null=True)
    heading = models.CharField(max_length=200)
    field = models.CharField(max_length=40, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "place", "heading"], name="one_choice_of_an_office"),
            models.UniqueConstraint(
                fields=["kind", "heading"], condition=models.Q(place=None), name="one_choice_without_office"
            ),
        ]
