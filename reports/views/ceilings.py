"""The ceiling of a group that the office sets by a document: entering it, withdrawing it, where either is offered."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.permissions import Permission
from reports.actions.ceilings import set_ceiling, withdraw_ceiling
from reports.forms.ceilings import SetCeilingForm, WithdrawCeilingForm
from reports.models import Round, RoundState, SetCeiling
from reports.reviews import announced_orgs, judged_orgs
from reports.round_tables import RoundTable, Row
from reports.standing import Line
from reports.views.round_steps import decidable


def settable(request: HttpRequest, table: RoundTable) -> set[int | None]:
    """The superiors for whose groups this person may set or withdraw a number now; a committee is judged above.

    Where the rule takes the round as a whole, None is in it for whoever judges all of its organisations.
    """
    round = table.round
    if table.cap is None or round.state == RoundState.LOCKED:
        return set()
    if not request.reach.covers(round.place_id, Permission.GRADE_DECIDE):
        return set()
    judged = set(
        judged_orgs(request.reach, Permission.GRADE_DECIDE, round.period).values_list("org", flat=True)
    )
    lines = table.lines_shown()
    told = announced_orgs(round.period)
    if table.is_by_whole:
        orgs = {line.org for line in lines}
        return {None} if orgs and orgs <= judged and not orgs & told else set()
    held = {line.superior for line in lines if line.org in told}
    return {line.superior for line in lines if line.superior and line.org in judged} - held


@needs(Permission.GRADE_DECIDE)
def ceiling_set(request: HttpRequest, pk: int, family: str, superior: int) -> HttpResponse:
    """For the group under one superior; 0 in the address is the whole round."""
    round = decidable(request, pk)
    table = RoundTable(round, family=family)
    above = superior or None
    row = table.group(above)
    has_none = row is None or row.ceiling is None or table.family != family
    if has_none or not _is_judged(request, round, table.lines_under(above), above):
        raise Http404
    form = SetCeilingForm(request.POST or None)
    if form.is_valid():
        try:
            set_ceiling(
                round=round,
                family=family,
                superior_id=above,
                number=form.cleaned_data["allowed"],
                reason=form.cleaned_data["reason"],
                decree=form.decree(request.user),
                by=request.user,
            )
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("The number is set. The reckoned one stays beside it."))
            return redirect(_back(round, family))
    limit = row.ceiling.limit if row.ceiling else 0
    text = _(
        "%(name)s: %(n)s reckoned by the rule. The number set here is what the pages warn by; no grade changes by it."
    )
    context = {
        "title": _("Set another number of EXCELLENT"),
        "text": text % {"name": row.name, "n": limit},
        "action": _("Set the number"),
        "form": form,
        "round": round,
    }
    return TemplateResponse(request, "reports/round_confirm.html", context)


@needs(Permission.GRADE_DECIDE)
def ceiling_withdraw(request: HttpRequest, pk: int, set_id: int) -> HttpResponse:
    round = decidable(request, pk)
    rows = SetCeiling.objects.filter(round__in=Round.objects.of(round.period), withdrawn_at=None)
    found: SetCeiling = get_object_or_404(rows.select_related("decree"), pk=set_id)
    table = RoundTable(round, family=found.family)
    told = next((pair for pair in table.all_set if pair[1].pk == found.pk), None)
    if told is None or not _is_judged(request, round, table.lines_of(found.superior_id), found.superior_id):
        raise Http404
    form = WithdrawCeilingForm(request.POST or None)
    if form.is_valid():
        try:
            withdraw_ceiling(ceiling=found, reason=form.cleaned_data["reason"], by=request.user)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("The number is withdrawn. The reckoned one holds again."))
            return redirect(_back(round, found.family))
    row = next((one for one in table.set_numbers if one.set and one.set.pk == found.pk), None)
    context = {
        "title": _("Withdraw the number set"),
        "text": _withdrawal_words(told[0], found, row),
        "action": _("Withdraw the number"),
        "form": form,
        "round": round,
    }
    return TemplateResponse(request, "reports/round_confirm.html", context)


def _withdrawal_words(name: str, found: SetCeiling, row: Row | None) -> str:
    told = {"name": name, "set": found.number, "document": found.decree.number}
    if row is None or row.ceiling is None:
        text = _(
            "%(name)s: %(set)s set by %(document)s. It holds no more, since the rule groups otherwise now."
        )
        return text % told
    text = _(
        "%(name)s: %(set)s set by %(document)s. Once it is withdrawn, %(n)s reckoned by the rule hold again."
    )
    return text % {**told, "n": row.ceiling.limit}


def _is_judged(request: HttpRequest, round: Round, lines: list[Line], superior: int | None) -> bool:
    """Some of a group under one superior is enough, for all of it is judged together; of a round all is needed."""
    orgs = {line.org for line in lines}
    judged = judged_orgs(request.reach, Permission.GRADE_DECIDE, round.period)
    if superior is None:
        return orgs <= set(judged.values_list("org", flat=True))
    return judged.filter(org__in=orgs).exists()


def _back(round: Round, family: str) -> str:
    return f"{reverse('reports:round', args=[round.pk])}?family={family}#nhom"


def withdrawable(request: HttpRequest, table: RoundTable) -> set[int]:
    """The keys of the numbers set that this person may withdraw now."""
    told = table.all_set
    if not told or table.round.state == RoundState.LOCKED:
        return set()
    if not request.reach.covers(table.round.place_id, Permission.GRADE_DECIDE):
        return set()
    judged = set(
        judged_orgs(request.reach, Permission.GRADE_DECIDE, table.round.period).values_list("org", flat=True)
    )
    announced, found = announced_orgs(table.round.period), set()
    for _name, one in told:
        orgs = {line.org for line in table.lines_of(one.superior)}
        is_judged = orgs <= judged if one.superior is None else bool(orgs & judged)
        if is_judged and not orgs & announced:
            found.add(one.pk)
    return found


def ceilings_context(request: HttpRequest, table: RoundTable) -> dict[str, Any]:
    """For the page of a round: for which groups a number may be set, and those that are set."""
    return {
        "settable": settable(request, table),
        "set_numbers": table.set_numbers,
        "dormant": table.dormant,
        "withdrawable": withdrawable(request, table),
    }
