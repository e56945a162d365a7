"""The regulations of the yearly grading and their ceilings."""

from django.contrib import admin

from portal.admin import Reference
from reports.models import ExcellenceCap, GradingScheme


@admin.register(GradingScheme)
class GradingSchemes(Reference):
    list_display = ["code", "name", "first_year", "last_year", "source"]


@admin.register(ExcellenceCap)
class ExcellenceCaps(Reference):
    list_display = ["scheme", "percent", "base", "grouping", "rounding", "is_confirmed"]
    list_select_related = ["scheme"]
