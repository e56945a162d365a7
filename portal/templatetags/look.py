"""The parts every page is put together from: icons, tags, fields, table heads, pagers.

Words are chosen by whoever calls; this module only knows how a part looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.http import QueryDict
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.templatetags import plain

register = template.Library()
register.filter("day", plain.day)
register.filter("last_day", plain.last_day)
register.filter("moment", plain.moment)
register.filter("number", plain.number)
register.filter("decimal", plain.decimal)
register.filter("points", plain.points)
register.filter("cut", plain.cut)
register.simple_tag(plain.percent)
register.simple_tag(plain.share)


@register.filter
def may(reach: Any, permission: str) -> bool:
    """`{% if request.reach|may:"import" %}`"""
    return reach.may(permission)


# Every tone has the sign that repeats its word, so that nothing is lost in black and white.
TONES: dict[str, str] = {
    "": "",
    "doing": "",
    "done": "check",
    "soon": "clock",
    "late": "alert",
    "time": "dia",
    "open": "",
}


@register.simple_tag
def icon(name: str, more: str = "") -> SafeString:
    return format_html('<svg class="gd-i {}" aria-hidden="true"><use href="#i-{}"/></svg>', more, name)


@register.simple_tag
def tag(tone: str, label: object, sign: str | None = None) -> SafeString:
    """A status of one to four words; a tone that is not in TONES is a mistake of the caller."""
    name = TONES[tone] if sign is None else sign
    picture = icon(name) if name else ""
    look = f"gd-tag gd-tag-{tone}" if tone else "gd-tag"
    return format_html('<span class="{}">{}{}</span>', look, picture, label)


@register.simple_tag
def days_left(days: int | None, working: bool = False) -> SafeString | str:
    """How long until a deadline, as a tag; a negative number is how long it has passed."""
    if days is None:
        return ""
    if days < 0:
        if working:
            text = ngettext("%(n)s working day late", "%(n)s working days late", -days) % {"n": -days}
        else:
            text = ngettext("%(n)s day late", "%(n)s days late", -days) % {"n": -days}
        return tag("late", text)
    if days == 0:
        return tag("soon", _("Due today"))
    if working:
        text = ngettext("%(n)s working day left", "%(n)s working days left", days) % {"n": days}
    else:
        text = ngettext("%(n)s day left", "%(n)s days left", days) % {"n": days}
    return tag("soon" if days <= 5 else "", text, "clock")


def _kind(bound: BoundField) -> str:
    widget = bound.field.widget
    if look := getattr(bound.field, "look", ""):
        return str(look)
    kinds: list[tuple[type, str]] = [
        (forms.CheckboxSelectMultiple, "choices"),
        (forms.RadioSelect, "choices"),
        (forms.CheckboxInput, "check"),
        (forms.Select, "select"),
        (forms.Textarea, "area"),
    ]
    for widget_class, kind in kinds:
        if isinstance(widget, widget_class):
            return kind
    return "line"


def _described_by(bound: BoundField, hint: object, guarded: bool) -> str:
    ends = []
    if hint:
        ends.append("_helptext")
    if guarded:
        ends.append("_guard")
    if bound.errors:
        ends.append("_error")
    return " ".join(f"{bound.auto_id}{end}" for end in ends)


@register.inclusion_tag("parts/field.html")
def field(bound: BoundField, **options: Any) -> dict[str, object]:
    """One form field with label, hint and error.

    Options: label, hint, quiet (label for screen readers only), wide (choices in broad cards), guard (False
    leaves the free-text guard away), optional (False leaves "if any" away), last (no space below); any other
    option becomes an attribute of the input, with _ written for -.
    """
    kind = _kind(bound)
    hint = options.pop("hint", None) or bound.help_text
    label = options.pop("label", None) or bound.label
    guarded = bool(options.pop("guard", getattr(bound.field, "guarded", kind == "area")))
    optional = bool(options.pop("optional", True)) and not bound.field.required and kind != "check"
    layout = {name: bool(options.pop(name, False)) for name in ("quiet", "wide", "last")}
    described = _described_by(bound, hint, guarded)
    attrs: dict[str, Any] = {name.replace("_", "-"): value for name, value in options.items()}
    if kind == "select":
        attrs.setdefault("class", "form-select")
    elif kind in ("line", "area"):
        attrs.setdefault("class", "form-control")
    elif kind == "date":
        attrs = {"class": "form-control gd-date", "inputmode": "numeric", "autocomplete": "off", **attrs}
    if kind == "area":
        attrs.setdefault("rows", 4)
    if described and kind != "choices":
        attrs["aria-describedby"] = described
    return {
        "bound": bound,
        "kind": kind,
        "label": label,
        "hint": hint,
        "guarded": guarded,
        "optional": optional,
        "described": described,
        "widget": bound.as_widget(attrs=attrs) if kind != "choices" else "",
        "three": kind == "choices" and len(list(bound)) == 3,
        "today": bool(getattr(bound.field, "offers_today", False)),
        **layout,
    }


@register.simple_tag
def filter_input(bound: BoundField) -> SafeString:
    """The bare input of a filter form, whose label stands around it."""
    look = "form-select" if _kind(bound) == "select" else "form-control"
    return bound.as_widget(attrs={"class": look})


def _target(bound: BoundField) -> str:
    """The id of the first element of a field, so that a link in the summary has somewhere to go."""
    return bound.id_for_label or f"{bound.auto_id}_0"


@register.inclusion_tag("parts/errors.html")
def errors(*forms_with_errors: BaseForm | Iterable[BaseForm]) -> dict[str, object]:
    """The box above a refused form: how many places, each a link. Takes one form or several, and lists of forms."""
    general: list[str] = []
    places: list[dict[str, object]] = []
    every = [[given] if isinstance(given, BaseForm) else given for given in forms_with_errors]
    for form in chain.from_iterable(every):
        if not form.is_bound:
            continue
        general.extend(str(text) for text in form.non_field_errors())
        for bound in form:
            if bound.is_hidden:
                general.extend(str(text) for text in bound.errors)
                continue
            for text in bound.errors:
                places.append(
                    {"target": _target(bound), "label": str(bound.label).rstrip("."), "text": str(text)}
                )
    return {"general": general, "places": places, "count": len(general) + len(places)}


@register.inclusion_tag("parts/guard.html")
def guard_words() -> dict[str, object]:
    """The two sentences that stand under every free text, for boxes not rendered by `field`."""
    return {}


@register.simple_tag
def draft(key: str) -> SafeString:
    """The attributes of a form whose words are kept in the browser until the server names `key` as received.

    It does so by `messages.success(request, text, extra_tags=key)`; `[data-draft-line]` shows when it was kept.
    """
    return format_html(
        'data-draft="{}" data-draft-kept="{}" data-draft-back="{}"',
        key,
        _("Draft kept on this device at"),
        _("Put back: the draft kept on this device at"),
    )


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: object) -> str:
    """The address's own parameters with some of them changed; None or "" takes one away."""
    request = context.get("request")
    params = request.GET.copy() if request is not None else QueryDict(mutable=True)
    for name, value in changes.items():
        params.pop(name, None)
        if value is not None and value != "":
            params[name] = str(value)
    text = params.urlencode()
    return f"?{text}" if text else "?"


