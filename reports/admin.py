"""The regulations of the yearly grading and their ceilings."""

from django.contrib import admin

from portal.admin import Reference
from portal.views.reference_sheets import Sheets
from reports.imports.reference import ExcellenceCapSheet, GradingSchemeSheet
from reports.models import ExcellenceCap, GradingScheme


@admin.register(GradingScheme)
class GradingSchemes(Sheets, Reference):
    resource_classes = [GradingSchemeSheet]
    list_display = ["code", "name", "first_year", "last_year", "source"]
    # For an organiser to say, on the page of the regulation.
    exclude = ["has_quarters", "quarters_confirmed", "quarters_source"]


@admin.register(ExcellenceCap)
class ExcellenceCaps(Sheets, Reference):
    resource_classes = [ExcellenceCapSheet]
    list_display = ["scheme", "percent", "base", "grouping", "rounding", "is_confirmed"]
    list_select_related = ["scheme"]
