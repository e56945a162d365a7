"""What a download with names in it is for: chosen from a closed list, printed in its footer, kept in the audit book."""

from django import forms
from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Purpose(TextChoices):
    REPORT = "report", pgettext_lazy("purpose", "Report to the committee")
    DUTY = "duty", pgettext_lazy("purpose", "Assigning and steering the work")
    CHECK = "check", pgettext_lazy("purpose", "Inspection and supervision")
    HANDOVER = "handover", pgettext_lazy("purpose", "Hand-over")


class PurposeForm(forms.Form):
    purpose = forms.ChoiceField(
        label=pgettext_lazy("purpose", "What the list is for"),
        choices=Purpose.choices,
        widget=forms.RadioSelect,
    )
