"""Similar recommendations joined under a leading one, whose answer is read as the answer of each; and parted again."""

from collections.abc import Collection

from django.utils import timezone

from assignments import rules
from assignments.actions import petition_moves as moves
from assignments.lookup import are_alike
from assignments.models import Petition
from assignments.topics import PetitionState
from portal.actions.deed import RuleBroken, action
from portal.models import User
from portal.vietnamese import clean_paragraphs


@action
def join(*, petition: Petition, members: Collection[Petition], by: User) -> None:
    """The members keep their texts, places and authors; body and clock are those of the leading one from now on."""
    today = timezone.localdate()
    # Always in the order of their keys, so that two people who join at once wait for each other instead of failing.
    keys = {petition.pk, *(member.pk for member in members)}
    rows = list(Petition.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    leader = next(row for row in rows if row.pk == petition.pk)
    others = [row for row in rows if row.pk != leader.pk]
    if not others:
        raise RuleBroken(rules.NOTHING_TO_JOIN)
    alike = are_alike(rows, today)
    for member in others:
        moves.refuse(
            rules.join_problems(
                leader=leader.state,
                member=member.state,
                has_members=member.members.exists(),
                is_alike=alike,
            )
        )
        moves.move(member, PetitionState.MERGED, leader=leader, agency=None, due=None, reminders=0)
        moves.step(member, PetitionState.MERGED, by=by, leader=leader)
        moves.record("join_petition", member, by, leader=leader)


@action
def part(*, petition: Petition, reason: str, by: User) -> None:
    """It is on its own again and has to be accepted; whatever the leading one was answered is no answer to it."""
    reason = clean_paragraphs(reason)
    petition = moves.locked(petition, PetitionState.SUBMITTED)
    if petition.state != PetitionState.MERGED:
        raise RuleBroken(rules.NOT_JOINED)
    moves.refuse(rules.reason_problems(reason))
    leader = petition.leader
    moves.move(petition, PetitionState.SUBMITTED, leader=None, news_for=None)
    moves.step(petition, PetitionState.SUBMITTED, by=by, leader=leader, text=reason)
    moves.record("part_petition", petition, by, leader=leader)
