"""What the worker does for the top floor: the pack of a round, gone on with where it was left, and closed figures."""

import logging

from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_tasks import task

from assignments.tasks import ask_again
from portal.documents.pdf import TemplateBroken
from reports.actions.closing import freeze_closed
from reports.actions.packs import end_pack, keep_parts
from reports.documents.packs import parts_of
from reports.models import PackState, PaperPack

log = logging.getLogger(__name__)


@task()
def make_pack(pack_id: int) -> None:
    pack = PaperPack.objects.select_related("round__scheme").get(pk=pack_id)
    if pack.state != PackState.WORKING:
        return
    done = set(pack.parts.values_list("order", flat=True))
    with override("vi"):
        try:
            for parts in parts_of(pack, done):
                keep_parts(pack=pack, parts=parts)
        except TemplateBroken as broken:
            message = _("The layout cannot be used: %(why)s Tell the steward.") % {"why": broken}
            end_pack(pack=pack, state=PackState.FAILED, message=message)
            return
        except DatabaseError:
            # The pack falls silent, and can be gone on with from its page.
            log.exception("Pack %s was broken off", pack_id)
            return
    end_pack(pack=pack, state=PackState.READY)


@task()
def freeze_figures() -> int:
    ask_again(freeze_figures)
    return freeze_closed(today=timezone.localdate())
