"""The life of a pack of papers: asked for, drawn up part by part, ready, or given up with a message."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal.actions.deed import RuleBroken, action, bookkeeping
from portal.models import User
from reports.models import PackPart, PackState, PaperPack, Round, RoundState
from reports.reviews import reviews_of

# A worker that has not been heard of for so long is taken for dead.
SILENT = timedelta(seconds=60)
# The notice of the results, the summary by level and, of a year, the control of the ceiling.
OF_THE_ROUND = 3
OF_EACH = 2


@action
def ask_for_pack(*, round: Round, by: User) -> PaperPack:
    """The pack of an open round is a draft. RuleBroken where one is being drawn up, or nothing is to be."""
    number = reviews_of(round).count()
    if not number:
        raise RuleBroken(_("No organisation of this round has an evaluation yet."))
    if round.packs.filter(state=PackState.WORKING).exists():
        raise RuleBroken(_("A pack of this round is being drawn up already."))
    is_locked = round.state == RoundState.LOCKED and round.locked_at is not None
    day = timezone.localdate(round.locked_at) if is_locked else timezone.localdate()
    of_the_round = OF_THE_ROUND if round.period.is_year else OF_THE_ROUND - 1
    now = timezone.now()
    pack = PaperPack.objects.create(
        round=round, day=day, is_draft=not is_locked, total=of_the_round + OF_EACH * number, asked_by=by,
        asked_at=now, heartbeat_at=now,
    )  # fmt: skip
    facts = {**round.period.facts, "papers": pack.total}
    audit.record("ask_for_pack", pack, by=by, place_id=round.place_id, **facts)
    return pack


@bookkeeping("papers of a pack, and a sign of life")
def keep_parts(*, pack: PaperPack, parts: Sequence[tuple[int, str, bytes]]) -> None:
    """`parts` are place in the pack, name of the file and its bytes; what is there already stays."""
    PackPart.objects.bulk_create(
        [
            PackPart(
                pack=pack,
                order=order,
                name=name,
                content=content,
                sha256=hashlib.sha256(content).hexdigest(),
            )
            for order, name, content in parts
        ],
        ignore_conflicts=True,
    )
    PaperPack.objects.filter(pk=pack.pk).update(heartbeat_at=timezone.now())


@bookkeeping("the pack can be fetched, or says why not")
def end_pack(*, pack: PaperPack, state: str, message: str = "") -> None:
    PaperPack.objects.filter(pk=pack.pk).update(
        state=state, message=message[:300], heartbeat_at=timezone.now()
    )


@bookkeeping("a worker that fell silent is replaced")
def take_over_pack(*, pack: PaperPack) -> bool:
    now = timezone.now()
    silent = Q(heartbeat_at=None) | Q(heartbeat_at__lt=now - SILENT)
    waiting = PaperPack.objects.filter(silent, pk=pack.pk, state=PackState.WORKING)
    return bool(waiting.update(heartbeat_at=now))


@action
def download_pack(*, pack: PaperPack, by: User) -> None:
    audit.record("download_pack", pack, by=by, place_id=pack.round.place_id, papers=pack.total)
