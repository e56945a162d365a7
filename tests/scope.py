"""The world of the scope test: who stands where, and which mark each row bears (addresses: scope_addresses.py)."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from assignments.models import (
    Assignment,
    Cadre,
    CadrePost,
    Cover,
    GoodModel,
    MeetingSheet,
    Objection,
    Petition,
    Plan,
    Point,
    Promise,
    ReportingPeriod,
    Team,
    UrgentWord,
    Visit,
    VisitPhoto,
    WorkItem,
)
from portal.actions import places as deeds
from portal.models import (
    Agency,
    AuditEntry,
    Decree,
    Grant,
    Household,
    ImportRun,
    PartyOrg,
    PartyOrgCount,
    Place,
    User,
)
from portal.roles import Role
from reports.models import (
    CadreReview,
    CriteriaSet,
    ExcellenceCap,
    GradingScheme,
    IssuedPaper,
    PaperPack,
    Review,
    Round,
    SetCeiling,
)
from tests import make
from tests.scope_rows import (
    AMOUNTS,
    asked,
    intended,
    issued,
    marked,
    met,
    number_set,
    objected,
    own_year,
    photographed,
    registered,
    reviewed,
    round_of,
    seen,
    stood_in_for,
    teamed,
    to_tell,
    told_of,
    urgently,
)

MERGED = date(2025, 7, 1)
MEMBERS = {"OWN": 4_137, "OLD": 4_259, "SIB": 4_373, "TOP": 4_481}
KINDS = ("person", "account", "household", "head", "text", "copy", "note", "plan", "promise", "support", "amount",
         "members", "file", "point", "urgent", "objection", "review", "discipline", "deducted", "task",
         "figure", "item", "session", "model", "team", "report")  # fmt: skip


@dataclass
class Plot:
    """A subtree with one row of everything in it, each bearing a mark that stands nowhere else."""

    key: str
    place: Place
    small: Place
    cadre: Cadre
    account: User
    assignment: Assignment
    cover: Cover
    post: CadrePost
    visit: Visit
    photo: VisitPhoto
    promise: Promise
    plan: Plan
    period: ReportingPeriod
    petition: Petition
    answered: Petition
    agency: Agency
    org: PartyOrg
    grant: Grant
    run: ImportRun
    round: Round
    set_ceiling: SetCeiling
    cap: ExcellenceCap
    criteria: CriteriaSet
    decree: Decree
    urgent: UrgentWord
    paper: IssuedPaper
    pack: PaperPack
    review: Review
    cadre_review: CadreReview
    work_item: WorkItem
    model: GoodModel
    team: Team
    household: Household | None = None
    duty: Any = None
    sheet: Any = None
    point: Point | None = None
    objection: Objection | None = None

    def mark(self, kind: str) -> list[str]:
        """As it would stand in a page or in a workbook."""
        if kind in {"amount", "members"}:
            number = AMOUNTS[self.key] if kind == "amount" else MEMBERS[self.key]
            return [f"{number:,}".replace(",", "."), f"{number:,}", str(number)]
        return [f"{kind.upper()}-{self.key}-DAU"]


@dataclass
class Actor:
    """`sees` are the kinds of marks that may appear, by plot; everything else must not."""

    user: User
    sees: dict[str, set[str]] = field(default_factory=dict)


@dataclass
class World:
    plots: dict[str, Plot]
    actors: dict[str, Actor]


@make.made
def plot(key: str, place: Place, small: Place, province: Place, duty: Any, day: date,
         ended: date | None = None) -> Plot:  # fmt: skip
    """`small` is where the visit and the request are; a plot that has ended has its people's posts ended with it."""
    account = make.user(f"tk-{key.lower()}", full_name=marked(key, "account"))
    cadre = make.cadre(marked(key, "person"), place=place, account=account)
    CadrePost.objects.filter(cadre=cadre).update(until=ended)
    org = make.org("cell_hamlet", place=small, name=f"Chi bộ {key}")
    # Whoever follows a place is known to all below it; at the top somebody follows the cell there and nothing else.
    assignment = make.assignment(cadre, org if small == province else small, until=ended)
    PartyOrgCount.objects.create(org=org, year=day.year, members=MEMBERS[key], exempt=0, away=0)
    household = None
    if small.level == "group":
        household = make.household(small, marked(key, "household"), province, head=marked(key, "head"))
    visit, promise = seen(key, small, cadre, account, province, duty, day, assignment)
    agency = make.agency(f"Cơ quan {key}", place=place)
    petition = asked(key, small, cadre, account, province, visit, agency, day, household)
    clerk = make.clerk()
    round = round_of(place)
    met(key, org, account)
    return Plot(
        key=key,
        place=place,
        small=small,
        cadre=cadre,
        account=account,
        assignment=assignment,
        cover=stood_in_for(key, assignment, clerk),
        post=CadrePost.objects.get(cadre=cadre),
        visit=visit,
        photo=photographed(visit, account),
        promise=promise,
        plan=intended(key, small, cadre, account),
        period=ReportingPeriod.objects.create(
            place=place, name="Kỳ mẫu", since=date(2019, 1, 1), until=date(2019, 2, 1), closes=date(2019, 2, 5)
        ),
        petition=petition,
        answered=told_of(petition),
        agency=agency,
        org=org,
        grant=make.grant(make.user(full_name=marked(key, "account")), Role.VIEWER, place),
        run=ImportRun.objects.create(
            kind="cadres", place=place, file_name=f"{marked(key, 'file')}.xlsx", sha256="0" * 64, size=1, by=clerk,
            state="applied", started_at=timezone.now(), applied_at=timezone.now(),
            counts={"records": 1, "added": 1},
        ),
        round=round,
        set_ceiling=number_set(key, round, small, account),
        cap=ExcellenceCap.objects.first(),
        criteria=CriteriaSet.objects.first(),
        cadre_review=own_year(key, place, small, cadre),
        review=reviewed(key, round, org, account),
        decree=make.decree(f"{key}-QĐ/ĐU (mẫu)"),
        household=household,
        duty=duty,
        sheet=MeetingSheet.objects.first(),
        urgent=urgently(key, small, account),
        paper=issued(key, place, clerk),
        pack=PaperPack.objects.create(
            round=round, day=day, total=1, state="ready", asked_by=account, asked_at=timezone.now()
        ),
        objection=objected(key, household, account) if household else None,
        work_item=registered(key, org, place, account),
        team=teamed(key, place, org, cadre),
        model=GoodModel.objects.create(
            place=small, sector="party", title=marked(key, "model"), registered=day, entered_by=account
        ),
        point=to_tell(key, place, account) if place != province else None,
    )  # fmt: skip


