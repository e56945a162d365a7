"""The pages of recommendations: who sees which text, who may take which step, and what is stopped at the door."""

import uuid
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from assignments.actions import petitions
from assignments.models import Petition
from portal.actions.places import NewPlace, merge_places
from portal.models import AuditEntry
from portal.roles import Role
from tests import make
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
ORIGINAL, COPY = "Nhà ông Mẫu Bí Mật, cầu hư lan can", "Cầu ván hư lan can"


class Scene:
    """A recommendation raised by the cadre of a hamlet, with the people around it."""

    def __init__(self) -> None:
        self.land = make.land()
        self.cadre = make.following_cadre(self.land.hamlet, self.land.commune)
        self.household = make.household(self.land.groups[0], "HO-DAU-VET", self.land.province)
        self.staff = make.commune_staff(self.land.commune)
        self.body = make.agency("Phòng Kinh tế Mẫu", place=self.land.commune)
        self.answerer = make.person(Role.ANSWERING_BODY, self.body)
        self.leader = make.person(Role.VIEWER, self.land.province)
        self.petition = petitions.raise_petition(
            place=self.land.groups[0], topic="roads", text=ORIGINAL, by=self.cadre.user, raised_by=self.cadre,
            household=self.household, consent=True,
        )  # fmt: skip

    def accept(self) -> None:
        petitions.accept(petition=self.petition, agency=self.body, released=COPY, by=self.staff)
        self.petition.refresh_from_db()

    def answer(self, answer: str = "solved") -> None:
        petitions.answer(petition=self.petition, answer=answer, text="Đã thay lan can", by=self.answerer)
        self.petition.refresh_from_db()

    @property
    def page(self) -> str:
        return reverse("assignments:petition", args=[self.petition.uuid])

    def step(self, name: str) -> str:
        return reverse("assignments:petition_step", args=[self.petition.uuid, name])


world, scene = built_once("scene", Scene)


def text_of(client, user, url):
    client.force_login(user)
    answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return answer.content.decode()


def test_the_answering_body_reads_the_copy_only_and_no_household(client, scene):
    scene.accept()
    shown = text_of(client, scene.answerer, scene.page)
    assert COPY in shown
    assert "Bí Mật" not in shown
    assert scene.household.code not in shown
    assert scene.cadre.full_name not in shown
    assert "Tổ 1" not in shown


def test_the_answering_body_sees_nothing_before_it_is_accepted(client, scene):
    client.force_login(scene.answerer)
    assert client.get(scene.page).status_code == 404


def test_a_leader_reads_the_copy_and_not_the_original(client, scene):
    assert "Bí Mật" not in text_of(client, scene.leader, scene.page)
    scene.accept()
    shown = text_of(client, scene.leader, scene.page)
    assert COPY in shown
    assert "Bí Mật" not in shown
    assert "Bí Mật" not in text_of(client, scene.leader, reverse("assignments:petitions"))


def test_the_commune_sees_the_household_and_the_look_is_written_down(client, scene):
    assert scene.household.code in text_of(client, scene.staff, scene.page)
    look = AuditEntry.objects.get(deed="look_at_household")
    assert (look.by_id, look.row_id) == (scene.staff.pk, scene.household.pk)


def test_the_whole_way_through_the_pages(client, scene):
    client.force_login(scene.staff)
    client.post(scene.step("accept"), {"released": COPY, "agency": scene.body.pk})
    client.force_login(scene.answerer)
    client.post(scene.step("answer"), {"answer": "solved", "text": "Đã thay", "document": "12/CV (mẫu)"})
    scene.petition.refresh_from_db()
    assert scene.petition.news_for == scene.cadre.user
    shown = text_of(client, scene.cadre.user, scene.page)
    assert "Đã thay" in shown
    scene.petition.refresh_from_db()
    assert scene.petition.news_for is None
    client.post(scene.step("confirm"))
    client.force_login(scene.staff)
    client.post(scene.step("close"))
    scene.petition.refresh_from_db()
    assert scene.petition.state == "closed"
    assert text_of(client, scene.staff, scene.page)


