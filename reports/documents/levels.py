"""The summary of grades by level: by kind of organisation, and within each kind by commune, district and province."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.dates import in_figures
from reports.documents.written import Column, Sheet, Written
from reports.grades import ORDER, Counts
from reports.models import Round
from reports.round_tables import RoundTable
from reports.templatetags.grading import family_name, grouping_name

PLACES = ("commune", "district", "province")


def grades_summary(found: Round, place: str) -> Written:
    """Totals are those of the page of the round, and each table adds up to the line of its kind."""
    whole = RoundTable(found)
    parts = [_by_kind(whole)]
    for family in whole.families:
        for grouping in _levels(RoundTable(found, family=family, table=whole.table)):
            parts.append(_by_group(RoundTable(found, family=family, by=grouping, table=whole.table)))
    day = in_figures(found.period.end)
    return Written(
        type=pgettext("paper", "SUMMARY TABLE"),
        abstract=_("of the grades of party organisations in %(period)s, %(place)s")
        % {"period": found.period.words, "place": place},
        basis=_("%(regulation)s; as of %(day)s") % {"regulation": found.scheme.name, "day": day},
        parts=list(parts),
        wide=True,
        symbol="BTH",
    )


def _levels(table: RoundTable) -> list[str]:
    """The levels of places that part them; where none does, the organisations right above."""
    groups = {row["family"]: row["groups"] for row in table.table["families"]}[table.family]
    found = [name for name in PLACES if len(groups.get(name, ())) > 1]
    return found or ["superior"]


def _columns(first: str) -> list[Column]:
    columns = [
        Column(pgettext("head", "No."), 2, "center"),
        Column(first, 9),
        Column(pgettext("paper", "Number in all"), 3, "right"),
        Column(pgettext("eval", "Graded"), 3, "right"),
    ]
    for grade in ORDER:
        columns += [Column(str(grade.label), 4, "right"), Column("%", 3, "right", places=1)]
    columns.append(Column(pgettext("grade", "Left out"), 3, "right"))
    columns.append(Column(pgettext("grade", "Not yet graded"), 3, "right"))
    return columns


def _row(counts: Counts) -> list[Any]:
    found: list[Any] = [counts.existing + counts.left_out, counts.graded]
    for count, share in zip(counts.each, counts.shares, strict=True):
        found += [count, share]
    return [*found, counts.left_out, counts.waiting]


def _by_kind(whole: RoundTable) -> Sheet:
    kinds = [(row["family"], Counts(**row["counts"])) for row in whole.table["families"]]
    rows = [[number, family_name(name), *_row(counts)] for number, (name, counts) in enumerate(kinds, 1)]
    rows.append(["", _("Total"), *_row(Counts(**whole.table["totals"]))])
    title = pgettext("paper", "Grades by kind")
    return Sheet(title, _columns(_("Kind of organisation")), rows, bold=[len(rows) - 1])


def _by_group(table: RoundTable) -> Sheet:
    rows = [[number, row.name or "–", *_row(row.counts)] for number, row in enumerate(table.rows(), 1)]
    rows.append(["", _("Total"), *_row(table.counts)])
    title = f"{family_name(table.family)} {grouping_name(table.by).lower()}"
    return Sheet(title, _columns(pgettext("paper", "Name of the unit")), rows, bold=[len(rows) - 1])
