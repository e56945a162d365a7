"""Sentences for the empty fields of a cadre's own report, made from his counted year and from nothing else."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import override, pgettext

from assignments.topics import AnswerClass, VisitKind
from reports.draft_texts import marked, says


def drafted_report(record: Mapping[str, Any]) -> dict[str, str]:
    """By field of the report; `record` is what is frozen beside it (`cadre_records.record_of`)."""
    meetings, promises = record["meetings"], record["promises"]
    left = promises["made"] - promises["kept"]
    with override("vi"):
        open_promises = (
            [says(pgettext("self draft", "Promises not kept yet: %(n)s."), n=left)] if left else []
        )
        found = {
            "results": [*_meetings(meetings), *_visits(record), *_raised(record["raised"]), *_told(record)],
            "shortcomings": [*_lacking(meetings), *open_promises],
            "directions": open_promises,
        }
    return marked(found)


def _meetings(meetings: Mapping[str, int]) -> list[str]:
    if not meetings["owed"]:
        return []
    words = pgettext("self draft", "Meetings: %(attended)s of %(owed)s due attended, %(excused)s excused.")
    return [says(words, **{name: meetings[name] for name in ("attended", "owed", "excused")})]


def _visits(record: Mapping[str, Any]) -> list[str]:
    counted = pgettext("self draft", "%(label)s: %(n)s.")
    numbers = [(kind, record["visits"].get(kind)) for kind in VisitKind]
    return [says(counted, label=str(kind.label), n=number) for kind, number in numbers if number]


def _raised(raised: list[list[Any]]) -> list[str]:
    if not raised:
        return []
    solved = sum(number for _state, answer, number in raised if answer == AnswerClass.SOLVED)
    words = pgettext("self draft", "Recommendations raised: %(all)s, %(solved)s solved.")
    return [says(words, all=sum(row[2] for row in raised), solved=solved)]


def _told(record: Mapping[str, Any]) -> list[str]:
    told, promises = [], record["promises"]
    if record["points"]:
        told.append(says(pgettext("self draft", "Points passed on: %(n)s."), n=record["points"]))
    if promises["made"]:
        words = pgettext("self draft", "Promises: %(kept)s of %(made)s kept.")
        told.append(says(words, kept=promises["kept"], made=promises["made"]))
    return told


def _lacking(meetings: Mapping[str, int]) -> list[str]:
    told = []
    if meetings["absent"]:
        words = pgettext("self draft", "Meetings absent from without an excuse: %(n)s.")
        told.append(says(words, n=meetings["absent"]))
    if meetings["silent"]:
        words = pgettext("self draft", "Meetings of which nothing is recorded: %(n)s.")
        told.append(says(words, n=meetings["silent"]))
    return told
