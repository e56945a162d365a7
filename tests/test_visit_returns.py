"""A visit returned to be completed: who may ask, who sees it where, what answers it, and that nothing is recounted."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assignments.actions import visits
from assignments.actions.visit_returns import return_visit
from assignments.models import Tally, VisitReturn
from assignments.topics import VisitKind
from portal.models import AuditEntry
from portal.roles import Role
from tests import make
from tests.visit_scene import Scene, page, send

pytestmark = pytest.mark.django_db
HOME = reverse("reports:home")
ASKED = "Ghi rõ ngày hẹn lại với tổ"


@pytest.fixture
def scene():
    return Scene()


@pytest.fixture
def visit(scene):
    return make.visit(scene.cadre, scene.land.hamlet)


def url(visit, name="visit_return"):
    return reverse(f"assignments:{name}", args=[visit.uuid])


def counted():
    return list(Tally.objects.order_by("pk").values())


def correct(visit, scene, **changes):
    said = {
        "day": visit.day,
        "kind": visit.kind,
        "place": scene.land.hamlet,
        "persons": [(scene.cadre, "attended", "")],
    }
    return visits.correct_visit(
        visit=visit, reason="Bổ sung ngày hẹn", by=scene.cadre.user, **{**said, **changes}
    )


def test_staff_return_a_visit_and_its_author_reads_why_on_both_pages(client, scene, visit):
    before = counted()
    assert url(visit) in page(client, scene.staff, url(visit, "visit"))
    response = send(client, scene.staff, {"comment": ASKED}, url(visit))
    assert response.headers["Location"] == url(visit, "visit")
    told = page(client, scene.cadre.user, url(visit, "visit"))
    assert ASKED in told and url(visit, "visit_correct") in told
    home = page(client, scene.cadre.user, HOME)
    assert ASKED in home and url(visit, "visit") in home
    assert counted() == before


def test_a_correction_answers_it_and_leaves_the_trace(client, scene, visit):
    return_visit(visit=visit, comment=ASKED, by=scene.staff)
    correct(visit, scene, promises=[("hỏi lại", None)])
    assert VisitReturn.objects.get().answered_at is not None
    assert ASKED not in page(client, scene.cadre.user, HOME)
    told = page(client, scene.staff, url(visit, "visit"))
    assert ASKED in told and url(visit) in told
    return_visit(visit=visit, comment="Còn thiếu nữa", by=scene.staff)
    assert VisitReturn.objects.count() == 2


def test_a_withdrawal_answers_it_too(client, scene, visit):
    return_visit(visit=visit, comment=ASKED, by=scene.staff)
    visits.withdraw_visit(visit=visit, reason="Ghi nhầm", by=scene.cadre.user)
    assert ASKED not in page(client, scene.cadre.user, HOME)
    with pytest.raises(ValidationError):
        return_visit(visit=visit, comment=ASKED, by=scene.staff)


def test_it_is_returned_once_until_it_is_answered(client, scene, visit):
    return_visit(visit=visit, comment=ASKED, by=scene.staff)
    assert url(visit) not in page(client, scene.staff, url(visit, "visit"))
    with pytest.raises(ValidationError):
        return_visit(visit=visit, comment="Lần nữa", by=scene.staff)


def test_who_may_not_correct_the_visits_of_others_returns_none(client, scene, visit):
    elsewhere = make.commune_staff(scene.land.sibling)
    for user in (scene.cadre.user, scene.colleague.user, scene.leader, scene.stranger.user, elsewhere):
        with pytest.raises(ValidationError):
            return_visit(visit=visit, comment=ASKED, by=user)
        assert send(client, user, {"comment": ASKED}, url(visit)).status_code in (403, 404)
    assert not VisitReturn.objects.exists()


def test_staff_who_went_themselves_correct_and_do_not_return(client, scene):
    own = make.visit(scene.cadre, scene.land.hamlet, by=scene.staff)
    assert url(own) not in page(client, scene.staff, url(own, "visit"))
    assert send(client, scene.staff, {"comment": ASKED}, url(own)).status_code == 200
    assert not VisitReturn.objects.exists()


def test_the_comment_is_for_the_authors_and_the_staff_alone(client, scene):
    visit = make.visit(scene.cadre, scene.land.groups[0])
    return_visit(visit=visit, comment=ASKED, by=scene.staff)
    for user in (scene.colleague.user, scene.leader):
        assert ASKED not in page(client, user, url(visit, "visit"))
        assert ASKED not in page(client, user, HOME)
    organiser = make.person(Role.ORGANISER, scene.land.province)
    assert ASKED in page(client, organiser, url(visit, "visit"))


def test_on_a_household_visit_the_words_stay_off_the_home_page(client, scene):
    visit = make.visit(scene.cadre, scene.land.hamlet, kind=VisitKind.HOUSEHOLD_VISIT)
    return_visit(visit=visit, comment=ASKED, by=scene.staff)
    home = page(client, scene.cadre.user, HOME)
    assert url(visit, "visit") in home and ASKED not in home
    assert ASKED in page(client, scene.cadre.user, url(visit, "visit"))


def test_an_empty_comment_and_one_with_an_identity_number_are_refused(client, scene, visit):
    for comment in (" ", "Hỏi lại số 079085001234 của hộ"):
        assert send(client, scene.staff, {"comment": comment}, url(visit)).status_code == 200
    assert not VisitReturn.objects.exists()


def test_after_the_close_nothing_is_returned_that_could_not_be_answered(scene, visit, monkeypatch):
    monkeypatch.setattr(
        "assignments.standing.entry_closes", lambda lies_in, day: day.replace(year=day.year - 1)
    )
    with pytest.raises(ValidationError):
        return_visit(visit=visit, comment=ASKED, by=scene.staff)


def test_the_audit_book_learns_no_text(scene, visit):
    return_visit(visit=visit, comment=ASKED, by=scene.staff)
    line = AuditEntry.objects.get(deed="return_visit")
    assert line.by_id == scene.staff.pk
    assert ASKED not in str(vars(line))


def test_the_home_page_costs_the_same_for_one_and_for_ten(client, scene):
    def cost():
        with CaptureQueriesContext(connection) as found:
            page(client, scene.cadre.user, HOME)
        return len(found)

    for each in [make.visit(scene.cadre, scene.land.hamlet) for _n in range(2)]:
        return_visit(visit=each, comment=ASKED, by=scene.staff)
    # The first request of a process reads what later ones keep.
    cost()
    few = cost()
    for each in [make.visit(scene.cadre, scene.land.hamlet) for _n in range(7)]:
        return_visit(visit=each, comment=ASKED, by=scene.staff)
    assert cost() == few
