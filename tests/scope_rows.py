"""The rows of the scope test's world, each with its mark: what was seen, asked, planned, met, issued."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from assignments.models import (
    Assignment,
    Cadre,
    CellMeeting,
    CellTask,
    Contribution,
    Cover,
    DisseminationSession,
    FactKind,
    Objection,
    OrgFact,
    Petition,
    PetitionStep,
    Plan,
    Point,
    Promise,
    Team,
    TeamCell,
    TeamMember,
    UrgentWord,
    Visit,
    VisitDuty,
    VisitPerson,
    VisitPhoto,
    WorkItem,
)
from portal.models import (
    Agency,
    Household,
    PartyOrg,
    Place,
    User,
)
from reports.models import (
    CadreReview,
    CadreReviewPlace,
    CadreRound,
    DisqualifyingRule,
    GradingScheme,
    IssuedPaper,
    Review,
    Round,
    RuleApplied,
    SetCeiling,
)
from tests import make

AMOUNTS = {"OWN": 6_413_201, "OLD": 5_927_303, "SIB": 7_854_109, "TOP": 9_316_407}


def marked(key: str, kind: str) -> str:
    return f"{kind.upper()}-{key}-DAU"


def stood_in_for(key: str, assignment: Assignment, clerk: User) -> Cover:
    since = assignment.since
    return Cover.objects.create(
        assignment=assignment, cadre=make.cadre(marked(key, "person")), reason="leave", since=since,
        until=assignment.until or make.today() + timedelta(days=9), entered_by=clerk, entered_at=timezone.now(),
    )  # fmt: skip


def teamed(key: str, place: Place, org: PartyOrg, cadre: Cadre) -> Team:
    """With another member, known to whoever sees the people of the place."""
    team = Team.objects.create(
        kind="attending", name=marked(key, "team"), place=place, since=make.START, decree=None
    )
    TeamMember.objects.create(team=team, cadre=cadre, since=make.START)
    TeamCell.objects.create(team=team, org=org, since=make.START)
    return team


def seen(key: str, small: Place, cadre: Cadre, account: User, province: Place, duty: Any, day: date,
         assignment: Assignment) -> tuple[Visit, Promise]:  # fmt: skip
    visit = Visit.objects.create(
        day=day, kind="field", place=small, recorded_at=timezone.now(), entered_by=account, province=province
    )
    VisitPerson.objects.create(visit=visit, cadre=cadre, assignment=assignment)
    VisitDuty.objects.create(visit=visit, duty=duty, note=marked(key, "note"))
    Contribution.objects.create(visit=visit, purpose=marked(key, "support"), amount=AMOUNTS[key])
    return visit, Promise.objects.create(visit=visit, text=marked(key, "promise"), due=make.today())


def photographed(visit: Visit, account: User) -> VisitPhoto:
    return VisitPhoto.objects.create(
        visit=visit, uuid=uuid4(), content=b"-", width=1, height=1, sha256="0" * 64, added_by=account,
        added_at=timezone.now(), delete_on=date(2100, 1, 1),
    )  # fmt: skip


def issued(key: str, place: Place, clerk: User) -> IssuedPaper:
    return IssuedPaper.objects.create(
        kind="ket-qua",
        title=marked(key, "file"),
        number=f"1-BC/{key}",
        issued_on=date(2026, 1, 2),
        place=place,
        content=marked(key, "file").encode(),
        content_type="application/pdf",
        sha256="0" * 64,
        issued_by=clerk,
        issued_at=timezone.now(),
    )


def met(key: str, org: PartyOrg, account: User) -> None:
    """This month's meeting of the cell, and a task set in it."""
    month = make.today().replace(day=1)
    CellMeeting.objects.create(
        org=org, month=month, day=make.today(), kind="regular", members=20, present=18, excused=1, absent=1, minutes=90,
        points=80, note=marked(key, "deducted"), entered_by=account, entered_at=timezone.now(),
    )  # fmt: skip
    CellTask.objects.create(org=org, month=month, position=1, text=marked(key, "task"))


def registered(key: str, org: PartyOrg, place: Place, account: User) -> WorkItem:
    """Beside it a figure of the organisation and a session it held, all of this year."""
    kind, _made = FactKind.objects.get_or_create(
        code="MAU", defaults={"group": "work", "position": 1, "label": "Số hiệu mẫu", "form": "text",
                              "since": date(2016, 1, 1)},
    )  # fmt: skip
    today, now = make.today(), timezone.now()
    OrgFact.objects.create(
        org=org, kind=kind, year=today.year, text=marked(key, "figure"), entered_by=account, entered_at=now
    )
    DisseminationSession.objects.create(
        org=org, document=marked(key, "session"), day=today, attendees=1, entered_by=account
    )
    return WorkItem.objects.create(
        org=org, year=today.year, sector="party", text=marked(key, "item"), made_by=account, made_at=now
    )


