"""The audit book: one line a deed. No foreign keys, so that it outlives what it tells of."""

from django.db import models


class AuditEntry(models.Model):
    """`facts` names fields and codes, never a household's head or the text of a request."""

    at = models.DateTimeField(db_index=True)
    by_id = models.BigIntegerField(db_index=True)
    by_name = models.CharField(max_length=120)
    deed = models.CharField(max_length=60, db_index=True)
    kind = models.CharField(max_length=40)
    row_id = models.BigIntegerField(null=True)
    row_name = models.CharField(max_length=200, blank=True)
    place_id = models.BigIntegerField(null=True, db_index=True)
    province_id = models.BigIntegerField(null=True)
    import_id = models.BigIntegerField(null=True)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["kind", "row_id"], name="audit_row")]
