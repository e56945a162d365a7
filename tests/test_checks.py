"""The portal refuses to start where it would not be safe."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from portal import checks
from tests import make


def started_with(**environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        env={**clean, "DJANGO_SETTINGS_MODULE": "portal.settings", **environment},
        cwd=settings.HOME,
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_a_secret_it_does_not_start():
    found = started_with()
    assert found.returncode and "SECRET_KEY" in found.stderr


def test_with_the_demonstrations_secret_production_does_not_start():
    found = started_with(SECRET_KEY="demo-only-secret-key-which-production-refuses-to-start-with")
    assert found.returncode and "demonstration" in found.stderr


def test_with_a_secret_of_its_own_it_starts():
    assert started_with(SECRET_KEY="x" * 60).returncode == 0


@pytest.mark.django_db
def test_a_demo_account_keeps_production_from_starting(settings):
    make.user("tinh", is_demo=True)
    settings.DEMO = True
    checks.refuse_demo_accounts()
    settings.DEMO = False
    with pytest.raises(ImproperlyConfigured):
        checks.refuse_demo_accounts()


@pytest.mark.django_db
def test_a_demo_account_that_is_closed_does_not():
    make.user("tinh", is_demo=True, is_active=False)
    checks.refuse_demo_accounts()


def test_a_province_on_sqlite_is_told_to_move(settings, monkeypatch):
    settings.DEMO = False
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
    assert [found.id for found in checks.sqlite_is_for_small_offices(None)] == ["portal.W001"]
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.postgresql")
    assert checks.sqlite_is_for_small_offices(None) == []


def test_the_driver_is_psycopg_2():
    assert checks.psycopg_3_is_absent(None) == []


@pytest.mark.django_db
def test_health_says_that_the_portal_and_its_database_answer(client):
    response = client.get("/health/")
    assert response.json() == {"status": "ok", "database": "ok"}
