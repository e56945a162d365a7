"""Urgent word: who reads it? Whoever is in charge of the place or of what lies above, else the commune's staff; and
who else, one step higher, if nobody has seen it in time."""

from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet

from assignments.coverage import TIERS, followers
from assignments.models import CadrePost, UrgentWord
from assignments.topics import AssignmentRole, Tier
from portal.models import Grant, User
from portal.permissions import Permission
from portal.places import holding
from portal.roles import roles_with


class Readers(NamedTuple):
    """Accounts of cadres in charge: the nearest one, and the nearest one of what lies above that one's place."""

    first: User | None
    above: User | None


def readers(place_id: int, on: date, *, but: User) -> Readers:
    """Only who can sign in; never whoever asks."""
    charged = [row for row in followers(place_id, on) if row.role == AssignmentRole.IN_CHARGE]
    accounts = User.objects.filter(is_active=True).exclude(pk=but.pk)
    able = accounts.in_bulk([row.cadre.user_id for row in charged if row.cadre.user_id])
    rows = [row for row in charged if row.cadre.user_id in able]
    if not rows:
        return Readers(None, None)
    first = rows[0].cadre.user_id
    # The nearest come first; one in charge of a cell is so beside the cell's own place, not above it.
    beside = {None, rows[0].place_id or place_id}
    above = [row.cadre.user_id for row in rows if row.place_id not in beside and row.cadre.user_id != first]
    return Readers(able[first], able[above[0]] if above else None)


def post_of(user: User, on: date) -> str:
    """The highest post held on a day, without a name; empty where none is held."""
    posts = list(CadrePost.objects.current(on).filter(cadre__user=user).order_by("-since", "pk"))
    posts.sort(key=lambda post: TIERS.index(Tier(post.tier)))
    return ", ".join(filter(None, (posts[0].title, posts[0].workplace))) if posts else ""


def staff_above(place_id: int, on: date, *, but: User) -> QuerySet[User]:
    """Those who read what goes to the staff of the place's commune."""
    grants = Grant.objects.current(on).filter(
        place__in=holding([place_id], on), role__in=roles_with(Permission.URGENT_READ)
    )
    return User.objects.filter(pk__in=grants.values("user"), is_active=True).exclude(pk=but.pk)


def waiting_for_sender(user: User) -> QuerySet[UrgentWord]:
    """What one sent and nobody opened yet, and replies that one has not read."""
    unread = Q(replied_at__isnull=False, reply_seen_at=None)
    return UrgentWord.objects.filter(Q(seen_at=None) | unread, sent_by=user)
