"""Facts of party organisations: what is asked of whom, who enters and sees them, how they add up, what is not shown."""

import io
from datetime import date

import openpyxl
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from assignments import facts
from assignments.actions.facts import FactEntry, record_facts
from assignments.actions.rules_loading import load_rules
from assignments.fact_words import SMALLEST_SHOWN, hidden_among
from assignments.models import FactKind, OrgFact, Term
from portal.actions.deed import RuleBroken
from portal.actions.places import close_place
from portal.models import AuditEntry, PartyOrgSpan
from tests import make
from tests.worlds import built_once

YEAR = 2025
counts = st.dictionaries(st.integers(1, 40), st.integers(0, 30), max_size=12)


# Small counts ----------------------------------------------------------------------------------------


@given(counts)
def test_a_hidden_count_is_never_alone_beside_its_total(numbers):
    hidden = hidden_among(numbers)
    assert {key for key, number in numbers.items() if 0 < number < SMALLEST_SHOWN} <= hidden
    others = [number for number in numbers.values() if number]
    assert len(hidden) != 1 or len(others) == 1


@given(counts)
def test_large_counts_hide_nothing_and_zeros_are_shown(numbers):
    large = {key: number if number >= SMALLEST_SHOWN else 0 for key, number in numbers.items()}
    assert hidden_among(large) == set()
    assert not {key for key in hidden_among(numbers) if not numbers[key]}


# The catalogue and the terms -------------------------------------------------------------------------


def build():
    load_rules(folder=settings.HOME / "seeds" / "rules", by=make.clerk())
    return make.land()


world, land = built_once("land", build)
pytestmark = pytest.mark.django_db


def kind(code):
    return FactKind.objects.get(code=code)


def enter(org, code, value, year=YEAR, **fields):
    entry = FactEntry(org_id=org.pk, kind=kind(code), year=year, value=value, **fields)
    return record_facts(entries=[entry], by=fields.get("by") or make.clerk())[0]


def test_the_catalogue_is_loaded_once_and_a_changed_wording_stays(land):
    make.made(FactKind.objects.filter(code="CHECKS").update)(label="Câu chữ khác")
    loaded = load_rules(folder=settings.HOME / "seeds" / "rules", by=make.clerk())
    assert (loaded.fact_kinds, loaded.terms) == (0, 0)
    assert kind("CHECKS").label == "Câu chữ khác"
    assert not FactKind.objects.filter(is_confirmed=True).exists()


def test_terms_differ_by_kind_of_organisation(land):
    terms = facts.terms_on(date(2020, 12, 31))
    assert terms["cell_hamlet"].label == "2020 – 2022"
    assert terms["commune"].label == "2020 – 2025"
    assert facts.terms_on(date(2023, 12, 31))["cell_hamlet"].label == "2022 – 2025"


def test_a_fact_of_the_term_holds_in_every_year_of_it(land):
    enter(land.cell, "CONGRESS", 1, year=2020)
    for year, holds in ((2020, True), (2021, True), (2022, False)):
        found = facts.facts_record([land.cell.pk], year)
        assert (land.cell.pk in found) is holds
    assert OrgFact.objects.get().term.label == "2020 – 2022"


def test_without_a_term_laid_down_nothing_of_a_term_is_entered(land):
    make.made(Term.objects.filter(org_kind="cell_hamlet").delete)()
    with pytest.raises(RuleBroken):
        enter(land.cell, "CONGRESS", 1, year=2020)
    assert not OrgFact.objects.exists()


# Entering --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("MEETING_PLACE", 2),
        ("MEETING_PLACE", -1),
        ("THEMATIC", 500_001),
        ("THEMATIC", "bốn"),
        ("WORKING_RULES_NUMBER", "chưa có"),
        ("WORKING_RULES_NUMBER", 12),
        ("WORKING_RULES_NUMBER", "001201001234 số định danh"),
        ("SECRETARY_CHAIR", 1),
    ],
)
def test_what_does_not_fit_the_catalogue_is_refused(land, code, value):
    with pytest.raises(RuleBroken):
        enter(land.cell, code, value)
    assert not OrgFact.objects.exists()


def test_a_year_before_the_organisation_is_refused(land):
    make.made(PartyOrgSpan.objects.filter(org=land.cell).update)(since=date(2024, 1, 1))
    entry = FactEntry(org_id=land.cell.pk, kind=kind("CHECKS"), year=2025, value=1)
    assert record_facts(entries=[entry], by=make.clerk())
    with pytest.raises(RuleBroken):
        enter(land.cell, "CHECKS", 1, year=2023)


