"""Another number of EXCELLENT than was reckoned for one group of a round, by a document; and its withdrawal.

The reckoned number stays beside it, and no grade changes by it: the page only warns by the number set.
"""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal.actions.deed import RuleBroken, action
from portal.databases import GRADING_LOCK, take_turns
from portal.models import Decree, User
from reports.actions.review_moves import locked_orgs, locked_words, refuse_unsigned, remark
from reports.grades import Grouping
from reports.models import Round, RoundState, SetCeiling
from reports.reviews import announced_orgs
from reports.round_tables import RoundTable, Row


@action
def set_ceiling(
    *,
    round: Round,
    family: str,
    superior_id: int | None,
    number: int,
    reason: str,
    decree: Decree | None,
    by: User,
) -> SetCeiling:
    """For the organisations of a family (`cells`, `grassroots`, `committees`) right under one superior.

    None is the whole round; which of the two is asked for, the rule of the ceiling says.
    """
    table, row = _open_group(round, family, superior_id)
    reason = remark(reason, _("Say why another number is set."))
    refuse_unsigned([decree])
    problems = []
    if decree is None:
        problems.append(_("Give the document by which the number is set."))
    if row.set is not None:
        problems.append(_("A number is set for this group already. Withdraw it first."))
    if row.ceiling is None:
        problems.append(_("The regulation has no ceiling for this round."))
    elif number == row.ceiling.limit:
        problems.append(_("This is the number reckoned by the rule; there is nothing to set."))
    if not 0 <= number <= row.counts.existing:
        problems.append(_("The group has %(n)s organisations to be graded.") % {"n": row.counts.existing})
    if not table.is_whole(superior_id):
        problems.append(_("Part of the group lies outside this round. Set the number in the larger round."))
    if problems:
        raise RuleBroken(problems)
    assert row.ceiling is not None and decree is not None
    made = SetCeiling.objects.create(
        round=round, family=family, superior_id=superior_id, number=number, reason=reason,
        decree=decree, by=by, at=timezone.now(),
    )  # fmt: skip
    audit.record(
        "set_ceiling", made, by=by, place_id=round.place_id, year=round.year, family=family,
        **_whose(superior_id), number=number, reckoned=row.ceiling.limit, reason=reason, decree=decree.pk,
    )  # fmt: skip
    return made


@action
def withdraw_ceiling(*, ceiling: SetCeiling, reason: str, by: User) -> SetCeiling:
    """The reckoned number holds again; what was set stays with who set and who withdrew it.

    Also one that holds no more since the rule groups otherwise.
    """
    round = Round.objects.get(pk=ceiling.round_id)
    table = _open_table(round, ceiling.family)
    _refuse_settled(round, [line.org for line in table.lines_of(ceiling.superior_id)])
    ceiling = SetCeiling.objects.select_for_update().get(pk=ceiling.pk)
    if ceiling.withdrawn_at:
        raise RuleBroken(_("The number has been withdrawn already."))
    reason = remark(reason, _("Say why the number is withdrawn."))
    ceiling.withdrawn_by, ceiling.withdrawn_at = by, timezone.now()
    ceiling.save(update_fields=["withdrawn_by", "withdrawn_at"])
    audit.record(
        "withdraw_ceiling", ceiling, by=by, place_id=round.place_id, year=round.year, family=ceiling.family,
        **_whose(ceiling.superior_id), number=ceiling.number, reason=reason,
    )  # fmt: skip
    return ceiling


def _whose(superior_id: int | None) -> dict[str, Any]:
    return {"org": superior_id} if superior_id else {"group": str(Grouping.ALL)}


def _open_group(round: Round, family: str, superior_id: int | None) -> tuple[RoundTable, Row]:
    """The group as it stands, while neither a lock nor an announced result holds it."""
    table = _open_table(round, family)
    row = table.group(superior_id)
    if row is None:
        raise RuleBroken(_("There is no such group in this round."))
    _refuse_settled(round, [line.org for line in table.lines_under(superior_id)])
    return table, row


def _open_table(round: Round, family: str) -> RoundTable:
    take_turns(GRADING_LOCK)
    round.refresh_from_db()
    if round.state == RoundState.LOCKED:
        raise RuleBroken(locked_words(round.period))
    table = RoundTable(round, family=family)
    if table.family != family:
        raise RuleBroken(_("There is no such group in this round."))
    return table


def _refuse_settled(round: Round, orgs: Sequence[int]) -> None:
    if locked_orgs(round.period, orgs):
        raise RuleBroken(locked_words(round.period))
    if announced_orgs(round.period).intersection(orgs):
        raise RuleBroken(_("Results of this group have been announced. The ceiling is changed no more."))
