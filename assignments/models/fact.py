"""Facts of party organisations, as numbers: a dated catalogue, the terms of each kind, and what was entered."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assignments.fact_words import FactForm, FactGrain, FactGroup
from portal.levels import OrgKind
from portal.models import Decree, PartyOrg, User
from portal.models.spans import Current, NoOverlap, stretch


class FactKind(models.Model):
    """One line of the catalogue; the same code again, with other dates, where its wording changes."""

    code = models.CharField(_("Code"), max_length=30)
    group = models.CharField(pgettext_lazy("fact", "Group"), max_length=12, choices=FactGroup.choices)
    position = models.PositiveSmallIntegerField()
    label = models.CharField(_("Wording"), max_length=200)
    form = models.CharField(pgettext_lazy("fact", "Entered as"), max_length=10, choices=FactForm.choices)
    grain = models.CharField(
        pgettext_lazy("fact", "Once a"), max_length=6, choices=FactGrain.choices, default=FactGrain.YEAR
    )
    for_cells = models.BooleanField(pgettext_lazy("fact", "For cells"), default=True)
    for_committees = models.BooleanField(pgettext_lazy("fact", "For committees"), default=False)
    # A count of persons: small ones at one cell are not shown above its commune.
    persons = models.BooleanField(pgettext_lazy("fact", "Counts persons"), default=False)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    source = models.CharField(_("Source"), max_length=300, blank=True)
    is_confirmed = models.BooleanField(_("Confirmed"), default=False)

    objects = Current.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("fact", "kind of fact")
        verbose_name_plural = pgettext_lazy("fact", "kinds of fact")
        constraints = [stretch("fact_kind_length"), NoOverlap(keys=["code"], name="fact_kind_once")]

    def __str__(self) -> str:
        return self.label


class Term(models.Model):
    """The term of office of one kind of organisation: cells have shorter ones than the bodies above them."""

    org_kind = models.CharField(pgettext_lazy("party", "Kind"), max_length=20, choices=OrgKind.choices)
    label = models.CharField(pgettext_lazy("term", "Term"), max_length=40)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    source = models.CharField(_("Source"), max_length=300, blank=True)
    is_confirmed = models.BooleanField(_("Confirmed"), default=False)

    objects = Current.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("term", "term of office")
        verbose_name_plural = pgettext_lazy("term", "terms of office")
        constraints = [stretch("term_length"), NoOverlap(keys=["org_kind"], name="term_once")]

    def __str__(self) -> str:
        return self.label


class OrgFact(models.Model):
    """What holds of an organisation in a year, or in the term that began in it.

    `is_stated` is a total that a document states for the cells below; it stands beside their sum and never replaces it.
    """

    org = models.ForeignKey(PartyOrg, models.PROTECT, related_name="facts")
    kind = models.ForeignKey(FactKind, models.PROTECT, related_name="facts")
    year = models.PositiveSmallIntegerField(_("Year"))
    term = models.ForeignKey(Term, models.PROTECT, related_name="+", null=True, blank=True)
    is_stated = models.BooleanField(pgettext_lazy("fact", "Stated total"), default=False)
    number = models.PositiveIntegerField(null=True, blank=True)
    text = models.CharField(max_length=80, blank=True)
    decree = models.ForeignKey(Decree, models.PROTECT, related_name="+", null=True, blank=True)
    source = models.CharField(_("Source"), max_length=200, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        verbose_name = pgettext_lazy("fact", "fact of an organisation")
        verbose_name_plural = pgettext_lazy("fact", "facts of organisations")
        constraints = [
            models.UniqueConstraint(fields=["org", "kind", "year", "is_stated"], name="org_fact_once"),
            models.CheckConstraint(
                condition=Q(number__isnull=False, text="") | (Q(number=None) & ~Q(text="")),
                name="org_fact_says_something",
            ),
        ]
        indexes = [models.Index(fields=["year", "kind"], name="org_fact_year")]
