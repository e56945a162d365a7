"""Closed figures: frozen with the period, shown as closed, and every later difference explained line by line."""

from datetime import date, timedelta
from io import BytesIO
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from assignments.access import reach
from assignments.actions import petitions
from assignments.actions.assigning import end_assignment
from assignments.actions.visits import correct_visit, withdraw_visit
from assignments.models import PetitionStep, ReportingPeriod, Visit
from assignments.topics import PetitionState, VisitKind
from portal.dates import first_of_month, next_month
from portal.models import AuditEntry
from portal.roles import Role
from reports.actions.closing import change_closing, freeze_closed
from reports.closed_figures import digest, take
from reports.later_changes import WHOLE, differences
from reports.models import ClosedFigures
from reports.periods import by_code
from reports.views.paper_contents import board_of
from tests import make
from tests.visit_scene import Scene, page, send
from tests.worlds import built_once

KINDS = st.sampled_from([VisitKind.CELL_MEETING, VisitKind.FIELD_CHECK])
MONTH = next_month(first_of_month(make.today()), -1)


class Closed(Scene):
    """Last month in a commune: two visits of it, and a period that is open until today."""

    def __init__(self) -> None:
        super().__init__()
        make.norm()
        self.organiser = make.person(Role.ORGANISER, self.land.commune)
        self.period = period_of(self.land.commune)
        self.meeting = self.met(VisitKind.CELL_MEETING)
        self.check = self.met(VisitKind.FIELD_CHECK)

    def met(self, kind: str, ago: int = 10, **fields) -> Visit:
        return make.visit(self.cadre, self.land.hamlet, by=self.organiser, day=MONTH + timedelta(days=ago), kind=kind,
                          **fields)  # fmt: skip


def period_of(place, since=MONTH, until=None, closes=None) -> ReportingPeriod:
    return make.made(ReportingPeriod.objects.create)(
        place=place,
        name="Kỳ mẫu",
        since=since,
        until=until or first_of_month(make.today()),
        closes=closes or make.today() + timedelta(days=5),
    )


world, scene = built_once("scene", Closed)


def close(scene, by=None) -> ClosedFigures:
    yesterday = make.today() - timedelta(days=1)
    scene.period.refresh_from_db()
    figures = change_closing(
        period=scene.period, closes=yesterday, reason="đủ số liệu", by=by or scene.organiser
    )
    assert figures is not None
    return figures


def reopen(scene) -> None:
    scene.period.refresh_from_db()
    tomorrow = make.today() + timedelta(days=1)
    change_closing(period=scene.period, closes=tomorrow, reason="bổ sung", by=scene.organiser)


def found(figures):
    return {(one.unit, one.measure): one for one in differences(figures, make.today())}


def corrected(scene, visit, **changes):
    said = {
        "day": visit.day,
        "kind": visit.kind,
        "place": visit.place,
        "persons": [(scene.cadre, "attended", "")],
    }
    correct_visit(visit=visit, reason="ghi nhầm", by=scene.organiser, **{**said, **changes})


def test_closing_freezes_the_figures_in_one_deed(scene):
    figures = close(scene)
    assert figures.version == 1 and figures.by == scene.organiser
    assert figures.sha256 == digest(figures.snapshot)
    assert figures.snapshot["whole"]["visits"] == {VisitKind.CELL_MEETING: 1, VisitKind.FIELD_CHECK: 1}
    assert figures.snapshot["units"][str(scene.land.hamlet.pk)]["visits"]
    assert AuditEntry.objects.filter(deed="freeze_figures").count() == 1
    figures.refresh_from_db()
    assert digest(figures.snapshot) == figures.sha256, "what the database gives back is what was signed"


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from([VisitKind.CELL_MEETING, VisitKind.FIELD_CHECK]), st.integers(0, 26)),
        max_size=3,
    )
)
def test_nothing_differs_where_nothing_was_changed(scene, visits):
    if ClosedFigures.objects.filter(period=scene.period).exists():
        reopen(scene)
    for kind, ago in visits:
        scene.met(kind, ago)
    figures = close(scene)
    assert differences(figures, make.today()) == []
    assert take(scene.period, make.today()) == figures.snapshot


def late(scene):
    scene.met(VisitKind.CELL_MEETING, 12)
    return {"visits": 1, "attended": 1}


def withdrawn(scene):
    withdraw_visit(visit=scene.check, reason="trùng", by=scene.organiser)
    return {"visits": -1}


