"""The kin of W3, each on a territory of its own: the file without quirks, and that of Vĩnh Long in 2026."""

import pytest

from assignments.models import Assignment
from portal.actions.seeding import load_territory
from portal.levels import Level
from portal.places import spans_within
from portal.roles import Role
from tests import make
from tests.layouts import land, w3
from tests.rosters import checked, counts, problems, saved
from tests.source import HOME

pytestmark = pytest.mark.django_db


def test_a_clean_file_covers_every_commune():
    province = land.of_2019(w3.DISTRICTS, w3.communes())
    run = saved(checked("assignments", make.person(Role.STEWARD, province), w3.w3(clean=True)))
    following = Assignment.objects.filter(role="following")
    assert counts(run) == {"added": 164}, problems(run)
    assert following.count() == 164 == following.values("place").distinct().count()


def test_vinh_long_of_2026_has_regions_and_no_sections():
    load_territory(folder=HOME / "seeds", by=make.clerk())
    province = land.place(land.VINH_LONG, make.today())
    communes = [span.full_name for span in spans_within(province.pk, make.today(), Level.COMMUNE)]
    run = saved(checked("assignments", make.person(Role.STEWARD, province), w3.w3c(communes)))
    assert counts(run) == {"added": 124}, problems(run)
    assert Assignment.objects.values("place").distinct().count() == 124
