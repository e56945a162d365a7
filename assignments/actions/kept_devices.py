"""Devices that keep pages: entered when they first do, and asked after by their own key when they are signed out."""

from hashlib import sha256
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from assignments.models import KeptDevice
from portal import audit
from portal.actions.deed import RuleBroken, action
from portal.models import User

# Of one account; the oldest are let go first.
MOST_DEVICES = 50


def digest_of(key: str) -> str:
    """Nothing for what is no key: one has all the bits of a random UUID."""
    try:
        return sha256(UUID(key).hex.encode()).hexdigest()
    except ValueError:
        return ""


@action
def enter_device(*, key: str, by: User) -> None:
    """A key that is entered already stays whose it is, and as old as it is."""
    digest = digest_of(key)
    if not digest:
        raise RuleBroken(_("This device could not be entered."))
    _device, is_new = KeptDevice.objects.get_or_create(
        digest=digest, defaults={"user": by, "since": timezone.now()}
    )
    if is_new:
        beyond = KeptDevice.objects.filter(user=by).order_by("-since", "-pk")[MOST_DEVICES:]
        KeptDevice.objects.filter(pk__in=[device.pk for device in beyond]).delete()
    audit.record("enter_device", by, by=by)


def is_to_be_wiped(key: str) -> bool:
    """After a phone was reported lost, or the account closed. Nothing is said of a key that nobody has entered."""
    reported = models.Q(user__devices_wiped_at__gte=models.F("since")) | models.Q(user__is_active=False)
    digest = digest_of(key)
    return bool(digest) and KeptDevice.objects.filter(reported, digest=digest).exists()
