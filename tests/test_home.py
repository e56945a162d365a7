"""The first page: all hats of one person together, without counting anybody's sins, at a constant price."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assignments.actions import petitions
from assignments.topics import VisitKind
from portal.models import AuditEntry
from portal.roles import Role
from tests import make

pytestmark = pytest.mark.django_db
HOME = reverse("reports:home")


@pytest.fixture
def land():
    make.norm()
    return make.land()


def home(client, user):
    client.force_login(user)
    response = client.get(HOME)
    assert response.status_code == 200
    return response.content.decode(), response.context_data


def test_a_stranger_is_asked_to_sign_in(client, db):
    assert client.get(HOME).status_code == 302


def test_an_account_without_a_role_is_told_so(client, land):
    text, context = home(client, make.user())
    assert not context["has_roles"] and "gd-empty" in text


def test_a_cadre_sees_the_meeting_of_the_month_until_it_is_logged(client, land):
    who = make.following_cadre(land.hamlet, land.commune)
    _text, context = home(client, who.user)
    this_month = [task for task in context["field"]["waiting"] if task.days >= 0]
    assert [task.url for task in this_month] == [
        f"{reverse('assignments:visit_new')}?place={land.hamlet.pk}&kind=cell"
    ]
    make.visit(who, land.hamlet, kind=VisitKind.CELL_MEETING)
    _text, context = home(client, who.user)
    assert [task for task in context["field"]["waiting"] if task.days >= 0] == []
    assert len(context["field"]["done"]) == 1


def test_a_cadre_sees_the_last_visit_and_what_was_promised(client, land):
    who = make.following_cadre(land.hamlet, land.commune)
    make.visit(who, land.hamlet, promises=[("hỏi lại ngày thay lan can", make.today())])
    text, context = home(client, who.user)
    assert "hỏi lại ngày thay lan can" in text
    assert context["field"]["followed"][0]["last"].day == make.today()
    assert any(task.label == "hỏi lại ngày thay lan can" for task in context["field"]["waiting"])


def test_no_word_of_the_page_speaks_of_debts(client, land):
    who = make.following_cadre(land.hamlet, land.commune)
    text, _context = home(client, who.user)
    assert " nợ" not in text.lower()


def test_an_answer_is_shown_to_the_cadre_and_the_petition_to_the_desk_and_the_body(client, land):
    who = make.following_cadre(land.hamlet, land.commune)
    staff, body = make.commune_staff(land.commune), make.agency("Phòng Kinh tế Mẫu", place=land.commune)
    answerer = make.person(Role.ANSWERING_BODY, body)
    petition = petitions.raise_petition(
        place=land.hamlet, topic="roads", text="Cầu ván hư lan can", by=who.user, raised_by=who
    )
    text, context = home(client, staff)
    assert context["desk"]["number"] == 1 and "Cầu ván hư lan can" in text
    petitions.accept(petition=petition, agency=body, released="Cầu ván hư", by=staff)
    petition.refresh_from_db()
    text, context = home(client, answerer)
    assert context["answering"]["number"] == 1 and "Cầu ván hư" in text and "lan can" not in text
    petitions.answer(petition=petition, answer="solved", text="Đã thay", by=answerer)
    _text, context = home(client, who.user)
    assert len(context["field"]["news"]) == 1 and len(context["field"]["sent"]) == 1


def test_of_many_answers_the_first_page_shows_a_few_and_leads_to_all(client, land):
    """Five long lines stood between a cadre's small phone and what is due."""
    who, staff = make.following_cadre(land.hamlet, land.commune), make.commune_staff(land.commune)
    body = make.agency("Phòng Kinh tế Mẫu", place=land.commune)
    for number in range(7):
        raised = petitions.raise_petition(
            place=land.hamlet, topic="roads", text=f"Cầu số {number} hư.", by=who.user, raised_by=who
        )
        petitions.accept(petition=raised, agency=body, released="Cầu hư", by=staff)
        petitions.answer(petition=raised, answer="solved", text="Đã thay", by=staff)
    text, context = home(client, who.user)
    assert len(context["field"]["news"]) == 3 and context["field"]["news_number"] == 7
    assert "7 câu trả lời mới cần báo lại cho dân" in text
    told, due = text.index("7 câu trả lời mới"), text.index("Việc cần thực hiện trong tháng")
    assert f"{reverse('assignments:petitions')}?news=1" in text[told:due]


