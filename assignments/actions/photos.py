"""Photographs of public works: allowed by a decision, added to a visit, taken out again, and forgotten in time."""

import hashlib
from datetime import date
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from assignments.models import PhotoPolicy, Visit, VisitPhoto
from assignments.photographs import MOST_OF_A_VISIT, last_day_kept, takes_photos
from assignments.pictures import PictureBroken, made_anew
from assignments.topics import VisitState
from portal import audit
from portal.actions.deed import RuleBroken, action, bookkeeping
from portal.levels import Level
from portal.models import Decree, Place, User


@action
def allow_photos(*, place: Place, since: date, decree: Decree, by: User) -> PhotoPolicy:
    if place.level not in {Level.COMMUNE, Level.PROVINCE}:
        raise RuleBroken(_("Only a commune or a province decides whether photographs are kept."))
    policy = PhotoPolicy(place=place, since=since, decree=decree)
    try:
        policy.full_clean()
    except ValidationError as broken:
        raise RuleBroken(_("Photographs are allowed here already.")) from broken
    policy.save()
    audit.record("allow_photos", place, by=by, place_id=place.pk, since=since, decree=decree)
    return policy


@action
def forbid_photos(*, place: Place, on: date, decree: Decree, by: User) -> None:
    """From that day on no more are added; those that are there go when their time has come."""
    if not PhotoPolicy.objects.current(on).filter(place=place).update(until=on):
        raise RuleBroken(_("Photographs are not allowed here."))
    audit.record("forbid_photos", place, by=by, place_id=place.pk, on=on, decree=decree)


@action
def add_photo(*, visit: Visit, content: bytes, is_public_work: bool, by: User) -> VisitPhoto:
    """What is kept is made anew from the picture; the same picture twice is one."""
    today = timezone.localdate()
    Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    if not takes_photos(visit, today):
        raise RuleBroken(_("No photographs are kept of this visit."))
    if not is_public_work:
        raise RuleBroken(
            _("Tick that the photograph shows a public work only, without people, names or houses.")
        )
    try:
        picture = made_anew(content)
    except PictureBroken as broken:
        raise RuleBroken(
            _(
                "The photograph cannot be read, or is too large. Choose one in JPEG, PNG or WebP of at most 12 MB."
            )
        ) from broken
    sha256 = hashlib.sha256(picture.content).hexdigest()
    if known := VisitPhoto.objects.filter(visit=visit, sha256=sha256).first():
        return known
    if visit.photos.count() >= MOST_OF_A_VISIT:
        raise RuleBroken(_("At most %(n)s photographs are kept of a visit.") % {"n": MOST_OF_A_VISIT})
    photo = VisitPhoto.objects.create(
        visit=visit, uuid=uuid4(), content=picture.content, width=picture.width, height=picture.height,
        sha256=sha256, added_by=by, added_at=timezone.now(), delete_on=last_day_kept(visit.day),
    )  # fmt: skip
    audit.record("add_photo", visit, by=by, place_id=visit.place_id, sha256=sha256)
    return photo


@action
def remove_photo(*, photo: VisitPhoto, by: User) -> None:
    audit.record("remove_photo", photo.visit, by=by, place_id=photo.visit.place_id, sha256=photo.sha256)
    photo.delete()


@bookkeeping("photographs are kept for a time, and never of a visit that was withdrawn")
def forget_photos(*, today: date) -> int:
    gone = VisitPhoto.objects.filter(Q(delete_on__lte=today) | ~Q(visit__state=VisitState.RECORDED))
    return gone.delete()[0]
