"""What the demonstration's own cadre has just done, through the same actions that the pages call."""

from datetime import date, timedelta
from uuid import UUID

from assignments.actions.visit_rows import Requested
from assignments.actions.visits import log_visit
from assignments.models import Duty
from assignments.periods import open_months
from assignments.topics import Topic, VisitKind
from portal.models import Place
from reports.actions.demo.requests import HAMLET_OF_CANBO
from reports.actions.demo.scene import Hamlet, Scene
from reports.actions.demo.texts import CONTRIBUTIONS, PROMISES

# Kinds and days ago, as they were planned.
OF_THIS_WEEK = [(VisitKind.GROUP_MEETING, 6), (VisitKind.FIELD_CHECK, 3), (VisitKind.GROUP_MEETING, 1)]
KEY = UUID("00000000-0000-4000-8000-000000000000")


def log_this_week(scene: Scene) -> None:
    hamlet = next(one for one in scene.home.hamlets if one.number == HAMLET_OF_CANBO)
    account, persons = scene.accounts["canbo"], [(scene.cadres["canbo"],)]
    groups = groups_of_canbo(scene, hamlet)
    duties = {duty.code: duty for duty in Duty.objects.current(scene.today)}
    log_visit(
        uuid=_key(1), day=days_ago(scene, 6),
        kind=VisitKind.GROUP_MEETING, place=groups[0], persons=persons, by=account,
        duties=[(duties["NAM-4"], "Bà con đồng ý chọn ngày chủ nhật để dọn kênh.")],
        contributions=[CONTRIBUTIONS[1]], promises=[(PROMISES[2], scene.today + timedelta(days=5))],
    )  # fmt: skip
    log_visit(
        uuid=_key(2), day=days_ago(scene, 3),
        kind=VisitKind.FIELD_CHECK, place=hamlet.place, persons=persons, by=account,
        duties=[(duties["KIEM-1"], "Tuyến đường liên tổ làm được khoảng hai phần ba."), (duties["NAM-3"], "")],
        promises=[(PROMISES[0], scene.today - timedelta(days=1))],
        requests=[
            Requested(
                Topic.ROADS, "Đoạn đầu đường liên tổ cần đổ thêm đá trước mùa mưa.",
                expected=scene.today + timedelta(days=11),
            )
        ],
    )  # fmt: skip
    log_visit(
        uuid=_key(3), day=days_ago(scene, 1),
        kind=VisitKind.GROUP_MEETING, place=groups[1], persons=persons, by=account,
        nothing_new=True,
    )  # fmt: skip


def groups_of_canbo(scene: Scene, hamlet: Hamlet) -> list[Place]:
    canbo = scene.cadres["canbo"].pk
    mine = {row.place_id for row in scene.assignments if row.cadre_id == canbo and row.until is None}
    return [group for group in hamlet.groups if group.pk in mine]


def _key(number: int) -> UUID:
    return UUID(int=KEY.int + number)


def days_ago(scene: Scene, days: int) -> date:
    """Not before the first day for which visits are still entered."""
    return max(scene.today - timedelta(days=days), open_months(scene.today)[0])
