"""What the portal counted of a cadre's year, beside his own report: live until he hands it in, frozen then.

Counts only, by the keys of their words; never a text, a household or a comparison with another.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import pgettext

from assignments import years
from assignments.models import Cadre, Promise, VisitPoint
from assignments.topics import AnswerClass, PetitionState, VisitKind


def record_of(cadre: Cadre, year: int, today: date) -> dict[str, Any]:
    """The same numbers as the own-year page; some dozen times a handful of queries."""
    months = years.added(years.duty_record(cadre.pk, year, today))
    visits = years.visits_of(cadre, year)
    keys = visits.values("pk")
    kinds = visits.order_by().values_list("kind").annotate(number=Count("pk", distinct=True))
    promised = Promise.objects.filter(visit__in=keys).aggregate(
        made=Count("pk"), kept=Count("pk", filter=Q(kept_on__isnull=False))
    )
    raised = years.raised(cadre, year).order_by().values_list("state", "answer").annotate(number=Count("pk"))
    return {
        "on": today.isoformat(),
        "meetings": {
            name: getattr(months, name) for name in ("owed", "attended", "excused", "absent", "silent")
        },
        "visits": dict(sorted(kinds)),
        "raised": sorted([state, answer, number] for state, answer, number in raised),
        "points": VisitPoint.objects.filter(visit__in=keys).count(),
        "promises": promised,
    }


def sealed(record: Mapping[str, Any]) -> str:
    """The SHA-256 of a record in its canonical form."""
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def lines(record: Mapping[str, Any]) -> list[tuple[str, int]]:
    """In words, as they stand on a page."""
    meetings, promises = record["meetings"], record["promises"]
    words = {
        "owed": pgettext("cadre review", "Meetings due"),
        "attended": pgettext("cadre review", "Meetings attended"),
        "excused": pgettext("cadre review", "Meetings excused"),
        "absent": pgettext("cadre review", "Meetings absent from"),
        "silent": pgettext("cadre review", "Meetings of which nothing is recorded"),
    }
    told = [(words[name], meetings[name]) for name in words]
    told += [(str(kind.label), record["visits"][kind]) for kind in VisitKind if record["visits"].get(kind)]
    told.append((pgettext("cadre review", "Recommendations raised"), sum(row[2] for row in record["raised"])))
    for state, answer, number in record["raised"]:
        fate = str(PetitionState(state).label)
        if answer:
            fate += f", {str(AnswerClass(answer).label).lower()}"
        told.append((pgettext("cadre review", "Of these: %(fate)s") % {"fate": fate}, number))
    told += [
        (pgettext("cadre review", "Points passed on"), record["points"]),
        (pgettext("cadre review", "Promises made"), promises["made"]),
        (pgettext("cadre review", "Promises kept"), promises["kept"]),
    ]
    return told
