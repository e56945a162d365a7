"""`manage.py load_territory` and `manage.py places`, on the real territory."""

import csv
import io
import json
from collections import Counter
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest
from django.core.management import CommandError, call_command

from portal import places
from portal.actions.deed import RuleBroken
from portal.actions.seeding import load_territory
from portal.actions.system import system_user
from portal.models import AuditEntry, Decree, Heir, Place, PlaceLine, PlaceSpan, Succession
from seeds import build

SEEDS = Path(build.__file__).parent
TABLES = [Decree, Place, PlaceSpan, PlaceLine, Succession, Heir, AuditEntry]
REFORM = date(2025, 7, 1)


def load() -> dict[str, int]:
    out = io.StringIO()
    call_command("load_territory", "--json", stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture
def territory(db) -> None:
    load()


def printed(*arguments: str) -> list[dict[str, str]]:
    out = io.StringIO()
    call_command("places", *arguments, stdout=out)
    return list(csv.DictReader(io.StringIO(out.getvalue())))


def kinds(*arguments: str) -> Counter:
    return Counter(row["kind"] for row in printed(*arguments))


def contents() -> dict[str, list]:
    return {table.__name__: list(table.objects.order_by("pk").values_list()) for table in TABLES}


def test_loading_twice_changes_nothing(territory):
    before = contents()
    assert load() == {"decrees": 0, "places": 0, "spans": 0, "successions": 0}
    assert contents() == before


def test_loading_writes_every_row_of_the_tables_and_one_audit_line(db):
    rows = {
        name: len((SEEDS / f"{name}.csv").read_text(encoding="utf-8").splitlines()) - 1
        for name in ("decrees", "places", "spans", "successions")
    }
    assert load() == rows
    assert [entry.facts for entry in AuditEntry.objects.filter(deed="load_territory")] == [rows]


def test_loading_asks_the_same_number_of_questions_on_a_full_database(
    territory, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12):
        load_territory(folder=SEEDS, by=system_user())


def test_loading_adds_what_is_missing_and_leaves_the_rest_alone(territory, tmp_path):
    known = set(PlaceSpan.objects.values_list("pk", flat=True))
    folder = copytree(SEEDS, tmp_path / "seeds")
    with (folder / "places.csv").open("a") as table:
        table.write("99-20250701,commune\n")
    with (folder / "spans.csv").open("a") as table:
        table.write("99-20250701,99,Mẫu,xa,86-20250701,2025-07-01,,1687/NQ-UBTVQH15\n")
    loaded = load_territory(folder=folder, by=system_user())
    assert (loaded.decrees, loaded.places, loaded.spans, loaded.successions) == (0, 1, 1, 0)
    assert known < set(PlaceSpan.objects.values_list("pk", flat=True))
    assert [span.full_name for span in places.path(places.by_code("99", REFORM).place_id, REFORM)] == [
        "Tỉnh Vĩnh Long",
        "Xã Mẫu",
    ]


@pytest.mark.parametrize(
    ("span", "complaint"),
    [
        ("99-20250701,28981,Mẫu,xa,86-20250701,2026-01-01,,", "Mẫu.*28981"),
        ("99-20250701,99,Mẫu,province,,2025-07-01,,", "Tỉnh Mẫu"),
        ("99-20250701,99,Mẫu,xa,28981-20250701,2025-07-01,,", "Xã Mẫu"),
        ("99-20250701,99,Mẫu,xa,86-20250701,2025-07-01,2025-07-01,", "Xã Mẫu"),
    ],
)
def test_a_table_that_cannot_be_is_refused_as_a_whole(territory, tmp_path, span, complaint):
    before = contents()
    folder = copytree(SEEDS, tmp_path / "seeds")
    with (folder / "places.csv").open("a") as table:
        table.write("99-20250701,commune\n")
    with (folder / "spans.csv").open("a") as table:
        table.write(f"{span}\n")
    with pytest.raises(RuleBroken, match=complaint):
        load_territory(folder=folder, by=system_user())
    assert contents() == before


def test_a_folder_without_tables_is_refused_with_a_sentence(db, tmp_path):
    with pytest.raises(CommandError, match="decrees.csv"):
        call_command("load_territory", "--folder", str(tmp_path))


def test_on_11_may_2022_ben_tre_has_9_districts_and_157_communes(territory):
    assert kinds("--on", "2022-05-11", "--under", "83", "--level", "district") == {
        "city_provincial": 1,
        "district": 8,
    }
    communes = kinds("--on", "2022-05-11", "--under", "83", "--level", "commune")
    assert communes == {"xa": 142, "phuong": 8, "thi_tran": 7}


def test_on_31_december_2024_ben_tre_has_148_communes(territory):
    assert len(printed("--on", "2024-12-31", "--under", "83", "--level", "commune")) == 148


def test_on_1_july_2025_there_is_no_district_and_vinh_long_has_105_xa_and_19_phuong(territory):
    assert printed("--on", "2025-07-01", "--level", "district") == []
    assert len(printed("--on", "2025-06-30", "--level", "district")) == 26
    assert kinds("--on", "2025-07-01", "--under", "86") == {"xa": 105, "phuong": 19}


def test_a_code_means_the_unit_that_bore_it_on_the_day(territory):
    assert len(printed("--on", "2025-06-30", "--under", "86", "--level", "commune")) == 102
    assert len(printed("--on", "2025-07-01", "--under", "86", "--level", "commune")) == 124


def test_every_column_tells_what_held_on_the_day(territory):
    (before,) = [row for row in printed("--on", "2022-05-11", "--under", "833") if row["code"] == "28978"]
    assert before == {
        "code": "28978",
        "name": "Cẩm Sơn",
        "kind": "xa",
        "full_name": "Xã Cẩm Sơn",
        "parent_code": "833",
        "since": "2020-02-01",
        "until": "2025-07-01",
    }
    (province,) = printed("--on", "2025-07-01", "--level", "province")
    assert (province["full_name"], province["parent_code"], province["until"]) == ("Tỉnh Vĩnh Long", "", "")


def test_json_says_the_same_as_csv(territory):
    out = io.StringIO()
    call_command("places", "--on", "2025-07-01", "--format", "json", stdout=out)
    rows = json.loads(out.getvalue())
    empty = [{column: value or "" for column, value in row.items()} for row in rows]
    assert empty == printed("--on", "2025-07-01")
    assert rows[0]["until"] is None and list(rows[0]) == list(printed("--on", "2025-07-01")[0])


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--on", "31/12/2024"], "31/12/2024 is not a day"),
        (["--on", "2025-02-30"], "2025-02-30 is not a day"),
        (["--on", "2025-07-01", "--under", "833"], "No unit bore the code 833 on 2025-07-01"),
        (["--on", "2025-07-01", "--level", "village"], "invalid choice"),
    ],
)
def test_a_wrong_argument_is_answered_with_a_sentence(territory, arguments, complaint):
    with pytest.raises(CommandError, match=complaint):
        call_command("places", *arguments)


