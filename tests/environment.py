"""The ground under every test, laid before Django reads its settings (pyproject.toml loads this by `-p`).

SQLite in a temporary file by default, so that threads and races meet a real database; DATABASE=postgresql takes
the server of DATABASE_URL, or starts one for the run. Nothing a developer has in the environment leaks in.
"""

import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.conf import settings

from tests import postgres

held = ExitStack()

# Said outright, as a developer's shell or `.env` file would otherwise say it.
SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "portal.settings",
    "DEMO": "1",
    "DEBUG": "0",
    "SECRET_KEY": "a-key-for-tests-only",
    "ALLOWED_HOSTS": "127.0.0.1,localhost",
    "CSRF_TRUSTED_ORIGINS": "",
    "BEHIND_PROXY": "0",
    "SECURE_SSL_REDIRECT": "0",
    "SECURE_HSTS_SECONDS": "0",
    "PROVINCE_CODE": "86",
    "LOG_LEVEL": "WARNING",
    # With lxml beside it openpyxl refuses to write the odd letters that spoilt workbooks are made of.
    "OPENPYXL_LXML": "False",
}


def is_worker() -> bool:
    return "PYTEST_XDIST_WORKER" in os.environ


def choose_database() -> None:
    """Set DATABASE_URL and a folder for this run, once; the workers of xdist inherit them."""
    if is_worker():
        return
    folder = Path(tempfile.mkdtemp(prefix="gandan-test-"))
    held.callback(shutil.rmtree, folder, ignore_errors=True)
    os.environ["STATIC_ROOT"] = str(folder)
    if os.environ.get("DATABASE", "sqlite") == "postgresql":
        if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
            os.environ["DATABASE_URL"] = held.enter_context(postgres.server())
        return
    os.environ["DATABASE_URL"] = f"sqlite:///{folder / 'portal.sqlite3'}"


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    os.environ.update(SETTINGS)
    choose_database()
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"] = {"NAME": f"{database['NAME']}-test"}
    # Hashing a password is slow on purpose, and no test asks how slow.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # A query repeated for every row of a list fails the request that made it.
    settings.INSTALLED_APPS.append("zeal")
    settings.MIDDLEWARE.insert(0, "zeal.middleware.zeal_middleware")
    settings.ZEAL_NPLUSONE_THRESHOLD = 3


def pytest_unconfigure() -> None:
    held.close()
