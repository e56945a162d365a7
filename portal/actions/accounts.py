"""Accounts: opening, closing, one-time passwords, grants. A password is never written down or told twice."""

import secrets
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal.actions.deed import RuleBroken, action
from portal.levels import Level
from portal.models import Agency, Grant, PartyOrg, Place, User
from portal.roles import ANCHOR, Role
from portal.rules import username_problems
from portal.vietnamese import clean, proper_name

# Without the letters and digits that are misread from paper. Twelve of them are about 58 bits.
SLIP_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
SLIP_GROUPS, SLIP_GROUP = 3, 4


def _one_time_password() -> str:
    groups = ("".join(secrets.choice(SLIP_LETTERS) for _n in range(SLIP_GROUP)) for _n in range(SLIP_GROUPS))
    return "-".join(groups)


@action
def open_account(*, username: str, full_name: str, phone: str = "", is_demo: bool = False, by: User) -> User:
    """A new account without a password: a slip has to be issued before anybody can sign in."""
    username = username.strip().lower()
    problems = username_problems(username)
    if User.objects.filter(username=username).exists():
        problems.append(_("There is already an account with this user name."))
    if problems:
        raise RuleBroken({"username": problems})
    user = User(username=username, full_name=proper_name(full_name), phone=clean(phone), is_demo=is_demo)
    user.set_unusable_password()
    user.must_change_password = True
    user.save()
    audit.record("open_account", user, by=by, username=username)
    return user


@action
def correct_account(
    *,
    user: User,
    full_name: str,
    phone: str,
    email: str | None = None,
    wants_digest: bool | None = None,
    by: User,
) -> None:
    """What is None stays as it is."""
    fields = ["full_name", "phone"]
    user.full_name, user.phone = proper_name(full_name), clean(phone)
    if email is not None:
        user.email = email
        fields.append("email")
    if wants_digest is not None:
        user.wants_digest = wants_digest
        fields.append("wants_digest")
    user.save(update_fields=fields)
    audit.record("correct_account", user, by=by, fields=fields)


@action
def wipe_devices(*, user: User, by: User) -> None:
    """What a device kept before now is wiped when the portal is next opened on it; the caller ends the sessions."""
    user.devices_wiped_at = timezone.now()
    user.save(update_fields=["devices_wiped_at"])
    audit.record("wipe_devices", user, by=by)


@action
def issue_slip(*, user: User, by: User) -> str:
    """A one-time password, told once: it must be changed at the first sign-in, and it ends every open session."""
    if not user.is_active:
        raise RuleBroken(_("This account is closed. Open it again first."))
    password = _with_one_time_password(user)
    user.save(update_fields=["password", "must_change_password"])
    audit.record("issue_slip", user, by=by)
    return password


@action
def issue_slips(*, users: QuerySet[User], most: int, by: User) -> list[tuple[User, str]]:
    """Slips for those of the accounts that may still be opened by one, each told once; about 0.1 s each.

    The accounts are held until all are written, so that two printings at once never give two slips for one account.
    """
    found = list(
        users.select_for_update(of=("self",)).filter(is_active=True, must_change_password=True)[:most]
    )
    slips = [(user, _with_one_time_password(user)) for user in found]
    User.objects.bulk_update(found, ["password", "must_change_password"], batch_size=500)
    audit.record_many("issue_slip", [(user, {}) for user in found], by=by)
    return slips


def _with_one_time_password(user: User) -> str:
    password = _one_time_password()
    user.set_password(password)
    user.must_change_password = True
    return password


@action
def change_password(*, user: User, password: str, by: User) -> None:
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    audit.record("change_password", user, by=by)


@action
def choose_language(*, language: str, by: User) -> None:
    by.language = language
    by.save(update_fields=["language"])
    audit.record("choose_language", by, by=by, language=language)


@action
def close_account(*, user: User, by: User) -> None:
    """The account stays in the book with its deeds; nobody can sign in with it."""
    if user == by:
        raise RuleBroken(_("Nobody closes the account they are signed in with. Ask another steward."))
    user.is_active = False
    user.save(update_fields=["is_active"])
    audit.record("close_account", user, by=by)


@action
def reopen_account(*, user: User, by: User) -> None:
    user.is_active = True
    user.save(update_fields=["is_active"])
    audit.record("reopen_account", user, by=by)


@action
def grant(
    *,
    user: User,
    role: str,
    anchor: Place | Agency | PartyOrg | User,
    since: date,
    until: date | None = None,
    by: User,
) -> Grant:
    """What the anchor is (a place, an agency, a party organisation, a leader's account) follows from the role."""
    where = ANCHOR[Role(role)]
    # Whoever may issue slips to every account must not be of a smaller place than those accounts.
    if role == Role.STEWARD and isinstance(anchor, Place) and anchor.level != Level.PROVINCE:
        raise RuleBroken(_("A steward keeps the accounts of a whole province."))
    new = Grant(user=user, role=role, since=since, until=until, **{where: anchor})
    same = Grant.objects.overlapping(since, until).filter(user=user, role=role, **{where: anchor})
    if same.exists():
        raise RuleBroken(_("This account already holds this role here in that time."))
    new.full_clean()
    new.save()
    audit.record(
        "grant",
        new,
        by=by,
        place_id=anchor.pk if where == "place" else None,
        user=user.username,
        role=role,
        since=since,
        until=until,
        **{where: anchor.pk},
    )
    _let_into_admin(user)
    return new


@action
def end_grant(*, grant: Grant, until: date, by: User) -> None:
    """End a grant; a grant that would not last a single day cannot be ended, only on its first day or later."""
    if until <= grant.since:
        raise RuleBroken(_("The last day is before the first day."))
    if grant.until and grant.until <= until:
        raise RuleBroken(_("This grant has already ended by then."))
    grant.until = until
    grant.save(update_fields=["until"])
    audit.record("end_grant", grant, by=by, place_id=grant.place_id, role=grant.role, until=until)
    _let_into_admin(grant.user)


def _let_into_admin(user: User) -> None:
    """Stewards may open the admin's reference tables; reach and permissions are asked for on every request."""
    steward = Grant.objects.filter(user=user, role=Role.STEWARD, until=None).exists()
    if user.is_staff != steward:
        user.is_staff = steward
        user.save(update_fields=["is_staff"])
