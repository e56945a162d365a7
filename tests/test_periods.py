"""Reporting periods: their bounds, who lays them down, and that a closed one takes corrections from one role only."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from assignments.actions.reporting_periods import move_closing_day, open_periods
from assignments.actions.visits import correct_visit, withdraw_visit
from assignments.models import PeriodStep, ReportingPeriod, Visit, VisitVersion
from assignments.periods import entry_closes, months_of_year
from portal.actions.deed import RuleBroken
from portal.models import AuditEntry
from portal.roles import Role
from tests import make
from tests.visit_scene import Scene, page, send
from tests.worlds import built_once

LIST = reverse("assignments:periods")
NEW = reverse("assignments:periods_new")
YEARS = st.integers(2011, 2099)


@given(YEARS, st.integers(1, 28))
def test_twelve_months_lie_side_by_side_and_end_in_the_month_of_their_name(year, first_day):
    months = months_of_year(year, first_day)
    assert len(months) == 12
    assert all(one.until == other.since for one, other in zip(months, months[1:], strict=False))
    for number, month in enumerate(months, 1):
        last = month.until - timedelta(days=1)
        assert (last.year, last.month) == (year, number)
        assert 28 <= (month.until - month.since).days <= 31
    assert months[-1].until == months_of_year(year + 1, first_day)[0].since, "two years leave no gap"


@pytest.mark.parametrize("day", [0, 29, 31])
def test_no_month_begins_on_a_day_that_some_month_lacks(day):
    with pytest.raises(ValueError):
        months_of_year(2026, day)


def test_the_14th_closes_the_month_of_state_agencies():
    first, *_others, last = months_of_year(2027, 15)
    assert first == (date(2026, 12, 15), date(2027, 1, 15))
    assert last == (date(2027, 11, 15), date(2027, 12, 15))


# Rows ------------------------------------------------------------------------------------------------


world, scene = built_once("scene", Scene)


def lay_down(place, year=2026, first_day=15, days_after=3, by=None):
    return open_periods(
        place=place, year=year, first_day=first_day, days_after=days_after, by=by or make.clerk()
    )


def in_days(number):
    return make.today() + timedelta(days=number)


def closed_period(place):
    """One that holds today's visits no more: the days before today, closed yesterday."""
    return make.made(ReportingPeriod.objects.create)(
        place=place, name="Kỳ mẫu", since=in_days(-40), until=make.today(), closes=in_days(-1)
    )


def test_the_back_dating_of_a_visit_ends_with_the_period(scene):
    land = scene.land
    lay_down(land.province)
    lies_in = {"province": land.province.pk, "commune": land.commune.pk, "hamlet": land.hamlet.pk}
    assert entry_closes(lies_in, date(2026, 3, 14)) == date(2026, 3, 17)
    assert entry_closes(lies_in, date(2026, 3, 15)) == date(2026, 4, 17)
    lay_down(land.commune, first_day=1, days_after=0)
    assert entry_closes(lies_in, date(2026, 3, 14)) == date(2026, 3, 31)


def test_names_are_stored_in_vietnamese_and_each_period_has_its_first_step(scene):
    rows = lay_down(scene.land.commune)
    assert PeriodStep.objects.filter(deed="opened").count() == 12
    assert len({row.name for row in rows}) == 12 and all("2026" in row.name for row in rows)
    assert AuditEntry.objects.filter(deed="open_periods").count() == 1


def test_periods_of_a_place_do_not_overlap(scene):
    lay_down(scene.land.commune)
    with pytest.raises(RuleBroken):
        lay_down(scene.land.commune, first_day=1)
    with pytest.raises(RuleBroken):
        lay_down(scene.land.commune, year=2025, first_day=20)
    lay_down(scene.land.commune, year=2027)
    assert ReportingPeriod.objects.count() == 24


@pytest.mark.parametrize(
    "changes", [{"first_day": 29}, {"first_day": 0}, {"days_after": -1}, {"days_after": 32}]
)
def test_bounds_beyond_reason_are_refused(scene, changes):
    with pytest.raises(RuleBroken):
        lay_down(scene.land.commune, **changes)
    assert not ReportingPeriod.objects.exists()


def test_a_hamlet_has_no_periods_of_its_own(scene):
    with pytest.raises(RuleBroken):
        lay_down(scene.land.hamlet)


def test_a_period_is_closed_and_opened_again_with_a_reason_and_a_step(scene):
    period = closed_period(scene.land.commune)
    clerk = make.clerk()
    move_closing_day(period=period, closes=in_days(2), reason="bổ sung số liệu", by=clerk)
    make.visit(scene.cadre, scene.land.hamlet, day=in_days(-3))
    move_closing_day(period=period, closes=in_days(-1), reason="đã đủ số liệu", by=clerk)
    with pytest.raises(RuleBroken):
        make.visit(scene.cadre, scene.land.hamlet, day=in_days(-3))
    steps = list(PeriodStep.objects.order_by("pk").values_list("deed", "before", "closes", "reason"))
    assert steps == [
        ("reopened", in_days(-1), in_days(2), "bổ sung số liệu"),
        ("closed", in_days(2), in_days(-1), "đã đủ số liệu"),
    ]
    assert AuditEntry.objects.filter(deed="move_closing_day").count() == 2


