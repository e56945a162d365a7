"""A meeting attended as a team: stored once for all who were there, whichever of them logs it."""

from django.utils.translation import pgettext

from assignments.actions.visit_rows import Settled
from assignments.models import Team, TeamCell, TeamMember, Visit
from assignments.topics import Attendance, VisitKind, VisitState
from portal.actions.deed import RuleBroken


def hold_team(team: Team | None, settled: Settled, but: Visit | None = None) -> None:
    """Of a team's visit, refuses what is no meeting of the team, and a second entry of one; both wait their turn."""
    if team is None:
        return
    Team.objects.select_for_update().get(pk=team.pk)
    if problem := _problem(team, settled):
        raise RuleBroken(problem)
    alike = Visit.objects.filter(
        team=team, org=settled.org, day=settled.content.day, state=VisitState.RECORDED
    )
    if but is not None:
        alike = alike.exclude(pk=but.pk)
    if alike.exists():
        raise RuleBroken(
            pgettext(
                "team",
                "This meeting is logged for the team already. If somebody is missing there, ask whoever logged it to "
                "correct it.",
            )
        )


def kept_team(visit: Visit, settled: Settled) -> Team | None:
    """The team of a visit that is corrected, as long as what is said now fits it."""
    if visit.team is None or _problem(visit.team, settled):
        return None
    hold_team(visit.team, settled, but=visit)
    return visit.team


def _problem(team: Team, settled: Settled) -> str:
    day = settled.content.day
    if settled.content.kind != VisitKind.CELL_MEETING:
        return pgettext(
            "team", "A team attends cell meetings. Choose that kind of visit, or log it for yourself."
        )
    attends = TeamCell.objects.current(day).filter(team=team, org=settled.org)
    if settled.org is None or not attends.exists():
        return pgettext(
            "team", "On that day the team does not attend this cell. Check day and cell, or log it for yourself."
        )  # fmt: skip
    there = [row.cadre_id for row in settled.persons if row.attendance == Attendance.ATTENDED]
    members = set(
        TeamMember.objects.current(day)
        .filter(team=team, cadre__in=[row.cadre_id for row in settled.persons])
        .values_list("cadre", flat=True)
    )
    if settled.persons[0].cadre_id not in members or not members.intersection(there):
        return pgettext(
            "team", "On that day nobody of the team is said to have attended. Tick who was there."
        )
    return ""
