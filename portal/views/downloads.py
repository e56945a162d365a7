"""Lists as workbooks: each leaves a line in the audit book, and one with names of people is asked its purpose first."""

from collections.abc import Callable, Iterable, Sequence
from typing import IO, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.actions.looks import download_list, download_names
from portal.exports.tables import Footer, Head, workbook_response, write_table
from portal.forms.purposes import Purpose, PurposeForm


def offer_names(
    request: HttpRequest,
    *,
    what: str,
    title: str,
    back: str,
    file_name: str,
    write: Callable[[IO[bytes], Footer], int],
    place_id: int | None = None,
) -> HttpResponseBase:
    """`write` puts the workbook into a file and says how many rows it has; `what` is the list's name in the book."""
    form = PurposeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        purpose, rows = Purpose(form.cleaned_data["purpose"]), 0

        def keep(file: IO[bytes]) -> None:
            nonlocal rows
            rows = write(file, Footer(str(purpose.label), str(request.user), timezone.now()))

        response = workbook_response(file_name, keep)
        download_names(what=what, purpose=purpose, rows=rows, place_id=place_id, by=request.user)
        return response
    context = {
        "title": title,
        "text": _(
            "The workbook has names of people in it. The download, with its purpose, is written to the log."
        ),
        "action": _("Download Excel"),
        "back": back,
        "form": form,
        "danger": False,
    }
    return TemplateResponse(request, "confirm.html", context)


def list_response(
    request: HttpRequest,
    *,
    what: str,
    title: str,
    file_name: str,
    columns: Sequence[Head],
    rows: Iterable[Sequence[Any]],
    lines: Sequence[str] = (),
    place_id: int | None = None,
) -> HttpResponseBase:
    """A list without names of people: all of it, however many pages it has."""
    footer, count = Footer(title, str(request.user), timezone.now()), 0

    def keep(file: IO[bytes]) -> None:
        nonlocal count
        count = write_table(
            file, title=title, columns=columns, rows=rows, footer=footer, demo=settings.DEMO, lines=lines
        )

    response = workbook_response(file_name, keep)
    download_list(what=what, purpose="list", rows=count, place_id=place_id, by=request.user)
    return response