def world() -> World:
    """A commune formed by a merger (OWN), one of the communes before it (OLD), one beside it (SIB), above it (TOP)."""
    today = make.today()
    province = make.place("province", name="Tỉnh Mẫu")
    olds = [make.place("xa", province) for _number in range(2)]
    hamlet = make.place("ap", olds[0])
    group = make.place("to_ndtq", hamlet, name="1")
    own = deeds.merge_places(
        olds=olds, into=deeds.NewPlace("28981", "Mẫu Mới", "xa", province), on=MERGED, decree=make.decree(),
        by=make.clerk(),
    )  # fmt: skip
    sibling = make.place("xa", province)
    far = make.place("to_ndtq", make.place("ap", sibling), name="1")
    duty = make.duties()[0]
    make.made(MeetingSheet.objects.create)(version="MAU", name="Phiếu mẫu", since=make.START)
    scheme = make.made(GradingScheme.objects.create)(code="MAU", name="Quy định mẫu", first_year=2018)
    make.made(ExcellenceCap.objects.create)(
        scheme=scheme, percent=20, base="all_graded", grouping="superior", rounding="floor"
    )
    make.made(CriteriaSet.objects.create)(scheme=scheme, family="cells", title="Bộ mẫu", first_year=2018)
    before = MERGED - timedelta(days=200)
    plots = {
        "OWN": plot("OWN", own, group, province, duty, today),
        "OLD": plot("OLD", olds[0], olds[0], province, duty, before, MERGED),
        "SIB": plot("SIB", sibling, far, province, duty, today),
        "TOP": plot("TOP", province, province, province, duty, today),
    }
    make.made(_past_deeds)(plots)
    everybody = actors(plots)
    # A run is worked off by whoever began it.
    make.made(ImportRun.objects.filter(pk=plots["OWN"].run.pk).update)(by=everybody["commune_staff"].user)
    return World(plots, everybody)


def _past_deeds(plots: dict[str, Plot]) -> None:
    for each in plots.values():
        AuditEntry.objects.create(
            at=timezone.now(), by_id=each.account.pk, by_name=marked(each.key, "account"), deed="log_visit",
            kind="assignments.cadre", row_id=each.cadre.pk, row_name=marked(each.key, "person"),
            place_id=each.place.pk,
        )  # fmt: skip


MET = {"deducted", "task"}
VISITED = {"note", "promise", "support", "amount", "point"}
ROSTER = {"person", "account", "team"}


def actors(plots: dict[str, Plot]) -> dict[str, Actor]:
    own, sibling = plots["OWN"], plots["SIB"]
    worked = {"figure", "item", "session", "model"}
    looks = {*ROSTER, *VISITED, *worked, "plan", "copy", "members", "file", "review", *MET}
    office = {*ROSTER, "text", "copy", "members"}
    everything, kept = set(KINDS), {"person", "team", "members", "file"}

    def granted(role: str, anchor: Any, kinds: set[str], *keys: str) -> Actor:
        return Actor(make.person(role, anchor), dict.fromkeys(keys, kinds))

    former = make.cadre(account=make.user("da-thoi"))
    make.assignment(former, sibling.small, until=make.today())
    return {
        "viewer": granted(Role.VIEWER, own.place, looks, "OWN", "OLD"),
        "organiser": granted(Role.ORGANISER, own.place, {*looks, "discipline", "report"}, "OWN", "OLD"),
        "desk": granted(Role.DESK, own.place, office, "OWN", "OLD"),
        "commune_staff": granted(
            Role.COMMUNE_STAFF, own.place, everything - {"discipline", "report"}, "OWN", "OLD"
        ),
        "cell_secretary": granted(Role.CELL_SECRETARY, own.org, {"members", "review", "figure", *MET}, "OWN"),
        "cadre": Actor(
            own.account,
            {"OWN": everything - {"head", "file", "objection", "review", "discipline", *worked, *MET}},
        ),
        "assistant": granted(Role.ASSISTANT, own.account, {*ROSTER, *VISITED, "plan"}, "OWN"),
        "answering_body": granted(Role.ANSWERING_BODY, own.agency, {"copy"}, "OWN"),
        "steward": Actor(
            make.person(Role.STEWARD, own.place),
            {key: {"account", *(kept if key in {"OWN", "OLD"} else ())} for key in plots},
        ),
        "log_reader": granted(Role.LOG_READER, own.place, {*ROSTER, "file"}, "OWN", "OLD"),
        "ended": Actor(former.user),
        "nobody": Actor(make.user("khong-vai")),
    }
