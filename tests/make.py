"""Makers of rows for tests: plain functions, each with sensible defaults. All names are invented."""

import itertools
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.test import Client
from django.utils import timezone

from assignments.actions import visits
from assignments.models import Assignment, Cadre, CadrePost, Duty, DutyNorm, Visit
from assignments.topics import AssignmentRole, Tier, VisitKind
from portal.actions import orgs, places
from portal.actions.deed import bookkeeping
from portal.levels import AgencyKind, Level, OrgKind, PlaceKind
from portal.models import Agency, AgencySpan, Decree, Grant, Household, PartyOrg, Place, User
from portal.roles import Role
from portal.vietnamese import fold, person_key, sort_key

START = date(2020, 2, 1)
_numbers = itertools.count(1)


def made(function: Callable[..., Any]) -> Callable[..., Any]:
    return bookkeeping("a maker of test rows")(function)


@made
def user(username: str = "", **fields: Any) -> User:
    username = username or f"nguoi-{next(_numbers)}"
    account = User(username=username, full_name=fields.pop("full_name", f"Nguyễn Mẫu {username}"), **fields)
    account.set_password("mat-khau-thu-nghiem")
    account.save()
    return account


@made
def decree(number: str = "", **fields: Any) -> Decree:
    return Decree.objects.create(number=number or f"{next(_numbers)}-QĐ/TU (mẫu)", **fields)


def place(
    kind: str = PlaceKind.XA, parent: Place | None = None, name: str = "", code: str = "", since: date = START
):
    number = next(_numbers)
    new = places.NewPlace(
        code=code or f"T{number:05}", name=name or f"Mẫu {number}", kind=kind, parent=parent
    )
    return places.open_place(new=new, since=since, decree=None, by=clerk())


def level(*told: tuple[str, Place, str], since: date) -> list[Place]:
    """Several units of one level at once, by kind, unit above and name: most tests begin with them."""
    news = []
    for kind, parent, name in told:
        number = next(_numbers)
        news.append(
            places.NewPlace(code=f"T{number:05}", name=name or f"Mẫu {number}", kind=kind, parent=parent)
        )
    return places.open_places(news=news, since=since, decree=None, by=clerk())


@made
def clerk() -> User:
    """Whoever did what a test does not care about."""
    account = User.objects.filter(username="thu-ky").first()
    return account or User.objects.create(username="thu-ky", full_name="Thư ký Mẫu", password="!")


def signed_in(who: User) -> Client:
    """A browser of theirs, without the page for signing in."""
    client = Client()
    client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    return client


@made
def grant(
    account: User, role: str, anchor: Any = None, since: date = START, until: date | None = None
) -> Grant:
    names = {Place: "place", Agency: "agency", PartyOrg: "org", User: "leader"}
    return Grant.objects.create(
        user=account, role=role, since=since, until=until, **{names[type(anchor)]: anchor}
    )


def person(role: str, anchor: Any, username: str = "") -> User:
    """An account holding one role."""
    account = user(username)
    grant(account, role, anchor)
    return account


@made
def agency(
    name: str = "", place: Place | None = None, level: str = Level.COMMUNE, since: date = START
) -> Agency:
    body = Agency.objects.create()
    name = name or f"Cơ quan Mẫu {next(_numbers)}"
    AgencySpan.objects.create(
        agency=body, name=name, kind=AgencyKind.STATE, level=level, place=place, since=since,
        name_key=fold(name), sort_key=sort_key(name),
    )  # fmt: skip
    return body


def org(kind: str = OrgKind.CELL_HAMLET, parent: PartyOrg | None = None, place: Place | None = None, name: str = "",
        since: date = START) -> PartyOrg:  # fmt: skip
    name = name or f"Chi bộ Mẫu {next(_numbers)}"
    return orgs.open_org(new=orgs.NewOrg(kind, name, parent, place), since=since, decree=None, by=clerk())


