"""A province's closed figures tell those of each commune and hamlet too: whole, in one row, and equal to their own."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assignments.actions.visit_rows import Requested
from assignments.actions.visits import withdraw_visit
from assignments.topics import VisitKind
from portal.dates import first_of_month
from portal.roles import Role
from reports.actions.closing import change_closing, freeze_closed
from reports.closed_figures import amounts_of, asked_of, closed_for, take
from reports.models import ClosedFigures
from reports.rollup import Amounts, Asked, Frame, Rollup
from tests import make
from tests.test_closed_figures import MONTH, close, period_of, reopen, url
from tests.visit_scene import Scene, page
from tests.worlds import built_once

UNTIL = first_of_month(make.today())


class Province(Scene):
    """Last month in two communes of a province, with visits, absences, requests and meetings due in both."""

    def __init__(self) -> None:
        super().__init__()
        make.norm()
        self.organiser = make.person(Role.ORGANISER, self.land.province)
        self.period = period_of(self.land.province)
        self.meeting = self.met(self.cadre, self.land.hamlet)
        self.met(self.cadre, self.land.hamlet, attendance="absent", ago=11)
        self.met(self.colleague, self.land.groups[0], VisitKind.FIELD_CHECK)
        self.met(self.cadre, self.land.commune, VisitKind.COMMITTEE_MEETING)
        self.asked = self.met(
            self.stranger, self.land.sibling_hamlet, VisitKind.DIALOGUE,
            requests=[Requested("roads", "Cầu hư."), Requested("water", "Thiếu nước.")],
        )  # fmt: skip

    def met(self, who, where, kind=VisitKind.CELL_MEETING, ago=10, **fields):
        return make.visit(who, where, by=self.organiser, day=MONTH + timedelta(days=ago), kind=kind, **fields)

    @property
    def parts(self):
        land = self.land
        return [land.commune, land.sibling, land.hamlet, land.sibling_hamlet]


world, scene = built_once("scene", Province)


def part(place):
    return closed_for(place, MONTH, UNTIL, make.today())


def live(place):
    return Rollup(Frame(place, MONTH, UNTIL, restated=False, today=make.today()), MONTH)


def told(snapshot):
    asked, amounts = asked_of(snapshot), amounts_of(snapshot)
    return +amounts.visits, +amounts.persons, snapshot["due"], +asked.counts


def counted(amounts, owed, asked):
    return +amounts.visits, +amounts.persons, owed, +asked.counts


def test_each_commune_and_hamlet_has_the_figures_that_its_own_period_would_have(scene):
    figures = close(scene)
    for place in scene.parts:
        rollup, snapshot = live(place), part(place).snapshot
        assert told(snapshot["whole"]) == counted(
            rollup.tallied.whole, rollup.owed.whole, rollup.raised.whole
        ), place
        # A hamlet is told apart in nothing smaller.
        below = (
            {*rollup.tallied.each, *rollup.owed.each, *rollup.raised.each} if rollup.frame.units else set()
        )
        for unit in below:
            own = counted(
                rollup.tallied.each.get(unit, Amounts()),
                rollup.owed.each[unit],
                rollup.raised.each.get(unit, Asked()),
            )
            if any(own):
                assert told(snapshot["units"][str(unit)]) == own, unit
    commune = str(scene.land.commune.pk)
    assert told(part(scene.land.commune).snapshot["whole"]) == told(figures.snapshot["units"][commune])
    assert figures.snapshot["communes"][commune][str(scene.land.hamlet.pk)]["due"] >= 1
    assert ClosedFigures.objects.count() == 1


def test_the_parts_add_up_to_the_province(scene):
    figures = close(scene)
    communes = [told(part(place).snapshot["whole"]) for place in (scene.land.commune, scene.land.sibling)]
    whole = told(figures.snapshot["whole"])
    assert [communes[0][n] + communes[1][n] for n in range(4)] == list(whole)
    assert all(whole)


def test_a_commune_shows_its_part_and_what_has_changed_since(client, scene):
    close(scene)
    withdraw_visit(visit=scene.meeting, reason="trùng", by=scene.organiser)
    staff = make.commune_staff(scene.land.commune)
    address = reverse("reports:dashboard", args=[scene.land.commune.pk])
    client.force_login(staff)
    shown = client.get(f"{address}?period={MONTH:%Y-%m}")
    assert shown.context["board"].total.visits == 4
    assert (4, 3) in [(then, now) for _name, then, now in shown.context["now_rows"]]
    text = shown.content.decode()
    # The differences are those of the province, which this account may not read.
    assert "Tỉnh Mẫu" in text and url(scene) not in text
    assert url(scene) in page(client, scene.organiser, f"{address}?period={MONTH:%Y-%m}")
    hamlet = client.get(f"{reverse('reports:dashboard', args=[scene.land.hamlet.pk])}?period={MONTH:%Y-%m}")
    assert hamlet.context["board"].total.visits == 3


def test_a_place_with_a_period_of_its_own_tells_its_own_or_the_figures_of_now(scene):
    own = period_of(scene.land.commune)
    close(scene)
    assert part(scene.land.commune) is None and part(scene.land.sibling) is not None
    yesterday = make.today() - timedelta(days=1)
    figures = change_closing(period=own, closes=yesterday, reason="đủ", by=scene.organiser)
    assert part(scene.land.commune) == figures
    # Its hamlets are told by the nearest.
    assert part(scene.land.hamlet).period_id == own.pk
    assert part(scene.land.sibling_hamlet).period_id == scene.period.pk


def test_nothing_is_told_of_an_open_period_of_other_bounds_or_of_figures_without_communes(scene):
    assert part(scene.land.commune) is None
    figures = close(scene)
    assert closed_for(scene.land.commune, MONTH, make.today(), make.today()) is None
    assert part(scene.land.groups[0]) is None
    reopen(scene)
    assert part(scene.land.commune) is None
    again = close(scene)
    assert part(scene.land.commune).version == again.version == figures.version + 1
    del again.snapshot["communes"]
    make.made(again.save)()
    assert part(scene.land.commune) is None


def test_many_hamlets_are_kept_with_as_many_questions_as_few(scene):
    def asked():
        take(scene.period, make.today())
        with CaptureQueriesContext(connection) as queries:
            take(scene.period, make.today())
        return len(queries)

    before = asked()
    for number in range(12):
        hamlet = make.place("ap", scene.land.sibling, name=f"Thêm {number}")
        scene.met(make.following_cadre(hamlet, scene.land.sibling), hamlet)
    assert asked() == before
    assert freeze_closed(today=make.today()) == 0
