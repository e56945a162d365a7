"""A device that is signed out learns by its own key, and by nothing else, whether it is to wipe itself."""

import uuid

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from assignments.actions import kept_devices
from assignments.models import KeptDevice
from assignments.views import lost_phones
from portal.actions import accounts
from portal.actions.deed import bookkeeping
from portal.roles import Role
from tests import make
from tests.visit_scene import Scene
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
ENTER, ASK = reverse("assignments:device_enter"), reverse("assignments:device_ask")

world, scene = built_once("scene", Scene)


@pytest.fixture(autouse=True)
def nobody_has_asked():
    cache.clear()


def entered(client, user, key=None):
    key = key or str(uuid.uuid4())
    client.force_login(user)
    assert client.post(ENTER, {"key": key}).status_code == 200
    client.logout()
    return key


def asked(key):
    """As a phone asks: without session and without token."""
    answer = Client(enforce_csrf_checks=True).post(ASK, {"key": key})
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
    assert not answer.cookies
    return answer.json()


def test_only_the_devices_of_a_lost_phone_s_account_are_told_to_wipe(client, scene):
    lost, other = entered(client, scene.cadre.user), entered(client, scene.colleague.user)
    assert asked(lost) == asked(other) == {"wipe": False}
    accounts.wipe_devices(user=scene.cadre.user, by=scene.cadre.user)
    assert asked(lost) == {"wipe": True} and asked(other) == {"wipe": False}


def test_a_device_entered_after_the_phone_was_reported_keeps_what_it_has(client, scene):
    accounts.wipe_devices(user=scene.cadre.user, by=scene.cadre.user)
    assert asked(entered(client, scene.cadre.user)) == {"wipe": False}


def test_an_old_key_entered_again_stays_as_old_as_it_is_and_whose_it_is(client, scene):
    key = entered(client, scene.cadre.user)
    accounts.wipe_devices(user=scene.cadre.user, by=scene.cadre.user)
    for user in (scene.cadre.user, scene.colleague.user):
        entered(client, user, key)
        assert asked(key) == {"wipe": True}
    assert KeptDevice.objects.get().user == scene.cadre.user


def test_the_devices_of_a_closed_account_are_wiped(client, scene):
    @bookkeeping("a test closes an account")
    def close():
        scene.cadre.user.is_active = False
        scene.cadre.user.save()

    key = entered(client, scene.cadre.user)
    close()
    assert asked(key) == {"wipe": True}


@pytest.mark.parametrize("key", ["", "x", str(uuid.UUID(int=5)), "0" * 5_000, "\x00"])
def test_a_key_that_nobody_entered_gets_the_same_answer_as_one_with_nothing_to_wipe(client, scene, key):
    entered(client, scene.cadre.user)
    accounts.wipe_devices(user=scene.cadre.user, by=scene.cadre.user)
    assert asked(key) == {"wipe": False}


def test_no_key_is_stored(client, scene):
    key = entered(client, scene.cadre.user)
    digest = KeptDevice.objects.get().digest
    assert digest == kept_devices.digest_of(key) and key not in digest and key.replace("-", "") not in digest


def test_only_who_logs_visits_enters_a_device_and_only_with_a_key(client, scene):
    key = {"key": str(uuid.uuid4())}
    assert client.post(ENTER, key).status_code in (302, 401)
    client.force_login(make.person(Role.VIEWER, scene.land.province))
    assert client.post(ENTER, key).status_code == 403
    client.force_login(scene.cadre.user)
    assert client.post(ENTER, {"key": "không phải khoá"}).status_code == 400
    assert client.get(ENTER).status_code == 405 and client.get(ASK).status_code == 405
    assert not KeptDevice.objects.exists()


def test_whoever_asks_too_often_is_told_to_wait(monkeypatch):
    monkeypatch.setattr(lost_phones, "MOST_ASKED", 2)
    key = {"key": str(uuid.uuid4())}
    assert [Client().post(ASK, key).status_code for _ in range(3)] == [200, 200, 429]
    assert Client(REMOTE_ADDR="192.0.2.9").post(ASK, key).status_code == 200


def test_the_oldest_devices_of_an_account_are_let_go(client, scene, monkeypatch):
    monkeypatch.setattr(kept_devices, "MOST_DEVICES", 2)
    of_another = entered(client, scene.colleague.user)
    keys = [entered(client, scene.cadre.user) for _ in range(3)]
    left = set(KeptDevice.objects.values_list("digest", flat=True))
    assert left == {kept_devices.digest_of(key) for key in [*keys[1:], of_another]}
