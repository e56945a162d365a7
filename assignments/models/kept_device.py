"""Browsers that keep pages of an account, each known by a key that it has made itself."""

from django.db import models

from portal.models import User


class KeptDevice(models.Model):
    """Of its key only a digest: whoever reads these rows can ask in no device's place."""

    user = models.ForeignKey(User, models.CASCADE, related_name="kept_devices")
    digest = models.CharField(max_length=64, unique=True)
    since = models.DateTimeField()
