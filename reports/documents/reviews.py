"""Papers of the evaluation: the sheet of one organisation, the report of a collective, the notice of results."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from portal.dates import in_figures
from portal.levels import CELLS, OrgKind
from portal.templatetags.plain import decimal
from reports.documents.office import committee
from reports.documents.written import DOTS, Column, Heading, Sentence, Sheet, Written
from reports.draft_texts import finished
from reports.grades import ORDER, Counts, Grade, Method
from reports.models import Evaluation, Round, Suggestion
from reports.reviewed import CriterionTold, Told
from reports.round_gaps import decided_above
from reports.round_tables import RoundTable
from reports.standing import FAMILIES, Line, table_of
from reports.templatetags.grading import family_name

LEVELS = {
    4: pgettext_lazy("criterion level", "Excellent"),
    3: pgettext_lazy("criterion level", "Good"),
    2: pgettext_lazy("criterion level", "Average"),
    1: pgettext_lazy("criterion level", "Poor"),
}


def frame_of(told: Told) -> dict[str, str]:
    """What the head and the foot of an organisation's own paper say: a cell signs for itself and has no seal."""
    is_cell = bool(told.span and told.span.kind in (*CELLS, OrgKind.GRASSROOTS_CELL))
    superior = told.superior
    return {
        "superior": committee(superior).upper() if superior else "",
        "issuer": (committee(told.span) if told.span else "").upper(),
        "number": "",
        "symbol": "",
        "seat": told.commune,
        "signed_for": "T/M CHI BỘ" if is_cell else "T/M ĐẢNG ỦY",
        "post": "BÍ THƯ",
        "signer": "",
        "recipients": f"{committee(superior)}," if superior else "",
        "kept_by": "Lưu Chi bộ." if is_cell else "Lưu Đảng ủy.",
    }


# One organisation -----------------------------------------------------------------------------------


def evaluation_sheet(told: Told) -> Written:
    """Criterion by criterion what the organisation gave itself and what the appraisal gave it; the grades of all steps.

    Nothing about discipline stands on it.
    """
    period = told.review.round.period
    parts: list[Any] = [Sentence([_facts(told)])]
    if told.criteria:
        parts.append(_criteria(told))
    parts += [Heading(pgettext("paper", "Grades")), *(Sentence([line]) for line in _grades(told))]
    return Written(
        type=pgettext("paper", "EVALUATION SHEET"),
        abstract=_("of the quality of %(org)s in %(period)s") % {"org": told.name, "period": period.words},
        basis=told.review.round.scheme.name,
        parts=parts,
        symbol="",
    )


def _facts(told: Told) -> str:
    review, count = told.review, told.members
    text = _("Number of members: %(n)s.") % {"n": "…"}
    if count is not None:
        told_of = {"n": count.members, "year": str(count.year)}
        text = _("Number of members: %(n)s (figure of %(year)s).") % told_of
    counts = [review.members_excellent, review.members_good, review.members_met, review.members_failed]
    if any(count is not None for count in counts):
        each = "; ".join(
            f"{str(grade.label).lower()}: {count or 0}" for grade, count in zip(ORDER, counts, strict=True)
        )
        text += " " + _("Members by grade: %(each)s.") % {"each": each}
    return text


def _criteria(told: Told) -> Sheet:
    is_points = told.review.round.scheme.method == Method.POINTS
    rows: list[list[Any]] = []
    bold: list[int] = []
    group = None
    for number, one in enumerate(told.criteria, 1):
        if one.criterion.group != group:
            group = one.criterion.group
            if group:
                bold.append(len(rows))
                rows.append(["", group, None, None, None, ""])
        rows.append([number, one.criterion.text, *_values(one, is_points), one.note])
    if is_points:
        bold.append(len(rows))
        rows.append(["", _("Total"), *_sums(told.criteria), ""])
    most = pgettext("paper", "Points at most") if is_points else pgettext("paper", "Kind of criterion")
    columns = [
        Column(pgettext("head", "No."), 2, "center"),
        Column(pgettext("eval", "Criterion"), 12),
        Column(most, 3, "right", places=2, is_points=True),
        Column(pgettext("paper", "Self-assessed"), 3, "right", places=2, is_points=True),
        Column(pgettext("paper", "Appraised"), 3, "right", places=2, is_points=True),
        Column(pgettext("head", "Remarks"), 5),
    ]
    return Sheet(pgettext("paper", "Criteria"), columns, rows, bold=bold)


