"""Urgent word: who reads it? Whoever is in charge of the place or of what lies above, else the commune's staff."""

from datetime import date

from django.db.models import Q, QuerySet

from assignments.coverage import followers
from assignments.models import UrgentWord
from assignments.topics import AssignmentRole
from portal.models import Grant, User
from portal.permissions import Permission
from portal.places import holding
from portal.roles import roles_with


def in_charge(place_id: int, on: date, *, but: User) -> User | None:
    """The account of the nearest cadre in charge who can sign in; never whoever asks."""
    for row in followers(place_id, on):
        account = row.cadre.user if row.role == AssignmentRole.IN_CHARGE else None
        if account and account.is_active and account.pk != but.pk:
            return account
    return None


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
