"""Decrees: the document by which something was decided. Every change of territory, assignment or grade names one."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Decree(models.Model):
    number = models.CharField(_("Document number"), max_length=60)
    issuer = models.CharField(_("Issued by"), max_length=160, blank=True)
    title = models.CharField(_("Subject"), max_length=300, blank=True)
    signed = models.DateField(_("Issued on"), null=True, blank=True)
    in_force = models.DateField(_("In force from"), null=True, blank=True)

    class Meta:
        verbose_name = _("legal basis")
        verbose_name_plural = _("legal bases")
        constraints = [models.UniqueConstraint(fields=["number", "issuer"], name="decree_once")]

    def __str__(self) -> str:
        return self.number
