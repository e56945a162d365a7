"""The refused rows of an import as a workbook: where, what stood there, what to do."""

from typing import IO

from django.conf import settings
from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.exports import Footer, Head, workbook_response, write_table
from portal.imports.kinds import SheetKind
from portal.imports.preview import WrongCell, wrong_cells
from portal.models import ImportRun, RowFate, User


def refused_response(run: ImportRun, kind: SheetKind, user: User) -> FileResponse:
    rows = wrong_cells(run.rows.filter(fate=RowFate.REFUSED).order_by("pk").iterator(chunk_size=1000), kind)
    columns = [
        Head(pgettext("import", "Sheet"), 18),
        Head(pgettext("spreadsheet", "Cell"), 10),
        Head(pgettext("import", "Column"), 24),
        Head(_("What stands there"), 30),
        Head(_("What to do"), 80),
    ]

    def write(file: IO[bytes]) -> None:
        write_table(
            file,
            title=_("Cells to correct"),
            lines=[run.file_name],
            columns=columns,
            rows=map(_line, rows),
            footer=Footer(_("Correcting an import"), str(user), timezone.now()),
            demo=settings.DEMO,
        )

    return workbook_response(f"o-can-sua-{run.pk}.xlsx", write)


def _line(wrong: WrongCell) -> list[str]:
    return [wrong.sheet, wrong.cell, wrong.heading, wrong.value, wrong.message]
