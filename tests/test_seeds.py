"""The committed territory: the facts it must hold, and that the build tells the same story every time."""

import csv
from collections import Counter
from importlib import util
from pathlib import Path

import pytest

from portal.levels import LEVEL_OF_KIND, SuccessionKind, full_name
from seeds import build, lists
from seeds.chronicle import Chronicle, Deed, Unit
from seeds.lists import Lists

SEEDS = Path(build.__file__).parent


def rows(name: str) -> list[dict[str, str]]:
    with (SEEDS / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


SPANS = rows("spans.csv")
SUCCESSIONS = rows("successions.csv")


def on(day: str) -> dict[str, dict[str, str]]:
    return {
        row["code"]: row for row in SPANS if row["since"] <= day and (not row["until"] or day < row["until"])
    }


def under(day: str, code: str) -> list[dict[str, str]]:
    """The units of a day in and below the one with this code, itself left out."""
    found, keys = [], {on(day)[code]["key"]}
    for _ in range(2):
        inside = [row for row in on(day).values() if row["parent_key"] in keys]
        found += inside
        keys = {row["key"] for row in inside}
    return found


def kinds(day: str, code: str) -> Counter:
    return Counter(row["kind"] for row in under(day, code))


def heirs(key: str) -> dict[str, str]:
    return {row["new_key"]: row["kind"] for row in SUCCESSIONS if row["old_key"] == key}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2020-02-01", {"city_provincial": 1, "district": 8, "xa": 142, "phuong": 8, "thi_tran": 7}),
        ("2022-05-11", {"city_provincial": 1, "district": 8, "xa": 142, "phuong": 8, "thi_tran": 7}),
        ("2023-04-10", {"city_provincial": 1, "district": 8, "xa": 139, "phuong": 8, "thi_tran": 10}),
        ("2024-11-30", {"city_provincial": 1, "district": 8, "xa": 139, "phuong": 8, "thi_tran": 10}),
        ("2024-12-01", {"city_provincial": 1, "district": 8, "xa": 132, "phuong": 6, "thi_tran": 10}),
        ("2025-06-30", {"city_provincial": 1, "district": 8, "xa": 132, "phuong": 6, "thi_tran": 10}),
    ],
)
def test_ben_tre_has_the_units_that_its_lists_count(day, expected):
    assert kinds(day, "83") == expected


def test_tra_vinh_and_the_former_vinh_long_end_with_104_and_102_communes():
    communes = ("xa", "phuong", "thi_tran")
    assert [sum(kinds("2025-06-30", code)[kind] for kind in communes) for code in ("84", "86")] == [104, 102]
    assert "84" not in on("2024-12-31")


def test_since_july_2025_there_is_no_district_and_vinh_long_has_124_communes():
    today = on("2025-07-01")
    assert Counter(LEVEL_OF_KIND[row["kind"]] for row in today.values()) == {"province": 1, "commune": 124}
    assert kinds("2025-07-01", "86") == {"xa": 105, "phuong": 19}
    assert on("2025-06-30")["86"]["key"] != today["86"]["key"]


def test_cam_son_ngai_dang_and_the_former_huong_my_became_the_new_huong_my():
    before, after = on("2025-06-30"), on("2025-07-01")
    assert before["28978"]["parent_key"] == before["833"]["key"]
    olds = {row["old_key"] for row in SUCCESSIONS if row["new_key"] == after["28981"]["key"]}
    assert olds == {before[code]["key"] for code in ("28975", "28978", "28981")}
    assert heirs(before["28978"]["key"]) == {after["28981"]["key"]: "merge"}
    assert full_name(after["28981"]["kind"], after["28981"]["name"]) == "Xã Hương Mỹ"


def test_phu_my_lay_in_mo_cay_bac_among_13_communes_and_went_to_phuoc_my_trung():
    then = on("2020-02-01")
    assert then["28889"]["parent_key"] == then["838"]["key"]
    assert len([row for row in then.values() if row["parent_key"] == then["838"]["key"]]) == 13
    assert heirs(then["28889"]["key"]) == {on("2025-07-01")["28915"]["key"]: "merge"}


def test_three_communes_became_towns_and_stayed_the_same_places():
    before, after = on("2023-04-09"), on("2023-04-10")
    changed = {code for code in before if before[code] != after[code]}
    assert changed == {"28861", "28915", "29179"}
    assert all(before[code]["key"] == after[code]["key"] for code in changed)
    assert (before["29179"]["name"], after["29179"]["name"]) == ("An Thủy", "Tiệm Tôm")


def test_a_unit_that_takes_others_in_keeps_its_identity_under_another_code():
    before, after = on("2024-11-30"), on("2024-12-01")
    assert after["28810"]["key"] == before["28801"]["key"]
    assert heirs(before["28810"]["key"]) == {after["28810"]["key"]: "merge"}
    assert "28801" not in after


def test_four_communes_only_moved_when_districts_ended():
    before, after = on("2025-06-30"), on("2025-07-01")
    same = {code for code in before if code in after and before[code]["key"] == after[code]["key"]}
    assert {before[code]["name"] for code in same} == {"Long Hòa", "Đông Hải", "Long Vĩnh", "Hòa Minh"}
    assert {after[code]["parent_key"] for code in same} == {after["86"]["key"]}
    assert not any(heirs(before[code]["key"]) for code in same)


def test_five_communes_were_divided_and_every_other_one_went_somewhere_whole():
    before, after = on("2025-06-30"), on("2025-07-01")
    communes = [row for row in before.values() if LEVEL_OF_KIND[row["kind"]] == "commune"]
    ended = [row for row in communes if row["key"] not in {span["key"] for span in after.values()}]
    divided = {row["name"] for row in ended if len(heirs(row["key"])) == 2}
    assert (len(communes), len(ended)) == (354, 350)
    assert divided == {"Tam Bình", "Ngãi Tứ", "Cái Vồn", "Thành Phước", "Trà Ôn"}
    assert all(set(heirs(row["key"]).values()) == {"split"} for row in ended if row["name"] in divided)
    assert Counter(len(heirs(row["key"])) for row in ended) == {1: 345, 2: 5}


