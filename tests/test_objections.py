"""What a household may ask of whoever keeps something about it: the slip with everything, objections, corrections."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from assignments.actions import objections as deeds
from assignments.models import Holiday, Objection, Petition, Promise
from assignments.topics import VisitKind
from portal.actions import households
from portal.actions.deed import RuleBroken
from portal.models import AuditEntry
from portal.roles import Role
from tests import make
from tests.visit_scene import Scene, page, send

pytestmark = pytest.mark.django_db
HOME = reverse("reports:home")
HEAD, MARK, DONE = "Nguyễn Mẫu Chủ Hộ", "SUA-SO-NHA-DAU", "DA-SUA-DAU"


@pytest.fixture
def scene():
    found = Scene()
    found.home = found.land.households[0]
    return found


def slip(household):
    return reverse("reports:household_slip", args=[household.uuid])


def home_of(household):
    return reverse("reports:household", args=[household.uuid])


def new(household):
    return reverse("reports:objection_new", args=[household.uuid])


def address(row):
    return reverse("reports:objection", args=[row.uuid])


def recorded(scene, household=None, asked=MARK, day=None, kind="correct"):
    return deeds.record_objection(
        household=household or scene.home, kind=kind, asked=asked, day=day or make.today(), by=scene.staff
    )


def outsiders(scene):
    return [
        scene.leader,
        scene.stranger.user,
        scene.colleague.user,
        make.commune_staff(scene.land.sibling),
        make.person(Role.ORGANISER, scene.land.commune),
        make.person(Role.STEWARD, scene.land.province),
    ]


def asked_for(scene, household, **fields):
    made = make.made(Petition.objects.create)
    return made(
        place=household.place, household=household, consent=True, entered_by=scene.staff, day=make.today(),
        topic="roads", text="VAN-BAN-DAU", province=scene.land.province, **fields,
    )  # fmt: skip


def test_the_slip_tells_all_that_is_kept_of_the_household(client, scene):
    seen = make.visit(
        scene.colleague, scene.land.groups[0], kind=VisitKind.HOUSEHOLD_VISIT, household=scene.home
    )
    make.made(Promise.objects.create)(visit=seen, text="HEN-DAU", due=make.today())
    request = asked_for(scene, scene.home, state="closed", closed_on=make.today())
    others = asked_for(scene, scene.land.households[1])
    households.move_household(
        household=scene.home, place=scene.land.groups[1], on=date(2026, 3, 1), by=scene.staff
    )
    row = recorded(scene)
    deeds.settle_objection(objection=row, outcome=DONE, by=scene.staff)
    shown = page(client, scene.staff, slip(scene.home))
    for kept in (
        scene.home.code,
        f"{seen.day:%d/%m/%Y}",
        str(request),
        "VAN-BAN-DAU",
        "28/02/2026",
        MARK,
        DONE,
        "HEN-DAU",
    ):
        assert kept in shown, kept
    assert str(scene.staff) in shown and str(others) not in shown


def test_the_slip_names_the_head_only_where_the_commune_keeps_it(client, scene):
    clerk = make.clerk()
    households.keep_heads(commune=scene.land.commune, since=make.START, decree=make.decree(), by=clerk)
    households.set_head(household=scene.home, head=HEAD, house_number="", on=make.today(), by=clerk)
    assert HEAD in page(client, scene.staff, slip(scene.home))
    households.stop_keeping_heads(commune=scene.land.commune, on=make.today(), decree=make.decree(), by=clerk)
    assert HEAD not in page(client, scene.staff, slip(scene.home))


def test_every_print_of_the_slip_is_written_down(client, scene):
    page(client, scene.staff, slip(scene.home))
    line = AuditEntry.objects.get(deed="print_household")
    assert (line.by_id, line.row_name, line.place_id) == (
        scene.staff.pk, scene.home.code, scene.home.place_id,
    )  # fmt: skip


def test_nobody_but_the_staff_of_the_commune_opens_the_slip_or_an_objection(client, scene):
    row = recorded(scene)
    for user in outsiders(scene):
        client.force_login(user)
        for url in (slip(scene.home), new(scene.home), address(row)):
            assert client.get(url).status_code in {403, 404}, (user, url)
            assert client.post(url, {"outcome": "x"}).status_code in {403, 404}, (user, url)
        assert MARK not in page(client, user, HOME)
        with pytest.raises(RuleBroken):
            deeds.record_objection(household=scene.home, kind="correct", asked="x", day=make.today(), by=user)
        with pytest.raises(RuleBroken):
            deeds.settle_objection(objection=row, outcome="x", by=user)
    assert not AuditEntry.objects.filter(deed="print_household").exists()


def test_a_cadre_who_sees_the_household_does_not_see_its_objection(client, scene):
    recorded(scene)
    shown = page(client, scene.colleague.user, home_of(scene.home))
    assert scene.home.code in shown
    assert MARK not in shown and slip(scene.home) not in shown and new(scene.home) not in shown


def test_an_objection_is_recorded_from_the_page_of_the_household(client, scene):
    assert new(scene.home) in page(client, scene.staff, home_of(scene.home))
    posted = {"kind": "object", "asked": MARK, "day": make.today().strftime("%d/%m/%Y")}
    response = send(client, scene.staff, posted, new(scene.home))
    row = Objection.objects.get()
    assert response.headers["Location"] == address(row)
    assert (row.household, row.kind, row.asked, row.recorded_by) == (scene.home, "object", MARK, scene.staff)
    line = AuditEntry.objects.get(deed="record_objection")
    assert MARK not in str(line.facts) + line.row_name and line.place_id == scene.home.place_id
    assert send(client, scene.staff, posted, new(scene.home)).status_code == 200
    assert Objection.objects.count() == 1


def test_it_is_due_in_two_working_days_which_days_off_do_not_count(scene):
    friday = date(2026, 3, 6)
    assert recorded(scene, day=friday).due == date(2026, 3, 10)
    make.made(Holiday.objects.create)(day=date(2026, 3, 9), name="Ngày nghỉ mẫu", is_confirmed=True)
    assert recorded(scene, day=friday, asked="lần hai").due == date(2026, 3, 11)


@pytest.mark.parametrize(
    "wrong",
    [{"asked": " "}, {"asked": "079123456789"}, {"day": make.today() + timedelta(days=1)}],
    ids=["nothing", "a number of a person", "a day to come"],
)
def test_it_needs_words_a_day_that_has_come_and_no_number_of_a_person(scene, wrong):
    with pytest.raises(RuleBroken):
        recorded(scene, **wrong)


def test_it_stands_on_the_home_page_of_the_staff_until_done_and_late_ones_are_marked(client, scene):
    row = recorded(scene)
    shown = page(client, scene.staff, HOME)
    assert address(row) in shown and scene.home.code in shown and "gd-tag-late" not in shown
    assert MARK not in shown
    late = recorded(scene, day=make.today() - timedelta(days=10), asked="đã lâu")
    shown = page(client, scene.staff, HOME)
    assert shown.index(address(late)) < shown.index(address(row)) and "gd-tag-late" in shown
    for each in (row, late):
        assert send(client, scene.staff, {"outcome": DONE}, address(each)).status_code == 302
    shown = page(client, scene.staff, HOME)
    assert address(row) not in shown and address(late) not in shown
    assert MARK not in page(client, scene.staff, home_of(scene.home))
    assert DONE in page(client, scene.staff, address(row))


def test_it_is_settled_once(scene):
    row = recorded(scene)
    with pytest.raises(RuleBroken):
        deeds.settle_objection(objection=row, outcome="", by=scene.staff)
    deeds.settle_objection(objection=row, outcome=DONE, by=scene.staff)
    with pytest.raises(RuleBroken):
        deeds.settle_objection(objection=row, outcome="khác", by=scene.staff)
    row.refresh_from_db()
    assert (row.outcome, row.settled_by) == (DONE, scene.staff)


def test_opening_an_objection_is_a_look_at_the_household(client, scene):
    page(client, scene.staff, address(recorded(scene)))
    assert AuditEntry.objects.filter(deed="look_at_household", row_name=scene.home.code).count() == 1


def test_it_goes_with_a_household_that_moves_to_another_commune(client, scene):
    row = recorded(scene)
    other = make.commune_staff(scene.land.sibling)
    households.move_household(
        household=scene.home, place=scene.land.sibling_group, on=make.today(), by=make.clerk()
    )
    client.force_login(scene.staff)
    assert client.get(address(row)).status_code == 404
    assert address(row) not in page(client, scene.staff, HOME)
    assert address(row) in page(client, other, HOME)


@pytest.mark.parametrize("number", [1, 10])
def test_home_asks_as_often_for_ten_as_for_one(client, scene, number, django_assert_max_num_queries):
    for n in range(number):
        recorded(scene, asked=f"{MARK} {n}")
    client.force_login(scene.staff)
    with django_assert_max_num_queries(60):
        assert client.get(HOME).status_code == 200
