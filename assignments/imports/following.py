"""What does a row of assignments mean beside those that are kept?

What runs on by another decision, in another role or from a later day ends on that day and begins anew, so that what
held before stays known; a row that only adds what was missing corrects what is kept.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from assignments.actions.roster_bulk import BulkAssignment
from assignments.actions.rosters import AssignmentChange
from assignments.coverage import rung_pairs
from assignments.imports.people import Person
from assignments.models import Assignment
from assignments.rules import rung_warnings
from assignments.topics import AssignmentRole, EndReason
from portal.dates import in_figures, last_day
from portal.imports.kinds import Outcome
from portal.imports.lines import Line
from portal.models import RowFate

ROLES = {"Phụ trách": AssignmentRole.IN_CHARGE, "Theo dõi, hỗ trợ": AssignmentRole.FOLLOWING}
ROLES_TOO = {"Theo dõi": AssignmentRole.FOLLOWING, "Hỗ trợ": AssignmentRole.FOLLOWING, "Nắm": AssignmentRole.FOLLOWING,
             "Theo dõi hỗ trợ": AssignmentRole.FOLLOWING, "Chính": AssignmentRole.IN_CHARGE,
             "Phó": AssignmentRole.FOLLOWING}  # fmt: skip
REASONS = {
    "Điều động": EndReason.TRANSFERRED,
    "Nghỉ hưu": EndReason.RETIRED,
    "Phân công lại": EndReason.REASSIGNED,
    "Sắp xếp đơn vị": EndReason.UNIT_CHANGED,
    "Khác": EndReason.OTHER,
}
REASONS_TOO = {"Chuyển công tác": "Điều động", "Nghỉ hưu trí": "Nghỉ hưu", "Hưu": "Nghỉ hưu", "Lý do khác": "Khác",
               "Thay đổi phân công": "Phân công lại", "Sáp nhập": "Sắp xếp đơn vị"}  # fmt: skip
ROLE, DECREE, SINCE, UNTIL, REASON = "Vai trò", "Số quyết định", "Từ ngày", "Đến hết ngày", "Lý do kết thúc"
IN_CHARGE, BROUGHT = "Phụ trách huyện", "Vào danh sách cán bộ"

# What began longer ago and has no end may come from an old list.
LONG_AGO = timedelta(days=365)


class Kept(NamedTuple):
    pk: int
    cadre_id: int
    place_id: int | None
    org_id: int | None
    role: str
    decree: str
    since: date
    until: date | None
    tier: str


class Target(NamedTuple):
    place_id: int | None
    org_id: int | None
    level: str
    name: str
    # Where the portal knows it only from this day on, later than the row says.
    first: date | None = None


@dataclass(frozen=True)
class Wish:
    """What the row says; what it leaves open is empty."""

    person: Person
    since: date | None
    until: date | None
    role: str
    decree: str
    reason: str

    def of(self, target: Target, list_day: date) -> "Wish":
        """Nothing is followed before the first day on which it is known."""
        late = target.first is not None and (self.since or list_day) < target.first
        return replace(self, since=target.first) if late else self


@dataclass
class Filing:
    """New assignments and changed ones, with decrees still as numbers, and the people who come onto the roster.

    `added` names what is newly followed, `chiefs` who is newly in charge of the district of the section, `renewed` what
    goes on by a newer decision: the old one, the new one, since when.
    """

    new: list[tuple[BulkAssignment, str, Person]] = field(default_factory=list)
    changes: list[tuple[AssignmentChange, str]] = field(default_factory=list)
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)
    chiefs: list[str] = field(default_factory=list)
    brings: list[Person] = field(default_factory=list)
    renewed: dict[tuple[str, str, str], list[str]] = field(default_factory=lambda: defaultdict(list))

    def tell_renewed(self, line: Line) -> None:
        """Said beside whatever else becomes of the row: a new place in it would hide that the others go on."""
        for (old, new, day), places in self.renewed.items():
            told = _(
                "%(places)s: a newer decision, %(old)s → %(new)s since %(day)s; who follows is unchanged."
            )
            line.hint("decree", told % {"places": "; ".join(places), "old": old, "new": new, "day": day})


class Filer:
    """Holds the rows of a sheet against the assignments of the people in reach.

    `list_day` is the day as of which the list is drawn up: rows without a first day begin on it.
    """

    def __init__(self, people: Iterable[int], list_day: date) -> None:
        self.list_day = list_day
        self.kept: dict[tuple[int, int | None, int | None], list[Kept]] = defaultdict(list)
        known = set(people)
        rows = Assignment.objects.order_by("since").values_list(
            "pk", "cadre", "place", "org", "role", "decree__number", "since", "until", "tier"
        )
        for pk, cadre, place, org, role, decree, since, until, tier in rows:
            if cadre in known:
                self.kept[cadre, place, org].append(
                    Kept(pk, cadre, place, org, role, decree or "", since, until, tier)
                )
        self.pairs: dict[date, set[tuple[str, str]]] = {}

    def file(self, line: Line, wish: Wish, target: Target, filing: Filing) -> None:
        kept = self.running(wish, target)
        if kept is None:
            self.begin(line, wish, target, filing)
        elif wish.until is not None and wish.until != kept.until:
            self.end(line, wish, kept, filing)
        elif (begins := self.begins_anew(wish, kept)) and begins > kept.since:
            self.renew(line, replace(wish, since=begins), target, kept, filing)
        else:
            self.correct(line, wish, kept, filing)

    def running(self, wish: Wish, target: Target) -> Kept | None:
        """The assignment of which the row speaks: the one that runs on its days."""
        since, until = wish.since or self.list_day, wish.until
        if until is not None and wish.since is None:
            since = last_day(until) or since
        for kept in self.kept.get((wish.person.pk or 0, target.place_id, target.org_id), []):
            if (kept.until is None or since < kept.until) and (until is None or kept.since < until):
                return kept
        return None

    def begins_anew(self, wish: Wish, kept: Kept) -> date | None:
        """The day since which it holds by another decision, or in another role; by another decision on the day of the
        list where the row says none, so that the decision before is never written over."""
        if kept.decree and another(wish.decree, kept.decree):
            return wish.since or self.list_day
        return wish.since if wish.role and wish.role != kept.role else None

    def begin(self, line: Line, wish: Wish, target: Target, filing: Filing) -> None:
        since = wish.since or self.list_day
        if wish.until is not None and wish.until <= since:
            line.refuse(
                "until", _("The last day lies before the first day, %(day)s.") % {"day": in_figures(since)}
            )
            return
        tier = self.tier(wish.person, since)
        if not tier:
            line.refuse(
                "name", _("%(name)s has no post. Enter the post first.") % {"name": wish.person.full_name}
            )
            return
        if since not in self.pairs:
            self.pairs[since] = rung_pairs(since)
        for warning in (
            rung_warnings(tier=tier, level=target.level, pairs=self.pairs[since]) if target.level else []
        ):
            line.hint("name", str(warning))
        role = wish.role or AssignmentRole.FOLLOWING
        row = BulkAssignment(
            wish.person.pk or 0, tier, since, wish.until, target.place_id, target.org_id, role,
            end_reason=wish.reason or (EndReason.OTHER if wish.until else ""),
        )  # fmt: skip
        filing.new.append((row, wish.decree, wish.person))
        filing.added.append(target.name)
        filing.after |= {
            ROLE: label_of(ROLES, role),
            SINCE: in_figures(since),
            **({DECREE: wish.decree} if wish.decree else {}),
        }
        if wish.until:
            filing.after[UNTIL] = in_figures(last_day(wish.until))
        elif since < timezone.localdate() - LONG_AGO:
            line.hint(
                "since",
                _("It will count as running from %(day)s until today. If it has ended, give its last day.")
                % {"day": in_figures(since)},
            )

    @staticmethod
    def tier(person: Person, on: date) -> str:
        holding = [post for post in person.posts if post.holds(on)] or person.posts
        return holding[-1].tier if holding else ""

    def end(self, line: Line, wish: Wish, kept: Kept, filing: Filing) -> None:
        if wish.until is not None and wish.until <= kept.since:
            line.refuse(
                "until",
                _("The last day lies before the first day, %(day)s.") % {"day": in_figures(kept.since)},
            )
            return
        reason = wish.reason or EndReason.OTHER
        filing.changes.append((AssignmentChange(kept.pk, until=wish.until, end_reason=reason), ""))
        filing.before[UNTIL], filing.after[UNTIL] = (
            in_figures(last_day(kept.until)),
            in_figures(last_day(wish.until)),
        )
        filing.after[REASON] = label_of(REASONS, reason)

    def renew(self, line: Line, wish: Wish, target: Target, kept: Kept, filing: Filing) -> None:
        """By another decision or in another role: what is kept ends on the day on which the new one begins."""
        change = AssignmentChange(kept.pk, until=wish.since, end_reason=EndReason.REASSIGNED)
        filing.changes.append((change, ""))
        again = Wish(
            wish.person, wish.since, wish.until or kept.until, wish.role or kept.role, wish.decree, ""
        )
        self.begin(line, again, target, filing)
        filing.added.pop()
        if kept.decree and another(wish.decree, kept.decree):
            filing.renewed[kept.decree, wish.decree, in_figures(wish.since)].append(target.name)
        filing.before |= {
            ROLE: label_of(ROLES, kept.role),
            DECREE: kept.decree,
            SINCE: in_figures(kept.since),
        }
        filing.after.setdefault(DECREE, "")
        for name in [name for name, text in filing.before.items() if filing.after.get(name) == text]:
            del filing.before[name], filing.after[name]

    def correct(self, line: Line, wish: Wish, kept: Kept, filing: Filing) -> None:
        """The same assignment told more fully or rightly: role, decree, or an earlier first day."""
        role = wish.role if wish.role != kept.role else ""
        decree = wish.decree if another(wish.decree, kept.decree) else ""
        since = wish.since if wish.since and wish.since < kept.since else None
        if not (role or decree or since):
            return
        filing.changes.append((AssignmentChange(kept.pk, since=since, role=role), decree))
        for name, old, new in (
            (ROLE, label_of(ROLES, kept.role), label_of(ROLES, role) if role else ""),
            (DECREE, kept.decree, decree),
            (SINCE, in_figures(kept.since), in_figures(since)),
        ):
            if new:
                filing.before[name], filing.after[name] = old, new


def outcome_of(
    wishes: list[Wish], targets: list[Target], filing: Filing, ended: int, corrected: int, on: date
) -> Outcome:
    """What the preview says of a row."""
    places = "; ".join(target.name for target in targets)
    names = ", ".join(wish.person.full_name for wish in wishes) or _("Not yet assigned")
    title, target_id = f"{names} · {places}", wishes[0].person.pk if wishes else None
    creates = {"cadres": len(filing.brings)} if filing.brings else {}
    told = {
        "Địa bàn": "; ".join(filing.added),
        **filing.after,
        IN_CHARGE: "; ".join(filing.chiefs),
        BROUGHT: "; ".join(person.described(on) for person in filing.brings),
    }
    after = {name: text for name, text in told.items() if text}
    if filing.added or (filing.chiefs and not filing.changes):
        records = len(filing.new) + corrected
        return Outcome(RowFate.ADDED, title, {}, after, filing, target_id, records, creates)
    if not filing.changes:
        return Outcome(RowFate.UNCHANGED, title, target_id=target_id)
    fate = RowFate.ENDED if ended == corrected else RowFate.CHANGED
    records = max(len(filing.new), corrected)
    return Outcome(fate, title, filing.before, after, filing, target_id, records, creates)


def another(decree: str, kept: str) -> bool:
    """Whether it is named and not the one kept; a document is found by its number in whichever case it is typed."""
    return bool(decree) and decree.casefold() != kept.casefold()


def label_of(labels: dict[str, str], value: str) -> str:
    return next((label for label, known in labels.items() if known == value), "")
