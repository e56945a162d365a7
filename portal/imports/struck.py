"""What does a row mean that somebody struck through? Never that it lives: it is asked once for all such rows."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.imports.kinds import Check, Outcome, SheetKind
from portal.imports.lines import Line
from portal.imports.scope import Scope
from portal.models import RowFate
from portal.sheets.workbook import STRUCK

KEY, LEFT_OUT, ENDED = "struck", "out", "ended"


def meaning_of_struck(line: Line, check: Check, kind: SheetKind, scope: Scope) -> Outcome | None:
    answer = scope.answers.get(KEY)
    if answer == LEFT_OUT:
        line.hint("", _("The row is struck through and was left out."))
        return Outcome(RowFate.UNCHANGED, _("Struck-through row"))
    if answer == ENDED and has_ends(kind):
        line.stored = {"until": [(scope.since - timedelta(days=1)).isoformat()], **line.stored}
        return check(line)
    choices = [(LEFT_OUT, _("Leave them out, as if they were not in the list"))]
    if has_ends(kind):
        choices.append((ENDED, _("They have ended: their last day is the day before the day of the list")))
    line.ask(
        "",
        pgettext("import", "What do the struck-through rows mean?"),
        _("The row is struck through. Say below what that means for all such rows."),
        KEY,
        choices,
    )
    return None


def has_ends(kind: SheetKind) -> bool:
    return any(column.field == "until" for column in kind.columns)


def is_struck(line: Line) -> bool:
    return STRUCK in line.marks
