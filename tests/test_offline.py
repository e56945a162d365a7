"""Visits sent later: stored once, refused with the reason, compared where they differ, and nobody's name kept."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assignments.actions import petitions, teams
from assignments.models import Cadre, Petition, Visit
from assignments.topics import PetitionState, Topic
from assignments.views import offline
from portal.actions import accounts, places
from portal.actions.deed import bookkeeping
from portal.levels import OrgKind
from portal.roles import Role
from tests import make
from tests.visit_scene import Scene
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
PAGE, SERVER, SEND = (
    reverse(f"assignments:{name}") for name in ("offline", "offline_server", "offline_send")
)
ASKED = {"request0-topic": "roads", "request0-text": "Lan can cầu ván gãy hai nhịp."}


world, scene = built_once("scene", Scene)


def sent(client, scene, user=None, **fields):
    client.force_login(user or scene.cadre.user)
    return client.post(SEND, scene.posted(**fields)).json()


def test_who_should_answer_is_chosen_on_the_phone_among_the_bodies_of_the_commune(client, scene):
    body = make.agency("Phòng Mẫu", scene.land.commune)
    elsewhere = make.agency("Phòng Mẫu Khác", scene.land.sibling)
    client.force_login(scene.cadre.user)
    page = client.get(PAGE).content.decode()
    assert "Phòng Mẫu" in page and "Phòng Mẫu Khác" not in page
    assert sent(client, scene, **ASKED, **{"request0-agency": elsewhere.pk})["state"] == "refused"
    assert sent(client, scene, **ASKED, **{"request0-agency": body.pk})["state"] == "sent"
    assert Petition.objects.get().agency == body


def test_a_visit_sent_twice_is_stored_once_with_its_recommendation(client, scene):
    posted = scene.posted(**ASKED, **{f"note_{scene.duty.pk}": "Đã nắm"})
    client.force_login(scene.cadre.user)
    answers = [client.post(SEND, posted).json() for _ in range(3)]
    visit = Visit.objects.get()
    assert answers == [{"state": "sent", "url": reverse("assignments:visit", args=[visit.uuid])}] * 3
    assert Petition.objects.get().text == ASKED["request0-text"]


def test_other_words_under_the_same_key_are_shown_beside_what_is_stored(client, scene):
    key = str(uuid.uuid4())
    first = {"uuid": key, f"note_{scene.duty.pk}": "Nghe ý kiến về đường"}
    assert sent(client, scene, **first)["state"] == "sent"
    answer = sent(client, scene, uuid=key, **{f"note_{scene.duty.pk}": "Nghe ý kiến về cầu"})
    assert answer["state"] == "compare"
    assert "về đường" in " ".join(answer["stored"]) and "về cầu" in " ".join(answer["sent"])
    assert Visit.objects.get().duties.get().note == "Nghe ý kiến về đường"


def test_what_is_only_spaced_otherwise_is_no_other_word(client, scene):
    fields = {
        "request0-topic": "roads",
        "request0-text": "Lan can gãy.\r\n\r\n  Hai nhịp  cầu.",
        "promise0-text": " Hỏi  lại ",
    }
    answers = [sent(client, scene, uuid=str(uuid.UUID(int=7)), **fields)["state"] for _ in range(2)]
    assert answers == ["sent", "sent"]


def test_somebody_else_s_key_is_refused_and_tells_nothing_of_the_visit(client, scene):
    key = str(uuid.uuid4())
    sent(client, scene, uuid=key, **{f"note_{scene.duty.pk}": "Chữ không được lộ"})
    other = scene.colleague
    client.force_login(other.user)
    answer = client.post(SEND, scene.posted(uuid=key, author=other.pk, place=scene.land.groups[0].pk))
    assert answer.json()["state"] == "refused" and "lộ" not in answer.content.decode()
    assert Visit.objects.count() == 1


@bookkeeping("a test ends an assignment")
def end(assignment):
    assignment.until = make.today() - timedelta(days=1)
    assignment.save()


def test_what_the_form_refuses_comes_back_with_its_reasons(client, scene):
    answer = sent(client, scene, day="31/02/2026", **{"promise0-text": "012345678901"})
    assert answer["state"] == "refused" and len(answer["why"]) >= 2
    assert any(why.startswith("Ngày") for why in answer["why"])
    assert not Visit.objects.exists()


def test_an_ended_assignment_refuses_with_its_last_day(client, scene):
    yesterday = make.today() - timedelta(days=1)
    first = scene.posted(day=f"{yesterday:%d/%m/%Y}")
    client.force_login(scene.cadre.user)
    assert client.post(SEND, first).json()["state"] == "sent"
    end(scene.cadre.assignments.get())
    for day in (make.today(), yesterday):
        answer = sent(client, scene, day=f"{day:%d/%m/%Y}")
        assert (
            answer["state"] == "refused" and f"{yesterday - timedelta(days=1):%d/%m/%Y}" in answer["why"][0]
        )
    # What was stored while it lasted is told as sent, however late its answer is asked for.
    assert client.post(SEND, first).json()["state"] == "sent" and Visit.objects.count() == 1


def test_a_place_never_assigned_is_refused(client, scene):
    answer = sent(client, scene, place=scene.land.sibling_hamlet.pk)
    assert answer["state"] == "refused" and answer["why"] and not Visit.objects.exists()


@pytest.mark.parametrize("place", ["", "x", "99999999999", "999999999999999"])
def test_a_place_that_is_none_is_refused(client, scene, place):
    assert sent(client, scene, place=place)["state"] == "refused"


def merged(scene):
    other = make.place("ap", scene.land.commune)
    into = places.NewPlace(code="T77701", name="Mẫu Mới", kind="ap", parent=scene.land.commune)
    return places.merge_places(
        olds=[scene.land.hamlet, other], into=into, on=make.today(), decree=make.decree(), by=make.clerk()
    )


def test_a_visit_to_a_merged_hamlet_goes_to_the_one_that_stands_for_it(client, scene):
    new = merged(scene)
    assert sent(client, scene)["state"] == "sent"
    assert Visit.objects.get().place == new
    key, yesterday = str(uuid.uuid4()), make.today() - timedelta(days=1)
    assert sent(client, scene, uuid=key, day=f"{yesterday:%d/%m/%Y}")["state"] == "sent"
    assert Visit.objects.get(uuid=key).place == scene.land.hamlet


def test_a_visit_to_a_divided_hamlet_is_refused_as_several_stand_for_it(client, scene):
    land = scene.land
    parts = [
        (
            places.NewPlace(code=f"T7770{number}", name=f"Mẫu {number}", kind="ap", parent=land.commune),
            [group],
        )
        for number, group in enumerate(land.groups)
    ]
    places.split_place(place=land.hamlet, parts=parts, on=make.today(), decree=make.decree(), by=make.clerk())
    assert sent(client, scene)["state"] == "refused" and not Visit.objects.exists()


def test_household_codes_and_colleagues_are_refused_and_not_dropped(client, scene):
    for name, value in (("household", "H1"), (f"with_{scene.colleague.pk}", "attended")):
        assert sent(client, scene, **{name: value})["state"] == "refused"
    assert not Visit.objects.exists()


def test_internal_matters_are_neither_offered_nor_taken(client, scene):
    client.force_login(scene.cadre.user)
    page = client.get(PAGE).content.decode()
    assert scene.duty.label in page and scene.internal.label not in page
    for name, value in ((f"duty_{scene.internal.pk}", "on"), (f"note_{scene.internal.pk}", "lời nội bộ")):
        answer = sent(client, scene, **{name: value})
        assert answer["state"] == "refused" and "lời nội bộ" not in answer["why"][0]
    assert not Visit.objects.exists()


def test_the_page_that_a_phone_keeps_names_nobody(client, scene):
    @bookkeeping("a test marks a household")
    def mark():
        scene.land.households[0].head = "Trần Mẫu Khôngđượclộ"
        scene.land.households[0].save()

    mark()
    client.force_login(scene.cadre.user)
    page = client.get(PAGE).content.decode()
    for who in (scene.cadre, scene.colleague, scene.stranger):
        assert who.full_name not in page
    assert "Khôngđượclộ" not in page and scene.cadre.user.full_name not in page
    assert scene.land.households[0].code not in page


def test_only_followed_places_are_kept(client, scene):
    client.force_login(scene.cadre.user)
    page = client.get(PAGE).content.decode()
    assert f'value="{scene.land.hamlet.pk}"' in page
    assert f'value="{scene.land.sibling_hamlet.pk}"' not in page


def raised(scene, place, text, **more):
    return petitions.raise_petition(
        place=place, topic="roads", text=text, by=scene.cadre.user, day=make.today(), **more
    )


def test_every_place_that_the_phone_offers_is_taken_when_it_is_sent(client, scene):
    """The hamlets of the cells that one's team attends were offered in the village, and refused at home."""
    far = make.org(OrgKind.CELL_HAMLET, place=scene.land.sibling_hamlet)
    team = teams.found_team(
        kind="attending", name="Tổ Mẫu", place=scene.land.province, since=make.START, by=make.clerk()
    )
    teams.add_member(team=team, cadre=scene.cadre, leads=True, since=make.START, by=make.clerk())
    teams.assign_cells(team=team, cells=[far], since=make.START, by=make.clerk())
    client.force_login(scene.cadre.user)
    form = client.get(PAGE).context["form"]
    offered = [key for _label, places in form.fields["place"].choices[1:] for key, _name in places]
    assert scene.land.sibling_hamlet.pk not in offered and len(offered) > 2
    for key in offered:
        assert sent(client, scene, place=key, uuid=str(uuid.uuid4()))["state"] == "sent"


