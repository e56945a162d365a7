"""Who is meant by a name on a roster? Name and workplace, then the telephone; namesakes are asked for, not guessed."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from assignments.models import Cadre, CadrePost
from portal.imports.lines import Line
from portal.imports.scope import Scope
from portal.places import holds_on
from portal.sheets import cells, shapes
from portal.sheets.headings import Column
from portal.sheets.workbook import Cell
from portal.vietnamese import fold_words, proper_name, split_remark

SHORT = {
    "ubnd": "uy ban nhan dan",
    "hdnd": "hoi dong nhan dan",
    "mttq": "mat tran to quoc",
    "ubmttq": "uy ban mat tran to quoc",
    "lhpn": "lien hiep phu nu",
    "ccb": "cuu chien binh",
    "vp": "van phong",
}
NEW = "new"
NINE_DIGITS = re.compile(r"[1-9]\d{8}")
NEW_WORDS = {"moi", "new", "nguoi moi"}

NAME = Column("name", "Họ và tên", ("Họ tên", "Họ và tên cán bộ", "Tên cán bộ", "Cán bộ"), required=True,
              example="Nguyễn Mẫu An", width=26, looks=shapes.person)  # fmt: skip
WORKPLACE = Column("workplace", "Đơn vị công tác", ("Cơ quan", "Nơi công tác", "Đơn vị", "Cơ quan, đơn vị"),
                   example="Ủy ban nhân dân xã Mẫu", width=30)  # fmt: skip
PHONE = Column("phone", "Điện thoại", ("Số điện thoại", "SĐT", "Di động", "ĐT", "Điện thoại di động"),
               example="0100000017", width=14, looks=shapes.phone)  # fmt: skip
CODE = Column("person", "Mã cán bộ", ("Mã CB",), width=12,
              hint=gettext_lazy("For namesakes only: the code told, or “mới” for another person."))  # fmt: skip


class Post(NamedTuple):
    pk: int
    cadre_id: int
    title: str
    workplace: str
    tier: str
    place_id: int
    since: date
    until: date | None

    def holds(self, on: date) -> bool:
        return holds_on((self.since, self.until), on)


@dataclass(eq=False)
class Person:
    """Somebody on the roster, or (without a key) somebody whom an earlier row of the sheet brings."""

    pk: int | None
    full_name: str
    phone: str
    posts: list[Post] = field(default_factory=list)
    workplaces: set[str] = field(default_factory=set, repr=False)
    row: int = 0

    @property
    def code(self) -> str:
        return f"CB{self.pk}"

    def described(self, on: date) -> str:
        post = (
            next((post for post in reversed(self.posts) if post.holds(on)), None)
            or (self.posts or [None])[-1]
        )
        if post is None:
            return self.full_name
        return ", ".join(filter(None, (self.full_name, post.title, post.workplace)))


def workplace_key(text: str) -> str:
    return " ".join(SHORT.get(word, word) for word in fold_words(text).split())


def same_workplace(first: str, second: str) -> bool:
    """`Ủy ban nhân dân` and `UBND xã Cẩm Sơn` are one; two different offices of a commune are not."""
    return first == second or f"{first} ".startswith(f"{second} ") or f"{second} ".startswith(f"{first} ")


class People:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        cadres = Cadre.objects.all() if scope.everywhere else scope.reach.cadres()
        self.known = {
            pk: Person(pk, name, phone) for pk, name, phone in cadres.values_list("pk", "full_name", "phone")
        }
        posts = CadrePost.objects.order_by("since", "pk")
        if not scope.everywhere:
            posts = posts.filter(cadre__in=cadres.values("pk"))
        fields = ("pk", "cadre", "title", "workplace", "tier", "place", "since", "until")
        for row in posts.values_list(*fields):
            post = Post(*row)
            self.known[post.cadre_id].posts.append(post)
            self.known[post.cadre_id].workplaces.add(workplace_key(post.workplace or post.title))
        self.by_name: dict[str, list[Person]] = defaultdict(list)
        for person in self.known.values():
            self.by_name[fold_words(person.full_name)].append(person)

    def add(self, person: Person) -> None:
        """Somebody new, so that later rows of the sheet meet him."""
        self.by_name[fold_words(person.full_name)].append(person)

    def meant(
        self, line: Line, name: str, on: date, workplace: str | None = None, phone: str | None = None
    ) -> Person | str | None:
        """A person; NEW where that was answered; "" where nobody bears the name; None where a problem is noted.

        Workplace and telephone are those of the row, unless it names several people.
        """
        # No longer than a post may be, so that a text that is too long is told of once.
        typed = line.text("workplace", longest=160) if workplace is None else workplace
        workplace = workplace_key(typed)
        phone = (line.read("phone", cells.phone) or "") if phone is None else phone
        same = self.by_name.get(fold_words(name), [])
        if line.filled("person"):
            return self.coded(line, name)
        key = key_of(name, workplace, phone)
        if answered := self.scope.answers.get(key):
            return self.answered(answered, same)
        if not same:
            return ""
        found = self.matching(same, workplace, phone)
        if len(found) == 1:
            return found[0]
        self.ask(line, name, key, found or same, on, typed)
        return None

    @staticmethod
    def matching(same: list[Person], workplace: str, phone: str) -> list[Person]:
        there = [person for person in same if workplace and _works_at(person, workplace)]
        if len(there) == 1:
            one = there[0]
            # A telephone may change, but two rows of one sheet with two telephones are rather two people.
            return [] if one.pk is None and phone and one.phone and phone != one.phone else there
        ringing = [person for person in there or same if phone and person.phone == phone]
        if ringing or there:
            return ringing if len(ringing) == 1 else there
        return same if not workplace and not phone and len(same) == 1 else []

    def coded(self, line: Line, name: str) -> Person | str | None:
        typed = fold_words(line.text("person"))
        if typed in NEW_WORDS:
            line.require("name")
            return NEW if name else None
        digits = typed.removeprefix("cb").strip()
        person = self.known.get(int(digits)) if digits.isdecimal() else None
        if person is None:
            message = _(
                "Nobody on your roster has the code %(code)s. Correct the code, or leave the cell empty."
            )
            line.refuse("person", message % {"code": line.text("person")})
        elif name and fold_words(bare_name(person.full_name)) != fold_words(name):
            told = {"code": person.code, "name": person.full_name}
            line.refuse("person", _("%(code)s is %(name)s. Correct the code or the name.") % told)
            return None
        return person

    def answered(self, answer: str, same: Iterable[Person]) -> Person | str:
        if answer == NEW:
            return NEW
        if answer.startswith("row"):
            return next((person for person in same if answer == f"row{person.row}"), "")
        return self.known.get(int(answer), "") if answer.isdecimal() else ""

    def ask(
        self, line: Line, name: str, key: str, found: list[Person], on: date, workplace: str = ""
    ) -> None:
        choices = []
        for person in found[:8]:
            if person.pk is None:
                told = {"row": person.row, "person": person.described(on)}
                choices.append((f"row{person.row}", _("The person of row %(row)s: %(person)s") % told))
            else:
                choices.append((str(person.pk), f"{person.described(on)} ({person.code})"))
        listed = "; ".join(label for _value, label in choices)
        message = _(
            "Who is %(name)s: %(people)s, or somebody else? Choose below, or fill in the column Mã cán bộ."
        )
        title = _("Who is %(name)s?") % {"name": ", ".join(filter(None, (name, workplace)))}
        choices.append((NEW, pgettext("import", "Another person, not on the roster")))
        line.ask("name", title, message % {"name": name, "people": listed}, key, choices)

    def nearly(self, name: str, workplace: str) -> list[Person]:
        """Those on the roster at the same workplace whose names look much like this one."""
        near = get_close_matches(fold_words(name), self.by_name, n=3, cutoff=0.88)
        found = [person for key in near for person in self.by_name[key]]
        return [one for one in found if one.pk and workplace and _works_at(one, workplace_key(workplace))]

    def near(self, name: str) -> str:
        """Names that look like this one."""
        near = get_close_matches(fold_words(name), self.by_name, n=3, cutoff=0.75)
        names = "; ".join(dict.fromkeys(self.by_name[key][0].full_name for key in near))
        return pgettext("import", "Did you mean: %(near)s?") % {"near": names} if names else ""


def _works_at(person: Person, workplace: str) -> bool:
    return any(same_workplace(workplace, known) for known in person.workplaces)


def with_its_zero(cell: Cell) -> Cell:
    """A telephone whose zero was lost, as text: nine digits would else pass for an identity number."""
    return f"0{cell.strip()}" if isinstance(cell, str) and NINE_DIGITS.fullmatch(cell.strip()) else cell


def key_of(name: str, workplace: str, phone: str) -> str:
    """Under which an answer about this person is remembered; the workplace as a key."""
    return "|".join((fold_words(name), workplace, phone))


def bare_name(text: str) -> str:
    return proper_name(split_remark(text)[0])


def require_person(line: Line) -> None:
    """The name, or the code alone, as in a list that was downloaded without names."""
    if not line.filled("person"):
        line.require("name")


def name_of(line: Line) -> str:
    return proper(line, line.text("name", longest=120))


def proper(line: Line, text: str, field: str = "name") -> str:
    """In proper case, without honorific; a remark in brackets is said and left out."""
    name, remark = split_remark(text)
    if remark:
        line.hint(field, _("The words in brackets were left out."))
    return proper_name(name)
