"""The accounts of the demonstration's sign-in page, each with its role and place."""

from assignments.actions.cadres import link_account
from portal.actions.accounts import change_password, grant, open_account
from portal.demonstration import ACCOUNTS, demo_password, person_name, phone_number
from portal.models import PartyOrg
from portal.places import by_code
from portal.roles import Role
from reports.actions.demo.bodies import ECONOMY
from reports.actions.demo.scene import REFORM, Scene

FIRST_NUMBER = 340
HAMLET_OF_BITHU = 2


def cell_of_bithu(scene: Scene) -> PartyOrg | None:
    """The third hamlet's; at scale a commune may have fewer hamlets, and the last one's is taken."""
    return next(
        (hamlet.cell for hamlet in reversed(scene.home.hamlets[: HAMLET_OF_BITHU + 1]) if hamlet.cell), None
    )


def open_sign_ins(scene: Scene) -> None:
    for number, account in enumerate(ACCOUNTS, start=FIRST_NUMBER):
        cadre = scene.cadres.get(account.username)
        user = open_account(
            username=account.username,
            full_name=cadre.full_name if cadre else person_name(number),
            phone=cadre.phone if cadre else phone_number(number),
            is_demo=True,
            by=scene.by,
        )
        change_password(user=user, password=demo_password(account.username), by=scene.by)
        scene.accounts[account.username] = user
        if cadre:
            link_account(cadre=cadre, user=user, by=scene.by)
    _grant_roles(scene)


def _grant_roles(scene: Scene) -> None:
    province = by_code("86", REFORM)
    assert province is not None
    home, accounts = scene.home.place, scene.accounts
    for username, role, anchor in [
        ("tinh", Role.VIEWER, province.place),
        ("tochuc", Role.ORGANISER, province.place),
        ("xa", Role.COMMUNE_STAFF, home),
        ("xaydungdang", Role.ORGANISER, home),
        ("bithu", Role.CELL_SECRETARY, cell_of_bithu(scene)),
        ("nhapthay", Role.ASSISTANT, accounts["canbotinh"]),
        ("coquan", Role.ANSWERING_BODY, scene.bodies[ECONOMY]),
        ("quantri", Role.STEWARD, province.place),
        ("nhatky", Role.LOG_READER, province.place),
    ]:
        if anchor is not None:
            grant(user=accounts[username], role=role, anchor=anchor, since=REFORM, by=scene.by)
