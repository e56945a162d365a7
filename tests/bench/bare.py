"""The addresses of the portal and one more, whose view inserts the row of a visit and asks nothing.

Signing in, permissions and everything else around a request is as on any other page.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from assignments.models import Visit
from assignments.topics import VisitKind
from portal.access import needs
from portal.actions.deed import bookkeeping
from portal.permissions import Permission
from portal.urls import urlpatterns as addresses

ADDRESS = "tran/"


@require_POST
@needs(Permission.VISIT_LOG)
def insert(request: HttpRequest) -> HttpResponse:
    write(request)
    return redirect("/")


@bookkeeping("a measurement inserts what the page of visits is held against")
def write(request: HttpRequest) -> None:
    place = int(request.POST["place"])
    Visit.objects.create(
        uuid=request.POST["uuid"], day=request.POST["day"], kind=VisitKind.FIELD_CHECK, place_id=place,
        recorded_at=timezone.now(), entered_by=request.user, province_id=place,
    )  # fmt: skip


urlpatterns = [path(ADDRESS, insert), *addresses]
