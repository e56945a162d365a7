"""By when the people were told to expect an answer: entered with the request, shown beside the body's own deadline."""

import uuid
from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from assignments.actions import petitions, visits
from assignments.models import Petition, Visit
from assignments.topics import VisitKind
from portal.actions.deed import RuleBroken, bookkeeping
from portal.models import AuditEntry
from portal.roles import Role
from tests import make
from tests.visit_scene import Scene, page, send
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
SEND, HOME = reverse("assignments:offline_send"), reverse("reports:home")
TEXT = "Cầu ván hư lan can."
ASKED = {"request0-topic": "roads", "request0-text": TEXT}
PROMISED = "đến ngày %s"

world, scene = built_once("scene", Scene)


def figures(day):
    return f"{day:%d/%m/%Y}"


def in_days(number):
    return make.today() + timedelta(days=number)


def asked(scene, expected=None):
    return make.visit(
        scene.cadre, scene.land.hamlet, requests=[visits.Requested("roads", TEXT, expected=expected)]
    ).petitions.get()


@bookkeeping("a test lets days pass")
def moved(petition, **fields):
    for name, value in fields.items():
        setattr(petition, name, value)
    petition.save()


def test_the_day_is_entered_with_the_request_and_shown_on_its_pages(client, scene):
    day = in_days(12)
    send(client, scene.cadre.user, scene.posted(**ASKED, **{"request0-expected": figures(day)}))
    petition = Petition.objects.get()
    assert petition.expected == day and petition.due is None
    for url in (
        reverse("assignments:petition", args=[petition.uuid]),
        reverse("assignments:visit", args=[petition.visit.uuid]),
        reverse("assignments:offline"),
        HOME,
    ):
        assert PROMISED % figures(day) in page(client, scene.cadre.user, url).replace("</dt><dd>", " "), url


def raised(client, scene, **fields):
    """“Nêu kiến nghị”, without a visit."""
    url = f"{reverse('assignments:petition_new')}?complaint=no"
    client.force_login(scene.cadre.user)
    posted = {"uuid": str(uuid.uuid4()), "place": scene.land.hamlet.pk, "topic": "roads", "text": TEXT}
    return client.post(url, posted | fields)


def test_without_a_visit_the_day_is_asked_for_too(client, scene):
    assert "Hẹn trả lời" in page(
        client, scene.cadre.user, f"{reverse('assignments:petition_new')}?complaint=no"
    )
    assert raised(client, scene, expected=figures(in_days(9))).status_code == 302
    petition = Petition.objects.get()
    assert petition.visit is None and petition.expected == in_days(9)
    shown = page(client, scene.cadre.user, reverse("assignments:petition", args=[petition.uuid]))
    assert figures(in_days(9)) in shown
    assert raised(client, scene).status_code == 302 and Petition.objects.latest("pk").expected is None


@pytest.mark.parametrize("days", [0, -1, 367])
def test_without_a_visit_a_day_that_cannot_have_been_meant_is_told_beside_its_field(client, scene, days):
    answer = raised(client, scene, expected=figures(in_days(days)))
    assert answer.status_code == 200 and answer.context["form"].errors.keys() == {"expected"}
    assert "phải sau ngày hôm nay" in answer.content.decode()
    assert figures(in_days(days)) in answer.content.decode() and not Petition.objects.exists()


def test_without_a_day_no_page_says_anything_of_one(client, scene):
    send(client, scene.cadre.user, scene.posted(**ASKED))
    petition = Petition.objects.get()
    assert petition.expected is None
    for url in (reverse("assignments:petition", args=[petition.uuid]), HOME):
        assert "Hẹn trả lời" not in page(client, scene.cadre.user, url)
    assert "expected" not in AuditEntry.objects.get(deed="raise_petition").facts


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_day_that_cannot_have_been_meant_is_told_beside_its_field(client, scene, days):
    posted = scene.posted(**ASKED, **{"request0-expected": figures(in_days(days))})
    answer = send(client, scene.cadre.user, posted).content.decode()
    assert "Ngày hẹn trả lời phải sau ngày đi cơ sở" in answer and figures(in_days(days)) in answer
    assert not Visit.objects.exists()
    with pytest.raises(RuleBroken):
        asked(scene, in_days(days))


def test_a_day_without_a_request_is_refused(client, scene):
    posted = scene.posted(**{"request0-expected": figures(in_days(3))})
    assert send(client, scene.cadre.user, posted).status_code == 200 and not Visit.objects.exists()


