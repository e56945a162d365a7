"""Signing in and out, the first password, and what was typed when the session ended."""

import re

import pytest
from django.core import signing
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.models import AuditEntry
from portal.roles import Role
from portal.views import kept
from tests import make

pytestmark = pytest.mark.django_db
PASSWORD = "mat-khau-thu-nghiem"
SIGN_IN = "/dang-nhap/"


def sign_in(client: Client, username: str, password: str = PASSWORD, **fields: str):
    return client.post(SIGN_IN, {"username": username, "password": password, "next": "/ca-nhan/", **fields})


@pytest.fixture
def account():
    return make.person(Role.VIEWER, make.place("province"), "an-mau")


@pytest.fixture
def client() -> Client:
    return Client()


def test_the_sign_in_page_is_in_vietnamese_and_names_the_demo_accounts(client):
    html = client.get(SIGN_IN).content.decode()
    assert '<html lang="vi">' in html
    assert "gan-dan-canbo" in html and "quantri" in html


def test_outside_the_demonstration_no_account_is_named(client, settings):
    settings.DEMO = False
    assert "gan-dan-" not in client.get(SIGN_IN).content.decode()


def test_a_right_password_opens_the_page_that_was_asked_for(client, account):
    answer = sign_in(client, "an-mau")
    assert answer.status_code == 302 and answer.url == "/ca-nhan/"
    assert "an-mau" in client.get("/ca-nhan/").content.decode()


def test_capitals_in_the_user_name_are_forgiven(client, account):
    assert sign_in(client, " AN-Mau ").status_code == 302


def test_a_wrong_password_says_so_without_telling_whether_the_name_exists(client, account):
    wrong = sign_in(client, "an-mau", "sai").content.decode()
    unknown = sign_in(client, "khong-co", "sai").content.decode()
    told = [re.search(r'role="alert".*?</ul>', html, re.DOTALL).group() for html in (wrong, unknown)]
    assert told[0] == told[1]


def test_a_closed_account_is_told_no_more_than_a_wrong_password(client, account):
    account = make.user("dong-mau", is_active=False)
    assert sign_in(client, account.username).status_code == 200


def test_nobody_is_sent_to_another_site_after_signing_in(client, account):
    answer = client.post(
        SIGN_IN, {"username": "an-mau", "password": PASSWORD, "next": "https://example.com/"}
    )
    assert "example.com" not in answer.headers.get("Location", "")


def test_six_wrong_passwords_close_the_sign_in_for_a_while(client, account, settings):
    for _attempt in range(settings.AXES_FAILURE_LIMIT):
        answer = sign_in(client, "an-mau", "sai")
    assert answer.status_code == 429
    assert sign_in(client, "an-mau").status_code == 429


def test_signing_out_ends_the_session(client, account):
    sign_in(client, "an-mau")
    client.post("/dang-xuat/")
    assert client.get("/ca-nhan/").status_code == 302


def test_signing_out_everywhere_ends_the_session_on_other_devices(client, account):
    other = Client()
    sign_in(client, "an-mau")
    sign_in(other, "an-mau")
    client.post("/ca-nhan/dang-xuat-moi-noi/")
    assert other.get("/ca-nhan/").status_code == 302


def test_after_a_lost_phone_every_session_is_over_and_the_moment_is_kept(client, account):
    other, somebody = Client(), Client()
    neighbour = make.person(Role.VIEWER, make.place("province"), "binh-mau")
    sign_in(client, "an-mau")
    sign_in(other, "an-mau")
    sign_in(somebody, neighbour.username)
    assert "/ca-nhan/mat-dien-thoai/" in client.get("/ca-nhan/").content.decode()
    assert client.get("/ca-nhan/mat-dien-thoai/").status_code == 200
    account.refresh_from_db()
    assert account.devices_wiped_at is None and other.get("/ca-nhan/").status_code == 200
    client.post("/ca-nhan/mat-dien-thoai/")
    assert client.get("/ca-nhan/").status_code == 302 == other.get("/ca-nhan/").status_code
    assert somebody.get("/ca-nhan/").status_code == 200
    account.refresh_from_db()
    neighbour.refresh_from_db()
    assert account.devices_wiped_at is not None and neighbour.devices_wiped_at is None
    assert AuditEntry.objects.get(deed="wipe_devices").by_id == account.pk


def test_nobody_signed_out_reports_a_phone_lost(client, account):
    assert client.post("/ca-nhan/mat-dien-thoai/").status_code == 302
    account.refresh_from_db()
    assert account.devices_wiped_at is None


def test_a_one_time_password_must_be_changed_before_anything_else(client):
    account = make.user("moi-mau", must_change_password=True)
    sign_in(client, account.username)
    assert client.get("/ca-nhan/").url == reverse("portal:password")
    assert client.get("/ca-nhan/mat-khau/").status_code == 200
    client.post(
        "/ca-nhan/mat-khau/",
        {
            "old_password": PASSWORD,
            "new_password1": "lúa ba trăng nước lên",
            "new_password2": "lúa ba trăng nước lên",
        },
    )
    account.refresh_from_db()
    assert not account.must_change_password
    assert client.get("/ca-nhan/").status_code == 200
    assert AuditEntry.objects.filter(deed="change_password", by_id=account.pk).count() == 1


