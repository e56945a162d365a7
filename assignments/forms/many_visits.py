"""Several visits on one page: a row each, and lines copied from a sheet that become rows to look at before saving."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from assignments.actions.visit_rows import DutyLine, Person
from assignments.forms.visit_parts import RowRequest
from assignments.models import Cadre, Duty
from assignments.topics import Attendance, Excuse, Topic, VisitKind
from portal.forms.fields import DayField, FreeText
from portal.models import Place
from portal.vietnamese import clean, fold_words

MOST_ROWS, LONGEST_PASTE = 10, 20_000
Grouped = Sequence[tuple[str, Sequence[tuple[int, str]]]]
# A household visit keeps other things, and has its own form.
KINDS = [(value, label) for value, label in VisitKind.choices if value != VisitKind.HOUSEHOLD_VISIT]


def attendances() -> list[tuple[str, Any]]:
    """One choice for attended, excused with its reason, absent; empty, the row is left out."""
    excused = [
        (f"{Attendance.EXCUSED}:{value}", f"{Attendance.EXCUSED.label}: {label}")
        for value, label in Excuse.choices
    ]
    return [
        ("", pgettext("visit", "Leave out")),
        (Attendance.ATTENDED.value, Attendance.ATTENDED.label),
        *excused,
        (Attendance.ABSENT.value, Attendance.ABSENT.label),
    ]


class ManyForm(forms.Form):
    author = forms.TypedChoiceField(label=pgettext_lazy("visit", "Who went"), coerce=int)
    pasted = forms.CharField(
        label=pgettext_lazy("visit", "Lines copied from Excel"),
        help_text=pgettext_lazy(
            "visit",
            "One visit a line: day, place, kind, attended or absent, note; then, if people asked for something, what "
            "has to be solved, its topic, and the day promised for the answer.",
        ),
        max_length=LONGEST_PASTE,
        required=False,
        widget=forms.Textarea,
    )

    def __init__(self, *args: Any, authors: Sequence[Cadre], **options: Any) -> None:
        super().__init__(*args, **options)
        self.authors = {cadre.pk: cadre for cadre in authors}
        self.fields["author"].choices = [(cadre.pk, cadre.full_name) for cadre in authors]  # type: ignore[attr-defined]
        self.fields["author"].initial = next(iter(self.authors), None)
        if len(self.authors) == 1:
            self.fields["author"].widget = forms.HiddenInput()


class VisitRow(forms.Form):
    """Left out where no attendance is chosen. The key is made when the row is shown, so that it is stored once."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    day = DayField(label=_("Day of the visit"), offers_today=False, help_text="")
    place = forms.TypedChoiceField(label=pgettext_lazy("visit", "Where"), coerce=int)
    kind = forms.ChoiceField(label=_("Kind of visit"))
    attendance = forms.ChoiceField(label=pgettext_lazy("visit", "Attendance"), required=False)
    nothing_new = forms.BooleanField(label=_("Nothing new to report"), required=False, initial=True)
    duty = forms.TypedChoiceField(
        label=pgettext_lazy("visit", "What the note is on"), required=False, coerce=int, empty_value=None
    )
    note = FreeText(
        label=pgettext_lazy("visit", "Note"), max_length=300, required=False, widget=forms.TextInput
    )
    sure = forms.BooleanField(label=pgettext_lazy("visit", "It is another visit"), required=False)
    # The line from which the row was read, shown until it is saved.
    line = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, places: Grouped, duties: Sequence[Duty], **options: Any) -> None:
        super().__init__(*args, **options)
        self.duties = {duty.pk: duty for duty in duties}
        choose = ("", pgettext("field", "Choose"))
        chosen: dict[str, list[Any]] = {
            "place": [choose, *places],
            "kind": [choose, *KINDS],
            "attendance": attendances(),
            "duty": [choose, *((duty.pk, duty.label) for duty in duties)],
        }
        for name, choices in chosen.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        self.fields["uuid"].initial = uuid4()
        self.request = RowRequest(
            *args,
            prefix=f"{self.prefix}-request",
            day_field=self.add_prefix("day"),
            initial=options.get("initial"),
        )
        # Set by the view where a similar visit is there already.
        self.is_alike = bool(self.is_bound and self["sure"].value())
        self.number = 0

    @property
    def is_begun(self) -> bool:
        return self.request.is_begun or any(self[name].value() for name in ("attendance", "note", "line"))

    def is_valid(self) -> bool:
        """Both are looked at, so that all that is wrong is said at once."""
        return all([super().is_valid(), self.request.is_valid()])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("attendance") and "attendance" not in self.errors:
            self.add_error("attendance", pgettext("visit", "Choose whether the meeting was attended."))
        if cleaned.get("note") and not cleaned.get("duty") and "duty" not in self.errors:
            self.add_error("duty", pgettext("visit", "Choose what the note is on."))
        return cleaned

    def content(self, author: Cadre, place: Place) -> dict[str, Any]:
        """What `log_visit` takes. A note, a request, or that nobody attended takes the tick for “nothing new” away."""
        chosen = self.cleaned_data
        attendance, _colon, excuse = chosen["attendance"].partition(":")
        duty = self.duties.get(chosen["duty"] or 0)
        asked = self.request.requested()
        is_quiet = attendance == Attendance.ATTENDED and duty is None and asked is None
        return {
            "uuid": chosen["uuid"],
            "day": chosen["day"],
            "kind": chosen["kind"],
            "place": place,
            "persons": [Person(author, attendance, excuse)],
            "duties": [DutyLine(duty, chosen["note"])] if duty else [],
            "requests": [asked] if asked else [],
            "nothing_new": chosen["nothing_new"] and is_quiet,
        }


def read_lines(lines: Iterable[str], places: Grouped) -> list[dict[str, str]]:
    """A row's fields for each line, its cells parted by tabs. What is not recognised stays empty, and the line is kept
    beside."""
    flat = [(str(key), label) for _group, rows in places for key, label in rows]
    return [_read(line, flat) for line in lines]


def _read(line: str, places: Sequence[tuple[str, str]]) -> dict[str, str]:
    cells = [clean(cell) for cell in line.split("\t")] + [""] * 8
    day, place, kind, attendance, note, asked, topic, expected = cells[:8]
    return {
        "uuid": str(uuid4()),
        "day": day,
        "place": _meant(place, places),
        "kind": _meant(kind, [(value, str(label)) for value, label in KINDS]),
        "attendance": _attendance(attendance),
        "nothing_new": "" if note or asked else "on",
        "note": note,
        "request-text": asked,
        "request-topic": _meant(topic, [(value, str(label)) for value, label in Topic.choices]),
        "request-expected": expected,
        "line": " · ".join(filter(None, map(clean, line.split("\t"))))[:1000],
    }


def _meant(text: str, choices: Iterable[tuple[str, str]]) -> str:
    """The key of the only choice that has this name, else that begins with it, else that has it in it."""
    wanted = fold_words(text)
    if not wanted:
        return ""
    folded = [(key, fold_words(label)) for key, label in choices]
    for fits in (str.__eq__, str.startswith, str.__contains__):
        found = {key for key, label in folded if fits(label, wanted)}
        if found:
            return found.pop() if len(found) == 1 else ""
    return ""


def _attendance(text: str) -> str:
    """Excused needs a reason, which nobody guesses."""
    word = fold_words(text)
    if word in {"co du", "du", "co", "co mat", "x"}:
        return Attendance.ATTENDED.value
    if word in {"vang", "vang mat", "khong du", "vang khong phep"}:
        return Attendance.ABSENT.value
    return ""
