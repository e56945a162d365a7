"""Hostile, broken and huge workbooks: refused with a word on what to do, and never at the server's cost."""

import io
import resource
import time
from typing import Any

import pytest
import xlsxwriter
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portal.sheets import workbook as opened
from portal.sheets.headings import Column
from portal.sheets.layout import find_table
from portal.sheets.workbook import MESSAGES, UnreadableWorkbook, open_workbook
from tests import workbooks
from tests.workbooks import one_sheet

COLUMNS = (Column("name", "Họ và tên", required=True), Column("hamlet", "Ấp"))


def rows_of(file: io.BytesIO) -> list[tuple[str, int, list[Any]]]:
    with open_workbook(file) as sheets:
        return [(sheet.name, row.number, row.cells) for sheet in sheets for row in sheet.rows]


def refusal(file: io.BytesIO) -> str:
    with pytest.raises(UnreadableWorkbook) as refused:
        rows_of(file)
    return str(refused.value.code)


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (io.BytesIO(b""), "empty"),
        (io.BytesIO(b" \r\n"), "empty"),
        (io.BytesIO(b"\xef\xbb\xbf<html><table><tr><td>1</td></tr></table>"), "web_page"),
        (io.BytesIO(b"%PDF-1.7\n"), "not_workbook"),
        (io.BytesIO(bytes(range(256)) * 20), "not_workbook"),
        (io.BytesIO(b"PK\x03\x04" + bytes(100)), "damaged"),
        (io.BytesIO(bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600)), "damaged"),
        (io.BytesIO(bytes.fromhex("D0CF11E0A1B11AE1") + "EncryptedPackage".encode("utf-16-le")), "encrypted"),
        (io.BytesIO("Danh s¸ch;c¸n bé;x·\nCéng hoµ;x· héi\n".encode("latin-1")), "legacy"),
        (workbooks.far_away(), "too_large"),
    ],
)
def test_what_is_no_readable_workbook_is_named(file, code):
    assert refusal(file) == code


def test_a_file_cut_short_is_damaged():
    whole = one_sheet(*([f"Ấp Mẫu {number}"] for number in range(500))).getvalue()
    assert refusal(io.BytesIO(whole[: len(whole) // 2])) == "damaged"


def test_a_broken_sheet_inside_a_whole_archive_is_damaged():
    file = workbooks.rebuilt(
        one_sheet(["a"]),
        lambda name, content: b"<worksheet><" if name.startswith("xl/worksheets/") else content,
    )
    assert refusal(file) == "damaged"


def test_a_word_document_is_not_a_workbook():
    file = workbooks.rebuilt(one_sheet(["a"]), lambda name, content: content)
    with workbooks.zipfile.ZipFile(file, "a") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert refusal(file) == "not_workbook"


@pytest.mark.parametrize("bomb", [workbooks.zip_bomb, workbooks.repeated_text])
def test_bombs_cost_the_server_no_memory_and_little_time(bomb):
    file = bomb()
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    assert refusal(file) == "too_large"
    assert time.monotonic() - started < 30
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


def test_the_values_of_a_workbook_with_macros_are_read():
    assert rows_of(workbooks.with_macro()) == [("Sheet1", 1, ["Họ và tên"]), ("Sheet1", 2, ["Lê Mẫu Hạnh"])]


def test_reading_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(opened, "SECONDS_TO_WAIT", 0)
    assert refusal(one_sheet(["a"])) == "too_slow"


def test_every_refusal_says_in_vietnamese_what_to_do():
    with translation.override("vi"):
        messages = {code: UnreadableWorkbook(code).messages[0] for code in MESSAGES}
    with translation.override("en"):
        assert all(messages[code] != str(MESSAGES[code]) for code in MESSAGES)
    assert messages["legacy"] == "Tệp dùng phông chữ cũ (TCVN3/VNI). Đề nghị chuyển sang Unicode rồi tải lại."


def test_thirty_thousand_rows_pass_through_without_being_held():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(
            0, 0, ["STT", "Họ và tên", "Năm sinh", "Ấp", "Chức vụ", "Điện thoại", "Ghi chú", "Mã"]
        )
        for number in range(1, 30_001):
            row = [
                number,
                f"Lê Mẫu {number}",
                1900,
                f"Ấp Mẫu {number % 10}",
                "",
                f"0100{number:06}",
                "nt",
                number,
            ]
            sheet.write_row(number, 0, row)
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    with open_workbook(file) as sheets:
        table = find_table(next(sheets), COLUMNS)
        assert table and sum(1 for _row in table.rows) == 30_000
    assert time.monotonic() - started < 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


WHOLE = [
    one_sheet(["Danh sách"], ["Họ và tên", "Ấp"], ["A", 1], [None, "b"], merged=["A3:A4"]).getvalue(),
    workbooks.old_xls().getvalue(),
    "Họ và tên;Ấp\nA;1\n".encode(),
    "Họ và tên\tẤp\nA\t1\n".encode("utf-16"),
]
places = st.floats(0, 1, exclude_max=True)


def spoilt(content: bytes, changes: list[tuple[float, int]]) -> bytes:
    spoilt = bytearray(content)
    for place, value in changes:
        if spoilt:
            spoilt[int(place * len(spoilt))] = value
    return bytes(spoilt)


@given(st.sampled_from(WHOLE), st.booleans(), st.lists(st.tuples(places, st.integers(0, 255)), max_size=20))
def test_a_spoilt_file_is_read_or_refused_but_never_breaks_anything(content, inside, changes):
    if inside and content.startswith(b"PK"):
        file = workbooks.rebuilt(io.BytesIO(content), lambda name, part: spoilt(part, changes))
    else:
        file = io.BytesIO(spoilt(content, changes))
    try:
        with open_workbook(file) as sheets:
            for sheet in sheets:
                if table := find_table(sheet, COLUMNS):
                    assert all(set(row.values) <= {"name", "hamlet"} for row in table.rows)
    except UnreadableWorkbook as refused:
        assert refused.code in MESSAGES