@pytest.mark.parametrize("weak", ["ngan", "1234567890123", "moi-mau-moi", "password123"])
def test_a_weak_password_is_refused(client, weak):
    account = make.user("moi-mau", must_change_password=True)
    sign_in(client, account.username)
    answer = client.post(
        "/ca-nhan/mat-khau/", {"old_password": PASSWORD, "new_password1": weak, "new_password2": weak}
    )
    account.refresh_from_db()
    assert answer.status_code == 200 and account.must_change_password


def test_a_new_password_signs_other_devices_out(client, account):
    other = Client()
    sign_in(client, "an-mau")
    sign_in(other, "an-mau")
    new = "lúa ba trăng nước lên"
    client.post("/ca-nhan/mat-khau/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert client.get("/ca-nhan/").status_code == 200
    assert other.get("/ca-nhan/").status_code == 302


TYPED = "Đường trước nhà văn hóa ấp ngập khi triều cường."


def post_without_session(client: Client):
    return client.post("/ca-nhan/", {"full_name": TYPED, "phone": "0100000001", "old_password": "bí mật"})


def token_in(html: str) -> str:
    return re.search(r'name="kept" value="([^"]+)"', html).group(1)


def test_what_was_typed_when_the_session_ended_goes_through_the_sign_in_page(client, account):
    answer = post_without_session(client)
    assert answer.status_code == 401 and answer.headers["Cache-Control"] == "no-store"
    again = sign_in(client, "an-mau", kept=token_in(answer.content.decode()))
    html = again.content.decode()
    assert again.status_code == 200 and TYPED in html
    assert 'action="/ca-nhan/"' in html and 'name="phone" value="0100000001"' in html


def test_a_wrong_password_does_not_lose_what_was_typed(client, account):
    answer = post_without_session(client)
    answer = sign_in(client, "an-mau", "sai", kept=token_in(answer.content.decode()))
    assert TYPED in sign_in(client, "an-mau", kept=token_in(answer.content.decode())).content.decode()


def test_passwords_are_never_kept(client):
    kept_fields = signing.loads(token_in(post_without_session(client).content.decode()), salt=kept.SALT)[1]
    assert [name for name, _value in kept_fields] == ["full_name", "phone"]


def test_a_planted_form_is_not_offered(client, account):
    forged = signing.dumps(["/ca-nhan/", [["full_name", "Kẻ Khác Cố Ý Gài"]], False], salt="another")
    assert sign_in(client, "an-mau", kept=forged).status_code == 302


def test_a_form_for_another_site_is_not_offered():
    token = kept.Kept("https://example.com/", [("a", "b")]).token
    assert kept.unpack(RequestFactory().get("/"), token) is None


def test_too_long_a_form_is_not_carried_along(client):
    answer = client.post("/ca-nhan/", {"full_name": "x" * (kept.LONGEST + 1)})
    assert answer.status_code == 302


def test_a_stale_form_of_a_signed_in_reader_is_offered_again(account):
    client = Client(enforce_csrf_checks=True)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post("/ca-nhan/", {"full_name": TYPED}, headers={"Origin": "http://testserver"})
    assert answer.status_code == 403 and TYPED in answer.content.decode()


def test_a_form_posted_from_another_site_is_only_refused(account):
    client = Client(enforce_csrf_checks=True)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post("/ca-nhan/", {"full_name": TYPED}, headers={"Origin": "https://example.com"})
    assert answer.status_code == 403 and TYPED not in answer.content.decode()


def test_the_language_is_kept_on_the_device_and_in_the_account(client, account):
    sign_in(client, "an-mau")
    client.post("/ngon-ngu/", {"language": "en", "next": "/ca-nhan/"})
    account.refresh_from_db()
    assert account.language == "en"
    assert '<html lang="en">' in client.get("/ca-nhan/").content.decode()
    elsewhere = Client()
    sign_in(elsewhere, "an-mau")
    assert '<html lang="en">' in elsewhere.get("/ca-nhan/").content.decode()


def test_an_unknown_language_changes_nothing(client):
    answer = client.post("/ngon-ngu/", {"language": "xx", "next": "https://example.com/"})
    assert answer.url == "/" and "gandan_language" not in answer.cookies


def test_the_page_about_a_forgotten_password_says_whom_to_ask(client):
    assert client.get("/dang-nhap/quen-mat-khau/").status_code == 200


@pytest.mark.parametrize("address", ["/khong-co-trang-nay/", "/tai-khoan/999999/"])
def test_what_is_not_there_or_not_to_be_seen_answers_alike(client, account, address):
    make.grant(account, Role.STEWARD, make.place("province"))
    sign_in(client, "an-mau")
    answer = client.get(address)
    assert answer.status_code == 404
    assert "#i-search" in answer.content.decode() or "gd-top" in answer.content.decode()


def test_help_is_open_to_whoever_cannot_get_in(client):
    html = client.get("/tro-giup/").content.decode()
    for part in ("lich", "mat", "gap", "td", "dd", "bg", "qh"):
        assert f'href="#{part}"' in html and f'id="{part}"' in html
    assert "Ghi lượt đi cơ sở" in html and "Không nhập khiếu nại, tố cáo tại đây" in html


def test_every_page_names_the_province_of_today_and_asks_for_it_once(client, account, settings):
    province = make.place("province", name="Tỉnh Mẫu Mới")
    settings.PROVINCE_CODE = province.spans.get().code
    client.force_login(account)
    with CaptureQueriesContext(connection) as asked:
        html = client.get("/ca-nhan/").content.decode()
    assert html.count("Tỉnh Mẫu Mới") == 2
    assert len([one for one in asked.captured_queries if f"'{settings.PROVINCE_CODE}'" in one["sql"]]) == 1
