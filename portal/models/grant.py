"""Grants: which role an account holds, where, since and until when."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models.agency import Agency
from portal.models.party import PartyOrg
from portal.models.place import Place
from portal.models.spans import Current, stretch
from portal.models.user import User
from portal.roles import Role


class Grant(models.Model):
    """Exactly one of place, agency, org and leader is named; which one follows from the role."""

    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    role = models.CharField(pgettext_lazy("role", "Role"), max_length=20, choices=Role.choices)
    place = models.ForeignKey(Place, models.PROTECT, related_name="grants", null=True, blank=True)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="grants", null=True, blank=True)
    org = models.ForeignKey(PartyOrg, models.PROTECT, related_name="grants", null=True, blank=True)
    leader = models.ForeignKey(User, models.PROTECT, related_name="assistant_grants", null=True, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = Current.as_manager()

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        constraints = [
            stretch("grant_length"),
            models.CheckConstraint(
                name="grant_one_anchor",
                condition=Q(place__isnull=False, agency=None, org=None, leader=None)
                | Q(place=None, agency__isnull=False, org=None, leader=None)
                | Q(place=None, agency=None, org__isnull=False, leader=None)
                | Q(place=None, agency=None, org=None, leader__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["user", "since", "until"], name="grant_user")]
