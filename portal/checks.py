"""What the portal checks of itself before it serves: the driver, the database, no demonstration left over."""

import importlib.util
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured

from portal.models import User


@register(Tags.compatibility)
def psycopg_3_is_absent(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Django would silently prefer it, and imports became up to 2.4 times slower."""
    if importlib.util.find_spec("psycopg") is None:
        return []
    return [
        Error("psycopg 3 is installed.", hint="Remove it; the portal runs on psycopg2.", id="portal.E001")
    ]


@register(Tags.security, deploy=True)
def sqlite_is_for_small_offices(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.DEMO or not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return []
    return [
        Warning(
            "The portal runs on SQLite.",
            hint="A province sets DATABASE_URL to PostgreSQL (docs/operating.md).",
            id="portal.W001",
        )
    ]


def refuse_demo_accounts() -> None:
    """In production nobody signs in with a password that stands on a public page."""
    if not settings.DEMO and User.objects.filter(is_demo=True, is_active=True).exists():
        raise ImproperlyConfigured(
            "The database holds accounts of the demonstration. Start production on a database of its own."
        )