def test_namesakes_in_other_districts_are_not_taken_for_each_other():
    before, after = on("2025-06-30"), on("2025-07-01")
    expected = {"28924": "28921", "29734": "29734", "29623": "29623"}
    for old, new in expected.items():
        assert set(heirs(before[old]["key"])) == {after[new]["key"]}


def test_districts_were_abolished_without_a_successor_and_provinces_merged():
    before, after = on("2025-06-30"), on("2025-07-01")
    districts = [row for row in before.values() if LEVEL_OF_KIND[row["kind"]] == "district"]
    assert len(districts) == 26
    assert all(heirs(row["key"]) == {"": "abolished"} for row in districts)
    assert all(heirs(before[code]["key"]) == {after["86"]["key"]: "merge"} for code in ("83", "84", "86"))


def test_no_two_stretches_of_a_code_or_of_a_place_overlap():
    for column in ("code", "key"):
        by_value: dict[str, list[tuple[str, str]]] = {}
        for row in SPANS:
            by_value.setdefault(row[column], []).append((row["since"], row["until"] or "9999-12-31"))
        for stretches in by_value.values():
            stretches.sort()
            assert all(
                since < until and until <= later
                for (since, until), (later, _) in zip(
                    stretches, [*stretches[1:], ("9999-12-31", "")], strict=True
                )
            )


def test_every_reference_and_every_word_of_the_tables_is_known():
    levels = {row["key"]: row["level"] for row in rows("places.csv")}
    decrees = {row["number"] for row in rows("decrees.csv")} | {""}
    assert {row["key"] for row in SPANS} == set(levels)
    assert {row["parent_key"] for row in SPANS} <= set(levels) | {""}
    assert {row["decree"] for row in [*SPANS, *SUCCESSIONS]} <= decrees
    assert {key for row in SUCCESSIONS for key in (row["old_key"], row["new_key"])} <= set(levels) | {""}
    assert {row["kind"] for row in SUCCESSIONS} <= set(SuccessionKind.values)
    assert all(levels[row["key"]] == LEVEL_OF_KIND[row["kind"]] for row in SPANS)


def test_a_parent_holds_on_every_day_of_its_child():
    stretches = {row["key"]: (row["since"], row["until"] or "9999-12-31") for row in reversed(SPANS)}
    for row in SPANS:
        stretches[row["key"]] = (stretches[row["key"]][0], row["until"] or "9999-12-31")
    for row in SPANS:
        if row["parent_key"]:
            since, until = stretches[row["parent_key"]]
            assert since <= row["since"] and (row["until"] or "9999-12-31") <= until, row


INVENTED = [
    Unit("province", "1", "Mẫu", "province", "", "1"),
    Unit("district", "10", "Mẫu Một", "district", "1", "1"),
    Unit("commune", "100", "Mẫu A", "xa", "10", "1"),
    Unit("commune", "101", "Mẫu B", "xa", "10", "1"),
]


def told(units: list[Unit], deeds: list[Deed]) -> dict[str, str]:
    story = Chronicle()
    story.begin(units, on="2020-01-01")
    story.apply(deeds, on="2021-01-01")
    return build.written(story)


def test_the_order_of_the_lists_does_not_change_the_files():
    deeds = [
        Deed("recode", "100", "Mẫu A", "", "", "101", "1/NQ"),
        Deed("join", "101", "Mẫu B", "", "", "101", "1/NQ"),
    ]
    files = told(INVENTED, deeds)
    assert files == told(INVENTED[::-1], deeds[::-1])
    assert "100-20200101,101,Mẫu A,xa,10-20200101,2021-01-01,,1/NQ" in files["spans.csv"]
    assert "101-20200101,100-20200101,merge,2021-01-01,1/NQ" in files["successions.csv"]


@pytest.mark.parametrize(
    ("deed", "complaint"),
    [
        (Deed("abolish", "102", "Mẫu C", "", "", "", "1/NQ"), "no unit bears the code 102"),
        (Deed("abolish", "100", "Mẫu C", "", "", "", "1/NQ"), "100 is Mẫu A, not Mẫu C"),
        (Deed("form", "101", "Mẫu C", "xa", "10", "", "1/NQ"), "Two units would bear the code 101"),
    ],
)
def test_a_deed_that_does_not_fit_the_map_stops_the_build(deed, complaint):
    with pytest.raises(SystemExit, match=complaint):
        told(INVENTED, [deed])


def test_a_division_that_nobody_wrote_down_stops_the_build():
    published = Lists([], INVENTED, INVENTED, {("100", "100"), ("100", "101"), ("101", "101")})
    with pytest.raises(SystemExit, match="Splits differ"):
        build.formed(published, [Deed("part", "100", "Mẫu A", "", "", "101", "1/NQ")])


def test_a_list_that_the_reforms_do_not_arrive_at_stops_the_build():
    story = Chronicle()
    story.begin(INVENTED, on="2020-01-01")
    build.compare(story, INVENTED, province="1")
    with pytest.raises(SystemExit, match="differs from the published list"):
        build.compare(story, INVENTED[:-1], province="1")


@pytest.mark.skipif(
    not all(util.find_spec(name) for name in lists.VERSIONS),
    reason="the packages that the seeds are built from are needed to build, not to run",
)
def test_the_committed_files_are_what_the_packages_and_reforms_give():
    assert build.main(["--check"]) == 0
