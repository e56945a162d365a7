"""Places: an identity, and what it was called, what it was and where it lay, stretch by stretch.

Codes and names are facts with dates, never keys. Ask `portal/places.py`; write through `portal/actions/places.py`.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.levels import Level, PlaceKind, SuccessionKind, full_name
from portal.models.decree import Decree
from portal.models.spans import Current, NoOverlap, stretch


class Place(models.Model):
    level = models.CharField(pgettext_lazy("level", "Level"), max_length=10, choices=Level.choices)

    class Meta:
        verbose_name = pgettext_lazy("territory", "place")
        verbose_name_plural = pgettext_lazy("territory", "places")
        indexes = [models.Index(fields=["level"], name="place_level")]

    def __str__(self) -> str:
        return f"{self.level} {self.pk}"


class PlaceSpan(models.Model):
    """`name` has no kind in front; `name_key` is folded for search, `sort_key` is compared as bytes."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="spans")
    code = models.CharField(_("Code"), max_length=24)
    name = models.CharField(_("Name"), max_length=120)
    kind = models.CharField(_("Kind"), max_length=20, choices=PlaceKind.choices)
    parent = models.ForeignKey(Place, models.PROTECT, related_name="child_spans", null=True, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    decree = models.ForeignKey(Decree, models.PROTECT, related_name="+", null=True, blank=True)
    name_key = models.CharField(max_length=160, db_index=True)
    sort_key = models.BinaryField(max_length=500)

    objects = Current.as_manager()

    class Meta:
        verbose_name = _("name and place of a unit")
        verbose_name_plural = _("names and places of units")
        constraints = [
            stretch("place_span_length"),
            NoOverlap(
                keys=["place"],
                name="place_span_once",
                violation_error_message=_("This unit already has a name and place for these days."),
            ),
            NoOverlap(
                keys=["code"],
                name="place_code_once",
                violation_error_message=_("This code belongs to another unit on these days."),
            ),
        ]
        indexes = [
            models.Index(fields=["parent", "since"], name="place_span_parent"),
            models.Index(fields=["place", "since"], name="place_span_place"),
            models.Index(fields=["code", "since"], name="place_span_code"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return full_name(self.kind, self.name)


class PlaceLine(models.Model):
    """Derived: `descendant` lay in `ancestor` (itself at depth 0) for this stretch. Rebuilt with the spans."""

    ancestor = models.ForeignKey(Place, models.CASCADE, related_name="lines_down")
    descendant = models.ForeignKey(Place, models.CASCADE, related_name="lines_up")
    depth = models.PositiveSmallIntegerField()
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = Current.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["ancestor", "depth", "since", "until", "descendant"], name="place_line_down"
            ),
            models.Index(fields=["descendant", "depth", "since", "until", "ancestor"], name="place_line_up"),
        ]


class Succession(models.Model):
    """`old` ended, or gave a part away, to `new` on this day; `new` is empty where it was abolished."""

    old = models.ForeignKey(Place, models.PROTECT, related_name="successions")
    new = models.ForeignKey(Place, models.PROTECT, related_name="precessions", null=True, blank=True)
    kind = models.CharField(max_length=10, choices=SuccessionKind.choices)
    on = models.DateField()
    decree = models.ForeignKey(Decree, models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["old", "new", "on"], name="succession_once")]


class Heir(models.Model):
    """Derived: for this stretch `new` stands for `old` (each place for itself while it lasts).

    `whole` is false where only a part of the old unit went to this heir. A unit abolished without a successor
    is inherited by the unit it lay in.
    """

    old = models.ForeignKey(Place, models.CASCADE, related_name="heirs")
    new = models.ForeignKey(Place, models.CASCADE, related_name="forebears")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    whole = models.BooleanField()

    objects = Current.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["old", "since", "until", "new"], name="heir_forward"),
            models.Index(fields=["new", "since", "until", "old"], name="heir_back"),
        ]
