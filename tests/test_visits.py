"""Logging, correcting and withdrawing visits: stored once, in the right capacity, within the open period."""

import threading
import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from assignments.actions import visit_bulk, visits
from assignments.models import Duty, ReportingPeriod, Tally, Visit, VisitVersion
from assignments.periods import default_close, entry_closes
from assignments.topics import Attendance, Capacity, Tier, VisitKind, VisitState
from assignments.visit_rules import VisitWords, visit_problems
from portal.actions.deed import RuleBroken, bookkeeping
from portal.models import AuditEntry
from portal.roles import Role
from tests import make

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


def problems(**changes):
    words = {"kind": VisitKind.FIELD_CHECK, "level": "hamlet", "persons": [("attended", "")]} | changes
    day = words.pop("day", TODAY)
    closes = words.pop("closes", date(2026, 12, 5))
    return [str(each) for each in visit_problems(VisitWords(**words), day=day, today=TODAY, closes=closes)]


def test_a_plain_visit_breaks_no_rule():
    assert problems() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"day": TODAY + timedelta(days=1)},
        {"closes": TODAY - timedelta(days=1)},
        {"persons": []},
        {"persons": [("excused", "")]},
        {"persons": [("absent", "leave")]},
        {"purposes": ["Đường"], "level": "commune"},
        {"duties": [(False, "một câu về nội bộ")]},
        {"duties": [(True, "số 079123456789")]},
        {"promises": ["gọi 079123456789"]},
        {"nothing_new": True, "promises": ["hỏi lại"]},
        {"nothing_new": True, "requests": 1},
        {"kind": VisitKind.HOUSEHOLD_VISIT, "duties": [(True, "")]},
        {"kind": VisitKind.HOUSEHOLD_VISIT, "purposes": ["quà"]},
        {"kind": VisitKind.HOUSEHOLD_VISIT, "promises": ["một lời về người trong nhà"]},
        {"kind": VisitKind.HOUSEHOLD_VISIT, "level": "commune"},
    ],
)
def test_a_broken_rule_is_named_once(changes):
    assert len(problems(**changes)) == 1


def test_a_household_visit_keeps_the_day_to_come_back():
    assert problems(kind=VisitKind.HOUSEHOLD_VISIT, promises=[""]) == []


def test_a_month_stays_open_until_the_fifth_of_the_next_where_nothing_is_laid_down():
    assert default_close(date(2026, 10, 31)) == date(2026, 11, 5)
    assert default_close(date(2026, 12, 1)) == date(2027, 1, 5)


def test_the_period_of_the_commune_goes_before_that_of_the_province():
    land = make.land()
    period = bookkeeping("a test")(ReportingPeriod.objects.create)
    bounds = {"since": date(2026, 10, 15), "until": date(2026, 11, 15)}
    period(place=land.province, name="Kỳ tháng 11", closes=date(2026, 11, 17), **bounds)
    lies_in = {"province": land.province.pk, "commune": land.commune.pk, "hamlet": land.hamlet.pk}
    assert entry_closes(lies_in, date(2026, 10, 20)) == date(2026, 11, 17)
    period(place=land.commune, name="Kỳ tháng 11", closes=date(2026, 11, 20), **bounds)
    assert entry_closes(lies_in, date(2026, 10, 20)) == date(2026, 11, 20)
    assert entry_closes(lies_in, date(2026, 11, 15)) == date(2026, 12, 5)


# Capacity -------------------------------------------------------------------------------------------


@pytest.fixture
def land():
    return make.land()


def capacity_of(who, target, **fields):
    person = make.visit(who, target, **fields).persons.get()
    return person.capacity, person.assignment_id is not None


def test_an_assignment_covers_its_place_and_all_above_and_below(land):
    who = make.following_cadre(land.hamlet, land.commune)
    for target in (land.hamlet, land.groups[0], land.commune):
        assert capacity_of(who, target) == (Capacity.ASSIGNED, True)


