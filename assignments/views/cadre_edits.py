"""Edits by hand on cadres: a new one with the post, a corrected name, a post begun or ended, the account."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assignments.actions import cadres as deeds
from assignments.forms import people as forms
from assignments.views.editing import editable_cadres, rosters
from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.models import User
from portal.permissions import Permission
from portal.views.once_more import carried, once_more

# What people of one office share.
IN_COMMON = ("workplace", "place", "tier", "since")


@needs(Permission.ASSIGN)
def new(request: HttpRequest) -> HttpResponse:
    form = forms.NewCadreForm(
        request.POST or None, rosters=rosters(request.reach), initial=carried(request, IN_COMMON)
    )
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            cadre = deeds.add_cadre(
                full_name=chosen["full_name"], phone=chosen["phone"], post=form.post(), by=request.user
            )
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("The cadre is on the roster. Now say what is followed."))
            done = redirect("assignments:cadre", pk=cadre.pk)
            return once_more(request, IN_COMMON) or done
    title, action, back = _("Add a cadre"), _("Add to the roster"), reverse("assignments:cadres")
    return _page(request, form, title, action, back, template="assignments/edit_once_more.html")


@needs(Permission.ASSIGN)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    cadre = get_object_or_404(editable_cadres(request.reach), pk=pk)
    known = {"full_name": cadre.full_name, "phone": cadre.phone}
    form = forms.PersonForm(request.POST or None, initial=known)
    if form.is_valid():
        deeds.correct_cadre(cadre=cadre, by=request.user, **form.cleaned_data)
        messages.success(request, _("The name and telephone are saved."))
        return redirect("assignments:cadre", pk=pk)
    return _page(request, form, _("Name and telephone"), _("Save"), reverse("assignments:cadre", args=[pk]))


@needs(Permission.ASSIGN)
def post_new(request: HttpRequest, pk: int) -> HttpResponse:
    cadre = get_object_or_404(editable_cadres(request.reach), pk=pk)
    form = forms.PostForm(request.POST or None, rosters=rosters(request.reach))
    if form.is_valid():
        try:
            deeds.add_post(cadre=cadre, post=form.post(), by=request.user)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("The post is entered."))
            return redirect("assignments:cadre", pk=pk)
    title = _("New post of %(name)s") % {"name": cadre}
    return _page(request, form, title, _("Enter the post"), reverse("assignments:cadre", args=[pk]))


@needs(Permission.ASSIGN)
def post_end(request: HttpRequest, pk: int, post_id: int) -> HttpResponse:
    cadre = get_object_or_404(editable_cadres(request.reach), pk=pk)
    post = get_object_or_404(cadre.posts, pk=post_id)
    form = forms.EndPostForm(request.POST or None)
    if form.is_valid():
        try:
            deeds.end_post(post=post, by=request.user, **form.cleaned_data)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(
                request, _("The post is ended. Assignments that go on are listed; end or hand them over.")
            )
            return redirect("assignments:cadre", pk=pk)
    title = _("End the post %(post)s") % {"post": post}
    return _page(request, form, title, _("End the post"), reverse("assignments:cadre", args=[pk]))


@needs(Permission.ACCOUNTS)
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """The steward links an account: the role of a cadre follows from it."""
    cadre = get_object_or_404(request.reach.cadres(), pk=pk)
    known = {"username": cadre.user.username if cadre.user else ""}
    form = forms.AccountForm(request.POST or None, initial=known)
    if form.is_valid():
        username = form.cleaned_data["username"].strip().lower()
        user = User.objects.filter(username=username).first() if username else None
        if username and user is None:
            form.add_error("username", _("There is no account with this user name."))
        else:
            try:
                deeds.link_account(cadre=cadre, user=user, by=request.user)
            except RuleBroken as broken:
                form.add_error(None, broken)
            else:
                messages.success(request, _("The account is linked."))
                return redirect("assignments:cadre", pk=pk)
    title = pgettext("assignment", "Account of %(name)s") % {"name": cadre}
    return _page(request, form, title, _("Link the account"), reverse("assignments:cadre", args=[pk]))


def _page(
    request: HttpRequest,
    form: object,
    title: str,
    action: str,
    back: str,
    template: str = "assignments/edit.html",
) -> HttpResponse:
    context = {"form": form, "title": title, "action": action, "back": back}
    return TemplateResponse(request, template, context)
