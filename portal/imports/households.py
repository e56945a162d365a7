"""The sheet of households: for the commune's own staff, by hamlet, group and code.

Names of heads are read only where the commune decided to keep them; elsewhere their column is left behind unread.
Hamlets and groups that are missing are opened only where the importer may do that too, and agrees to how many.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.actions.rosters import NewHousehold, add_households, change_households
from portal.databases import as_day, rows_as_kept
from portal.dates import in_figures, last_day, until_from_last
from portal.imports.hamlets import COMMUNE
from portal.imports.homes import Homes
from portal.imports.kinds import Check, Outcome, SheetKind, Written, fate_of
from portal.imports.lines import Line
from portal.imports.listings import household_rows
from portal.imports.openings import Promise, open_promised
from portal.imports.scope import Scope
from portal.imports.territory import Territory
from portal.levels import Level
from portal.lookup import communes_keeping_heads
from portal.models import Household, ImportRun, RowFate, User
from portal.permissions import Permission
from portal.places import above_each, existing, heir_ids
from portal.sheets import shapes
from portal.sheets.headings import Column
from portal.sheets.widgets import DAY, WHOLE
from portal.vietnamese import fold_words, proper_name, split_remark

NAMED = ("head", "house_number")
BAND = re.compile(r"^(?:to(?: nhan dan(?: tu quan)?| ndtq| tu quan)?(?: so)? )(\d{1,3}[a-z]?)\b")
KEPT = ("pk", "code", "place", "since", "until", "head", "house_number")


class Known(NamedTuple):
    pk: int
    code: str
    place_id: int
    since: date
    until: date | None
    head: str
    house_number: str


class Stock(dict[str, tuple[Any, ...]]):
    """The households of one place by code, as the database hands them; of most of them nobody asks."""

    def known(self, code: str) -> Known | None:
        kept = self.get(code)
        if kept is None:
            return None
        pk, code, place_id, since, until, head, house_number = kept
        return Known(pk, code, place_id, as_day(since) or date.min, as_day(until), head, house_number)


class Where(NamedTuple):
    """`key` is that of a hamlet or group, or what such a one will be."""

    key: int | Promise
    told: str
    commune_id: int
    lacks_group: bool = False


class Coming(NamedTuple):
    """A household whose hamlet or group is opened together with it."""

    household: NewHousehold
    where: Promise


class Households(SheetKind):
    name = "households"
    label = pgettext_lazy("import", "Households")
    explanation = gettext_lazy(
        "Households by hamlet and group. Only the commune's own staff may import them. Hamlets and groups that are "
        "missing can be opened with them."
    )
    permission = Permission.HOUSEHOLD_EDIT
    completes = gettext_lazy("I agree that households of these hamlets that are not in the list end.")
    reads_bands = True
    named = frozenset(NAMED)
    by_commune = True
    columns = (
        Column("number", "STT", ("TT", "Số TT", "Số thứ tự"), width=8, widget=WHOLE),
        COMMUNE,
        Column("hamlet", "Ấp, khóm, khu phố", ("Ấp", "Tên ấp", "Khu phố", "Khóm", "Ấp, khu phố", "Thôn", "Mã ấp"),
               example="Ấp Mẫu 1", width=24, looks=shapes.hamlet),
        Column("group", "Tổ nhân dân tự quản", ("Tổ NDTQ số", "Tổ số", "Tổ NDTQ", "Tổ", "Số tổ"), example="3"),
        Column("code", "Mã hộ", ("Mã số hộ", "Số hộ khẩu nội bộ", "Mã hộ gia đình"), example="001", width=14,
               hint=gettext_lazy("The commune's own number. Left empty, the ordinal within the group is taken.")),
        Column("head", "Chủ hộ", ("Họ và tên chủ hộ", "Tên chủ hộ", "Họ tên chủ hộ", "Họ và tên"), width=28,
               hint=gettext_lazy("Only where the commune has decided to keep the names of heads of households.")),
        Column("house_number", "Số nhà", ("Số nhà, đường", "Địa chỉ"), width=20),
        Column("since", "Từ ngày", ("Ngày đến",), example="01/01/2022", width=14, widget=DAY),
        Column("until", "Đến hết ngày", ("Ngày đi", "Ngày chuyển đi"), width=14, widget=DAY),
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

    def listing(self, scope: Scope) -> Iterator[Mapping[str, Any]]:
        """Names of heads for the commune's own staff only, and only where it keeps them."""
        return household_rows(scope, () if scope.everywhere or self.withheld(scope) else NAMED)

    def consent_to(self, counts: Mapping[str, int]) -> str:
        told = {"hamlets": counts.get("new_hamlets", 0), "groups": counts.get("new_groups", 0)}
        if told["hamlets"] and told["groups"]:
            return _("I agree that %(hamlets)s hamlets and %(groups)s groups are opened.") % told
        if told["hamlets"]:
            return _("I agree that %(hamlets)s hamlets are opened.") % told
        return _("I agree that %(groups)s groups are opened.") % told if told["groups"] else ""

    def is_list(self, fields: Collection[str]) -> bool:
        """A summary has a row for each hamlet, with neither groups nor anything of a household."""
        return bool({"group", "code", "head", "house_number"} & set(fields))

    def save(self, changes: Sequence[Any], *, scope: Scope, by: User, source: ImportRun) -> Written:
        coming = [change for change in changes if isinstance(change, Coming)]
        places = open_promised(
            [one.where for one in coming], since=scope.since, by=by, source=source
        ) if coming else {}  # fmt: skip
        new = [change for change in changes if isinstance(change, NewHousehold | Coming)]
        rows = [
            one.household._replace(place_id=places[one.where].pk) if isinstance(one, Coming) else one
            for one in new
        ]
        if rows:
            for change, key in zip(new, add_households(rows=rows, by=by, source=source), strict=True):
                yield change, ("portal.household", key)
        old = [change for change in changes if not isinstance(change, NewHousehold | Coming)]
        if old:
            yield from zip(old, change_households(changes=old, by=by, source=source), strict=True)


