"""Good models on the page of a place: its own and those of all that lies in it, for whoever sees work there."""

from datetime import date
from typing import Any

from django import template
from django.template.context import Context

from assignments.models import GoodModel
from portal.permissions import Permission
from portal.places import Addresses, forebears, within_any

register = template.Library()
FEW = 10


@register.inclusion_tag("assignments/parts/place_models.html", takes_context=True)
def place_models(context: Context, place_id: int, on: date) -> dict[str, Any]:
    reach = context["request"].reach
    if not (reach.may(Permission.WORK_VIEW) and reach.covers(place_id, Permission.WORK_VIEW)):
        return {"is_shown": False}
    rows = GoodModel.objects.filter(
        place__in=forebears(within_any([place_id], on), on), registered__lte=on
    ).select_related("decree")
    found = list(rows.order_by("-registered", "pk")[: FEW + 1])
    units = Addresses([row.place_id for row in found], on)
    return {
        "is_shown": bool(found),
        "rows": [(row, "" if row.place_id == place_id else units.of(row.place_id)) for row in found[:FEW]],
        "more": len(found) > FEW,
    }
