"""Joining, reminding and telling the people, in the browser: on a desk and on a narrow phone."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from assignments.actions import petition_aside, petitions
from assignments.models import Petition
from portal.actions.deed import bookkeeping
from portal.levels import OrgKind
from portal.roles import Role
from tests import make
from tests.browser.test_sign_in import no_sideways_scroll
from tests.browser.ways import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@bookkeeping("a test lets the time pass")
def let_pass(petition: Petition) -> None:
    Petition.objects.filter(pk=petition.pk).update(due=make.today() - timedelta(days=20))


@pytest.fixture
def told():
    land = make.land()
    cadres = [make.following_cadre(group, land.commune, f"can-bo-{n}") for n, group in enumerate(land.groups)]
    staff = make.commune_staff(land.commune, "xa-mau")
    make.person(Role.VIEWER, land.province, "xem-mau")
    make.org(OrgKind.PROVINCIAL, place=land.province, name="Đảng bộ tỉnh Mẫu")
    body = make.agency("Phòng Kinh tế, hạ tầng và đô thị Mẫu", place=land.commune)
    rows = [
        petitions.raise_petition(
            place=group, topic="water", text=f"Thiếu nước ngọt ở tổ này {n}", by=cadre.user, raised_by=cadre
        )
        for n, (cadre, group) in enumerate(zip(cadres, land.groups, strict=True))
    ]
    late = petitions.raise_petition(place=land.hamlet, topic="roads", text="Cầu đầu ấp hư lan can", by=staff)
    petitions.accept(petition=late, agency=body, released="Cầu đầu ấp hư lan can", by=staff)
    let_pass(late)
    return land, rows, late, body


def test_similar_ones_are_joined_and_the_answer_is_told_on_the_phone(live_server, screens, axe, told):
    land, (lead, member), _late, body = told
    staff, cadre = screens("desk"), screens("phone")
    here = f"/kien-nghi/{lead.uuid}/"
    sign_in(staff, live_server.url, "xa-mau", here + "join/")
    axe(staff)
    staff.locator("input[name=members]").check()
    staff.locator("main form button[type=submit]").click()
    expect(staff.locator("#cung-noi-dung")).to_be_visible()
    axe(staff)
    petitions.accept(petition=lead, agency=body, released="Thiếu nước ngọt", by=make.clerk())
    petitions.answer(
        petition=lead, answer="being_solved", text="Đang kéo ống", promised=make.today(), by=make.clerk()
    )

    sign_in(cadre, live_server.url, "can-bo-1", f"/kien-nghi/{member.uuid}/")
    expect(cadre.locator("#da-gop")).to_be_visible()
    assert no_sideways_scroll(cadre)
    axe(cadre)
    cadre.locator("a[href$='/tra-loi-cho-dan/']").click()
    expect(cadre.locator("main dl dd")).to_have_count(5)
    assert no_sideways_scroll(cadre)
    axe(cadre)


@pytest.mark.parametrize("screen", ["desk", "phone"])
def test_late_answers_are_reminded_and_the_times_are_told(live_server, screens, axe, told, screen):
    land, (lead, _member), late, body = told
    page = screens(screen)
    sign_in(page, live_server.url, "xa-mau", "/kien-nghi/don-doc/")
    assert no_sideways_scroll(page)
    axe(page)
    page.locator(f"a[href$='/don-doc/{body.pk}/']").click()
    assert no_sideways_scroll(page)
    axe(page)
    with page.expect_download() as download:
        page.locator("a[href$='/cong-van/']").click()
    assert download.value.suggested_filename == "cong-van-don-doc.docx"
    page.locator("main form button[type=submit]").click()
    page.wait_for_load_state()
    late.refresh_from_db()
    assert late.reminders == 1
    petition_aside.ask_direction(
        petition=lead, committee=make.PartyOrg.objects.get(spans__kind=OrgKind.PROVINCIAL), reason="Vượt thẩm quyền",
        by=make.clerk(),
    )  # fmt: skip
    page.goto(f"{live_server.url}/kien-nghi/{lead.uuid}/direct/")
    assert no_sideways_scroll(page)
    axe(page)
    page.goto(f"{live_server.url}/tong-quan/{land.commune.pk}/tra-loi/")
    assert no_sideways_scroll(page)
    axe(page)
