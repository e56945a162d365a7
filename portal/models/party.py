"""Party organisations: the second tree. Membership is kept as yearly counts only, never as names."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.levels import OrgKind, SuccessionKind
from portal.models.decree import Decree
from portal.models.place import Place
from portal.models.spans import Current, NoOverlap, stretch


class PartyOrg(models.Model):
    """An identity; its name, kind and superior are in its spans."""

    class Meta:
        verbose_name = _("party organisation")
        verbose_name_plural = _("party organisations")

    def __str__(self) -> str:
        return f"party organisation {self.pk}"


class PartyOrgSpan(models.Model):
    """`place` is where the organisation sits (a cell's hamlet, a committee's commune), or none."""

    org = models.ForeignKey(PartyOrg, models.PROTECT, related_name="spans")
    kind = models.CharField(pgettext_lazy("party", "Kind"), max_length=20, choices=OrgKind.choices)
    name = models.CharField(_("Name"), max_length=160)
    parent = models.ForeignKey(PartyOrg, models.PROTECT, related_name="child_spans", null=True, blank=True)
    place = models.ForeignKey(Place, models.PROTECT, related_name="org_spans", null=True, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    decree = models.ForeignKey(Decree, models.PROTECT, related_name="+", null=True, blank=True)
    name_key = models.CharField(max_length=200, db_index=True)
    sort_key = models.BinaryField(max_length=500)

    objects = Current.as_manager()

    class Meta:
        verbose_name = _("name and superior of an organisation")
        verbose_name_plural = _("names and superiors of organisations")
        constraints = [
            stretch("org_span_length"),
            NoOverlap(
                keys=["org"],
                name="org_span_once",
                violation_error_message=_("This organisation already has a name and place for these days."),
            ),
        ]
        indexes = [
            models.Index(fields=["parent", "since"], name="org_span_parent"),
            models.Index(fields=["place", "since"], name="org_span_place"),
        ]

    def __str__(self) -> str:
        return self.name


class PartyOrgSuccession(models.Model):
    old = models.ForeignKey(PartyOrg, models.PROTECT, related_name="successions")
    new = models.ForeignKey(PartyOrg, models.PROTECT, related_name="precessions", null=True, blank=True)
    kind = models.CharField(max_length=10, choices=SuccessionKind.choices)
    on = models.DateField()
    decree = models.ForeignKey(Decree, models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["old", "new", "on"], name="org_succession_once")]


class PartyOrgCount(models.Model):
    """Members of an organisation at the end of a year: all, exempt from duties and meetings, working away."""

    org = models.ForeignKey(PartyOrg, models.PROTECT, related_name="counts")
    year = models.PositiveSmallIntegerField(_("Year"))
    members = models.PositiveIntegerField(_("Number of members"))
    exempt = models.PositiveIntegerField(_("Exempt from duties and meetings"), default=0)
    away = models.PositiveIntegerField(_("Working away from home"), default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "year"], name="org_count_once"),
            models.CheckConstraint(
                condition=models.Q(members__gte=models.F("exempt") + models.F("away")),
                name="org_count_adds_up",
            ),
        ]
