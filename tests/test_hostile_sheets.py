"""Hostile, broken and huge workbooks: refused with a word on what to do, and never at the server's cost."""

import io
import random
import resource
import subprocess
import sys
import time
from typing import Any

import pytest
import xlsxwriter
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portal.sheets import reader
from portal.sheets import workbook as opened
from portal.sheets.archive import Unreadable
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
        (workbooks.far_away(), "too_large"),
        (workbooks.zipped({"đọc.txt": "a"}), "not_workbook"),
        (workbooks.zipped({"META-INF/MANIFEST.MF": "a", "A.class": b"\xca\xfe"}), "not_workbook"),
        (
            workbooks.zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}),
            "not_workbook",
        ),
        (workbooks.zipped({"[Content_Types].xml": "<a/>", "ppt/presentation.xml": "<a/>"}), "not_workbook"),
        (
            workbooks.zipped({"[Content_Types].xml": "<a/>", "xl/workbook.bin": b"\x83\x01"}),
            "binary_workbook",
        ),
        (workbooks.zipped({"[Content_Types].xml": "<a/>", "xl/workbook.xml": "<a/>"}), "damaged"),
        (workbooks.zipped({f"xl/{number}.xml": "<a/>" for number in range(5001)}), "too_large"),
        (workbooks.with_part(one_sheet(["a"]), "XL/Workbook.XML", "<a/>"), "damaged"),
        (workbooks.with_part(one_sheet(["a"]), "xl/more.xml", b"\xff\xfe<\x00a\x00/\x00>\x00"), "damaged"),
        (workbooks.locked_xls(), "encrypted"),
        (workbooks.locked_ods(), "encrypted"),
        (workbooks.with_flags(one_sheet(["a"]), 1), "encrypted"),
    ],
)
def test_what_is_no_readable_workbook_is_named(file, code):
    assert refusal(file) == code


