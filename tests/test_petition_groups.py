"""Several that ask for the same: one answer is read by each author; and what no body can answer as it stands."""

from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from assignments.actions import petition_aside, petition_groups, petitions
from assignments.models import Petition
from portal.actions.deed import RuleBroken
from portal.levels import OrgKind
from portal.models import AuditEntry
from portal.roles import Role
from tests import make
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
SECRET, COPY = "Nhà bà Mẫu Kín Tiếng thiếu nước", "Thiếu nước sinh hoạt"


class Scene:
    """Two cadres of two groups ask for water; a third asks in the sibling commune."""

    def __init__(self) -> None:
        self.land = make.land()
        self.cadres = [make.following_cadre(group, self.land.commune) for group in self.land.groups]
        self.staff = make.commune_staff(self.land.commune)
        self.leader_of_province = make.person(Role.VIEWER, self.land.province)
        self.desk = make.person(Role.DESK, self.land.province)
        self.body = make.agency("Phòng Kinh tế Mẫu", place=self.land.commune)
        self.answerer = make.person(Role.ANSWERING_BODY, self.body)
        self.committee = make.org(OrgKind.PROVINCIAL, place=self.land.province, name="Tỉnh ủy Mẫu")
        self.lead, self.member = (
            self.raised(cadre, group) for cadre, group in zip(self.cadres, self.land.groups, strict=True)
        )
        far = make.following_cadre(self.land.sibling_group, self.land.sibling)
        self.far = self.raised(far, self.land.sibling_group)

    def raised(self, cadre, place, topic="water") -> Petition:
        return petitions.raise_petition(
            place=place, topic=topic, text=f"{SECRET} {place.pk}", by=cadre.user, raised_by=cadre
        )

    def join(self) -> None:
        petition_groups.join(petition=self.lead, members=[self.member], by=self.staff)
        self.fresh()

    def answer(self) -> None:
        petitions.accept(petition=self.lead, agency=self.body, released=COPY, by=self.staff)
        petitions.answer(
            petition=self.lead,
            answer="solved",
            text="Đã mở tuyến ống",
            document="7/CV (mẫu)",
            by=self.answerer,
        )
        self.fresh()

    def fresh(self) -> None:
        for row in (self.lead, self.member, self.far):
            row.refresh_from_db()


world, scene = built_once("scene", Scene)


def page(client, user, petition):
    client.force_login(user)
    answer = client.get(reverse("assignments:petition", args=[petition.uuid]))
    assert answer.status_code == 200
    return answer.content.decode()


def step(petition, name):
    return reverse("assignments:petition_step", args=[petition.uuid, name])


def test_one_answer_is_read_by_the_author_of_each(client, scene):
    scene.join()
    scene.answer()
    own, other = (cadre.user for cadre in scene.cadres)
    assert (scene.lead.news_for, scene.member.news_for) == (own, other)
    shown = page(client, other, scene.member)
    assert "Đã mở tuyến ống" in shown
    assert "7/CV (mẫu)" in shown
    assert str(scene.lead) in shown
    scene.fresh()
    assert scene.member.news_for is None


def test_who_is_joined_reads_nothing_else_of_the_leading_one(client, scene):
    scene.join()
    scene.answer()
    shown = page(client, scene.cadres[1].user, scene.member)
    assert f"{SECRET} {scene.land.groups[0].pk}" not in shown
    assert scene.cadres[0].full_name not in shown
    assert str(scene.lead.uuid) not in shown
    client.force_login(scene.cadres[1].user)
    assert client.get(reverse("assignments:petition", args=[scene.lead.uuid])).status_code == 404


def test_the_body_has_one_case_and_sees_none_of_the_joined(client, scene):
    scene.join()
    scene.answer()
    shown = page(client, scene.answerer, scene.lead)
    assert "Kín Tiếng" not in shown
    client.force_login(scene.answerer)
    assert client.get(reverse("assignments:petition", args=[scene.member.uuid])).status_code == 404


def test_the_office_joins_on_the_page_and_the_choice_holds_similar_ones_only(client, scene):
    client.force_login(scene.staff)
    apart = scene.raised(scene.cadres[0], scene.land.groups[0], topic="roads")
    form = client.get(step(scene.lead, "join")).context["form"]
    assert [key for key, _label in form.fields["members"].choices] == [scene.member.pk]
    assert client.post(step(scene.lead, "join"), {"members": [apart.pk]}).context["form"].errors
    assert client.post(step(scene.lead, "join"), {"members": [scene.member.pk]}).status_code == 302
    scene.fresh()
    assert (scene.member.state, scene.member.leader) == ("merged", scene.lead)
    assert str(scene.member) in page(client, scene.staff, scene.lead)


def test_a_cadre_joins_nothing(client, scene):
    client.force_login(scene.cadres[0].user)
    client.post(step(scene.lead, "join"), {"members": [scene.member.pk]})
    scene.fresh()
    assert scene.member.state == "submitted"


def test_another_commune_or_another_topic_is_not_joined(scene):
    apart = scene.raised(scene.cadres[0], scene.land.groups[0], topic="roads")
    for other in (scene.far, apart):
        with pytest.raises(RuleBroken):
            petition_groups.join(petition=scene.lead, members=[other], by=scene.desk)
    with pytest.raises(RuleBroken):
        petition_groups.join(petition=scene.lead, members=[scene.lead], by=scene.desk)


