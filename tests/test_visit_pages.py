"""The pages of visits: the form and one visit; who sees what, and what is kept."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from assignments.actions import visits
from assignments.models import Petition, Visit
from assignments.topics import Attendance, Capacity, VisitKind
from portal.models import AuditEntry
from portal.roles import Role
from tests import make
from tests.visit_scene import LIST, NEW, Scene, page, send
from tests.worlds import built_once

pytestmark = pytest.mark.django_db


world, scene = built_once("scene", Scene)


def test_the_form_knows_the_place_the_day_and_the_kind(client, scene):
    form = page(client, scene.cadre.user, NEW)
    name = scene.land.hamlet.spans.get().full_name
    assert name in form and scene.duty.label in form
    assert f'value="{make.today():%d/%m/%Y}"' in form
    assert re.search(r'<input type="radio" name="kind" value="cell"[^>]*checked', form)
    assert scene.colleague.full_name in form
    assert scene.stranger.full_name not in form


def test_a_visit_is_logged_from_the_form(client, scene):
    posted = scene.posted(
        **{
            f"duty_{scene.duty.pk}": "on", f"note_{scene.duty.pk}": "Chi bộ đủ người dự",
            f"with_{scene.colleague.pk}": "excused:leave", "promise0-text": "hỏi lại ngày thay lan can",
            "gift0-purpose": "Đường ấp", "gift0-amount": "5.000.000", "gift0-households": "12",
            "request0-topic": "roads", "request0-text": "Cầu ván hư lan can.",
        }
    )  # fmt: skip
    response = send(client, scene.cadre.user, posted)
    visit = Visit.objects.get()
    assert response.headers["Location"] == reverse("assignments:visit", args=[visit.uuid])
    assert str(visit.uuid) == posted["uuid"] and visit.org == scene.land.cell
    people = {row.cadre: (row.attendance, row.excuse, row.capacity) for row in visit.persons.all()}
    assert people == {
        scene.cadre: (Attendance.ATTENDED, "", Capacity.ASSIGNED),
        scene.colleague: (Attendance.EXCUSED, "leave", Capacity.ASSIGNED),
    }
    assert visit.duties.get().note == "Chi bộ đủ người dự"
    gift = visit.contributions.get()
    assert (gift.amount, gift.households) == (5_000_000, 12)
    assert visit.petitions.get().raised_by == scene.cadre
    assert "hỏi lại ngày thay lan can" in page(client, scene.cadre.user, NEW)


def test_one_tap_says_attended_and_nothing_new(client, scene):
    send(client, scene.cadre.user, scene.posted(nothing_new="1", attendance="absent"))
    visit = Visit.objects.get()
    assert visit.nothing_new and visit.persons.get().attendance == Attendance.ATTENDED


def test_the_same_form_sent_twice_is_stored_once(client, scene):
    posted = scene.posted(**{"request0-topic": "roads", "request0-text": "Cầu ván hư lan can."})
    first, second = (send(client, scene.cadre.user, posted) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Visit.objects.count() == 1 == Petition.objects.count()


def test_a_refused_form_keeps_every_word(client, scene):
    posted = scene.posted(
        **{
            "day": (make.today() + timedelta(days=2)).strftime("%d/%m/%Y"), f"duty_{scene.duty.pk}": "on",
            f"note_{scene.duty.pk}": "lời thứ nhất", "promise0-text": "lời thứ hai", "gift0-purpose": "lời thứ ba",
            "request0-topic": "roads", "request0-text": "lời thứ tư", f"with_{scene.colleague.pk}": "absent",
        }
    )  # fmt: skip
    response = send(client, scene.cadre.user, posted)
    told = response.content.decode()
    assert response.status_code == 200 and not Visit.objects.exists()
    for word in ("nhất", "hai", "ba", "tư"):
        assert f"lời thứ {word}" in told
    assert posted["uuid"] in told and 'value="absent" selected' in told


def test_duties_ticked_on_a_household_visit_are_shown_again_to_be_cleared(client, scene):
    posted = scene.posted(
        kind="household",
        place=scene.land.groups[0].pk,
        **{f"duty_{scene.duty.pk}": "on", "promise0-due": "01/01/2030"},
    )
    told = send(client, scene.cadre.user, posted).content.decode()
    assert not Visit.objects.exists() and scene.duty.label in told
    del posted[f"duty_{scene.duty.pk}"]
    assert send(client, scene.cadre.user, posted).status_code == 302
    assert Visit.objects.get().promises.get().text == ""


def test_the_duty_on_internal_matters_offers_no_text(client, scene):
    form = page(client, scene.cadre.user, NEW)
    assert f"duty_{scene.internal.pk}" in form and f"note_{scene.internal.pk}" not in form


def test_a_number_of_twelve_digits_is_stopped_in_every_box(client, scene):
    for name in ("promise0-text", "gift0-purpose", f"note_{scene.duty.pk}"):
        send(client, scene.cadre.user, scene.posted(**{name: "số 079123456789"}))
    send(
        client,
        scene.cadre.user,
        scene.posted(**{"request0-topic": "roads", "request0-text": "số 079123456789"}),
    )
    assert not Visit.objects.exists()


def test_a_denunciation_is_asked_about_at_the_door(client, scene):
    posted = scene.posted(**{"request0-topic": "other", "request0-text": "Tố cáo ông Mẫu tham ô."})
    assert "request0-sure" in send(client, scene.cadre.user, posted).content.decode()
    assert not Visit.objects.exists()


def test_an_assistant_enters_for_the_leader_and_for_nobody_else(client, scene):
    assistant = make.person(Role.ASSISTANT, scene.cadre.user)
    assert send(client, assistant, scene.posted()).status_code == 302
    visit = Visit.objects.get()
    assert visit.entered_by == assistant and visit.persons.get().cadre == scene.cadre
    told = page(client, assistant, reverse("assignments:visit", args=[visit.uuid]))
    assert scene.cadre.full_name in told and str(assistant) in told
    send(client, assistant, scene.posted(author=scene.colleague.pk))
    assert Visit.objects.count() == 1


def test_a_cadre_stands_in_where_nothing_is_assigned(client, scene):
    url = f"{NEW}?place={scene.land.sibling_hamlet.pk}"
    assert "capacity" in page(client, scene.cadre.user, url)
    send(client, scene.cadre.user, scene.posted(place=scene.land.sibling_hamlet.pk, capacity="alongside"))
    assert Visit.objects.get().persons.get().capacity == Capacity.ALONGSIDE


def test_the_other_hamlets_of_the_commune_are_offered_apart(client, scene):
    other = make.place("ap", scene.land.commune, name="Lân Cận")
    form = page(client, scene.cadre.user, NEW)
    assert form.index("optgroup") < form.index("Lân Cận")
    far = scene.land.sibling_hamlet.spans.get().full_name
    assert far not in form
    idle = make.cadre(place=scene.land.commune, account=make.user("chua-phan-cong"))
    assert "Lân Cận" in page(client, idle.user, NEW)
    assert send(client, idle.user, scene.posted(place=other.pk, author=idle.pk)).status_code == 302


def test_a_household_is_chosen_only_by_those_who_may_know_it(client, scene):
    home = scene.land.households[0]
    posted = scene.posted(
        kind="household", place=home.place_id, household=home.code, author=scene.colleague.pk
    )
    assert send(client, scene.colleague.user, posted).status_code == 302
    assert Visit.objects.get().household == home
    far = make.following_cadre(scene.land.commune, scene.land.province, tier="province")
    form = page(client, far.user, f"{NEW}?household={home.uuid}")
    assert 'name="household"' not in form and home.code not in form


# One visit ------------------------------------------------------------------------------------------


def visit_url(visit, name="visit", *more):
    return reverse(f"assignments:{name}", args=[visit.uuid, *more])


def test_a_stranger_finds_no_visit(client, scene):
    visit = make.visit(scene.cadre, scene.land.hamlet)
    client.force_login(scene.stranger.user)
    for name in ("visit", "visit_correct", "visit_withdraw"):
        assert client.get(visit_url(visit, name)).status_code == 404


def test_the_household_of_a_visit_is_shown_within_its_commune_and_the_look_is_logged(client, scene):
    home = make.household(scene.land.groups[0], "HO-DAU-VET", scene.land.province)
    visit = make.visit(scene.colleague, None, kind=VisitKind.HOUSEHOLD_VISIT, household=home)
    assert "HO-DAU-VET" in page(client, scene.staff, visit_url(visit))
    assert AuditEntry.objects.get(deed="look_at_household").by_id == scene.staff.pk
    assert "HO-DAU-VET" not in page(client, scene.leader, visit_url(visit))
    assert AuditEntry.objects.filter(deed="look_at_household").count() == 1


def test_a_visit_is_corrected_on_the_same_form(client, scene):
    visit = make.visit(
        scene.cadre, scene.land.hamlet, duties=[(scene.duty, "ghi nhầm")], promises=[("hỏi lại", None)],
        persons=[(scene.cadre,), (scene.colleague, "absent")],
    )  # fmt: skip
    form = page(client, scene.cadre.user, visit_url(visit, "visit_correct"))
    assert "ghi nhầm" in form and "hỏi lại" in form and 'value="absent" selected' in form
    posted = scene.posted(
        uuid=str(visit.uuid), kind=visit.kind, reason="Nhầm ấp",
        **{f"duty_{scene.duty.pk}": "on", f"note_{scene.duty.pk}": "ghi đúng", "promise0-text": "hỏi lại"},
    )  # fmt: skip
    assert send(client, scene.cadre.user, posted, visit_url(visit, "visit_correct")).status_code == 302
    told = page(client, scene.cadre.user, visit_url(visit))
    assert "ghi đúng" in told and "ghi nhầm" in told and "Nhầm ấp" in told
    assert visit.persons.count() == 1


def test_a_visit_is_withdrawn_with_a_reason_and_leaves_the_list(client, scene):
    visit = make.visit(scene.cadre, scene.land.hamlet)
    assert (
        send(client, scene.cadre.user, {"reason": ""}, visit_url(visit, "visit_withdraw")).status_code == 200
    )
    send(client, scene.cadre.user, {"reason": "Ghi hai lần"}, visit_url(visit, "visit_withdraw"))
    assert "Ghi hai lần" in page(client, scene.cadre.user, visit_url(visit))
    assert str(visit.uuid) not in page(client, scene.cadre.user, LIST)
    assert str(visit.uuid) in page(client, scene.cadre.user, f"{LIST}?state=withdrawn")


def test_a_colleague_reads_but_does_not_correct(client, scene):
    visit = make.visit(scene.cadre, scene.land.groups[0])
    assert visit_url(visit, "visit_correct") not in page(client, scene.colleague.user, visit_url(visit))
    client.force_login(scene.colleague.user)
    assert client.get(visit_url(visit, "visit_correct")).status_code == 302


def test_a_promise_is_marked_as_done(client, scene):
    visit = make.visit(scene.cadre, scene.land.hamlet, promises=[("hỏi lại", None)])
    promise = visit.promises.get()
    send(client, scene.cadre.user, {}, visit_url(visit, "promise_kept", promise.pk))
    promise.refresh_from_db()
    assert promise.kept_on == make.today()


def test_marking_a_promise_of_another_visit_is_refused(client, scene):
    visit = make.visit(scene.cadre, scene.land.hamlet, promises=[("hỏi lại", None)])
    other = make.visit(scene.cadre, scene.land.hamlet)
    client.force_login(scene.cadre.user)
    assert client.post(visit_url(other, "promise_kept", visit.promises.get().pk)).status_code == 404


def test_a_correction_after_a_withdrawal_is_not_offered(client, scene):
    visit = make.visit(scene.cadre, scene.land.hamlet)
    visits.withdraw_visit(visit=visit, reason="Nhầm", by=scene.cadre.user)
    client.force_login(scene.cadre.user)
    assert client.get(visit_url(visit, "visit_correct")).status_code == 404
