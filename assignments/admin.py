"""The motto, the norms and the days off, as dated rows that an office changes without a programmer."""

from django.contrib import admin

from assignments.models import AnswerNorm, AssignmentScheme, Duty, DutyNorm, Holiday, Rung
from portal.admin import ReadOnly, Reference


@admin.register(AssignmentScheme)
class AssignmentSchemes(Reference):
    list_display = ["name", "since", "until", "source"]
    raw_id_fields = ["decree"]


@admin.register(Rung)
class Rungs(Reference):
    list_display = ["scheme", "tier", "level", "must_cover"]
    list_select_related = ["scheme"]


@admin.register(DutyNorm)
class DutyNorms(Reference):
    list_display = ["tier", "level", "kind", "per_month", "since", "until", "is_confirmed"]


@admin.register(AnswerNorm)
class AnswerNorms(Reference):
    list_display = ["level", "working_days", "since", "until", "is_confirmed"]


@admin.register(Holiday)
class Holidays(Reference):
    list_display = ["day", "name", "is_confirmed"]
    ordering = ["-day"]


@admin.register(Duty)
class Duties(ReadOnly):
    """Their wording is confirmed by an organiser, on a page of the portal and with the document's number."""

    list_display = ["code", "group", "label", "since", "until", "decree"]
    list_select_related = ["decree"]
    ordering = ["since", "position"]