def test_entered_again_it_corrects_and_emptied_it_goes_and_both_are_signed(land):
    enter(land.cell, "WORKING_RULES_NUMBER", "01-QC/CB")
    enter(land.cell, "WORKING_RULES_NUMBER", "02-QC/CB")
    assert OrgFact.objects.get().text == "02-QC/CB"
    assert enter(land.cell, "WORKING_RULES_NUMBER", None) is None
    assert not OrgFact.objects.exists()
    entries = AuditEntry.objects.filter(deed="record_facts")
    assert [entry.facts["codes"] for entry in entries] == [["WORKING_RULES_NUMBER"]] * 3
    assert {entry.place_id for entry in entries} == {land.hamlet.pk}


def test_a_stated_total_is_kept_beside_the_sum(land):
    enter(land.cell, "COMBINED", 2)
    enter(land.committee, "COMBINED", 5, is_stated=True)
    record = facts.facts_record([land.committee.pk, land.cell.pk], YEAR)
    assert record[land.committee.pk].stated["COMBINED"].number == 5
    added = facts.sums([kind("COMBINED")], [land.cell.pk, land.committee.pk], YEAR, {True: 1, False: 1})
    assert added[kind("COMBINED").pk].total == 2
    with pytest.raises(RuleBroken):
        enter(land.cell, "COMBINED", 5, is_stated=True)


def test_the_record_asks_one_question_however_many_organisations(land):
    for number in range(30):
        org = make.org("cell_hamlet", land.committee, land.hamlet, name=f"Chi bộ Mẫu số {number}")
        enter(org, "MEETING_PLACE", 1)
    keys = list(PartyOrgSpan.objects.values_list("org", flat=True))
    for some in (keys[:1], keys):
        with CaptureQueriesContext(connection) as queries:
            facts.facts_record(some, YEAR)
        assert len(queries) == 1


# Pages -----------------------------------------------------------------------------------------------


def page(client, who, name, *args, **query):
    client.force_login(who)
    return client.get(reverse(f"assignments:{name}", args=args), query)


def post(client, who, org, year=YEAR, **fields):
    client.force_login(who)
    url = f"{reverse('assignments:org_facts_edit', args=[org.pk])}?year={year}"
    return client.post(url, fields)


@pytest.mark.parametrize("role", ["organiser", "commune_staff", "cell_secretary"])
def test_staff_and_the_cells_own_secretary_enter_the_figures(client, land, role):
    anchor = {"organiser": land.province, "commune_staff": land.commune, "cell_secretary": land.cell}[role]
    who = make.person(role, anchor)
    answer = post(client, who, land.cell, own_meeting_place="1", own_thematic="4", source="Báo cáo năm")
    assert answer.status_code == 302
    assert dict(OrgFact.objects.values_list("kind__code", "number")) == {"MEETING_PLACE": 1, "THEMATIC": 4}
    text = page(client, who, "org_facts", land.cell.pk, year=YEAR).content.decode()
    assert "Báo cáo năm" in text
    answer = post(client, who, land.cell, own_meeting_place="1", own_thematic="")
    assert dict(OrgFact.objects.values_list("kind__code", "number")) == {"MEETING_PLACE": 1}


def test_a_viewer_sees_and_does_not_enter(client, land):
    enter(land.cell, "THEMATIC", 7317)
    viewer = make.person("viewer", land.commune)
    assert "7.317" in page(client, viewer, "org_facts", land.cell.pk, year=YEAR).content.decode()
    assert post(client, viewer, land.cell, own_thematic="1").status_code == 403
    assert OrgFact.objects.get().number == 7317


def test_strangers_neither_see_nor_enter(client, land):
    enter(land.cell, "THEMATIC", 7317)
    for who in (make.commune_staff(land.sibling), make.person("cell_secretary", land.committee)):
        assert page(client, who, "org_facts", land.cell.pk, year=YEAR).status_code == 404
        assert post(client, who, land.cell, own_thematic="1").status_code == 404
        answer = page(client, who, "facts", year=YEAR, group="work")
        assert "7.317" not in answer.content.decode()
        assert page(client, who, "facts", year=YEAR, org=land.cell.pk).status_code == 404
    assert page(client, make.following_cadre(land.hamlet, land.commune).user, "facts").status_code == 403
    assert OrgFact.objects.get().number == 7317


def test_a_wrong_number_is_told_and_what_was_typed_stays(client, land):
    answer = post(client, make.commune_staff(land.commune), land.cell, own_thematic="-4", own_checks="3")
    assert answer.status_code == 200
    assert 'value="3"' in answer.content.decode()
    assert not OrgFact.objects.exists()


