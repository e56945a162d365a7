"""The demonstration: the published numbers come out of the questions, all else is invented and says so."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Sum
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from assignments.actions.tallies import differences
from assignments.models import (
    Assignment,
    Cadre,
    CadrePost,
    MeetingDay,
    Petition,
    Plan,
    PlanStep,
    Point,
    ReportingPeriod,
    UrgentWord,
    Visit,
    VisitPerson,
)
from assignments.planned import late
from assignments.points import counts
from assignments.topics import Attendance, PetitionState, PlanDeed, PlanState, Tier, VisitKind
from assignments.usual_days import day_in_month
from portal import orgs, places
from portal.demonstration import ACCOUNTS, demo_password
from portal.levels import CELLS, OrgKind
from portal.lookup import AgencyNames
from portal.models import AgencySpan, Household, PartyOrgCount, PartyOrgSpan, Place, PlaceSpan, User
from portal.orgs import OrgNames
from reports.grades import Grade
from reports.models import CadreRound, Evaluation, Round, RoundState

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo")]
THEN, REFORM, NOW = date(2022, 5, 11), date(2025, 7, 1), date(2026, 1, 15)
INVENTED = re.compile(r"\bmẫu\b", re.IGNORECASE)


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        load()
        yield
        transaction.set_rollback(True)


def load(**options) -> str:
    told = StringIO()
    with override_settings(DEMO=True):
        call_command("demo", stdout=told, **options)
    return told.getvalue()


@pytest.fixture
def cam_son() -> Place:
    span = places.by_code("28978", THEN)
    assert span
    return span.place


@pytest.fixture
def huong_my() -> Place:
    span = places.by_code("28981", REFORM)
    assert span
    return span.place


def cells(place: Place, on: date) -> list[PartyOrgSpan]:
    return list(orgs.cells_in([place.pk], on))


def test_cam_son_has_the_hamlets_groups_and_households_of_2022(cam_son):
    assert places.within(cam_son.pk, THEN, "hamlet").count() == 10
    groups = list(places.within(cam_son.pk, THEN, "group"))
    homes = Counter(Household.objects.current(THEN).filter(place__in=groups).values_list("place", flat=True))
    assert len(groups) == len(homes) == 130
    assert sum(homes.values()) == 3552
    assert Counter(homes.values()) == {28: 42, 27: 88}


def test_cam_son_has_the_cells_and_members_of_2022(cam_son):
    kinds = Counter(cell.kind for cell in cells(cam_son, THEN))
    assert kinds == {OrgKind.CELL_HAMLET: 10, OrgKind.CELL_SECTOR: 7}
    counts = PartyOrgCount.objects.filter(org__in=[cell.org_id for cell in cells(cam_son, THEN)], year=2022)
    assert counts.aggregate(Sum("members"), Sum("exempt"), Sum("away")) == {
        "members__sum": 386, "exempt__sum": 50, "away__sum": 20,
    }  # fmt: skip


def test_one_seven_and_forty_one_cadres_follow_cam_son_its_hamlets_and_its_groups(cam_son):
    within = places.within_any([cam_son.pk], THEN)
    rows = Assignment.objects.current(THEN).filter(place__in=within)
    followed: dict[str, set[tuple[int, int]]] = {tier: set() for tier in Tier}
    for tier, cadre, place in rows.values_list("tier", "cadre", "place"):
        followed[tier].add((cadre, place))
    cadres = {tier: len({cadre for cadre, _place in pairs}) for tier, pairs in followed.items()}
    covered = {tier: len({place for _cadre, place in pairs}) for tier, pairs in followed.items()}
    assert cadres == {Tier.PROVINCE: 1, Tier.DISTRICT: 7, Tier.COMMUNE: 41}
    assert covered == {Tier.PROVINCE: 1, Tier.DISTRICT: 10, Tier.COMMUNE: 130}


def test_the_committee_of_cam_son_was_graded_good_for_2021(cam_son):
    graded = Evaluation.objects.get(
        year=2021, org__spans__place=cam_son, org__spans__kind=OrgKind.GRASSROOTS_BODY
    )
    assert graded.grade == Grade.GOOD
    assert "Huyện ủy Mỏ Cày Nam" in graded.decree.issuer


def test_since_july_2025_cam_son_is_part_of_huong_my(cam_son, huong_my):
    assert places.heir_ids(cam_son.pk, REFORM) == [huong_my.pk]
    assert places.span(cam_son.pk, REFORM) is None
    hamlets = set(places.within(cam_son.pk, date(2025, 6, 30), "hamlet"))
    assert hamlets < set(places.within(huong_my.pk, REFORM, "hamlet"))


def test_the_cells_of_huong_my_are_not_those_of_cam_son(cam_son, huong_my):
    before, after = (
        {cell.org_id: cell for cell in found} for found in (cells(cam_son, THEN), cells(huong_my, REFORM))
    )
    assert 30 <= len(after) <= 45
    kept = [cell for key, cell in before.items() if key in after]
    assert {cell.kind for cell in kept} == {OrgKind.CELL_HAMLET}
    assert len(kept) == 10
    superiors = {cell.parent_id for cell in after.values()}
    assert [orgs.span(key, REFORM).kind for key in superiors] == [OrgKind.COMMUNE]


def test_nobody_of_a_district_follows_anything_any_more():
    rows = Assignment.objects.filter(tier=Tier.DISTRICT)
    assert set(rows.values_list("until", "end_reason")) == {(REFORM, "unit_changed")}


def test_every_group_and_hamlet_of_huong_my_has_somebody_but_one(huong_my):
    on = Visit.objects.latest("day").day
    for level, missing in (("hamlet", 1), ("group", 3)):
        wanted = set(places.within(huong_my.pk, on, level).values_list("pk", flat=True))
        followed = set(
            Assignment.objects.current(on).filter(place__in=wanted).values_list("place", flat=True)
        )
        assert len(wanted - followed) == missing


def test_no_household_has_a_name():
    assert not Household.objects.exclude(head="", house_number="").exists()


def test_everybody_and_everything_invented_says_so():
    accounts = User.objects.filter(is_demo=True).values_list("full_name", "phone")
    people = [*Cadre.objects.values_list("full_name", "phone"), *accounts]
    assert people and all(INVENTED.search(name) and phone.startswith("0100") for name, phone in people)
    assert all(INVENTED.search(name) for name in AgencySpan.objects.values_list("name", flat=True))
    assert all(INVENTED.search(name) for name in CadrePost.objects.values_list("workplace", flat=True))
    hamlets = PlaceSpan.objects.filter(place__level="hamlet").values_list("name", flat=True)
    assert hamlets and all(INVENTED.search(name) for name in hamlets)
    names = PartyOrgSpan.objects.filter(kind__in=CELLS).values_list("name", flat=True)
    assert names and all(INVENTED.search(name) for name in names)


def test_only_invented_cells_are_given_a_grade_but_for_the_published_one(cam_son):
    graded = Evaluation.objects.exclude(org__spans__kind__in=CELLS)
    assert [(one.year, one.grade) for one in graded] == [(2021, Grade.GOOD)]
    failed = Evaluation.objects.filter(grade=Grade.FAILED)
    names = OrgNames(failed.values_list("org", flat=True))
    assert failed and all("Ấp Mẫu" in names.on(one.org_id, date(one.year, 12, 31)) for one in failed)


def test_a_late_answer_is_an_invented_bodys_about_an_invented_hamlet():
    today = Petition.objects.latest("day").day
    late = list(Petition.objects.overdue(today))
    bodies, hamlets = AgencyNames(one.agency_id for one in late), places.Names(one.place_id for one in late)
    assert late
    for one in late:
        assert INVENTED.search(bodies.on(one.agency_id, today))
        assert INVENTED.search(hamlets.on(one.place_id, today))


def test_nobody_is_late_or_absent_outside_the_invented_hamlets_of_huong_my(huong_my):
    hamlets = places.within_any([huong_my.pk], NOW)
    lapses = VisitPerson.objects.exclude(attendance=Attendance.ATTENDED)
    assert lapses
    assert not lapses.exclude(visit__place__in=hamlets).exists()
    assert not lapses.filter(visit__place__level="commune").exists()


def test_every_committee_and_cell_elsewhere_has_met_every_month(huong_my):
    """A month without a meeting would be a gap that a real commune never had."""
    today = Visit.objects.latest("day").day
    met = Visit.objects.filter(kind=VisitKind.CELL_MEETING, place__level="hamlet").exclude(
        place__in=places.within_any([huong_my.pk], REFORM)
    )
    months: dict[int, set[tuple[int, int]]] = {}
    for place, day in met.values_list("place", "day"):
        months.setdefault(place, set()).add((day.year, day.month))
    whole = (today.year - 2025) * 12 + today.month - 7
    assert months and min(len(found) for found in months.values()) >= whole


def test_the_calendar_shows_what_is_planned_logged_late_moved_and_dropped():
    today = timezone.localdate()
    canbo = Plan.objects.filter(cadre__user__username="canbo")
    assert canbo.filter(state=PlanState.DONE).exists()
    assert canbo.filter(state=PlanState.PLANNED, day=today).exists()
    assert late(canbo, today).exists()
    assert PlanStep.objects.filter(deed=PlanDeed.MOVED).exists()
    assert Plan.objects.filter(state=PlanState.DROPPED).exists()


def test_a_late_plan_is_one_for_an_invented_hamlet_of_huong_my(huong_my):
    today = timezone.localdate()
    found = late(Plan.objects.all(), today)
    assert found
    assert not found.exclude(place__in=places.within_any([huong_my.pk], today)).exists()
    assert not found.filter(place__level="commune").exists()


def test_cells_of_huong_my_meet_on_their_usual_day(huong_my):
    rows = MeetingDay.objects.select_related("org")
    hamlets = set(places.within(huong_my.pk, NOW, "hamlet").values_list("pk", flat=True))
    named = {row.org_id: row.usual for row in rows}
    found = Visit.objects.filter(
        kind=VisitKind.CELL_MEETING, place__in=hamlets, org__in=named, day__gte=REFORM
    )
    assert found
    assert all(day == day_in_month(named[org], day) for org, day in found.values_list("org", "day"))
    without = [cell for cell in cells(huong_my, NOW) if cell.org_id not in named]
    assert 0 < len(without) < len(named)


def test_a_point_has_been_told_in_some_hamlets_and_is_missing_in_others(huong_my):
    today = timezone.localdate()
    point = Point.objects.get(place=huong_my)
    told = counts([point], Place.objects.values("pk"), today)[point.pk]
    assert 0 < told.reached < told.total


def test_one_urgent_word_waits_and_one_was_answered():
    assert UrgentWord.objects.filter(seen_at=None).count() == 1
    assert UrgentWord.objects.exclude(reply="").count() == 1


def test_two_recommendations_share_an_answer_one_awaits_a_direction_and_one_body_was_reminded_twice():
    joined = Petition.objects.get(state=PetitionState.MERGED)
    assert joined.leader.answer and joined.leader.steps.filter(answer=joined.leader.answer).exists()
    assert Petition.objects.get(state=PetitionState.AWAITING).committee is not None
    reminded = Petition.objects.get(reminders=2)
    assert reminded.is_late(timezone.localdate())
    assert list(reminded.steps.filter(reminder__gt=0).values_list("reminder", flat=True)) == [1, 2]


def test_the_reporting_periods_of_this_year_cover_it_without_a_gap():
    rows = list(ReportingPeriod.objects.order_by("since"))
    assert len(rows) == 12
    assert rows[0].since == date(timezone.localdate().year, 1, 1)
    assert all(before.until == after.since for before, after in pairwise(rows))


@pytest.mark.parametrize(("username", "words"), [
    ("canbo", ["Cống đầu kênh", "Sinh hoạt chi bộ", "Mặn lên sớm"]),
    ("xa", ["Cây đổ chắn đường"]),
    ("coquan", ["Kênh thoát nước chung"]),
    ("canbotinh", ["Xem tiến độ nạo vét kênh", "chờ cho chủ trương"]),
])  # fmt: skip
def test_the_home_pages_tell_of_what_is_due_and_done(client, username, words):
    client.force_login(User.objects.get(username=username))
    page = client.get(reverse("reports:home"), headers={"accept-language": "vi"}).content.decode()
    assert [word for word in words if word.lower() not in page.lower()] == []


def test_the_tallies_agree_with_the_visits():
    assert not differences()


def test_a_round_is_locked_and_this_years_is_open(cam_son, huong_my):
    assert Round.objects.get(year=2021, place=cam_son).state == RoundState.LOCKED
    assert Round.objects.filter(place=huong_my, state=RoundState.OPEN).exists()


@pytest.mark.parametrize("username", [account.username for account in ACCOUNTS])
def test_every_account_of_the_sign_in_page_signs_in_and_finds_its_first_page(client, username):
    user = User.objects.get(username=username, is_demo=True)
    assert user.check_password(demo_password(username))
    client.force_login(user)
    assert client.get(reverse("reports:home")).status_code == 200


def test_loaded_again_it_changes_nothing():
    before = (User.objects.count(), Visit.objects.count())
    told = load()
    assert "already" in told and demo_password("canbo") in told
    assert (User.objects.count(), Visit.objects.count()) == before


def test_without_the_setting_it_is_refused():
    with override_settings(DEMO=False), pytest.raises(CommandError, match="DEMO=1"):
        call_command("demo")


def test_cadres_of_the_yearly_round_are_invented_and_nobody_failed(huong_my):
    round = CadreRound.objects.get(place=huong_my)
    reviews = list(round.reviews.select_related("cadre"))
    assert len(reviews) > 10 and all(INVENTED.search(one.cadre.full_name) for one in reviews)
    assert {one.grade for one in reviews} == {"", "excellent", "good"}
    assert not {one.self_grade for one in reviews} & {"failed"}
    assert {"waiting", "writing", "handed_in", "place", "heard", "decided"} == {one.state for one in reviews}
    own = round.reviews.get(cadre__user__username="canbo")
    assert own.state == "waiting"


def test_the_provincial_organiser_issues_points_for_the_province(client):
    """The sign-in page says so beside the account; the commune's staff issue for the commune only."""
    [account] = [one for one in ACCOUNTS if one.username == "tochuc"]
    assert "points to pass on" in str(account.purpose) or "nội dung cần truyền đạt" in str(account.purpose)
    province = places.by_code("86", timezone.localdate())
    posted = {
        "place": province.place_id, "text": "Triển khai sinh hoạt chuyên đề (mẫu).", "audience": "cells",
        "until": timezone.localdate().strftime("%d/%m/%Y"),
    }  # fmt: skip
    for username, may in [("xa", False), ("tinh", False), ("tochuc", True)]:
        client.force_login(User.objects.get(username=username))
        page = client.get(reverse("assignments:point_new"))
        offered = f'<option value="{province.place_id}"' in page.content.decode()
        assert offered == may, username
        sent = client.post(reverse("assignments:point_new"), posted)
        assert (sent.status_code == 302) == may, username
    assert Point.objects.filter(place=province.place, issued_by__username="tochuc").count() == 2
