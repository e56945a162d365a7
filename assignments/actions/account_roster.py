"""A list of accounts as one deed: accounts opened and linked to their cadres, roles granted and ended."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Model
from django.utils.translation import gettext as _

from assignments.models import Cadre, CadrePost
from portal import audit
from portal.actions import trace
from portal.actions.account_bulk import NewAccount, NewGrant, end_grants, grant_many, open_accounts
from portal.actions.deed import RuleBroken, action
from portal.models import User

AT_ONCE = 1000


@dataclass(eq=False, slots=True)
class Opening:
    """An account that a row opens; further rows may grant it more."""

    username: str
    full_name: str
    phone: str = ""
    cadre_id: int | None = None


class Granted(NamedTuple):
    role: str
    anchor_id: int
    since: date
    until: date | None


@dataclass(eq=False)
class AccountFiling:
    """What one row does for one account; the account is known by its key, or opened by this row or an earlier one."""

    user_id: int | None = None
    opening: Opening | None = None
    grants: list[Granted] = field(default_factory=list)
    ends: list[tuple[int, date]] = field(default_factory=list)


@action
def save_accounts(
    *, filings: Sequence[AccountFiling], by: User, source: Any = None
) -> list[tuple[AccountFiling, Model]]:
    """Every row written, beside the filing it was written for."""
    firsts: dict[int, tuple[Opening, AccountFiling]] = {}
    for filing in filings:
        if filing.opening is not None:
            firsts.setdefault(id(filing.opening), (filing.opening, filing))
    opened = [opening for opening, _filing in firsts.values()]
    users = open_accounts(
        rows=[NewAccount(one.username, one.full_name, one.phone) for one in opened], by=by, source=source
    )
    user_of = {id(one): user for one, user in zip(opened, users, strict=True)}
    written: list[tuple[AccountFiling, Model]] = [
        (filing, user) for (_opening, filing), user in zip(firsts.values(), users, strict=True)
    ]
    _link({one.cadre_id: user_of[id(one)] for one in opened if one.cadre_id}, by)
    ends = [(filing, end) for filing in filings for end in filing.ends]
    ended = end_grants(ends=[end for _filing, end in ends], by=by, source=source)
    written += [(filing, grant) for (filing, _end), grant in zip(ends, ended, strict=True)]
    wanted = [(filing, grant) for filing in filings for grant in filing.grants]
    keys = [filing.user_id or user_of[id(filing.opening)].pk for filing, _grant in wanted]
    rows = [NewGrant(key, *grant) for key, (_filing, grant) in zip(keys, wanted, strict=True)]
    granted = grant_many(rows=rows, by=by, source=source)
    return written + [(filing, grant) for (filing, _grant), grant in zip(wanted, granted, strict=True)]


def _link(accounts: dict[int, User], by: User) -> None:
    cadres = list(Cadre.objects.filter(pk__in=accounts))
    if any(cadre.user_id for cadre in cadres):
        raise RuleBroken(_("One of these cadres has an account by now."))
    with trace.changing(cadres, "user"):
        for cadre in cadres:
            cadre.user = accounts[cadre.pk]
        Cadre.objects.bulk_update(cadres, ["user"], batch_size=AT_ONCE)
    seats = dict(CadrePost.objects.filter(cadre__in=accounts).order_by("since").values_list("cadre", "place"))
    facts = [(cadre, {"user": accounts[cadre.pk].username}) for cadre in cadres]
    audit.record_many("link_account", facts, by=by, place_ids=[seats.get(cadre.pk) for cadre in cadres])