def test_parted_again_it_waits_on_its_own_and_the_trace_stays(client, scene):
    scene.join()
    scene.answer()
    client.force_login(scene.staff)
    client.post(step(scene.member, "part"), {"reason": "Tuyến ống khác"})
    scene.fresh()
    assert (scene.member.state, scene.member.leader, scene.member.news_for) == ("submitted", None, None)
    assert list(scene.member.steps.order_by("pk").values_list("state", "leader")) == [
        ("submitted", None), ("merged", scene.lead.pk), ("submitted", scene.lead.pk),
    ]  # fmt: skip
    assert AuditEntry.objects.filter(deed="part_petition", row_id=scene.member.pk).exists()
    assert "Đã mở tuyến ống" not in page(client, scene.cadres[1].user, scene.member)


def test_what_others_wait_with_is_not_taken_away(scene):
    scene.join()
    for deed in (petitions.withdraw, petition_aside.set_outside):
        with pytest.raises(RuleBroken):
            deed(petition=scene.lead, reason="Nhầm", by=scene.staff)


def test_a_reopened_leading_one_is_no_news_for_the_joined(scene):
    scene.join()
    scene.answer()
    petitions.reopen(petition=scene.lead, reason="Chưa có nước", by=scene.staff)
    scene.fresh()
    assert scene.member.news_for is None


def test_out_of_scope_tells_its_author_the_reason_and_can_be_completed(client, scene):
    client.force_login(scene.staff)
    client.post(step(scene.lead, "outside"), {"reason": "Việc của hợp đồng dân sự"})
    scene.fresh()
    assert (scene.lead.state, scene.lead.news_for) == ("outside", scene.cadres[0].user)
    assert "hợp đồng dân sự" in page(client, scene.cadres[0].user, scene.lead)
    assert "hợp đồng dân sự" not in page(client, scene.leader_of_province, scene.lead)
    client.force_login(scene.cadres[0].user)
    client.post(step(scene.lead, "resubmit"), {"text": "Thiếu nước cả tổ"})
    scene.fresh()
    assert (scene.lead.state, scene.lead.closed_on) == ("submitted", None)


def test_beyond_competence_goes_to_the_committee_and_the_assigned_cadre_together(client, scene):
    client.force_login(scene.staff)
    sent = {"committee": scene.committee.pk, "reason": "Vượt thẩm quyền của xã"}
    assert client.post(step(scene.lead, "beyond"), sent).status_code == 302
    scene.fresh()
    assert (scene.lead.state, scene.lead.agency, scene.lead.due) == ("awaiting", None, None)
    assert scene.lead.news_for == scene.cadres[0].user
    for reader in (scene.desk, scene.leader_of_province):
        client.force_login(reader)
        listed = client.get(reverse("assignments:petitions"), {"state": "awaiting"}).context["rows"]
        assert [row["petition"] for row in listed] == [scene.lead]
        assert "Tỉnh ủy Mẫu" in page(client, reader, scene.lead)
    assert "Kín Tiếng" not in page(client, scene.leader_of_province, scene.lead)


def test_what_waits_for_a_direction_stands_on_the_home_pages_of_those_above(client, scene):
    petition_aside.ask_direction(
        petition=scene.lead, committee=scene.committee, reason="Vượt thẩm quyền", by=scene.staff
    )
    for user, part in [(scene.desk, "desk"), (scene.leader_of_province, "watched")]:
        client.force_login(user)
        found = client.get(reverse("reports:home")).context[part]
        tiles = found["tiles"] if part == "desk" else found[0]["tiles"]
        assert [tile.number for tile in tiles if "state=awaiting" in tile.url] == [1]
    client.force_login(scene.cadres[0].user)
    news = client.get(reverse("reports:home")).context["field"]["news"]
    assert [row["petition"] for row in news] == [scene.lead]
    client.force_login(scene.cadres[1].user)
    assert client.get(reverse("reports:home")).context["field"]["news"] == []


def test_lists_show_the_leading_answer_of_what_is_joined(client, scene):
    scene.join()
    scene.answer()
    client.force_login(scene.cadres[1].user)
    (row,) = client.get(reverse("assignments:petitions")).context["rows"]
    assert (row["petition"], row["leader"]) == (scene.member, scene.lead)
    answer = client.get(reverse("assignments:petitions_export"))
    sheet = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    cells = [str(cell) for line in sheet.iter_rows(values_only=True) for cell in line if cell]
    assert str(scene.lead.get_answer_display()) in cells
    assert not any(f"{SECRET} {scene.land.groups[0].pk}" in cell for cell in cells)


def test_a_direction_needs_its_document_and_names_the_body(client, scene):
    petition_aside.ask_direction(
        petition=scene.lead, committee=scene.committee, reason="Vượt thẩm quyền", by=scene.staff
    )
    client.force_login(scene.desk)
    sent = {"text": "Đồng ý mở tuyến", "released": COPY, "agency": scene.body.pk}
    assert client.post(step(scene.lead, "direct"), sent).context["form"].errors["document"]
    assert client.post(step(scene.lead, "direct"), {**sent, "document": "15-TB/TU (mẫu)"}).status_code == 302
    scene.fresh()
    assert (scene.lead.state, scene.lead.agency) == ("accepted", scene.body)
    assert scene.lead.due > make.today()
    assert "15-TB/TU (mẫu)" in page(client, scene.cadres[0].user, scene.lead)


def test_a_committee_of_elsewhere_gives_no_direction(scene):
    elsewhere = make.org(OrgKind.COMMUNE, place=scene.land.sibling)
    with pytest.raises(RuleBroken):
        petition_aside.ask_direction(petition=scene.lead, committee=elsewhere, reason="Vượt", by=scene.staff)
