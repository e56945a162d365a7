"""A visit and those that are perhaps the same one, told side by side; as many queries for many as for one."""

from collections import Counter
from typing import Any

from django.db.models import prefetch_related_objects

from assignments.access import Reach
from assignments.models import Visit
from assignments.standing import corrected_by
from assignments.twins import twins
from assignments.views.visit_told import STORED, told_as_stored
from portal.places import Names


def side_by_side(found: Visit, reach: Reach) -> list[dict[str, Any]]:
    """To withdraw one of them; nothing where there is no other that this person may withdraw."""
    alike = corrected_by(twins(found, reach), reach)
    if not alike:
        return []
    both = [found, *alike]
    prefetch_related_objects(both, "persons__cadre", *STORED)
    requests = Counter(reach.petitions().filter(visit__in=both).order_by().values_list("visit", flat=True))
    where = Names([found.place_id]).on(found.place_id, found.day)
    return [
        {
            "visit": each,
            "is_this": each == found,
            "persons": [row.cadre.full_name for row in sorted(each.persons.all(), key=lambda row: row.pk)],
            "requests": requests[each.pk],
            "told": told_as_stored(each, with_requests=False, where=where),
        }
        for each in both
    ]
