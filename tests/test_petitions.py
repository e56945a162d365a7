"""A recommendation on its way: raised once, answered in time, confirmed on site, and nothing forgotten."""

import uuid
from datetime import timedelta

import pytest

from assignments.actions import petitions
from assignments.deadlines import working_days_left
from assignments.models import AnswerNorm, Holiday, Petition
from assignments.rules import reads_like_a_complaint
from portal.actions.deed import RuleBroken
from portal.dates import add_working_days
from portal.models import AuditEntry
from tests import make

pytestmark = pytest.mark.django_db


def test_a_recommendation_sent_twice_is_stored_once():
    land, author, key = make.land(), make.user(), uuid.uuid4()
    for _time in range(2):
        petitions.raise_petition(place=land.hamlet, topic="roads", text="Cầu hư", by=author, uuid=key)
    petition = Petition.objects.get()
    assert petition.province == land.province
    assert petition.steps.count() == 1


def test_a_key_of_somebody_else_is_refused():
    land, key = make.land(), uuid.uuid4()
    petitions.raise_petition(place=land.hamlet, topic="roads", text="Cầu hư", by=make.user(), uuid=key)
    with pytest.raises(RuleBroken):
        petitions.raise_petition(place=land.hamlet, topic="roads", text="Khác", by=make.user(), uuid=key)


@pytest.mark.parametrize("consent", [True, False])
def test_without_consent_a_request_goes_up_as_that_of_the_group(consent):
    land = make.land()
    petition = petitions.raise_petition(
        place=land.commune, topic="water", text="Thiếu nước", by=make.user(), household=land.households[0],
        consent=consent,
    )  # fmt: skip
    assert petition.place == land.groups[0]
    assert (petition.household == land.households[0]) is consent
    assert petition.consent is consent


def test_a_recommendation_holds_no_identity_number():
    land = make.land()
    with pytest.raises(RuleBroken):
        petitions.raise_petition(place=land.hamlet, topic="roads", text="Anh 083123456789", by=make.user())


@pytest.fixture
def raised():
    land = make.land()
    cadre = make.following_cadre(land.hamlet, land.commune)
    body = make.agency(place=land.commune, level="commune")
    petition = petitions.raise_petition(
        place=land.hamlet, topic="roads", text="Cầu hư, nhà ông Mẫu", by=cadre.user, raised_by=cadre
    )
    return petition, body, make.commune_staff(land.commune)


def accepted(raised):
    petition, body, staff = raised
    petitions.accept(petition=petition, agency=body, released="Cầu hư", by=staff)
    petition.refresh_from_db()
    return petition, body, staff


def test_accepting_sets_the_deadline_of_the_bodys_level(raised):
    petition, _body, _staff = accepted(raised)
    assert petition.due == add_working_days(make.today(), 10, set())
    assert petition.released == "Cầu hư"


def test_the_deadline_follows_the_setting_of_the_office_and_leaves_out_days_off(raised):
    make.made(AnswerNorm.objects.create)(level="commune", working_days=3, since=make.START)
    off = add_working_days(make.today(), 1, set())
    make.made(Holiday.objects.create)(day=off, name="Ngày nghỉ (mẫu)", is_confirmed=True)
    later = add_working_days(make.today(), 2, set())
    make.made(Holiday.objects.create)(day=later, name="Chờ luật (mẫu)", is_confirmed=False)
    petition, _body, _staff = accepted(raised)
    assert petition.due == add_working_days(make.today(), 4, set())
    assert working_days_left(petition.due, make.today(), {off}) == 3


def test_being_solved_stays_open_and_is_overdue_after_the_promised_day(raised):
    petition, _body, staff = accepted(raised)
    promised = make.today() + timedelta(days=40)
    petitions.answer(petition=petition, answer="being_solved", text="Đang làm", promised=promised, by=staff)
    petition.refresh_from_db()
    assert petition.is_open
    assert petition.due == promised
    assert not Petition.objects.overdue(promised).exists()
    assert Petition.objects.overdue(promised + timedelta(days=1)).get() == petition


def test_the_cadre_is_told_until_the_answer_is_read(raised):
    petition, _body, staff = accepted(raised)
    petitions.answer(petition=petition, answer="solved", text="Đã sửa", by=staff)
    petition.refresh_from_db()
    assert petition.news_for == petition.raised_by.user
    petitions.read_news(petition, staff)
    petition.refresh_from_db()
    assert petition.news_for
    petitions.read_news(petition, petition.news_for)
    petition.refresh_from_db()
    assert petition.news_for is None


@pytest.mark.parametrize("answer", ["explained", "not_solved"])
def test_what_was_only_explained_is_never_closed(raised, answer):
    petition, _body, staff = accepted(raised)
    petitions.answer(petition=petition, answer=answer, text="Chưa có vốn", by=staff)
    with pytest.raises(RuleBroken):
        petitions.confirm_on_site(petition=petition, by=staff)
    with pytest.raises(RuleBroken):
        petitions.close(petition=petition, by=staff)
    petitions.reopen(petition=petition, reason="Dân chưa đồng ý", by=staff)
    petition.refresh_from_db()
    assert petition.state == "accepted"
    assert petition.answer == ""


def test_the_audit_book_keeps_no_words_of_a_recommendation(raised):
    petition, _body, staff = accepted(raised)
    petitions.answer(petition=petition, answer="solved", text="Đã sửa cầu", by=staff)
    petitions.reopen(petition=petition, reason="Cầu vẫn hư", by=staff)
    told = " ".join(f"{line.row_name} {line.facts}" for line in AuditEntry.objects.all())
    assert "KN-" in told
    assert "ầu" not in told


def test_a_body_that_does_not_answer_today_is_refused(raised):
    petition, _body, staff = raised
    later = make.agency(since=make.today() + timedelta(days=5))
    with pytest.raises(RuleBroken):
        petitions.accept(petition=petition, agency=later, released="Cầu hư", by=staff)


@pytest.mark.parametrize(
    "text",
    ["Tôi tố cáo cán bộ ấp", "Đơn khiếu nại về đất", "ông ấy THAM NHŨNG", "nhận hối lộ", "don khieu nai"],
)
def test_words_of_a_complaint_are_noticed(text):
    assert reads_like_a_complaint(text)


@pytest.mark.parametrize("text", ["Cầu ván hư lan can", "Đường tổ cao su ngập nước", "Xin cấp nước sạch"])
def test_ordinary_words_are_not_taken_for_a_complaint(text):
    assert not reads_like_a_complaint(text)
