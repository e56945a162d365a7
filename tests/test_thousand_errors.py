"""A thousand errors of a dozen kinds in one file: every one is found, in its own cell, and says what to do."""

import io
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import translation

from portal.actions import places as deeds
from portal.actions.system import system_user
from portal.levels import PlaceKind
from portal.models import ImportRow, PlaceSpan, RowFate
from portal.sheets.headings import column_letter
from tests import make
from tests.rosters import checked, name_of
from tests.workbooks import workbook

pytestmark = pytest.mark.django_db

ERRORS, SHEETS = 1000, ("Ấp Mẫu 1", "Phần 2")
TITLE = [["ĐẢNG ỦY XÃ MẪU"], ["DANH SÁCH"], []]
Row = dict[str, Any]
Cell = tuple[str, int, str]


@dataclass
class Wrong:
    """What is wrong in a row that is otherwise right, in which column, and a part of what has to be said of it."""

    cells: Callable[[int], Row]
    column: str
    told: str


@dataclass
class Roster:
    kind: str
    columns: list[str]
    good: Callable[[int], Row]
    errors: list[Wrong]

    def file(self) -> tuple[io.BytesIO, dict[Cell, Wrong], int]:
        """The file, its wrong cells, and how many rows are right; the errors stand among the right rows."""
        sheets, expected, right = [], {}, 0
        for part, name in enumerate(SHEETS):
            rows: list[list[Any]] = [*TITLE, self.columns]
            for number in range(part * ERRORS // 2, (part + 1) * ERRORS // 2):
                wrong = self.errors[number % len(self.errors)]
                for cells in ({}, wrong.cells(number)):
                    rows.append(self.row({**self.good(number * 2 + bool(cells)), **cells}))
                right += 1
                expected[name, len(rows), column_letter(self.columns.index(wrong.column))] = wrong
            sheets.append((name, rows))
        return workbook(*sheets), expected, right

    def row(self, cells: Row) -> list[Any]:
        return [cells.get(column) for column in self.columns]


def one_and_two(prefix: str, land: make.Land) -> str:
    """The name of two communes."""
    name = f"{prefix} Trùng"
    for code in ("T9001", "T9002"):
        make.place(PlaceKind.XA, land.province, name=name, code=code)
    return f"Xã {name}"


def ended(land: make.Land) -> str:
    gone = make.place(PlaceKind.XA, land.province, name="Mẫu Đã Hết")
    deeds.merge_places(
        olds=[gone], into=land.sibling, on=date(2021, 1, 1), decree=make.decree(), by=make.clerk()
    )  # fmt: skip
    return "Xã Mẫu Đã Hết"


def households(land: make.Land) -> Roster:
    code, hamlet = PlaceSpan.objects.get(place=land.commune).code, name_of(land.hamlet)
    columns = ["STT", "Xã", "Ấp", "Tổ NDTQ số", "Mã hộ", "Từ ngày", "Đến hết ngày"]
    double, gone = one_and_two("Mẫu", land), ended(land)
    return Roster(
        "households",
        columns,
        lambda n: {"Xã": code, "Ấp": hamlet, "Tổ NDTQ số": 1 + n % 2, "Mã hộ": f"M{n}", "Từ ngày": "05/01/2022"},
        [
            Wrong(lambda n: {"Xã": f"Xã Không Có {n}"}, "Xã", "Check how it is written"),
            Wrong(lambda n: {"Xã": double}, "Xã", "Type the code instead"),
            Wrong(lambda n: {"Xã": gone}, "Xã", "In its place"),
            Wrong(lambda n: {"Ấp": f"Ấp Không Có {n}"}, "Ấp", "Correct it"),
            Wrong(lambda n: {"Tổ NDTQ số": 50 + n}, "Tổ NDTQ số", "Correct it"),
            Wrong(lambda n: {"Mã hộ": f"Hộ 000 000 {n:06}"}, "Mã hộ", "Remove it to continue"),
            Wrong(lambda n: {"Mã hộ": "M" * (41 + n)}, "Mã hộ", "Shorten it"),
            Wrong(lambda n: {"Mã hộ": "M0", "Tổ NDTQ số": 1}, "Mã hộ", "Correct the code, or delete the row"),
            Wrong(lambda n: {"Từ ngày": f"31/02/20{n % 20 + 10}"}, "Từ ngày", "There is no such day"),
            Wrong(lambda n: {"Đến hết ngày": date(2021, 12, 1 + n % 31)}, "Đến hết ngày", "before the first day"),
            Wrong(lambda n: {"Mã hộ": None, "STT": f"thứ {n}"}, "STT", "Type digits only"),
            Wrong(lambda n: {"Mã hộ": None, "STT": 100_000 + n}, "STT", "Check the number"),
            Wrong(lambda n: {"Mã hộ": None}, "Mã hộ", "Give the household a code"),
        ],
    )  # fmt: skip


def cadres(land: make.Land) -> Roster:
    code = PlaceSpan.objects.get(place=land.commune).code
    columns = ["STT", "Họ và tên", "Chức vụ", "Đơn vị công tác", "Điện thoại", "Cấp", "Xã", "Từ ngày", "Đến hết ngày",
               "Mã cán bộ"]  # fmt: skip
    double, gone = one_and_two("Mẫu", land), ended(land)
    return Roster(
        "cadres",
        columns,
        lambda n: {"STT": n + 1, "Họ và tên": f"Lê Mẫu {letters(n)}", "Chức vụ": "Công chức",
                   "Đơn vị công tác": "UBND xã", "Điện thoại": f"0100{n:06}", "Cấp": "Xã", "Xã": code,
                   "Từ ngày": "05/01/2022"},
        [
            Wrong(lambda n: {"Xã": f"Xã Không Có {n}"}, "Xã", "Check how it is written"),
            Wrong(lambda n: {"Xã": double}, "Xã", "Type the code instead"),
            Wrong(lambda n: {"Xã": gone}, "Xã", "In its place"),
            Wrong(lambda n: {"Điện thoại": f"0100 {n}"}, "Điện thoại", "Type one number"),
            Wrong(lambda n: {"Cấp": f"Cấp {n}"}, "Cấp", "Type one of"),
            Wrong(lambda n: {"Họ và tên": None}, "Họ và tên", "Fill it in, or delete the row"),
            Wrong(lambda n: {"Chức vụ": None}, "Chức vụ", "Fill it in, or delete the row"),
            Wrong(lambda n: {"Chức vụ": f"Công chức 000000{n:06}"}, "Chức vụ", "Remove it to continue"),
            Wrong(lambda n: {"Đơn vị công tác": "UBND " + "xã " * (100 + n)}, "Đơn vị công tác", "Shorten it"),
            Wrong(lambda n: {"Từ ngày": "ngày 5"}, "Từ ngày", "Type day/month/year"),
            Wrong(lambda n: {"Đến hết ngày": "01/12/2021"}, "Đến hết ngày", "The last day lies before the first day"),
            Wrong(lambda n: {"Mã cán bộ": f"CB{90_000 + n}"}, "Mã cán bộ", "Correct the code, or leave the cell empty"),
            Wrong(lambda n: {"Họ và tên": "Lê Mẫu A", "Điện thoại": "0100000000"}, "Họ và tên", "Delete the row"),
        ],
    )  # fmt: skip


def letters(number: int) -> str:
    """A given name of its own for every number."""
    return " ".join(column_letter(int(digit)) for digit in str(number))


@pytest.mark.parametrize("roster", [households, cadres])
def test_a_thousand_errors_are_found_each_in_its_own_cell(roster):
    roster = roster(make.land())
    file, expected, right = roster.file()
    with translation.override("en"):
        run = checked(roster.kind, system_user(), file)
    rows = ImportRow.objects.filter(run=run, fate=RowFate.REFUSED)
    told = [
        ((row.sheet, row.number, letter), message) for row in rows for _field, letter, message in row.problems
    ]
    found = dict(told)
    assert sorted(at for at, _message in told) == sorted(expected) and len(expected) == ERRORS
    assert {at for at, wrong in expected.items() if wrong.told not in found[at]} == set()
    assert len(roster.errors) >= 12 and run.counts[RowFate.ADDED] == right


def test_the_command_tells_the_thousand_errors_by_sheet_row_and_column(tmp_path):
    file, expected, right = households(make.land()).file()
    path, out = tmp_path / "ho.xlsx", io.StringIO()
    path.write_bytes(file.getvalue())
    with translation.override("en"), pytest.raises(SystemExit) as ended:
        call_command("import_sheet", "households", str(path), "--check", "--json", stdout=out)
    answer = json.loads(out.getvalue())
    assert ended.value.code == 1 and (answer["added"], answer["refused"]) == (right, ERRORS)
    assert all(set(error) == {"sheet", "row", "column", "message"} for error in answer["errors"])
    found = Counter((error["sheet"], error["row"], error["column"]) for error in answer["errors"])
    assert found == Counter(list(expected))
    for error in answer["errors"]:
        assert expected[error["sheet"], error["row"], error["column"]].told in error["message"]
