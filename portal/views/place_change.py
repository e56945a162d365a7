"""Changing the territory: a form, a page that says what will happen, and then the deed."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import places
from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.forms import mergers, territory
from portal.forms.territory import ChangeForm
from portal.models import Place
from portal.permissions import Permission
from portal.territory import VERB_LABELS, Verb, homes, may_change_at, neighbours, verbs_at

FORMS: dict[Verb, type[ChangeForm]] = {
    Verb.OPEN: territory.OpenForm,
    Verb.RENAME: territory.RenameForm,
    Verb.RETYPE: territory.RetypeForm,
    Verb.RECODE: territory.RecodeForm,
    Verb.MOVE: territory.MoveForm,
    Verb.MERGE: mergers.MergeForm,
    Verb.SPLIT: mergers.SplitForm,
    Verb.CLOSE: territory.CloseForm,
}


@needs(Permission.TERRITORY_EDIT)
def place_change(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    place = get_object_or_404(Place, pk=pk)
    span = places.span(pk, timezone.localdate())
    if span is None or verb not in set(Verb) or not may_change_at(request.reach, pk):
        raise Http404
    if Verb(verb) not in {allowed for allowed, _label in verbs_at(request.reach, place)}:
        raise Http404
    form = _form(request, place, Verb(verb))
    context = {
        "place": place,
        "span": span,
        "verb": verb,
        "title": VERB_LABELS[Verb(verb)],
        "form": form,
        "trail": [
            (each.full_name, reverse("reports:place", args=[each.place_id]))
            for each in places.path(pk, timezone.localdate())
        ],
    }
    if form.is_valid():
        if request.POST.get("confirmed") and (shown := _done(request, form)):
            messages.success(request, _("The change is in the book."))
            return redirect("reports:place", shown.pk)
        if not request.POST.get("confirmed") and _rehearsed(request, form):
            context["sentences"] = form.tell()
            context["posted"] = [
                (name, value)
                for name, values in request.POST.lists()
                if name not in {"csrfmiddlewaretoken", "back"}
                for value in values
            ]
            if not request.POST.get("back"):
                return TemplateResponse(request, "portal/place_confirm.html", context)
    return TemplateResponse(request, "portal/place_change.html", context)


def _form(request: HttpRequest, place: Place, verb: Verb) -> ChangeForm:
    today = timezone.localdate()
    span = places.span(place.pk, today)
    units = {Verb.MERGE: neighbours, Verb.MOVE: homes}
    options: dict[str, object] = {"initial": {"on": today}}
    if verb in units:
        options["units"] = list(units[verb](request.reach, place, today))
    if verb == Verb.SPLIT:
        parts = request.GET.get("parts", "2")
        options["parts"] = int(parts) if parts.isascii() and parts.isdigit() and len(parts) < 3 else 2
    return FORMS[verb](request.POST or None, span=span, **options)


def _rehearsed(request: HttpRequest, form: ChangeForm) -> bool:
    """Do it and take it back, so that the page that asks for consent only promises what can be done."""
    with transaction.atomic():
        shown = _done(request, form)
        transaction.set_rollback(True)
    return shown is not None


def _done(request: HttpRequest, form: ChangeForm) -> Place | None:
    try:
        with transaction.atomic():
            return form.run(request.user, form.document(request.user))
    except RuleBroken as broken:
        form.add_error(None, broken)
        return None
