"""The document by which photographs of public works are kept, or no longer are."""

from django.utils.translation import pgettext_lazy

from portal.forms.decrees import DecreeFields
from portal.forms.fields import DayField


class PhotoPolicyForm(DecreeFields):
    on = DayField(label=pgettext_lazy("field", "From"))

    field_order = ("on", "number", "issuer", "signed")