@made
def cadre(
    full_name: str = "",
    place: Place | None = None,
    tier: str = Tier.COMMUNE,
    account: User | None = None,
    title: str = "Công chức",
    workplace: str = "Ủy ban nhân dân (mẫu)",
    since: date = START,
) -> Cadre:
    full_name = full_name or f"Trần Mẫu {next(_numbers)}"
    who = Cadre.objects.create(
        full_name=full_name,
        user=account,
        phone="0100000001",
        name_key=fold(full_name),
        sort_key=person_key(full_name),
    )
    if place is not None:
        CadrePost.objects.create(
            cadre=who, title=title, workplace=workplace, workplace_key=fold(workplace), tier=tier, place=place,
            since=since,
        )  # fmt: skip
    return who


@made
def assignment(who: Cadre, target: Place | PartyOrg, since: date = START, until: date | None = None,
               tier: str = Tier.COMMUNE, role: str = AssignmentRole.FOLLOWING) -> Assignment:  # fmt: skip
    anchor = {"place": target} if isinstance(target, Place) else {"org": target}
    return Assignment.objects.create(cadre=who, since=since, until=until, tier=tier, role=role, **anchor)


@made
def household(
    place: Place, code: str = "", province: Place | None = None, since: date = START, **fields: Any
):
    return Household.objects.create(
        uuid=uuid.uuid4(), code=code or f"H{next(_numbers):04}", place=place, province=province or place, since=since,
        **fields,
    )  # fmt: skip


@dataclass
class Land:
    """Two communes in a province, each with a hamlet of two groups, and a household in each group."""

    province: Place
    commune: Place
    hamlet: Place
    groups: list[Place]
    households: list[Household]
    committee: PartyOrg
    cell: PartyOrg
    sibling: Place
    sibling_hamlet: Place
    sibling_group: Place


def land(since: date = START) -> Land:
    province = place(PlaceKind.PROVINCE, name="Tỉnh Mẫu", since=since)
    commune, sibling = level(*[(PlaceKind.XA, province, "")] * 2, since=since)
    hamlet, other = level(*((PlaceKind.AP, above, "") for above in (commune, sibling)), since=since)
    inside = [(hamlet, "1"), (hamlet, "2"), (other, "1")]
    *groups, group = level(*((PlaceKind.TO_NDTQ, above, name) for above, name in inside), since=since)
    households = [household(each, province=province, since=since) for each in [*groups, group]]
    committee = org(OrgKind.COMMUNE, place=commune, name=f"Đảng bộ Mẫu {commune.pk}", since=since)
    cell = org(OrgKind.CELL_HAMLET, committee, hamlet, since=since)
    return Land(province, commune, hamlet, groups, households, committee, cell, sibling, other, group)


def commune_staff(commune: Place, username: str = "") -> User:
    return person(Role.COMMUNE_STAFF, commune, username)


def following_cadre(target: Place | PartyOrg, roster: Place, username: str = "", **fields: Any) -> Cadre:
    """A cadre with an account who follows one place or organisation."""
    account = user(username)
    who = cadre(place=roster, account=account)
    assignment(who, target, **fields)
    return who


def today() -> date:
    return timezone.localdate()


def visit(who: Cadre, target: Place, by: User | None = None, **fields: Any) -> Visit:
    """A field check of today, logged by the cadre's own account where there is one."""
    attendance = fields.pop("attendance", "attended")
    excuse = fields.pop("excuse", "")
    fields = {"uuid": uuid.uuid4(), "day": today(), "kind": VisitKind.FIELD_CHECK, **fields}
    fields.setdefault("persons", [(who, attendance, excuse)])
    return visits.log_visit(place=target, by=by or who.user or clerk(), **fields)


@made
def duties() -> list[Duty]:
    """One duty that takes a line and the one on internal matters, which takes none."""
    rows = [("NAM-1", "Nắm mẫu", True), ("NAM-3", "Nắm nội bộ mẫu", False)]
    return [
        Duty.objects.create(
            code=code, group="grasp", position=number, label=label, writes=writes, since=date(2016, 5, 18)
        )
        for number, (code, label, writes) in enumerate(rows)
    ]


@made
def norm(tier: str = Tier.COMMUNE, level: str = Level.HAMLET, kind: str = VisitKind.CELL_MEETING, per_month: int = 1,
         since: date = START, until: date | None = None) -> DutyNorm:  # fmt: skip
    return DutyNorm.objects.create(
        tier=tier, level=level, kind=kind, per_month=per_month, since=since, until=until
    )