@pytest.mark.parametrize(("days", "reason"), [(2, ""), (2, "  "), (-2, "mẫu"), (-1, "mẫu"), (400, "mẫu")])
def test_no_close_without_reason_before_the_end_or_for_ever(scene, days, reason):
    period = closed_period(scene.land.commune)
    with pytest.raises(RuleBroken):
        move_closing_day(period=period, closes=in_days(days), reason=reason, by=make.clerk())
    assert not PeriodStep.objects.exists()


# A closed period --------------------------------------------------------------------------------------


def closed_visit(scene):
    visit = make.visit(scene.cadre, scene.land.hamlet)
    make.made(Visit.objects.filter(pk=visit.pk).update)(day=in_days(-3))
    visit.refresh_from_db()
    closed_period(scene.land.commune)
    return visit


def correction(scene, visit, by, reason="ghi nhầm loại"):
    return correct_visit(
        visit=visit, reason=reason, day=visit.day, kind="dialogue", place=visit.place,
        persons=[(scene.cadre, "attended", "")], by=by,
    )  # fmt: skip


def test_a_closed_period_takes_no_correction_from_cadre_or_commune_staff(scene):
    visit = closed_visit(scene)
    for user in (scene.cadre.user, scene.staff):
        with pytest.raises(RuleBroken):
            correction(scene, visit, user)
        with pytest.raises(RuleBroken):
            withdraw_visit(visit=visit, reason="ghi nhầm", by=user)
    assert not VisitVersion.objects.exists()


def test_a_closed_period_takes_a_correction_from_an_organiser_with_a_reason(scene):
    visit = closed_visit(scene)
    organiser = make.person(Role.ORGANISER, scene.land.commune)
    with pytest.raises(RuleBroken):
        correction(scene, visit, organiser, reason=" ")
    correction(scene, visit, organiser)
    version = VisitVersion.objects.get()
    assert (version.by, version.reason, version.before["kind"]) == (organiser, "ghi nhầm loại", "field")


def test_the_organiser_of_another_commune_corrects_nothing_here(scene):
    visit = closed_visit(scene)
    with pytest.raises(RuleBroken):
        correction(scene, visit, make.person(Role.ORGANISER, scene.land.sibling))


# Pages -----------------------------------------------------------------------------------------------


def year_of(place, **changes):
    return {"place": place.pk, "year": "2026", "first_day": "15", "days_after": "3", **changes}


@pytest.mark.parametrize("anchor", ["province", "commune"])
def test_an_organiser_lays_down_the_year_of_the_own_place(client, scene, anchor):
    organiser = make.person(Role.ORGANISER, getattr(scene.land, anchor))
    assert send(client, organiser, year_of(scene.land.commune), NEW).status_code == 302
    assert ReportingPeriod.objects.filter(place=scene.land.commune).count() == 12
    text = page(client, organiser, f"{LIST}?place={scene.land.commune.pk}")
    assert "15/12/2025" in text and "14/01/2026" in text and "17/01/2026" in text


def test_nobody_lays_down_periods_beside_or_above_the_own_place(client, scene):
    organiser = make.person(Role.ORGANISER, scene.land.commune)
    for place in (scene.land.sibling, scene.land.province):
        assert send(client, organiser, year_of(place), NEW).status_code == 200
    assert not ReportingPeriod.objects.exists()


@pytest.mark.parametrize("role", [Role.VIEWER, Role.COMMUNE_STAFF, Role.STEWARD, Role.DESK])
def test_other_roles_lay_down_no_periods(client, scene, role):
    user = make.person(role, scene.land.commune)
    period = closed_period(scene.land.commune)
    assert send(client, user, year_of(scene.land.commune), NEW).status_code == 403
    url = reverse("reports:closing_day", args=[period.pk])
    posted = {"closes": in_days(3).strftime("%d/%m/%Y"), "reason": "mẫu"}
    assert send(client, user, posted, url).status_code == 403
    period.refresh_from_db()
    assert period.closes == in_days(-1)


def test_the_closing_day_is_changed_on_its_page_within_reach_only(client, scene):
    period = closed_period(scene.land.commune)
    url = reverse("reports:closing_day", args=[period.pk])
    posted = {"closes": in_days(3).strftime("%d/%m/%Y"), "reason": "LÝ-DO-MẪU"}
    far = make.person(Role.ORGANISER, scene.land.sibling)
    assert send(client, far, posted, url).status_code == 404
    own = make.person(Role.ORGANISER, scene.land.commune)
    assert send(client, own, {**posted, "reason": ""}, url).status_code == 200
    assert send(client, own, posted, url).status_code == 302
    shown = reverse("reports:period", args=[period.pk])
    assert "LÝ-DO-MẪU" in page(client, own, shown)
    assert "LÝ-DO-MẪU" in page(client, scene.staff, shown), "who works in the commune reads why"
    client.force_login(far)
    assert client.get(shown).status_code == 404
    assert client.get(LIST, {"place": scene.land.commune.pk}).status_code == 404


def test_the_periods_of_the_province_stand_in_the_list_of_its_communes(client, scene):
    lay_down(scene.land.province)
    text = page(client, scene.staff, LIST)
    assert "14/01/2026" in text
    client.force_login(scene.staff)
    assert client.get(reverse("reports:period", args=[ReportingPeriod.objects.first().pk])).status_code == 404


def test_a_cadre_has_nothing_to_do_with_periods(client, scene):
    client.force_login(scene.cadre.user)
    assert client.get(LIST).status_code == 403
