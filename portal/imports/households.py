"""The sheet of households: for the commune's own staff, by hamlet, group and code. It never opens hamlets or groups.

Names of heads are read only where the commune decided to keep them; elsewhere their column is left behind unread.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.actions.rosters import NewHousehold, add_households, change_households
from portal.dates import in_figures, last_day, until_from_last
from portal.imports.hamlets import COMMUNE
from portal.imports.kinds import Check, Outcome, SheetKind, Written, fate_of
from portal.imports.lines import Line
from portal.imports.scope import Scope
from portal.imports.territory import Territory, Unit
from portal.levels import Level
from portal.lookup import communes_keeping_heads
from portal.models import Household, ImportRun, RowFate, User
from portal.permissions import Permission
from portal.places import above_each, existing
from portal.sheets import cells
from portal.sheets.headings import Column
from portal.vietnamese import fold_words, proper_name, split_remark

NAMED = ("head", "house_number")
BAND = re.compile(r"^(?:to(?: nhan dan(?: tu quan)?| ndtq| tu quan)?(?: so)? )(\d{1,3}[a-z]?)\b")
# Rows of `values_list` are a third of the memory of model rows.
KEPT = ("pk", "code", "place", "since", "until", "head", "house_number")


@dataclass(slots=True)
class Known:
    pk: int
    code: str
    place_id: int
    since: date
    until: date | None
    head: str
    house_number: str


class Households(SheetKind):
    name = "households"
    label = pgettext_lazy("import", "Households")
    explanation = gettext_lazy(
        "Codes of households by hamlet and group. Only the commune's own staff may import them."
    )
    permission = Permission.HOUSEHOLD_EDIT
    completes = gettext_lazy("I agree that households of these hamlets that are not in the list end.")
    reads_bands = True
    columns = (
        Column("number", "STT", ("TT", "Số TT", "Số thứ tự"), width=8),
        COMMUNE,
        Column("hamlet", "Ấp, khóm, khu phố", ("Ấp", "Tên ấp", "Khu phố", "Khóm", "Ấp, khu phố", "Thôn", "Mã ấp"),
               example="Ấp Mẫu 1", width=24),
        Column("group", "Tổ nhân dân tự quản", ("Tổ NDTQ số", "Tổ số", "Tổ NDTQ", "Tổ", "Số tổ"), example="3"),
        Column("code", "Mã hộ", ("Mã số hộ", "Số hộ khẩu nội bộ", "Mã hộ gia đình"), example="001", width=14,
               hint=gettext_lazy("The commune's own number. Left empty, the ordinal within the group is taken.")),
        Column("head", "Chủ hộ", ("Họ và tên chủ hộ", "Tên chủ hộ", "Họ tên chủ hộ", "Họ và tên"), width=28,
               hint=gettext_lazy("Only where the commune has decided to keep the names of heads of households.")),
        Column("house_number", "Số nhà", ("Số nhà, đường", "Địa chỉ"), width=20),
        Column("since", "Từ ngày", ("Ngày đến",), example="01/01/2022", width=14),
        Column("until", "Đến hết ngày", ("Ngày đi", "Ngày chuyển đi"), width=14),
    )  # fmt: skip

    def withheld(self, scope: Scope) -> dict[str, str]:
        allowed = scope.living(self.permission)
        if allowed is not None:
            communes = set(existing(scope.on, Level.COMMUNE).values_list("pk", flat=True)) & allowed
            if communes and communes <= communes_keeping_heads(scope.on):
                return {}
        return dict.fromkeys(NAMED, _("not accepted, as no decision of the commune to keep it is entered"))

    def band(self, text: str) -> dict[str, str]:
        """`TỔ NDTQ SỐ 3 – Tổ trưởng: …` says the group; the name beside it is not kept."""
        found = BAND.match(f"{fold_words(text)} ")
        return {"group": found[1]} if found else {}

    def check_in(self, scope: Scope) -> Check:
        return _Check(scope)

    def save(self, changes: Sequence[Any], *, scope: Scope, by: User, source: ImportRun) -> Written:
        new = [change for change in changes if isinstance(change, NewHousehold)]
        if new:
            yield from zip(new, add_households(rows=new, by=by, source=source), strict=True)
        old = [change for change in changes if not isinstance(change, NewHousehold)]
        if old:
            yield from zip(old, change_households(changes=old, by=by, source=source), strict=True)


class _Check:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.territory = Territory(scope, Permission.HOUSEHOLD_EDIT, living_only=True)
        self.keeping = communes_keeping_heads(scope.on)
        self.found: dict[tuple[Any, ...], tuple[Unit, Unit | None, str] | list[tuple[str, str, str]]] = {}
        self.known: dict[int, dict[str, Known]] = {}
        self.provinces: dict[int, int] = {}
        self.seen: dict[tuple[int, str], tuple[str, int]] = {}
        self.told: dict[int, str] = {}

    def missing(self) -> Iterator[Outcome]:
        """Households of the hamlets that the list names; other hamlets are left alone."""
        for where, households in self.known.items():
            for code, known in households.items():
                if known.until is None and known.since < self.scope.since and (where, code) not in self.seen:
                    fields = {"until": self.scope.since}
                    title = " · ".join(filter(None, (code, self.told.get(where, ""))))
                    after = _told_fields(fields)
                    yield Outcome(RowFate.ENDED, title, {}, after, (known.pk, fields), known.pk)

    def __call__(self, line: Line) -> Outcome | None:
        since, until = line.day("since"), until_from_last(line.day("until"))
        code = self.code(line)
        place = self.place(line)
        named = {name: self.named(line, name) for name in NAMED if line.filled(name)}
        if place is None or line.problems:
            return None
        where, told, commune = place
        self.told[where] = told
        before = self.seen.setdefault((where, code), (line.sheet, line.number))
        if before != (line.sheet, line.number):
            line.refuse("code", _("This household stands in row %(row)s already. Correct the code, or delete the row.")
                        % {"row": before[1]})  # fmt: skip
            return None
        if named and commune not in self.keeping:
            named = {}
            line.hint(
                "head", _("The name was left out, as no decision of this commune to keep it is entered.")
            )
        known = self.known[where].get(code)
        if known:
            return self.old(line, known, told, since, until, named)
        return self.new(line, where, code, told, since or self.scope.since, until, named)

    def code(self, line: Line) -> str:
        if line.filled("code"):
            return line.text("code", longest=40)
        if not line.filled("number"):
            line.refuse("code", _("Give the household a code, or its ordinal within the group."))
        number = line.number_in("number", least=1, most=99_999)
        return f"{number:03}" if number else ""

    @staticmethod
    def named(line: Line, field: str) -> str:
        text = line.text(field, longest=120)
        return proper_name(split_remark(text)[0]) if field == "head" else text

    def place(self, line: Line) -> tuple[int, str, int] | None:
        """Key of the group or hamlet, its name for people, and the commune; resolved once for equal cells."""
        asked = (line.stored.get("commune"), line.stored.get("hamlet"), line.stored.get("group"), line.sheet)
        asked = tuple(map(str, asked))
        if asked not in self.found:
            before = len(line.problems)
            self.found[asked] = self._place(line) or line.problems[before:]
            if before < len(line.problems):
                return None
        found = self.found[asked]
        if isinstance(found, list):
            line.problems += found
            return None
        hamlet, group, told = found
        return (group or hamlet).place_id, told, hamlet.parent_id or 0

    def _place(self, line: Line) -> tuple[Unit, Unit | None, str] | None:
        # The day of the list, not of the row: a household may be older than its group.
        on = self.scope.since
        communes = self.territory.communes(line, on)
        text = line.text("hamlet") or line.sheet
        if not communes:
            return None
        hamlet = line.attempt("hamlet", lambda: self.territory.hamlet(text, communes, on))
        if hamlet is None:
            return None
        group = None
        if line.filled("group"):
            name = cells.shown(line.cell("group"))
            group = line.attempt("group", lambda: self.territory.group(name, hamlet, on))
            if group is None:
                return None
        elif any(unit.level == Level.GROUP for unit in self.territory.children(hamlet.place_id, on)):
            line.hint("group", _("No group is given, so the household is kept in the hamlet."))
        self._load(hamlet, on)
        told = f"{group.full_name}, {hamlet.full_name}" if group else hamlet.full_name
        return hamlet, group, told

    def _load(self, hamlet: Unit, on: date) -> None:
        """All households of a hamlet and its groups, when its first row comes."""
        if hamlet.place_id in self.known:
            return
        places = [hamlet.place_id, *(unit.place_id for unit in self.territory.children(hamlet.place_id, on))]
        self.provinces.update(above_each(places, on, Level.PROVINCE))
        for place in places:
            self.known[place] = {}
        for row in Household.objects.filter(place__in=places).values_list(*KEPT).iterator():
            known = Known(*row)
            self.known[known.place_id][known.code] = known

    def new(
        self, line: Line, where: int, code: str, told: str, since: date, until: date | None, named: dict[str, str]
    ) -> Outcome | None:  # fmt: skip
        if until is not None and until <= since:
            line.refuse(
                "until", _("The last day lies before the first day, %(day)s.") % {"day": in_figures(since)}
            )
            return None
        new = NewHousehold(code, where, self.provinces[where], since, until, **named)
        after = _told(since, until, named, until is not None)
        return Outcome(RowFate.ADDED, f"{code} · {told}", {}, after, new)

    def old(
        self, line: Line, known: Known, told: str, since: date | None, until: date | None, named: dict[str, str]
    ) -> Outcome | None:  # fmt: skip
        fields: dict[str, Any] = {"since": since, "until": until, **named}
        fields = {name: value for name, value in fields.items() if value and value != getattr(known, name)}
        end, begin = fields.get("until", known.until), fields.get("since", known.since)
        if end is not None and end <= begin:
            line.refuse(
                "until", _("The last day lies before the first day, %(day)s.") % {"day": in_figures(begin)}
            )
            return None
        title = f"{known.code} · {told}"
        if not fields:
            return Outcome(RowFate.UNCHANGED, title, target_id=known.pk)
        before = _told_fields({name: getattr(known, name) for name in fields})
        after = _told_fields(fields)
        ended = set(fields) == {"until"} and known.until is None
        fate = RowFate.ENDED if ended else fate_of(before, after)
        return Outcome(fate, title, before, after, (known.pk, fields), known.pk)


HEADINGS = {column.field: column.heading for column in Households.columns}


def _told(since: date, until: date | None, named: dict[str, str], ended: bool) -> dict[str, str]:
    return _told_fields({"since": since, **({"until": until} if ended else {}), **named})


def _told_fields(fields: dict[str, Any]) -> dict[str, str]:
    def told(name: str, value: Any) -> str:
        if name == "until":
            return in_figures(last_day(value))
        return in_figures(value) if isinstance(value, date) else str(value or "")

    return {HEADINGS[name]: told(name, value) for name, value in fields.items()}
