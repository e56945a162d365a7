"""What can happen in grading: open a round, decide grades, lock, unlock. Every change leaves its trace."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal.actions import trace
from portal.actions.deed import RuleBroken, action
from portal.databases import GRADING_LOCK, take_turns
from portal.dates import in_figures
from portal.models import Decree, PartyOrg, Place, User
from portal.places import spans_on
from reports.actions.review_moves import follow, locked_orgs, locked_words, refuse_unsigned
from reports.graded_periods import WHOLE_YEAR, GradedPeriod
from reports.grades import LeftOut
from reports.models import Evaluation, EvaluationStep, Round, RoundState
from reports.review_steps import DUES
from reports.round_gaps import gaps_of
from reports.standing import cap_frozen, cap_of, graded_spans, scheme_of, spans_of_round, table_of


@dataclass(frozen=True)
class Decided:
    """What was decided for one organisation: a grade, or the reason for which it is left out.

    `words` say what another reason is; without them the reason given for the whole list does.
    """

    org: PartyOrg
    grade: str = ""
    left_out: str = ""
    decree: Decree | None = None
    words: str = ""


@action
def open_round(
    *,
    year: int,
    place: Place,
    by: User,
    quarter: int = WHOLE_YEAR,
    new_under_months: int = 0,
    dues: Mapping[str, date | None] | None = None,
) -> Round:
    """`dues` are the days of the steps, by the names of their fields; each follows the one before.

    A quarter is graded only under a regulation for which the office has turned that on.
    """
    period = GradedPeriod(year, quarter)
    if period.begin > timezone.localdate():
        raise RuleBroken(_not_begun(period))
    scheme = scheme_of(year)
    if scheme is None:
        raise RuleBroken(_("No regulation is entered for the year %(year)s.") % {"year": year})
    if not (period.is_year or scheme.has_quarters):
        raise RuleBroken(
            _("%(regulation)s: quarters are not graded. Turn them on among the regulations first.")
            % {"regulation": scheme.name}
        )
    _refuse_empty(place, period)
    found, is_new = Round.objects.get_or_create(
        year=year,
        quarter=quarter,
        place=place,
        defaults={
            "scheme": scheme,
            "opened_by": by,
            "opened_at": timezone.now(),
            "new_under_months": new_under_months,
            **_in_order(dues or {}),
        },
    )
    if not is_new:
        raise RuleBroken(
            _("There is already a round of this year for this place.")
            if period.is_year
            else _("There is already a round of this quarter for this place.")
        )
    audit.record("open_round", found, by=by, place_id=place.pk, **period.facts)
    return found


def _not_begun(period: GradedPeriod) -> str:
    if period.is_year:
        return _("The year %(year)s has not begun.") % {"year": period.year}
    return _("%(quarter)s has not begun.") % {"quarter": period.title}


def _refuse_empty(place: Place, period: GradedPeriod) -> None:
    """A round in which nobody is graded could not be told apart from the right one."""
    day = in_figures(period.end)
    if place.pk not in spans_on([place.pk], period.end):
        text = _("This place does not stand on %(day)s, the last day of the period. Choose its successor.")
        raise RuleBroken(text % {"day": day})
    if not spans_of_round(place.pk, period).exists():
        raise RuleBroken(
            _(
                "No party organisation of this place is to be graded on %(day)s. Enter the organisations first."
            )
            % {"day": day}
        )


def _in_order(dues: Mapping[str, date | None]) -> dict[str, date | None]:
    known = {name: dues.get(name) for name in DUES}
    days = [day for day in known.values() if day]
    if days != sorted(days):
        raise RuleBroken(
            _("The days follow one another: self-assessments, appraisals, decisions, announcement.")
        )
    return known


def _refuse_problems(period: GradedPeriod, rows: Sequence[Decided], kinds: dict[int, str]) -> None:
    problems: list[str] = []
    if len({row.org.pk for row in rows}) < len(rows):
        problems.append(_("An organisation stands in the list twice."))
    for row in rows:
        if bool(row.grade) == bool(row.left_out):
            problems.append(_("Choose a grade, or the reason for leaving the organisation out."))
        if row.org.pk not in kinds:
            problems.append(
                _("An organisation of the list did not exist at the end of %(period)s.")
                % {"period": period.words}
            )
    if locked_orgs(period, [row.org.pk for row in rows]):
        problems.append(locked_words(period))
    if problems:
        raise RuleBroken(list(dict.fromkeys(problems)))


def _refuse_unsaid(rows: Iterable[Decided], known: Mapping[int, Evaluation]) -> None:
    """ "Another reason" alone says nothing: it stands in the trace in words."""
    for row in rows:
        stands = row.org.pk in known and known[row.org.pk].left_out == LeftOut.OTHER
        if row.left_out == LeftOut.OTHER and not (stands or row.words.strip()):
            text = _("Say what the other reason is for which an organisation is left out.")
            raise RuleBroken({"reason": text})


@action
def decide_grades(
    *,
    period: GradedPeriod,
    rows: Sequence[Decided],
    by: User,
    reason: str = "",
    source: Any = None,
    ballots: Mapping[int, Mapping[str, int]] | None = None,
) -> dict[str, int]:
    """Enter one decision for a list of organisations; returns how many were added, changed and unchanged.

    Kinds are as of the last day of the period. A changed grade needs a reason unless it comes from an import.
    """
    take_turns(GRADING_LOCK)
    spans = graded_spans(period).filter(org__in=[row.org.pk for row in rows])
    kinds = dict(spans.values_list("org", "kind"))
    seats = dict(spans.values_list("org", "place"))
    _refuse_problems(period, rows, kinds)
    refuse_unsigned(row.decree for row in rows)
    known = {one.org_id: one for one in Evaluation.objects.of(period).filter(org__in=kinds)}
    if not reason.strip():
        _refuse_unsaid(rows, known)
    now = timezone.now()
    added, changed, unchanged = [], [], 0
    fields_written = ["grade", "left_out", "decree", "kind", "entered_by", "entered_at"]
    stood = {org: trace.standing(one, fields_written) for org, one in known.items()}
    for row in rows:
        fields = {"grade": row.grade, "left_out": row.left_out, "decree": row.decree}
        old = known.get(row.org.pk)
        if old is None:
            added.append(
                Evaluation(
                    org=row.org, year=period.year, quarter=period.quarter, kind=kinds[row.org.pk],
                    entered_by=by, entered_at=now, **fields,
                )
            )  # fmt: skip
        elif (old.grade, old.left_out, old.decree_id) == (
            row.grade,
            row.left_out,
            row.decree and row.decree.pk,
        ):
            unchanged += 1
        else:
            if not reason and source is None and (old.grade, old.left_out) != (row.grade, row.left_out):
                raise RuleBroken(_("A decided grade is changed only with a reason."))
            old.grade, old.left_out, old.decree = row.grade, row.left_out, row.decree
            old.kind, old.entered_by, old.entered_at = kinds[row.org.pk], by, now
            changed.append(old)
    Evaluation.objects.bulk_create(added, batch_size=1000)
    Evaluation.objects.bulk_update(changed, fields_written, batch_size=500)
    trace.made(added)
    for one in changed:
        trace.replaced(one, stood[one.org_id])
    reasons = {row.org.pk: row.words.strip() or reason for row in rows}
    _remember([*added, *changed], by, reasons, seats)
    follow([*added, *changed], by=by, reasons=reasons, ballots=ballots)
    return {"added": len(added), "changed": len(changed), "unchanged": unchanged}


def _remember(
    evaluations: list[Evaluation], by: User, reasons: Mapping[int, str], seats: Mapping[int, int | None]
) -> None:
    steps = EvaluationStep.objects.bulk_create(
        [
            EvaluationStep(
                evaluation=one, at=one.entered_at, by=by, grade=one.grade, left_out=one.left_out, decree=one.decree,
                reason=reasons[one.org_id][:300],
            )
            for one in evaluations
        ],
        batch_size=1000,
    )  # fmt: skip
    trace.made(steps)
    by_place: dict[int | None, list[Evaluation]] = {}
    for one in evaluations:
        by_place.setdefault(seats.get(one.org_id), []).append(one)
    for place_id, group in by_place.items():
        facts = [(one, {"org": one.org_id, **one.period.facts, "decree": one.decree_id}) for one in group]
        audit.record_many("decide_grade", facts, by=by, place_id=place_id)


@action
def lock_round(*, round: Round, by: User) -> Round:
    """Freeze the round: what its table says is kept as it is, whatever is renamed, merged or corrected later."""
    take_turns(GRADING_LOCK)
    round.refresh_from_db()
    if round.state == RoundState.LOCKED:
        raise RuleBroken(_("The round is locked already."))
    table = table_of(round)
    if gaps := gaps_of(round, table):
        raise RuleBroken(gaps.problems)
    table = {**table, "cap": cap_frozen(cap_of(round.scheme, round.period))}
    text = json.dumps(table, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    round.snapshot, round.sha256 = table, hashlib.sha256(text.encode()).hexdigest()
    round.state, round.locked_at = RoundState.LOCKED, timezone.now()
    round.save()
    audit.record(
        "lock_round", round, by=by, place_id=round.place_id, **round.period.facts, sha256=round.sha256
    )
    return round


@action
def unlock_round(*, round: Round, reason: str, by: User) -> Round:
    if not reason.strip():
        raise RuleBroken(_("Unlocking needs a reason."))
    if round.state != RoundState.LOCKED:
        raise RuleBroken(_("The round is not locked."))
    old = round.sha256
    round.state, round.locked_at, round.snapshot, round.sha256 = RoundState.OPEN, None, None, ""
    round.save()
    audit.record(
        "unlock_round", round, by=by, place_id=round.place_id, **round.period.facts, sha256=old, reason=reason
    )
    return round
