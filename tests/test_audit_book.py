"""The audit book on screen: for log readers, within reach, page by page, and its deeds in words."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from portal import audit
from portal.actions import places as deeds
from portal.actions.deed import action
from portal.models import AuditEntry
from portal.roles import Role
from reports.deeds import DEEDS
from tests import make
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
PAGE = reverse("reports:audit_book")


world, land = built_once("land", make.land)


@action
def written(*, lines, by, place=None):
    for number in range(lines):
        audit.record("rename_place", place, by=by, place_id=place and place.pk, number=number)


def rows(client, **query):
    return [row["entry"] for row in client.get(PAGE, query).context["rows"]]


def test_only_log_readers_open_the_book(client, land):
    client.force_login(make.person(Role.STEWARD, land.province))
    assert client.get(PAGE).status_code == 403
    client.force_login(make.person(Role.LOG_READER, land.province))
    assert client.get(PAGE).status_code == 200


def test_a_log_reader_reads_what_happened_in_reach(client, land):
    deed = {"name": "Tên Mới", "on": make.today(), "decree": make.decree(), "by": make.clerk()}
    deeds.rename_place(place=land.hamlet, **deed)
    deeds.rename_place(place=land.sibling_hamlet, **deed)
    client.force_login(make.person(Role.LOG_READER, land.commune))
    assert [entry.place_id for entry in rows(client, deed="rename_place")] == [land.hamlet.pk]
    assert "Ấp Tên Mới" in client.get(PAGE).content.decode()


def test_the_book_is_narrowed_by_person_deed_and_days(client, land):
    writer = make.user("ghi-chep", full_name="Người Ghi Chép")
    written(lines=3, by=writer, place=land.hamlet)
    client.force_login(make.person(Role.LOG_READER, land.province))
    assert len(rows(client, person="ghi chep")) == 3
    assert not rows(client, person="khong ai")
    assert {entry.deed for entry in rows(client, deed="open_place")} == {"open_place"}
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert not rows(client, since=f"{tomorrow:%d/%m/%Y}")
    assert len(rows(client, person="ghi chep", last=f"{timezone.localdate():%d/%m/%Y}")) == 3


@pytest.mark.parametrize("number", [1, 10, 1000])
def test_the_book_asks_as_often_for_a_thousand_lines_as_for_one(
    client, land, number, django_assert_max_num_queries
):
    written(lines=number, by=make.clerk(), place=land.hamlet)
    client.force_login(make.person(Role.LOG_READER, land.province))
    with django_assert_max_num_queries(16):
        assert client.get(PAGE).status_code == 200


def test_the_pages_show_every_line_once(client, land):
    written(lines=250, by=make.clerk(), place=land.hamlet)
    client.force_login(make.person(Role.LOG_READER, land.province))
    seen, url = [], PAGE
    while url:
        response = client.get(url)
        seen += [row["entry"].pk for row in response.context["rows"]]
        url = response.context["more_url"] and PAGE + response.context["more_url"]
    assert sorted(seen) == sorted(AuditEntry.objects.values_list("pk", flat=True))


def test_a_download_asks_what_for_and_leaves_a_line(client, land):
    reader = make.person(Role.LOG_READER, land.province)
    client.force_login(reader)
    assert client.get(PAGE, {"format": "xlsx"}).status_code == 200
    response = client.post(PAGE + "?format=xlsx", {"purpose": "check"})
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(response.streaming_content)
    assert AuditEntry.objects.filter(deed="download_names", by_id=reader.pk).count() == 1


def test_every_deed_of_the_house_has_words():
    called = re.compile(r'(?:record|record_many|_sign)\(\s*"([a-z_]+)"')
    sources = [
        path
        for floor in ("portal", "assignments", "reports")
        for path in (settings.HOME / floor).rglob("*.py")
    ]
    told = {deed for path in sources for deed in called.findall(path.read_text())}
    assert len(told) > 40
    assert not told - set(DEEDS)
