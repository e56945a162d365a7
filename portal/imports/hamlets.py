"""The sheet of hamlets and groups: what is missing is opened, by its decree; nothing is closed or moved."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.actions.decrees import record_decree
from portal.dates import in_figures
from portal.imports.kinds import Check, Outcome, SheetKind, Written
from portal.imports.lines import Line
from portal.imports.listings import hamlet_rows
from portal.imports.namesakes import Namesakes, old_commune
from portal.imports.openings import Opener, Opening, Target, hamlet_named, target_of
from portal.imports.scope import Scope
from portal.imports.territory import Territory
from portal.imports.units import Unit, key_of
from portal.levels import Level, full_name
from portal.models import ImportRun, Place, RowFate, User
from portal.permissions import Permission
from portal.sheets import cells, shapes
from portal.sheets.headings import Column
from portal.sheets.titles import unit_in
from portal.sheets.widgets import DAY, NUMBERS, WHOLE
from portal.vietnamese import clean, fold_words

MOST_GROUPS = 200
LETTER = re.compile(r"[^\W\d_]")
GROUP_WORDS = re.compile(r"^tổ(?:\s+(?:nhân dân tự quản|ndtq|tự quản))?(?:\s+số)?\s+", re.IGNORECASE)
CONJUNCTIONS = re.compile(r"\b(?:và|đến|tổ)\b", re.IGNORECASE)
COMMUNE = Column(
    "commune", "Xã, phường, thị trấn", ("Xã", "Xã, phường", "Phường", "Tên xã", "Mã xã", "Xã/phường"),
    example="28981", width=24, looks=shapes.commune,
    hint=gettext_lazy("Its name or code on the day of the row. Empty where the commune was chosen at the upload."),
)  # fmt: skip
HAMLET = Column(
    "hamlet", "Ấp, khóm, khu phố", ("Ấp", "Tên ấp", "Khu phố", "Khóm", "Ấp, khu phố", "Ấp/khu phố", "Thôn",
                                    "Tên ấp, khu phố", "Ấp, khóm", "Mã ấp"),
    required=True, example="Ấp Mẫu 1", width=24, looks=shapes.hamlet,
    hint=gettext_lazy("With the kind in front: Ấp …, Khóm …, Khu phố …."),
)  # fmt: skip


class Hamlets(SheetKind):
    name = "hamlets"
    label = pgettext_lazy("import", "Hamlets and groups")
    explanation = gettext_lazy("Opens the hamlets and groups that the portal does not know yet.")
    permission = Permission.TERRITORY_EDIT
    consent = gettext_lazy("I agree that these hamlets and groups are opened.")
    reads_bands = True
    summed = ("group_count", "households")
    unkept = ("households",)
    columns = (
        COMMUNE,
        HAMLET,
        Column(
            "groups", "Tổ nhân dân tự quản", ("Tổ NDTQ số", "Tổ số", "Các tổ", "Tổ NDTQ", "Tổ", "Tên tổ"),
            example="1-13", hint=gettext_lazy("One group (3), several (1, 2, 3) or a range (1-13)."), widget=NUMBERS,
        ),
        Column("group_count", "Số tổ", ("Tổng số tổ", "Số tổ NDTQ", "Số tổ nhân dân tự quản"), width=10,
               hint=gettext_lazy("Instead of the column before, where groups are numbered from 1."), widget=WHOLE),
        Column("first_group", "Từ tổ số", ("Từ tổ",), width=10, widget=WHOLE),
        Column("last_group", "Đến tổ số", ("Đến tổ",), width=10, widget=WHOLE),
        Column("old_commune", "Thuộc xã cũ", ("Xã cũ", "Xã trước sắp xếp", "Thuộc xã trước đây"), offered=False),
        Column("households", "Số hộ", ("Tổng số hộ",), offered=False),
        Column("since", "Từ ngày", ("Ngày thành lập", "Có từ ngày"), example="01/09/2025", width=14, widget=DAY,
               looks=shapes.day),
        Column("decree", "Số quyết định", ("Quyết định", "Quyết định số", "Nghị quyết"), example="12/NQ-HĐND",
               looks=shapes.decree),
    )  # fmt: skip

    def band(self, text: str) -> dict[str, str]:
        """`1. Xã Cẩm Sơn cũ` says where the hamlets under it lay before, `1. Xã Cẩm Sơn` where they lie."""
        level, name = unit_in(text) or ("", "")
        if level != Level.COMMUNE:
            return {}
        return {"old_commune" if fold_words(text).split()[-1] == "cu" else "commune": name}

    def check_in(self, scope: Scope) -> Check:
        return _Check(scope)

    def listing(self, scope: Scope) -> Iterator[Mapping[str, Any]]:
        return hamlet_rows(scope)

    def save(self, changes: Sequence[Opening], *, scope: Scope, by: User, source: ImportRun) -> Written:
        numbers = {change.decree for change in changes if change.decree}
        decrees = {number: record_decree(number=number, by=by, source=source) for number in sorted(numbers)}
        batches: dict[tuple[date, str], list[Opening]] = defaultdict(list)
        for change in changes:
            batches[change.since, change.decree].append(change)
        keys = {change.hamlet_id or change.commune_id for change in changes} | {
            one.commune_id for one in changes
        }
        opener = Opener(Place.objects.in_bulk(keys), by, source)
        for open_all in (opener.open_hamlets, opener.open_groups):
            for (since, number), batch in sorted(batches.items()):
                open_all(batch, since, decrees.get(number))
        for one in changes:
            if one.opens_hamlet:
                yield one, opener.place_of(one, "")
            yield from ((one, opener.place_of(one, group)) for group in one.groups)


class _Check:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.territory = Territory(scope, Permission.TERRITORY_EDIT)
        # Hamlets that earlier rows of the sheet open, with the groups they open, and the row.
        self.opening: dict[Target, dict[str, int]] = {}
        # And from which day.
        self.days: dict[Target, date] = {}
        self.namesakes = Namesakes(scope, self.territory)

    def foresee(self, lines: Iterable[Line]) -> None:
        self.namesakes.foresee(lines)

    def __call__(self, line: Line) -> Outcome | None:
        since = line.day("since")
        on = since or self.scope.since
        groups = self.groups(line)
        decree = line.text("decree", longest=60) or self.scope.decree
        communes = self.territory.communes(line, on)
        line.require("hamlet")
        text = line.text("hamlet", longest=120)
        if line.problems:
            return None
        old = old_commune(line)
        found = self.namesakes.found(text, old, communes, on)
        if not found and old and self.namesakes.are_several(text):
            text = line.attempt("hamlet", lambda: self.namesakes.told_apart(text, old)) or ""
            if not text:
                return None
        if len(found) > 1:
            line.attempt("hamlet", lambda: self.territory.hamlet(text, communes, on))
            return None
        if not found and len(communes) > 1:
            line.refuse(
                "commune", _("Say which commune: fill in its column, or choose the commune when uploading.")
            )
            return None
        if found:
            return self.known(line, found[0], groups, on, decree)
        return self.new(line, communes[0], text, groups, on, decree, old)

    def groups(self, line: Line) -> list[str]:
        """Names of groups, however the sheet gives them."""
        if line.filled("groups"):
            value = line.cell("groups")
            bare = GROUP_WORDS.sub("", clean(cells.shown(value)))
            if not isinstance(value, date) and LETTER.search(CONJUNCTIONS.sub("", bare)):
                # A group with a name of its own: Tổ 3A.
                return [bare]
            return [str(number) for number in line.read("groups", cells.whole_numbers) or []]
        last = line.number_in("last_group", least=1, most=MOST_GROUPS)
        if last is not None:
            first = line.number_in("first_group", least=1, most=last) or 1
            return [str(number) for number in range(first, last + 1)]
        count = line.number_in("group_count", most=MOST_GROUPS) or 0
        return [str(number) for number in range(1, count + 1)]

    def known(self, line: Line, hamlet: Unit, groups: list[str], on: date, decree: str) -> Outcome:
        missing = [name for name in groups if not self.territory.find_group(name, hamlet, on)]
        return self.outcome(
            line,
            hamlet.kind,
            hamlet.name,
            hamlet.parent_id or 0,
            hamlet.place_id,
            missing,
            on,
            decree,
            str(hamlet.place_id),
        )

    def new(
        self, line: Line, commune: Unit, text: str, groups: list[str], on: date, decree: str, old: str
    ) -> Outcome | None:
        kind, name = hamlet_named(text, commune)
        if kind is None:
            line.refuse("hamlet", _("Type the kind of unit before the name: Ấp …, Khóm … or Khu phố …."))
            return None
        later = self.territory.later_hamlet(full_name(kind, name), commune, on)
        if later:
            self.refuse_before(line, later.full_name, later.since)
            return None
        old = fold_words(old) if self.namesakes.are_several(text) else ""
        target = target_of(commune.place_id, kind, name, old)
        first = self.days.get(target, on)
        if on < first:
            self.refuse_before(line, full_name(kind, name), first)
            return None
        outcome = self.outcome(line, kind, name, commune.place_id, None, groups, on, decree, old)
        if outcome:
            self.days.setdefault(target, on)
        return outcome

    def refuse_before(self, line: Line, unit: str, since: date) -> None:
        told = {"unit": unit, "day": in_figures(since)}
        line.refuse("since", _("%(unit)s exists since %(day)s only. Give that day or a later one.") % told)

    def outcome(
        self, line: Line, kind: str, name: str, commune_id: int, hamlet_id: int | None, groups: list[str], on: date,
        decree: str,
        old: str,
    ) -> Outcome:  # fmt: skip
        target = target_of(commune_id, kind, name, old)
        opened_before = target in self.opening
        taken = self.opening.setdefault(target, {})
        repeated = [one for one in groups if key_of(one) in taken]
        groups = [one for one in dict.fromkeys(groups) if key_of(one) not in taken]
        if repeated:
            line.hint("groups", _("Already in row %(row)s: %(groups)s")
                      % {"row": taken[key_of(repeated[0])], "groups": ", ".join(repeated)})  # fmt: skip
        taken.update({key_of(one): line.number for one in groups})
        opens_hamlet = hamlet_id is None and not opened_before
        title = full_name(kind, name)
        if not opens_hamlet and not groups:
            return Outcome(RowFate.UNCHANGED, title, target_id=hamlet_id)
        after = {"Ấp, khóm, khu phố": title} if opens_hamlet else {}
        if groups:
            after["Tổ nhân dân tự quản"] = ", ".join(groups)
        after["Từ ngày"] = in_figures(on)
        if decree:
            after["Số quyết định"] = decree
        change = Opening(commune_id, kind, name, hamlet_id, groups, on, decree, opens_hamlet, old)
        return Outcome(RowFate.ADDED, title, {}, after, change, hamlet_id, len(groups) + opens_hamlet)