@pytest.mark.parametrize("name", ["accept", "close", "forward", "return"])
def test_the_cadre_takes_no_step_of_the_office(client, scene, name):
    client.force_login(scene.cadre.user)
    assert client.post(scene.step(name), {"released": "x", "agency": scene.body.pk}).status_code == 302
    scene.petition.refresh_from_db()
    assert scene.petition.state == "submitted"


def test_a_leader_takes_no_step_at_all(client, scene):
    client.force_login(scene.leader)
    assert client.post(scene.step("withdraw"), {"reason": "x"}).status_code == 403


def test_being_solved_without_a_day_is_asked_for_the_day(client, scene):
    scene.accept()
    client.force_login(scene.answerer)
    answer = client.post(scene.step("answer"), {"answer": "being_solved", "text": "Đang làm"})
    assert answer.context["form"].errors["promised"]


def test_the_successor_confirms_after_a_hand_over(client, scene):
    scene.accept()
    scene.answer()
    successor = make.following_cadre(scene.land.hamlet, scene.land.commune)
    client.force_login(successor.user)
    client.post(scene.step("confirm"))
    scene.petition.refresh_from_db()
    assert scene.petition.state == "confirmed"


def test_a_complaint_is_stopped_at_the_door(client, scene):
    client.force_login(scene.cadre.user)
    url = reverse("assignments:petition_new")
    assert "<textarea" not in client.get(url).content.decode()
    stopped = client.get(url, {"complaint": "yes"}).content.decode()
    assert "<textarea" not in stopped
    # Nothing is taken in by the door itself, whatever is sent to it.
    client.post(
        url, {"text": "Tố cáo", "topic": "other", "place": scene.land.hamlet.pk, "uuid": uuid.uuid4()}
    )
    assert Petition.objects.count() == 1


def raise_one(client, scene, **fields):
    sent = {"uuid": uuid.uuid4(), "place": scene.land.groups[0].pk, "topic": "water", "text": "Thiếu nước"}
    return client.post(f"{reverse('assignments:petition_new')}?complaint=no", {**sent, **fields})


def test_words_of_a_complaint_are_asked_about_again(client, scene):
    client.force_login(scene.cadre.user)
    asked = raise_one(client, scene, text="Tôi muốn tố cáo")
    assert asked.context["form"].errors["sure"]
    assert Petition.objects.count() == 1
    assert raise_one(client, scene, text="Tôi muốn tố cáo", sure="on").status_code == 302


@pytest.mark.parametrize("consent", [True, False])
def test_a_household_that_does_not_agree_stays_unnamed(client, scene, consent):
    client.force_login(scene.staff)
    fields = {"household": scene.household.code, **({"consent": "on"} if consent else {})}
    assert raise_one(client, scene, **fields).status_code == 302
    newest = Petition.objects.latest("pk")
    assert bool(newest.household) is consent
    assert newest.place == scene.land.groups[0]


def test_the_same_form_sent_twice_raises_one(client, scene):
    client.force_login(scene.cadre.user)
    key = uuid.uuid4()
    raise_one(client, scene, uuid=key)
    raise_one(client, scene, uuid=key)
    assert Petition.objects.filter(uuid=key).count() == 1


def test_the_same_form_sent_twice_from_a_visit_raises_one(client, scene):
    visit = make.visit(scene.cadre, scene.land.hamlet, by=scene.cadre.user)
    client.force_login(scene.cadre.user)
    sent = {"uuid": uuid.uuid4(), "place": scene.land.hamlet.pk, "topic": "water", "text": "Thiếu nước"}
    url = f"{reverse('assignments:petition_new')}?complaint=no&visit={visit.uuid}"
    assert [client.post(url, sent).status_code for _time in range(2)] == [302, 302]
    assert Petition.objects.get(uuid=sent["uuid"]).visit == visit


def test_nobody_raises_for_a_place_out_of_reach(client, scene):
    client.force_login(scene.cadre.user)
    answer = raise_one(client, scene, place=scene.land.sibling_hamlet.pk)
    assert answer.context["form"].errors["place"]


