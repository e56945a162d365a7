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

Rule = GradeThreshold | DisqualifyingRule | ExcellenceCap | CriteriaSet
WHOLE, GENERAL = Decimal(100), Decimal(30)


@action
def confirm_rule(*, rule: Rule, decree: Decree, by: User) -> Rule:
    """By the document that says so: an organiser's deed, never a steward's."""
    refuse_unsigned([decree])
    rule.is_confirmed, rule.source = True, str(decree)[:300]
    rule.save(update_fields=["is_confirmed", "source"])
    audit.record("confirm_grading_rule", rule, by=by, decree=decree)
    return rule


@action
def change_rule(*, rule: Rule, fields: dict[str, Any], by: User) -> Rule:
    """A changed rule is no longer confirmed. Rounds already decided keep what was decided."""
    for name, value in fields.items():
        setattr(rule, name, value)
    rule.is_confirmed = False
    rule.save(update_fields=[*fields, "is_confirmed"])
    audit.record("change_grading_rule", rule, by=by, fields=sorted(fields))
    return rule


@action
def choose_quarters(*, scheme: GradingScheme, has_quarters: bool, by: User) -> GradingScheme:
    """Whether quarters are graded too. Turned off, no new round of a quarter is opened; those that are open go on."""
    scheme.has_quarters, scheme.quarters_confirmed = has_quarters, False
    scheme.save(update_fields=["has_quarters", "quarters_confirmed"])
    audit.record("change_grading_rule", scheme, by=by, fields=["has_quarters"], has_quarters=has_quarters)
    return scheme


@action
def confirm_quarters(*, scheme: GradingScheme, decree: Decree, by: User) -> GradingScheme:
    """As `confirm_rule`, of the one setting that stands on the regulation itself."""
    refuse_unsigned([decree])
    scheme.quarters_confirmed, scheme.quarters_source = True, str(decree)[:300]
    scheme.save(update_fields=["quarters_confirmed", "quarters_source"])
    audit.record("confirm_grading_rule", scheme, by=by, decree=decree)
    return scheme


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
