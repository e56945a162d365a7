"""Numbers of a dashboard: each a link to the list it counts, where there is one."""

from __future__ import annotations

from typing import Protocol

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from portal.templatetags import plain

register = template.Library()


class Counted(Protocol):
    number: int
    url: str
    few: bool


@register.simple_tag
def cell(counted: Counted, late: bool = False) -> SafeString | str:
    """`late` where the number asks for somebody; small counts of single hamlets are not told."""
    if counted.few:
        return pgettext("head", "Fewer than 5")
    shown = plain.number(counted.number)
    if not (counted.url and counted.number):
        return shown
    return format_html('<a{} href="{}">{}</a>', LATE if late else "", counted.url, shown)


LATE = SafeString(' class="gd-late"')