def test_a_province_desk_chooses_the_commune_first(client, scene):
    client.force_login(make.person(Role.DESK, scene.land.province))
    url = f"{reverse('assignments:petition_new')}?complaint=no"
    assert len(client.get(url).context["communes"]) == 2
    form = client.get(f"{url}&place={scene.land.commune.pk}").context["form"]
    assert scene.land.hamlet.pk in dict(form.fields["place"].choices)


@pytest.mark.parametrize("state, expected", [("open", 1), ("overdue", 0), ("answered", 0), ("", 1)])
def test_the_list_shows_what_its_filters_count(client, scene, state, expected):
    client.force_login(scene.staff)
    answer = client.get(reverse("assignments:petitions"), {"state": state})
    assert len(answer.context["rows"]) == expected
    assert {key: count for key, _label, count in answer.context["states"]}.get(state, 0) == expected


def test_whoever_comes_for_the_news_reads_it_without_filters_before_it(client, scene):
    scene.accept()
    scene.answer()
    url = reverse("assignments:petitions")
    news = text_of(client, scene.cadre.user, f"{url}?news=1")
    assert "<form" in text_of(client, scene.cadre.user, url) and 'name="topic"' not in news
    assert "Trả lời kiến nghị cần xem</h1>" in news and str(scene.petition.uuid) in news


def test_the_list_narrows_by_place_and_day(client, scene):
    client.force_login(scene.leader)
    url = reverse("assignments:petitions")
    here = {
        "place": scene.land.hamlet.pk,
        "since": f"{make.today():%d/%m/%Y}",
        "last": f"{make.today():%d/%m/%Y}",
    }
    assert len(client.get(url, here).context["rows"]) == 1
    assert len(client.get(url, {"place": scene.land.sibling.pk}).context["rows"]) == 0
    assert len(client.get(url, {"since": "01/01/2099"}).context["rows"]) == 0
    assert len(client.get(url, {"place": "x'; --", "since": "hôm qua"}).context["rows"]) == 1


def test_the_workbook_names_no_household_and_nobody(client, scene):
    scene.accept()
    client.force_login(scene.answerer)
    answer = client.get(reverse("assignments:petitions_export"))
    sheet = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    cells = " ".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell)
    assert COPY in cells
    assert "Bí Mật" not in cells
    assert scene.cadre.full_name not in cells
    assert scene.household.code not in cells


@make.made
def many(scene, number):
    Petition.objects.bulk_create(
        Petition(
            place=scene.land.groups[1], topic="water", text=f"Thiếu nước {n}", day=make.today(),
            entered_by=scene.staff, province=scene.land.province, agency=scene.body, due=make.today(),
            state="accepted", released="Thiếu nước",
        )
        for n in range(number)
    )  # fmt: skip


@pytest.mark.parametrize("rows", [1, 10, 1000])
def test_the_list_asks_the_same_number_of_questions(client, scene, rows, django_assert_max_num_queries):
    many(scene, rows - 1)
    client.force_login(scene.staff)
    client.get(reverse("assignments:petitions"))
    with django_assert_max_num_queries(24):
        assert len(client.get(reverse("assignments:petitions")).context["rows"]) == min(rows, 50)


def test_the_list_of_a_unit_that_has_ended_holds_what_lay_in_it_on_its_last_day(client):
    scene = Scene()
    land = scene.land
    merge_places(
        olds=[land.commune, land.sibling],
        into=NewPlace("28981", "Hương Mẫu", "xa", land.province),
        on=make.today().replace(day=1),
        decree=make.decree(),
        by=make.clerk(),
    )
    client.force_login(scene.leader)
    page = client.get(reverse("assignments:petitions"), {"place": land.commune.pk})
    assert str(scene.petition.uuid) in page.content.decode()
    page = client.get(reverse("assignments:petitions"), {"place": land.sibling.pk})
    assert str(scene.petition.uuid) not in page.content.decode()
