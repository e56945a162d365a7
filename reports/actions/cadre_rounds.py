"""A yearly round of cadres: opened for all who followed something in it, decided for a list, announced, locked.

Lines of the audit book say that something was decided, never what.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal import audit
from portal.actions.deed import RuleBroken, action
from portal.databases import GRADING_LOCK, take_turns
from portal.levels import Level
from portal.models import Decree, Place, User
from reports.actions.cadre_steps import held_round, not_on_oneself, refuse
from reports.actions.review_moves import refuse_unsigned, remark
from reports.cadre_records import sealed
from reports.cadre_standing import DUES, excellent_cells, followed_in
from reports.grades import Grade
from reports.models import (
    CadreReview,
    CadreReviewPlace,
    CadreReviewState,
    CadreReviewStep,
    CadreRound,
    CadreRoundState,
    CommendedCell,
)

S = CadreReviewState
SETTLED = (S.DECIDED, S.ANNOUNCED, S.LEFT_OUT)


@dataclass(frozen=True)
class Decision:
    review: CadreReview
    grade: str


@action
def open_cadre_round(
    *, year: int, place: Place, by: User, dues: Mapping[str, date | None] | None = None
) -> CadreRound:
    if year > timezone.localdate().year:
        raise RuleBroken(_("The year %(year)s has not begun.") % {"year": year})
    if place.level not in (Level.PROVINCE, Level.COMMUNE):
        raise RuleBroken(pgettext("cadre review", "A round of cadres is opened for a commune or a province."))
    days = {name: (dues or {}).get(name) for name in DUES}
    known = [day for day in days.values() if day]
    if known != sorted(known):
        raise RuleBroken(
            pgettext("cadre review", "The days follow one another: own reports, opinions, decisions.")
        )
    found, is_new = CadreRound.objects.get_or_create(
        year=year, place=place, defaults={"opened_by": by, "opened_at": timezone.now(), **days}
    )
    if not is_new:
        raise RuleBroken(_("There is already a round of this year for this place."))
    number = _fill(found)
    audit.record("open_cadre_round", found, by=by, place_id=place.pk, year=year, reviews=number)
    return found


@action
def fill_cadre_round(*, round: CadreRound, by: User) -> int:
    """Reviews for those who were assigned, or entered, after the round was opened; says how many."""
    now = held_round(round)
    if now.state != CadreRoundState.OPEN:
        raise RuleBroken(pgettext("cadre review", "The results of this round have been announced."))
    number = _fill(now)
    audit.record("fill_cadre_round", now, by=by, place_id=now.place_id, year=now.year, reviews=number)
    return number


def _fill(round: CadreRound) -> int:
    followed = followed_in(round)
    there = set(round.reviews.values_list("cadre", flat=True))
    missing = sorted(set(followed) - there)
    CadreReview.objects.bulk_create(
        [CadreReview(round=round, cadre_id=cadre) for cadre in missing], batch_size=1000
    )
    known = set(CadreReviewPlace.objects.filter(review__round=round).values_list("review__cadre", "place"))
    CadreReviewPlace.objects.bulk_create(
        [
            CadreReviewPlace(review_id=pk, place_id=place)
            for pk, cadre in round.reviews.values_list("pk", "cadre")
            for place in sorted(followed.get(cadre, ()))
            if (cadre, place) not in known
        ],
        batch_size=1000,
    )
    return len(missing)


@action
def decide_cadres(
    *, round: CadreRound, rows: Sequence[Decision], decree: Decree, by: User, reason: str = ""
) -> int:
    """One document for a list; a changed grade needs a reason. Says how many were decided or changed."""
    take_turns(GRADING_LOCK)
    held_round(round)
    refuse_unsigned([decree])
    if len({row.review.pk for row in rows}) < len(rows):
        raise RuleBroken(pgettext("cadre review", "A cadre stands in the list twice."))
    found = round.reviews.select_for_update(of=("self",)).filter(pk__in=[row.review.pk for row in rows])
    reviews = {one.pk: one for one in found.select_related("cadre")}
    reason, changed = remark(reason), []
    for row in rows:
        one = reviews.get(row.review.pk)
        if one is None or row.grade not in Grade.values:
            raise RuleBroken(pgettext("cadre review", "Choose a grade for cadres of this round."))
        refuse(one, "decide")
        not_on_oneself(one, by)
        if one.state == S.DECIDED and one.grade == row.grade:
            continue
        if one.state == S.DECIDED and not reason:
            raise RuleBroken(_("A decided grade is changed only with a reason."))
        one.grade, one.decree, one.state, one.is_commended = row.grade, decree, S.DECIDED, False
        changed.append(one)
    CadreReview.objects.bulk_update(changed, ["grade", "decree", "state", "is_commended"], batch_size=500)
    _remember(changed, CadreReviewStep.Kind.DECIDED, by, decree=decree, text=reason)
    audit.record(
        "decide_cadres", round, by=by, place_id=round.place_id, year=round.year, number=len(changed),
        decree=decree.pk,
    )  # fmt: skip
    return len(changed)


def _remember(reviews: Sequence[CadreReview], kind: str, by: User, **fields: Any) -> None:
    now = timezone.now()
    CadreReviewStep.objects.bulk_create(
        [CadreReviewStep(review=one, kind=kind, at=now, by=by, grade=one.grade, **fields) for one in reviews],
        batch_size=1000,
    )


@action
def announce_cadre_round(*, round: CadreRound, by: User) -> int:
    """From now on each cadre reads the own result; whoever is not decided on is left out with a reason first."""
    take_turns(GRADING_LOCK)
    now = held_round(round)
    if now.state != CadreRoundState.OPEN:
        raise RuleBroken(pgettext("cadre review", "The results of this round have been announced."))
    waiting = now.reviews.exclude(state__in=SETTLED).count()
    rows = list(now.reviews.filter(state=S.DECIDED).order_by("pk"))
    if waiting:
        words = pgettext(
            "cadre review",
            "%(n)s cadres have no decision yet. Decide on them, or leave them out with a reason.",
        )
        raise RuleBroken(words % {"n": waiting})
    if not rows:
        raise RuleBroken(_("There is no decided result that has not been announced."))
    CadreReview.objects.filter(pk__in=[row.pk for row in rows]).update(state=S.ANNOUNCED)
    _remember(rows, CadreReviewStep.Kind.ANNOUNCED, by)
    now.state, now.announced_on = CadreRoundState.ANNOUNCED, timezone.localdate()
    now.save(update_fields=["state", "announced_on"])
    audit.record("announce_cadre_round", now, by=by, place_id=now.place_id, year=now.year, results=len(rows))
    return len(rows)


@action
def lock_cadre_round(*, round: CadreRound, by: User) -> CadreRound:
    """What was decided is kept as it is, whatever is renamed or corrected later."""
    take_turns(GRADING_LOCK)
    now = held_round(round)
    if now.state != CadreRoundState.ANNOUNCED:
        raise RuleBroken(pgettext("cadre review", "Announce the results before locking the round."))
    now.snapshot = _snapshot(now)
    now.sha256 = sealed(now.snapshot)
    now.state, now.locked_at = CadreRoundState.LOCKED, timezone.now()
    now.save(update_fields=["snapshot", "sha256", "state", "locked_at"])
    audit.record("lock_cadre_round", now, by=by, place_id=now.place_id, year=now.year, sha256=now.sha256)
    return now


def _snapshot(round: CadreRound) -> dict[str, Any]:
    rows = round.reviews.select_related("cadre", "decree").order_by("cadre__sort_key", "pk")
    return {
        "year": round.year,
        "reviews": [
            {
                "cadre": one.cadre_id, "name": one.cadre.full_name, "state": one.state, "grade": one.grade,
                "self_grade": one.self_grade, "decree": one.decree.number if one.decree else "",
                "is_commended": one.is_commended, "record": one.sha256,
            }
            for one in rows
        ],
        "cells": list(round.commended_cells.order_by("org").values_list("org", flat=True)),
    }  # fmt: skip


@action
def unlock_cadre_round(*, round: CadreRound, reason: str, by: User) -> CadreRound:
    if not reason.strip():
        raise RuleBroken(_("Unlocking needs a reason."))
    take_turns(GRADING_LOCK)
    now = CadreRound.objects.select_for_update().get(pk=round.pk)
    if now.state != CadreRoundState.LOCKED:
        raise RuleBroken(_("The round is not locked."))
    old, now.state, now.locked_at = now.sha256, CadreRoundState.ANNOUNCED, None
    now.snapshot, now.sha256 = None, ""
    now.save(update_fields=["snapshot", "sha256", "state", "locked_at"])
    audit.record(
        "unlock_cadre_round",
        now,
        by=by,
        place_id=now.place_id,
        year=now.year,
        sha256=old,
        reason=remark(reason),
    )
    return now


@action
def commend(*, round: CadreRound, reviews: Sequence[int], cells: Sequence[int], by: User) -> None:
    """The whole list as it was ticked: cadres decided on, cells of the place graded EXCELLENT."""
    take_turns(GRADING_LOCK)
    now = held_round(round)
    chosen = list(now.reviews.select_related("cadre").filter(pk__in=reviews))
    for one in chosen:
        refuse(one, "commend")
        if one.grade == Grade.FAILED:
            raise RuleBroken(pgettext("commendation", "A cadre graded FAILED is not commended."))
        if not one.is_commended:
            not_on_oneself(one, by)
    if len(chosen) < len(set(reviews)):
        raise RuleBroken(pgettext("commendation", "The list names a cadre who is not in this round."))
    if not set(cells) <= set(excellent_cells(now).values_list("org", flat=True)):
        raise RuleBroken(
            pgettext("commendation", "Only cells graded EXCELLENT in the year stand in the list.")
        )
    now.reviews.filter(is_commended=True).exclude(pk__in=reviews).exclude(cadre__user=by).update(
        is_commended=False
    )
    now.reviews.filter(pk__in=reviews).update(is_commended=True)
    now.commended_cells.exclude(org__in=cells).delete()
    there = set(now.commended_cells.values_list("org", flat=True))
    CommendedCell.objects.bulk_create(
        [CommendedCell(round=now, org_id=org, by=by, at=timezone.now()) for org in sorted(set(cells) - there)]
    )
    audit.record(
        "commend", now, by=by, place_id=now.place_id, year=now.year, cadres=len(chosen), cells=len(set(cells))
    )
