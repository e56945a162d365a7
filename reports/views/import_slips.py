"""First-password slips for the accounts that an import opened: made when they are printed, each shown once."""

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from portal.access import needs
from portal.actions.accounts import issue_slips
from portal.imports.kinds import kind_named
from portal.models import ImportRun, ImportState, User
from portal.permissions import Permission

# A password is made slowly on purpose: so many at once stay within the time a page may take.
MOST = 60


@needs(Permission.ACCOUNTS)
def import_slips(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then show the slips on this one answer and never again; the next ones with the next press."""
    run = get_object_or_404(request.reach.imports(), pk=pk)
    if run.kind != "accounts" or run.state != ImportState.APPLIED:
        return redirect("reports:import_run", pk=run.pk)
    opened = _never_signed_in(run, request.reach.accounts())
    waiting = opened.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    printed = opened.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    context = {"run": run, "most": MOST, "kind": kind_named(run.kind), "place_name": ""}
    if request.method != "POST":
        context |= {"waiting": waiting.count(), "printed": printed.count()}
        return TemplateResponse(request, "reports/import_slips.html", context)
    again = request.POST.get("again") == "1"
    slips = issue_slips(users=printed if again else waiting, most=MOST, by=request.user)
    context |= {"slips": slips, "left": waiting.count(), "address": request.build_absolute_uri("/")}
    answer = TemplateResponse(request, "reports/import_slips_printed.html", context)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _never_signed_in(run: ImportRun, accounts: QuerySet[User]) -> QuerySet[User]:
    """Accounts of this import with no own password yet: nobody gets past the first sign-in without giving one."""
    made = run.touches.filter(model="portal.user", before__isnull=True)
    found = accounts.filter(pk__in=made.values("row_id"), is_active=True, must_change_password=True)
    return found.order_by("username")
