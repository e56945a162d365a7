"""One quirk of an office's sheet at a time, and exactly what comes out of it."""

import csv
import io
from collections import defaultdict
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.imports import engine
from portal.sheets.layout import Table, TableRow, find_table
from portal.sheets.workbook import Row, Sheet, open_workbook
from tests import make
from tests.quirks import AN, BINH, COLUMNS, HEAD, Quirk, said
from tests.quirks.columns import QUIRKS as OF_COLUMNS
from tests.quirks.tables import QUIRKS as OF_TABLES
from tests.rosters import checked, counts, name_of, problems, row
from tests.workbooks import one_sheet, workbook
from tests.worlds import built_once

QUIRKS = OF_TABLES + OF_COLUMNS


def as_text(quirk: Quirk) -> io.BytesIO:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";")
    writer.writerows([["" if cell is None else cell for cell in row] for row in quirk.rows])
    return io.BytesIO(file.getvalue().encode("utf-8-sig"))


def in_memory(quirk: Quirk) -> Sheet:
    rows = (Row(number, list(row)) for number, row in enumerate(quirk.rows, 1))
    return Sheet("Sheet1", False, rows=(row for row in rows if any(cell is not None for cell in row.cells)))


def read(sheet: Sheet) -> tuple[Table, list[TableRow]]:
    table = find_table(sheet, COLUMNS)
    assert table is not None
    return table, list(table.rows)


def filled(row: TableRow) -> dict[str, Any]:
    return {name: cell for name, cell in row.values.items() if cell is not None}


@pytest.mark.parametrize("quirk", QUIRKS, ids=[quirk.name for quirk in QUIRKS])
def test_a_workbook_with(quirk):
    with open_workbook(one_sheet(*quirk.rows, merged=quirk.merged)) as sheets:
        table, rows = read(next(sheets))
    assert [(row.number, filled(row)) for row in rows] == quirk.want
    if quirk.skipped is not None:
        assert skipped(table) == quirk.skipped
    if quirk.bands is not None:
        assert {row.number: row.bands for row in rows if row.bands} == quirk.bands
        assert all(row.band == (row.bands or ("",))[-1] for row in rows)
    if quirk.dittos is not None:
        assert {row.number: row.dittos for row in rows if row.dittos} == quirk.dittos
    if quirk.letters is not None:
        assert {name: table.letter(name) for name in quirk.letters} == quirk.letters
    if quirk.dropped is not None:
        assert [letter for letter, _heading in table.dropped] == quirk.dropped
    if quirk.doubtful is not None:
        assert {letter: fields for _at, letter, _heading, fields in table.doubtful} == quirk.doubtful


def skipped(table: Table) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for number, reason in table.skipped:
        found[str(reason)].append(number)
    return dict(found)


PLAIN = [quirk for quirk in QUIRKS if not quirk.merged and "days of birth" not in quirk.name]


@pytest.mark.parametrize("quirk", PLAIN, ids=[quirk.name for quirk in PLAIN])
def test_a_text_file_with(quirk):
    with open_workbook(as_text(quirk)) as sheets:
        _table, rows = read(next(sheets))
    typed = [(number, {name: str(cell) for name, cell in values.items()}) for number, values in quirk.want]
    assert [(row.number, filled(row)) for row in rows] == typed


def test_there_are_at_least_forty_quirks():
    assert len({quirk.name for quirk in QUIRKS}) == len(QUIRKS) >= 40


def test_lists_side_by_side_keep_their_own_letters():
    quirk = next(quirk for quirk in QUIRKS if quirk.name == "two lists stand side by side")
    table, rows = read(in_memory(quirk))
    assert [(row.number, table.letter("hamlet", row.part)) for row in rows] == [(2, "D"), (3, "D"), (2, "I")]
    assert table.problem(rows[2], "name", "?").column == "G"


def test_tables_below_each_other_keep_their_own_letters():
    quirk = next(quirk for quirk in QUIRKS if quirk.name == "a second table has its columns in another order")
    table, rows = read(in_memory(quirk))
    assert [table.letter("name", row.part) for row in rows] == ["B", "D"]


