"""The motto, the norms and the days off, as dated rows that an office changes without a programmer."""

from django.contrib import admin

from assignments.imports.reference import (
    AnswerNormSheet,
    AssignmentSchemeSheet,
    DutyNormSheet,
    DutySheet,
    FactKindSheet,
    HolidaySheet,
    RungSheet,
    TermSheet,
    TopicBodySheet,
)
from assignments.models import (
    AnswerNorm,
    AssignmentScheme,
    Duty,
    DutyNorm,
    FactKind,
    Holiday,
    Rung,
    Term,
    TopicBody,
)
from portal.admin import ReadOnly, Reference
from portal.views.reference_sheets import Exported, Sheets


@admin.register(AssignmentScheme)
class AssignmentSchemes(Sheets, Reference):
    resource_classes = [AssignmentSchemeSheet]
    list_display = ["name", "since", "until", "source"]
    raw_id_fields = ["decree"]


@admin.register(Rung)
class Rungs(Sheets, Reference):
    resource_classes = [RungSheet]
    list_display = ["scheme", "tier", "level", "must_cover"]
    list_select_related = ["scheme"]


@admin.register(DutyNorm)
class DutyNorms(Sheets, Reference):
    resource_classes = [DutyNormSheet]
    list_display = ["tier", "level", "kind", "per_month", "since", "until", "is_confirmed"]


@admin.register(AnswerNorm)
class AnswerNorms(Sheets, Reference):
    resource_classes = [AnswerNormSheet]
    list_display = ["level", "working_days", "since", "until", "is_confirmed"]


@admin.register(TopicBody)
class TopicBodies(Sheets, Reference):
    resource_classes = [TopicBodySheet]
    list_display = ["topic", "level", "words", "since", "until", "is_confirmed"]
    ordering = ["topic", "level"]


@admin.register(Holiday)
class Holidays(Sheets, Reference):
    resource_classes = [HolidaySheet]
    list_display = ["day", "name", "is_worked", "source", "is_confirmed"]
    ordering = ["-day"]


@admin.register(FactKind)
class FactKinds(Sheets, Reference):
    resource_classes = [FactKindSheet]
    list_display = ["code", "group", "label", "form", "since", "until", "is_confirmed"]
    ordering = ["group", "position"]


@admin.register(Term)
class Terms(Sheets, Reference):
    resource_classes = [TermSheet]
    list_display = ["org_kind", "label", "since", "until", "is_confirmed"]
    ordering = ["org_kind", "since"]


@admin.register(Duty)
class Duties(Exported, ReadOnly):
    """Their wording is confirmed by an organiser, on a page of the portal and with the document's number."""

    resource_classes = [DutySheet]
    list_display = ["code", "group", "label", "since", "until", "decree"]
    list_select_related = ["decree"]
    ordering = ["since", "position"]
