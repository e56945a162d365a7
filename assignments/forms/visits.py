"""The form of a visit: prefilled as far as is known, whole on one page, usable with one hand and without JavaScript."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from assignments.actions.visit_rows import DutyLine, Person
from assignments.forms.visit_parts import Choices, ContributionForm, Part, PromiseForm, RequestForm
from assignments.models import Cadre, Duty, Point, Team
from assignments.topics import Attendance, Capacity, DutyGroup, Excuse, VisitKind
from portal.forms.fields import DayField, FreeText
from portal.models import Household, PartyOrg, Place
from portal.places import within_any

PROMISES, CONTRIBUTIONS, REQUESTS = 2, 2, 2
CAPACITIES = [(value, label) for value, label in Capacity.choices if value != Capacity.ASSIGNED]


class PointTick(forms.CheckboxInput):
    """Bears the words that were read; where they have changed since, it counts as clear."""

    def __init__(self, words: str) -> None:
        super().__init__(attrs={"value": words})
        self.words = words

    def value_from_datadict(self, data: Any, files: Any, name: str) -> bool:
        return data.get(name) == self.words


class VisitForm(forms.Form):
    """What is known about everyone and everything offered comes from the view; `households` is None out of reach."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    # The planned visit from which this one is logged.
    plan = forms.UUIDField(widget=forms.HiddenInput, required=False)
    place = forms.TypedChoiceField(label=pgettext_lazy("visit", "Where"), coerce=int)
    day = DayField(label=_("Day of the visit"))
    kind = forms.ChoiceField(label=_("Kind of visit"), choices=VisitKind.choices, widget=forms.RadioSelect)
    org = forms.TypedChoiceField(
        label=pgettext_lazy("party", "Party cell"), required=False, coerce=int, empty_value=None
    )
    household = forms.CharField(label=_("Household code"), max_length=40, required=False)
    author = forms.TypedChoiceField(label=pgettext_lazy("visit", "Who went"), coerce=int)
    attendance = forms.ChoiceField(
        label=pgettext_lazy("visit", "Attendance"), choices=Attendance.choices, widget=forms.RadioSelect
    )
    excuse = forms.ChoiceField(label=pgettext_lazy("excuse", "Reason for being excused"), required=False)
    capacity = forms.ChoiceField(
        label=pgettext_lazy("capacity", "If this place is not assigned to you"),
        choices=CAPACITIES,
        widget=forms.RadioSelect,
        required=False,
    )
    nothing_new = forms.BooleanField(label=_("Nothing new to report"), required=False)

    def __init__(
        self,
        *args: Any,
        places: Choices,
        orgs: Choices,
        authors: Sequence[Cadre],
        companions: Sequence[Cadre],
        duties: Iterable[Duty],
        households: QuerySet[Household] | None,
        points: Sequence[Point] = (),
        teams: Sequence[tuple[Team, list[Cadre]]] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.companions, self.duties, self.households = list(companions), list(duties), households
        self.points, self.teams = list(points), list(teams)
        self.authors = {cadre.pk: cadre for cadre in authors}
        self.fields["uuid"].initial = uuid4()
        self.fields["place"].choices = [("", pgettext("field", "Choose")), *places]
        self.fields["org"].choices = [("", pgettext("visit", "The only cell of the place")), *orgs]
        self.fields["author"].choices = [(cadre.pk, cadre.full_name) for cadre in authors]
        self.fields["excuse"].choices = [("", pgettext("field", "Choose")), *Excuse.choices]
        self.fields["author"].initial = next(iter(self.authors), None)
        if len(self.authors) == 1:
            self.fields["author"].widget = forms.HiddenInput()
        if len(orgs) < 2:
            self.fields["org"].widget = forms.HiddenInput()
        if households is None:
            del self.fields["household"]
        else:
            self.fields["household"].help_text = _("Only for a household visit. Never a name.")
        self._add_companions()
        self._add_teams()
        self._add_duties()
        for point in self.points:
            self.fields[f"point_{point.pk}"] = forms.BooleanField(
                label=point.text, required=False, widget=PointTick(point.fingerprint)
            )

    def _add_companions(self) -> None:
        """Each colleague takes one select, so that a thumb can do it: attended, excused for a reason, absent."""
        excused = [
            (f"{Attendance.EXCUSED}:{value}", f"{Attendance.EXCUSED.label}: {label}")
            for value, label in Excuse.choices
        ]
        choices = [
            ("", pgettext("visit", "Not concerned")),
            (Attendance.ATTENDED.value, Attendance.ATTENDED.label),
            *excused,
            (Attendance.ABSENT.value, Attendance.ABSENT.label),
        ]
        for cadre in self.companions:
            self.fields[f"with_{cadre.pk}"] = forms.ChoiceField(
                label=cadre.full_name, choices=choices, required=False
            )

    def _add_teams(self) -> None:
        """Only where one is a member of a team that attends a cell of the place."""
        if not self.teams:
            return
        self.fields["team"] = forms.TypedChoiceField(
            label=pgettext("team", "Logged for"),
            choices=[
                ("", pgettext("team", "Myself only")),
                *((team.pk, str(team)) for team, _members in self.teams),
            ],
            coerce=int,
            empty_value=None,
            required=False,
            widget=forms.RadioSelect,
        )
        for cadre in self.team_members:
            self.fields[f"member_{cadre.pk}"] = forms.BooleanField(label=cadre.full_name, required=False)

    @property
    def team_members(self) -> list[Cadre]:
        """The others in these teams; whoever alone may be the author needs no tick."""
        only = next(iter(self.authors)) if len(self.authors) == 1 else None
        found = {cadre.pk: cadre for _team, members in self.teams for cadre in members if cadre.pk != only}
        return list(found.values())

    def _add_duties(self) -> None:
        for duty in self.duties:
            self.fields[f"duty_{duty.pk}"] = forms.BooleanField(label=duty.label, required=False)
            if duty.writes:
                note = FreeText(label=duty.label, max_length=300, required=False, widget=forms.TextInput)
                self.fields[f"note_{duty.pk}"] = note

    # For the template ------------------------------------------------------------------------------

    @property
    def with_fields(self) -> list[forms.BoundField]:
        return [self[f"with_{cadre.pk}"] for cadre in self.companions]

    @property
    def member_fields(self) -> list[forms.BoundField]:
        return [self[f"member_{cadre.pk}"] for cadre in self.team_members]

    @property
    def has_company(self) -> bool:
        return any(bound.value() for bound in self.with_fields)

    @property
    def author_name(self) -> str:
        """Whose name stands beside "who went"; the first one offered until another is chosen."""
        chosen = str(self["author"].value() or "")
        named = [cadre.full_name for key, cadre in self.authors.items() if str(key) == chosen]
        return named[0] if named else next((cadre.full_name for cadre in self.authors.values()), "")

    @property
    def point_lines(self) -> list[dict[str, Any]]:
        ticks = self.point_ticks
        return [
            {
                "point": point,
                "tick": self[f"point_{point.pk}"],
                "is_changed": ticks.get(point.pk, point.fingerprint) != point.fingerprint,
            }
            for point in self.points
        ]

    @property
    def point_ticks(self) -> dict[int, str]:
        """Of all that were ticked, also of points that are no longer offered, the words that were read."""
        found = {
            name.removeprefix("point_"): value
            for name, value in self.data.items()
            if value and name.startswith("point_")
        }
        return {
            int(key): value
            for key, value in found.items()
            if key.isascii() and key.isdigit() and len(key) < 12
        }

    @property
    def has_duties(self) -> bool:
        return any(fold["chosen"] or fold["is_open"] for fold in self.duty_folds)

    @property
    def duty_folds(self) -> list[dict[str, Any]]:
        """The three groups, each with its lines; open where something in it is ticked or wrong."""
        folds = []
        for group, rows in groupby(self.duties, key=lambda duty: duty.group):
            lines = [
                {
                    "duty": duty,
                    "tick": self[f"duty_{duty.pk}"],
                    "note": self[f"note_{duty.pk}"] if duty.writes else None,
                }
                for duty in rows
            ]
            chosen = sum(bool(line["tick"].value()) for line in lines)
            written = any(line["note"] is not None and line["note"].value() for line in lines)
            label = DutyGroup(group).label
            folds.append(
                {"label": label, "lines": lines, "chosen": chosen, "is_open": bool(chosen) or written}
            )
        return folds

    # For the action --------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("nothing_new"):
            cleaned["attendance"], cleaned["excuse"] = Attendance.ATTENDED, ""
        if cleaned.get("attendance") == Attendance.EXCUSED and not cleaned.get("excuse"):
            self.add_error("excuse", _("Choose the reason for being excused."))
        if cleaned.get("attendance") != Attendance.EXCUSED:
            cleaned["excuse"] = ""
        if cleaned.get("household"):
            cleaned["household"] = self._household(cleaned)
        ticked = any(cleaned.get(f"member_{cadre.pk}") for cadre in self.team_members)
        if ticked and not cleaned.get("team") and "team" not in self.errors:
            self.add_error("team", _("Choose the team, or clear the ticks of its members."))
        return cleaned

    def _household(self, cleaned: dict[str, Any]) -> Household | None:
        if cleaned.get("kind") != VisitKind.HOUSEHOLD_VISIT:
            self.add_error("household", _("Choose “household visit”, or clear the household code."))
            return None
        inside = within_any([cleaned.get("place") or 0], cleaned.get("day") or timezone.localdate())
        found = list(self.households.filter(code__iexact=cleaned["household"], place__in=inside)[:2])
        if not found:
            self.add_error("household", _("There is no household with this code in the chosen place."))
        elif len(found) > 1:
            self.add_error(
                "household", _("Several groups have a household with this code. Choose the group.")
            )
        return found[0] if len(found) == 1 else None

    def content(self) -> dict[str, Any]:
        """What `log_visit` takes, but for the parts that stand in forms of their own."""
        chosen = self.cleaned_data
        org = chosen.get("org")
        as_team = {"team": self._team} if self._team else {}
        return {
            **as_team,
            "day": chosen["day"],
            "kind": chosen["kind"],
            "place": Place.objects.get(pk=chosen["place"]),
            "org": PartyOrg.objects.get(pk=org) if org else None,
            "household": chosen.get("household") or None,
            "persons": list(self._persons()),
            "duties": [
                DutyLine(duty, chosen.get(f"note_{duty.pk}", ""))
                for duty in self.duties
                if chosen[f"duty_{duty.pk}"] or chosen.get(f"note_{duty.pk}")
            ],
            "nothing_new": chosen["nothing_new"],
            "points": [point for point in self.points if self.point_ticks.get(point.pk) == point.fingerprint],
        }

    @property
    def _team(self) -> Team | None:
        chosen = self.cleaned_data.get("team")
        return next((team for team, _members in self.teams if team.pk == chosen), None)

    def _persons(self) -> Iterable[Person]:
        """The author, those ticked of the team, and colleagues; nobody twice."""
        chosen, team = self.cleaned_data, self._team
        capacity = Capacity.ALONGSIDE if team else chosen.get("capacity") or Capacity.STAND_IN
        author = Person(self.authors[chosen["author"]], chosen["attendance"], chosen["excuse"], capacity)
        went = {author.cadre.pk: author}
        for each, members in self.teams:
            for cadre in members if each == team else []:
                if chosen.get(f"member_{cadre.pk}"):
                    went.setdefault(cadre.pk, Person(cadre, Attendance.ATTENDED, "", Capacity.ALONGSIDE))
        for cadre in self.companions:
            attendance, _colon, excuse = chosen[f"with_{cadre.pk}"].partition(":")
            if attendance:
                went.setdefault(cadre.pk, Person(cadre, attendance, excuse, Capacity.ALONGSIDE))
        return went.values()


class CorrectionForm(VisitForm):
    reason = FreeText(
        label=pgettext_lazy("visit", "Why it is corrected"), max_length=300, widget=forms.TextInput
    )


class ReasonForm(forms.Form):
    reason = FreeText(label=_("Reason"), max_length=300, widget=forms.TextInput)


class ReturnForm(forms.Form):
    comment = FreeText(label=_("What is missing"), max_length=300, widget=forms.TextInput)


class Parts:
    """The lines below the visit form, bound and checked together."""

    def __init__(
        self,
        posted: Any,
        *,
        agencies: Choices,
        promises: Sequence[dict] = (),
        contributions: Sequence[dict] = (),
        requests: int = REQUESTS,
    ) -> None:
        def several(
            kind: type[Part], prefix: str, number: int, known: Sequence[dict], **options: Any
        ) -> list[Any]:
            return [
                kind(posted, prefix=f"{prefix}{index}", initial=dict(enumerate(known)).get(index), **options)
                for index in range(max(number, len(known) + 1) if known else number)
            ]

        self.promises = several(PromiseForm, "promise", PROMISES, promises)
        self.contributions = several(ContributionForm, "gift", CONTRIBUTIONS, contributions)
        self.requests = several(RequestForm, "request", requests, (), agencies=agencies)

    @property
    def forms(self) -> list[Part]:
        return [*self.promises, *self.contributions, *self.requests]

    def are_valid(self) -> bool:
        """All of them are checked, so that every mistake is told at once."""
        checked = [part.is_valid() for part in self.forms]
        return all(checked)

    def content(self) -> dict[str, Any]:
        return {
            "promises": [found for part in self.promises if (found := part.promised())],
            "contributions": [found for part in self.contributions if (found := part.given())],
        }

    def requested(self) -> list[Any]:
        return [found for part in self.requests if (found := part.requested())]
