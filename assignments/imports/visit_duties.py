"""Which of the 11 duties does a cell tick, and to which of them does the line written beside belong?"""

import re
from datetime import date

from django.utils.translation import gettext as _

from assignments.models import Duty
from portal.imports.lines import Line
from portal.places import holds_on
from portal.rules import freetext_problems
from portal.sheets import cells
from portal.vietnamese import clean, fold

BETWEEN = re.compile(r"[,;+\n\r]+")
# `NAM-1: …`, with or without tone marks and hyphen, at the beginning or after another line.
CODED = re.compile(r"(?:^|(?<=[;.\n\s]))((?:n[aă]m|g[oó]p|ki[eể]m)[\s-]*\d+)\s*:", re.IGNORECASE)
LONGEST = 300


def code_key(text: str) -> str:
    """`NAM-1`, `nam 1` and `Nắm 1` are one code."""
    return re.sub(r"[^a-z0-9]", "", fold(text))


class Duties:
    def __init__(self) -> None:
        self._of_code: dict[str, list[Duty]] = {}
        self._codes: dict[int, str] = {}
        for duty in Duty.objects.order_by("position", "since"):
            self._of_code.setdefault(code_key(duty.code), []).append(duty)
            self._codes[duty.pk] = duty.code

    def code_of(self, key: int) -> str:
        return self._codes[key]

    def of(self, line: Line, on: date) -> tuple[tuple[int, str], ...]:
        """(key, note) of every duty ticked, in the wording of that day."""
        ticked = self.ticked(line, on)
        notes = self.notes(line, ticked)
        return tuple((duty.pk, notes.get(duty.pk, "")) for duty in ticked)

    def ticked(self, line: Line, on: date) -> list[Duty]:
        text = cells.shown(line.cell("duties")) if line.text("duties", longest=LONGEST) else ""
        found: dict[int, Duty] = {}
        for part in filter(None, map(clean, BETWEEN.split(text))):
            wordings = self._of_code.get(code_key(part), [])
            duty = next((one for one in wordings if holds_on((one.since, one.until), on)), None)
            if duty is None:
                codes = ", ".join(dict.fromkeys(self._codes.values()))
                line.refuse("duties", _("“%(code)s” is none of the duties. Type codes out of: %(codes)s.")
                            % {"code": part, "codes": codes})  # fmt: skip
            else:
                found[duty.pk] = duty
        return list(found.values())

    def notes(self, line: Line, ticked: list[Duty]) -> dict[int, str]:
        text = line.text("note", longest=LONGEST * 11)
        if not text:
            return {}
        found: dict[int, str] = {}
        for code, note in self.parts(text):
            duty = self.meant(line, code, ticked)
            if duty is not None and self.may_say(line, duty, note):
                found[duty.pk] = note
        return found

    @staticmethod
    def parts(text: str) -> list[tuple[str, str]]:
        """(code, line); without a code where none is written."""
        first, *coded = CODED.split(text)
        parts = [("", clean(first))] if clean(first) else []
        for code, note in zip(coded[::2], coded[1::2], strict=True):
            parts.append((code, clean(note).rstrip(";").strip()))
        return parts

    @staticmethod
    def meant(line: Line, code: str, ticked: list[Duty]) -> Duty | None:
        if code:
            duty = next((one for one in ticked if code_key(one.code) == code_key(code)), None)
            if duty is None:
                line.refuse("note", _("%(code)s is not ticked in this row.") % {"code": code})
            return duty
        if len(ticked) == 1:
            return ticked[0]
        if ticked:
            line.refuse(
                "note", _("Say to which duty this belongs: type its code in front, as in “NAM-1: …”.")
            )
        elif not line.filled("duties"):
            line.refuse("note", _("Tick the duty to which this belongs, or leave this empty."))
        return None

    @staticmethod
    def may_say(line: Line, duty: Duty, note: str) -> bool:
        problems = [str(problem) for problem in freetext_problems(note)]
        if note and not duty.writes:
            # Not even the preview keeps it.
            line.stored = {field: cell for field, cell in line.stored.items() if field != "note"}
            problems.append(_("On internal matters only the tick is kept, without text. Report in person."))
        if len(note) > LONGEST:
            problems.append(_("At most %(n)s letters are kept of each duty.") % {"n": LONGEST})
        for problem in problems:
            line.refuse("note", problem)
        return not problems
