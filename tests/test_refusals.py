"""The pages that answer when something is refused or broken."""

import pytest
from django.test import Client, RequestFactory
from django.views.defaults import server_error

from portal.roles import Role
from tests import make


def test_the_page_of_a_broken_server_needs_neither_database_nor_settings():
    html = server_error(RequestFactory().get("/")).content.decode()
    assert "nội dung chưa được lưu" in html and "nothing was saved" in html


@pytest.mark.django_db
def test_a_page_of_another_role_is_refused_in_vietnamese():
    client = Client()
    client.force_login(
        make.person(Role.VIEWER, make.place("province")), backend="django.contrib.auth.backends.ModelBackend"
    )
    answer = client.get("/tai-khoan/")
    assert answer.status_code == 403
    assert "Vai trò của tài khoản này không bao gồm trang này" in answer.content.decode()


@pytest.mark.django_db
def test_what_is_missing_is_told_in_vietnamese_to_whoever_asks():
    html = Client().get("/khong-co-trang-nay/").content.decode()
    assert "Không tìm thấy, hoặc nội dung ngoài phạm vi được xem." in html


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_with_advice():
    answer = Client(enforce_csrf_checks=True).post("/ngon-ngu/", {"language": "en"})
    assert answer.status_code == 403
    assert "chữ đã nhập vẫn còn" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/dang-nhap/", "/tro-giup/", "/khong-co-trang-nay/"])
def test_every_answer_carries_the_security_policy(address):
    policy = Client().get(address).headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy
