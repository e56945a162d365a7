"""Looks that leave a trace: at a household's record, and downloads of lists."""

from portal import audit
from portal.actions.deed import action
from portal.models import Household, User


@action
def look_at_household(*, household: Household, by: User) -> None:
    audit.record(
        "look_at_household",
        household,
        by=by,
        place_id=household.place_id,
        province_id=household.province_id,
    )


@action
def print_household(*, household: Household, by: User) -> None:
    """The slip with all that is kept; its print is told apart from a look."""
    audit.record(
        "print_household",
        household,
        by=by,
        place_id=household.place_id,
        province_id=household.province_id,
    )


@action
def download_names(*, what: str, purpose: str, rows: int, by: User, place_id: int | None = None) -> None:
    """`what` names the list and `purpose` what for, from a closed list; who is on the list is not repeated."""
    audit.record("download_names", None, by=by, place_id=place_id, what=what, purpose=purpose, rows=rows)


@action
def download_list(
    *, what: str, purpose: str, rows: int, by: User, with_names: bool = False, place_id: int | None = None
) -> None:
    """A whole list, of units and codes; with names of people in it, it is told like any other download of names."""
    if with_names:
        download_names(what=what, purpose=purpose, rows=rows, place_id=place_id, by=by)
    else:
        audit.record("download_list", None, by=by, place_id=place_id, what=what, purpose=purpose, rows=rows)
