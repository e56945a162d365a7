"""What the regulation lets a review's points and conditions amount to, in lines for people; it decides nothing."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from portal.templatetags.plain import points
from reports.grade_rules import Advice, Applied, Asked, Check, Known, Limits, advise
from reports.grades import ORDER, Effect, Grade
from reports.models import GradeThreshold, Review, Stage

ABOUT = {
    Asked.POINTS: pgettext_lazy("condition", "points"),
    Asked.DONE: pgettext_lazy("condition", "tasks done"),
    Asked.ON_TIME: pgettext_lazy("condition", "tasks on time"),
    Asked.LATE: pgettext_lazy("condition", "late tasks"),
    Asked.ABOVE: pgettext_lazy("condition", "tasks above requirement"),
    Asked.REMEDIED: pgettext_lazy("condition", "shortcomings remedied"),
    Asked.NO_DISCIPLINE: pgettext_lazy("condition", "nobody disciplined"),
    Asked.CORE: pgettext_lazy("condition", "lowest level of the task criteria"),
    Asked.OTHER: pgettext_lazy("condition", "lowest level of the other criteria"),
}
PERCENT = {Asked.DONE, Asked.ON_TIME, Asked.LATE, Asked.ABOVE, Asked.REMEDIED}


def limits_of(thresholds: Iterable[GradeThreshold]) -> list[Limits]:
    return [
        Limits(
            grade=Grade(row.grade),
            least_points=row.least_points,
            done=row.done_percent,
            on_time=row.on_time_percent,
            late=row.late_percent,
            above=row.above_percent,
            remedied=row.remedied_percent,
            no_discipline=row.no_discipline,
            core=row.core_level,
            other=row.other_level,
            source=row.source,
            is_confirmed=row.is_confirmed,
        )
        for row in thresholds
    ]


def known_of(review: Review, stage: str, *, disciplined: bool | None) -> Known:
    """Of the self-assessment or of the appraisal. Levels count once every criterion has one."""
    scores = list(review.scores.filter(stage=stage).select_related("criterion"))
    number = review.criteria_set.criteria.count() if review.criteria_set else 0
    levels = [(one.criterion.is_task, one.level) for one in scores if one.level is not None]
    is_whole = bool(number) and len(levels) == number
    return Known(
        points=review.proposed_points if stage == Stage.APPRAISAL else review.self_points,
        done=review.tasks_done,
        on_time=review.tasks_on_time,
        above=review.tasks_above,
        remedied=review.defects_remedied,
        disciplined=disciplined,
        core=[level for is_task, level in levels if is_task] if is_whole else None,
        other=[level for is_task, level in levels if not is_task] if is_whole else None,
    )


def applied_to(review: Review, *, with_discipline: bool) -> list[Applied]:
    rows = review.rules_applied.filter(withdrawn_at=None).select_related("rule")
    return [
        Applied(
            effect=Effect(row.rule.effect),
            text=row.rule.text,
            grade=Grade(row.rule.grade) if row.rule.grade else None,
            points=row.rule.points,
            source=row.rule.source,
        )
        for row in rows.order_by("pk")
        if with_discipline or not row.rule.is_discipline
    ]


def advice_for(review: Review, stage: str, *, with_discipline: bool) -> Advice | None:
    """None where the regulation has no thresholds yet. Discipline is known to appraiser and decider only."""
    scheme = review.round.scheme
    limits = limits_of(GradeThreshold.objects.filter(scheme=scheme.pk))
    if not limits:
        return None
    noted = (
        with_discipline and review.rules_applied.filter(withdrawn_at=None, rule__is_discipline=True).exists()
    )
    applied = applied_to(review, with_discipline=with_discipline)
    known = known_of(review, stage, disciplined=True if noted else None)
    return advise(scheme.method, limits, known, applied)


def allowed_lines(review: Review, stage: str, *, with_discipline: bool) -> list[str]:
    advice = advice_for(review, stage, with_discipline=with_discipline)
    if advice is None:
        return []
    lines = []
    if advice.by_points and advice.points is not None:
        told = {"points": points(advice.points), "grade": advice.by_points.label}
        lines.append(_("By %(points)s points: %(grade)s.") % told)
    told = {"grade": advice.highest.label}
    lines.append(_("Highest grade that nothing known stands against: %(grade)s.") % told)
    for grade in ORDER[: ORDER.index(advice.highest)]:
        lines += [f"{grade.label}: {_against(check)}" for check in advice.against(grade)]
    if unknown := advice.unknown_of(advice.highest):
        names = "; ".join(str(ABOUT[check.about]) for check in unknown)
        lines.append(_("Not known yet for %(grade)s: %(names)s.") % {**told, "names": names})
    lines += [f"{_('Disqualifying condition')}: {one.text}" for one in advice.barring]
    if GradeThreshold.objects.filter(scheme=review.round.scheme_id, is_confirmed=False).exists():
        lines.append(_("The conditions of this regulation are not confirmed yet."))
    return lines


def why_above(advice: Advice | None, grade: str) -> str:
    """Empty where points and conditions allow the grade, or nothing is laid down; else what stands against it."""
    if advice is None or ORDER.index(Grade(grade)) >= ORDER.index(advice.highest):
        return ""
    told = [_against(check) for check in advice.against(grade)] + [one.text for one in advice.barring]
    return _("%(grade)s is above what points and conditions of the appraisal allow (%(highest)s): %(why)s.") % {
        "grade": Grade(grade).label, "highest": advice.highest.label, "why": "; ".join(told).rstrip("."),
    }  # fmt: skip


def _against(check: Check) -> str:
    about, known, needed = str(ABOUT[check.about]), _value(check, check.known), _value(check, check.needed)
    if check.about == Asked.NO_DISCIPLINE:
        return pgettext("condition", "somebody was disciplined")
    if check.about == Asked.LATE:
        return pgettext("condition", "%(about)s %(known)s, at most %(needed)s") % {
            "about": about, "known": known, "needed": needed,
        }  # fmt: skip
    return pgettext("condition", "%(about)s %(known)s, at least %(needed)s") % {
        "about": about, "known": known, "needed": needed,
    }  # fmt: skip


def _value(check: Check, value: Decimal | int | None) -> str:
    if value is None:
        return "–"
    text = points(value) if isinstance(value, Decimal) else str(value)
    return f"{text}%" if check.about in PERCENT else text