def test_a_request_of_a_group_is_kept_with_its_hamlet(client, scene):
    group = scene.land.groups[0]
    petitions.raise_petition(place=group, topic="roads", text="CHỮ-KÍN", by=scene.staff)
    shown = client.force_login(scene.cadre.user) or client.get(PAGE)
    [(place, _petition)] = shown.context["waiting"]
    assert place == f"{group.spans.get().full_name}, {scene.land.hamlet.spans.get().full_name}"


def test_open_requests_of_followed_places_are_kept_without_their_words(client, scene):
    land = scene.land
    due = make.today() + timedelta(days=9)
    raised(scene, land.groups[0], "Chữ trong tổ không được lộ.", due=due)
    household = land.households[0]
    raised(scene, household.place, "Chữ của hộ không được lộ.", household=household, consent=True)
    done = raised(scene, land.hamlet, "Đã rút.")
    elsewhere = raised(scene, land.sibling_hamlet, "Ở nơi khác.")

    @bookkeeping("a test sets topics that stand nowhere else")
    def mark():
        Petition.objects.filter(pk=done.pk).update(state=PetitionState.WITHDRAWN, topic=Topic.LAND)
        Petition.objects.filter(pk=elsewhere.pk).update(topic=Topic.HEALTH)

    mark()
    client.force_login(scene.cadre.user)
    answer = client.get(PAGE)
    page, waiting = answer.content.decode(), answer.context["waiting"]
    assert len(waiting) == 2 and waiting[0][1].due == due
    assert f"{due:%d/%m/%Y}" in page
    for hidden in ("không được lộ", household.code, "KN-", *map(str, (done.uuid, elsewhere.uuid))):
        assert hidden not in page
    # What lies elsewhere is not kept, though its author may read it on line.
    assert {row.place_id for _place, row in waiting} == {land.groups[0].pk, household.place_id}
    client.force_login(scene.stranger.user)
    assert [row.pk for _place, row in client.get(PAGE).context["waiting"]] == [elsewhere.pk]


