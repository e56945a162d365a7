"""The sheet of accounts and roles. Accounts are opened without a password; of those that are there only grants change.

Slips with first passwords are printed afterwards, from the receipt.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assignments.actions.account_roster import AccountFiling, Opening, save_accounts
from assignments.imports.account_names import Account, Accounts, name_key
from assignments.imports.anchors import Anchor, Anchors
from assignments.imports.granting import UNTIL, Grants, Wish
from assignments.imports.kept_accounts import account_rows
from assignments.imports.people import (
    CODE,
    NAME,
    PHONE,
    WORKPLACE,
    People,
    Person,
    bare_name,
    name_of,
    require_person,
    with_its_zero,
)
from assignments.imports.targets import parts_of
from portal.dates import in_figures, last_day, until_from_last
from portal.imports.kinds import Check, Outcome, SheetKind, Written
from portal.imports.lines import Line
from portal.imports.scope import Scope
from portal.models import ImportRun, RowFate, User
from portal.permissions import Permission
from portal.roles import ANCHOR, Role
from portal.rules import username_problems
from portal.sheets import cells
from portal.sheets.headings import Column
from portal.sheets.widgets import DAY
from portal.sheets.workbook import Cell
from portal.vietnamese import fold_words

ROLES = {
    "Lãnh đạo, chuyên viên theo dõi": Role.VIEWER,
    "Cán bộ tổ chức xây dựng Đảng": Role.ORGANISER,
    "Văn phòng – đầu mối kiến nghị": Role.DESK,
    "Đầu mối xã, phường": Role.COMMUNE_STAFF,
    "Bí thư chi bộ": Role.CELL_SECRETARY,
    "Cán bộ theo dõi địa bàn": Role.CADRE,
    "Người nhập thay": Role.ASSISTANT,
    "Cơ quan giải quyết": Role.ANSWERING_BODY,
    "Quản trị hệ thống": Role.STEWARD,
    "Người kiểm tra nhật ký": Role.LOG_READER,
}
USERNAME, ROLE, WHERE, SINCE = "Tên đăng nhập", "Vai trò", "Phân quyền cho", "Từ ngày"
# Fields that name what a role is granted for.
ANCHORS = ("place", "agency", "org", "leader")


class AccountSheet(SheetKind):
    """As on the pages of accounts: whoever keeps accounts may, and never for more than the own place."""

    name = "accounts"
    label = pgettext_lazy("import", "Accounts and roles")
    explanation = gettext_lazy(
        "Opens accounts, links them to cadres on the roster and grants roles. Passwords are printed afterwards."
    )
    permission = Permission.ACCOUNTS
    named = frozenset({"name", "phone"})
    # A user name is made of a name.
    leads_to_people = True
    columns = (
        Column("username", USERNAME, ("Tên tài khoản", "Tài khoản", "Tên truy cập"), example="nguyen.mau.an", width=22,
               hint=gettext_lazy("Left empty for a new account, a user name is proposed from the name.")),
        NAME,
        WORKPLACE,
        PHONE,
        Column("role", ROLE, ("Quyền", "Phân quyền", "Nhóm quyền", "Vai trò, quyền"), example="Đầu mối xã, phường",
               choices=tuple(ROLES), width=30,
               hint=gettext_lazy("Several roles with semicolons between them. Left empty, no role is granted.")),
        Column("place", "Địa bàn", ("Xã", "Xã, phường", "Xã, tỉnh", "Xã, huyện, tỉnh", "Phạm vi", "Nơi phân quyền"),
               example="Xã Mẫu", width=22),
        Column("agency", "Cơ quan", ("Tên cơ quan giải quyết", "Cơ quan được phân quyền"), width=26,
               hint=gettext_lazy("For the role of an answering body only.")),
        Column("org", "Tổ chức đảng", ("Chi bộ", "Tên chi bộ"), width=26,
               hint=gettext_lazy("For the role of a cell secretary only.")),
        Column("leader", "Tài khoản lãnh đạo", ("Nhập thay cho",), width=20,
               hint=gettext_lazy("For whoever enters for a leader: the leader's user name.")),
        Column("since", SINCE, ("Hiệu lực từ",), example="01/07/2025", width=14, widget=DAY),
        Column("until", UNTIL, ("Đến ngày",), width=14, widget=DAY,
               hint=gettext_lazy("The last day of the role, where it ends.")),
        CODE,
    )  # fmt: skip

    def consent_to(self, counts: Mapping[str, int]) -> str:
        written = (counts.get(fate) for fate in (RowFate.ADDED, RowFate.CHANGED, RowFate.ENDED))
        return (
            _("I agree that these accounts are opened and these roles granted or ended.")
            if any(written)
            else ""
        )

    def staged(self, field: str, cell: Cell) -> Cell:
        return with_its_zero(cell) if field == "phone" else cell

    def check_in(self, scope: Scope) -> Check:
        return _Check(scope)

    def listing(self, scope: Scope) -> Iterator[Mapping[str, Any]]:
        return account_rows(scope, {role: label for label, role in ROLES.items()})

    def save(self, changes: Sequence[AccountFiling], *, scope: Scope, by: User, source: ImportRun) -> Written:
        return save_accounts(filings=changes, by=by, source=source)


class _Check:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.people = People(scope)
        self.accounts = Accounts(scope)
        self.anchors = Anchors(scope)
        self.grants = Grants()
        # What earlier rows open: by user name, by cadre, by name and telephone.
        self.opened: dict[object, Opening] = {}
        self.seen: dict[tuple[str, str, int], tuple[str, int, str]] = {}
        self.spoken_for: set[str] = set()

    def foresee(self, lines: Iterable[Line]) -> None:
        """User names that are typed further down are not proposed for anybody above."""
        self.spoken_for = {cells.shown(line.cell("username")).lower() for line in lines}

    def __call__(self, line: Line) -> Outcome | None:
        username = self.username(line)
        account = self.accounts.by_username.get(username)
        if account is None:
            require_person(line)
        name = name_of(line)
        phone = line.read("phone", cells.phone) or ""
        since, until = line.day("since"), until_from_last(line.day("until"))
        found: Account | Opening | None
        if account is not None:
            found = self.named(line, account, name)
        else:
            found = self.meant(line, username, name, phone)
        wishes = self.wishes(line, since, until)
        if line.problems or line.is_left_out or found is None:
            return None
        return self.outcome(line, found, wishes)

    def username(self, line: Line) -> str:
        username = line.text("username", longest=60).lower()
        if username and username not in self.accounts.by_username:
            problems = username_problems(username)
            if username in self.accounts.taken:
                problems = [_("There is already an account with this user name.")]
            for problem in problems:
                line.refuse("username", str(problem))
        return username

    def named(self, line: Line, account: Account, name: str) -> Account | None:
        """An account that is there, by its user name; of it only roles change, whoever is named beside it."""
        if name and fold_words(bare_name(account.full_name)) != fold_words(name):
            told = {"username": account.username, "name": account.full_name}
            line.refuse(
                "name",
                _("%(username)s is the account of %(name)s. Correct the user name or the name.") % told,
            )
            return None
        if line.filled("person") and (person := self.person(line, name)):
            if account.cadre_id is None:
                line.hint(
                    "username",
                    _("The account is not linked to the cadre by this; do so on the cadre's page."),
                )
            elif person.pk != account.cadre_id:
                line.refuse("person", _("This account belongs to another cadre already."))
        return self.usable(line, account)

    @staticmethod
    def usable(line: Line, account: Account) -> Account | None:
        if not account.is_active:
            line.refuse("username", _("This account is closed. Open it again first."))
            return None
        return account

    def meant(self, line: Line, username: str, name: str, phone: str) -> Account | Opening | None:
        """The account of the cadre or of whoever bears the name, or one that is opened."""
        if not name and not line.filled("person"):
            return None
        noted = len(line.problems)
        person = self.person(line, name)
        if len(line.problems) > noted:
            return None
        if person is not None and person.pk in self.accounts.with_account:
            return self.of_cadre(line, person, username)
        name, phone = (person.full_name, phone or person.phone) if person else (name, phone)
        alike = [] if username else self.accounts.alike(name, phone)
        if len(alike) == 1 and person is None:
            return self.usable(line, alike[0])
        if alike:
            told = {"usernames": ", ".join(account.username for account in alike)}
            line.refuse(
                "username",
                _(
                    "Accounts of this name are there: %(usernames)s. Type the user name that is meant, or a new one."
                )
                % told,
            )
            return None
        return self.opening(line, username, name, phone, person)

    def person(self, line: Line, name: str) -> Person | None:
        found = self.people.meant(line, name, self.scope.on)
        return found if isinstance(found, Person) else None

    def of_cadre(self, line: Line, person: Person, username: str) -> Account | None:
        account = self.accounts.by_cadre.get(person.pk or 0)
        if account is None:
            line.refuse("username", _("This cadre has an account already."))
            return None
        if username:
            told = {"username": account.username}
            line.refuse(
                "username",
                _("This cadre has the account %(username)s. Type it, or leave the cell empty.") % told,
            )
            return None
        return self.usable(line, account)

    def opening(
        self, line: Line, username: str, name: str, phone: str, person: Person | None
    ) -> Opening | None:
        cadre_id = person.pk if person else None
        who: object = ("cadre", cadre_id) if cadre_id else (name_key(name), phone)
        earlier = self.opened.get(username) if username else self.opened.get(who)
        if earlier is not None:
            same = (earlier.cadre_id, name_key(earlier.full_name)) == (cadre_id, name_key(name))
            if not same:
                line.refuse(
                    "username", _("Another person has this user name in this sheet. Give each an own one.")
                )
            return earlier if same else None
        if cadre_id and who in self.opened:
            told = {"username": self.opened[who].username}
            line.refuse("username", _("An earlier row opens the account %(username)s for this cadre.") % told)
            return None
        if not username:
            username = self.accounts.proposed(name, self.spoken_for)
        return Opening(username, name, phone, cadre_id)

    def wishes(self, line: Line, since: date | None, until: date | None) -> list[Wish]:
        roles = self.roles(line)
        needed = {ANCHOR[role] for role in roles if role in ANCHOR}
        found: list[Wish] = []
        for role in roles:
            anchor = self.anchors.of(line, role) if role in ANCHOR else Anchor(0, "")
            if anchor is not None:
                found.append(Wish(role, anchor, since, since or self.scope.since, until))
        for field in ANCHORS:
            if line.filled(field) and field not in needed and not (field == "place" and "org" in needed):
                line.hint(field, _("None of the roles in this row is granted for this; it was left out."))
        return found

    def roles(self, line: Line) -> list[Role]:
        known = {fold_words(label): role for label, role in ROLES.items()}
        known |= {fold_words(str(role.label)): role for role in Role}
        found = []
        for text in parts_of(line.cell("role")) if line.filled("role") else []:
            role = known.get(fold_words(text))
            if role is None:
                line.attempt("role", lambda text=text: cells.choice(text, ROLES))
            elif role not in found:
                found.append(role)
        return found

    def outcome(self, line: Line, found: Account | Opening, wishes: list[Wish]) -> Outcome | None:
        is_new = isinstance(found, Opening)
        filing = AccountFiling(opening=found) if isinstance(found, Opening) else AccountFiling(found.pk)
        self.may_hold(line, found, wishes)
        for wish in wishes or [None]:
            self.refuse_repeated(line, found.username, wish)
        granted = []
        for wish in wishes:
            if wish.role in ANCHOR:
                before = len(filing.grants)
                self.grants.settle(line, filing.user_id, wish, filing)
                granted += [wish] if len(filing.grants) > before else []
        if line.problems:
            return None
        title = f"{found.full_name} · {found.username}"
        if isinstance(found, Opening):
            self.remember(found)
        after = self.told(found, granted, wishes, filing)
        if not (is_new or filing.grants or filing.ends):
            return Outcome(RowFate.UNCHANGED, title, target_id=filing.user_id)
        ends_only = bool(filing.ends) and not filing.grants
        fate = RowFate.ADDED if is_new else RowFate.ENDED if ends_only else RowFate.CHANGED
        number = len(filing.grants) + len(filing.ends)
        return Outcome(fate, title, {}, after, filing, filing.user_id, records=number or 1)

    def may_hold(self, line: Line, found: Account | Opening, wishes: list[Wish]) -> None:
        if any(wish.role == Role.CADRE for wish in wishes) and found.cadre_id is None:
            line.refuse(
                "role", _("Only who is on the roster of cadres has this role. Import the cadre first.")
            )
        elif isinstance(found, Opening) and found.cadre_id is None:
            if not wishes:
                line.refuse(
                    "role", _("Give a role: without one, and not on the roster, this account opens nothing.")
                )
            else:
                line.hint(
                    "name",
                    _("Nobody of this name and workplace is on the roster; the account is of no cadre."),
                )

    def refuse_repeated(self, line: Line, username: str, wish: Wish | None) -> None:
        known = (username, wish.role, wish.anchor.pk) if wish else (username, "", 0)
        before = self.seen.setdefault(known, line.at)
        if before != line.at:
            line.refuse("username", _("The same stands in row %(row)s already. Delete the row, or correct it.")
                        % {"row": before[1]})  # fmt: skip

    def remember(self, opening: Opening) -> None:
        self.spoken_for.add(opening.username)
        self.opened[opening.username] = opening
        who = (
            ("cadre", opening.cadre_id) if opening.cadre_id else (name_key(opening.full_name), opening.phone)
        )
        self.opened[who] = opening

    def told(
        self, found: Account | Opening, granted: list[Wish], wishes: list[Wish], filing: AccountFiling
    ) -> dict[str, str]:
        shown = granted or wishes
        person = self.people.known.get(found.cadre_id or 0)
        after = {
            USERNAME: found.username if isinstance(found, Opening) else "",
            "Cán bộ": f"{person.described(self.scope.on)} ({person.code})"
            if person and isinstance(found, Opening)
            else "",
            ROLE: "; ".join(_label(wish.role) for wish in shown),
            WHERE: "; ".join(dict.fromkeys(wish.anchor.told for wish in shown if wish.anchor.told)),
            SINCE: in_figures(shown[0].first) if granted else "",
            UNTIL: in_figures(last_day(shown[0].until)) if shown and shown[0].until else "",
        }
        return {heading: text for heading, text in after.items() if text}


def _label(role: Role) -> str:
    return next(label for label, known in ROLES.items() if known == role)
