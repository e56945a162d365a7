"""The invented accounts and people of the demonstration: shown on its sign-in page, refused by production."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DemoAccount(NamedTuple):
    username: str
    role: str | Promise
    purpose: str | Promise


ACCOUNTS = [
    DemoAccount("tinh", _("Follows the whole province"), _("Overview, places and figures of the province")),
    DemoAccount(
        "tochuc",
        _("Organisation Commission"),
        _("Assignments, rosters, points to pass on for the province, year-end evaluation"),
    ),
    DemoAccount("xa", _("Commune staff of Hương Mỹ"), _("Hamlets, groups, households, recommendations")),
    DemoAccount("xaydungdang", _("Organiser at Hương Mỹ"), _("Cells and their grades")),
    DemoAccount("canbo", _("Cadre following a hamlet"), _("Logs visits on a phone")),
    DemoAccount(
        "canbotinh", _("Provincial cadre following Hương Mỹ"), _("Committee meetings, recommendations")
    ),
    DemoAccount("bithu", _("Cell secretary of a hamlet"), _("Monthly meetings and tasks of the cell")),
    DemoAccount("nhapthay", _("Assistant"), _("Enters the visits of canbotinh")),
    DemoAccount("coquan", _("Answering body"), _("Answers recommendations")),
    DemoAccount("quantri", _("Steward"), _("Accounts, imports from Excel")),
    DemoAccount("nhatky", _("Log reader"), _("Who changed what, and when")),
]

FAMILY_NAMES = "Nguyễn Trần Lê Phạm Huỳnh Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý".split()
GIVEN_NAMES = (
    "An Ánh Bình Chi Dũng Đạt Đức Giang Hà Hạnh Hòa Huy Khoa Lan Long Mai Minh Nga Ngọc Phúc Quý Sơn Thảo Thủy Tuấn "
    "Uyên Vân Ý Yến"
).split()


def demo_password(username: str) -> str:
    return f"gan-dan-{username}"


def person_name(number: int) -> str:
    """377 different names, then they repeat; the middle name marks every one of them as invented."""
    return f"{FAMILY_NAMES[number % len(FAMILY_NAMES)]} Mẫu {GIVEN_NAMES[number % len(GIVEN_NAMES)]}"


def phone_number(number: int) -> str:
    """Ten digits in a block that no operator has."""
    return f"0100{number:06}"