def cells_of(land, *numbers, code="ADMITTED"):
    found = []
    for place, number in enumerate(numbers):
        org = make.org("cell_hamlet", land.committee, land.hamlet, name=f"Chi bộ ấp Mẫu {place}")
        enter(org, code, number)
        found.append(org)
    return found


def column(answer, code="ADMITTED"):
    return [kind.code for kind in answer.context["kinds"]].index(code)


def sheet(answer):
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    return [[cell for cell in row if cell is not None] for row in book.active.iter_rows(values_only=True)]


def test_small_counts_of_persons_are_shown_in_the_commune_and_not_above(client, land):
    small, large, _zero = cells_of(land, 3, 8, 0)
    near, far = make.person("viewer", land.commune), make.person("viewer", land.province)
    for who in (near, far):
        for org, number in ((small, "3"), (large, "8")):
            answer = page(client, who, "org_facts", org.pk, year=YEAR)
            lines = [line for _label, lines in answer.context["groups"] for line in lines]
            told = next(line["own"] for line in lines if line["kind"].code == "ADMITTED")
            assert told == (number if who == near else "Dưới 5")
        answer = page(client, who, "facts", year=YEAR, group="members")
        shown = {row["span"].org_id: row["cells"][column(answer)] for row in answer.context["rows"]}
        assert (shown[small.pk], shown[large.pk]) == (("3", "8") if who == near else ("Dưới 5", "Dưới 5"))
    lines = sheet(page(client, far, "facts", year=YEAR, format="xlsx"))
    assert not [line for line in lines if line[1:2] == ["Chi bộ ấp Mẫu 0"] and 3 in line]


def test_a_total_that_would_tell_a_single_small_count_is_not_shown(client, land):
    only, _zero = cells_of(land, 3, 0)
    far = make.person("viewer", land.province)
    answer = page(client, far, "facts", year=YEAR, group="members")
    assert answer.context["sums"][column(answer)] not in {"3", "0"}
    answer = page(client, far, "facts", year=YEAR, group="members", org=only.pk)
    assert answer.context["sums"][column(answer)] not in {"3", "0"}
    near = page(client, make.person("viewer", land.commune), "facts", year=YEAR, group="members")
    assert near.context["sums"][column(near)] == "3"


def test_the_table_sums_the_subtree_and_names_the_stated_total(client, land):
    cells_of(land, 1, 1, 0, code="SECRETARY_HEAD")
    enter(land.committee, "SECRETARY_HEAD", 3, is_stated=True)
    viewer = make.person("viewer", land.province)
    answer = page(client, viewer, "facts", year=YEAR, org=land.committee.pk)
    assert answer.context["sums"][0].startswith("2 ")
    assert answer.context["sums"][0].endswith(" 4")
    assert answer.context["stated"][0] == "3"
    lines = sheet(page(client, viewer, "facts", year=YEAR, org=land.committee.pk, format="xlsx"))
    assert any(3 in line for line in lines)


def test_the_table_asks_as_many_questions_for_many(client, land):
    viewer = make.person("viewer", land.province)
    asked = []
    for more in (1, 30):
        for number in range(more):
            org = make.org("cell_hamlet", land.committee, land.hamlet, name=f"Chi bộ Mẫu {more} {number}")
            enter(org, "SOURCE", number)
        page(client, viewer, "facts", year=YEAR)
        with CaptureQueriesContext(connection) as queries:
            assert page(client, viewer, "facts", year=YEAR, group="members").status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_an_ended_districts_figures_are_read_in_its_province_only(client, land):
    district = make.place("district", land.province)
    committee = make.org("district", place=district, name="Đảng bộ huyện Mẫu")
    enter(committee, "CHECKS", 7317)
    close_place(place=district, on=date(2025, 12, 31), decree=make.decree(), by=make.clerk())
    for who, seen in (
        (make.person("viewer", land.province), True),
        (make.person("viewer", land.commune), False),
    ):
        answer = page(client, who, "org_facts", committee.pk, year=YEAR)
        assert (answer.status_code == 200 and "7.317" in answer.content.decode()) is seen
        assert answer.status_code == (200 if seen else 404)


def test_two_organisations_of_one_name_are_told_apart_by_their_superior(client, land):
    make.org("cell_hamlet", land.committee, land.hamlet, name="Chi bộ trùng tên")
    answer = page(client, make.person("viewer", land.province), "facts", year=YEAR)
    told = {row["span"].name: row["superior"] for row in answer.context["rows"]}
    assert told["Chi bộ trùng tên"] == PartyOrgSpan.objects.get(org=land.committee).name
