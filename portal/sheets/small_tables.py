"""A small reference table as a file: .xlsx or .csv, read like any roster in a process of its own, and written like one.

These are the formats of django-import-export's pages; nothing of an upload is parsed in the server's own process.
"""

import base64
import io
from collections.abc import Sequence
from typing import Any

import tablib
from django.core.signing import BadSignature, dumps, loads
from django.utils.translation import gettext as _
from import_export.formats.base_formats import Format
from import_export.tmp_storages import BaseStorage

from portal.actions.deed import RuleBroken
from portal.sheets.headings import Column
from portal.sheets.layout import find_table
from portal.sheets.workbook import open_workbook

MOST_BYTES, MOST_ROWS = 1_000_000, 5_000
SECONDS_BETWEEN_PREVIEW_AND_SAVING = 3600


class SmallTable(Format):
    """`columns` are what the table asks for; a subclass of its own is made for each (see `formats_for`)."""

    columns: Sequence[Column] = ()
    title, extension, content_type = "", "", ""

    def __init__(self, encoding: str | None = None) -> None:
        self.encoding = encoding

    def get_title(self) -> str:
        return self.title

    def get_extension(self) -> str:
        return self.extension

    def get_content_type(self) -> str:
        return self.content_type

    def can_import(self) -> bool:
        return True

    def can_export(self) -> bool:
        return True

    def is_binary(self) -> bool:
        return True

    def get_read_mode(self) -> str:
        return "rb"

    def create_dataset(self, in_stream: bytes, **kwargs: Any) -> tablib.Dataset:
        """Rows by heading; `numbers` has the row of the sheet that each comes from."""
        missing: list[str] = []
        with open_workbook(io.BytesIO(in_stream)) as sheets:
            for sheet in sheets:
                table = None if sheet.hidden else find_table(sheet, self.columns)
                if table is None:
                    continue
                if table.missing:
                    missing += [column.heading for column in table.missing]
                    continue
                fields = {
                    column.field: column.heading for column in self.columns if table.letter(column.field)
                }
                dataset = tablib.Dataset(headers=list(fields.values()))
                dataset.numbers = []
                for row in table.rows:
                    if len(dataset.numbers) == MOST_ROWS:
                        raise RuleBroken(_("The table has more than %(most)s rows.") % {"most": MOST_ROWS})
                    dataset.append([row.values[field] for field in fields])
                    dataset.numbers.append(row.number)
                return dataset
        wanted = ", ".join(missing or [column.heading for column in self.columns if column.required])
        raise RuleBroken(_("No such table was found. Its heading needs: %(wanted)s.") % {"wanted": wanted})


class Xlsx(SmallTable):
    title, extension = "xlsx", "xlsx"
    content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Csv(SmallTable):
    title, extension, content_type = "csv", "csv", "text/csv"


def formats_for(columns: Sequence[Column]) -> list[type[SmallTable]]:
    return [type(kind.__name__, (kind,), {"columns": columns}) for kind in (Xlsx, Csv)]


class SignedInForm(BaseStorage):
    """Between preview and saving the file stays in the page, signed: it is kept nowhere and cannot be exchanged."""

    salt = "small-table"

    def save(self, data: bytes) -> None:
        self.name = dumps(base64.b64encode(data).decode(), salt=self.salt, compress=True)

    def read(self) -> bytes:
        try:
            kept = loads(self.name, salt=self.salt, max_age=SECONDS_BETWEEN_PREVIEW_AND_SAVING)
        except BadSignature as wrong:
            raise RuleBroken(_("The preview is no longer valid. Upload the file again.")) from wrong
        return base64.b64decode(kept)

    def remove(self) -> None:
        """There is nothing to remove."""
