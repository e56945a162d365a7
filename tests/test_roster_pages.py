"""The pages of cadres, assignments and gaps: what is shown, what is edited by hand, and by whom."""

from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from assignments.models import Assignment, Cadre, CadrePost
from portal.models import AuditEntry
from portal.roles import Role
from portal.vietnamese import fold, person_key
from tests import make
from tests.test_assignments import motto

pytestmark = pytest.mark.django_db


class Scene:
    def __init__(self) -> None:
        motto([("province", "commune"), ("commune", "hamlet"), ("commune", "group")])
        self.land = make.land()
        self.staff = make.commune_staff(self.land.commune)
        self.organiser = make.person(Role.ORGANISER, self.land.province)
        self.cadre = make.cadre("Lê Thị Mẫu An", place=self.land.commune, account=make.user())
        self.assignment = make.assignment(self.cadre, self.land.groups[0])
        self.other = make.cadre("Trần Mẫu Bình", place=self.land.commune)
        self.stranger = make.cadre("Phạm Mẫu Xa", place=self.land.sibling)


@pytest.fixture
def scene(client):
    scene = Scene()
    client.force_login(scene.staff)
    return scene


def url(name, *args, **query):
    tail = "&".join(f"{key}={value}" for key, value in query.items())
    return reverse(f"assignments:{name}", args=args) + (f"?{tail}" if tail else "")


def day():
    return f"{make.today():%d/%m/%Y}"


def names(answer):
    return [cadre.full_name for cadre in answer.context["page"]]


def test_the_list_holds_the_own_roster_sorted_by_given_name(client, scene):
    assert names(client.get(url("cadres"))) == ["Lê Thị Mẫu An", "Trần Mẫu Bình"]
    assert names(client.get(url("cadres", sort="-name"))) == ["Trần Mẫu Bình", "Lê Thị Mẫu An"]


def test_the_list_is_searched_without_tone_marks(client, scene):
    assert names(client.get(url("cadres", q="mau binh"))) == ["Trần Mẫu Bình"]
    assert names(client.get(url("cadres", tier="province"))) == []
    assert names(client.get(url("cadres", place=scene.land.sibling.pk))) == []


def test_a_cadre_of_another_commune_is_not_there(client, scene):
    assert client.get(url("cadre", scene.stranger.pk)).status_code == 404
    assert client.get(url("cadre_edit", scene.stranger.pk)).status_code == 404
    assert client.get(url("assign", cadre=scene.stranger.pk)).status_code == 404


def test_a_cadre_sees_the_own_page_and_no_other(client, scene):
    client.force_login(scene.cadre.user)
    assert client.get(url("cadre", scene.cadre.pk)).status_code == 200
    assert client.get(url("cadre", scene.other.pk)).status_code == 404
    assert client.get(url("cadres")).status_code == 403


def test_three_edits_by_hand_move_three_people(client, scene):
    """A decision moves people: end one, hand one over, assign one; one page each."""
    ended = client.post(
        url("assignment_end", scene.assignment.pk),
        {"until": day(), "reason": "transferred", "to": scene.other.pk},
    )
    assert ended.status_code == 302
    assert Assignment.objects.filter(cadre=scene.other, place=scene.land.groups[0]).count() == 1
    assigned = client.post(
        url("assign", place=scene.land.groups[1].pk),
        {"cadre": scene.cadre.pk, "target": f"place-{scene.land.groups[1].pk}", "role": "following",
         "since": day(), "number": "15-QĐ/ĐU (mẫu)"},
    )  # fmt: skip
    assert assigned.status_code == 302
    row = Assignment.objects.get(cadre=scene.cadre, place=scene.land.groups[1])
    assert row.decree.number == "15-QĐ/ĐU (mẫu)"
    post = CadrePost.objects.get(cadre=scene.cadre)
    assert client.post(url("post_end", scene.cadre.pk, post.pk), {"until": day()}).status_code == 302
    assert client.get(url("cadre", scene.cadre.pk)).status_code == 200


def test_a_cell_can_be_assigned_from_the_cadres_page(client, scene):
    client.post(
        url("assign", cadre=scene.cadre.pk),
        {"cadre": scene.cadre.pk, "target": f"org-{scene.land.cell.pk}", "role": "in_charge", "since": day()},
    )
    assert Assignment.objects.filter(cadre=scene.cadre, org=scene.land.cell).exists()


def test_an_overlap_is_told_in_words(client, scene):
    answer = client.post(
        url("assign", place=scene.land.groups[0].pk),
        {"cadre": scene.cadre.pk, "target": f"place-{scene.land.groups[0].pk}", "role": "following",
         "since": day()},
    )  # fmt: skip
    assert answer.context["form"].non_field_errors()


def test_nothing_out_of_reach_is_offered_or_taken(client, scene):
    assert client.get(url("assign", place=scene.land.sibling.pk)).status_code == 404
    assert client.get(url("assign", place=scene.land.province.pk)).status_code == 404
    form = client.get(url("assign", cadre=scene.cadre.pk)).context["form"]
    offered = dict(form.fields["target"].choices)
    assert f"place-{scene.land.groups[0].pk}" in offered
    assert f"place-{scene.land.sibling_group.pk}" not in offered
    outside = make.assignment(scene.stranger, scene.land.sibling_hamlet)
    assert client.get(url("assignment_end", outside.pk)).status_code == 404


