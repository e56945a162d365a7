"""A dashboard shows only what is in reach, and every number on it opens exactly the list that it counts."""

import re
from datetime import date, timedelta
from html import unescape
from io import BytesIO

import pytest
from django.core.cache import cache
from django.urls import reverse
from openpyxl import load_workbook

from assignments.actions import assigning, petitions
from assignments.topics import Attendance, Capacity, VisitKind
from portal.actions import places as deeds
from portal.actions.deed import bookkeeping
from portal.permissions import Permission
from portal.roles import Role, roles_with
from tests import make

pytestmark = pytest.mark.django_db
TODAY = make.today()
MONTH = f"{TODAY:%Y-%m}"
# A number that is a link: the number and where it leads.
NUMBER = re.compile(r'<a[^>]*href="([^"]+)"[^>]*>([\d.]+)</a>')


@pytest.fixture
def land():
    make.norm()
    return make.land()


@pytest.fixture
def busy(land):
    """Visits of several kinds, with cadres excused, absent and standing in, and recommendations in several states."""
    one, two, other = (
        make.following_cadre(target, land.commune)
        for target in (land.hamlet, land.groups[0], land.sibling_hamlet)
    )
    day = TODAY.replace(day=1)
    for kind, target in [
        (VisitKind.FIELD_CHECK, land.groups[0]),
        (VisitKind.GROUP_MEETING, land.groups[1]),
        (VisitKind.FIELD_CHECK, land.commune),
    ]:
        make.visit(one, target, kind=kind, day=day)
    for attendance, excuse in [
        (Attendance.ATTENDED, ""),
        (Attendance.EXCUSED, "leave"),
        (Attendance.ABSENT, ""),
    ]:
        persons = [(one, Attendance.ATTENDED), (two, attendance, excuse)]
        make.visit(one, land.hamlet, kind=VisitKind.CELL_MEETING, day=day, persons=persons)
    make.visit(one, land.sibling_hamlet, kind=VisitKind.CELL_MEETING, day=day)
    make.visit(other, land.sibling_hamlet, kind=VisitKind.CELL_MEETING, day=day)
    for number, topic in enumerate(["roads", "roads", "water"]):
        place = [land.hamlet, land.groups[0], land.sibling_group][number]
        petitions.raise_petition(place=place, topic=topic, text=f"Cầu mẫu {number}", by=make.clerk())
    overdue = petitions.raise_petition(place=land.hamlet, topic="power", text="Điện mẫu", by=make.clerk())
    late(overdue)
    return land


@bookkeeping("a test")
def late(petition):
    petition.due = TODAY - timedelta(days=3)
    petition.save()


@pytest.fixture
def viewer(land, client):
    account = make.person(Role.VIEWER, land.province)
    client.force_login(account)
    return account


def page(client, place, **asked):
    return client.get(reverse("reports:dashboard", args=[place.pk]), asked)


def doors(response):
    """Every number on the page that is a link to a list, once."""
    found = NUMBER.findall(response.content.decode())
    return {(unescape(url), int(number.replace(".", ""))) for url, number in found}


def rows_behind(client, url):
    """How many rows the list says it has: of cadres where an attendance is asked for."""
    response = client.get(url)
    assert response.status_code == 200, url
    context = response.context
    if "/di-co-so/" in url:
        return context["heads"] if "attendance=" in url else context["number"]
    if "/kien-nghi/" in url:
        return context["page"].paginator.count
    if "/phan-cong/thieu/" in url:
        return context["chosen"].total
    if "/chua-ghi/" in url:
        return context["page"].paginator.count
    raise AssertionError(f"no list known behind {url}")


@pytest.mark.parametrize("shown", ["", "kinds"])
@pytest.mark.parametrize("asked", ["today", "recorded"])
@pytest.mark.parametrize("level", ["province", "commune", "hamlet"])
def test_every_number_opens_exactly_the_list_that_it_counts(busy, viewer, client, level, asked, shown):
    response = page(client, getattr(busy, level), map=asked, show=shown)
    assert response.status_code == 200
    numbers = doors(response) | {
        (tile.url, tile.number) for tile in response.context["board"].tiles if tile.url and tile.number
    }
    assert len(numbers) >= 6
    assert {(url, number) for url, number in numbers if rows_behind(client, url) != number} == set()


