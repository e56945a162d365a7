"""Members of past years by sheet: counted for organisations that are there, and for nobody else's."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.exports import Footer
from portal.exports.listings import write_listing
from portal.imports.kinds import kind_named
from portal.imports.undo import undo
from portal.models import PartyOrg, PartyOrgCount, PartyOrgSpan
from tests import make
from tests.rosters import checked, counts, imported, problems, saved, scope
from tests.workbooks import one_sheet
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
HEAD = ["Tên chi bộ", "Cấp trên", "Năm", "Tổng số đảng viên", "Đảng viên miễn", "Đi xa"]


world, land = built_once("land", make.land)


@pytest.fixture
def organiser(land):
    return make.person("organiser", land.province)


def cell_of(land) -> str:
    return PartyOrgSpan.objects.get(org=land.cell).name


def test_years_are_counted_changed_and_left_alone(land, organiser):
    name = cell_of(land)
    run = imported(
        "head-counts", organiser, HEAD, [name, None, 2022, 17, 3, 1], [name, None, 2023, "18", None, None]
    )
    assert counts(run) == {"added": 2}
    found = (
        PartyOrgCount.objects.filter(org=land.cell)
        .order_by("year")
        .values_list("year", "members", "exempt", "away")
    )
    assert list(found) == [(2022, 17, 3, 1), (2023, 18, 0, 0)]
    run = imported(
        "head-counts", organiser, HEAD, [name, None, 2022, 17, 3, 1], [name, None, 2023, 19, None, None]
    )
    assert counts(run) == {"changed": 1, "unchanged": 1}
    undo(run=run, by=organiser)
    assert PartyOrgCount.objects.get(year=2023).members == 18


def test_an_empty_cell_leaves_what_is_kept(land, organiser):
    name = cell_of(land)
    imported("head-counts", organiser, HEAD, [name, None, 2022, 17, 3, 1])
    imported("head-counts", organiser, HEAD, [name, None, 2022, 19, None, 0])
    count = PartyOrgCount.objects.get(org=land.cell, year=2022)
    assert (count.members, count.exempt, count.away) == (19, 3, 0)


def test_every_wrong_cell_is_named(land, organiser):
    name = cell_of(land)
    rows = [
        [name, None, 2022, 5, 4, 3],
        [name, None, 1900, 5, None, None],
        [name, None, None, 5, None, None],
        [name, None, 2022, "mười", None, None],
        ["Chi bộ Không Có", None, 2022, 5, None, None],
        [name, None, 2021, 5, None, None],
        [name, None, 2021, 6, None, None],
    ]
    run = checked("head-counts", organiser, one_sheet(HEAD, *rows))
    found = {row: [letter for letter, _message in wrong] for row, wrong in problems(run).items()}
    assert found == {2: ["E"], 3: ["C"], 4: ["C"], 5: ["D"], 6: ["A"], 8: ["A"]}
    assert counts(run) == {"added": 1, "refused": 6}


def test_it_opens_no_organisation(land, organiser):
    before = PartyOrg.objects.count()
    saved(checked("head-counts", organiser, one_sheet(HEAD, ["Chi bộ Mới", None, 2022, 5, None, None],
                                                      [cell_of(land), None, 2022, 5, None, None])))  # fmt: skip
    assert PartyOrg.objects.count() == before


def test_an_organisation_out_of_reach_is_refused_like_one_that_is_not_there(land):
    far = make.org("cell_hamlet", place=land.sibling_hamlet, name="Zyx Wvu Tsr")
    steward = make.person("steward", land.commune)
    names = ("Zyx Wvu Tsr", "Kjh Gfd Sqp")
    run = checked(
        "head-counts", steward, one_sheet(HEAD, *([name, None, 2022, 5, None, None] for name in names))
    )
    told = [problems(run)[row][0][1].replace(name, "…") for row, name in enumerate(names, 2)]
    assert told[0] == told[1]
    assert not PartyOrgCount.objects.filter(org=far).exists()


def test_what_is_kept_comes_back_unchanged(land, organiser):
    twin = make.org("cell_hamlet", parent=land.committee, place=land.hamlet, name=cell_of(land))
    for org, members in ((land.cell, 17), (land.committee, 120), (twin, 9)):
        make.made(PartyOrgCount.objects.create)(org=org, year=2022, members=members, exempt=1, away=1)
    file = io.BytesIO()
    footer = Footer("Báo cáo cấp ủy", str(organiser), timezone.now())
    kind = kind_named("head-counts")
    write_listing(file, kind=kind, scope=scope(organiser), demo=True, with_names=False, footer=footer)
    run = checked("head-counts", organiser, file)
    assert counts(run) == {"unchanged": 3}


def test_more_rows_ask_no_more_questions(land, organiser):
    names = [f"Chi bộ Mẫu số {number}" for number in range(41)]
    for name in names:
        make.org("cell_hamlet", parent=land.committee, name=name)
    asked = []
    for chosen in (names[:1], names[1:]):
        with CaptureQueriesContext(connection) as queries:
            run = imported("head-counts", organiser, HEAD, *([name, None, 2022, 9, 0, 0] for name in chosen))
        assert counts(run) == {"added": len(chosen)}
        asked.append(len(queries))
    assert asked[0] == asked[1]
