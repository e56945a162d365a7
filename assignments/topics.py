"""The closed lists of the middle floor: what a visit, an attendance and a recommendation may be."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Tier(TextChoices):
    """From which level a cadre comes."""

    PROVINCE = "province", pgettext_lazy("tier", "Province")
    DISTRICT = "district", pgettext_lazy("tier", "District")
    COMMUNE = "commune", pgettext_lazy("tier", "Commune")


class AssignmentRole(TextChoices):
    IN_CHARGE = "in_charge", pgettext_lazy("assignment", "In charge")
    FOLLOWING = "following", pgettext_lazy("assignment", "Following and supporting")


class TeamKind(TextChoices):
    ATTENDING = "attending", pgettext_lazy("party", "Working team attending cell meetings")
    STEERING = "steering", pgettext_lazy("party", "Steering committee")
    SUPPORT = "support", pgettext_lazy("party", "Support team")


class EndReason(TextChoices):
    """A neutral, closed list: discipline, health and the like are not stored."""

    TRANSFERRED = "transferred", pgettext_lazy("end reason", "Transferred")
    RETIRED = "retired", pgettext_lazy("end reason", "Retired")
    REASSIGNED = "reassigned", pgettext_lazy("end reason", "Reassigned")
    UNIT_CHANGED = "unit_changed", pgettext_lazy("end reason", "Unit rearranged")
    OTHER = "other", pgettext_lazy("end reason", "Other")


class VisitKind(TextChoices):
    COMMITTEE_MEETING = "committee", pgettext_lazy("visit kind", "Committee meeting")
    CELL_MEETING = "cell", pgettext_lazy("visit kind", "Cell meeting")
    GROUP_MEETING = "group", pgettext_lazy("visit kind", "Group meeting")
    HOUSEHOLD_VISIT = "household", pgettext_lazy("visit kind", "Household visit")
    FIELD_CHECK = "field", pgettext_lazy("visit kind", "Field check")
    DIALOGUE = "dialogue", pgettext_lazy("visit kind", "Dialogue with residents")


MEETINGS = [VisitKind.COMMITTEE_MEETING, VisitKind.CELL_MEETING, VisitKind.GROUP_MEETING]


class Attendance(TextChoices):
    ATTENDED = "attended", pgettext_lazy("attendance", "Attended")
    EXCUSED = "excused", pgettext_lazy("attendance", "Excused")
    ABSENT = "absent", pgettext_lazy("attendance", "Absent")


class Excuse(TextChoices):
    """Closed, so that it never becomes a record of health."""

    DUTY = "duty", pgettext_lazy("excuse", "On duty elsewhere")
    LEAVE = "leave", pgettext_lazy("excuse", "On leave")
    STUDY = "study", pgettext_lazy("excuse", "Studying")
    OTHER = "other", pgettext_lazy("excuse", "Another reason")


class Capacity(TextChoices):
    """In what capacity a cadre came: by own assignment, standing in for another, or along with others."""

    ASSIGNED = "assigned", pgettext_lazy("capacity", "Assigned")
    STAND_IN = "stand_in", pgettext_lazy("capacity", "Standing in")
    ALONGSIDE = "alongside", pgettext_lazy("capacity", "Along with others")


class Audience(TextChoices):
    """Where a point is to be told, and so which places are counted: a place with a cell counts once."""

    CELLS = "cells", pgettext_lazy("point", "Cell meetings of the hamlets")
    HAMLETS = "hamlets", pgettext_lazy("point", "Hamlets")
    GROUPS = "groups", pgettext_lazy("point", "Residents’ groups")


class DutyGroup(TextChoices):
    GRASP = "grasp", pgettext_lazy("duty", "4 grasps")
    GIVE = "give", pgettext_lazy("duty", "4 contributions")
    CHECK = "check", pgettext_lazy("duty", "3 checks")


class VisitState(TextChoices):
    RECORDED = "recorded", pgettext_lazy("visit", "Recorded")
    WITHDRAWN = "withdrawn", pgettext_lazy("visit", "Withdrawn")


class PlanState(TextChoices):
    PLANNED = "planned", pgettext_lazy("plan", "Planned")
    DONE = "done", pgettext_lazy("plan", "Logged")
    DROPPED = "dropped", pgettext_lazy("plan", "Dropped")


class PlanDeed(TextChoices):
    """What became of a plan, step by step."""

    MADE = "made", pgettext_lazy("plan", "Planned")
    MOVED = "moved", pgettext_lazy("plan", "Moved to another day")
    DROPPED = "dropped", pgettext_lazy("plan", "Dropped")
    LOGGED = "logged", pgettext_lazy("plan", "Logged")
    RELEASED = "released", pgettext_lazy("plan", "Open again, as the visit no longer stands")


class PeriodDeed(TextChoices):
    """What was done with a reporting period, step by step."""

    OPENED = "opened", pgettext_lazy("period", "Period laid down")
    CLOSED = "closed", pgettext_lazy("period", "Closed")
    REOPENED = "reopened", pgettext_lazy("period", "Opened again")
    MOVED = "moved", pgettext_lazy("period", "Closing day changed")


class Topic(TextChoices):
    """What a recommendation is about (domain: the closed list of needs)."""

    ROADS = "roads", pgettext_lazy("topic", "Roads, bridges")
    POWER = "power", pgettext_lazy("topic", "Electricity")
    WATER = "water", pgettext_lazy("topic", "Water")
    HOUSING = "housing", pgettext_lazy("topic", "Housing")
    WORK = "work", pgettext_lazy("topic", "Work, loans")
    SCHOOL = "school", pgettext_lazy("topic", "Schooling")
    HEALTH = "health", pgettext_lazy("topic", "Health care, health insurance")
    POLICY = "policy", pgettext_lazy("topic", "Policies, allowances")
    PAPERS = "papers", pgettext_lazy("topic", "Administrative procedures")
    ENVIRONMENT = "environment", pgettext_lazy("topic", "Environment")
    LAND = "land", pgettext_lazy("topic", "Land")
    SAFETY = "safety", pgettext_lazy("topic", "Safety")
    OTHER = "other", pgettext_lazy("topic", "Other")


class PetitionState(TextChoices):
    SUBMITTED = "submitted", pgettext_lazy("rec", "Submitted")
    RETURNED = "returned", pgettext_lazy("rec", "Returned for more information")
    ACCEPTED = "accepted", pgettext_lazy("rec", "Accepted")
    ANSWERED = "answered", pgettext_lazy("rec", "Answered")
    CONFIRMED = "confirmed", pgettext_lazy("rec", "Confirmed on site")
    CLOSED = "closed", pgettext_lazy("rec", "Closed")
    WITHDRAWN = "withdrawn", pgettext_lazy("rec", "Withdrawn")
    AWAITING = "awaiting", pgettext_lazy("rec", "Awaiting direction")
    OUTSIDE = "outside", pgettext_lazy("rec", "Out of scope")
    MERGED = "merged", pgettext_lazy("rec", "Merged")


class AnswerClass(TextChoices):
    SOLVED = "solved", pgettext_lazy("rec class", "Solved")
    BEING_SOLVED = "being_solved", pgettext_lazy("rec class", "Being solved")
    EXPLAINED = "explained", pgettext_lazy("rec class", "Explained")
    NOT_SOLVED = "not_solved", pgettext_lazy("rec class", "Not solved")


class ObjectionKind(TextChoices):
    """What a household asks of whoever keeps something about it (practice, P7)."""

    CORRECT = "correct", pgettext_lazy("objection", "Asks for a correction")
    OBJECT = "object", pgettext_lazy("objection", "Objects to what is kept")
