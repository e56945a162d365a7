"""The columns of a sheet as a resource of django-import-export: one declaration for form, import and export."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from import_export.fields import Field
from import_export.resources import Resource

from portal.sheets.headings import Column


class SheetResource(Resource):
    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        self.columns = columns
        self.fields = {
            column.field: Field(attribute=column.field, column_name=column.heading, widget=column.widget)
            for column in columns
        }

    def cells(
        self, rows: Iterable[Mapping[str, Any]], *, without: frozenset[str] = frozenset()
    ) -> Iterator[list[Any]]:
        """Each row as its cells, as they come; the fields `without` stay empty."""
        # What `export_resource` asks of the resource anew for every row is asked here once.
        fields = [None if name in without else field for name, field in self.fields.items()]
        for row in rows:
            yield [field and field.export(row, force_native_type=True) for field in fields]
