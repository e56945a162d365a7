"""W3: cadres of the province by commune, sections for districts, and the member in charge of each district."""

from datetime import date

import pytest
from django.db import transaction

from assignments.models import Assignment, Cadre, CadrePost
from portal import places
from portal.imports import engine, preview
from portal.imports.kinds import kind_named
from portal.levels import Level
from portal.models import ImportState
from portal.roles import Role
from tests import guards, make
from tests.layouts import land, w3
from tests.rosters import checked, counts, problems, saved
from tests.test_layouts_converted import FORMATS, converted, needs_office, same

__all__ = ["converted"]

pytestmark = pytest.mark.django_db
TITLED = date(2019, 9, 10)


@pytest.fixture(scope="module")
def steward(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic(), guards.only_actions_write():
        province = land.of_2019(w3.DISTRICTS, w3.communes())
        yield make.person(Role.STEWARD, province)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def first(steward):
    return checked("assignments", steward, w3.w3())


def test_only_the_retired_are_asked_about_and_once(first):
    questions = preview.questions_of(first)
    assert [len(one.rows) for one in questions] == [3], questions
    assert {value for value, _label in questions[0].choices} == {"end", "out", "stand"}
    assert counts(first)["refused"] == 3
    assert not [note for note in first.notes if note[0] == "kind"]


def test_a_commune_without_a_cadre_is_told_and_no_error(first):
    row = first.rows.get(fate="unchanged")
    assert row.hints and not row.problems


def test_who_is_in_charge_of_the_district_is_named_beside_the_follower_and_his_role(first):
    rows = [row.after for row in first.rows.filter(fate="added") if row.after.get("Phụ trách huyện")]
    assert len(rows) == 9
    assert {after["Vai trò"] for after in rows} == {"Theo dõi, hỗ trợ"}
    chiefs = [after["Phụ trách huyện"].split(" · ") for after in rows]
    assert len({district for _name, district in chiefs}) == 9
    assert all("Huyện" not in after["Địa bàn"] and "Thành phố" not in after["Địa bàn"] for after in rows)


def test_whoever_comes_onto_the_roster_is_shown_with_post_and_workplace(first):
    told = "; ".join(row.after.get("Vào danh sách cán bộ", "") for row in first.rows.filter(fate="added"))
    assert ", Phó Giám đốc, Sở Tài chính" in told


def test_what_is_no_post_and_agency_is_kept_as_one_and_said(first):
    told = [row for row in first.rows.all() if any(w3.UNTOLD in hint[2] for hint in row.hints)]
    assert len(told) == 1


@pytest.fixture(scope="module")
def receipt(first):
    engine.answer(run=first, answers={"retired": "stand"}, at_once=True)
    return saved(first)


def test_165_follow_a_commune_and_nine_are_in_charge_of_a_district(receipt):
    following = Assignment.objects.filter(role="following")
    assert following.count() == 165 and following.values("place").distinct().count() == 163
    twice = list(following.values_list("place", flat=True))
    assert sorted(twice.count(place) for place in set(twice))[-3:] == [1, 2, 2]
    assert set(following.values_list("place__level", "tier", "since")) == {("commune", "province", TITLED)}
    chiefs = Assignment.objects.filter(role="in_charge")
    assert chiefs.count() == 9 == chiefs.values("place").distinct().count()
    assert set(chiefs.values_list("place__level", flat=True)) == {Level.DISTRICT}
    assert Cadre.objects.count() == 162 + 2 + 9


def test_communes_of_one_name_are_told_apart_by_their_section(receipt):
    for commune in ("An Hiệp", "Vĩnh Hòa", "An Thạnh", "Mỹ Thạnh"):
        spans = places.search(commune, TITLED, levels=[Level.COMMUNE])
        found = [one.span for one in spans if one.span.name == commune]
        assert len(found) == 2
        assert all(Assignment.objects.filter(place=span.place_id).count() == 1 for span in found)


def test_post_and_agency_are_told_apart(receipt):
    posts = set(CadrePost.objects.values_list("title", "workplace"))
    assert ("Phó Giám đốc", "Sở Tài chính") in posts and ("PCT", "Hội LHPN tỉnh") in posts
    assert ("UVUBKT", "Tỉnh ủy") in posts and (w3.UNTOLD, "") in posts


def test_two_communes_in_a_cell_are_both_followed(receipt):
    two = [row for row in w3.rows(clean=False) if ";" in row.commune][0]
    cadre = Cadre.objects.get(full_name=two.name)
    assert cadre.assignments.count() == 2


def test_the_same_file_again_changes_nothing(receipt, steward):
    again = checked("assignments", steward, w3.w3())
    assert counts(again) == {"unchanged": 160, "refused": 3}, problems(again)
    engine.answer(run=again, answers={"retired": "stand"}, at_once=True)
    assert counts(again) == {"unchanged": 163} and kind_named("assignments").consent_to(again.counts) == ""


@pytest.mark.parametrize("answer", ["end", "out"])
def test_who_retired_before_the_list_is_left_out(steward, answer):
    with transaction.atomic():
        run = checked("assignments", steward, w3.w3())
        engine.answer(run=run, answers={"retired": answer}, at_once=True)
        assert "refused" not in counts(run)
        transaction.set_rollback(True)


def test_old_fonts_are_refused_whole_with_what_to_do(steward):
    run = checked("assignments", steward, w3.w3b())
    assert run.state == ImportState.FAILED and "TCVN3" in run.message and "Unicode" in run.message


@needs_office
@pytest.mark.parametrize("ending", FORMATS)
def test_saved_anew_in_another_format_it_means_the_same(steward, converted, ending):
    same("assignments", steward, w3.w3(), converted("W3.xls", w3.w3(), ending))
