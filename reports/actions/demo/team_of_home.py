"""One invented team: three cadres of the home commune who attend the meetings of three cells together."""

from datetime import date
from uuid import UUID

from assignments.actions.teams import add_member, assign_cells, found_team
from assignments.actions.visits import log_visit
from assignments.models import Cadre
from assignments.periods import open_months
from assignments.topics import Capacity, TeamKind, VisitKind
from assignments.usual_days import day_in_month
from reports.actions.demo.scene import REFORM, Hamlet, Scene, usual_day

MEMBERS, CELLS = 3, 3
KEY = UUID("00000000-0000-4000-8000-0000000000f0")


def set_up_team(scene: Scene) -> None:
    team = found_team(
        kind=TeamKind.ATTENDING,
        name="Tổ công tác dự sinh hoạt chi bộ số 1 (mẫu)",
        place=scene.home.place,
        since=REFORM,
        decree=scene.decree("12-QĐ/ĐU", f"Đảng ủy {scene.home.full_name}", REFORM),
        by=scene.by,
    )
    members = _members(scene)
    for cadre in members:
        add_member(team=team, cadre=cadre, leads=cadre == members[1], since=REFORM, by=scene.by)
    hamlets = _elsewhere(scene, members)
    assign_cells(team=team, cells=[one.cell for one in hamlets if one.cell], since=REFORM, by=scene.by)
    if day := _last_meeting(scene, hamlets[0]):
        log_visit(
            uuid=KEY, day=day, kind=VisitKind.CELL_MEETING, place=hamlets[0].place, org=hamlets[0].cell,
            persons=[(cadre, "attended", "", Capacity.ALONGSIDE) for cadre in members[:2]], nothing_new=True,
            team=team, by=scene.accounts["canbo"],
        )  # fmt: skip


def _elsewhere(scene: Scene, members: list[Cadre]) -> list[Hamlet]:
    """Hamlets with a cell that none of them follows, whose meetings are not theirs anyhow."""
    keys = {cadre.pk for cadre in members}
    followed = {row.place_id for row in scene.assignments if row.cadre_id in keys}
    rows = [one for one in scene.home.hamlets if one.cell]
    return [one for one in rows if not followed & {one.place.pk, *(group.pk for group in one.groups)}][:CELLS]


def _last_meeting(scene: Scene, hamlet: Hamlet) -> date | None:
    """The latest usual day of the cell for which visits are still entered."""
    days = [day_in_month(usual_day(hamlet), month) for month in open_months(scene.today)]
    return max((day for day in days if day <= scene.today), default=None)


def _members(scene: Scene) -> list[Cadre]:
    """The one who signs in first, then colleagues who follow hamlets and groups of the commune."""
    own = scene.cadres["canbo"]
    places = {place.pk for one in scene.home.hamlets for place in (one.place, *one.groups)}
    rows = [row for row in scene.assignments if row.until is None and row.place_id in places]
    colleagues = {row.cadre_id: row.cadre for row in rows if row.cadre_id != own.pk}
    return [own, *list(colleagues.values())[: MEMBERS - 1]]
