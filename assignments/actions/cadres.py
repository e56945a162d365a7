"""Cadres and their posts: a person once, however many posts; a post is ended, never overwritten."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assignments.models import Cadre, CadrePost
from portal import audit
from portal.actions.deed import RuleBroken, action
from portal.models import Agency, Place, User
from portal.vietnamese import clean, fold, person_key, proper_name


@dataclass(frozen=True)
class NewPost:
    """`place` is whose roster the cadre is on: the province, district or commune."""

    title: str
    workplace: str
    tier: str
    place: Place
    since: date
    until: date | None = None
    agency: Agency | None = None


def keyed(cadre: Cadre, full_name: str, phone: str) -> Cadre:
    """The name as written in offices, with its derived keys; unsaved, also for bulk loading."""
    cadre.full_name, cadre.phone = proper_name(full_name), clean(phone)
    cadre.name_key = fold(cadre.full_name)[:160]
    cadre.sort_key = person_key(cadre.full_name)[:500]
    return cadre


@action
def add_cadre(
    *, full_name: str, phone: str = "", post: NewPost | None = None, by: User, source: Any = None
) -> Cadre:
    cadre = keyed(Cadre(), full_name, phone)
    if not cadre.full_name:
        raise RuleBroken(_("A cadre needs a name."))
    _checked(cadre)
    audit.record("add_cadre", cadre, by=by, place_id=post.place.pk if post else None)
    if post is not None:
        add_post(cadre=cadre, post=post, by=by, source=source)
    return cadre


@action
def correct_cadre(*, cadre: Cadre, full_name: str, phone: str, by: User, source: Any = None) -> None:
    fields = [
        name for name, new in (("full_name", full_name), ("phone", phone)) if getattr(cadre, name) != new
    ]
    if not clean(full_name):
        raise RuleBroken(_("A cadre needs a name."))
    _checked(keyed(cadre, full_name, phone))
    audit.record("correct_cadre", cadre, by=by, place_id=_roster(cadre), fields=fields)


@action
def add_post(*, cadre: Cadre, post: NewPost, by: User, source: Any = None) -> CadrePost:
    title, workplace = clean(post.title), clean(post.workplace)
    if not title:
        raise RuleBroken(_("A post needs a title."))
    same = CadrePost.objects.overlapping(post.since, post.until).filter(
        cadre=cadre, place=post.place, title=title, workplace=workplace
    )
    if same.exists():
        raise RuleBroken(_("This cadre already holds this post in these days."))
    row = CadrePost(
        cadre=cadre,
        title=title,
        workplace=workplace,
        workplace_key=fold(workplace)[:200],
        agency=post.agency,
        tier=post.tier,
        place=post.place,
        since=post.since,
        until=post.until,
    )
    _checked(row)
    audit.record("add_post", row, by=by, place_id=post.place.pk, cadre=cadre, since=post.since)
    return row


@action
def end_post(*, post: CadrePost, until: date, by: User, source: Any = None) -> None:
    """The assignments of the cadre go on until they are ended; the coverage page lists them."""
    if until <= post.since:
        raise RuleBroken(_("The last day is before the first day."))
    if post.until and post.until <= until:
        raise RuleBroken(_("This post has already ended by then."))
    post.until = until
    post.save(update_fields=["until"])
    audit.record("end_post", post, by=by, place_id=post.place_id, cadre=post.cadre_id, until=until)


@action
def link_account(*, cadre: Cadre, user: User | None, by: User) -> None:
    """The account with which this person signs in; the role of a cadre follows from it."""
    if user is not None and Cadre.objects.filter(user=user).exclude(pk=cadre.pk).exists():
        raise RuleBroken(_("This account belongs to another cadre already."))
    cadre.user = user
    cadre.save(update_fields=["user"])
    audit.record(
        "link_account", cadre, by=by, place_id=_roster(cadre), user=user.username if user else "none"
    )


def _checked(row: Cadre | CadrePost) -> None:
    try:
        row.full_clean(exclude=["sort_key"])
    except ValidationError as broken:
        raise RuleBroken(broken.messages) from broken
    row.save()


def _roster(cadre: Cadre) -> int | None:
    newest = CadrePost.objects.filter(cadre=cadre).order_by("-since").first()
    return newest.place_id if newest else None
