"""Reach: what a person may do, and where. Grants of roles (ground floor) together with assignments (this floor).

Reach looks back: it is today's subtree together with all its forebears, so that a grant on today's commune opens what
the communes before it did in 2022. Household rows follow the household's own present place only. Every list, count,
chart and export takes its rows from here; a stranger gets none and answers 404.
"""

from datetime import date
from functools import cached_property
from typing import NamedTuple

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
)
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext

from assignments.covering import followed_by
from assignments.models import (
    Assignment,
    Cadre,
    CadrePost,
    Objection,
    Petition,
    Plan,
    Point,
    UrgentWord,
    Visit,
    VisitPerson,
    VisitPoint,
)
from assignments.models.urgent import passed_up
from assignments.topics import AssignmentRole, PetitionState, Tier, VisitState
from portal.access import grants_of
from portal.levels import Level
from portal.lookup import SYSTEM_USERNAME, agency_forebears
from portal.models import AuditEntry, Grant, Household, ImportRun, PartyOrg, PartyOrgSpan, Place, User
from portal.permissions import Permission
from portal.places import forebears, holding, lies_in, within_any
from portal.roles import Role, permissions_of, roles_with

BEFORE_THE_AGENCY = [
    PetitionState.SUBMITTED,
    PetitionState.RETURNED,
    PetitionState.WITHDRAWN,
    PetitionState.AWAITING,
    PetitionState.OUTSIDE,
    PetitionState.MERGED,
]


# Who is in charge of a place sees the work of those who follow beneath, as the place's own leaders do.
IN_CHARGE_SEES = frozenset({Permission.PLAN_VIEW, Permission.ROSTER_VIEW})


class Notice(NamedTuple):
    """How many things of a kind wait for this person, and where they are listed. Never a text or a name."""

    kind: str
    label: str
    number: int
    url: str


