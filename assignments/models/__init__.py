"""The rows of the middle floor."""

from assignments.models.assignment import Assignment
from assignments.models.cadre import Cadre, CadrePost
from assignments.models.cell_meeting import (
    CellMeeting,
    CellTask,
    MeetingScore,
    MeetingSheet,
    SheetGroup,
    SheetItem,
)
from assignments.models.cover import Cover
from assignments.models.deadline import AnswerNorm, Holiday
from assignments.models.duty import Duty
from assignments.models.fact import FactKind, OrgFact, Term
from assignments.models.kept_device import KeptDevice
from assignments.models.meeting_day import MeetingDay
from assignments.models.notice import Digest, Reminder
from assignments.models.objection import Objection
from assignments.models.period import PeriodStep, ReportingPeriod
from assignments.models.petition import Petition, PetitionStep
from assignments.models.photo import PhotoPolicy, VisitPhoto
from assignments.models.plan import Plan, PlanStep
from assignments.models.point import Point, VisitPoint
from assignments.models.scheme import AssignmentScheme, DutyNorm, Rung
from assignments.models.tally import Tally
from assignments.models.team import Team, TeamCell, TeamMember
from assignments.models.topic_body import TopicBody
from assignments.models.urgent import UrgentWord
from assignments.models.visit import (
    Contribution,
    Promise,
    Visit,
    VisitDuty,
    VisitPerson,
    VisitReturn,
    VisitVersion,
)
from assignments.models.work import DisseminationSession, GoodModel, WorkItem, WorkItemProgress

__all__ = [
    "AnswerNorm",
    "Assignment",
    "AssignmentScheme",
    "Cadre",
    "CadrePost",
    "CellMeeting",
    "CellTask",
    "Contribution",
    "Cover",
    "Digest",
    "DisseminationSession",
    "Duty",
    "DutyNorm",
    "FactKind",
    "GoodModel",
    "Holiday",
    "KeptDevice",
    "MeetingDay",
    "MeetingScore",
    "MeetingSheet",
    "Objection",
    "OrgFact",
    "PeriodStep",
    "Petition",
    "PetitionStep",
    "PhotoPolicy",
    "Plan",
    "PlanStep",
    "Point",
    "Promise",
    "Reminder",
    "ReportingPeriod",
    "Rung",
    "SheetGroup",
    "SheetItem",
    "Tally",
    "Team",
    "TeamCell",
    "TeamMember",
    "Term",
    "TopicBody",
    "UrgentWord",
    "Visit",
    "VisitDuty",
    "VisitPerson",
    "VisitPhoto",
    "VisitPoint",
    "VisitReturn",
    "VisitVersion",
    "WorkItem",
    "WorkItemProgress",
]
