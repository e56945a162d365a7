"""A sign-in lasts as long as it is used, and is written anew now and then and not at every page."""

import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.sessions import SAVED_AT
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def device() -> Client:
    client = Client()
    client.force_login(make.clerk())
    return client


def grown_old(client: Client, seconds: float) -> None:
    """As if the session had been written so long ago."""
    kept = Session.objects.get(pk=client.session.session_key)
    told = client.session.encode({**kept.get_decoded(), SAVED_AT: int(time.time() - seconds)})
    ends = timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE - seconds)
    Session.objects.filter(pk=kept.pk).update(session_data=told, expire_date=ends)


def left(client: Client) -> float:
    ends = Session.objects.get(pk=client.session.session_key).expire_date
    return (ends - timezone.now()).total_seconds()


def test_a_session_just_signed_in_is_not_written_at_every_page(device):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert device.get(reverse("portal:account")).status_code == 200
    assert asked.captured_queries and not [one for one in asked.captured_queries if "UPDATE" in one["sql"]]


def test_a_session_in_use_lasts_on_and_its_cookie_too(device):
    grown_old(device, settings.SESSION_COOKIE_AGE - 60)
    assert left(device) < 61
    answer = device.get(reverse("portal:account"))
    assert left(device) > settings.SESSION_COOKIE_AGE - 10
    assert answer.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == settings.SESSION_COOKIE_AGE


def test_a_clock_set_back_does_not_end_the_renewal(device):
    grown_old(device, -settings.SESSION_COOKIE_AGE)
    device.get(reverse("portal:account"))
    assert abs(device.session[SAVED_AT] - time.time()) < 10


def test_a_session_not_used_so_long_ends(device):
    grown_old(device, settings.SESSION_COOKIE_AGE + 60)
    assert device.get(reverse("portal:account")).status_code == 302


def test_whoever_is_not_signed_in_gets_no_session(client):
    client.get(reverse("portal:sign_in"))
    assert not Session.objects.exists()
