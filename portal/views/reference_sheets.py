"""Import and export of the small reference tables in the admin: django-import-export's pages, the portal's own rules.

Files are read like rosters and written like every other list; nothing is saved before it was shown.
"""

import io
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy
from import_export.admin import ExportMixin, ImportExportMixin
from import_export.forms import ExportForm, ImportForm
from import_export.results import Result

from portal.actions.looks import download_list
from portal.exports.tables import Footer, Head, write_table
from portal.exports.templates import ORDINAL
from portal.exports.text import lines
from portal.imports.reference import ReferenceResource
from portal.permissions import Permission
from portal.sheets.small_tables import MOST_BYTES, SignedInForm, SmallTable, formats_for


def may_keep(request: HttpRequest) -> bool:
    return bool(request.user.is_authenticated and request.reach.may(Permission.SETTINGS))


def titled(answer: HttpResponse, title: str) -> HttpResponse:
    """The pages bear the package's own titles, which have no Vietnamese."""
    if isinstance(answer, TemplateResponse):
        answer.context_data["title"] = title
    return answer


class TableUpload(ImportForm):
    import_file = forms.FileField(
        label=gettext_lazy("File"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"})
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["format"].label = pgettext_lazy("file", "Format")

    def clean_import_file(self) -> Any:
        file = self.cleaned_data["import_file"]
        if file.size > MOST_BYTES:
            raise ValidationError(
                _("A reference table has at most %(most)s MB.") % {"most": MOST_BYTES // 1_000_000}
            )
        return file


class TableChoice(ExportForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["format"].label = pgettext_lazy("file", "Format")


class Exported(ExportMixin):
    """A table that is only taken out. `resource_classes` holds its one resource."""

    export_form_class = TableChoice
    resource_classes: list[type[ReferenceResource]] = []

    def has_export_permission(self, request: HttpRequest) -> bool:
        return may_keep(request)

    def get_export_formats(self) -> list[type[SmallTable]]:
        return formats_for(self.resource_classes[0].columns())

    def get_resource_kwargs(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {"by": request.user}

    def get_export_data(
        self, file_format: SmallTable, request: HttpRequest, queryset: Any, **kwargs: Any
    ) -> bytes:
        resource = self.resource_classes[0](by=request.user)
        fields = list(resource.fields.values())
        # The ordinals in front also keep the lines under the table out of its own columns.
        rows = [
            [number, *(field.export(row, force_native_type=True) for field in fields)]
            for number, row in enumerate(queryset, 1)
        ]
        heads = [Head(ORDINAL, 6), *(Head(field.column_name, 24) for field in fields)]
        name = str(self.opts.verbose_name_plural)
        title = name[:1].upper() + name[1:]
        file = io.BytesIO()
        if file_format.get_extension() == "csv":
            file.writelines(lines(heads, rows, settings.DEMO))
        else:
            footer = Footer(title, str(request.user), timezone.now())
            write_table(file, title=title, columns=heads, rows=rows, footer=footer, demo=settings.DEMO)
        download_list(
            what=f"reference:{self.opts.model_name}", purpose="reference", rows=len(rows), by=request.user
        )
        return file.getvalue()


class Sheets(Exported, ImportExportMixin):
    """A table that is kept here: shown first, then saved whole or not at all."""

    import_form_class = TableUpload
    tmp_storage_class = SignedInForm
    # Every row stands in the audit book, with what it said before.
    skip_admin_log = True

    def has_import_permission(self, request: HttpRequest) -> bool:
        return may_keep(request)

    def get_import_formats(self) -> list[type[SmallTable]]:
        return formats_for(self.resource_classes[0].columns())

    def add_data_read_fail_error_to_form(self, form: forms.Form, e: Exception) -> None:
        told = e if isinstance(e, ValidationError) else _("The file cannot be read.")
        form.add_error("import_file", told)

    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return titled(super().import_action(request, **kwargs), pgettext("reference", "Import from Excel"))

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """What was true at the preview may have changed since; a page kept too long is not taken."""
        try:
            return super().process_import(request, **kwargs)
        except ValidationError as broken:
            messages.error(request, " ".join(broken.messages))
            return HttpResponseRedirect(self._address("import"))

    def process_result(self, result: Result, request: HttpRequest) -> HttpResponse:
        if result.has_errors() or result.has_validation_errors():
            messages.error(
                request, _("Nothing has been saved: something was changed since the preview was made.")
            )
            return HttpResponseRedirect(self._address("import"))
        new, changed = result.totals["new"], result.totals["update"]
        told = ngettext("%(n)s row was added or changed.", "%(n)s rows were added or changed.", new + changed)
        messages.success(request, told % {"n": new + changed})
        return HttpResponseRedirect(self._address("changelist"))

    def _address(self, page: str) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}")