def test_outside_the_motto_is_a_warning_and_no_refusal(client, scene):
    client.force_login(scene.organiser)
    leader = make.cadre("Đỗ Mẫu Tỉnh", place=scene.land.province, tier="province")
    answer = client.post(
        url("assign", place=scene.land.hamlet.pk),
        {"cadre": leader.pk, "target": f"place-{scene.land.hamlet.pk}", "role": "in_charge", "since": day()},
        follow=True,
    )
    assert Assignment.objects.filter(cadre=leader, place=scene.land.hamlet).exists()
    assert [message.level_tag for message in answer.context["messages"]] == ["success", "warning"]


def test_the_provincial_organiser_is_offered_communes(client, scene):
    client.force_login(scene.organiser)
    leader = make.cadre("Đỗ Mẫu Tỉnh", place=scene.land.province, tier="province")
    form = client.get(url("assign", cadre=leader.pk)).context["form"]
    offered = dict(form.fields["target"].choices)
    assert f"place-{scene.land.commune.pk}" in offered
    assert f"place-{scene.land.hamlet.pk}" not in offered


def new_cadre(client, scene, **fields):
    sent = {"full_name": "Võ Mẫu Cường", "title": "Công chức", "workplace": "UBND xã (mẫu)",
            "place": scene.land.commune.pk, "tier": "commune", "since": day()}  # fmt: skip
    return client.post(url("cadre_new"), {**sent, **fields})


def test_a_namesake_at_the_same_workplace_is_asked_about(client, scene):
    assert new_cadre(client, scene).status_code == 302
    again = new_cadre(client, scene, full_name="VÕ MẪU CƯỜNG")
    assert again.context["form"].errors["sure"]
    assert new_cadre(client, scene, sure="on").status_code == 302
    assert Cadre.objects.filter(name_key="vo mau cuong").count() == 2


def test_a_roster_out_of_reach_takes_no_cadre(client, scene):
    assert new_cadre(client, scene, place=scene.land.sibling.pk).context["form"].errors["place"]


def test_only_the_steward_links_accounts(client, scene):
    account = make.user("tai-khoan-mau")
    assert (
        client.post(url("cadre_account", scene.other.pk), {"username": account.username}).status_code == 403
    )
    client.force_login(make.person(Role.STEWARD, scene.land.province))
    assert client.post(url("cadre_account", scene.other.pk), {"username": "khong-co"}).status_code == 200
    assert (
        client.post(url("cadre_account", scene.other.pk), {"username": account.username}).status_code == 302
    )
    scene.other.refresh_from_db()
    assert scene.other.user == account


def cells_of(answer):
    book = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content)))
    return [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell]


@pytest.mark.parametrize("name", ["cadres_export", "roster_export", "coverage_export"])
def test_a_download_with_names_asks_what_for_and_is_written_down(client, scene, name):
    assert client.post(url(name), {}).context["form"].errors
    assert not AuditEntry.objects.filter(deed="download_names").exists()
    cells = cells_of(client.post(url(name), {"purpose": "report"}))
    assert AuditEntry.objects.get(deed="download_names").facts["purpose"] == "report"
    assert not any("Phạm Mẫu Xa" in cell for cell in cells)
    if name != "coverage_export":
        assert "Lê Thị Mẫu An" in cells


def test_the_roster_has_the_columns_of_the_offices_list(client, scene):
    cells = cells_of(client.post(url("roster_export"), {"purpose": "duty"}))
    head = [cells.index(word) for word in ("STT", "Họ và tên", "Chức vụ", "Đơn vị công tác", "Ghi chú")]
    assert head == sorted(head)


def test_the_roster_is_that_of_the_day(client, scene):
    rows = client.get(url("roster")).context["rows"]
    assert [row.cadre for row in rows] == [scene.cadre]
    assert client.get(url("roster", on="01/01/2019")).context["rows"] == []
    assert client.get(url("roster", place=scene.land.sibling.pk)).status_code == 404


def test_the_gaps_lead_to_what_mends_them(client, scene):
    answer = client.get(url("coverage"))
    assert {table.key: table.total for table in answer.context["tables"]} == {
        "uncovered": 3, "ended": 0, "overload": 0, "closed": 0,
    }  # fmt: skip
    assert url("assign", place=scene.land.groups[1].pk) in answer.content.decode()
    assert client.get(url("coverage", list="ended")).status_code == 200
    assert client.get(url("coverage", place=scene.land.province.pk)).status_code == 404


@make.made
def many(scene, number):
    """So many cadres on the roster, each following a group."""
    names = [f"Người Mẫu {n}" for n in range(number)]
    cadres = Cadre.objects.bulk_create(
        Cadre(full_name=name, name_key=fold(name), sort_key=person_key(name)) for name in names
    )
    place, group = scene.land.commune, scene.land.groups[0]
    CadrePost.objects.bulk_create(
        CadrePost(cadre=who, title="Công chức", workplace="UBND xã (mẫu)", workplace_key="", tier="commune",
                  place=place, since=make.START)
        for who in cadres
    )  # fmt: skip
    Assignment.objects.bulk_create(
        Assignment(cadre=who, place=group, role="following", tier="commune", since=make.START)
        for who in cadres
    )


@pytest.mark.parametrize("name, most", [("cadres", 20), ("roster", 24), ("coverage", 28)])
@pytest.mark.parametrize("rows", [1, 10, 1000])
def test_lists_ask_the_same_number_of_questions(
    client, scene, name, most, rows, django_assert_max_num_queries
):
    many(scene, rows)
    client.get(url(name))
    with django_assert_max_num_queries(most):
        assert client.get(url(name)).status_code == 200
