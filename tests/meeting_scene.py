"""A cell that meets: the land of the tests with the quality sheet, and meetings as quickly as a test needs them."""

from django.conf import settings

from assignments import cell_meetings as ask
from assignments.actions import cell_meetings as deeds
from assignments.actions.meeting_sheets import load_meeting_sheets
from assignments.models import MeetingSheet, SheetItem
from tests import make

RULES = settings.HOME / "seeds" / "rules"


def build():
    land = make.land()
    load_meeting_sheets(folder=RULES, by=make.clerk())
    return land


def this_month():
    return make.today().replace(day=1)


def sheet():
    return MeetingSheet.objects.get()


def items(of=None):
    return {line.pk: line for line in SheetItem.objects.filter(group__sheet=of or sheet())}


def facts(**changes):
    day = changes.pop("day", make.today())
    told = {"kind": "regular", "members": 20, "present": 19, "excused": 1, "absent": 0, "minutes": 95}
    return deeds.MeetingFacts(day=day, **{**told, **changes})


def recorded(land, **changes):
    month = changes.pop("month", this_month())
    return deeds.record_meeting(org=land.cell, month=month, facts=facts(**changes), by=make.clerk())


def scored(land, less=0, **changes):
    meeting = recorded(land, **changes)
    groups = ask.groups_of(meeting.sheet)
    points = ask.suggestions(meeting, groups, ask.tasks_before(land.cell.pk, meeting.month))
    points = {key: items()[key].most if given is None else given for key, given in points.items()}
    richest = max(points, key=lambda key: points[key])
    points[richest] -= less
    return deeds.score_meeting(meeting=meeting, points=points, note="Tài liệu gửi muộn", by=make.clerk())
