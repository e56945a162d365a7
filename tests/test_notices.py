"""What waits is counted in the head of each page and written once a day: numbers and links, no name and no text."""

import json
import uuid
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assignments import notices
from assignments.access import reach
from assignments.actions import petitions, points, urgent
from assignments.management.commands import send_digest
from assignments.models import Digest, Petition
from assignments.topics import Audience
from portal.models import AuditEntry
from tests import make
from tests.visit_scene import Scene, page, send

pytestmark = pytest.mark.django_db
MARKS = ["DAU-TEN-NGUOI", "DAU-DIEM", "DAU-KIEN-NGHI", "DAU-TRA-LOI", "DAU-GAP"]
CALLED = []


def channel(**told):
    CALLED.append(told)


def broken_channel(**told):
    raise OSError("không gửi được")


@pytest.fixture(autouse=True)
def by_day(settings):
    settings.SITE_URL, settings.MAIL_IS_SET = "https://gandan.example.vn", True
    # No hour is quiet, whenever the tests run.
    settings.QUIET_FROM = settings.QUIET_UNTIL = 0
    CALLED.clear()


@pytest.fixture
def scene():
    """An answer, two urgent words with a reply, and a point wait for the cadre; every row bears a mark."""
    found = Scene()
    user = found.cadre.user
    user.email, user.full_name = "can-bo@example.vn", MARKS[0]
    make.made(user.save)()
    point = points.issue_point(
        place=found.land.commune, text=MARKS[1], audience=Audience.HAMLETS,
        until=make.today() + timedelta(days=9), by=found.staff,
    )  # fmt: skip
    petition = petitions.raise_petition(
        uuid=uuid.uuid4(), place=found.land.hamlet, raised_by=found.cadre, day=make.today(), topic="roads",
        text=MARKS[2], by=user,
    )  # fmt: skip
    make.made(Petition.objects.filter(pk=petition.pk).update)(news_for=user)
    word = urgent.send_urgent(
        uuid=uuid.uuid4(), place=found.land.hamlet, what=MARKS[4], where=MARKS[4], needed=MARKS[4], by=user
    )
    urgent.reply_urgent(word=word, text=MARKS[3], by=found.staff)
    found.point = point
    return found


def waiting(user):
    return {notice.kind: notice.number for notice in reach(user, make.today()).notices}


def run(*arguments):
    out = StringIO()
    call_command("send_digest", "--json", *arguments, stdout=out)
    return json.loads(out.getvalue())


def test_each_kind_is_counted_for_whom_it_waits(scene):
    assert waiting(scene.cadre.user) == {"answers": 1, "urgent": 1, "points": 1}
    assert waiting(scene.staff) == {}
    assert waiting(scene.stranger.user) == {} and waiting(make.user()) == {}
    urgent.send_urgent(
        uuid=uuid.uuid4(), place=scene.land.hamlet, what="a", where="b", needed="c", by=scene.cadre.user
    )
    assert waiting(scene.staff) == {"urgent": 1}


def test_a_point_told_waits_no_more(scene):
    make.visit(scene.cadre, scene.land.hamlet, points=[scene.point])
    assert "points" not in waiting(scene.cadre.user) and waiting(scene.colleague.user) == {"points": 1}


def test_the_head_of_every_page_shows_the_numbers(client, scene):
    shown = page(client, scene.cadre.user, reverse("portal:help"))
    head = shown[shown.index("gd-notices") : shown.index("gd-me")]
    assert head.count("<li>") == 3 and "?news=1" in head
    assert not any(mark in head for mark in MARKS)
    assert "gd-notices" not in page(client, scene.stranger.user, reverse("portal:help"))


def test_counting_takes_the_same_number_of_questions(scene):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert reach(scene.cadre.user, make.today()).notices
        return len(queries)

    few = asked()
    for _word in range(9):
        points.issue_point(
            place=scene.land.commune, text="x", audience=Audience.HAMLETS,
            until=make.today() + timedelta(days=9), by=scene.staff,
        )  # fmt: skip
    assert asked() == few <= 7


def test_the_digest_holds_numbers_and_links_and_no_name_or_text(scene):
    assert run()["sent"] == 1
    (letter,) = mail.outbox
    assert letter.to == ["can-bo@example.vn"]
    whole = letter.message().as_bytes() + (letter.subject + letter.body).encode()
    assert not [mark for mark in MARKS if mark.encode() in whole]
    names = [scene.cadre.full_name, scene.staff.full_name, scene.land.hamlet.spans.get().name,
             scene.land.commune.spans.get().name]  # fmt: skip
    assert not [name for name in names if name in letter.subject + letter.body]
    assert letter.body.count(": 1\n") == 3
    assert "https://gandan.example.vn/kien-nghi/?news=1" in letter.body
    assert "https://gandan.example.vn/ca-nhan/" in letter.body


