"""Imports: a sheet as it was read, checked and staged, what became of each row, and the receipt."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models.place import Place
from portal.models.user import User


class ImportState(models.TextChoices):
    READING = "reading", pgettext_lazy("import", "Being read")
    READY = "ready", pgettext_lazy("import", "Ready to be checked")
    APPLYING = "applying", pgettext_lazy("import", "Being saved")
    APPLIED = "applied", pgettext_lazy("import", "Saved")
    FAILED = "failed", pgettext_lazy("import", "Not readable")
    DROPPED = "dropped", pgettext_lazy("import", "Given up")


class RowFate(models.TextChoices):
    ADDED = "added", pgettext_lazy("import", "Added")
    CHANGED = "changed", pgettext_lazy("import", "Changed")
    ENDED = "ended", pgettext_lazy("import", "Ended")
    UNCHANGED = "unchanged", pgettext_lazy("import", "Unchanged")
    REFUSED = "refused", pgettext_lazy("import", "Refused")


class ImportRun(models.Model):
    """The file itself is not kept: its name, size and SHA-256 are. `notes` tells what was skipped or dropped."""

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
    fingerprint = models.CharField(max_length=64, blank=True)
    message = models.TextField(blank=True)

    class Meta:
        verbose_name = pgettext_lazy("import", "import")
        verbose_name_plural = pgettext_lazy("import", "imports")


class ImportChunk(models.Model):
    """Rows of a sheet that were read and wait to be checked: [number, cells] each, without the columns left behind."""

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

    class Meta:
        indexes = [models.Index(fields=["run", "fate", "id"], name="import_row_fate")]
