"""The audit book for those who read logs: who did what, when; by person, deed and days. Lines are only ever added."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from portal.access import needs
from portal.exports.tables import Footer, Head, write_table
from portal.forms.fields import DayField
from portal.lookup import AgencyNames
from portal.models import AuditEntry
from portal.orgs import OrgNames
from portal.permissions import Permission
from portal.places import Names
from portal.vietnamese import fold, sort_key
from portal.views.downloads import offer_names
from reports.deeds import DEEDS, deed_name

PER_PAGE = 100
MOST_EXPORTED = 100_000


class AuditFilters(forms.Form):
    person = forms.CharField(label=pgettext_lazy("audit", "Person"), required=False)
    deed = forms.ChoiceField(label=pgettext_lazy("audit", "Deed"), required=False)
    since = DayField(label=pgettext_lazy("field", "From"), required=False, offers_today=False, help_text="")
    last = DayField(
        label=pgettext_lazy("field", "To (inclusive)"), required=False, offers_today=False, help_text=""
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        known = sorted(
            ((deed, str(words)) for deed, words in DEEDS.items()), key=lambda pair: sort_key(pair[1])
        )
        self.fields["deed"].choices = [("", _("All deeds")), *known]


@needs(Permission.AUDIT)
def audit_book(request: HttpRequest) -> HttpResponseBase:
    entries = request.reach.audit_entries()
    filters = AuditFilters(request.GET)
    rows = _filtered(entries, filters)
    if "format" in request.GET:
        return _workbook(request, rows)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    page = list(rows.order_by("-pk")[: PER_PAGE + 1])
    shown = page[:PER_PAGE]
    context = {
        "filters": filters,
        "rows": _told(shown),
        "first_url": _address(request, before=None) if before else "",
        "more_url": _address(request, before=shown[-1].pk) if len(page) > PER_PAGE else "",
    }
    return TemplateResponse(request, "reports/audit_book.html", context)


def _address(request: HttpRequest, **changes: Any) -> str:
    params = request.GET.copy()
    for name, value in changes.items():
        params.pop(name, None)
        if value is not None:
            params[name] = str(value)
    return f"?{params.urlencode()}"


def _filtered(entries: QuerySet[AuditEntry], filters: AuditFilters) -> QuerySet[AuditEntry]:
    if not filters.is_valid():
        return entries
    chosen = filters.cleaned_data
    if chosen["deed"]:
        entries = entries.filter(deed=chosen["deed"])
    if chosen["since"]:
        entries = entries.filter(at__gte=_midnight(chosen["since"]))
    if chosen["last"]:
        entries = entries.filter(at__lt=_midnight(chosen["last"] + timedelta(days=1)))
    words = fold(chosen["person"]).split()
    if words:
        people = entries.order_by("by_id").values_list("by_id", "by_name").distinct()
        keys = {key for key, name in people if all(word in fold(name) for word in words)}
        entries = entries.filter(by_id__in=keys)
    return entries


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _told(entries: list[AuditEntry]) -> list[dict[str, Any]]:
    """Each with the names of the day of the deed; one question a kind of row for a page."""
    names = Names({entry.place_id for entry in entries} | _keys(entries, "portal.place"))
    orgs = OrgNames(_keys(entries, "portal.partyorg"))
    bodies = AgencyNames(_keys(entries, "portal.agency"))
    asked = {"portal.place": names.on, "portal.partyorg": orgs.on, "portal.agency": bodies.on}

    def name(entry: AuditEntry) -> str:
        day = timezone.localtime(entry.at).date()
        if entry.kind in asked:
            return asked[entry.kind](entry.row_id, day)
        # A row without a name of its own: its number tells it apart.
        return f"#{entry.row_id}" if " object (" in entry.row_name else entry.row_name

    return [
        {
            "entry": entry,
            "deed": deed_name(entry.deed),
            "name": name(entry),
            "place": names.on(entry.place_id, timezone.localtime(entry.at).date()),
            "facts": "; ".join(f"{name}: {_plain(value)}" for name, value in entry.facts.items()),
        }
        for entry in entries
    ]


def _keys(entries: list[AuditEntry], kind: str) -> set[int | None]:
    return {entry.row_id for entry in entries if entry.kind == kind}


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _workbook(request: HttpRequest, rows: QuerySet[AuditEntry]) -> HttpResponse | HttpResponseBase:
    title = pgettext("nav", "Audit book")
    columns = [
        Head(pgettext("audit", "When"), 20),
        Head(pgettext("audit", "Person"), 28),
        Head(pgettext("audit", "Deed"), 30),
        Head(pgettext("audit", "Of what"), 34),
        Head(pgettext("territory", "Place"), 28),
        Head(pgettext("audit", "Facts"), 60),
    ]

    def write(file: Any, footer: Footer) -> int:
        entries = list(rows.order_by("-pk")[:MOST_EXPORTED])
        lines = (
            [
                row["entry"].at,
                row["entry"].by_name,
                row["deed"],
                row["entry"].row_name,
                row["place"],
                row["facts"],
            ]
            for row in _told(entries)
        )
        return write_table(file, title=title, columns=columns, rows=lines, footer=footer, demo=settings.DEMO)

    return offer_names(
        request,
        what="audit_book",
        title=title,
        back=reverse("reports:audit_book"),
        file_name="nhat-ky.xlsx",
        write=write,
    )