def test_before_the_records_begin_the_list_is_empty(territory):
    assert printed("--on", "2020-01-31") == []


def test_cam_son_is_part_of_huong_my_and_huong_my_stands_for_three_communes(territory):
    cam_son = places.by_code("28978", date(2022, 5, 11)).place_id
    huong_my = places.by_code("28981", REFORM)
    assert [(heir.new_id, heir.whole) for heir in places.heirs(cam_son, REFORM)] == [
        (huong_my.place_id, True)
    ]
    olds = Place.objects.filter(pk__in=places.forebears([huong_my.place_id], REFORM)).exclude(
        pk=huong_my.place_id
    )
    names = {span.name for span in PlaceSpan.objects.filter(place__in=olds)}
    assert names == {"Ngãi Đăng", "Cẩm Sơn", "Hương Mỹ"}


def test_a_divided_commune_has_two_heirs_in_part(territory):
    tam_binh = places.by_code("29719", date(2025, 6, 30)).place_id
    heirs = places.heirs(tam_binh, REFORM)
    assert {heir.whole for heir in heirs} == {False}
    assert {places.span(heir.new_id, REFORM).full_name for heir in heirs} == {"Xã Tam Bình", "Xã Trà Côn"}


def test_a_commune_of_2022_lay_in_its_district_and_the_units_of_today_know_all_354_forebears(territory):
    huong_my = places.by_code("28981", date(2022, 5, 11)).place_id
    assert [span.full_name for span in places.path(huong_my, date(2022, 5, 11))] == [
        "Tỉnh Bến Tre",
        "Huyện Mỏ Cày Nam",
        "Xã Hương Mỹ",
    ]
    today = places.within_any([places.by_code("86", REFORM).place_id], REFORM)
    communes = Place.objects.filter(pk__in=places.forebears(today, REFORM), level="commune")
    ended = PlaceSpan.objects.filter(place__in=communes, until=REFORM)
    assert ended.count() == 354