def test_the_page_asks_as_often_for_thirty_requests_as_for_one(client, scene, django_assert_num_queries):
    client.force_login(scene.cadre.user)
    raised(scene, scene.land.groups[0], "Đường lầy.")
    with CaptureQueriesContext(connection) as first:
        client.get(PAGE)
    for number in range(40):
        raised(scene, scene.land.groups[number % len(scene.land.groups)], f"Đường lầy {number}.")
    with django_assert_num_queries(len(first)):
        answer = client.get(PAGE)
    assert len(answer.context["waiting"]) == offline.MOST_WAITING


@pytest.mark.parametrize("address", [PAGE, SERVER])
def test_strangers_and_those_who_log_no_visits_get_none_of_it(client, scene, address):
    assert client.get(address).status_code == 302
    client.force_login(make.person(Role.VIEWER, scene.land.province))
    assert client.get(address).status_code == 403


def test_who_logs_no_visits_any_more_gets_the_outbox_without_the_form_and_the_phone_is_refused_its_copy(
    client, scene
):
    user = scene.cadre.user
    make.made(Cadre.objects.filter(pk=scene.cadre.pk).update)(user=None)
    client.force_login(user)
    answer = client.get(PAGE)
    shown = answer.content.decode()
    assert answer.status_code == 403 and "data-outbox" in shown
    assert "data-outbox-form" not in shown and "data-made-at" not in shown
    assert scene.land.hamlet.spans.get().name not in shown


