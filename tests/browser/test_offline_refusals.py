"""What a phone sends and the portal does not take: nothing is lost, nothing doubled, and the phone says why."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from assignments.actions.assigning import end_assignment
from assignments.models import Assignment, Cadre, Petition, UrgentWord, Visit
from assignments.topics import AssignmentRole, EndReason, Tier
from portal.actions.places import NewPlace, merge_places
from portal.levels import PlaceKind
from portal.roles import Role
from tests import make
from tests.browser.test_offline_journey import ASKED, PAGE, write
from tests.browser.test_sign_in import no_sideways_scroll
from tests.browser.ways import sign_in

pytestmark = pytest.mark.django_db(transaction=True)
REFUSED = "Chưa được nhận (nội dung vẫn còn)"


def written_without_a_signal(phone: Page, address: str) -> None:
    phone.goto(f"{address}{PAGE}")
    phone.context.set_offline(True)
    write(phone, ASKED)
    expect(phone.locator("[data-state=waiting]:visible")).to_have_count(1)


@pytest.mark.parametrize("arrives", [False, True], ids=["on the way", "on the way back"])
@pytest.mark.parametrize("step", ["may-chu", "gui"])
def test_cut_off_at_any_step_and_the_tab_closed_it_is_sent_once_later(
    phone, live_server, land, step, arrives
):
    cut = []

    def lose(route):
        if cut:
            return route.continue_()
        cut.append(route.fetch().status if arrives else 0)
        return route.abort()

    written_without_a_signal(phone, live_server.url)
    phone.context.route(f"**/ngoai-tuyen/{step}/", lose)
    with phone.expect_event("requestfailed", lambda request: f"/{step}/" in request.url):
        phone.context.set_offline(False)
    expect(phone.locator("[data-state=waiting]:visible")).to_have_count(1)
    assert Visit.objects.count() == (step == "gui" and arrives)
    context = phone.context
    phone.close()
    again = context.new_page()
    again.goto(f"{live_server.url}{PAGE}")
    expect(again.locator("[data-state=sent]:visible")).to_have_count(1)
    assert Visit.objects.count() == 1 and Petition.objects.get().text == ASKED


def test_of_a_place_no_longer_assigned_it_is_refused_with_the_last_day_and_the_text_stays(
    phone, live_server, land, axe
):
    written_without_a_signal(phone, live_server.url)
    end_assignment(
        assignment=Assignment.objects.get(), until=make.today(), reason=EndReason.REASSIGNED, by=make.clerk()
    )
    phone.context.set_offline(False)
    expect(phone.get_by_text(REFUSED)).to_be_visible()
    last = f"{make.today() - timedelta(days=1):%d/%m/%Y}"
    expect(phone.locator("[data-why]")).to_contain_text(last)
    expect(phone.locator("[data-texts]")).to_contain_text(ASKED)
    axe(phone)
    assert not Visit.objects.exists()


def test_of_a_hamlet_merged_meanwhile_it_goes_to_the_one_that_stands_for_it(phone, live_server, land):
    written_without_a_signal(phone, live_server.url)
    into = NewPlace(code="T77701", name="Mẫu Mới", kind=PlaceKind.AP, parent=land.commune)
    olds = [land.hamlet, make.place("ap", land.commune)]
    merged = merge_places(olds=olds, into=into, on=make.today(), decree=make.decree(), by=make.clerk())
    phone.context.set_offline(False)
    expect(phone.locator("[data-state=sent]:visible")).to_have_count(1)
    assert Visit.objects.get().place == merged


def test_without_javascript_the_page_for_no_signal_offers_nothing_it_could_not_send(
    browser, browser_context_args, live_server, land
):
    context = browser.new_context(**{**browser_context_args, "java_script_enabled": False})
    page = context.new_page()
    sign_in(page, live_server.url, "can-bo-mau", PAGE)
    expect(page.locator("noscript .gd-note")).to_be_visible()
    for name in ("Giữ lại và gửi", "Giữ lại và gửi báo nhanh"):
        expect(page.get_by_role("button", name=name, exact=True)).to_have_count(0)
    page.locator("noscript a").click()
    page.wait_for_url("**/di-co-so/moi/")
    expect(page.locator(".gd-save button")).to_be_visible()
    context.close()


def test_urgent_word_waits_for_the_signal_like_a_visit_and_is_sent_once(phone, live_server, land, axe):
    chief = make.cadre(place=land.province, account=make.user("phu-trach"))
    make.assignment(chief, land.commune, tier=Tier.PROVINCE, role=AssignmentRole.IN_CHARGE)
    phone.goto(f"{live_server.url}{PAGE}")
    phone.context.set_offline(True)
    phone.goto(f"{live_server.url}/bao-nhanh/moi/")
    phone.locator("summary", has_text="Báo nhanh").click()
    button = phone.get_by_role("button", name="Giữ lại và gửi báo nhanh")
    phone.fill("#urgent_what", "Cầu ván sập")
    button.click()
    expect(phone.locator("[data-list] article")).to_have_count(0)
    phone.fill("#urgent_where", "đầu ấp")
    phone.fill("#urgent_needed", "rào chắn")
    axe(phone)
    button.click()
    card = phone.locator("[data-list] article")
    expect(card).to_contain_text("Báo nhanh")
    expect(card).to_contain_text("Cầu ván sập")
    phone.context.set_offline(False)
    expect(phone.locator("[data-state=sent]:visible")).to_have_count(1)
    word = UrgentWord.objects.get()
    assert (word.what, word.reader) == ("Cầu ván sập", chief.user) and word.written_at is not None
    card.get_by_role("link", name="Xem trên cổng").click()
    expect(phone.get_by_text("Viết khi chưa có mạng")).to_be_visible()


def test_an_account_that_logs_no_visits_any_more_still_reads_what_it_wrote(phone, live_server, land, axe):
    """The words were shut away on the phone: its page was refused, and nothing said why they waited."""
    written_without_a_signal(phone, live_server.url)
    user = Cadre.objects.get().user
    make.made(Cadre.objects.update)(user=None)
    make.grant(user, Role.VIEWER, land.commune)
    phone.context.set_offline(False)
    told = phone.get_by_text("không còn ghi lượt đi cơ sở")
    expect(told).to_be_visible()
    phone.goto(f"{live_server.url}{PAGE}")
    expect(told).to_be_visible()
    expect(phone.locator("[data-texts]")).to_contain_text(ASKED)
    expect(phone.get_by_role("button", name="Giữ lại và gửi")).to_have_count(0)
    expect(phone.get_by_role("button", name="Gửi ngay")).to_be_hidden()
    assert no_sideways_scroll(phone)
    axe(phone)
    phone.once("dialog", lambda dialog: dialog.accept())
    phone.get_by_role("button", name="Xóa khỏi máy này").click()
    expect(phone.locator("[data-list] article")).to_have_count(0)
    assert not Visit.objects.exists()