def absent(scene):
    corrected(scene, scene.meeting, persons=[(scene.cadre, "absent", "")])
    return {"attended": -1, "absent": 1}


def moved_out(scene):
    corrected(scene, scene.meeting, day=first_of_month(make.today()))
    return {"visits": -1, "attended": -1}


def corrected_and_withdrawn(scene):
    corrected(scene, scene.meeting, persons=[(scene.cadre, "absent", "")])
    withdraw_visit(visit=scene.meeting, reason="trùng", by=scene.organiser)
    return {"visits": -1, "attended": -1}


def raised(scene):
    ask(scene)
    return {"raised": 1, "open": 1}


def ended(scene):
    assignment = scene.cadre.assignments.get()
    end_assignment(
        assignment=assignment, until=MONTH + timedelta(days=13), reason="transferred", by=scene.organiser
    )
    return {"due": -1}


def ask(scene):
    return petitions.raise_petition(
        place=scene.land.hamlet, topic="roads", text="Cầu hư CHỮ-KÍN", by=scene.staff, uuid=uuid4(),
        day=MONTH + timedelta(days=11),
    )  # fmt: skip


@pytest.mark.parametrize(
    "change", [late, withdrawn, absent, moved_out, corrected_and_withdrawn, raised, ended]
)
def test_each_kind_of_later_change_is_explained(scene, change):
    figures = close(scene)
    reopen(scene)
    expected = change(scene)
    apart = found(figures)
    whole = {measure: one.number for (unit, measure), one in apart.items() if unit == WHOLE}
    assert whole == expected
    assert {one.rest for one in apart.values()} == {0}
    assert all(one.changes for one in apart.values())
    hamlet = {measure: one.number for (unit, measure), one in apart.items() if unit == scene.land.hamlet.pk}
    assert hamlet == expected


def test_a_recommendation_that_moved_on_is_explained(scene):
    petition = ask(scene)
    figures = close(scene)
    make.made(PetitionStep.objects.create)(
        petition=petition, at=timezone.now(), by=scene.staff, state=PetitionState.WITHDRAWN
    )
    petition.state = PetitionState.WITHDRAWN
    make.made(petition.save)()
    apart = found(figures)
    assert apart[WHOLE, "open"].number == -1 and apart[WHOLE, "set_aside"].number == 1
    assert (WHOLE, "raised") not in apart
    assert {one.rest for one in apart.values()} == {0}


def test_what_nobody_can_explain_is_said(client, scene):
    figures = close(scene)
    make.made(Visit.objects.filter(pk=scene.check.pk).update)(recorded_at=timezone.now() - timedelta(days=90))
    figures.snapshot["whole"]["visits"][VisitKind.FIELD_CHECK] = 5
    make.made(figures.save)()
    one = found(figures)[WHOLE, "visits"]
    assert one.number == -4 and one.rest == -4
    assert "-4: " in page(client, scene.organiser, url(scene))


def url(scene):
    return reverse("reports:differences", args=[scene.period.pk])


def board(scene, **asked):
    address = reverse("reports:dashboard", args=[scene.land.commune.pk])
    return f"{address}?period={MONTH:%Y-%m}" + "".join(f"&{key}={value}" for key, value in asked.items())


def test_the_dashboard_shows_the_closed_figures_and_those_of_now(client, scene):
    close(scene)
    withdraw_visit(visit=scene.check, reason="trùng", by=scene.organiser)
    client.force_login(scene.organiser)
    shown = client.get(board(scene))
    assert shown.context["board"].total.visits == 2
    assert [(then, now) for _name, then, now in shown.context["now_rows"]] == [(2, 1)]
    assert url(scene) in shown.content.decode()
    assert shown.context["filters"]["map"].value() == "recorded", "the form says which map is shown"
    today = client.get(board(scene, map="today"))
    assert today.context["closed"] is None and today.context["board"].total.visits == 1
    other = client.get(board(scene).replace(f"{MONTH:%Y-%m}", f"{make.today():%Y-%m}"))
    assert other.context["closed"] is None


def test_the_report_of_a_closed_period_says_what_was_closed(client, scene):
    close(scene)
    withdraw_visit(visit=scene.check, reason="trùng", by=scene.organiser)
    asked = SimpleNamespace(place_id=scene.land.commune.pk, period=by_code(f"{MONTH:%Y-%m}", make.today()))
    request = SimpleNamespace(reach=reach(scene.organiser, make.today()))
    assert board_of(request, asked).total.visits == 2
    reopen(scene)
    assert board_of(request, asked).total.visits == 1