@pytest.mark.parametrize("whole", [one_sheet(*[["Ấp Mẫu", 1]] * 500), workbooks.ods("<table:table/>" * 9)])
def test_a_file_cut_short_anywhere_is_damaged(whole):
    content = whole.getvalue()
    for part in range(1, 20):
        assert told_by_the_child(content[: len(content) * part // 20]) == "damaged", part


def test_an_old_xls_cut_short_anywhere_is_damaged_or_read_as_far_as_it_goes():
    content = workbooks.old_xls().getvalue()
    for part in range(1, 20):
        try:
            rows = rows_of(io.BytesIO(content[: len(content) * part // 20]))
        except UnreadableWorkbook as refused:
            assert refused.code == "damaged", part
        else:
            assert part > 10 and rows, part


def told_by_the_child(content: bytes) -> str:
    """The code of the refusal, or nothing where the file is read. Without a child of its own: for tame files."""
    try:
        for _message in reader.messages(content):
            pass
    except Unreadable as refused:
        return str(refused.args[0])
    return ""


@pytest.mark.parametrize("text", [b"Ho ten;Ap\n" * 10, b""])
def test_what_is_no_text_is_not_read_as_one(text):
    junk = random.Random(1).randbytes(9_000).replace(b"\x00", b"\x01")
    assert told_by_the_child(text + b"\x07" + junk) == "not_workbook"


ENTITIES = '<!DOCTYPE a [<!ENTITY b "%s">]>'
BOMB = ENTITIES % "b" + "<!-- <a> -->"


@pytest.mark.parametrize("name", ["xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml",
                                  "_rels/.rels", "[Content_Types].xml", "docProps/core.xml"])  # fmt: skip
@pytest.mark.parametrize("before", [BOMB, "<!-- <a> -->" + BOMB, "<?a <a ?>\n" + BOMB, "\ufeff \n" + BOMB,
                                    '<!DOCTYPE a SYSTEM "file:///etc/passwd">'])  # fmt: skip
def test_no_part_may_bring_entities_along(name, before):
    def change(part: str, content: bytes) -> bytes:
        bare = content.partition(b"?>")[2] if content.startswith(b"<?") else content
        return before.encode() + bare if part == name else content

    assert told_by_the_child(workbooks.rebuilt(one_sheet(["a"]), change).getvalue()) == "damaged"


def test_no_ods_may_bring_entities_along():
    file = workbooks.rebuilt(workbooks.ods(""), lambda name, part: part.replace(b"?>", b"?><!DOCTYPE a>", 1))
    assert told_by_the_child(file.getvalue()) == "damaged"
    # Old OpenOffice names a document type in the list of parts, which nobody follows.
    said = f"<?xml version='1.0'?><!DOCTYPE a PUBLIC 'a' 'Manifest.dtd'>{workbooks.ODS_MANIFEST}"
    old = workbooks.with_part(workbooks.ods('<table:table table:name="A"/>'), "META-INF/manifest.xml", said)
    assert told_by_the_child(old.getvalue()) == ""


def test_links_to_other_files_are_not_followed(tmp_path):
    secret = tmp_path / "secret.xml"
    secret.write_text("<a>kín</a>")
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    link = (
        f'<Relationship Id="z" Type="{kind}/sharedStrings" Target="file://{secret}" TargetMode="External"/>'
    )
    file = workbooks.rebuilt(
        one_sheet(["a"]),
        lambda name, part: (
            part.replace(b"</Rel", link.encode() + b"</Rel") if name.endswith(".rels") else part
        ),
    )
    file = workbooks.with_part(file, f"../../../../../../..{tmp_path}/out.xml", "<a/>")
    assert rows_of(file) == [("Sheet1", 1, ["a"])]
    assert [path.name for path in tmp_path.iterdir()] == ["secret.xml"]


@pytest.mark.parametrize("said", [1, 100, 200_000])
def test_an_archive_that_lies_of_its_sizes_is_damaged(said):
    file = workbooks.with_part(one_sheet(["a"]), "xl/more.xml", "<a/>" + " " * 5_000_000)
    assert told_by_the_child(workbooks.with_sizes(file, "xl/more.xml", said).getvalue()) == "damaged"


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


@pytest.mark.parametrize("bomb", [workbooks.zip_bomb, workbooks.repeated_text, workbooks.wide_formulas])
def test_bombs_cost_the_server_no_memory_and_little_time(bomb):
    file = bomb()
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    assert refusal(file) == "too_large"
    assert time.monotonic() - started < 30
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


def test_a_text_of_fifty_megabytes_is_cut_to_what_a_cell_can_hold():
    text = "ă" * 25_000_000
    file = workbooks.sheet_of(f'<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row>')
    assert rows_of(file) == [("Sheet1", 1, [text[:32_767]])]
    assert told_by_the_child(b"Ten;Ap\n" + b"a" * 1_000_000) == "too_large"


def test_the_child_cannot_take_five_hundred_megabytes():
    greedy = "reader.messages = lambda content: [len(bytes(490_000_000))]"
    code = f"from portal.sheets import reader; {greedy}; reader.main()"
    child = subprocess.run([sys.executable, "-c", code], input=b"", capture_output=True, check=True)
    assert child.stdout == b'{"error": "too_large"}\n'


def test_a_sheet_may_reach_to_the_last_row_there_is():
    last = '<row r="1048576" hidden="1"><c r="A1048576"><v>1</v></c></row>'
    with open_workbook(workbooks.sheet_of(f'<row r="1"><c r="A1"><v>1</v></c></row>{last}')) as sheets:
        assert [(row.number, row.marks) for row in next(sheets).rows] == [(1, ""), (1_048_576, "h")]
    beyond = workbooks.sheet_of('<row r="1048577"><c r="A1048577" t="e"><v>#N/A</v></c></row>')
    assert told_by_the_child(beyond.getvalue()) in {"too_large", "damaged", ""}


OPEN = {
    "cells": '<row r="1">' + '<c r="A1" s="5">' * 50_000 + "</row>",
    "comments": '<row r="1">' + "<!--" * 100_000 + "</row>",
    "values": '<row r="1"><c r="A1" t="e">' + "<v " * 100_000 + "</c></row>",
    "formulas": '<row r="1"><c r="A1">' + "<f>" * 100_000 + "</c></row>",
    "runs": '<row r="1"><c r="A1" t="inlineStr"><is><r><rPr><strike/></rPr>'
    + "<r>" * 100_000
    + "</is></c></row>",
}


@pytest.mark.parametrize("rows", OPEN.values(), ids=OPEN)
def test_what_is_opened_a_thousand_times_and_never_closed_costs_no_time(rows):
    columns = "<cols>" + '<col min="1" max="16384" hidden="1"/>' * 5_000 + "</cols>"
    file = workbooks.sheet_of(rows, before=columns)
    began = time.process_time()
    assert told_by_the_child(file.getvalue()) in {"damaged", ""}
    assert time.process_time() - began < 3


@pytest.mark.parametrize("times", ["-1", "x", "999999999999", "9" * 40])
def test_repeats_of_an_ods_are_no_bomb(times):
    row = f'<table:table-row table:visibility="collapse" table:number-rows-repeated="{times}"><table:table-cell/>'
    cells = workbooks.ods_cell("a") + f'<table:table-cell table:number-columns-repeated="{times}"/>'
    file = workbooks.ods(
        f'<table:table table:name="A"><table:table-row>{cells}</table:table-row>{row}</table:table-row></table:table>'
    )
    assert told_by_the_child(file.getvalue()) in {"damaged", ""}


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
    assert "TCVN3" in messages["tcvn3"] and "VNI" in messages["vni"]
    assert all("Chuyển mã" in messages[font] for font in ("tcvn3", "vni"))


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


ODS_TABLE = (
    f'<table:table table:name="A"><table:table-row>{workbooks.ods_cell("Họ và tên")}{workbooks.ods_cell("Ấp")}'
    f"</table:table-row><table:table-row>{workbooks.ods_cell('A')}</table:table-row></table:table>"
)
WHOLE = [
    one_sheet(["Danh sách"], ["Họ và tên", "Ấp"], ["A", 1], [None, "b"], merged=["A3:A4"]).getvalue(),
    workbooks.old_xls().getvalue(),
    workbooks.ods(
        f'<table:table table:name="A"><table:table-row>{workbooks.ods_cell("Ấp")}</table:table-row></table:table>'
    ).getvalue(),
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
                    doubtful = {f"?{index}" for index, *_rest in table.doubtful}
                    assert all(set(row.values) <= {"name", "hamlet", *doubtful} for row in table.rows)
    except UnreadableWorkbook as refused:
        assert refused.code in MESSAGES
