"""What a visit says, as lines that two people can hold beside each other: once as stored, once as it was sent."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import pgettext

from assignments.actions.visit_rows import Requested
from assignments.models import Visit
from assignments.topics import Attendance, Excuse, VisitKind
from portal.dates import in_figures
from portal.models import Place, PlaceSpan
from portal.vietnamese import clean


def told_as_stored(visit: Visit, *, with_requests: bool = True) -> list[str]:
    """Without requests for whoever may perhaps not read their text."""
    person = visit.persons.order_by("pk").first()
    return _lines(
        visit.day,
        visit.kind,
        visit.place,
        (person.attendance, person.excuse) if person else ("", ""),
        [(line.duty.label, line.note) for line in visit.duties.select_related("duty")],
        [(promise.text, promise.due) for promise in visit.promises.all()],
        [(petition.text, petition.expected) for petition in visit.petitions.all()] if with_requests else [],
        visit.nothing_new,
    )


def told_as_sent(content: Mapping[str, Any], requests: Iterable[Requested]) -> list[str]:
    _cadre, attendance, excuse, *_rest = content["persons"][0]
    return _lines(
        content["day"],
        content["kind"],
        content["place"],
        (attendance, excuse),
        [(line.duty.label, line.note) for line in content["duties"]],
        [(promise.text, promise.due) for promise in content["promises"]],
        [(request.text, request.expected) for request in requests],
        content["nothing_new"],
    )


def _lines(
    day: date,
    kind: str,
    place: Place,
    attended: tuple[str, str],
    duties: Iterable[tuple[str, str]],
    promises: Iterable[tuple[str, date | None]],
    requests: Iterable[tuple[str, date | None]],
    nothing_new: bool,
) -> list[str]:
    attendance, excuse = attended
    span = PlaceSpan.objects.current(day).filter(place=place).first()
    first = [in_figures(day), str(VisitKind(kind).label), span.full_name if span else ""]
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
