"""People whom a sheet of assignments brings: who stands in a row, with post and workplace, and is on no roster yet.

Nobody is created silently: the preview counts them and asks for consent; a name that looks like a known one is asked.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assignments.actions.roster_bulk import BulkCadre, BulkPost
from assignments.imports.cadres import TIERS
from assignments.imports.following import Filing, Target
from assignments.imports.people import NEW, People, Person, Post, key_of, proper, workplace_key
from assignments.imports.posts import split_post
from assignments.topics import Tier
from portal.dates import in_figures
from portal.imports.kinds import Outcome
from portal.imports.lines import LEFT_OUT, Line
from portal.imports.scope import Scope
from portal.imports.territory import Territory
from portal.imports.units import Unit
from portal.levels import Level
from portal.lookup import agencies
from portal.models import RowFate
from portal.sheets import cells
from portal.vietnamese import clean, fold_words

PLACES = {"commune", "hamlet", "groups", "cell"}
TIER_OF = {Level.PROVINCE: Tier.PROVINCE, Level.DISTRICT: Tier.DISTRICT, Level.COMMUNE: Tier.COMMUNE}


class Named(NamedTuple):
    """Somebody whom a row names, as it describes him."""

    name: str
    title: str
    workplace: str
    phone: str


def lines_of(line: Line, field: str) -> list[str]:
    """The lines of a cell; a name broken over two lines is one name still."""
    cell = line.cell(field)
    if not isinstance(cell, str):
        return [cells.shown(cell)] if cell is not None else []
    return list(filter(None, map(clean, cell.splitlines())))


class Newcomers:
    def __init__(self, scope: Scope, people: People, territory: Territory) -> None:
        self.scope, self.people, self.territory = scope, people, territory
        self.agencies = set(map(fold_words, agencies(scope.since).values_list("name", flat=True)))
        self.answered: dict[str, Person] = {}
        # In which row somebody new stands first, and whether a good row has brought him by now.
        self.first: dict[int, tuple[str, int, Person]] = {}
        self.brought: set[int] = set()
        self.misplaced: set[int] = set()
        self.in_line: list[Person] = []

    def named(self, line: Line) -> list[Named]:
        """Those of the column of names: two where two names stand one below the other."""
        self.in_line = []
        names = lines_of(line, "name")
        if len(names) > 1 and not all(len(name.split()) > 1 for name in names):
            names = [" ".join(names)]
        if not names and line.filled("person"):
            # The code alone names somebody of the roster.
            names = [""]
        elif not names or not line.text("name", longest=250):
            return []
        titles, workplaces = self.posts(line, len(names))
        phones = self.phones(line, len(names))
        return [
            Named(proper(line, name), title, workplace, phone)
            for name, title, workplace, phone in zip(names, titles, workplaces, phones, strict=True)
        ]

    def posts(self, line: Line, number: int) -> tuple[list[str], list[str]]:
        if line.filled("post"):
            line.text("post", longest=160 * number)
            pairs = [self.split(line, text) for text in _spread(lines_of(line, "post"), number)]
            return [title for title, _workplace in pairs], [workplace for _title, workplace in pairs]
        for field in ("title", "workplace"):
            line.text(field, longest=160 * number)
        return (_spread(lines_of(line, "title"), number), _spread(lines_of(line, "workplace"), number))

    def split(self, line: Line, text: str) -> tuple[str, str]:
        title, workplace = split_post(text, self.agencies)
        if title and not workplace:
            line.hint("post", _("Post and workplace could not be told apart; “%(value)s” is kept as the post.")
                      % {"value": title})  # fmt: skip
        return title, workplace

    def phones(self, line: Line, number: int) -> list[str]:
        told = lines_of(line, "phone")
        if len(told) != number or number == 1:
            one = line.read("phone", cells.phone) or "" if number == 1 else ""
            return [one] * number
        return [line.attempt("phone", lambda one=one: cells.phone(one)) or "" for one in told]

    def person(self, line: Line, who: Named, on: date, targets: Sequence[Target], tier: str) -> Person | None:
        """Somebody on the roster, or somebody new; nobody where a problem was noted."""
        workplace = who.workplace or who.title
        found = self.people.meant(line, who.name, on, workplace, who.phone)
        if isinstance(found, Person) or found is None:
            self.in_line += [found] if found else []
            return found
        key = key_of(who.name, workplace_key(workplace), who.phone)
        if key in self.answered:
            self.in_line.append(self.answered[key])
            return self.answered[key]
        if not who.title:
            self.refuse(line, who.name)
            return None
        if found != NEW:
            near = self.people.nearly(who.name, workplace)
            answer = self.scope.answers.get(f"near|{key}", "")
            if answer == LEFT_OUT:
                line.is_left_out = True
                return None
            chosen = next((one for one in near if answer == str(one.pk)), None)
            if chosen or (near and answer != NEW):
                return chosen or self.ask(line, who, f"near|{key}", near, on)
        return self.new(line, who, on, targets, tier, key)

    def refuse(self, line: Line, name: str) -> None:
        message = _(
            "%(name)s is not on the roster of cadres. Import or enter the cadre first, or add the post."
        )
        line.refuse("name", f"{message % {'name': name}} {self.people.near(name)}".strip())

    def ask(self, line: Line, who: Named, key: str, near: list[Person], on: date) -> None:
        listed = "; ".join(person.described(on) for person in near)
        told = {"name": who.name, "people": listed}
        choices = [(str(one.pk), f"{one.described(on)} ({one.code})") for one in near]
        choices += [(NEW, pgettext("import", "Another person, not on the roster")),
                    (LEFT_OUT, pgettext("import", "Leave these rows out"))]  # fmt: skip
        line.ask(
            "name", _("Who is %(name)s?") % told,
            _("%(name)s is not on the roster, but %(people)s is. Choose below who is meant.") % told, key, choices,
        )  # fmt: skip

    def new(
        self, line: Line, who: Named, on: date, targets: Sequence[Target], tier: str, key: str
    ) -> Person | None:
        seat = self.seat(line, on, targets, TIERS.get(tier, ""))
        if seat is None:
            line.refuse("name", _("It cannot be told on whose roster the cadre is. Import the cadres first."))
            return None
        person = Person(None, who.name, who.phone, row=line.number)
        tier = TIERS.get(tier) or TIER_OF[Level(seat.level)]
        person.posts.append(Post(0, 0, who.title, who.workplace, tier, seat.place_id, on, None))
        person.workplaces.add(workplace_key(who.workplace or who.title))
        self.people.add(person)
        self.answered[key] = person
        self.first[id(person)] = (line.sheet, line.number, person)
        self.in_line.append(person)
        return person

    def seat(self, line: Line, on: date, targets: Sequence[Target], tier: str) -> Unit | None:
        """The unit on whose roster somebody of a tier is: that of the title, or the one above what is followed."""
        levels = [Level(tier)] if tier else [Level.COMMUNE, Level.DISTRICT, Level.PROVINCE]
        for level in levels:
            if titled := self.territory.titled(line, on, level):
                return titled
        places = [target.place_id for target in targets if target.place_id]
        if tier and places and (found := self.territory.above(places[0], Level(tier), on)):
            return found
        return self.territory.topmost(on)

    def bring(self, filing: Filing, person: Person) -> None:
        """A good row brings somebody new with it, once."""
        if id(person) in self.first and id(person) not in self.brought:
            self.brought.add(id(person))
            filing.brings.append(person)

    def refused(self, line: Line) -> None:
        """Whoever is rightly told, but follows what cannot be found, comes onto the roster all the same."""
        wrong = {field for field, _letter, _message in line.problems}
        if wrong and wrong <= PLACES:
            self.misplaced.update(map(id, self.in_line))

    def alone(self) -> Iterator[tuple[Line, Outcome]]:
        """People who are new and rightly told, but whose every row is refused for what they follow."""
        for key, (sheet, number, person) in self.first.items():
            if key in self.misplaced - self.brought:
                filing = Filing(brings=[person])
                line = Line(sheet, number, {}, {})
                line.hint("", _("Comes onto the roster; what this row says is followed is refused."))
                yield line, Outcome(RowFate.ADDED, person.full_name, {}, told(person), filing,
                                    creates={"cadres": 1})  # fmt: skip


def told(person: Person) -> dict[str, str]:
    post = person.posts[-1]
    shown = {"Chức vụ": post.title, "Đơn vị công tác": post.workplace, "Điện thoại": person.phone,
             "Từ ngày": in_figures(post.since)}  # fmt: skip
    return {name: text for name, text in shown.items() if text}


def as_rows(people: Sequence[Person]) -> list[BulkCadre]:
    return [
        BulkCadre(
            one.full_name,
            one.phone,
            [
                BulkPost(post.title, post.workplace, post.tier, post.place_id, post.since)
                for post in one.posts
            ],
        )
        for one in people
    ]


def _spread(texts: list[str], number: int) -> list[str]:
    """A line for each of several people; one text otherwise stands for all of them."""
    if number > 1 and len(texts) == number:
        return texts
    return [" ".join(texts)] * number
