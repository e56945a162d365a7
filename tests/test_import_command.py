"""`manage.py import_sheet`: the same engine, with an answer for people or programs and an honest exit status."""

import io
import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from portal.actions import places as deeds
from portal.models import Household, ImportRun, ImportState, PlaceSpan
from tests import make
from tests.rosters import HOUSEHOLD_HEAD, name_of
from tests.workbooks import one_sheet
from tests.worlds import built_once

pytestmark = pytest.mark.django_db


world, land = built_once("land", make.land)


def written(folder: Path, *rows: list) -> str:
    path = folder / "danh sách.xlsx"
    path.write_bytes(one_sheet(*rows).getvalue())
    return str(path)


def run(*arguments: str) -> tuple[int, dict]:
    """Exit status and answer."""
    out = io.StringIO()
    try:
        call_command("import_sheet", *arguments, "--json", stdout=out)
    except SystemExit as ended:
        return int(ended.code), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def test_the_portals_own_account_imports_everywhere(land, tmp_path):
    code = PlaceSpan.objects.get(place=land.sibling).code
    status, answer = run("hamlets", written(tmp_path, ["Xã", "Ấp", "Tổ"], [code, "Ấp Mới", "1-13"]))
    assert status == 0
    assert {key: answer[key] for key in ("added", "changed", "ended", "unchanged", "refused", "errors", "records")} == {
        "added": 1, "changed": 0, "ended": 0, "unchanged": 0, "refused": 0, "errors": [], "records": 14,
    }  # fmt: skip
    assert PlaceSpan.objects.filter(name="Mới").exists()
    assert (
        run("hamlets", written(tmp_path, ["Xã", "Ấp", "Tổ"], [code, "Ấp Mới", "1-13"]))[1]["unchanged"] == 1
    )


def test_checking_writes_nothing_and_tells_every_error(land, tmp_path):
    hamlet = name_of(land.hamlet)
    rows = [HOUSEHOLD_HEAD, [1, hamlet, 1], ["x", "Ấp Không Có", 1]]
    status, answer = run("households", written(tmp_path, *rows), "--check")
    assert (status, answer["added"], answer["refused"]) == (1, 1, 1)
    assert [(error["sheet"], error["row"], error["column"]) for error in answer["errors"]] == [
        ("Sheet1", 3, "A"), ("Sheet1", 3, "B"),
    ]  # fmt: skip
    assert all(error["message"] for error in answer["errors"])
    assert run("households", written(tmp_path, *rows[:2]), "--check")[0] == 0
    assert not Household.objects.filter(code="001").exists()
    assert set(ImportRun.objects.values_list("state", flat=True)) == {ImportState.DROPPED}


def test_one_refused_row_keeps_all_out_unless_the_good_rows_are_asked_for(land, tmp_path):
    file = written(tmp_path, HOUSEHOLD_HEAD, [1, name_of(land.hamlet), 1], [2, "Ấp Không Có", 1])
    arguments = ("households", file, "--under", PlaceSpan.objects.get(place=land.commune).code)
    status, answer = run(*arguments)
    assert (status, answer["refused"]) == (1, 1) and not Household.objects.filter(code="001").exists()
    assert run(*arguments, "--good-rows")[0] == 0
    assert Household.objects.filter(code="001").exists()


def test_an_account_imports_within_its_own_reach(land, tmp_path):
    make.commune_staff(land.sibling, "xa")
    code = PlaceSpan.objects.get(place=land.commune).code
    file = written(tmp_path, ["Xã", "Ấp"], [code, "Ấp Mới"])
    status, answer = run("hamlets", file, "--by", "xa")
    assert (status, answer["refused"]) == (1, 1)
    make.commune_staff(land.commune, "xa-nha")
    assert run("hamlets", file, "--by", "xa-nha")[0] == 0
    assert ImportRun.objects.latest("pk").by.username == "xa-nha"


def test_a_commune_is_named_by_its_code_on_the_day_of_the_list(land, tmp_path):
    code = PlaceSpan.objects.get(place=land.commune).code
    deeds.merge_places(
        olds=[land.commune, land.sibling], into=deeds.NewPlace("28981", "Hương Mẫu", "xa", land.province),
        on=date(2025, 7, 1), decree=make.decree(), by=make.clerk(),
    )  # fmt: skip
    file = written(tmp_path, HOUSEHOLD_HEAD, [7, name_of(land.hamlet), 1])
    with pytest.raises(CommandError):
        call_command("import_sheet", "households", file, "--under", code)
    status, answer = run("households", file, "--under", code, "--since", "2022-01-10")
    assert (status, answer["added"]) == (0, 1)


def test_what_cannot_be_used_at_all_fails(land, tmp_path):
    file = tmp_path / "a.xlsx"
    file.write_bytes(b"%PDF-1.7")
    status, answer = run("cadres", str(file))
    assert status == 1 and answer["errors"][0]["row"] == 0 and answer["errors"][0]["message"]
    for arguments in (
        ("cadres", str(tmp_path / "none.xlsx")),
        ("cadres", str(file), "--by", "nobody"),
        ("cadres", str(file), "--since", "5/1/2026"),
        ("cadres", str(file), "--under", "00000"),
        ("party-orgs", str(file), "--by", make.commune_staff(land.commune).username),
        ("kind-of-nothing", str(file)),
    ):
        with pytest.raises(CommandError):
            call_command("import_sheet", *arguments)


def test_words_for_people_name_every_cell(land, tmp_path):
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command(
            "import_sheet", "households", written(tmp_path, HOUSEHOLD_HEAD, [1, "Ấp Không", 1]), stdout=out
        )
    assert "Sheet1 B2" in out.getvalue()


def test_a_complete_list_ends_what_it_does_not_name(land, tmp_path):
    kept, gone = land.households[:2]
    row = [PlaceSpan.objects.get(place=land.commune).code, name_of(land.hamlet), 1, kept.code]
    path = written(tmp_path, ["Xã", "Ấp", "Tổ", "Mã hộ"], row)
    status, answer = run("households", path, "--complete")
    gone.refresh_from_db()
    assert (status, answer["ended"], gone.until) == (0, 1, make.today())
