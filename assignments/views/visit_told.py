"""What a visit says, as lines that two people can hold beside each other: once as stored, once as it was sent."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import pgettext

from assignments.actions.visit_rows import Requested
from assignments.models import Visit
from assignments.topics import Attendance, Excuse, VisitKind
from portal.dates import in_figures
from portal.places import Names
from portal.vietnamese import clean

# What is read of a visit; for several at once the caller fetches it for all of them.
STORED = ("persons", "duties__duty", "promises")


def told_as_stored(visit: Visit, *, with_requests: bool = True, where: str | None = None) -> list[str]:
    """Without requests for whoever may perhaps not read their text. `where` is the name of its place on its day, if
    it is known already."""
    prefetch_related_objects([visit], *STORED)
    person = min(visit.persons.all(), key=lambda row: row.pk, default=None)
    return _lines(
        visit.day,
        visit.kind,
        _called(visit.place_id, visit.day) if where is None else where,
        (person.attendance, person.excuse) if person else ("", ""),
        [(line.duty.label, line.note) for line in visit.duties.all()],
        [(promise.text, promise.due) for promise in visit.promises.all()],
        [(petition.text, petition.expected) for petition in visit.petitions.all()] if with_requests else [],
        visit.nothing_new,
    )


def told_as_sent(content: Mapping[str, Any], requests: Iterable[Requested]) -> list[str]:
    _cadre, attendance, excuse, *_rest = content["persons"][0]
    return _lines(
        content["day"],
        content["kind"],
        _called(content["place"].pk, content["day"]),
        (attendance, excuse),
        [(line.duty.label, line.note) for line in content["duties"]],
        [(promise.text, promise.due) for promise in content["promises"]],
        [(request.text, request.expected) for request in requests],
        content["nothing_new"],
    )


def _called(place_id: int, day: date) -> str:
    return Names([place_id]).on(place_id, day)


def _lines(
    day: date,
    kind: str,
    where: str,
    attended: tuple[str, str],
    duties: Iterable[tuple[str, str]],
    promises: Iterable[tuple[str, date | None]],
    requests: Iterable[tuple[str, date | None]],
    nothing_new: bool,
) -> list[str]:
    attendance, excuse = attended
    first = [in_figures(day), str(VisitKind(kind).label), where]
    first.append(str(Attendance(attendance).label) if attendance else "")
    first.append(str(Excuse(excuse).label) if excuse else "")
    first.append(pgettext("visit", "Nothing new to report") if nothing_new else "")
    lines = [" · ".join(filter(None, first))]
    lines += sorted(": ".join(filter(None, (label, clean(note)))) for label, note in duties)
    lines += [pgettext("visit", "Promised: %(text)s") % {"text": _with_day(*each)} for each in promises]
    lines += sorted(
        pgettext("rec", "Recommendation: %(text)s") % {"text": _with_day(*each)} for each in requests
    )
    return lines


def _with_day(text: str, day: date | None) -> str:
    return " ".join(filter(None, (clean(text), in_figures(day) if day else "")))
