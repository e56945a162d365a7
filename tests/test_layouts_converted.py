"""Layouts saved anew by another office program, in every format: they mean the same row by row.

W3 stands in test_layout_w3.py, as it needs a territory of its own.
"""

import io
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from portal import places
from portal.levels import Level
from portal.models import ImportRun
from portal.roles import Role
from tests import make
from tests.layouts import land, w1, w2, w4, w5
from tests.missing import OFFICE, needs_office
from tests.rosters import checked

pytestmark = [pytest.mark.django_db, needs_office]
FORMATS = ["xls", "ods", "xlsx"]
PROVINCE = date(2026, 1, 1)
DISTRICT = date(2021, 3, 20)


@pytest.fixture(scope="module")
def converted(tmp_path_factory):
    """Gives the bytes of a file, as it is and in another format; all of one format are converted in one go."""
    folder = tmp_path_factory.mktemp("layouts")
    kept: dict[tuple[str, str], bytes] = {}

    def of(name: str, file: io.BytesIO, ending: str) -> io.BytesIO:
        if (name, ending) not in kept:
            source = folder / name
            source.write_bytes(file.getvalue())
            target = folder / ending
            subprocess.run(
                [str(OFFICE), "--headless", f"-env:UserInstallation=file://{folder}/office",
                 "--convert-to", ending, "--outdir", str(target), str(source)],
                check=True, capture_output=True, timeout=120,
            )  # fmt: skip
            kept[name, ending] = (target / f"{Path(name).stem}.{ending}").read_bytes()
        return io.BytesIO(kept[name, ending])

    return of


@pytest.fixture(scope="module")
def territory(django_db_setup, django_db_blocker):
    with land.seeded(django_db_blocker):
        yield


def meant(run: ImportRun) -> dict[Any, Any]:
    """What every row would do, and where it is wrong."""
    rows = run.rows.order_by("pk").values_list(
        "sheet", "number", "fate", "title", "before", "after", "problems"
    )
    assert rows, run.message
    return {
        (sheet.strip(), number, fate, title): (
            before, after, [[letter, message] for _field, letter, message in problems],
        )
        for sheet, number, fate, title, before, after, problems in rows
    }  # fmt: skip


def told(run: ImportRun) -> set[tuple[str, str, str]]:
    return {(tone, sheet.strip(), text) for tone, sheet, text in run.notes if tone != "repeated"}


def same(kind: str, by: Any, file: io.BytesIO, again: io.BytesIO, **fields: Any) -> None:
    first, second = (checked(kind, by, one, **fields) for one in (file, again))
    assert meant(second) == meant(first)
    assert told(second) == told(first)


@pytest.mark.parametrize("ending", FORMATS)
def test_w1_means_the_same(territory, converted, ending):
    staff = make.commune_staff(land.place(land.HUONG_MY, make.today()))
    same("households", staff, w1.w1(), converted("W1.xlsx", w1.w1(), ending))


@pytest.mark.parametrize("ending", FORMATS)
def test_w2_means_the_same(territory, converted, ending):
    land.with_groups(land.place(land.CAM_SON, date(2022, 1, 5)), date(2022, 1, 1))
    steward = make.person(Role.STEWARD, land.place(land.VINH_LONG, PROVINCE))
    same("assignments", steward, w2.w2(), converted("W2.xlsx", w2.w2(), ending))


@pytest.mark.parametrize("ending", FORMATS)
def test_w4_means_the_same(territory, converted, ending):
    spans = places.spans_within(land.place("833", DISTRICT).pk, DISTRICT, Level.COMMUNE).select_related(
        "place"
    )
    for span in spans:
        land.hamlets_of(span.place, date(2020, 2, 1), 10 if span.name == "Cẩm Sơn" else 6)
    steward = make.person(Role.STEWARD, land.place(land.VINH_LONG, PROVINCE))
    communes = [span.full_name for span in spans]
    same("assignments", steward, w4.w4(communes), converted("W4.xlsx", w4.w4(communes), ending))


@pytest.mark.parametrize("ending", FORMATS)
def test_w5_means_the_same(territory, converted, ending):
    steward = make.person(Role.STEWARD, land.place(land.VINH_LONG, PROVINCE))
    file = converted("W5.ods", w5.w5(), ending)
    same("hamlets", steward, w5.w5(), file, since=date(2025, 9, 1))