def test_the_last_day_within_a_year_is_taken(scene):
    assert asked(scene, in_days(366)).expected == in_days(366)


def test_a_phone_sends_it_too_and_another_day_is_another_word(client, scene):
    key, url = str(uuid.uuid4()), SEND
    fields = scene.posted(uuid=key, **ASKED, **{"request0-expected": figures(in_days(5))})
    assert [send(client, scene.cadre.user, fields, url).json()["state"] for _ in range(2)] == ["sent", "sent"]
    assert Petition.objects.get().expected == in_days(5)
    answer = send(client, scene.cadre.user, fields | {"request0-expected": figures(in_days(6))}, url).json()
    assert answer["state"] == "compare" and figures(in_days(6)) in " ".join(answer["sent"])
    refused = scene.posted(**ASKED, **{"request0-expected": figures(make.today())})
    assert "Hẹn trả lời" in send(client, scene.cadre.user, refused, url).json()["why"][0]


def test_the_bodys_deadline_does_not_move_and_stands_beside_it(client, scene):
    petition, body = asked(scene, in_days(5)), make.agency("Phòng Mẫu", scene.land.commune)
    petitions.accept(petition=petition, agency=body, released="Cầu hư", by=scene.staff)
    petition.refresh_from_db()
    assert petition.expected == in_days(5) and petition.due and petition.due != in_days(5)
    shown = page(client, scene.cadre.user, HOME)
    assert figures(petition.due) in shown and PROMISED % figures(in_days(5)) in shown
    answerer = make.person(Role.ANSWERING_BODY, body)
    assert figures(in_days(5)) in page(
        client, answerer, reverse("assignments:petition", args=[petition.uuid])
    )


def test_a_promise_that_has_passed_is_late_until_the_answer_comes(client, scene):
    late = asked(scene, in_days(1))
    moved(late, expected=in_days(-3), day=in_days(-9))
    who = scene.cadre
    for _ in range(6):
        petitions.raise_petition(
            place=scene.land.hamlet, topic="roads", text=TEXT, by=who.user, raised_by=who
        )
    pages = [
        HOME,
        reverse("assignments:petition", args=[late.uuid]),
        reverse("assignments:visit", args=[late.visit.uuid]),
    ]
    assert ["Quá hạn 3 ngày" in page(client, scene.cadre.user, url) for url in pages] == [True] * 3
    body = make.agency("Phòng Mẫu", scene.land.commune)
    petitions.accept(petition=late, agency=body, released="Cầu hư", by=scene.staff)
    petitions.answer(petition=late, answer="solved", text="Đã thay lan can", by=scene.staff)
    assert ["Quá hạn 3 ngày" in page(client, scene.cadre.user, url) for url in pages] == [False] * 3


def test_the_household_page_says_what_the_household_was_told(client, scene):
    home = scene.land.households[0]
    request = visits.Requested("water", "Nước sạch.", expected=in_days(4), consent=True)
    make.visit(scene.cadre, None, kind=VisitKind.HOUSEHOLD_VISIT, household=home, requests=[request])
    url = reverse("reports:household", args=[home.uuid])
    assert PROMISED % figures(in_days(4)) in page(client, scene.staff, url)
    client.force_login(scene.stranger.user)
    assert figures(in_days(4)) not in client.get(url).content.decode()


def test_a_stranger_learns_no_day(client, scene):
    petition = asked(scene, in_days(5))
    client.force_login(scene.stranger.user)
    assert client.get(reverse("assignments:petition", args=[petition.uuid])).status_code == 404
    assert figures(in_days(5)) not in page(client, scene.stranger.user, HOME)


def test_the_list_as_excel_and_the_blank_slip_have_the_day(client, scene):
    day = in_days(12)
    asked(scene, day)
    client.force_login(scene.staff)
    book = load_workbook(BytesIO(client.get(reverse("assignments:petitions_export")).getvalue()))
    heading = "Hẹn trả lời người dân đến ngày"
    cells = [cell for line in book.active.iter_rows() for cell in line if cell.value]
    [head] = [cell for cell in cells if cell.value == heading]
    assert book.active.cell(head.row + 1, head.column).value.date() == day
    assert page(client, scene.cadre.user, reverse("assignments:visit_blank")).count(heading) == 2