def test_the_workbook_gives_the_closed_figures_and_says_so(client, scene):
    figures = close(scene)
    withdraw_visit(visit=scene.check, reason="trùng", by=scene.organiser)
    client.force_login(scene.organiser)
    answer = client.get(board(scene, format="xlsx"))
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    cells = [
        str(cell)
        for row in book.worksheets[0].iter_rows(values_only=True)
        for cell in row
        if cell is not None
    ]
    assert any(f"{timezone.localdate(figures.at):%d/%m/%Y}" in cell for cell in cells[:3])
    totals = [row for row in book.worksheets[0].iter_rows(values_only=True) if 2 in row]
    assert totals, "the withdrawn visit still counts"


def test_a_period_closed_again_keeps_both_versions(client, scene):
    first = close(scene)
    reopen(scene)
    client.force_login(scene.organiser)
    assert client.get(board(scene)).context["closed"] is None, "an open period shows the figures of now"
    scene.met(VisitKind.CELL_MEETING, 12)
    second = close(scene)
    assert (first.version, second.version) == (1, 2)
    assert found(second) == {} and found(first)[WHOLE, "visits"].number == 1
    text = page(client, scene.organiser, reverse("reports:period", args=[scene.period.pk]))
    assert "version=1" in text and "version=2" in text
    assert "+1" in page(client, scene.organiser, f"{url(scene)}?version=1")


def test_the_nightly_run_freezes_what_closed_by_its_day_once(scene):
    period = scene.period
    assert freeze_closed(today=make.today()) == 0
    make.made(ReportingPeriod.objects.filter(pk=period.pk).update)(closes=make.today() - timedelta(days=1))
    assert freeze_closed(today=make.today()) == 1
    assert freeze_closed(today=make.today()) == 0
    assert ClosedFigures.objects.get().by is None


def test_a_period_with_bounds_of_its_own_closes_without_figures(client, scene):
    odd = period_of(scene.land.commune, date(2026, 1, 10), date(2026, 2, 10))
    closes = make.today() - timedelta(days=1)
    assert change_closing(period=odd, closes=closes, reason="xong", by=scene.organiser) is None
    odd.refresh_from_db()
    assert odd.closes == closes and not ClosedFigures.objects.exists()
    client.force_login(scene.organiser)
    shown = client.get(reverse("reports:period", args=[odd.pk]))
    assert not shown.context["may_freeze"] and shown.status_code == 200


def test_differences_obey_reach(client, scene):
    close(scene)
    reopen(scene)
    late(scene)
    ask(scene)
    text = page(client, scene.organiser, url(scene))
    assert reverse("assignments:visit", args=[Visit.objects.order_by("pk").last().uuid]) in text
    assert "CHỮ-KÍN" not in text, "the text of a recommendation stands on its own page only"
    desk = page(client, make.person(Role.DESK, scene.land.commune), url(scene))
    assert reverse("assignments:visit", args=[Visit.objects.order_by("pk").last().uuid]) not in desk
    far = make.person(Role.ORGANISER, scene.land.sibling)
    client.force_login(far)
    assert client.get(url(scene)).status_code == 404
    assert client.get(reverse("reports:period", args=[scene.period.pk])).status_code == 404


def test_the_closing_page_freezes(client, scene):
    posted = {"closes": f"{make.today() - timedelta(days=1):%d/%m/%Y}", "reason": "đủ"}
    address = reverse("reports:closing_day", args=[scene.period.pk])
    assert send(client, scene.staff, posted, address).status_code == 403
    assert not ClosedFigures.objects.exists()
    assert send(client, scene.organiser, posted, address).status_code == 302
    assert ClosedFigures.objects.count() == 1


def test_the_period_page_tells_the_meetings_due(client, scene):
    client.force_login(scene.organiser)
    dues = client.get(reverse("reports:period", args=[scene.period.pk])).context["dues"]
    (row,) = dues["rows"]
    assert row["dues"].due >= 1 and row["dues"].attended == 1


def test_the_page_asks_no_more_of_many_changes_than_of_one(client, scene, django_assert_max_num_queries):
    close(scene)
    reopen(scene)
    late(scene)
    client.force_login(scene.organiser)
    client.get(url(scene))
    with django_assert_max_num_queries(60) as one:
        client.get(url(scene))
        asked = len(one)
    for number in range(9):
        scene.met(VisitKind.CELL_MEETING, 1 + number)
    client.get(url(scene))
    with django_assert_max_num_queries(asked):
        client.get(url(scene))