def test_the_numbers_of_a_past_year_open_their_lists_too(busy, viewer, client):
    year = TODAY.year - 1
    late_day = date(year, 3, 20)
    who = make.following_cadre(busy.hamlet, busy.commune)
    bookkeeping("a test")(lambda: _move_visit(make.visit(who, busy.hamlet), late_day))()
    response = page(client, busy.commune, period=str(year))
    assert {(url, n) for url, n in doors(response) if rows_behind(client, url) != n} == set()


def _move_visit(visit, day):
    visit.day = day
    visit.save()


def test_the_table_tells_attended_excused_absent_and_owed(busy, viewer, client):
    total = page(client, busy.commune).context["board"].total
    persons = total.amounts.persons
    assert (total.attended, total.excused, total.absent) == (4, 1, 1)
    assert persons[VisitKind.CELL_MEETING, Attendance.ATTENDED, Capacity.STAND_IN] == 0
    whole = page(client, busy.province).context["board"].total
    assert (whole.attended, whole.guests) == (5, 1)
    # Three cadres owe one cell meeting each, once the 15th has come.
    assert whole.owed == (3 if TODAY.day >= 15 else 0)


def test_small_counts_of_single_hamlets_are_not_told(busy, viewer, client):
    response = page(client, busy.commune)
    lines = response.context["lines"]
    assert lines[0].absent.few and not lines[0].absent.url
    # The total would tell it.
    assert response.context["board"].sum.absent.few
    assert "Dưới 5" in response.content.decode()
    # A hamlet's own recommendations by topic are four at most here, so none of them is told.
    topics = page(client, busy.hamlet).context["board"].topics
    assert topics and all(count.few and not count.url for _label, _parts, count, _late in topics)


def test_a_stranger_and_a_neighbour_find_no_dashboard(busy, client):
    client.force_login(make.person(Role.VIEWER, busy.sibling))
    assert page(client, busy.sibling).status_code == 200
    assert page(client, busy.commune).status_code == 404
    assert page(client, busy.province).status_code == 404
    client.force_login(make.person(Role.STEWARD, busy.province))
    assert page(client, busy.province).status_code == 403
    client.logout()
    assert page(client, busy.province).status_code == 302


def test_every_role_with_the_permission_sees_its_own_place(busy, client):
    roles = roles_with(Permission.DASHBOARD) - {Role.CADRE}
    assert len(roles) >= 4
    for role in roles:
        client.force_login(make.person(role, busy.commune))
        assert page(client, busy.commune).status_code == 200
        assert page(client, busy.hamlet).status_code == 200
        assert page(client, busy.province).status_code == 404


def test_a_cadre_sees_the_figures_of_the_places_followed(busy, client):
    who = make.following_cadre(busy.hamlet, busy.commune)
    client.force_login(who.user)
    assert client.get(reverse("reports:overview")).url == reverse("reports:dashboard", args=[busy.hamlet.pk])
    response = page(client, busy.hamlet)
    assert response.status_code == 200
    # The roster is not open to cadres, and so nothing leads there.
    assert "/phan-cong/" not in "".join(url for url, _number in doors(response))
    assert page(client, busy.commune).status_code == 404


def test_the_overview_leads_to_the_highest_place_in_reach(busy, viewer, client):
    assert client.get(reverse("reports:overview")).url == reverse(
        "reports:dashboard", args=[busy.province.pk]
    )
    client.force_login(make.user())
    assert client.get(reverse("reports:overview")).status_code == 403


def test_choosing_another_place_leads_to_its_dashboard_with_the_same_period(busy, viewer, client):
    asked = {"place": busy.commune.pk, "period": str(TODAY.year), "map": "recorded"}
    response = client.get(reverse("reports:dashboard", args=[busy.province.pk]), asked)
    assert response.status_code == 302
    assert response.url.startswith(reverse("reports:dashboard", args=[busy.commune.pk]))
    assert f"period={TODAY.year}" in response.url and "map=recorded" in response.url


@pytest.mark.parametrize("code", ["Q", "H", "9M", "year"])
def test_every_kind_of_period_can_be_asked_for(busy, viewer, client, code):
    year = TODAY.year - 1
    asked = {"Q": f"{year}-Q3", "H": f"{year}-H1", "9M": f"{year}-9M", "year": str(year)}[code]
    period = page(client, busy.province, period=asked).context["period"]
    assert period.code == asked
    names = {"Q": "quý III/", "H": "6 tháng đầu năm ", "9M": "9 tháng đầu năm ", "year": "năm "}
    assert period.name == f"{names[code]}{year}"


