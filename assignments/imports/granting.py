"""What does a role in a row do beside the grants that an account holds already?"""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from assignments.actions.account_roster import AccountFiling, Granted
from assignments.imports.anchors import Anchor
from portal.dates import in_figures, last_day
from portal.imports.lines import Line
from portal.models import Grant
from portal.places import holds_on
from portal.roles import Role

UNTIL = "Đến hết ngày"


class Held(NamedTuple):
    pk: int
    since: date
    until: date | None


class Wish(NamedTuple):
    """`since` is what the row says, or nothing; `first` is the day on which a new grant would begin."""

    role: Role
    anchor: Anchor
    since: date | None
    first: date
    until: date | None


class Grants:
    def __init__(self) -> None:
        self.held: dict[tuple[int, str, int], list[Held]] = defaultdict(list)
        fields = ("pk", "user", "role", "place", "agency", "org", "leader", "since", "until")
        for pk, user_id, role, *anchors, since, until in Grant.objects.order_by("since", "pk").values_list(
            *fields
        ):
            anchor_id = next(key for key in anchors if key)
            self.held[user_id, role, anchor_id].append(Held(pk, since, until))

    def settle(self, line: Line, user_id: int | None, wish: Wish, filing: AccountFiling) -> None:
        """Note in the filing what begins or ends; what cannot be is noted at the line."""
        held = self.held.get((user_id or 0, wish.role, wish.anchor.pk), [])
        kept = next((one for one in held if _meet(one, wish)), None)
        if kept is None:
            self.begin(line, wish, filing)
        elif wish.until is None or wish.until == kept.until:
            if wish.until is None and kept.until is not None:
                told = {"role": wish.role.label, "day": in_figures(last_day(kept.until))}
                line.hint(
                    "until", _("The role %(role)s ends with %(day)s already; it is not lengthened.") % told
                )
        elif kept.until is not None and wish.until > kept.until:
            line.refuse("until", _("This account already holds this role here in that time."))
        elif wish.until <= kept.since:
            told = {"day": in_figures(kept.since)}
            line.refuse("until", _("The last day lies before the first day, %(day)s.") % told)
        else:
            filing.ends.append((kept.pk, wish.until))

    @staticmethod
    def begin(line: Line, wish: Wish, filing: AccountFiling) -> None:
        if wish.until is not None and wish.until <= wish.first:
            told = {"day": in_figures(wish.first)}
            line.refuse("until", _("The last day lies before the first day, %(day)s.") % told)
            return
        filing.grants.append(Granted(wish.role, wish.anchor.pk, wish.first, wish.until))


def _meet(held: Held, wish: Wish) -> bool:
    """Whether the row speaks of this grant: it holds on a day the row names, or ended as the row says."""
    if wish.since is None and wish.until is not None:
        last = last_day(wish.until)
        return held.until == wish.until or (last is not None and holds_on((held.since, held.until), last))
    return (held.until is None or held.until > wish.first) and (wish.until is None or held.since < wish.until)