def test_a_recommendation_sent_back_is_news_but_no_answer_to_tell_the_people(client, land):
    who, staff = make.following_cadre(land.hamlet, land.commune), make.commune_staff(land.commune)
    body = make.agency("Phòng Kinh tế Mẫu", place=land.commune)
    answered, sent_back = (
        petitions.raise_petition(
            place=land.hamlet, topic="roads", text=f"{what}.", by=who.user, raised_by=who
        )
        for what in ("Cầu ván hư lan can", "Đường lún")
    )
    petitions.accept(petition=answered, agency=body, released="Cầu ván hư", by=staff)
    petitions.answer(petition=answered, answer="solved", text="Đã thay", by=staff)
    text, context = home(client, who.user)
    assert context["field"]["only_answers"] and "Cầu ván hư lan can</a>" in text
    petitions.return_for_more(petition=sent_back, reason="Ghi rõ vị trí", by=staff)
    _text, context = home(client, who.user)
    assert len(context["field"]["news"]) == 2 and not context["field"]["only_answers"]


def test_staff_see_the_gaps_of_their_place(client, land):
    _text, context = home(client, make.commune_staff(land.commune))
    assert len(context["gaps"]) == 1 and context["field"] is None


def test_several_hats_stand_on_one_page(client, land):
    who = make.following_cadre(land.hamlet, land.commune)
    make.grant(who.user, Role.COMMUNE_STAFF, land.commune)
    _text, context = home(client, who.user)
    assert context["field"] and context["desk"] and context["gaps"]


def test_an_organiser_is_told_of_unconfirmed_duties_and_a_steward_is_not(client, land):
    make.duties()
    assert home(client, make.person(Role.ORGANISER, land.province))[1]["to_confirm"] == 2
    assert home(client, make.person(Role.STEWARD, land.province))[1]["to_confirm"] == 0


def test_the_page_costs_the_same_whatever_stands_on_it(client, land):
    who = make.following_cadre(land.hamlet, land.commune)
    make.grant(who.user, Role.COMMUNE_STAFF, land.commune)
    make.assignment(who, land.groups[0])
    client.force_login(who.user)

    def cost(number):
        for index in range(number):
            make.visit(
                who, land.hamlet, promises=[(f"hẹn {index}", make.today() + timedelta(days=index % 3))]
            )
            petitions.raise_petition(
                place=land.hamlet, topic="roads", text=f"Cầu {index}", by=who.user, raised_by=who
            )
        with CaptureQueriesContext(connection) as queries:
            client.get(HOME)
        return len(queries)

    first, many = cost(1), cost(30)
    assert many <= first <= 77


def test_whoever_looks_on_finds_the_months_visits_and_open_recommendations(client):
    land = make.land()
    cadre = make.following_cadre(land.hamlet, land.commune)
    make.visit(cadre, land.hamlet)
    make.visit(cadre, land.groups[0])
    petitions.raise_petition(place=land.hamlet, topic="roads", text="Cầu hư", by=cadre.user)
    _text, context = home(client, make.person(Role.VIEWER, land.province))
    (watched,) = context["watched"]
    assert [tile.number for tile in watched["tiles"]] == [2, 1, 0]
    for tile in watched["tiles"]:
        assert client.get(tile.url).status_code == 200


def test_stewards_and_log_readers_find_what_they_keep(client):
    land = make.land()
    _text, context = home(client, make.person(Role.STEWARD, land.province))
    assert [tile.url for tile in context["kept"]] == [reverse("portal:accounts"), reverse("reports:imports")]
    _text, context = home(client, make.person(Role.LOG_READER, land.province))
    (tile,) = context["kept"]
    assert tile.number == AuditEntry.objects.count()
