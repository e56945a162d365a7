"""Every address says who may enter; the admin shows rows but writes none."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from portal.access import OPEN_TO_ALL
from portal.permissions import Permission

# Django guards these itself: by the admin's own sign-in check, and in test_the_admin_shuts_out_strangers.
GUARDED_BY_DJANGO = {"admin"}
# The reference tables which a steward may edit in the admin (architecture: "read-only but for small reference tables").
FEW = 12


def addresses(resolver: Any = None, spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, URLPattern]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, (*spaces, pattern.namespace) if pattern.namespace else spaces)
        else:
            yield ":".join([*spaces, pattern.name or str(pattern.pattern)]), pattern


def own() -> list[tuple[str, URLPattern]]:
    return [(name, pattern) for name, pattern in addresses() if name.split(":")[0] not in GUARDED_BY_DJANGO]


def test_every_address_says_who_may_enter() -> None:
    assert len(own()) > 10
    shut = [
        name for name, pattern in own() if not hasattr(pattern.callback, "needs") and name not in OPEN_TO_ALL
    ]
    assert shut == [], "these say neither @needs nor stand in OPEN_TO_ALL"


def test_what_an_address_needs_is_a_permission() -> None:
    for name, pattern in own():
        needs = getattr(pattern.callback, "needs", ())
        assert all(isinstance(permission, Permission) for permission in needs), name


def test_the_list_of_open_addresses_names_no_address_that_is_gone() -> None:
    assert OPEN_TO_ALL <= {name for name, _ in own()}


def test_every_address_has_a_name_of_its_own() -> None:
    names = [name for name, _ in own()]
    assert sorted(names) == sorted(set(names))


def test_the_admin_shuts_out_strangers() -> None:
    request = RequestFactory().get("/admin/")
    request.user = AnonymousUser()
    assert not admin.site.has_permission(request)


class EveryRight:
    is_authenticated = True

    def may(self, *permissions: Permission) -> bool:
        return True


def test_the_admin_is_read_only_but_for_reference_tables() -> None:
    request = RequestFactory().get("/admin/")
    request.user = request.reach = EveryRight()
    ours = {
        model._meta.label: rooms
        for model, rooms in admin.site._registry.items()
        if model._meta.app_label in {"portal", "assignments", "reports"}
    }
    assert ours, "the admin shows nothing of ours"
    assert not any(rooms.has_delete_permission(request) for rooms in ours.values())
    writable = [
        label
        for label, rooms in ours.items()
        if rooms.has_change_permission(request) or rooms.has_add_permission(request)
    ]
    assert len(writable) <= FEW
    for row in (
        "User",
        "Grant",
        "Place",
        "PlaceSpan",
        "Household",
        "AuditEntry",
        "Visit",
        "Petition",
        "Assignment",
    ):
        assert not any(label.endswith(f".{row}") for label in writable), f"{row} is written by actions alone"
