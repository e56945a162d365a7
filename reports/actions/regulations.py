"""An office makes the rules of grading its own: confirms them by a document, corrects a limit, issues own criteria."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from portal import audit
from portal.actions.deed import RuleBroken, action
from portal.models import Decree, PartyOrg, User
from portal.vietnamese import clean
from reports.actions.review_moves import refuse_unsigned
from reports.grades import Method
from reports.models import (
    CriteriaSet,
    Criterion,
    DisqualifyingRule,
    ExcellenceCap,
    GradeThreshold,
    GradingScheme,
)

Rule = GradeThreshold | DisqualifyingRule | ExcellenceCap | CriteriaSet | GradingScheme
WHOLE, GENERAL = Decimal(100), Decimal(30)


# Where a rule says that it is confirmed, and by what; of a regulation itself only the quarters are.
TRUST: dict[type, tuple[str, str]] = {GradingScheme: ("quarters_confirmed", "quarters_source")}
OF_A_ROW = ("is_confirmed", "source")


@action
def confirm_rule(*, rule: Rule, decree: Decree, by: User) -> Rule:
    """By the document that says so: an organiser's deed, never a steward's."""
    refuse_unsigned([decree])
    confirmed, source = TRUST.get(type(rule), OF_A_ROW)
    setattr(rule, confirmed, True)
    setattr(rule, source, str(decree)[:300])
    rule.save(update_fields=[confirmed, source])
    audit.record("confirm_grading_rule", rule, by=by, decree=decree)
    return rule


@action
def change_rule(*, rule: Rule, fields: dict[str, Any], by: User) -> Rule:
    """A changed rule is no longer confirmed. Rounds already decided keep what was decided.

    Quarters turned off open no new round of a quarter; those that are open go on.
    """
    confirmed, _source = TRUST.get(type(rule), OF_A_ROW)
    for name, value in {**fields, confirmed: False}.items():
        setattr(rule, name, value)
    rule.save(update_fields=[*fields, confirmed])
    switched = {name: value for name, value in fields.items() if isinstance(value, bool)}
    audit.record("change_grading_rule", rule, by=by, fields=sorted(fields), **switched)
    return rule


class CriterionTyped(NamedTuple):
    group: str
    text: str
    max_points: Decimal
    is_task: bool
    evidence: str = ""


@action
def issue_criteria(
    *, old: CriteriaSet, issued_by: PartyOrg, title: str, first_year: int, rows: Sequence[CriterionTyped],
    decree: Decree, by: User,
) -> CriteriaSet:  # fmt: skip
    """A committee's own set for the organisations below it, from a year on; its former one ends the year before."""
    refuse_unsigned([decree])
    rows = [row._replace(group=clean(row.group), text=clean(row.text)) for row in rows if clean(row.text)]
    if problems := criteria_problems(rows, old.scheme.method):
        raise RuleBroken(problems)
    mine = CriteriaSet.objects.filter(scheme=old.scheme, family=old.family, issued_by=issued_by)
    later = mine.filter(first_year__gte=first_year)
    if later.exists():
        raise RuleBroken(
            _("This committee has criteria from %(year)s on already. Choose a later year.")
            % {"year": first_year}
        )
    mine.filter(last_year=None).update(last_year=first_year - 1)
    found = CriteriaSet.objects.create(
        scheme=old.scheme, family=old.family, title=clean(title)[:200] or old.title, issued_by=issued_by,
        decree=decree, first_year=first_year, is_confirmed=True, source=str(decree)[:300],
    )  # fmt: skip
    Criterion.objects.bulk_create(
        Criterion(criteria_set=found, order=number, **row._asdict()) for number, row in enumerate(rows, 1)
    )
    audit.record("issue_criteria", found, by=by, org=issued_by.pk, year=first_year, decree=decree)
    return found


def criteria_problems(rows: Sequence[CriterionTyped], method: str) -> list[str]:
    """Under the method of points the sums are those of the regulation: 30 general and 70 for tasks."""
    if not rows:
        return [_("Write at least one criterion.")]
    if method != Method.POINTS:
        return (
            [] if any(row.is_task for row in rows) else [_("Mark at least one criterion as result of tasks.")]
        )
    general = sum((row.max_points for row in rows if not row.is_task), Decimal())
    tasks = sum((row.max_points for row in rows if row.is_task), Decimal())
    if (general, tasks) == (GENERAL, WHOLE - GENERAL):
        return []
    return [
        _("General criteria add up to %(general)s of 30 points, results of tasks to %(tasks)s of 70.")
        % {"general": _plain(general), "tasks": _plain(tasks)}
    ]


def _plain(points: Decimal) -> str:
    return f"{points.normalize():f}".replace(".", ",")
