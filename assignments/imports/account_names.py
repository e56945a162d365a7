"""Which account does a row mean, and what is a new one called? Accounts that are there are never renamed."""

import re
from collections.abc import Collection
from typing import NamedTuple

from assignments.models import Cadre
from portal.imports.scope import Scope
from portal.lookup import SYSTEM_USERNAME
from portal.models import User
from portal.vietnamese import fold_words, proper_name

LONGEST = 54


def name_key(name: str) -> str:
    """With its tone marks: Hạnh and Hành are two people, and a role given to the wrong one opens doors."""
    return proper_name(name).casefold()


class Account(NamedTuple):
    pk: int
    username: str
    full_name: str
    phone: str
    is_active: bool
    cadre_id: int | None


class Accounts:
    """The accounts within reach, and the user names of all."""

    def __init__(self, scope: Scope) -> None:
        cadre_of = dict(Cadre.objects.exclude(user=None).values_list("user", "pk"))
        users = User.objects.all() if scope.everywhere else scope.reach.accounts()
        fields = ("pk", "username", "full_name", "phone", "is_active")
        self.taken = {SYSTEM_USERNAME, *User.objects.values_list("username", flat=True)}
        self.by_username: dict[str, Account] = {}
        self.by_name: dict[str, list[Account]] = {}
        self.by_cadre: dict[int, Account] = {}
        for row in users.order_by("pk").values_list(*fields):
            account = Account(*row, cadre_of.get(row[0]))
            self.by_username[account.username] = account
            self.by_name.setdefault(name_key(account.full_name), []).append(account)
            if account.cadre_id:
                self.by_cadre[account.cadre_id] = account
        self.with_account = set(cadre_of.values())

    def alike(self, name: str, phone: str) -> list[Account]:
        """Accounts of nobody on the roster that bear this name, and another telephone only where one has none."""
        return [
            account
            for account in self.by_name.get(name_key(name), [])
            if account.cadre_id is None and (not phone or not account.phone or phone == account.phone)
        ]

    def proposed(self, name: str, spoken_for: Collection[str]) -> str:
        """`nguyen.mau.an`, then `nguyen.mau.an.2`, and none that the sheet itself gives to somebody."""
        base = ".".join(re.sub(r"[^a-z0-9 ]", "", fold_words(name)).split())[:LONGEST].strip(".")
        if not re.match("[a-z].", base):
            base = f"tk.{base}".rstrip(".")
        number, username = 1, base
        while username in self.taken or username in spoken_for:
            number += 1
            username = f"{base}.{number}"
        return username
