"""What one test stored for good is gone before the next, and what the migrations made is not."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType

from portal.models import AuditEntry, Decree, Place
from tests import make
from tests.emptying import tables_with_rows

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("time", ["first", "second"])
def test_each_finds_no_row_of_the_one_before(time):
    assert tables_with_rows() == []
    assert not Place.objects.exists() and not Decree.objects.exists() and not AuditEntry.objects.exists()
    make.land()
    make.decree()
    assert {"portal_place", "portal_decree", "portal_auditentry"} <= set(tables_with_rows())


def test_content_types_and_permissions_stay():
    assert ContentType.objects.filter(app_label="portal").exists() and Permission.objects.exists()
