"""The summary of a round as a workbook: totals by kind, the table by superior organisation and by place, the list."""

from collections.abc import Iterator
from decimal import Decimal
from typing import IO, Any

from django.conf import settings
from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.exports import Footer, Head, Total, open_book, workbook_response
from portal.levels import OrgKind
from reports.graded_periods import WHOLE_YEAR, GradedPeriod
from reports.grades import ORDER, Counts, Grade, LeftOut
from reports.models import ExcellenceCap
from reports.standing import ceilings
from reports.templatetags.grading import family_name, grouping_name


def write_year_end(
    target: IO[bytes] | str, *, table: dict[str, Any], cap: ExcellenceCap | None, user: str
) -> None:
    """`table` is what `reports.standing.table_of` or `summary` gives."""
    title = _("Grades of party organisations in %(period)s – %(place)s") % {
        "period": GradedPeriod(table["year"], table.get("quarter", WHOLE_YEAR)).words,
        "place": table["place"],
    }
    footer = Footer(purpose=title, user=user, at=timezone.now())
    with open_book(target, footer=footer, demo=settings.DEMO) as book:
        book.table(
            _("Summary"), title=title, columns=_count_heads(_("Kind of organisation")), rows=_families(table)
        )
        for family in table["families"]:
            for grouping, groups in family["groups"].items():
                name = f"{family_name(family['family'])} {grouping_name(grouping).lower()}"
                book.table(
                    name, title=f"{title}: {name}", columns=_count_heads(_("Name")), rows=_groups(groups)
                )
            if cap:
                name = f"{_('Ceiling')} {family_name(family['family']).lower()}"
                book.table(name, title=f"{title}: {name}", columns=_cap_heads(), rows=_caps(family, cap))
        book.table(_("List"), title=title, columns=_list_heads(), rows=_lines(table))


def _count_heads(first: str) -> list[Head]:
    heads = [Head(_("No."), 6), Head(first, 42), Head(pgettext("eval", "Graded"), 12)]
    for grade in ORDER:
        heads += [Head(str(grade.label), 16), Head("%", 8, places=1)]
    return [*heads, Head(pgettext("grade", "Left out"), 14), Head(pgettext("grade", "Not yet graded"), 14)]


def _counts(counts: Counts) -> list[Any]:
    cells: list[Any] = [counts.graded]
    for count, share in zip(counts.each, counts.shares, strict=True):
        cells += [count, share]
    return [*cells, counts.left_out, counts.waiting]


def _families(table: dict[str, Any]) -> Iterator[list[Any]]:
    for number, family in enumerate(table["families"], 1):
        yield [number, family_name(family["family"]), *_counts(Counts(**family["counts"]))]


def _groups(groups: list[dict[str, Any]]) -> Iterator[list[Any] | Total]:
    total = Counts()
    for number, group in enumerate(groups, 1):
        counts = Counts(**group["counts"])
        total += counts
        yield [number, group["name"] or "–", *_counts(counts)]
    yield Total(["", _("Total"), *_counts(total)])


def _cap_heads() -> list[Head]:
    return [
        Head(pgettext("cap", "Base"), 34),
        Head(_("Number in the base"), 14),
        Head(_("Percent"), 10, places=2),
        Head(_("Exact limit"), 14, places=2),
        Head(_("Limit"), 10),
        Head(_("Most that can be EXCELLENT if the others are graded GOOD"), 24),
        Head(str(Grade.EXCELLENT.label), 14),
        Head(_("Share of the base (%)"), 14, places=1),
        Head(_("Over by"), 10),
    ]


def _caps(family: dict[str, Any], cap: ExcellenceCap) -> Iterator[list[Any]]:
    for row in ceilings(Counts(**family["counts"]), cap):
        part = Decimal(100 * row.excellent) / row.base_count if row.base_count else None
        base = str(row.base.label) + (f" ({_('the rule of this round')})" if row.base == cap.base else "")
        yield [
            base,
            row.base_count,
            row.percent,
            row.exact,
            row.limit,
            row.reachable,
            row.excellent,
            part,
            row.over,
        ]


def _list_heads() -> list[Head]:
    return [
        Head(_("No."), 6),
        Head(_("Name"), 40),
        Head(pgettext("party", "Kind"), 24),
        Head(_("Superior organisation"), 36),
        Head(pgettext("grade", "Grade"), 30),
        Head(_("Left out"), 22),
        Head(_("Document number"), 20),
    ]


def _lines(table: dict[str, Any]) -> Iterator[list[Any]]:
    names = {
        group["key"]: group["name"]
        for family in table["families"]
        for group in family["groups"].get("superior", [])
    }
    for number, line in enumerate(table["lines"], 1):
        grade = str(Grade(line["grade"]).label) if line["grade"] else ""
        reason = str(LeftOut(line["left_out"]).label) if line["left_out"] else ""
        kind = str(OrgKind(line["kind"]).label)
        yield [number, line["name"], kind, names.get(line["superior"], ""), grade, reason, line["decree"]]


def year_end_response(
    request: HttpRequest, *, table: dict[str, Any], cap: ExcellenceCap | None, file_name: str
) -> FileResponse:
    return workbook_response(
        file_name, lambda target: write_year_end(target, table=table, cap=cap, user=str(request.user))
    )