def _values(one: CriterionTold, is_points: bool) -> list[Any]:
    if is_points:
        return [one.criterion.max_points, one.own, one.appraised]
    kind = pgettext("paper", "Task") if one.criterion.is_task else pgettext("paper", "General")
    return [kind, _level(one.own), _level(one.appraised)]


def _level(value: Decimal | int | None) -> str:
    return str(LEVELS.get(int(value), "")) if value is not None else ""


def _sums(criteria: Sequence[CriterionTold]) -> list[Decimal | None]:
    most = sum((one.criterion.max_points for one in criteria), Decimal())
    return [most, _sum([one.own for one in criteria]), _sum([one.appraised for one in criteria])]


def _sum(values: Sequence[Decimal | int | None]) -> Decimal | None:
    known = [Decimal(value) for value in values if value is not None]
    return sum(known, Decimal()) if known else None


def _grades(told: Told) -> list[str]:
    review = told.review
    lines = [
        (_("Self-assessed grade: %(grade)s."), _graded(review.self_grade)),
        (_("Grade proposed by the appraisal: %(grade)s."), _graded(review.proposed_grade)),
        (_("Grade decided: %(grade)s."), _decided(told.decided)),
    ]
    if review.collective_grade:
        lines.append((_("Review of the leading collective: %(grade)s."), _graded(review.collective_grade)))
    if told.last:
        before = _("Grade of the year before: %(grade)s.")
        if not review.round.period.is_year:
            before = _("Grade of the quarter before: %(grade)s.")
        lines.append((before, _decided(told.last)))
    return [text % {"grade": grade} for text, grade in lines]


def _graded(grade: str) -> str:
    return str(Grade(grade).label) if grade else "……"


def _decided(found: Evaluation | None) -> str:
    if found is None:
        return "……"
    told = str(found.get_grade_display() if found.grade else found.get_left_out_display())
    return f"{told} ({found.decree.number})" if found.decree else told


def collective_report(told: Told) -> Written:
    """Form 01 of HD 43-HD/BTCTW, as far as its skeleton is known (domain notes 3.3); what is not said stays dots."""
    review = told.review
    parts: list[Any] = []
    for heading, texts in (
        (_("I. Strengths and results"), [review.strengths]),
        (_("II. Shortcomings and their causes"), [review.defects]),
        (_("III. Remedy of the shortcomings of the period before"), [review.remedies]),
        (_("IV. Explanation of the points suggested for review"), _answers(told.suggestions)),
        (_("V. Responsibility of the collective and of persons"), [review.responsibilities]),
        (_("VI. Directions and measures"), [review.directions]),
        (_("VII. Self-assessed grade"), [_graded(review.self_grade)]),
    ):
        parts.append(Heading(heading))
        parts += [Sentence([finished(text).strip() or f"{DOTS}\n{DOTS}"]) for text in texts]
    return Written(
        type=pgettext("paper", "REPORT"),
        abstract=_("on the review of the collective of %(org)s in %(period)s")
        % {"org": told.name, "period": review.round.period.words},
        parts=parts,
    )


def _answers(suggestions: Sequence[Suggestion]) -> list[str]:
    if not suggestions:
        return [_("No point was suggested.")]
    return [
        f"{number}. {one.text}{f' ({one.decree.number})' if one.decree else ''}\n{finished(one.answer) or DOTS}"
        for number, one in enumerate(suggestions, 1)
    ]