class Reach:
    """One person's reach as of one day. Querysets are lazy; the grants are read once."""

    def __init__(self, user: User, on: date) -> None:
        self.user = user
        self.on = on

    @cached_property
    def grants(self) -> list[Grant]:
        if not self.user.is_authenticated or not self.user.is_active:
            return []
        return list(grants_of(self.user, self.on))

    @cached_property
    def cadre(self) -> Cadre | None:
        if not self.user.is_authenticated or not self.user.is_active:
            return None
        return Cadre.objects.filter(user=self.user).first()

    @cached_property
    def followed(self) -> list[Assignment]:
        """One's own assignments, and those one covers for the time being."""
        if self.cadre is None:
            return []
        return list(followed_by([self.cadre.pk], self.on).order_by("since", "pk"))

    @cached_property
    def own_assignments(self) -> list[Assignment]:
        return [row for row in self.followed if self.cadre and row.cadre_id == self.cadre.pk]

    @cached_property
    def roles(self) -> set[str]:
        roles = {grant.role for grant in self.grants}
        return roles | {Role.CADRE} if self.cadre else roles

    @cached_property
    def permissions(self) -> set[Permission]:
        return permissions_of(self.roles) if self.user.is_authenticated else set()

    @cached_property
    def charged(self) -> set[int]:
        """The places of which one is in charge, covers apart: whoever stands in for some days oversees nobody."""
        return {
            row.place_id
            for row in self.own_assignments
            if row.place_id and row.role == AssignmentRole.IN_CHARGE
        }

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions or (permission in IN_CHARGE_SEES and bool(self.charged))

    # Places -----------------------------------------------------------------------------------------

    def roots(self, permission: Permission) -> set[int]:
        """The places from which a permission reaches down: granted ones, and the assigned ones of a cadre."""
        roles = roles_with(permission)
        found = {grant.place_id for grant in self.grants if grant.role in roles and grant.place_id}
        if Role.CADRE in roles:
            found |= self._assigned_places
        elif permission in IN_CHARGE_SEES:
            found |= self.charged
        return found

    @cached_property
    def _assigned_places(self) -> set[int]:
        places = {row.place_id for row in self.followed if row.place_id}
        orgs = [row.org_id for row in self.followed if row.org_id]
        if orgs:
            seats = PartyOrgSpan.objects.current(self.on).filter(org__in=orgs).exclude(place=None)
            places |= set(seats.values_list("place", flat=True))
        return places

    def place_ids(self, permission: Permission) -> QuerySet:
        """Keys of every place in reach for a permission, forebears included; for use as a subquery."""
        return forebears(within_any(self.roots(permission), self.on), self.on)

    def covers(self, place_id: int, permission: Permission) -> bool:
        roots = self.roots(permission)
        if not roots:
            return False
        return place_id in roots or self.place_ids(permission).filter(old=place_id).exists()

    def living(self, permission: Permission) -> QuerySet:
        """Keys of the places in reach that exist today, without forebears."""
        return within_any(self.roots(permission), self.on)

    def covers_today(self, place_id: int, permission: Permission) -> bool:
        roots = self.roots(permission)
        return place_id in roots or (bool(roots) and lies_in(place_id, roots, self.on))

    # Rows -------------------------------------------------------------------------------------------

    def visits(self) -> QuerySet[Visit]:
        """Visits to places in reach, and one's own wherever they were."""
        rows = Q(pk__in=[])
        if self.may(Permission.VISIT_VIEW):
            rows |= Q(place__in=self.place_ids(Permission.VISIT_VIEW))
        if self.cadre:
            rows |= Q(pk__in=VisitPerson.objects.filter(cadre=self.cadre).values("visit"))
        if leaders := self.leaders:
            rows |= Q(pk__in=VisitPerson.objects.filter(cadre__user__in=leaders).values("visit"))
        return Visit.objects.filter(rows)

    def plans(self) -> QuerySet[Plan]:
        """Those of places in reach, and one's own."""
        rows = Q(cadre__in=self.authors())
        if self.roots(Permission.PLAN_VIEW):
            rows |= Q(place__in=self.place_ids(Permission.PLAN_VIEW))
        return Plan.objects.filter(rows)

    def own_plans(self) -> QuerySet[Plan]:
        """Those of the cadres in whose name this person may log."""
        return Plan.objects.filter(cadre__in=self.authors())

    def petitions(self) -> QuerySet[Petition]:
        """Of places in reach, one's own, and those passed to one's agency; the agency sees no household."""
        rows = Q(pk__in=[])
        if self.roots(Permission.PETITION_VIEW):
            rows |= Q(place__in=self.place_ids(Permission.PETITION_VIEW))
        if self.cadre:
            rows |= Q(raised_by=self.cadre)
        if self.user.is_authenticated:
            rows |= Q(entered_by=self.user)
        if self.agencies:
            rows |= Q(agency__in=self.agencies) & ~Q(state__in=BEFORE_THE_AGENCY)
        return Petition.objects.filter(rows)

    def reading_texts(self, petitions: QuerySet[Petition]) -> QuerySet[Petition]:
        """With `is_readable`: whether the original text is open, or only the copy released to the answering body.

        The original stays with those who raise, accept and follow; whoever only looks on reads the copy.
        """
        rows = Q(entered_by=self.user)
        if self.cadre:
            rows |= Q(raised_by=self.cadre)
        if self.roots(Permission.PETITION_RAISE):
            rows |= Q(place__in=self.place_ids(Permission.PETITION_RAISE))
        return petitions.annotate(is_readable=ExpressionWrapper(rows, output_field=BooleanField()))

    def points(self) -> QuerySet[Point]:
        """Issued for a place in reach or for one above it: whoever goes to a place reads what is to be told there."""
        roots = self.roots(Permission.VISIT_VIEW)
        return Point.objects.filter(
            Q(place__in=self.place_ids(Permission.VISIT_VIEW)) | Q(place__in=holding(roots, self.on))
        )

    def urgent_words(self) -> QuerySet[UrgentWord]:
        """Sent by oneself or to oneself; where nobody is in charge, those to the commune's staff; and what nobody saw
        in time, for whoever is in charge above or else the staff, as long as the place is in reach."""
        if not self.user.is_authenticated or not self.user.is_active:
            return UrgentWord.objects.none()
        rows, late = Q(sent_by=self.user) | Q(reader=self.user), passed_up(timezone.now())
        if self.may(Permission.URGENT_READ):
            for_staff = Q(reader=None) | Q(also_reader=None) & late
            rows |= for_staff & Q(place__in=self.place_ids(Permission.URGENT_READ))
        if self.cadre:
            rows |= Q(also_reader=self.user, place__in=self.place_ids(Permission.VISIT_VIEW)) & late
        return UrgentWord.objects.filter(rows)

    def urgent_to_read(self) -> QuerySet[UrgentWord]:
        return self.urgent_words().filter(seen_at=None).exclude(sent_by=self.user)

    def points_to_tell(self) -> QuerySet[Point]:
        """In force above the hamlets and groups that this person follows, and not told by this person yet."""
        if self.cadre is None:
            return Point.objects.none()
        small = Place.objects.filter(pk__in=self._assigned_places, level__in=[Level.HAMLET, Level.GROUP])
        told = VisitPoint.objects.filter(
            point=OuterRef("pk"), visit__state=VisitState.RECORDED, visit__persons__cadre=self.cadre
        )
        rows = Point.objects.current(self.on).filter(withdrawn_at=None)
        return rows.filter(~Exists(told), place__in=holding(small.values("pk"), self.on))

    @cached_property
    def notices(self) -> list[Notice]:
        """What waits, by kind. On every page: what hangs on places is counted only where there may be some."""
        if not self.user.is_authenticated or not self.user.is_active:
            return []
        replies = UrgentWord.objects.filter(sent_by=self.user, replied_at__isnull=False, reply_seen_at=None)
        urgent = self.urgent_to_read().count() if self._may_have_urgent_words() else 0
        found = [
            (
                "urgent",
                pgettext("notice", "Urgent words"),
                urgent + replies.count(),
                reverse("assignments:urgent_words"),
            ),
            (
                "answers",
                pgettext("notice", "Answers to read"),
                Petition.objects.filter(news_for=self.user).count(),
                f"{reverse('assignments:petitions')}?news=1",
            ),
            (
                "points",
                pgettext("notice", "Points to pass on"),
                self.points_to_tell().count() if self.cadre else 0,
                reverse("assignments:points"),
            ),
        ]
        return [Notice(*each) for each in found if each[2]]

    def _may_have_urgent_words(self) -> bool:
        """Whether one waits to be seen that would be this person's, wherever its place is."""
        readers = Q(reader=self.user) | Q(also_reader=self.user)
        if self.may(Permission.URGENT_READ):
            readers |= Q(reader=None) | Q(also_reader=None)
        return UrgentWord.objects.filter(readers, seen_at=None).exclude(sent_by=self.user).exists()

    @cached_property
    def household_roots(self) -> set[int]:
        granted = self.roots(Permission.HOUSEHOLD_VIEW)
        return granted | {row.place_id for row in self.followed if row.place_id and row.tier == Tier.COMMUNE}

    def households(self) -> QuerySet[Household]:
        """By present place only: commune staff, and cadres of the commune tier in what they follow."""
        return Household.objects.filter(place__in=within_any(self.household_roots, self.on))

    def objections(self) -> QuerySet[Objection]:
        """By the household's present place; for the commune's staff only, never for whoever is objected to."""
        return Objection.objects.filter(household__place__in=self.living(Permission.HOUSEHOLD_EDIT))

    def cadres(self) -> QuerySet[Cadre]:
        """On a roster in reach, or following something in reach."""
        places = self.place_ids(Permission.ROSTER_VIEW)
        rows = Q(pk__in=CadrePost.objects.filter(place__in=places).values("cadre")) | Q(
            pk__in=Assignment.objects.filter(
                Q(place__in=places) | Q(org__in=self.orgs(Permission.ROSTER_VIEW))
            ).values("cadre")
        )
        if self.cadre:
            rows |= Q(pk=self.cadre.pk)
        return Cadre.objects.filter(rows)

    def assignments(self, on: date | None = None) -> QuerySet[Assignment]:
        """Of places and organisations in reach, and one's own; on one day where asked."""
        rows = Q(place__in=self.place_ids(Permission.ROSTER_VIEW)) | Q(
            org__in=self.orgs(Permission.ROSTER_VIEW)
        )
        if self.cadre:
            rows |= Q(cadre=self.cadre)
        found = Assignment.objects.filter(rows)
        return found.current(on) if on else found

    def orgs(self, permission: Permission) -> QuerySet[PartyOrg]:
        """Organisations that sit or sat in reach, those without a seat right below them, and one's own."""
        seated = PartyOrgSpan.objects.filter(place__in=self.place_ids(permission)).values("org")
        roles = roles_with(permission)
        own = [grant.org_id for grant in self.grants if grant.org_id and grant.role in roles]
        return PartyOrg.objects.filter(
            Q(pk__in=seated)
            | Q(pk__in=PartyOrgSpan.objects.filter(place=None, parent__in=seated).values("org"))
            | Q(pk__in=own)
        )

    def imports(self) -> QuerySet[ImportRun]:
        """One's own, and for stewards those within their place."""
        rows = Q(by=self.user)
        if self.may(Permission.SETTINGS):
            rows |= Q(place__in=self.place_ids(Permission.SETTINGS)) & ~Q(kind="households")
        return ImportRun.objects.filter(rows)

    def audit_entries(self) -> QuerySet[AuditEntry]:
        """Lines about places in reach; a log reader of the whole province also reads those about no place."""
        if not self.roots(Permission.AUDIT):
            return AuditEntry.objects.none()
        return AuditEntry.objects.filter(Q(place_id__in=self.place_ids(Permission.AUDIT)) | Q(place_id=None))

    def accounts(self) -> QuerySet[User]:
        """For stewards every account but the portal's own. For commune staff those of the cadres on their roster who
        hold no granted role, since a slip for such an account would hand over more than a cadre may do."""
        if self.may(Permission.ACCOUNTS):
            return User.objects.exclude(username=SYSTEM_USERNAME)
        if not self.may(Permission.SLIPS):
            return User.objects.none()
        rosters = CadrePost.objects.current(self.on).filter(place__in=self.living(Permission.SLIPS))
        holders = Grant.objects.filter(Q(until=None) | Q(until__gt=self.on))
        return User.objects.filter(cadre__in=rosters.values("cadre")).exclude(pk__in=holders.values("user"))

    # Others -----------------------------------------------------------------------------------------

    @cached_property
    def agencies(self) -> set[int]:
        """The bodies for which this person answers, with those whose work they took over."""
        own = [
            grant.agency_id for grant in self.grants if grant.agency_id and grant.role == Role.ANSWERING_BODY
        ]
        return agency_forebears(own, self.on) if own else set()

    @cached_property
    def leaders(self) -> list[int]:
        """Accounts of the leaders for whom this person enters."""
        return [grant.leader_id for grant in self.grants if grant.leader_id and grant.role == Role.ASSISTANT]

    def authors(self) -> QuerySet[Cadre]:
        """The cadres in whose name this person may log: oneself, and one's leaders."""
        own = Q(pk=self.cadre.pk) if self.cadre else Q(pk__in=[])
        return Cadre.objects.filter(own | Q(user__in=self.leaders))


def reach(user: User, on: date) -> Reach:
    return Reach(user, on)
