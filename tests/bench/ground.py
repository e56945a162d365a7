"""What the measurements stand on: an up-to-date database with the territory, made once and used again."""

import sys

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from assignments.actions import tallies
from assignments.models import Contribution, Promise, Visit, VisitDuty, VisitPerson
from portal.actions.deed import bookkeeping
from portal.actions.system import system_user
from portal.models import Place, User
from reports.actions.demo.at_scale import add_visits, told_province


def territory() -> None:
    call_command("migrate", verbosity=0)
    if not Place.objects.exists():
        # Standard output is for the figures alone.
        call_command("load_territory", verbosity=0, stdout=sys.stderr)


def province(visits: int) -> None:
    """A province at its real size with exactly so many visits. Made once, which takes minutes; then more are added."""
    call_command("migrate", verbosity=0)
    if not User.objects.filter(is_demo=True).exists():
        if Place.objects.exists():
            call_command("flush", interactive=False, verbosity=0)
        call_command("demo", size="province", visits=visits, stdout=sys.stderr)
    there = Visit.objects.count()
    if there < visits:
        known = told_province(timezone.localdate(), system_user())
        add_visits(province=known, first=there, count=visits - there, by=system_user())
    elif there > visits:
        forget_visits(Visit.objects.order_by("pk").values_list("pk", flat=True)[visits])
    with connection.cursor() as cursor:
        # A server at work does so by itself; the one of a measurement has no time to.
        cursor.execute("ANALYZE")


def some(visits: int) -> None:
    """A province with visits, however many there are already; made with so many where there is none."""
    call_command("migrate", verbosity=0)
    if not Visit.objects.exists():
        province(visits)


@bookkeeping("a measurement with fewer visits comes before one with more")
def forget_visits(first: int) -> None:
    for rows in (VisitPerson, VisitDuty, Promise, Contribution):
        rows.objects.filter(visit__gte=first).delete()
    Visit.objects.filter(pk__gte=first).delete()
    tallies.rebuild()


def signed_in(username: str) -> Client:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(username=username), "django.contrib.auth.backends.ModelBackend")
    return client