class _Check:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.territory = Territory(scope, Permission.HOUSEHOLD_EDIT, living_only=True)
        self.keeping = communes_keeping_heads(scope.on)
        self.homes = Homes(scope, self.territory)
        self.found: dict[tuple[Any, ...], Where | Line] = {}
        self.known: dict[int | Promise, Stock] = defaultdict(Stock)
        self.loaded: set[int] = set()
        self.listed: set[int | Promise] = set()
        self.provinces: dict[int, int] = {}
        self.seen: dict[tuple[int | Promise, str], tuple[str, int, str]] = {}
        self.told: dict[int | Promise, str] = {}
        self.opened: set[Promise] = set()
        self.today: dict[int, int] = {}

    def missing(self) -> Iterator[Outcome]:
        """Households of the hamlets that the list names; other hamlets are left alone."""
        for where, households in self.known.items():
            if where not in self.listed:
                continue
            for code in households:
                known = households.known(code)
                if (
                    known
                    and known.until is None
                    and known.since < self.scope.since
                    and (where, code) not in self.seen
                ):
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
        where, told, commune, _lacks = place
        self.told[where] = told
        before = self.seen.setdefault((where, code), line.at)
        if before != line.at:
            line.refuse("code", _("This household stands in row %(row)s already. Correct the code, or delete the row.")
                        % {"row": before[1]})  # fmt: skip
            return None
        if named and self.commune_today(commune) not in self.keeping:
            named = {}
            line.hint(
                "head", _("The name was left out, as no decision of this commune to keep it is entered.")
            )
        known = self.known[where].known(code)
        if known:
            return self.old(line, known, told, since, until, named)
        return self.new(line, place, code, since or self.scope.since, until, named)

    def commune_today(self, commune_id: int) -> int:
        """The commune that stands for one of the day of the list decides what is kept."""
        if commune_id not in self.today:
            heirs = heir_ids(commune_id, self.scope.on)
            self.today[commune_id] = heirs[0] if len(heirs) == 1 else commune_id
        return self.today[commune_id]

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
        if field != "head":
            return text
        name, remark = split_remark(text)
        if remark:
            line.hint("head", _("The words in brackets were left out."))
        return proper_name(name)

    def place(self, line: Line) -> Where | None:
        """Worked out once for equal cells, with everything that is wrong with them."""
        asked = tuple(str(line.stored.get(field)) for field in ("commune", "hamlet", "group")) + (line.sheet,)
        if asked not in self.found:
            alone = Line(line.sheet, line.number, line.stored, line.letters)
            self.found[asked] = self._place(alone) or alone
        found = self.found[asked]
        if isinstance(found, Line):
            line.problems += found.problems
            line.questions += found.questions
            line.is_left_out = line.is_left_out or found.is_left_out
            return None
        if found.lacks_group:
            line.hint("group", _("No group is given, so the household is kept in the hamlet."))
        return found

    def _place(self, line: Line) -> Where | None:
        # The day of the list, not of the row: a household may be older than its group.
        on = self.scope.since
        found = self.homes.of(line, on)
        if isinstance(found, Promise):
            self._load(found.commune_id, on)
            return Where(found, found.told, found.commune_id)
        if found is None:
            return None
        hamlet, group = found
        self._load(hamlet.parent_id or 0, on)
        if hamlet.place_id not in self.listed:
            inside = self.territory.children(hamlet.place_id, on)
            self.listed.update([hamlet.place_id, *(unit.place_id for unit in inside)])
        told = f"{group.full_name}, {hamlet.full_name}" if group else hamlet.full_name
        lacks_group = group is None and self.homes.has_groups(hamlet.place_id, on)
        return Where((group or hamlet).place_id, told, hamlet.parent_id or 0, lacks_group)

    def _load(self, commune_id: int, on: date) -> None:
        """All households of a commune, when its first row comes."""
        if commune_id in self.loaded:
            return
        self.loaded.add(commune_id)
        hamlets = [unit.place_id for unit in self.territory.children(commune_id, on)]
        places = [*hamlets, *(unit.place_id for key in hamlets for unit in self.territory.children(key, on))]
        province = above_each([commune_id], on, Level.PROVINCE).get(commune_id)
        if province is not None:
            self.provinces.update(dict.fromkeys([commune_id, *places], province))
        for row in rows_as_kept(Household.objects.filter(place__in=places), *KEPT):
            self.known[row[2]][row[1]] = row

    def new(
        self, line: Line, where: Where, code: str, since: date, until: date | None, named: dict[str, str]
    ) -> Outcome | None:  # fmt: skip
        if until is not None and until <= since:
            line.refuse(
                "until", _("The last day lies before the first day, %(day)s.") % {"day": in_figures(since)}
            )
            return None
        after = _told(since, until, named, until is not None)
        title = f"{code} · {where.told}"
        if isinstance(where.key, int):
            new = NewHousehold(code, where.key, self.provinces[where.key], since, until, **named)
            return Outcome(RowFate.ADDED, title, {}, after, new)
        if where.key not in self.opened:
            after[_("Opened with it")] = where.told
        coming = Coming(NewHousehold(code, 0, self.province_of(where.key), since, until, **named), where.key)
        return Outcome(RowFate.ADDED, title, {}, after, coming, creates=self.created(where.key))

    def province_of(self, where: Promise) -> int:
        return self.provinces[where.hamlet_id or where.commune_id]

    def created(self, where: Promise) -> dict[str, int]:
        """What comes into being with the first household of a hamlet or group."""
        new = [one for one in dict.fromkeys((where._replace(group=""), where)) if one not in self.opened]
        self.opened.update(new)
        hamlets = sum(1 for one in new if not one.group and one.hamlet_id is None)
        groups = sum(1 for one in new if one.group)
        return {"hamlets": hamlets, "groups": groups}

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
