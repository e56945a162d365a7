"""The admin: stewards look up what is public inside the portal, and keep the small reference tables.

Nothing about people, households, visits or recommendations is registered: the portal's own pages show those within
reach. Every row is written through `keep_reference`.
"""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from portal.actions.deed import RuleBroken
from portal.actions.reference import keep_reference
from portal.models import AgencySpan, Decree, PartyOrgSpan, PlaceSpan
from portal.permissions import Permission

LABELS = {"since": _("In force from"), "until": _("No longer in force from")}


def may_enter(request: HttpRequest) -> bool:
    return bool(request.user.is_authenticated and request.reach.may(Permission.SETTINGS))


def sign_in(request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
    """The portal's own sign-in page, with its limit on wrong passwords."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next") or reverse("admin:index"))


# Grants decide, not the flag on the account: a grant may have run out since it was set.
admin.site.has_permission = may_enter
admin.site.login = sign_in
admin.site.site_header = admin.site.site_title = _("Gần Dân: reference tables")
admin.site.index_title = _("Reference tables")
# Grants take the place of groups, and a task's arguments are nobody's reading.
admin.site.unregister(Group)
admin.site.unregister(DBTaskResult)


class ReadOnly(admin.ModelAdmin):
    list_per_page = 50
    show_full_result_count = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_enter(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_enter(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class Reference(ReadOnly):
    """A table that may be added to and changed. Rows that something refers to stay, so none is deleted."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_enter(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_enter(request)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in LABELS:
            kwargs["label"] = LABELS[db_field.name]
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        keep_reference(row=obj, by=request.user)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A broken rule comes back as an error of the form; left alone it would answer with 500."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except RuleBroken as broken:
            request.broken_rule = broken
            return super().changeform_view(request, *args, **kwargs)

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> type[ModelForm]:
        form = super().get_form(request, *args, **kwargs)
        broken = getattr(request, "broken_rule", None)
        if broken is None:
            return form

        class Told(form):
            def clean(self) -> None:
                raise broken

        return Told


@admin.register(Decree)
class Decrees(ReadOnly):
    list_display = ["number", "issuer", "signed", "in_force", "title"]
    search_fields = ["number", "title"]


@admin.register(PlaceSpan)
class PlaceSpans(ReadOnly):
    list_display = ["code", "full_name", "since", "until", "decree"]
    list_select_related = ["decree"]
    search_fields = ["name_key", "code"]
    list_filter = ["kind"]
    exclude = ["sort_key", "name_key", "place", "parent"]


@admin.register(PartyOrgSpan)
class PartyOrgSpans(ReadOnly):
    list_display = ["name", "kind", "since", "until", "decree"]
    list_select_related = ["decree"]
    search_fields = ["name_key"]
    list_filter = ["kind"]
    exclude = ["sort_key", "name_key", "org", "place", "parent"]


@admin.register(AgencySpan)
class AgencySpans(ReadOnly):
    list_display = ["name", "kind", "level", "answers", "since", "until"]
    search_fields = ["name_key"]
    exclude = ["sort_key", "name_key", "agency", "place"]
