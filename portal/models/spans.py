"""Stretches of time in the database: which rows hold on a day, and rows that may not overlap.

PostgreSQL keeps the rule against overlaps itself (exclusion constraint, needs btree_gist); on SQLite it holds wherever
`full_clean()` or `validate_constraints()` runs, so actions must call it, and a bulk action must ask one set-based
question about overlaps, since bulk_create validates nothing.
"""

from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS
from django.db.models import CheckConstraint, F, Func, Q, QuerySet
from django.utils.translation import gettext_lazy as _


class Days(Func):
    function = "daterange"
    output_field = DateRangeField()


class NoOverlap(ExclusionConstraint):
    default_violation_error_message = _("Another row already holds on these days.")

    def __init__(self, *, keys, name, **kwargs):
        self.keys = tuple(keys)
        alike = [(key, RangeOperators.EQUAL) for key in self.keys]
        super().__init__(
            name=name,
            expressions=[(Days("since", "until"), RangeOperators.OVERLAPS), *alike],
            **kwargs,
        )

    def deconstruct(self):
        path, args, kwargs = super().deconstruct()
        kwargs.pop("expressions", None)
        kwargs.pop("index_type", None)
        return path, args, {**kwargs, "keys": self.keys}

    def create_sql(self, model, schema_editor):
        return super().create_sql(model, schema_editor) if self._kept_by(schema_editor) else None

    def constraint_sql(self, model, schema_editor):
        return super().constraint_sql(model, schema_editor) if self._kept_by(schema_editor) else None

    def remove_sql(self, model, schema_editor):
        return super().remove_sql(model, schema_editor) if self._kept_by(schema_editor) else None

    def validate(self, model, instance, exclude=None, using=DEFAULT_DB_ALIAS):
        alike = {key: getattr(instance, model._meta.get_field(key).attname) for key in self.keys}
        # An exclusion constraint ignores rows with NULL in a key, and so does this.
        if instance.since is None or None in alike.values():
            return
        rivals = model._default_manager.using(using).filter(
            Q(until=None) | Q(until__gt=instance.since), **alike
        )
        if instance.until is not None:
            rivals = rivals.filter(since__lt=instance.until)
        if not instance._state.adding:
            rivals = rivals.exclude(pk=instance.pk)
        if rivals.exists():
            raise ValidationError(self.get_violation_error_message(), code=self.violation_error_code)

    @staticmethod
    def _kept_by(schema_editor) -> bool:
        return schema_editor.connection.vendor == "postgresql"


class Current(QuerySet):
    """Rows with `since` and `until`."""

    def current(self, on: date) -> Self:
        return self.filter(holds(on))

    def overlapping(self, since: date, until: date | None) -> Self:
        """Rows that hold on some day of [since, until)."""
        rows = self.filter(Q(until=None) | Q(until__gt=since))
        return rows if until is None else rows.filter(since__lt=until)


def holds(on: date, prefix: str = "") -> Q:
    """The condition that a row (reached by `prefix`) holds on a day."""
    return Q(**{f"{prefix}since__lte": on}) & (
        Q(**{f"{prefix}until": None}) | Q(**{f"{prefix}until__gt": on})
    )


def stretch(name: str) -> CheckConstraint:
    """A stretch of time is at least one day long."""
    return CheckConstraint(condition=Q(until=None) | Q(until__gt=F("since")), name=name)
