"""Papers as they were issued: the very bytes, so that whoever asks again gets what was signed."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models import PartyOrg, Place, User
from reports.models.grading import Round
from reports.paper_kinds import PaperKind


class IssuedPaper(models.Model):
    """Never changed: a mistake is corrected by another paper. `since` and `until` are those of its period."""

    kind = models.CharField(pgettext_lazy("paper", "Paper"), max_length=20, choices=PaperKind.choices)
    title = models.CharField(pgettext_lazy("paper", "Title"), max_length=300)
    number = models.CharField(_("Document number"), max_length=40)
    issued_on = models.DateField(pgettext_lazy("paper", "Issued on"))
    place = models.ForeignKey(Place, models.PROTECT, related_name="papers")
    org = models.ForeignKey(PartyOrg, models.PROTECT, related_name="papers", null=True, blank=True)
    round = models.ForeignKey(Round, models.PROTECT, related_name="papers", null=True, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    content = models.BinaryField()
    content_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="papers_issued")
    issued_at = models.DateTimeField()

    class Meta:
        verbose_name = pgettext_lazy("paper", "issued paper")
        verbose_name_plural = pgettext_lazy("paper", "issued papers")
        indexes = [models.Index(fields=["place", "-issued_on", "-id"], name="paper_place_day")]

    def __str__(self) -> str:
        return self.number