def test_whoever_enters_for_another_only_is_not_offered_to_wait_on_a_phone_that_keeps_no_page(client, scene):
    """Kept there it would never have been sent: the page that sends is refused to an assistant."""
    assistant = make.person(Role.ASSISTANT, scene.cadre.user)
    url = reverse("assignments:visit_new")
    for user, waits in ((assistant, False), (scene.cadre.user, True)):
        client.force_login(user)
        assert ("data-outbox-form" in client.get(url).content.decode()) is waits


def test_the_server_tells_whose_session_it_is_and_what_time_it_has(client, scene):
    client.force_login(scene.cadre.user)
    told = client.get(SERVER).json()
    assert told["user"] == scene.cadre.user.pk and told["now"][:10] <= f"{make.today() + timedelta(days=1)}"


def test_the_server_tells_since_when_a_lost_phone_is_to_be_wiped(client, scene):
    client.force_login(scene.cadre.user)
    assert client.get(SERVER).json()["wiped_at"] is None
    accounts.wipe_devices(user=scene.cadre.user, by=scene.cadre.user)
    scene.cadre.user.refresh_from_db()
    assert client.get(SERVER).json()["wiped_at"] == scene.cadre.user.devices_wiped_at.isoformat()
    client.force_login(scene.colleague.user)
    assert client.get(SERVER).json()["wiped_at"] is None


def test_the_page_names_its_reader_as_the_server_does_also_beyond_a_thousand(client):
    """With a dot in the number nothing would ever be sent: the device took itself for somebody else's."""
    client.force_login(make.user(pk=12_345))
    assert 'data-user="12345"' in client.get(reverse("portal:account")).content.decode()


def test_nothing_is_taken_without_the_token(scene):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(scene.cadre.user)
    assert strict.post(SEND, scene.posted()).status_code == 403
    token = strict.get(SERVER).json()["token"]
    assert strict.post(SEND, scene.posted(), headers={"X-CSRFToken": token}).json()["state"] == "sent"


def test_the_time_of_the_device_is_kept_beside_the_server_s(client, scene):
    sent(client, scene, device_at="2026-01-02T03:04:05Z")
    visit = Visit.objects.get()
    assert f"{visit.device_at:%Y-%m-%d %H:%M}" == "2026-01-02 03:04" and visit.recorded_at > visit.device_at
    assert sent(client, scene, device_at="không phải giờ")["state"] == "sent"


def test_the_browser_is_told_what_to_install_and_what_to_keep(client):
    told = client.get(reverse("assignments:manifest"))
    assert told["Content-Type"] == "application/manifest+json" and told.json()["start_url"] == "/"
    worker = client.get(reverse("assignments:service_worker"))
    assert worker["Content-Type"].startswith("text/javascript") and worker["Cache-Control"] == "no-cache"
    assert f'"{PAGE}"' in worker.content.decode() and "%PAGE%" not in worker.content.decode()
