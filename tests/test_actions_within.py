"""An action called by another is part of it: stored with it, and undone with it."""

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError

from portal import audit
from portal.actions.deed import ACTIONS, RuleBroken, action
from portal.models import Decree, User
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


@action
def _inner(*, by: User, fails: bool) -> None:
    audit.record("open_place", make.decree(number="77-QĐ/TU (mẫu)"), by=by)
    if fails:
        raise RuleBroken("thử")


@action
def _outer(*, by: User, fails: bool, caught: bool = False, kept_apart: bool = False) -> None:
    audit.record("open_place", make.decree(number="76-QĐ/TU (mẫu)"), by=by)
    try:
        if kept_apart:
            with transaction.atomic():
                _inner(by=by, fails=fails)
        else:
            _inner(by=by, fails=fails)
    except RuleBroken:
        if not caught:
            raise
        Decree.objects.count()


@pytest.fixture(autouse=True)
def _only_here():
    yield
    for name in [name for name in ACTIONS if name.startswith(__name__)]:
        del ACTIONS[name]


def numbers() -> set[str]:
    return set(Decree.objects.values_list("number", flat=True))


def test_both_are_stored_together():
    _outer(by=make.clerk(), fails=False)
    assert numbers() == {"76-QĐ/TU (mẫu)", "77-QĐ/TU (mẫu)"}


def test_what_fails_within_undoes_the_whole():
    with pytest.raises(RuleBroken):
        _outer(by=make.clerk(), fails=True)
    assert numbers() == set()


def test_a_failure_within_cannot_be_passed_over_and_the_rest_stored():
    with pytest.raises(TransactionManagementError):
        _outer(by=make.clerk(), fails=True, caught=True)
    assert numbers() == set()


def test_a_failure_within_its_own_savepoint_may_be_passed_over():
    _outer(by=make.clerk(), fails=True, caught=True, kept_apart=True)
    assert numbers() == {"76-QĐ/TU (mẫu)"}
