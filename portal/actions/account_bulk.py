"""Many accounts and grants at once, as a list brings them: the rules of the single deeds, a line in the book for each.

No password is made here: slips are issued afterwards, one by one or for all (`accounts.issue_slips`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from portal import audit
from portal.actions import trace
from portal.actions.deed import RuleBroken, action
from portal.levels import Level
from portal.models import Grant, Place, User
from portal.roles import ANCHOR, Role
from portal.rules import username_problems
from portal.vietnamese import clean, proper_name

AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class NewAccount:
    username: str
    full_name: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class NewGrant:
    """`anchor_id` is the key of a place, an agency, a party organisation or a leader's account, as the role says."""

    user_id: int
    role: str
    anchor_id: int
    since: date
    until: date | None = None


@action
def open_accounts(*, rows: Sequence[NewAccount], by: User, source: Any = None) -> list[User]:
    """In the order of the rows; nobody can sign in with them before a slip is issued."""
    names = [row.username for row in rows]
    problems = [problem for name in names for problem in username_problems(name)]
    if len(set(names)) < len(names) or _any_taken(names):
        problems.append(_("There is already an account with this user name."))
    if problems:
        raise RuleBroken(problems)
    users = [
        User(
            username=row.username,
            full_name=proper_name(row.full_name),
            phone=clean(row.phone),
            password=make_password(None),
            must_change_password=True,
        )
        for row in rows
    ]
    User.objects.bulk_create(users, batch_size=AT_ONCE)
    trace.made(users)
    audit.record_many("open_account", [(user, {"username": user.username}) for user in users], by=by)
    return users


def _any_taken(names: Sequence[str]) -> bool:
    parts = (names[start : start + AT_ONCE] for start in range(0, len(names), AT_ONCE))
    return any(User.objects.filter(username__in=part).exists() for part in parts)


@action
def grant_many(*, rows: Sequence[NewGrant], by: User, source: Any = None) -> list[Grant]:
    """In the order of the rows."""
    _refuse_small_stewards(rows)
    _refuse_overlaps(rows)
    grants = [
        Grant(
            user_id=row.user_id, role=row.role, since=row.since, until=row.until,
            **{f"{ANCHOR[Role(row.role)]}_id": row.anchor_id},
        )
        for row in rows
    ]  # fmt: skip
    Grant.objects.bulk_create(grants, batch_size=AT_ONCE)
    trace.made(grants)
    names = _usernames(row.user_id for row in rows)
    facts = [
        (
            grant,
            {
                "user": names[row.user_id],
                "role": row.role,
                "since": row.since,
                "until": row.until,
                ANCHOR[Role(row.role)]: row.anchor_id,
            },
        )
        for grant, row in zip(grants, rows, strict=True)
    ]
    audit.record_many("grant", facts, by=by, place_ids=[grant.place_id for grant in grants])
    _let_into_admin({row.user_id for row in rows if row.role == Role.STEWARD})
    return grants


def _refuse_small_stewards(rows: Sequence[NewGrant]) -> None:
    places = {row.anchor_id for row in rows if row.role == Role.STEWARD}
    if places and Place.objects.filter(pk__in=places).exclude(level=Level.PROVINCE).exists():
        raise RuleBroken(_("A steward keeps the accounts of a whole province."))


def _refuse_overlaps(rows: Sequence[NewGrant]) -> None:
    taken: dict[tuple[int, str, int], list[tuple[date, date | None]]] = {}
    users = list({row.user_id for row in rows})
    for start in range(0, len(users), AT_ONCE):
        for grant in Grant.objects.filter(user__in=users[start : start + AT_ONCE]):
            key = (grant.user_id, grant.role, getattr(grant, f"{ANCHOR[Role(grant.role)]}_id"))
            taken.setdefault(key, []).append((grant.since, grant.until))
    for row in rows:
        if row.until is not None and row.until <= row.since:
            raise RuleBroken(_("The last day is before the first day."))
        stretches = taken.setdefault((row.user_id, row.role, row.anchor_id), [])
        for since, until in stretches:
            if (until is None or row.since < until) and (row.until is None or since < row.until):
                raise RuleBroken(_("This account already holds this role here in that time."))
        stretches.append((row.since, row.until))


@action
def end_grants(*, ends: Sequence[tuple[int, date]], by: User, source: Any = None) -> list[Grant]:
    """Grants by key with the first day on which they no longer hold, in their order."""
    known = Grant.objects.in_bulk([key for key, _until in ends])
    with trace.changing(known.values(), "until"):
        for key, until in ends:
            grant = known[key]
            if until <= grant.since:
                raise RuleBroken(_("The last day is before the first day."))
            if grant.until and grant.until <= until:
                raise RuleBroken(_("This grant has already ended by then."))
            grant.until = until
        Grant.objects.bulk_update(known.values(), ["until"], batch_size=AT_ONCE)
    grants = [known[key] for key, _until in ends]
    facts = [(grant, {"role": grant.role, "until": grant.until}) for grant in grants]
    audit.record_many("end_grant", facts, by=by, place_ids=[grant.place_id for grant in grants])
    _let_into_admin({grant.user_id for grant in grants if grant.role == Role.STEWARD})
    return grants


def _let_into_admin(user_ids: Iterable[int]) -> None:
    """Stewards may open the admin's reference tables."""
    wanted = set(user_ids)
    if not wanted:
        return
    lasting = Grant.objects.filter(user__in=wanted, role=Role.STEWARD, until=None)
    stewards = set(lasting.values_list("user", flat=True))
    users = [user for user in User.objects.filter(pk__in=wanted) if user.is_staff != (user.pk in stewards)]
    with trace.changing(users, "is_staff"):
        for user in users:
            user.is_staff = user.pk in stewards
        User.objects.bulk_update(users, ["is_staff"], batch_size=AT_ONCE)


def _usernames(user_ids: Iterable[int]) -> dict[int, str]:
    wanted = list(set(user_ids))
    found: dict[int, str] = {}
    for start in range(0, len(wanted), AT_ONCE):
        found |= dict(
            User.objects.filter(pk__in=wanted[start : start + AT_ONCE]).values_list("pk", "username")
        )
    return found