def test_nobody_is_written_to_twice_a_day(scene):
    assert (run()["sent"], run()["sent"]) == (1, 0)
    assert len(mail.outbox) == 1
    row = Digest.objects.get()
    assert (row.user, row.counts) == (scene.cadre.user, {"answers": 1, "urgent": 1, "points": 1})
    make.made(Digest.objects.update)(day=make.today() - timedelta(days=1))
    assert run()["sent"] == 1 and len(mail.outbox) == 2


def test_two_runs_at_once_write_once(scene, monkeypatch):
    """The second one had read its list before the first one wrote."""
    users = list(notices.recipients(make.today()))
    now = timezone.localtime()
    assert [send_digest._told(user, now, False) for user in users for _run in range(2)].count("sent") == 1
    assert len(mail.outbox) == 1


def test_who_opted_out_has_no_mail_or_no_account_any_more_gets_none(client, scene):
    posted = {"full_name": MARKS[0], "phone": "", "email": "can-bo@example.vn"}
    assert send(client, scene.cadre.user, posted, reverse("portal:account")).status_code == 302
    scene.cadre.user.refresh_from_db()
    assert not scene.cadre.user.wants_digest and scene.cadre.user.email == "can-bo@example.vn"
    assert run()["sent"] == 0
    send(client, scene.cadre.user, posted | {"wants_digest": "on", "email": ""}, reverse("portal:account"))
    assert run()["sent"] == 0
    send(client, scene.cadre.user, posted | {"wants_digest": "on"}, reverse("portal:account"))
    scene.cadre.user.refresh_from_db()
    scene.cadre.user.is_active = False
    make.made(scene.cadre.user.save)()
    assert run()["sent"] == 0 and not mail.outbox


def test_the_address_stays_out_of_the_audit_book(client, scene):
    posted = {"full_name": MARKS[0], "phone": "", "email": "rieng@example.vn"}
    send(client, scene.cadre.user, posted, reverse("portal:account"))
    assert "rieng@" not in str(AuditEntry.objects.get(deed="correct_account").facts)
    wrong = posted | {"email": "khong phai thu"}
    assert send(client, scene.cadre.user, wrong, reverse("portal:account")).status_code == 200


def test_with_nothing_waiting_nobody_is_written_to(scene):
    scene.stranger.user.email = "khac@example.vn"
    make.made(scene.stranger.user.save)()
    assert run()["nothing"] == 1
    assert [letter.to for letter in mail.outbox] == [["can-bo@example.vn"]]


@pytest.mark.parametrize(
    ("hour", "since", "until", "quiet"),
    [
        (21, 20, 6, True),
        (3, 20, 6, True),
        (6, 20, 6, False),
        (12, 20, 6, False),
        (13, 12, 14, True),
        (5, 0, 0, False),
    ],
)
def test_quiet_hours_go_over_midnight(hour, since, until, quiet):
    assert notices.is_quiet(hour, since, until) is quiet


def test_in_quiet_hours_nobody_is_written_to(scene, settings):
    settings.QUIET_FROM, settings.QUIET_UNTIL = 20, 6
    night = datetime(2026, 5, 4, 22, 30, tzinfo=timezone.get_current_timezone())
    told = send_digest.run(night)
    assert told["quiet"] and not mail.outbox and not Digest.objects.exists()


def test_only_checking_writes_nothing(scene):
    assert run("--check")["sent"] == 1
    assert not mail.outbox and not Digest.objects.exists()


def test_an_office_may_use_its_own_channel(scene, settings):
    settings.NOTICE_CHANNEL = "tests.test_notices.channel"
    settings.MAIL_IS_SET = False
    make.made(type(scene.cadre.user).objects.update)(email="")
    told = run()
    # The colleague has a point to pass on too, and no e-mail is needed here.
    assert told["sent"] == 2 == len(CALLED) and not mail.outbox
    assert not any(
        mark in str((each["subject"], each["body"], each["counts"])) for each in CALLED for mark in MARKS
    )


def test_what_could_not_be_sent_is_tried_again(scene, settings):
    settings.NOTICE_CHANNEL = "tests.test_notices.broken_channel"
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("send_digest", "--json", stdout=out)
    assert json.loads(out.getvalue())["failed"] == 2 and not Digest.objects.exists()
    settings.NOTICE_CHANNEL = ""
    assert run()["sent"] == 1


@pytest.mark.parametrize("missing", [{"SITE_URL": ""}, {"MAIL_IS_SET": False}])
def test_the_command_says_what_is_not_set(scene, settings, missing):
    for name, setting in missing.items():
        setattr(settings, name, setting)
    with pytest.raises(CommandError):
        run()