def test_what_an_office_said_of_its_headings_is_remembered():
    rows = [["STT", "Người theo dõi", "Ấp", "SĐT", "Khác"], [1, AN, "Ấp Mẫu 1", "0100000017", "0100000018"]]
    remembered = {"nguoi theo doi": "name", "sdt": "", "khac": ""}
    table = find_table(in_memory(Quirk("", rows, [])), COLUMNS, remembered)
    assert table is not None and not table.doubtful and not table.missing
    assert [filled(row) for row in table.rows] == [{"name": AN, "hamlet": "Ấp Mẫu 1"}]
    assert table.unknown == [("D", "SĐT"), ("E", "Khác")]


def test_no_memory_makes_a_personal_column_wanted():
    rows = [["STT", "Họ và tên", "Ấp", "Số CCCD"], [1, AN, "Ấp Mẫu 1", "000000000017"]]
    table = find_table(in_memory(Quirk("", rows, [])), COLUMNS, {"so cccd": "phone"})
    assert table is not None and table.dropped == [("D", "Số CCCD")]
    assert [filled(row) for row in table.rows] == [{"name": AN, "hamlet": "Ấp Mẫu 1"}]


def test_columns_in_doubt_keep_their_key_in_every_table():
    rows = [
        ["STT", "Họ và tên", "Ấp", "Liên lạc"], [1, AN, "Ấp Mẫu 1", "0100000017"], [],
        ["STT", "Liên lạc", "Tên ấp", "Họ tên"], [1, "0100000018", "Ấp Mẫu 2", BINH],
    ]  # fmt: skip
    table, found = read(in_memory(Quirk("", rows, [])))
    assert [row.values["?3"] for row in found] == ["0100000017", "0100000018"]
    assert table.unknown == []


def test_remarks_are_never_kept_to_be_asked_about():
    rows = [["STT", "Người theo dõi", "Chức vụ", "Ấp", "Ghi chú"], [1, AN, "Bí thư", "Ấp Mẫu 1", "nghỉ ốm"]]
    table, found = read(in_memory(Quirk("", rows, [])))
    assert "nghỉ ốm" not in found[0].values.values() and table.unknown == [("E", "Ghi chú")]


# Through the whole engine


world, land = built_once("land", make.land)


GROUPS = ["STT", "Ấp", "Tổ NDTQ số"]


@pytest.mark.django_db
def test_a_range_of_groups_that_excel_made_a_day_is_refused_at_its_cell(land):
    file = one_sheet(GROUPS, [1, "Ấp Mẫu 9", date(2022, 8, 6)])
    run = checked("hamlets", make.commune_staff(land.commune), file, place=land.commune)
    assert [(letter, "6-8" in message) for letter, message in problems(run)[2]] == [("C", True)]


@pytest.mark.django_db
def test_problems_of_lists_side_by_side_stand_at_their_own_columns(land):
    hamlet = name_of(land.hamlet)
    head = ["STT", "Ấp", "Tổ NDTQ số"]
    file = one_sheet([*head, None, *head], [1, hamlet, 1, None, "x", hamlet, 1], [2, hamlet, 99])
    run = checked("households", make.commune_staff(land.commune), file)
    assert {number: [letter for letter, _message in told] for number, told in problems(run).items()} == {
        2: ["E"],
        3: ["C"],
    }
    assert counts(run) == {"added": 1, "refused": 2}


@pytest.mark.django_db
def test_the_same_row_in_two_lists_side_by_side_is_refused_once(land):
    line = [1, name_of(land.hamlet), 1]
    run = checked(
        "households",
        make.commune_staff(land.commune),
        one_sheet([*GROUPS, None, *GROUPS], [*line, None, *line]),
    )
    assert counts(run) == {"added": 1, "refused": 1}


@pytest.mark.django_db
def test_the_same_row_in_one_place_of_two_sheets_is_refused_once(land):
    people = [["Họ và tên", "Chức vụ", "Đơn vị công tác"], [AN, "Công chức", "UBND xã Mẫu"]]
    run = checked("cadres", make.commune_staff(land.commune), workbook(("A", people), ("B", people)))
    assert counts(run) == {"added": 1, "refused": 1}


