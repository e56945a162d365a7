"""The timetable of the demonstration: this year's reporting periods, usual meeting days, and plans of this fortnight.

A plan that nobody kept is one for an invented hamlet of Hương Mỹ.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from assignments.actions.meeting_days import set_meeting_day
from assignments.actions.plan_bulk import PastPlan, record_plans
from assignments.actions.plans import drop_plan, move_plan, plan_visit
from assignments.actions.reporting_periods import open_periods
from assignments.models import Assignment, Cadre, VisitPerson
from assignments.topics import Attendance, VisitKind
from portal.models import Place
from portal.places import by_code
from reports.actions.demo.requests import HAMLET_OF_CANBO
from reports.actions.demo.scene import REFORM, Hamlet, Scene, usual_day, usual_day_of_sector
from reports.actions.demo.this_week import OF_THIS_WEEK, days_ago, groups_of_canbo

KEY = UUID("00000000-0000-4000-8000-000000001000")
# As many days as a visit is entered after its month where nothing is laid down.
DAYS_AFTER = 5
# Hamlets whose cells have not told their usual day, so that something is left to enter.
NOT_TOLD = (11, 20)
KEPT, FORGOTTEN = 8, 2


def lay_down_days(scene: Scene) -> None:
    province = by_code("86", REFORM)
    assert province is not None
    tochuc, xa = scene.accounts["tochuc"], scene.accounts["xa"]
    open_periods(place=province.place, year=scene.today.year, first_day=1, days_after=DAYS_AFTER, by=tochuc)
    for hamlet in scene.home.hamlets:
        if hamlet.cell and hamlet.number not in NOT_TOLD:
            set_meeting_day(org=hamlet.cell, usual=usual_day(hamlet), since=REFORM, by=xa)
    for number, sector in enumerate(scene.home.sectors):
        set_meeting_day(org=sector, usual=usual_day_of_sector(number), since=REFORM, by=xa)


def plan_visits(scene: Scene) -> None:
    hamlet = next(one for one in scene.home.hamlets if one.number == HAMLET_OF_CANBO)
    past = [*_of_canbo(scene, hamlet), *_of_canbotinh(scene), *_kept(scene), *_forgotten(scene)]
    record_plans(plans=past, by=scene.by)
    _to_come(scene, hamlet)


def _of_canbo(scene: Scene, hamlet: Hamlet) -> Iterator[PastPlan]:
    """For the visits that are logged next, and one that slipped."""
    canbo, account = scene.cadres["canbo"], scene.accounts["canbo"]
    groups = groups_of_canbo(scene, hamlet)
    places = [groups[0], hamlet.place, groups[1], groups[-1]]
    slipped = (VisitKind.GROUP_MEETING, 2)
    for number, (place, (kind, ago)) in enumerate(zip(places, [*OF_THIS_WEEK, slipped], strict=True)):
        day = days_ago(scene, ago)
        yield PastPlan(_key(number), day - timedelta(days=4), day, canbo.pk, place, kind, account.pk)


def _of_canbotinh(scene: Scene) -> Iterator[PastPlan]:
    """The newest meeting of the committee: nobody who follows a real commune is given a lapse."""
    meetings = VisitPerson.objects.filter(
        cadre=scene.cadres["canbotinh"],
        visit__kind=VisitKind.COMMITTEE_MEETING,
        attendance=Attendance.ATTENDED,
    )
    newest = meetings.select_related("visit__place").order_by("-visit__day", "-visit").first()
    if newest is not None:
        visit, account = newest.visit, scene.accounts["canbotinh"].pk
        made = visit.day - timedelta(days=7)
        yield PastPlan(
            _key(19), made, visit.day, newest.cadre_id, visit.place, visit.kind, account, visit=visit
        )


def _kept(scene: Scene) -> Iterator[PastPlan]:
    """What others planned and logged lately."""
    hamlets = {hamlet.place.pk for hamlet in scene.home.hamlets}
    groups = {group.pk for hamlet in scene.home.hamlets for group in hamlet.groups}
    rows = VisitPerson.objects.filter(
        visit__place__in=hamlets | groups,
        visit__day__range=(scene.today - timedelta(days=20), scene.today),
        visit__kind__in=[VisitKind.GROUP_MEETING, VisitKind.FIELD_CHECK],
        attendance=Attendance.ATTENDED,
    ).exclude(cadre=scene.cadres["canbo"])
    newest = rows.select_related("visit__place").order_by("-visit__day", "cadre", "visit")
    seen: set[int] = set()
    for row in newest[: KEPT * 4]:
        if row.cadre_id in seen or len(seen) == KEPT:
            continue
        seen.add(row.cadre_id)
        visit = row.visit
        made = visit.day - timedelta(days=5)
        number, xa = 20 + len(seen), scene.accounts["xa"].pk
        yield PastPlan(_key(number), made, visit.day, row.cadre_id, visit.place, visit.kind, xa, visit=visit)


def _forgotten(scene: Scene) -> Iterator[PastPlan]:
    for number, row in enumerate(_others(scene)[:FORGOTTEN]):
        day = scene.today - timedelta(days=2 + number)
        assert row.place is not None
        yield PastPlan(
            _key(40 + number),
            day - timedelta(days=6),
            day,
            row.cadre_id,
            row.place,
            VisitKind.FIELD_CHECK,
            scene.accounts["xa"].pk,
            purpose="Xem tuyến đường liên tổ.",
        )


def _to_come(scene: Scene, hamlet: Hamlet) -> None:
    canbo, today = scene.cadres["canbo"], scene.today
    groups = groups_of_canbo(scene, hamlet)
    coming: list[tuple[Cadre, int, Place, VisitKind, str]] = [
        (canbo, 0, groups[-1], VisitKind.HOUSEHOLD_VISIT, ""),
        (canbo, 1, hamlet.place, VisitKind.FIELD_CHECK, "Xem đoạn đường liên tổ vừa đổ đá."),
        (canbo, 4, groups[0], VisitKind.GROUP_MEETING, "Nghe tổ báo lại việc dọn kênh."),
        (scene.cadres["canbotinh"], 2, scene.home.place, VisitKind.FIELD_CHECK, "Xem tiến độ nạo vét kênh."),
    ]
    for number, row in enumerate(_others(scene)[FORGOTTEN:6]):
        assert row.place is not None
        coming.append((row.cadre, number, row.place, VisitKind.FIELD_CHECK, "Xem tiến độ đèn đường."))
    accounts = {scene.cadres[name].pk: scene.accounts[name] for name in ("canbo", "canbotinh")}
    made = []
    for number, (cadre, days, place, kind, purpose) in enumerate(coming):
        made.append(
            plan_visit(
                uuid=_key(60 + number),
                cadre=cadre,
                day=today + timedelta(days=days),
                place=place,
                kind=kind,
                purpose=purpose,
                by=accounts.get(cadre.pk, scene.accounts["xa"]),
            )
        )
    later = made[-1].day + timedelta(days=2)
    move_plan(plan=made[-1], day=later, reason="Ấp bận họp, dời lại hai ngày.", by=scene.accounts["xa"])
    drop_plan(plan=made[-2], reason="Ấp đã báo làm xong.", by=scene.accounts["xa"])


def _others(scene: Scene) -> list[Assignment]:
    """One hamlet's follower after another, without the cadre who has an account of his own."""
    hamlets = {hamlet.place.pk for hamlet in scene.home.hamlets}
    return [
        row
        for row in scene.assignments
        if row.place_id in hamlets and _holds(row, scene.today) and row.cadre_id != scene.cadres["canbo"].pk
    ]


def _holds(row: Assignment, day: date) -> bool:
    return row.since <= day and row.until is None


def _key(number: int) -> UUID:
    return UUID(int=KEY.int + number)
