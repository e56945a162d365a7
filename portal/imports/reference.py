"""The small reference tables as resources of django-import-export. Every row is written by `keep_reference`.

A resource is one declaration of a table: its fields are the columns of its sheet, its `import_id_fields` say which
row is meant. Rows are changed and added, never deleted.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Choices, Model
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import Diff, ModelResource
from import_export.results import Result
from import_export.widgets import Widget

from portal.actions.reference import keep_reference
from portal.models import User
from portal.sheets.headings import Column
from portal.sheets.widgets import TEXT, OneOf


def column(attribute: str, heading: str, widget: Widget = TEXT) -> Field:
    return Field(attribute=attribute, column_name=heading, widget=widget)


def one_of(choices: type[Choices]) -> OneOf:
    return OneOf(lambda: {str(label): value for value, label in choices.choices})


class OneRow(OneOf):
    """A row of another small table, told by one of its fields; asked for once, as each resource has its own widgets."""

    def __init__(self, rows: Callable[[], Iterable[Model]], by: str) -> None:
        super().__init__(lambda: self.found)
        self.rows, self.by = rows, by

    def __deepcopy__(self, memo: Any) -> "OneRow":
        return OneRow(self.rows, self.by)

    @cached_property
    def found(self) -> Mapping[str, Model]:
        return {str(getattr(row, self.by)): row for row in self.rows()}


class WholeTable(BaseInstanceLoader):
    """The table is small: it is read once, and no question is asked for each row of the sheet."""

    @cached_property
    def kept(self) -> dict[tuple[Any, ...], list[Model]]:
        kept: dict[tuple[Any, ...], list[Model]] = defaultdict(list)
        names = [field.attribute for field in self.fields]
        for row in self.resource.get_queryset():
            kept[tuple(getattr(row, name) for name in names)].append(row)
        return kept

    @cached_property
    def fields(self) -> list[Field]:
        return [self.resource.fields[name] for name in self.resource.get_import_id_fields()]

    def get_instance(self, row: Any) -> Model | None:
        """A cell that cannot be read, or a row that is not the only one, is told like any other wrong row."""
        try:
            found = self.kept.get(tuple(field.clean(row) for field in self.fields), [])
        except ValueError as wrong:
            raise ValidationError(str(wrong)) from wrong
        if len(found) > 1:
            raise ValidationError(_("The table has several such rows. Change them one by one."))
        return found[0] if found else None


class Shown(Diff):
    """What a row said and will say, without the styles that the pages' policy forbids."""

    def as_html(self) -> list[SafeString]:
        pairs = zip(self.left, self.right, strict=True)
        return [
            format_html("{}", new)
            if old == new
            else format_html("<ins>{}</ins>", new)
            if self.new or not old
            else format_html("<del>{}</del> <ins>{}</ins>", old, new)
            for old, new in pairs
        ]


class Kept:
    """The options that all these tables share."""

    skip_unchanged = True
    report_skipped = True
    use_transactions = True
    instance_loader_class = WholeTable


class ReferenceResource(ModelResource):
    def __init__(self, by: User | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.by = by

    @classmethod
    def columns(cls) -> list[Column]:
        needed = cls._meta.import_id_fields
        return [
            Column(name, field.column_name, required=name in needed, widget=field.widget)
            for name, field in cls.fields.items()
        ]

    def get_diff_class(self) -> type[Diff]:
        return Shown

    def do_instance_save(self, instance: Model, is_create: bool) -> None:
        if self.by is None:
            raise TypeError("rows of reference tables are kept by somebody: give the resource its `by`")
        keep_reference(row=instance, by=self.by)

    def import_data(self, dataset: Any, *args: Any, **kwargs: Any) -> Result:
        """All rows or none; a row is called by its number in the sheet."""
        kwargs["rollback_on_validation_errors"] = True
        result = super().import_data(dataset, *args, **kwargs)
        numbers = getattr(dataset, "numbers", None)
        for row in [*result.invalid_rows, *result.error_rows]:
            row.number = numbers[row.number - 1] if numbers else row.number
        return result
