"""Is this rather a list of another kind than the one chosen? The kind that knows most of its headings tells."""

from collections.abc import Sequence

from django.utils.translation import pgettext

from portal.imports.kinds import SheetKind, kinds_for
from portal.imports.scope import Scope, remembered_columns
from portal.sheets.headings import Heading, Vocabulary, find_headings
from portal.sheets.workbook import Merge, Row

# Lists of several kinds share places and names of people; one more column may be chance.
AT_LEAST_MORE = 2


def _heading(rows: Sequence[Row], merged: Sequence[Merge], kind: SheetKind, scope: Scope) -> Heading | None:
    words = Vocabulary(kind.columns, remembered_columns(kind.name, scope))
    found = find_headings(rows, words, merged)
    if not found or not found[0].covers(words.required) or not kind.is_list(found[0].columns):
        return None
    return found[0]


def likelier_kind(
    rows: Sequence[Row], merged: Sequence[Merge], *, chosen: SheetKind, known: int, scope: Scope
) -> SheetKind | None:
    """Of the kinds this person may import, the one that knows two columns more than the `known` ones of `chosen`.

    `rows` are the first of the sheet. A kind that lacks one of its required columns is none of them.
    """
    best, most = None, known + AT_LEAST_MORE
    for kind in kinds_for(scope):
        if kind.name == chosen.name:
            continue
        heading = _heading(rows, merged, kind, scope)
        if heading and len(heading.columns) >= most:
            best, most = kind, len(heading.columns) + 1
    return best


def in_words(kind: SheetKind, chosen: SheetKind) -> str:
    told = {"kind": kind.label, "chosen": chosen.label}
    return (
        pgettext(
            "import",
            "The headings of this file are rather those of “%(kind)s” than of “%(chosen)s”. If that is what it "
            "is, choose that kind of list and upload the file again.",
        )
        % told
    )
