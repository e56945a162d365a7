"""A roster of people or assignments as one deed: what is new, what is corrected and what ends, in batches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from assignments.actions.roster_bulk import (
    BulkAssignment,
    BulkCadre,
    BulkPost,
    add_cadres_in_bulk,
    assign_in_bulk,
)
from assignments.models import Assignment, Cadre, CadrePost
from portal import audit
from portal.actions import trace
from portal.actions.deed import RuleBroken, action
from portal.models import Decree, User
from portal.vietnamese import clean, fold

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class PostChange:
    """Of a post that is kept: a corrected title or tier, or the first day it no longer holds."""

    post_id: int
    title: str = ""
    tier: str = ""
    until: date | None = None


@action
def save_cadres(
    *,
    new: Sequence[BulkCadre],
    phones: dict[int, str],
    changes: Sequence[PostChange],
    posts: Sequence[tuple[int, BulkPost]],
    by: User,
    source: Any = None,
) -> list[Cadre]:
    """The new ones. Posts end before others begin, so that a move to another post is two lines of one decision."""
    cadres = add_cadres_in_bulk(rows=new, by=by) if new else []
    _correct_phones(phones, by)
    _change_posts(changes, by)
    rows = [
        CadrePost(
            cadre_id=cadre, title=clean(post.title), workplace=clean(post.workplace),
            workplace_key=fold(clean(post.workplace))[:200], tier=post.tier, place_id=post.place_id,
            since=post.since, until=post.until,
        )
        for cadre, post in posts
    ]  # fmt: skip
    CadrePost.objects.bulk_create(rows, batch_size=AT_ONCE)
    trace.made(rows)
    facts = [(row, {"cadre": row.cadre_id, "since": row.since}) for row in rows]
    audit.record_many("add_post", facts, by=by, place_ids=[row.place_id for row in rows])
    return cadres


def _correct_phones(phones: dict[int, str], by: User) -> None:
    cadres = list(Cadre.objects.filter(pk__in=phones))
    with trace.changing(cadres, "phone"):
        for cadre in cadres:
            cadre.phone = phones[cadre.pk]
        Cadre.objects.bulk_update(cadres, ["phone"], batch_size=AT_ONCE)
    seats = dict(CadrePost.objects.filter(cadre__in=phones).order_by("since").values_list("cadre", "place"))
    facts = [(cadre, {"fields": ["phone"]}) for cadre in cadres]
    audit.record_many("correct_cadre", facts, by=by, place_ids=[seats.get(cadre.pk) for cadre in cadres])


def _change_posts(changes: Sequence[PostChange], by: User) -> None:
    known = CadrePost.objects.in_bulk([change.post_id for change in changes])
    ended, corrected = [], []
    with trace.changing(known.values(), "title", "tier", "until"):
        for change in changes:
            post = known[change.post_id]
            post.title, post.tier = change.title or post.title, change.tier or post.tier
            if change.until is None:
                corrected.append(post)
                continue
            if change.until <= post.since:
                raise RuleBroken(_("The last day is before the first day."))
            post.until = change.until
            ended.append(post)
        CadrePost.objects.bulk_update(known.values(), ["title", "tier", "until"], batch_size=AT_ONCE)
    ends = [(post, {"cadre": post.cadre_id, "until": post.until}) for post in ended]
    audit.record_many("end_post", ends, by=by, place_ids=[post.place_id for post in ended])
    facts = [(post, {"cadre": post.cadre_id, "fields": ["title", "tier"]}) for post in corrected]
    audit.record_many("correct_post", facts, by=by, place_ids=[post.place_id for post in corrected])


@dataclass(frozen=True, slots=True)
class AssignmentChange:
    """Of an assignment that is kept: the fields that become other ones. With `until` it ends for the reason."""

    assignment_id: int
    since: date | None = None
    until: date | None = None
    end_reason: str = ""
    role: str = ""
    decree: Decree | None = None


@action
def save_assignments(
    *,
    new: Sequence[BulkAssignment],
    changes: Sequence[AssignmentChange],
    by: User,
    source: Any = None,
) -> tuple[list[Assignment], list[Assignment]]:
    """Those that are new and those that changed, in order.

    What ends goes first, so that the same cadre may go on by a new decision from the very day.
    """
    known = Assignment.objects.in_bulk([change.assignment_id for change in changes])
    ended: list[Assignment] = []
    corrected: list[Assignment] = []
    fields = ["since", "until", "end_reason", "role", "decree"]
    with trace.changing(known.values(), *fields):
        for change in changes:
            row = known[change.assignment_id]
            row.since, row.role = change.since or row.since, change.role or row.role
            row.decree = change.decree or row.decree
            if change.until is not None:
                row.until, row.end_reason = change.until, change.end_reason or row.end_reason
            if row.until is not None and row.until <= row.since:
                raise RuleBroken(_("The last day is before the first day."))
            (corrected if change.until is None else ended).append(row)
        Assignment.objects.bulk_update(known.values(), fields, batch_size=AT_ONCE)
    _sign("end_assignment", ended, by)
    _sign("correct_assignment", corrected, by)
    made = assign_in_bulk(rows=new, by=by) if new else []
    return made, [known[change.assignment_id] for change in changes]


def _sign(deed: str, rows: list[Assignment], by: User) -> None:
    facts = [
        (row, {"cadre": row.cadre_id, "since": row.since, "until": row.until, "decree": row.decree_id})
        for row in rows
    ]
    audit.record_many(deed, facts, by=by, place_ids=[row.place_id for row in rows])
