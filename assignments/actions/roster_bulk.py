"""Many cadres, posts and assignments at once: rows in batches, a line in the audit book for each.

Whoever calls has settled who is who; held against the rules is only what one question can tell for all rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from assignments.models import Assignment, Cadre, CadrePost
from assignments.topics import AssignmentRole
from portal import audit
from portal.actions import trace
from portal.actions.deed import RuleBroken, action
from portal.models import Decree, User
from portal.vietnamese import clean, fold, person_key

AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class BulkPost:
    title: str
    workplace: str
    tier: str
    place_id: int
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class BulkCadre:
    full_name: str
    phone: str
    posts: Sequence[BulkPost]


@dataclass(frozen=True, slots=True)
class BulkAssignment:
    """Of a place or of an organisation, by key; one of the two."""

    cadre_id: int
    tier: str
    since: date
    until: date | None = None
    place_id: int | None = None
    org_id: int | None = None
    role: str = AssignmentRole.FOLLOWING
    decree: Decree | None = None
    end_reason: str = ""


@action
def add_cadres_in_bulk(*, rows: Sequence[BulkCadre], by: User) -> list[Cadre]:
    """In the order of the rows. Nobody is looked for among those known: namesakes become persons of their own."""
    cadres = [
        Cadre(
            full_name=row.full_name,
            phone=row.phone,
            name_key=fold(row.full_name)[:160],
            sort_key=person_key(row.full_name)[:500],
        )
        for row in rows
    ]
    Cadre.objects.bulk_create(cadres, batch_size=AT_ONCE)
    posts = [_post(cadre, post) for cadre, row in zip(cadres, rows, strict=True) for post in row.posts]
    CadrePost.objects.bulk_create(posts, batch_size=AT_ONCE)
    trace.made([*cadres, *posts])
    seats = [row.posts[-1].place_id if row.posts else None for row in rows]
    audit.record_many("add_cadre", [(cadre, {}) for cadre in cadres], by=by, place_ids=seats)
    return cadres


def _post(cadre: Cadre, post: BulkPost) -> CadrePost:
    workplace = clean(post.workplace)
    return CadrePost(
        cadre=cadre,
        title=clean(post.title),
        workplace=workplace,
        workplace_key=fold(workplace)[:200],
        tier=post.tier,
        place_id=post.place_id,
        since=post.since,
        until=post.until,
    )


@action
def assign_in_bulk(*, rows: Sequence[BulkAssignment], by: User) -> list[Assignment]:
    _refuse_overlaps(rows)
    assignments = [
        Assignment(
            cadre_id=row.cadre_id,
            place_id=row.place_id,
            org_id=row.org_id,
            role=row.role,
            tier=row.tier,
            decree=row.decree,
            since=row.since,
            until=row.until,
            end_reason=row.end_reason,
        )
        for row in rows
    ]
    Assignment.objects.bulk_create(assignments, batch_size=AT_ONCE)
    trace.made(assignments)
    audit.record_many(
        "assign",
        [(one, {"cadre": one.cadre_id, "since": one.since, "decree": one.decree_id}) for one in assignments],
        by=by,
        place_ids=[one.place_id for one in assignments],
    )
    return assignments


def _refuse_overlaps(rows: Sequence[BulkAssignment]) -> None:
    """Among the rows and against what is stored: nobody follows the same thing twice on a day."""
    taken: dict[tuple[int, int | None, int | None], list[tuple[date, date | None]]] = {}
    cadres = list({row.cadre_id for row in rows})
    for start in range(0, len(cadres), AT_ONCE):
        known = Assignment.objects.filter(cadre__in=cadres[start : start + AT_ONCE])
        for cadre, place, org, since, until in known.values_list("cadre", "place", "org", "since", "until"):
            taken.setdefault((cadre, place, org), []).append((since, until))
    for row in rows:
        stretches = taken.setdefault((row.cadre_id, row.place_id, row.org_id), [])
        for since, until in stretches:
            if (until is None or row.since < until) and (row.until is None or since < row.until):
                raise RuleBroken(_("This cadre already follows this place in these days."))
        stretches.append((row.since, row.until))