def test_a_visit_outside_the_assignment_is_taken_as_standing_in(land):
    who = make.following_cadre(land.groups[0], land.commune)
    assert capacity_of(who, land.groups[1]) == (Capacity.STAND_IN, False)
    asked = [(who, Attendance.ATTENDED, "", Capacity.ALONGSIDE)]
    assert capacity_of(who, land.sibling_hamlet, persons=asked) == (Capacity.ALONGSIDE, False)


def test_nobody_is_assigned_by_asking_for_it(land):
    who = make.following_cadre(land.groups[0], land.commune)
    asked = [(who, Attendance.ATTENDED, "", Capacity.ASSIGNED)]
    assert capacity_of(who, land.sibling_hamlet, persons=asked) == (Capacity.STAND_IN, False)


def test_who_follows_a_cell_is_assigned_to_its_hamlet(land):
    who = make.following_cadre(land.cell, land.commune)
    assert capacity_of(who, land.hamlet) == (Capacity.ASSIGNED, True)
    assert capacity_of(who, land.sibling_hamlet) == (Capacity.STAND_IN, False)


def test_the_capacity_is_that_of_the_day(land):
    yesterday = make.today() - timedelta(days=1)
    who = make.following_cadre(land.hamlet, land.commune, until=make.today())
    assert capacity_of(who, land.hamlet, day=yesterday) == (Capacity.ASSIGNED, True)
    assert capacity_of(who, land.hamlet) == (Capacity.STAND_IN, False)


def test_the_tier_is_the_assignments_or_the_posts(land):
    who = make.following_cadre(land.hamlet, land.commune, tier=Tier.DISTRICT)
    assert make.visit(who, land.hamlet).persons.get().tier == Tier.DISTRICT
    other = make.cadre(place=land.province, tier=Tier.PROVINCE)
    assert make.visit(other, land.hamlet).persons.get().tier == Tier.PROVINCE


def test_the_only_cell_of_a_hamlet_is_found_for_a_cell_meeting(land):
    who = make.following_cadre(land.hamlet, land.commune)
    assert make.visit(who, land.hamlet, kind=VisitKind.CELL_MEETING).org == land.cell
    make.org(place=land.hamlet, parent=land.committee)
    assert make.visit(who, land.hamlet, kind=VisitKind.CELL_MEETING).org is None


def test_a_meeting_of_a_cell_takes_place_in_its_hamlet(land):
    who = make.following_cadre(land.cell, land.commune)
    sector = make.org("cell_sector", land.committee)
    assert make.visit(who, None, kind=VisitKind.CELL_MEETING, org=land.cell).place == land.hamlet
    assert make.visit(who, None, kind=VisitKind.CELL_MEETING, org=sector).place == land.commune
    assert make.visit(who, None).place == land.commune


def test_a_place_that_did_not_exist_on_the_day_is_refused(land):
    who = make.following_cadre(land.hamlet, land.commune)
    young = make.place("ap", land.commune, since=make.today() + timedelta(days=1))
    with pytest.raises(RuleBroken):
        make.visit(who, young)


# Stored once ----------------------------------------------------------------------------------------


def test_a_visit_sent_twice_is_stored_and_counted_once(land):
    who = make.following_cadre(land.hamlet, land.commune)
    key = uuid.uuid4()
    first = make.visit(who, land.hamlet, uuid=key, promises=[("hỏi lại", None)])
    second = make.visit(who, land.hamlet, uuid=key, promises=[("hỏi lại", None)])
    assert first == second
    assert Visit.objects.count() == 1 and first.promises.count() == 1
    assert Tally.objects.get().visits == 1
    assert AuditEntry.objects.filter(deed="log_visit").count() == 1


