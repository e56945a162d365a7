"""Where does a row come from? The row of the sheet that last brought or changed it, in one line."""

from __future__ import annotations

from django import template
from django.db.models import Model
from django.utils.translation import gettext as _

from portal.lookup import last_import
from portal.templatetags import plain

register = template.Library()


@register.simple_tag
def origin(row: Model) -> str:
    """Empty where no import brought the row. The name of the file is not told: it may hold anything."""
    touch = last_import(row)
    if touch is None:
        return ""
    told = {"day": plain.day(touch.run.applied_at), "sheet": touch.sheet, "row": touch.number}
    if touch.number is None:
        return _("From an Excel list, %(day)s") % told
    return _("From an Excel list, %(day)s: sheet “%(sheet)s”, row %(row)s") % told