def test_own_days_follow_the_half_months_of_the_tallies(busy, viewer, client):
    since, last = date(TODAY.year - 1, 2, 15), date(TODAY.year - 1, 3, 14)
    asked = {"period": "own", "since": f"{since:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}"}
    period = page(client, busy.province, **asked).context["period"]
    assert (period.since, period.until) == (since, last + timedelta(days=1))
    refused = page(client, busy.province, **{**asked, "since": f"16/02/{since.year}"})
    assert "ngày 1 hoặc ngày 15" in refused.content.decode()
    assert refused.context["period"].code == MONTH


def test_an_unreadable_period_is_the_current_month(busy, viewer, client):
    for code in ["2026-13", "x", "9999", "2026-Q5", ""]:
        assert page(client, busy.province, period=code).context["period"].code == MONTH


def test_an_ended_place_is_shown_as_recorded_in_its_last_month(busy, viewer, client):
    new = deeds.NewPlace(code="T9", name="Mẫu Mới", kind="xa", parent=busy.province)
    ended = TODAY.replace(day=1)
    deeds.merge_places(
        olds=[busy.commune, busy.sibling], into=new, on=ended, decree=make.decree(), by=make.clerk()
    )
    response = page(client, busy.commune)
    assert not response.context["frame"].restated
    assert response.context["period"].until == ended


def test_the_workbook_says_period_map_and_reach(busy, viewer, client):
    response = page(client, busy.province, format="xlsx")
    book = load_workbook(BytesIO(b"".join(response.streaming_content)))
    sheet = book.worksheets[0]
    words = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)
    assert f"tháng {TODAY.month}/{TODAY.year}" in words
    assert "Quy đổi theo địa giới ngày" in words and "Phạm vi: Tỉnh Tỉnh Mẫu, theo quyền xem" in words
    board = page(client, busy.province).context["board"]
    assert [row[4].value for row in sheet.iter_rows() if row[1].value == "Tổng cộng"] == [board.total.visits]
    assert len(book.worksheets) == 4


@pytest.mark.parametrize("asked", ["today", "recorded"])
def test_more_units_visits_and_requests_cost_no_more_queries(
    busy, viewer, client, asked, django_assert_max_num_queries
):
    def queries():
        cache.clear()
        with django_assert_max_num_queries(75) as counted:
            assert page(client, busy.province, map=asked).status_code == 200
        return len(counted)

    page(client, busy.province, map=asked)
    few = queries()
    for number in range(3):
        commune = make.place("xa", busy.province)
        for _hamlet in range(3):
            hamlet = make.place("ap", commune)
            who = make.following_cadre(hamlet, commune)
            make.visit(who, hamlet, kind=VisitKind.CELL_MEETING)
            petitions.raise_petition(place=hamlet, topic="work", text=f"Mẫu {number}", by=make.clerk())
    assert queries() == few


def test_what_is_kept_is_counted_again_after_an_assignment(busy, viewer, client):
    def owed():
        return page(client, busy.province, period=f"{TODAY.year - 1}").context["board"].total.owed

    assert owed() == owed() == 36
    staff = make.commune_staff(busy.commune)
    who, since = make.cadre(place=busy.commune), date(TODAY.year - 1, 7, 1)
    assigning.assign(cadre=who, place=busy.hamlet, since=since, by=staff)
    assert owed() == 42


def test_cadres_with_nothing_recorded_are_listed_by_name(busy, viewer, client):
    silent = make.following_cadre(busy.groups[1], busy.commune)
    row = next(row for row in page(client, busy.commune).context["board"].attention if "chua-ghi" in row.url)
    assert (row.number, rows_behind(client, row.url)) == (1, 1)
    assert silent.full_name in client.get(row.url).content.decode()
    client.force_login(make.person(Role.DESK, busy.commune))
    assert client.get(row.url).status_code == 403


def test_a_cadre_is_never_named_on_a_dashboard(busy, viewer, client):
    named = page(client, busy.commune).content.decode()
    assert "Trần Mẫu" not in named
