"""The control of the ceiling of the best grade, in the eight columns of the form, with the grades by kind."""

from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.dates import in_figures
from portal.templatetags.plain import decimal
from reports.documents.written import Column, Sheet, Written
from reports.grades import ORDER, Counts
from reports.models import ExcellenceCap, Round
from reports.round_tables import RoundTable, Row
from reports.templatetags.grading import family_name


def ceiling_paper(found: Round, place: str) -> Written:
    whole = RoundTable(found)
    tables = {name: RoundTable(found, family=name, table=whole.table) for name in whole.families}
    control = [_control(table, name) for name, table in tables.items() if table.is_capped]
    return Written(
        type=pgettext("paper", "CONTROL TABLE"),
        abstract=_("of the ceiling of the best grade in %(year)s, %(place)s")
        % {"year": str(found.year), "place": place},
        basis=_basis(found, next(iter(tables.values())).cap if tables else None),
        parts=[*control, _by_kind(tables)],
        wide=True,
    )


def _basis(found: Round, cap: ExcellenceCap | None) -> str:
    day = in_figures(found.period.end)
    if cap is None:
        return _("%(regulation)s; as of %(day)s") % {"regulation": found.scheme.name, "day": day}
    told = {
        "regulation": found.scheme.name, "day": day, "base": cap.get_base_display().lower(),
        "groups": cap.get_grouping_display().lower(),
    }  # fmt: skip
    return _("%(regulation)s; ceiling reckoned from: %(base)s; for: %(groups)s; as of %(day)s") % told


def _control(table: RoundTable, family: str) -> Sheet:
    assert table.cap is not None
    percent = decimal(table.cap.percent, 0 if table.cap.percent == int(table.cap.percent) else 1)
    groups = table.rows()
    rows = [[number, *_line(row, table.cap)] for number, row in enumerate(groups, 1)]
    columns = [
        Column(pgettext("head", "No."), 2, "center"),
        Column(pgettext("paper", "Name of the party organisation"), 9),
        Column(pgettext("paper", "Number in all"), 3, "right"),
        Column(pgettext("paper", "Graded GOOD or better"), 4, "right"),
        Column(pgettext("paper", "Ceiling of %(percent)s%%, at most") % {"percent": percent}, 4, "right"),
        Column(pgettext("paper", "Proposed as EXCELLENT"), 4, "right"),
        Column(pgettext("paper", "Real share (%)"), 3, "right", places=1),
        Column(pgettext("paper", "Verdict on the ceiling"), 5),
    ]
    told = [row for row in groups if row.set]
    if told:
        _beside(columns, rows, groups)
    return Sheet(family_name(family), columns, rows, notes=[_note(*one) for one in enumerate(told, 1)])


def _beside(columns: list[Column], rows: list[list[Any]], groups: list[Row]) -> None:
    """The form has eight columns; only where a number was set another stands beside the reckoned one."""
    columns.insert(5, Column(pgettext("paper", "Number set by decision"), 3, "right"))
    mark = 0
    for row, group in zip(rows, groups, strict=True):
        row.insert(5, group.set.number if group.set else None)
        if group.set:
            mark += 1
            row[1] = f"{row[1]} ({mark})"


def _note(mark: int, row: Row) -> str:
    assert row.set is not None and row.ceiling is not None
    document = row.set.decree
    if row.set.signed_on:
        document = pgettext("paper", "%(number)s of %(day)s") % {
            "number": document, "day": in_figures(row.set.signed_on),
        }  # fmt: skip
    told = pgettext(
        "paper",
        "(%(mark)d) %(name)s: %(set)d set instead of %(reckoned)d reckoned, by %(document)s. Reason: %(reason)s. "
        "Entered by %(by)s on %(day)s.",
    )
    return told % {
        "mark": mark, "name": row.name or "–", "set": row.set.number, "reckoned": row.ceiling.limit,
        "document": document, "reason": row.set.reason.rstrip("."), "by": row.set.by,
        "day": in_figures(timezone.localtime(row.set.moment).date()),
    }  # fmt: skip


def _line(row: Row, cap: ExcellenceCap) -> list[Any]:
    limit, verdict = row.ceiling, ""
    if limit is not None and row.counts.graded:
        verdict = (
            _("Over by %(n)s") % {"n": limit.over} if limit.over else pgettext("paper", "Within the ceiling")
        )
    return [
        row.name or "–",
        row.counts.existing,
        row.good_or_better,
        limit.limit if limit else None,
        row.counts.excellent,
        _share(row.counts, cap),
        verdict,
    ]


def _share(counts: Counts, cap: ExcellenceCap) -> Decimal | None:
    base = counts.base(cap.base)
    return Decimal(100 * counts.excellent) / base if base else None


def _by_kind(tables: dict[str, RoundTable]) -> Sheet:
    heads = [Column(str(grade.label), 4, "right") for grade in ORDER]
    columns = [Column(pgettext("head", "No."), 2, "center"), Column(_("Kind of organisation"), 8)]
    columns.append(Column(pgettext("eval", "Graded"), 3, "right"))
    for head in heads:
        columns += [head, Column("%", 2, "right", places=1)]
    columns.append(Column(pgettext("grade", "Left out"), 3, "right"))
    rows, total = [], Counts()
    for number, (family, table) in enumerate(tables.items(), 1):
        total += table.counts
        rows.append([number, family_name(family), *_grades(table.counts)])
    rows.append(["", _("Total"), *_grades(total)])
    return Sheet(pgettext("paper", "Grades by kind"), columns, rows, bold=[len(rows) - 1])


def _grades(counts: Counts) -> list[Any]:
    found: list[Any] = [counts.graded]
    for count, share in zip(counts.each, counts.shares, strict=True):
        found += [count, share]
    return [*found, counts.left_out]