@register.inclusion_tag("parts/sort_head.html", takes_context=True)
def sort_head(
    context: Context, name: str, label: str, numeric: bool = False, default: str = ""
) -> dict[str, object]:
    """A table head that sorts by `name`; `default` is the order in force when the address names none."""
    request = context.get("request")
    chosen = (request.GET.get("sort") if request is not None else "") or default
    rising, falling = chosen == name, chosen == f"-{name}"
    return {
        "label": label,
        "numeric": numeric,
        "url": query(context, sort=f"-{name}" if rising else name, page=None),
        "order": "ascending" if rising else "descending" if falling else "",
    }


@register.inclusion_tag("parts/pager.html", takes_context=True)
def pager(context: Context, page: Page, name: str = "page") -> dict[str, object]:
    """Which rows of how many, and the way on. For pages by key, include parts/key_pager.html instead."""
    return {
        "page": page,
        "earlier": query(context, **{name: page.previous_page_number()}) if page.has_previous() else "",
        "later": query(context, **{name: page.next_page_number()}) if page.has_next() else "",
    }


@register.inclusion_tag("parts/chips.html", takes_context=True)
def chips(
    context: Context, name: str, choices: Iterable[tuple[str, str, int | None]], label: str = ""
) -> dict[str, object]:
    """Filters as links with counts. A choice is (value, label, count); an empty value takes it away."""
    request = context.get("request")
    chosen = request.GET.get(name, "") if request is not None else ""
    return {
        "aria": label or _("Filters"),
        "chips": [
            {
                "url": query(context, **{name: value, "page": None}),
                "label": text,
                "count": count,
                "current": str(value) == chosen,
            }
            for value, text, count in choices
        ],
    }


@register.inclusion_tag("parts/crumbs.html")
def crumbs(trail: Iterable[tuple[str, str]], here: str = "") -> dict[str, object]:
    """The way down to this page: pairs of label and address, and the label of the page itself."""
    return {"trail": list(trail), "here": here}


@register.filter
def get(mapping: Mapping[Any, Any], key: object) -> object:
    """A value of a mapping by a key that is itself a variable; empty where there is none."""
    return mapping.get(key, "")
