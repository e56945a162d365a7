"""Rows of the small reference tables (norms, days off, schemes, ceilings), which a steward keeps in the admin."""

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from portal import audit
from portal.actions.deed import RuleBroken, action
from portal.models import User


@action
def keep_reference(*, row: Model, by: User) -> Model:
    """Add or change one row. What it said before stands in the audit book beside what it says now."""
    if getattr(row, "is_confirmed", False) and not getattr(row, "source", "none asked for"):
        raise RuleBroken(_("Name the document before you mark this as confirmed."))
    try:
        row.full_clean()
    except ValidationError as broken:
        raise RuleBroken(broken.messages) from broken
    old = type(row)._default_manager.filter(pk=row.pk).first() if row.pk else None
    before = model_to_dict(old) if old else {}
    row.save()
    after = model_to_dict(row)
    changed = sorted(name for name in after if after[name] != before.get(name))
    audit.record(
        "keep_reference",
        row,
        by=by,
        before={name: audit.plain(before[name]) for name in changed if name in before},
        after={name: audit.plain(after[name]) for name in changed},
    )
    return row
