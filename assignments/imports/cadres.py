"""The sheet of cadres with their posts. Places have to be there already, and assignments have a sheet of their own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assignments.actions.roster_bulk import BulkCadre, BulkPost
from assignments.actions.rosters import PostChange, save_cadres
from assignments.imports.listings import cadre_rows
from assignments.imports.people import (
    CODE,
    NAME,
    PHONE,
    WORKPLACE,
    People,
    Person,
    Post,
    name_of,
    require_person,
    same_workplace,
    with_its_zero,
    workplace_key,
)  # fmt: skip
from assignments.topics import Tier
from portal.dates import in_figures, last_day, until_from_last
from portal.imports.kinds import Check, Outcome, SheetKind, Written
from portal.imports.lines import Line
from portal.imports.scope import Scope
from portal.imports.territory import Territory
from portal.imports.units import Unit
from portal.models import ImportRun, RowFate, User
from portal.permissions import Permission
from portal.sheets import cells, shapes
from portal.sheets.headings import Column
from portal.sheets.widgets import DAY
from portal.sheets.workbook import Cell
from portal.vietnamese import clean, fold_words

TIERS = {"Tỉnh": Tier.PROVINCE, "Huyện": Tier.DISTRICT, "Xã": Tier.COMMUNE}
TIERS_TOO = {
    "Cấp tỉnh": Tier.PROVINCE,
    "Cấp huyện": Tier.DISTRICT,
    "Cấp xã": Tier.COMMUNE,
    "Phường": Tier.COMMUNE,
}
TITLE, WORK, RING, UNTIL = "Chức vụ", "Đơn vị công tác", "Điện thoại", "Đến hết ngày"


@dataclass(eq=False)
class Filing:
    """What a row does for a person: posts that begin, change or end, and the telephone where it is another one."""

    person: Person
    phone: str = ""
    posts: list[BulkPost] = field(default_factory=list)
    changes: list[PostChange] = field(default_factory=list)


class Cadres(SheetKind):
    name = "cadres"
    label = pgettext_lazy("import", "Cadres")
    explanation = gettext_lazy("People with their posts, workplaces and telephones.")
    permission = Permission.IMPORT
    named = frozenset({"name", "phone"})
    consent = gettext_lazy("I agree that these people are put on the roster.")
    columns = (
        NAME,
        Column("title", "Chức vụ", ("Chức danh", "Chức vụ, chức danh"), required=True, example="Công chức", width=26),
        Column("workplace", WORKPLACE.heading, WORKPLACE.synonyms, required=True, example=WORKPLACE.example, width=30),
        PHONE,
        Column("tier", "Cấp", ("Cấp công tác",), example="Xã", choices=tuple(TIERS), width=10,
               hint=gettext_lazy("From which level the cadre comes; left empty, the level of the unit.")),
        Column("place", "Xã, huyện, tỉnh", ("Thuộc xã", "Xã", "Xã, phường", "Địa bàn của đơn vị",
                                            "Xã, phường, thị trấn", "Đơn vị hành chính"),
               example="Xã Mẫu", width=22, hint=gettext_lazy("On whose roster the cadre is; empty for your own unit.")),
        Column("since", "Từ ngày", ("Ngày nhận nhiệm vụ", "Ngày bổ nhiệm"), example="01/07/2025", width=14, widget=DAY,
               looks=shapes.day),
        Column("until", UNTIL, ("Đến ngày",), width=14,
               hint=gettext_lazy("The last day of the post, where it has ended."), widget=DAY),
        CODE,
    )  # fmt: skip

    def staged(self, field: str, cell: Cell) -> Cell:
        return with_its_zero(cell) if field == "phone" else cell

    def check_in(self, scope: Scope) -> Check:
        return _Check(scope)

    def listing(self, scope: Scope) -> Iterator[Mapping[str, Any]]:
        return cadre_rows(scope, TIERS)

    def save(self, changes: Sequence[Filing], *, scope: Scope, by: User, source: ImportRun) -> Written:
        people: dict[int, Filing] = {}
        for one in changes:
            kept = people.setdefault(id(one.person), one)
            if kept is not one:
                kept.posts += one.posts
                kept.changes += one.changes
                kept.phone = one.phone or kept.phone
        new = [one for one in people.values() if one.person.pk is None]
        old = {one.person.pk: one for one in people.values() if one.person.pk is not None}
        cadres = save_cadres(
            new=[BulkCadre(one.person.full_name, one.person.phone, one.posts) for one in new],
            phones={key: one.phone for key, one in old.items() if one.phone},
            changes=[change for one in old.values() for change in one.changes],
            posts=[(key, post) for key, one in old.items() for post in one.posts],
            by=by,
            source=source,
        )
        yield from zip(new, cadres, strict=True)
        for key, one in old.items():
            yield one, ("assignments.cadre", key)
            yield from ((one, ("assignments.cadrepost", change.post_id)) for change in one.changes)


class _Check:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.people = People(scope)
        self.territory = Territory(scope, Permission.IMPORT)
        self.seen: dict[tuple[int, str, str], tuple[str, int, str]] = {}

    def __call__(self, line: Line) -> Outcome | None:
        require_person(line)
        line.require("title", "workplace")
        since, until = line.day("since"), until_from_last(line.day("until"))
        on = since or self.scope.since
        tier = line.choice("tier", TIERS, TIERS_TOO) or ""
        place = self.place(line, on, tier)
        title, workplace = clean(line.text("title", longest=160)), clean(line.text("workplace", longest=160))
        phone = line.read("phone", cells.phone) or ""
        name = name_of(line)
        if until is not None and since and until <= since:
            line.refuse(
                "until", _("The last day lies before the first day, %(day)s.") % {"day": in_figures(since)}
            )
        person = self.people.meant(line, name, on) if name or line.filled("person") else None
        if line.problems or person is None or place is None:
            return None
        post = BulkPost(title, workplace, tier or Tier(place.level), place.place_id, on, until)
        if isinstance(person, str):
            return self.new(line, name, phone, post)
        return self.old(line, person, phone, post, until)

    def place(self, line: Line, on: date, tier: str) -> Unit | None:
        if line.filled("place"):
            return line.attempt("place", lambda: self.territory.upper(line.text("place"), on))
        top = self.territory.topmost(on)
        if top is None or (tier and tier != top.level):
            line.refuse("place", _("Say on whose roster the cadre is: fill in the column Xã, huyện, tỉnh."))
            return None
        return top

    def repeated(self, line: Line, person: Person, post: BulkPost) -> bool:
        known = (id(person), fold_words(post.title), workplace_key(post.workplace))
        before = self.seen.setdefault(known, line.at)
        if before != line.at:
            line.refuse("name", _("This person stands in row %(row)s already, with the same post. Delete the row.")
                        % {"row": before[1]})  # fmt: skip
        return before != line.at

    def new(self, line: Line, name: str, phone: str, post: BulkPost) -> Outcome | None:
        person = Person(None, name, phone, row=line.number)
        person.posts.append(
            Post(0, 0, post.title, post.workplace, post.tier, post.place_id, post.since, post.until)
        )
        person.workplaces.add(workplace_key(post.workplace))
        self.people.add(person)
        self.repeated(line, person, post)
        after = {TITLE: post.title, WORK: post.workplace, **({RING: phone} if phone else {}),
                 "Từ ngày": in_figures(post.since), **_ending(post.until)}  # fmt: skip
        return Outcome(RowFate.ADDED, name, {}, after, Filing(person, posts=[post]))

    def old(
        self, line: Line, person: Person, phone: str, post: BulkPost, until: date | None
    ) -> Outcome | None:
        if self.repeated(line, person, post):
            return None
        filing, before, after = Filing(person), {}, {}
        if phone and phone != person.phone:
            before[RING], after[RING], filing.phone = person.phone, phone, phone
        told = self.post(line, person, post, until, filing)
        if line.problems or told is None:
            return None
        before, after = {**before, **told[0]}, {**after, **told[1]}
        if person.pk is None:
            return Outcome(RowFate.ADDED, person.full_name, {}, after, filing)
        if not after:
            return Outcome(RowFate.UNCHANGED, person.full_name, target_id=person.pk)
        ends = bool(filing.changes) and not filing.posts and set(after) == {UNTIL}
        fate = RowFate.ENDED if ends else RowFate.CHANGED
        return Outcome(fate, person.full_name, before, after, filing, person.pk)

    def post(
        self, line: Line, person: Person, post: BulkPost, until: date | None, filing: Filing
    ) -> tuple[dict[str, str], dict[str, str]] | None:
        """How the post of the row stands to those that are kept."""
        key = workplace_key(post.workplace)
        there = [
            kept
            for kept in person.posts
            if kept.pk
            and same_workplace(key, workplace_key(kept.workplace or kept.title))
            and kept.place_id == post.place_id
        ]
        same = [kept for kept in there if fold_words(kept.title) == fold_words(post.title)]
        current = [
            kept
            for kept in same
            if kept.until is None or (until and kept.until == until) or kept.holds(post.since)
        ]
        if current:
            return self.kept(line, current[-1], post, until, filing)
        running = [kept for kept in there if kept.until is None]
        if len(running) == 1 and until is None:
            return self.moved(line, running[0], post, filing)
        filing.posts.append(post)
        others = [kept for kept in person.posts if kept.until is None and kept not in there]
        if others and until is None:
            posts = "; ".join(f"{kept.title}, {kept.workplace}" for kept in others)
            line.hint("workplace", _("Goes on as well: %(posts)s. End it on the person's page if it has ended.")
                      % {"posts": posts})  # fmt: skip
        return {}, {
            TITLE: post.title,
            WORK: post.workplace,
            "Từ ngày": in_figures(post.since),
            **_ending(until),
        }

    def kept(
        self, line: Line, kept: Post, post: BulkPost, until: date | None, filing: Filing
    ) -> tuple[dict[str, str], dict[str, str]] | None:
        if until is not None and until != kept.until:
            if until <= kept.since:
                told = {"day": in_figures(kept.since)}
                line.refuse("until", _("The last day lies before the first day, %(day)s.") % told)
                return None
            filing.changes.append(PostChange(kept.pk, until=until))
            return {UNTIL: in_figures(last_day(kept.until))}, {UNTIL: in_figures(last_day(until))}
        if line.filled("tier") and post.tier != kept.tier:
            filing.changes.append(PostChange(kept.pk, tier=post.tier))
            return {"Cấp": _tier(kept.tier)}, {"Cấp": _tier(post.tier)}
        return {}, {}

    def moved(
        self, line: Line, kept: Post, post: BulkPost, filing: Filing
    ) -> tuple[dict[str, str], dict[str, str]] | None:
        """Another post at the same workplace: the old one ends on the day on which the new one begins."""
        before, after = {TITLE: kept.title}, {TITLE: post.title}
        if post.since < kept.since:
            line.refuse("since", _("The post that is kept began on %(day)s. Give a later day.")
                        % {"day": in_figures(kept.since)})  # fmt: skip
            return None
        if post.since == kept.since:
            filing.changes.append(PostChange(kept.pk, title=post.title, tier=post.tier))
            return before, after
        filing.changes.append(PostChange(kept.pk, until=post.since))
        filing.posts.append(post)
        return before, {**after, "Từ ngày": in_figures(post.since)}


def _ending(until: date | None) -> dict[str, str]:
    return {UNTIL: in_figures(last_day(until))} if until else {}


def _tier(tier: str) -> str:
    return next(label for label, value in TIERS.items() if value == tier)