def test_the_visit_of_somebody_else_is_not_handed_out_for_its_uuid(land):
    who = make.following_cadre(land.hamlet, land.commune)
    other = make.following_cadre(land.hamlet, land.commune)
    first = make.visit(who, land.hamlet)
    with pytest.raises(RuleBroken):
        make.visit(other, land.hamlet, uuid=first.uuid)


@pytest.mark.django_db(transaction=True)
def test_a_visit_sent_at_the_same_moment_from_two_sides_is_stored_once():
    land = make.land()
    who = make.following_cadre(land.hamlet, land.commune)
    key, start, stored = uuid.uuid4(), threading.Barrier(4), []

    def send():
        try:
            start.wait()
            stored.append(make.visit(who, land.hamlet, uuid=key).pk)
        finally:
            connection.close()

    senders = [threading.Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert len(stored) == 4 and len(set(stored)) == 1
    assert Tally.objects.get().visits == 1


def test_requests_raised_on_a_visit_are_sent_once(land):
    who = make.following_cadre(land.hamlet, land.commune)
    key = uuid.uuid4()
    asked = [visits.Requested("roads", "Cầu ván đầu ấp hư lan can.")]
    for _ in range(2):
        visit = make.visit(who, land.hamlet, uuid=key, requests=asked)
    petition = visit.petitions.get()
    assert petition.raised_by == who and petition.place == land.hamlet and petition.household is None


def test_a_request_without_consent_goes_up_as_the_groups(land):
    who = make.following_cadre(land.groups[0], land.commune)
    home = land.households[0]
    asked = [
        visits.Requested("water", "Nước sạch."),
        visits.Requested("water", "Đồng hồ nước.", consent=True),
    ]
    visit = make.visit(who, None, kind=VisitKind.HOUSEHOLD_VISIT, household=home, requests=asked)
    assert [each.household for each in visit.petitions.order_by("pk")] == [None, home]
    assert visit.place == land.groups[0]


def test_what_is_refused_leaves_nothing_behind(land):
    who = make.following_cadre(land.hamlet, land.commune)
    asked = [visits.Requested("roads", "Số căn cước 079123456789.")]
    with pytest.raises(RuleBroken):
        make.visit(who, land.hamlet, requests=asked)
    assert not Visit.objects.exists() and not Tally.objects.exists()


# Corrected and withdrawn ------------------------------------------------------------------------------


def corrected(visit, who, by, **changes):
    fields = {"day": visit.day, "kind": visit.kind, "place": visit.place, "persons": [(who,)]} | changes
    return visits.correct_visit(visit=visit, reason="Ghi nhầm", by=by, **fields)


def test_a_correction_keeps_what_was_said_before(land):
    who = make.following_cadre(land.hamlet, land.commune)
    duty = make.duties()[0]
    visit = make.visit(who, land.hamlet, duties=[(duty, "cũ")], promises=[("hỏi lại", None)])
    visits.keep_promise(promise=visit.promises.get(), by=who.user)
    corrected(visit, who, who.user, duties=[(duty, "mới")], promises=[("hỏi lại", None)])
    visit.refresh_from_db()
    assert visit.duties.get().note == "mới"
    assert visit.promises.get().kept_on == make.today()
    version = VisitVersion.objects.get(visit=visit)
    assert version.before["duties"][0]["note"] == "cũ" and version.reason == "Ghi nhầm"


def test_only_the_author_the_communes_staff_and_organisers_correct(land):
    who = make.following_cadre(land.hamlet, land.commune)
    visit = make.visit(who, land.hamlet)
    stranger = make.following_cadre(land.hamlet, land.commune)
    with pytest.raises(RuleBroken):
        corrected(visit, who, stranger.user)
    with pytest.raises(RuleBroken):
        corrected(visit, who, make.commune_staff(land.sibling))
    corrected(visit, who, make.commune_staff(land.commune))
    corrected(visit, who, make.person(Role.ORGANISER, land.province))
    assert visit.versions.count() == 2


def test_after_the_periods_close_only_an_organiser_corrects(land):
    who = make.following_cadre(land.hamlet, land.commune)
    visit = make.visit(who, land.hamlet)
    early = make.today() - timedelta(days=90)
    bookkeeping("a test")(Visit.objects.filter(pk=visit.pk).update)(day=early)
    visit.refresh_from_db()
    with pytest.raises(RuleBroken):
        corrected(visit, who, who.user)
    with pytest.raises(RuleBroken):
        visits.withdraw_visit(visit=visit, reason="Nhầm", by=make.commune_staff(land.commune))
    corrected(visit, who, make.person(Role.ORGANISER, land.province))


def test_a_correction_without_a_reason_is_refused(land):
    who = make.following_cadre(land.hamlet, land.commune)
    visit = make.visit(who, land.hamlet)
    with pytest.raises(RuleBroken):
        visits.correct_visit(
            visit=visit,
            reason=" ",
            day=visit.day,
            kind=visit.kind,
            place=visit.place,
            persons=[(who,)],
            by=who.user,
        )


def test_a_withdrawn_visit_stays_and_is_changed_no_more(land):
    who = make.following_cadre(land.hamlet, land.commune)
    visit = make.visit(who, land.hamlet)
    visits.withdraw_visit(visit=visit, reason="Ghi hai lần", by=who.user)
    visit.refresh_from_db()
    assert visit.state == VisitState.WITHDRAWN and visit.reason == "Ghi hai lần"
    with pytest.raises(RuleBroken):
        corrected(visit, who, who.user)


def test_a_leader_may_correct_what_the_assistant_entered(land):
    leader = make.following_cadre(land.hamlet, land.commune)
    assistant = make.person(Role.ASSISTANT, leader.user)
    visit = make.visit(leader, land.hamlet, by=assistant)
    assert visit.entered_by == assistant
    corrected(visit, leader, leader.user)
    corrected(visit, leader, assistant)


def test_the_audit_book_learns_no_text(land):
    who = make.following_cadre(land.hamlet, land.commune)
    duty = make.duties()[0]
    visit = make.visit(
        who, land.hamlet, duties=[(duty, "lờimẫuriêng")], promises=[("lờimẫuriêng", None)],
        contributions=[("lờimẫuriêng", 1000)], requests=[visits.Requested("roads", "lờimẫuriêng")],
    )  # fmt: skip
    corrected(visit, who, who.user, promises=[("lờimẫuriêng khác", None)])
    visits.keep_promise(promise=visit.promises.get(), by=who.user)
    visits.withdraw_visit(visit=visit, reason="lờimẫuriêng", by=who.user)
    lines = list(AuditEntry.objects.filter(deed__contains="visit"))
    assert len(lines) == 3
    assert not any("lờimẫuriêng" in f"{line.facts}{line.row_name}" for line in AuditEntry.objects.all())


def test_many_visits_are_stored_at_once_with_their_tallies(land):
    who = make.following_cadre(land.hamlet, land.commune)
    duty = Duty.objects.get(pk=make.duties()[0].pk)
    rows = [
        visit_bulk.BulkVisit(
            day=date(2024, 3, 1) + timedelta(days=number),
            kind=VisitKind.CELL_MEETING,
            place_id=land.hamlet.pk,
            persons=[visit_bulk.BulkPerson(who.pk)],
            duties=[(duty.pk, "")],
        )
        for number in range(20)
    ]
    stored = visit_bulk.log_visits_in_bulk(visits=rows, place_ids=[land.hamlet.pk], by=make.clerk())
    assert stored == Visit.objects.count() == 20
    counts = {tally.half: (tally.visits, tally.persons) for tally in Tally.objects.all()}
    assert counts == {date(2024, 3, 1): (14, 14), date(2024, 3, 15): (6, 6)}
    assert Visit.objects.filter(recorded_at__lte=timezone.now(), duties__duty=duty).count() == 20
