"""Teams: who goes together to the meetings of which cells, by which decision. Dated, closed and never overwritten."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assignments.models.cadre import Cadre
from assignments.topics import TeamKind
from portal.models import Decree, PartyOrg, Place
from portal.models.spans import Current, NoOverlap, stretch


class Team(models.Model):
    """No assignment of its own: whoever is a member owes nothing by it. `place` is the unit that set it up."""

    kind = models.CharField(pgettext_lazy("team", "Kind of team"), max_length=10, choices=TeamKind.choices)
    name = models.CharField(pgettext_lazy("team", "Name"), max_length=160)
    place = models.ForeignKey(Place, models.PROTECT, related_name="teams")
    decree = models.ForeignKey(Decree, models.PROTECT, related_name="+", null=True, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = Current.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("team", "team")
        verbose_name_plural = pgettext_lazy("team", "teams")
        constraints = [stretch("team_length")]
        indexes = [models.Index(fields=["place", "since", "until"], name="team_place")]

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    team = models.ForeignKey(Team, models.PROTECT, related_name="members")
    cadre = models.ForeignKey(Cadre, models.PROTECT, related_name="team_memberships")
    leads = models.BooleanField(pgettext_lazy("team", "Leads the team"), default=False)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = Current.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("team", "member of a team")
        verbose_name_plural = pgettext_lazy("team", "members of teams")
        constraints = [
            stretch("team_member_length"),
            NoOverlap(
                keys=["team", "cadre"],
                name="team_member_once",
                violation_error_message=_("This cadre is in the team in these days already."),
            ),
        ]
        indexes = [models.Index(fields=["cadre", "since", "until"], name="team_member_cadre")]

    def __str__(self) -> str:
        return f"member {self.pk}"


class TeamCell(models.Model):
    team = models.ForeignKey(Team, models.PROTECT, related_name="cells")
    org = models.ForeignKey(PartyOrg, models.PROTECT, related_name="teams")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = Current.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("team", "cell of a team")
        verbose_name_plural = pgettext_lazy("team", "cells of teams")
        constraints = [
            stretch("team_cell_length"),
            NoOverlap(
                keys=["team", "org"],
                name="team_cell_once",
                violation_error_message=_("The team attends this cell in these days already."),
            ),
        ]
        indexes = [models.Index(fields=["org", "since", "until"], name="team_cell_org")]

    def __str__(self) -> str:
        return f"cell {self.pk}"
