"""The sheet of party organisations with their yearly head-counts. Members are numbers here, never names."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.actions.decrees import record_decree
from portal.actions.orgs import move_org
from portal.actions.rosters import HeadCount, RosterOrg, count_many, open_orgs
from portal.dates import in_figures
from portal.imports.hamlets import COMMUNE
from portal.imports.kinds import Check, Outcome, SheetKind, Written
from portal.imports.lines import Line
from portal.imports.listings import org_rows
from portal.imports.party import Bodies, Body, key_of
from portal.imports.scope import Scope
from portal.imports.telling import Telling
from portal.imports.territory import Territory
from portal.imports.units import Unit
from portal.levels import OrgKind
from portal.models import Decree, ImportRun, PartyOrg, PartyOrgCount, Place, RowFate, User
from portal.permissions import Permission
from portal.sheets import shapes
from portal.sheets.headings import Column
from portal.sheets.widgets import DAY, WHOLE
from portal.vietnamese import clean, fold_words

# As offices write them; the first name of each kind stands in the drop-down.
KINDS = {
    "Đảng bộ tỉnh": OrgKind.PROVINCIAL,
    "Đảng bộ huyện": OrgKind.DISTRICT,
    "Đảng bộ xã, phường": OrgKind.COMMUNE,
    "Đảng bộ cơ sở": OrgKind.GRASSROOTS_BODY,
    "Chi bộ cơ sở": OrgKind.GRASSROOTS_CELL,
    "Đảng bộ bộ phận": OrgKind.SECTION,
    "Chi bộ ấp, khóm": OrgKind.CELL_HAMLET,
    "Chi bộ ngành": OrgKind.CELL_SECTOR,
}
SYNONYMS = {
    "Đảng bộ cấp trên trực tiếp cơ sở": OrgKind.COMMUNE,
    "Chi bộ ấp": OrgKind.CELL_HAMLET,
    "Chi bộ khóm": OrgKind.CELL_HAMLET,
    "Chi bộ khu phố": OrgKind.CELL_HAMLET,
    "Chi bộ cơ quan": OrgKind.CELL_SECTOR,
    "Chi bộ cơ quan, đơn vị": OrgKind.CELL_SECTOR,
    "Chi bộ trực thuộc": OrgKind.CELL_SECTOR,
}
MOST_MEMBERS = 500_000


@dataclass(eq=False)
class Filing:
    """What a row does: an organisation to open or move, and a head-count; `known` is none for a new one."""

    known: Body | None
    kind: str
    name: str
    superior: "int | Filing | None"
    place_id: int | None
    since: date
    decree: str
    moves: bool
    count: dict[str, int]


class PartyOrgs(SheetKind):
    name = "party-orgs"
    label = pgettext_lazy("import", "Party organisations")
    explanation = gettext_lazy("Opens organisations that are missing, and takes their head-counts of a year.")
    permission = Permission.ORG_EDIT
    consent = gettext_lazy("I agree that these party organisations are opened.")
    columns = (
        Column("name", "Tên tổ chức đảng", ("Tổ chức đảng", "Tên đảng bộ, chi bộ", "Tên chi bộ", "Chi bộ",
                                            "Đảng bộ, chi bộ", "Đơn vị"),
               required=True, example="Chi bộ ấp Mẫu 1", width=32),
        Column("kind", "Loại tổ chức", ("Loại", "Loại hình", "Loại hình tổ chức"), example="Chi bộ ấp, khóm",
               choices=tuple(KINDS), width=22, hint=gettext_lazy("Needed where the name does not say it.")),
        Column("superior", "Tổ chức đảng cấp trên", ("Cấp trên", "Trực thuộc", "Đảng bộ cấp trên"),
               example="Đảng bộ xã Mẫu", width=28),
        COMMUNE,
        Column("hamlet", "Ấp, khóm, khu phố", ("Ấp", "Khu phố", "Khóm", "Địa bàn", "Ấp, khu phố"), example="Ấp Mẫu 1",
               looks=shapes.hamlet),
        Column("members", "Số đảng viên", ("Tổng số đảng viên", "Đảng viên", "Số ĐV", "Tổng số ĐV"), example=23,
               widget=WHOLE),
        Column("exempt", "Được miễn công tác, sinh hoạt đảng", ("Miễn sinh hoạt", "Đảng viên miễn", "Số ĐV miễn",
               "Miễn công tác, sinh hoạt", "Được miễn"), example=3, width=14, widget=WHOLE),
        Column("away", "Đi làm ăn xa", ("Đi xa", "ĐV đi làm ăn xa", "Đảng viên đi làm ăn xa"), example=1, width=12,
               widget=WHOLE),
        Column("year", "Năm", ("Năm số liệu", "Số liệu năm"), example=2025, width=8,
               hint=gettext_lazy("The head-count is as of 31 December of this year."), widget=WHOLE),
        Column("since", "Từ ngày", ("Ngày thành lập",), example="01/07/2025", width=14, widget=DAY),
        Column("decree", "Số quyết định", ("Quyết định", "Quyết định số"), example="12-QĐ/ĐU", width=20,
               looks=shapes.decree),
    )  # fmt: skip

    def check_in(self, scope: Scope) -> Check:
        return _Check(scope)

    def listing(self, scope: Scope) -> Iterator[Mapping[str, Any]]:
        check = _Check(scope)
        return org_rows(scope, check.bodies, Telling(check.territory), check.meant, label_of)

    def save(self, changes: Sequence[Filing], *, scope: Scope, by: User, source: ImportRun) -> Written:
        numbers = {one.decree for one in changes if one.decree and (one.moves or one.known is None)}
        decrees = {number: record_decree(number=number, by=by, source=source) for number in sorted(numbers)}
        new = [one for one in changes if one.known is None]
        rows: dict[int, RosterOrg] = {}
        for one in new:
            superior = rows[id(one.superior)] if isinstance(one.superior, Filing) else one.superior
            rows[id(one)] = RosterOrg(
                one.kind, one.name, one.since, superior, one.place_id, decrees.get(one.decree)
            )
        orgs = open_orgs(rows=list(rows.values()), by=by, source=source) if rows else []
        keys = {id(one): org.pk for one, org in zip(new, orgs, strict=True)}
        keys.update({id(one): one.known.org_id for one in changes if one.known})
        for one in changes:
            if one.moves:
                _move(one, keys, decrees[one.decree], by, source)
        yield from zip(new, orgs, strict=True)
        counted = [one for one in changes if one.count]
        if counted:
            rows_of_counts = [HeadCount(keys[id(one)], **one.count) for one in counted]
            yield from zip(counted, count_many(rows=rows_of_counts, by=by, source=source), strict=True)


def _move(one: Filing, keys: dict[int, int], decree: Decree, by: User, source: ImportRun) -> None:
    superior = keys[id(one.superior)] if isinstance(one.superior, Filing) else one.superior
    move_org(
        org=PartyOrg.objects.get(pk=keys[id(one)]),
        parent=PartyOrg.objects.get(pk=superior) if superior else None,
        place=Place.objects.get(pk=one.place_id) if one.place_id else None,
        kind=one.kind,
        on=one.since,
        decree=decree,
        by=by,
        source=source,
    )


class _Check:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.territory = Territory(scope, Permission.ORG_EDIT)
        self.bodies = Bodies(scope, Permission.ORG_EDIT)
        self.counts = {(row.org_id, row.year): row for row in PartyOrgCount.objects.all()}
        # Organisations that earlier rows open, by name and superior, and every row's own place in the sheet.
        self.opening: dict[tuple[str, str], tuple[Filing, int]] = {}
        self.seen: dict[tuple[int, int], tuple[str, int, str]] = {}

    def __call__(self, line: Line) -> Outcome | None:
        line.require("name")
        name, superior = clean(line.text("name", longest=160)), line.text("superior")
        since = line.day("since")
        on = since or self.scope.since
        kind = line.choice("kind", KINDS, SYNONYMS) or ""
        place = self.place(line, on)
        count = self.count(line)
        decree = line.text("decree", longest=60) or self.scope.decree
        if line.problems:
            return None
        found = self.meant(name, superior, place, on)
        if len(found) > 1:
            line.attempt("name", lambda: self.bodies.one(name, on, superior=superior))
            return None
        if found:
            return self.old(line, found[0], kind, superior, place, on, decree, count)
        return self.new(line, name, kind, superior, place, on, decree, count)

    def meant(self, name: str, superior: str, place: Unit | None, on: date) -> list[Body]:
        """Cells of other communes bear the same names, so that superior and seat have to agree too."""
        found = self.bodies.named(name, on)
        if superior:
            under = self.bodies.under(found, superior, on)
            return under or [body for body in found if place and body.place_id == place.place_id]
        if place:
            found = [body for body in found if body.place_id in (None, place.place_id, place.parent_id)]
        if place and len(found) > 1:
            found = self.bodies.sitting_in(found, {place.place_id, place.parent_id or 0}, on)
        return found

    def place(self, line: Line, on: date) -> Unit | None:
        if line.filled("hamlet"):
            communes = self.territory.communes(line, on)
            text = line.text("hamlet")
            return (
                line.attempt("hamlet", lambda: self.territory.hamlet(text, communes, on))
                if communes
                else None
            )
        if line.filled("commune"):
            return line.attempt("commune", lambda: self.territory.upper(line.text("commune"), on))
        return None

    def count(self, line: Line) -> dict[str, int]:
        counts = {name: line.number_in(name, most=MOST_MEMBERS) for name in ("members", "exempt", "away")}
        year = line.number_in("year", least=1945, most=self.scope.on.year)
        if all(number is None for number in counts.values()):
            return {}
        if counts["members"] is None:
            line.refuse("members", _("Give the number of all members."))
        if (counts["exempt"] or 0) + (counts["away"] or 0) > (counts["members"] or 0):
            line.refuse("exempt", _("Exempt and away members cannot be more than all members."))
        found = {name: number or 0 for name, number in counts.items()}
        return {"year": year or self.scope.since.year, **found}

    def superior(self, line: Line, text: str, place: Unit | None, on: date) -> "int | Filing | None":
        """An organisation of the portal, or one that an earlier row opens."""
        if not text:
            return None
        earlier = [filing for (key, _above), (filing, _row) in self.opening.items() if key == key_of(text)]
        if len(earlier) == 1 and not self.bodies.named(text, on):
            return earlier[0]
        places = {place.place_id, place.parent_id or 0} if place else ()
        body = line.attempt("superior", lambda: self.bodies.one(text, on, places=places))
        return body.org_id if body else None

    def seat_of(self, superior: "int | Filing | None", on: date) -> int | None:
        """Where a row names no place, an organisation sits with its superior, so that both are in the same reach."""
        if isinstance(superior, Filing):
            return superior.place_id
        body = self.bodies.on(superior, on)
        return body.place_id if body else None

    def new(
        self, line: Line, name: str, kind: str, superior: str, place: Unit | None, on: date, decree: str,
        count: dict[str, int],
    ) -> Outcome | None:  # fmt: skip
        later = [body for spans in self.bodies.spans.values() for body in spans[:1]
                 if body.since > on and key_of(body.name) == key_of(name)]  # fmt: skip
        if later and count and not line.filled("since"):
            line.refuse("since", _("%(name)s exists since %(day)s only. Give that day or a later one.")
                        % {"name": later[0].name, "day": in_figures(later[0].since)})  # fmt: skip
        above = self.superior(line, superior, place, on)
        kind = kind or guessed_kind(name, place)
        if not kind:
            line.refuse("kind", _("Choose the kind of organisation."))
        if above is None and place is None and not line.problems and not self.scope.everywhere:
            line.refuse("superior", _("Give the superior organisation or the place where it sits."))
        known = (key_of(name), key_of(superior))
        if known in self.opening:
            line.refuse("name", _("This organisation stands in row %(row)s already. Delete the row, or correct it.")
                        % {"row": self.opening[known][1]})  # fmt: skip
        if line.problems:
            return None
        place_id = place.place_id if place else self.seat_of(above, on)
        filing = Filing(None, kind, name, above, place_id, on, decree, False, count)
        self.opening[known] = filing, line.number
        after = {"Loại tổ chức": label_of(kind), **({"Tổ chức đảng cấp trên": superior} if superior else {})}
        if place:
            after["Địa bàn"] = place.full_name
        after |= {"Từ ngày": in_figures(on), **({"Số quyết định": decree} if decree else {}), **told(count)}
        return Outcome(RowFate.ADDED, name, {}, after, filing, records=1 + bool(count))

    def old(
        self, line: Line, body: Body, kind: str, superior: str, place: Unit | None, on: date, decree: str,
        count: dict[str, int],
    ) -> Outcome | None:  # fmt: skip
        before = self.seen.setdefault((body.org_id, count.get("year", 0)), line.at)
        if before != line.at:
            line.refuse("name", _("This organisation stands in row %(row)s already. Delete the row, or correct it.")
                        % {"row": before[1]})  # fmt: skip
            return None
        above = self.superior(line, superior, place, on) if superior else body.parent_id
        before, after = self.differences(body, kind, superior, above, place, on)
        moves = bool(after)
        if moves and on <= body.since:
            line.refuse("since", _("What is kept of %(name)s holds since %(day)s. A change needs a later day.")
                        % {"name": body.name, "day": in_figures(body.since)})  # fmt: skip
        if moves and not decree:
            line.refuse("decree", _("Changing an organisation needs the decision's number."))
        if line.problems:
            return None
        if moves:
            after |= {"Từ ngày": in_figures(on), "Số quyết định": decree}
        counted = self.counts.get((body.org_id, count.get("year", 0))) if count else None
        kept = {name: getattr(counted, name) for name in count} if counted else {}
        if count and kept != count:
            before |= told({name: kept[name] for name in kept if kept[name] != count[name]})
            after |= told(
                {name: number for name, number in count.items() if kept.get(name) != number or name == "year"}
            )
        else:
            count = {}
        if not after:
            return Outcome(RowFate.UNCHANGED, body.name, target_id=body.org_id)
        place_id = place.place_id if place else body.place_id
        filing = Filing(body, kind or body.kind, body.name, above, place_id, on, decree, moves, count)
        return Outcome(RowFate.CHANGED, body.name, before, after, filing, body.org_id, bool(count) + moves)

    def differences(
        self, body: Body, kind: str, superior: str, above: Any, place: Unit | None, on: date
    ) -> tuple[dict[str, str], dict[str, str]]:
        before, after = {}, {}
        if kind and kind != body.kind:
            before["Loại tổ chức"], after["Loại tổ chức"] = label_of(body.kind), label_of(kind)
        if superior and above != body.parent_id:
            kept = self.bodies.on(body.parent_id, on)
            before["Tổ chức đảng cấp trên"], after["Tổ chức đảng cấp trên"] = (
                kept.name if kept else "",
                superior,
            )
        # A commune alone says where the list was made; only a hamlet says where the organisation sits.
        if place and place.place_id != body.place_id and (body.place_id is None or place.level == "hamlet"):
            before["Địa bàn"], after["Địa bàn"] = "", place.full_name
        return before, after


def guessed_kind(name: str, place: Unit | None) -> str:
    """What the name itself says; nothing where it leaves a doubt."""
    folded = fold_words(name)
    if folded.startswith("dang bo bo phan"):
        return OrgKind.SECTION
    if folded.startswith(("chi bo ap ", "chi bo khom ", "chi bo khu pho ", "chi bo thon ")):
        return OrgKind.CELL_HAMLET
    if folded.startswith("chi bo ") and place is not None and place.level == "hamlet":
        return OrgKind.CELL_HAMLET
    if folded.startswith("dang bo tinh"):
        return OrgKind.PROVINCIAL
    return OrgKind.DISTRICT if folded.startswith("dang bo huyen") else ""


def label_of(kind: str) -> str:
    return next(label for label, value in KINDS.items() if value == kind)


COUNTED = {
    "year": "Năm",
    "members": "Số đảng viên",
    "exempt": "Được miễn công tác, sinh hoạt đảng",
    "away": "Đi làm ăn xa",
}


def told(count: dict[str, int]) -> dict[str, str]:
    return {COUNTED[name]: str(number) for name, number in count.items()}