@pytest.mark.django_db
def test_a_correction_is_written_into_its_own_list_only(land):
    hamlet = name_of(land.hamlet)
    file = one_sheet([*GROUPS, None, *GROUPS], [1, hamlet, 1, None, 2, hamlet, 99])
    run = checked("households", make.commune_staff(land.commune), file)
    assert counts(run) == {"added": 1, "refused": 1}
    assert (
        engine.correct(run=run, typed={("Sheet1", 2, "G"): {"number": "3", "group": "1"}}, at_once=True) == 1
    )
    assert counts(run) == {"added": 2}
    numbers = {cells["number"] for chunk in run.chunks.all() for _row, cells, _marks in chunk.rows}
    assert numbers == {1, "3"}


@pytest.mark.django_db
def test_a_number_of_a_person_in_a_later_heading_is_not_told(land):
    hamlet = name_of(land.hamlet)
    rows = [GROUPS, [1, hamlet, 1], [], ["STT", "Tổ NDTQ số", "Ấp", "000000000017"], [2, 1, hamlet]]
    run = checked("households", make.commune_staff(land.commune), one_sheet(*rows))
    assert counts(run) == {"added": 2}
    assert any("D “…”" in text for _tone, _sheet, text in run.notes)
    assert "000000000017" not in str(run.notes)


@pytest.mark.django_db
def test_names_of_heads_under_a_strange_heading_are_not_kept_either(land):
    """Without a decision of the commune they are not kept under a known heading."""
    file = one_sheet([*GROUPS, "Họ và tên chủ hộ gia đình"], [1, name_of(land.hamlet), 1, "Lê Mẫu Hạnh"])
    run = checked("households", make.commune_staff(land.commune), file)
    assert counts(run) == {"added": 1}
    assert all("Hạnh" not in str(chunk.rows) for chunk in run.chunks.all())
    assert any(tone == "dropped" and "chủ hộ gia đình" in text for tone, _sheet, text in run.notes)


@pytest.mark.django_db
def test_a_cell_taken_from_above_is_said(land):
    hamlet = name_of(land.hamlet)
    run = checked(
        "households", make.commune_staff(land.commune), one_sheet(GROUPS, [1, hamlet, 1], [2, "nt", "nt"])
    )
    assert counts(run) == {"added": 2}
    hints = [(letter, message) for _field, letter, message in row(run, 3).hints]
    assert [letter for letter, _message in hints] == ["B", "C"] and hamlet in hints[0][1]


# Whatever is put between the rows, the rows come out

PEOPLE = [
    f"{family} Mẫu {given}"
    for family in "Nguyễn Trần Lê Võ Tống Công".split()
    for given in "An Hòa Cộng Tổng".split()
]
POSTS = ["Bí thư", "Chủ tịch", "Công chức", None]
clean_rows = st.lists(
    st.tuples(st.sampled_from(PEOPLE), st.sampled_from(POSTS), st.integers(1, 10).map("Ấp Mẫu {}".format)),
    min_size=1,
    max_size=12,
)
noise = st.sampled_from(
    [
        [],
        HEAD,
        ["I. XÃ CẨM SƠN"],
        ["TỔ NDTQ SỐ 3 – Tổ trưởng: Lê Mẫu Ý"],
        ["1. Xã Mẫu cũ", None, None, None, 130],
        [None, "Cộng tổ 3", None, None, 12],
        [None, "TỔNG CỘNG", None, 130],
        ["Cộng trang", None, None, 7],
        ["* Ghi chú của người lập"],
    ]
)
titles = st.lists(
    st.sampled_from(
        [[], ["ĐẢNG ỦY XÃ CẨM SƠN", None, "ĐẢNG CỘNG SẢN VIỆT NAM"], ["DANH SÁCH"], ["(Kèm theo Quyết định)"]]
    ),
    max_size=8,
)
endings = st.sampled_from(
    [
        [],
        [["Nơi nhận:", None, None, "BÍ THƯ"], ["- Lưu."], [None, None, None, "Lê Mẫu Ý"]],
        [["Ghi chú: không"]],
    ]
)


@given(clean_rows, titles, st.lists(st.lists(noise, max_size=3), min_size=12, max_size=12), endings)
def test_rows_come_out_whole_whatever_stands_between_them(people, title, between, ending):
    wanted = [[number, *person] for number, person in enumerate(people, 1)]
    rows = [*title, HEAD]
    for person, before in zip(wanted, between, strict=False):
        rows += [*before, person]
    _table, found = read(in_memory(Quirk("", [*rows, *ending], [])))
    assert [filled(row) for row in found] == [said(person) for person in wanted]
