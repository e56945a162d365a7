"""A household visit written without a signal: sent without its household, which is chosen on line or left out."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assignments.actions import tallies, visits
from assignments.actions.visit_households import choose_household, leave_out_household
from assignments.models import Petition, Visit
from assignments.topics import VisitKind
from portal.actions.deed import RuleBroken, bookkeeping
from portal.models import AuditEntry, Household
from tests import make
from tests.visit_scene import Scene, page, send
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
SEND = reverse("assignments:offline_send")
ASKED = {"request0-topic": "roads", "request0-text": "Đường vào nhà lầy."}
CONSENT = {**ASKED, "request0-consent": "on"}
WAITS = "Chưa chọn hộ"


class GroupScene(Scene):
    """The cadre follows the hamlet; a household lives in its first group."""

    def __init__(self) -> None:
        super().__init__()
        self.group, self.household = self.land.groups[0], self.land.households[0]

    def phoned(self, client, **fields):
        client.force_login(self.cadre.user)
        wanted = {"place": self.group.pk, "kind": VisitKind.HOUSEHOLD_VISIT.value, **fields}
        answer = client.post(SEND, self.posted(**wanted)).json()
        assert answer["state"] == "sent", answer
        return Visit.objects.get(uuid=answer["url"].rstrip("/").rsplit("/", 1)[1])


world, scene = built_once("scene", GroupScene)


def url(visit, name="visit_household"):
    return reverse(f"assignments:{name}", args=[visit.uuid])


def test_it_is_sent_without_a_household_and_asked_for_on_its_page_and_at_home(client, scene):
    visit = scene.phoned(client, **CONSENT)
    assert visit.household_awaited and visit.household is None and visit.place == scene.group
    told = page(client, scene.cadre.user, url(visit, "visit"))
    assert scene.household.code in told and str(scene.household.uuid) in told
    assert WAITS in page(client, scene.cadre.user, "/")
    for other in (scene.colleague.user, scene.staff):
        assert WAITS not in page(client, other, "/")


def test_with_consent_the_request_is_the_household_s_once_it_is_chosen(client, scene):
    visit = scene.phoned(client, **CONSENT)
    petition = Petition.objects.get()
    assert petition.consent and petition.household is None and petition.place == scene.group
    send(client, scene.cadre.user, {"household": scene.household.uuid}, url(visit))
    petition.refresh_from_db()
    visit.refresh_from_db()
    assert visit.household == petition.household == scene.household and petition.consent
    assert not visit.household_awaited and WAITS not in page(client, scene.cadre.user, "/")
    deed = AuditEntry.objects.get(deed="choose_household")
    assert scene.household.code not in str(vars(deed)) and str(scene.household.uuid) not in str(vars(deed))


def test_without_consent_the_request_stays_the_group_s(client, scene):
    visit = scene.phoned(client, **ASKED)
    send(client, scene.cadre.user, {"household": scene.household.uuid}, url(visit))
    visit.refresh_from_db()
    petition = Petition.objects.get()
    assert visit.household == scene.household
    assert petition.household is None and not petition.consent and petition.place == scene.group


def test_left_out_it_waits_no_more_and_nothing_is_passed_on_as_the_household_s(client, scene):
    visit = scene.phoned(client, **CONSENT)
    send(client, scene.cadre.user, {"none": "1", "household": scene.household.uuid}, url(visit))
    visit.refresh_from_db()
    petition = Petition.objects.get()
    assert visit.household is None and not visit.household_awaited
    assert petition.household is None and not petition.consent
    assert WAITS not in page(client, scene.cadre.user, "/")


def test_a_visit_to_the_hamlet_moves_to_the_group_of_its_household_and_is_counted_there(client, scene):
    visit = scene.phoned(client, place=scene.land.hamlet.pk, **CONSENT)
    choose_household(visit=visit, household=scene.household, by=scene.cadre.user)
    visit.refresh_from_db()
    assert visit.place == Petition.objects.get().place == scene.group
    assert tallies.differences() == []


@pytest.mark.parametrize("asked", ["", "x", str(uuid.UUID(int=3)), "elsewhere"])
def test_only_a_household_of_the_place_is_chosen(client, scene, asked):
    elsewhere = make.household(scene.land.sibling_group)
    visit = scene.phoned(client, **CONSENT)
    posted = {"household": elsewhere.uuid if asked == "elsewhere" else asked}
    assert send(client, scene.cadre.user, posted, url(visit)).status_code == 302
    with pytest.raises(RuleBroken):
        choose_household(visit=visit, household=elsewhere, by=scene.cadre.user)
    visit.refresh_from_db()
    assert visit.household_awaited and elsewhere.code not in page(
        client, scene.cadre.user, url(visit, "visit")
    )


def test_who_may_not_correct_the_visit_neither_sees_the_question_nor_answers_it(client, scene):
    visit = scene.phoned(client, **CONSENT)
    assert send(client, scene.stranger.user, {"none": "1"}, url(visit)).status_code == 404
    assert "ho-nao" not in page(client, scene.leader, url(visit, "visit"))
    send(client, scene.leader, {"household": scene.household.uuid}, url(visit))
    for deed in (leave_out_household, lambda **who: choose_household(household=scene.household, **who)):
        with pytest.raises(RuleBroken):
            deed(visit=visit, by=scene.leader)
    visit.refresh_from_db()
    assert visit.household_awaited and Petition.objects.get().consent


def test_it_is_chosen_once(client, scene):
    visit = scene.phoned(client)
    leave_out_household(visit=visit, by=scene.cadre.user)
    with pytest.raises(RuleBroken):
        choose_household(visit=visit, household=scene.household, by=scene.cadre.user)


def test_where_no_household_is_known_nothing_is_asked(client, scene):
    @bookkeeping("a test lets every household move away")
    def empty():
        Household.objects.update(until=make.today())

    assert not scene.phoned(client, kind=VisitKind.GROUP_MEETING.value).household_awaited
    empty()
    assert not scene.phoned(client, **CONSENT).household_awaited
    assert not Petition.objects.get().consent


@pytest.mark.parametrize("is_told", [True, False])
def test_a_correction_tells_the_household_or_takes_the_kind_back(client, scene, is_told):
    visit = scene.phoned(client, **CONSENT)
    said = {"household": scene.household} if is_told else {}
    kind = VisitKind.HOUSEHOLD_VISIT if is_told else VisitKind.GROUP_MEETING
    visits.correct_visit(
        visit=visit, reason="Bổ sung", day=visit.day, kind=kind, place=scene.group, by=scene.cadre.user,
        persons=[(scene.cadre,)], **said,
    )  # fmt: skip
    visit.refresh_from_db()
    petition = Petition.objects.get()
    assert not visit.household_awaited and petition.consent == is_told
    assert petition.household == (scene.household if is_told else None)


def test_a_correction_without_the_household_leaves_it_to_be_chosen(client, scene):
    visit = scene.phoned(client, **CONSENT)
    visits.correct_visit(
        visit=visit, reason="Sai ngày", day=visit.day, kind=visit.kind, place=scene.group, by=scene.cadre.user,
        persons=[(scene.cadre,)],
    )  # fmt: skip
    visit.refresh_from_db()
    assert visit.household_awaited and Petition.objects.get().consent


def test_withdrawn_it_waits_no_more(client, scene):
    visit = scene.phoned(client, **CONSENT)
    visits.withdraw_visit(visit=visit, reason="Ghi nhầm", by=scene.cadre.user)
    visit.refresh_from_db()
    assert not visit.household_awaited and not Petition.objects.get().consent


def test_sent_twice_it_is_stored_once_and_still_waits_once(client, scene):
    fields = {"uuid": str(uuid.uuid4()), **CONSENT}
    first = scene.phoned(client, **fields)
    assert scene.phoned(client, **fields) == first and Petition.objects.count() == 1


def test_two_visits_of_a_day_and_group_are_told_apart_at_home_by_what_was_asked(client, scene):
    """In the same number of questions for ten as for one, and for nobody else."""

    def sent(text):
        scene.phoned(client, **{**ASKED, "request0-text": text})

    def asked():
        client.get("/")
        with CaptureQueriesContext(connection) as queries:
            told = client.get("/").content.decode()
        return len(queries), re.search(r'id="chua-chon-ho".*?</section>', told, re.DOTALL).group()

    sent("LOI-CAU-VAN hư.")
    client.force_login(scene.cadre.user)
    before, told = asked()
    assert "LOI-CAU-VAN" in told
    for number in range(9):
        sent(f"LOI-SO-{number}.")
    after, told = asked()
    assert "LOI-SO-0" in told and "LOI-SO-8" in told and after == before
    assert "LOI-CAU-VAN" not in page(client, scene.stranger.user, "/")


def test_many_that_wait_leave_room_for_what_is_due(client, scene):
    """Each visit to a household pushed the buttons of the first page further down."""
    for _time in range(5):
        scene.phoned(client, uuid=str(uuid.uuid4()))
    shown = page(client, scene.cadre.user, "/")
    assert shown.count("#ho-nao") == 5
    before, behind = shown.split("Xem các lượt khác")
    assert (before.count("#ho-nao"), behind.count("#ho-nao")) == (3, 2)
