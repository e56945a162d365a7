"""What people asked for, in the sheet of visits from paper: raised once with the day promised, taken back whole."""

from datetime import timedelta

import pytest

from assignments.actions import petitions, tallies
from assignments.models import Petition, Visit
from portal.actions.deed import RuleBroken
from portal.imports.undo import obstacles_of, undo
from portal.models import AuditEntry, ImportChunk, ImportRow
from tests import make
from tests.rosters import checked, counts, imported, problems, row
from tests.test_import_visits import ASKED_HEAD, BRIDGE, CHECK, TODAY, Paper
from tests.workbooks import one_sheet

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper() -> Paper:
    return Paper()


def asking(paper, *asked, by=None, **cells):
    return imported("visits", by or paper.staff, ASKED_HEAD, [*paper.line(**cells), *asked])


def test_a_request_on_paper_comes_with_its_topic_and_the_day_promised(paper):
    promised = TODAY + timedelta(days=12)
    run = asking(paper, BRIDGE, "Giao thông", promised, D=CHECK)
    assert counts(run) == {"added": 1}, problems(run)
    petition = Petition.objects.get()
    assert (petition.text, petition.topic, petition.expected) == (BRIDGE, "roads", promised)
    assert (petition.visit, petition.day) == (Visit.objects.get(), TODAY)
    assert (petition.raised_by, petition.entered_by) == (paper.cadre, paper.staff)
    assert petition.place == paper.land.hamlet and petition.household is None and not petition.consent
    assert petition.steps.get().state == "submitted"
    entry = AuditEntry.objects.get(deed="raise_petition")
    assert entry.facts["expected"] == promised.isoformat() and BRIDGE not in str(entry.facts)


def test_the_same_paper_again_adds_no_second_request_and_an_undone_one_takes_it_away(paper):
    run = asking(paper, BRIDGE, "Đường, cầu", None)
    again = asking(paper, BRIDGE, "Đường, cầu", None)
    assert counts(again) == {"unchanged": 1} and Petition.objects.count() == 1
    assert not row(again, 2).hints
    undo(run=run, by=paper.staff)
    assert not Petition.objects.exists() and not Visit.objects.exists() and tallies.differences() == []


def test_a_request_of_a_visit_that_is_there_without_it_is_pointed_out(paper):
    paper.imported(paper.line())
    again = asking(paper, BRIDGE, "Đường, cầu", None)
    assert counts(again) == {"unchanged": 1} and not Petition.objects.exists()
    told = str(row(again, 2).hints)
    assert "without this recommendation" in told or "chưa có kiến nghị này" in told


def test_a_request_that_was_accepted_holds_the_import_fast(paper):
    run = asking(paper, BRIDGE, "Đường, cầu", None)
    agency = make.agency(place=paper.land.commune)
    petitions.accept(petition=Petition.objects.get(), agency=agency, released=BRIDGE, by=paper.staff)
    assert obstacles_of(run)
    with pytest.raises(RuleBroken):
        undo(run=run, by=paper.staff)
    assert Petition.objects.count() == 1


@pytest.mark.parametrize(
    ("asked", "letter"),
    [
        ((BRIDGE, None, None), "N"),
        ((BRIDGE, "Cầu Mới", None), "N"),
        ((BRIDGE, "Đường, cầu", TODAY - timedelta(days=2)), "O"),
        ((BRIDGE, "Đường, cầu", TODAY + timedelta(days=700)), "O"),
        ((None, None, TODAY + timedelta(days=2)), "O"),
        (("Tố cáo ông trưởng ấp", "Khác", None), "M"),
        (("CCCD số 079123456789", "Khác", None), "M"),
    ],
)
def test_a_request_that_is_not_right_is_refused_at_its_cell(paper, asked, letter):
    run = checked("visits", paper.staff, one_sheet(ASKED_HEAD, [*paper.line(), *asked]))
    assert counts(run) == {"refused": 1} and {one[0] for one in problems(run)[2]} == {letter}
    # Words of a complaint are kept nowhere.
    assert "trưởng ấp" not in str(list(ImportRow.objects.values())) + str(list(ImportChunk.objects.values()))