# The whole round ------------------------------------------------------------------------------------


def results_notice(found: Round, place: str) -> Written:
    """The numbers by superior and by kind, and the list of all organisations with the document that decided."""
    table = table_of(found)
    counts = Counts(**table["totals"])
    day = in_figures(found.period.end)
    sentence = _(
        "%(period)s: %(n)s organisations were graded: %(each)s. %(left)s were left out with a reason."
    ) % {
        "n": counts.graded, "period": found.period.title, "each": _each(counts), "left": counts.left_out,
    }  # fmt: skip
    parts: list[Any] = [Sentence([sentence])]
    families = {
        row["family"]: RoundTable(found, family=row["family"], by="superior", table=table)
        for row in table["families"]
    }
    parts += [_by_superior(families[family], family) for family in _with_results(families)]
    lines = [Line(**line) for line in table["lines"]]
    # Whom a committee above has still to decide on stands in the notice of that committee.
    above = decided_above(lines)
    told = [line for line in lines if line.outcome or line.org not in above]
    return Written(
        type=pgettext("paper", "NOTICE"),
        abstract=_("of the results of the evaluation and grading in %(period)s, %(place)s")
        % {"period": found.period.words, "place": place},
        basis=_("%(regulation)s; as of %(day)s") % {"regulation": found.scheme.name, "day": day},
        parts=parts,
        annex=[_list_of(told, family) for family in _with_results(families)],
        wide=True,
        symbol="TB",
    )


def _with_results(families: Mapping[str, RoundTable]) -> list[str]:
    """Without tables of zeros, as of the committee itself, decided above; with all where there is no result yet."""
    found = [family for family, one in families.items() if one.counts.graded or one.counts.left_out]
    return found or list(families)


def _each(counts: Counts) -> str:
    told = []
    for grade, count, share in zip(ORDER, counts.each, counts.shares, strict=True):
        percent = "" if share is None else f" ({decimal(share, 1)}%)"
        told.append(f"{str(grade.label).lower()}: {count}{percent}")
    return "; ".join(told)


def _by_superior(table: RoundTable, family: str) -> Sheet:
    columns = [
        Column(pgettext("head", "No."), 2, "center"),
        Column(pgettext("paper", "Name of the party organisation"), 9),
        Column(pgettext("eval", "Graded"), 3, "right"),
    ]
    for grade in ORDER:
        columns += [Column(str(grade.label), 4, "right"), Column("%", 3, "right", places=1)]
    columns.append(Column(pgettext("grade", "Left out"), 3, "right"))
    rows = [[number, row.name or "–", *_row(row.counts)] for number, row in enumerate(table.rows(), 1)]
    rows.append(["", _("Total"), *_row(table.counts)])
    return Sheet(family_name(family), columns, rows, bold=[len(rows) - 1])


def _row(counts: Counts) -> list[Any]:
    found: list[Any] = [counts.graded]
    for count, share in zip(counts.each, counts.shares, strict=True):
        found += [count, share]
    return [*found, counts.left_out]


def _list_of(lines: Sequence[Line], family: str) -> Sheet:
    columns = [
        Column(pgettext("head", "No."), 2, "center"),
        Column(pgettext("paper", "Name of the party organisation"), 12),
        Column(pgettext("grade", "Grade"), 8),
        Column(_("Document number"), 5),
    ]
    mine = [line for line in lines if line.kind in FAMILIES[family]]
    rows = [[number, line.name, _outcome(line), line.decree] for number, line in enumerate(mine, 1)]
    title = pgettext("paper", "LIST: %(kind)s") % {"kind": family_name(family).upper()}
    return Sheet(title, columns, rows)


def _outcome(line: Line) -> str:
    if line.grade:
        return str(Grade(line.grade).label)
    return pgettext("grade", "Left out") if line.left_out else "……"