def urgently(key: str, place: Place, account: User) -> UrgentWord:
    return UrgentWord.objects.create(
        place=place,
        what=marked(key, "urgent"),
        where="x",
        needed="y",
        sent_by=account,
        sent_at=timezone.now(),
    )


def objected(key: str, household: Household, account: User) -> Objection:
    return Objection.objects.create(
        household=household, kind="correct", asked=marked(key, "objection"), day=make.today(), due=make.today(),
        recorded_by=account, recorded_at=timezone.now(),
    )  # fmt: skip


def round_of(place: Place) -> Round:
    return Round.objects.create(
        year=2024,
        place=place,
        scheme=GradingScheme.objects.first(),
        opened_by=make.clerk(),
        opened_at=timezone.now(),
    )


def number_set(key: str, round: Round, small: Place, by: User) -> SetCeiling:
    """For the cells under a committee of their own; whoever sees the grades reads its reason."""
    committee = make.org("grassroots_body", place=small, name=f"Đảng bộ {key}")
    make.org("cell_hamlet", parent=committee, place=small, name=f"Chi bộ thuộc {key}")
    return SetCeiling.objects.create(
        round=round, family="cells", superior=committee, number=1, reason=marked(key, "review"),
        decree=make.decree(), by=by, at=timezone.now(),
    )  # fmt: skip


def own_year(key: str, place: Place, small: Place, cadre: Cadre) -> CadreReview:
    """Handed in, so that whoever decides reads it, and the place followed is asked for its opinion."""
    round = CadreRound.objects.create(
        year=2024, place=place, opened_by=make.clerk(), opened_at=timezone.now()
    )
    review = CadreReview.objects.create(
        round=round, cadre=cadre, state="handed_in", results=marked(key, "report"), self_grade="good"
    )
    CadreReviewPlace.objects.create(review=review, place=small)
    return review


def reviewed(key: str, round: Round, org: PartyOrg, account: User) -> Review:
    """Handed in, so that all who may see it read its texts, with a condition about discipline."""
    review = Review.objects.create(
        round=round, org=org, state="assessed", self_grade="good", strengths=marked(key, "review")
    )
    # Of a regulation of its own, so that no form offers it.
    scheme = GradingScheme.objects.create(code=key, name="Quy định mẫu", first_year=2010, last_year=2010)
    rule = DisqualifyingRule.objects.create(
        scheme=scheme,
        code=f"KL-{key}",
        text=marked(key, "discipline"),
        effect="highest",
        is_discipline=True,
    )
    RuleApplied.objects.create(review=review, rule=rule, by=account, at=timezone.now())
    return review


def to_tell(key: str, place: Place, account: User) -> Point:
    return Point.objects.create(
        place=place, text=marked(key, "point"), audience="groups", since=make.today(),
        until=make.today() + timedelta(days=9), issued_by=account, issued_at=timezone.now(),
    )  # fmt: skip


def intended(key: str, small: Place, cadre: Cadre, account: User) -> Plan:
    """Of today, so that every calendar that opens without a day shows it."""
    return Plan.objects.create(
        cadre=cadre, day=make.today(), kind="field", place=small, purpose=marked(key, "plan"), made_by=account
    )


def asked(key: str, small: Place, cadre: Cadre, account: User, province: Place, visit: Visit, agency: Agency,
          day: date, household: Household | None) -> Petition:  # fmt: skip
    petition = Petition.objects.create(
        place=small, raised_by=cadre, entered_by=account, day=day, topic="roads", text=marked(key, "text"),
        released=marked(key, "copy"), agency=agency, due=make.today() - timedelta(days=1),
        state="accepted", province=province,
        visit=visit, household=household, consent=household is not None,
    )  # fmt: skip
    for state in ("submitted", "accepted"):
        body = agency if state == "accepted" else None
        PetitionStep.objects.create(
            petition=petition, at=timezone.now(), by=account, state=state, agency=body
        )
    return petition


def told_of(petition: Petition) -> Petition:
    """Another one like it, with an answer; nobody's visit and nobody's household."""
    fields = ("place", "raised_by", "entered_by", "day", "topic", "text", "released", "agency", "province")
    told = Petition.objects.create(
        **{name: getattr(petition, name) for name in fields}, state="answered", answer="explained",
        answered_on=make.today(),
    )  # fmt: skip
    PetitionStep.objects.create(
        petition=told, at=timezone.now(), by=petition.entered_by, state="answered", answer="explained", text="Đã xem",
        agency=petition.agency,
    )  # fmt: skip
    return told
