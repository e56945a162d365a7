"""What is in the portal now, as a sheet to correct and import again. Every download is in the audit book."""

from typing import IO, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone

from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.actions.looks import download_list
from portal.exports import workbook_response
from portal.exports.listings import write_listing
from portal.exports.tables import Footer
from portal.forms.purposes import Purpose
from portal.imports.kinds import SheetKind, kind_named, kinds_for
from portal.imports.scope import Scope
from portal.levels import Level
from portal.models import Place, PlaceSpan
from portal.permissions import Permission
from reports.forms.import_lists import ListForm


@needs(Permission.IMPORT, Permission.HOUSEHOLD_EDIT)
def import_lists(request: HttpRequest) -> HttpResponseBase:
    today, communes = request.reach.on, _communes(request)
    kinds = [kind for kind in kinds_for(Scope(by=request.user, on=today, since=today)) if kind.has_listing]
    form = ListForm(
        request.POST or None,
        kinds=kinds,
        communes=[(span.place_id, span.full_name) for span in communes],
        initial={"kind": request.GET.get("kind", ""), "place": _asked(request), "on": today},
    )
    if form.is_valid():
        try:
            return _download(request, form, communes)
        except RuleBroken as broken:
            form.add_error("place" if "place" in form.fields else None, broken)
    return TemplateResponse(request, "reports/import_lists.html", {"form": form})


def _communes(request: HttpRequest) -> list[PlaceSpan]:
    here = request.reach.living(Permission.IMPORT)
    spans = PlaceSpan.objects.current(request.reach.on).filter(place__in=here, place__level=Level.COMMUNE)
    return list(spans.order_by("sort_key", "place_id"))


def _asked(request: HttpRequest) -> str:
    asked = request.GET.get("place", "")
    return asked if asked.isascii() and asked.isdigit() else ""


def _download(request: HttpRequest, form: ListForm, communes: list[PlaceSpan]) -> HttpResponseBase:
    given = form.cleaned_data
    kind, purpose = kind_named(given["kind"]), Purpose(given["purpose"])
    place = _place(kind, given.get("place"), communes)
    scope = Scope(by=request.user, on=request.reach.on, since=given["on"], place=place)
    footer, rows = Footer(str(purpose.label), str(request.user), timezone.now()), 0

    def write(file: IO[bytes]) -> None:
        nonlocal rows
        options: dict[str, Any] = {"demo": settings.DEMO, "with_names": given["names"]}
        rows = write_listing(file, kind=kind, scope=scope, footer=footer, **options)

    response = workbook_response(f"danh-sach-{kind.name}.xlsx", write)
    download_list(
        what=f"sheet:{kind.name}",
        purpose=purpose,
        rows=rows,
        with_names=kind.tells_names(asked_for=given["names"]),
        place_id=place.pk if place else None,
        by=request.user,
    )
    return response


def _place(kind: SheetKind, chosen: int | None, communes: list[PlaceSpan]) -> Place | None:
    """Whoever works for one commune need not choose it."""
    if chosen is None and kind.by_commune and len(communes) == 1:
        chosen = communes[0].place_id
    return Place.objects.get(pk=chosen) if chosen else None
