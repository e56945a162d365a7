"""Logging a visit: through the page, through the action, and beside them the bare rows and a view that asks nothing."""

from collections.abc import Iterator
from uuid import uuid4

from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from assignments.actions import tallies
from assignments.actions.visits import log_visit
from assignments.models import Assignment, Cadre, Duty, Visit, VisitDuty, VisitPerson
from assignments.topics import VisitKind
from portal import audit
from portal.actions.deed import action
from portal.models import Place, User
from portal.places import Lines
from tests.bench import bare, ground
from tests.bench.measure import Figure, measure

VISITS = 50_000


def figures() -> Iterator[Figure]:
    ground.some(VISITS)
    user = User.objects.get(username="canbo")
    cadre = Cadre.objects.get(user=user)
    place = Assignment.objects.filter(cadre=cadre, until=None).order_by("pk")[0].place
    assert place
    duties = list(Duty.objects.current(timezone.localdate()).filter(writes=True)[:2])
    client = ground.signed_in("canbo")
    size = f"{Visit.objects.count():,} visits"
    yield measure("a visit through the page", lambda: post(client, cadre, place, duties), runs=40, size=size)
    yield measure("a visit through the action", lambda: log(user, cadre, place, duties), runs=40, size=size)
    yield measure(
        "floor: the same rows, nothing asked", lambda: write(cadre=cadre, place=place, duties=duties, by=user), runs=40,
        size=size,
    )  # fmt: skip
    with override_settings(ROOT_URLCONF="tests.bench.bare"):
        yield measure("floor: a view that inserts one row", lambda: insert(client, place), runs=40, size=size)


def insert(client: Client, place: Place) -> None:
    posted = {"uuid": str(uuid4()), "place": place.pk, "day": f"{timezone.localdate():%Y-%m-%d}"}
    response = client.post(f"/{bare.ADDRESS}", posted)
    assert response.status_code == 302, response.status_code


def post(client: Client, cadre: Cadre, place: Place, duties: list[Duty]) -> None:
    posted = {
        "uuid": str(uuid4()), "place": place.pk, "day": f"{timezone.localdate():%d/%m/%Y}", "author": cadre.pk,
        "kind": VisitKind.FIELD_CHECK.value, "attendance": "attended",
        **{f"duty_{duty.pk}": "on" for duty in duties},
    }  # fmt: skip
    response = client.post(reverse("assignments:visit_new"), posted)
    assert response.status_code == 302, response.content.decode()[:2000]


def log(user: User, cadre: Cadre, place: Place, duties: list[Duty]) -> None:
    log_visit(
        uuid=uuid4(), day=timezone.localdate(), kind=VisitKind.FIELD_CHECK, place=place, persons=[(cadre,)],
        duties=[(duty,) for duty in duties], by=user,
    )  # fmt: skip


@action
def write(*, cadre: Cadre, place: Place, duties: list[Duty], by: User) -> None:
    lines = Lines([place.pk]).on(place.pk, timezone.localdate())
    visit = Visit.objects.create(
        uuid=uuid4(), day=timezone.localdate(), kind=VisitKind.FIELD_CHECK, place=place, recorded_at=timezone.now(),
        entered_by=by, province_id=lines["province"],
    )  # fmt: skip
    persons = [VisitPerson.objects.create(visit=visit, cadre=cadre)]
    VisitDuty.objects.bulk_create([VisitDuty(visit=visit, duty=duty) for duty in duties])
    tallies.add(visit, persons, lines)
    audit.record("log_visit", visit, by=by)
