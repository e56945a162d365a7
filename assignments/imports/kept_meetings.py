"""The meetings of cells in a year, as rows of the monthly list: the one of each month that gives it its points."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

from assignments.cell_meetings import BY_WEIGHT, MEETING_KINDS
from assignments.imports.listings import told_by
from assignments.meeting_scores import quality
from assignments.models import CellMeeting
from portal.imports.listings import org_in_scope
from portal.imports.party import Bodies
from portal.imports.scope import Scope
from portal.imports.telling import Telling
from portal.imports.territory import Territory
from portal.permissions import Permission
from portal.vietnamese import sort_key

Row = dict[str, Any]


def meeting_rows(scope: Scope) -> Iterator[Row]:
    """From January up to the day, month after month. Of a meeting without points such a list says nothing."""
    bodies = Bodies(scope, Permission.MEETING_CONFIRM)
    telling = Telling(Territory(scope, Permission.MEETING_CONFIRM))
    for _month, meetings in groupby(_kept(scope.since), lambda meeting: meeting.month):
        rows: dict[int, Row] = {}
        for meeting in meetings:
            body = bodies.on(meeting.org_id, meeting.day)
            if meeting.org_id in rows or body is None or body.kind not in MEETING_KINDS:
                continue
            if org_in_scope(body, bodies, telling, meeting.day):
                name, commune = told_by(body, telling, bodies, meeting.day)
                rows[meeting.org_id] = {"name": name, "commune": commune, **_told(meeting)}
        yield from sorted(rows.values(), key=lambda row: sort_key(row["name"]))
        telling.forget()


def _kept(on: date) -> Iterator[CellMeeting]:
    rows = CellMeeting.objects.filter(month__range=(on.replace(month=1, day=1), on), day__lte=on)
    return rows.exclude(points=None).order_by("month", BY_WEIGHT, "pk").iterator(chunk_size=1000)


def _told(meeting: CellMeeting) -> Row:
    points = f"{meeting.points.normalize():f}".replace(".", ",") if meeting.points is not None else ""
    grade = quality(meeting.points)
    mark = {grade.value: "x"} if grade else {}
    return {"members": meeting.members, "day": meeting.day, "points": points, "note": meeting.note, **mark}
