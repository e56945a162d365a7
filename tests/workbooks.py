"""Workbooks for the tests, as offices and as enemies make them. Each maker gives an open file."""

import base64
import io
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl
import xlsxwriter
import xlwt

TONES = "\u0300\u0301\u0303\u0309\u0323"


def workbook(
    *sheets: tuple[str, Sequence[Sequence[Any]]], merged: Sequence[str] = (), hidden: str = ""
) -> io.BytesIO:
    """Sheets of rows; None leaves a cell empty. `merged` is of the first sheet: "A7:A8"."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row, 1):
                if value is not None:
                    sheet.cell(number, column, value)
        if name == hidden:
            sheet.sheet_state = "hidden"
    for area in merged:
        book.worksheets[0].merge_cells(area)
    return saved(book)


def saved(book: openpyxl.Workbook) -> io.BytesIO:
    file = io.BytesIO()
    book.save(file)
    return file


def one_sheet(*rows: Sequence[Any], merged: Sequence[str] = ()) -> io.BytesIO:
    return workbook(("Sheet1", rows), merged=merged)


def far_away() -> io.BytesIO:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write("A1", "a")
        sheet.write("XFD1048576", "b")
    return file


def rebuilt(file: io.BytesIO, change: Callable[[str, bytes], bytes]) -> io.BytesIO:
    """The same workbook with the parts of its archive changed."""
    rebuilt = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(rebuilt, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, change(entry.filename, old.read(entry.filename)))
    return rebuilt


def zip_bomb() -> io.BytesIO:
    """400 MB of spaces in half a megabyte."""
    return rebuilt(
        one_sheet(["a"]),
        lambda name, content: content + b" " * 400_000_000 if name.startswith("xl/worksheets/") else content,
    )


def repeated_text() -> io.BytesIO:
    """One long text, referred to by a million cells: 30 GB if every cell had its own."""
    row = "".join(f'<c r="{chr(65 + place)}%d" t="s"><v>0</v></c>' for place in range(20))
    rows = "".join(
        f'<row r="{number}">' + row.replace("%d", str(number)) + "</row>" for number in range(1, 50_001)
    )

    def change(name: str, content: bytes) -> bytes:
        if name == "xl/sharedStrings.xml":
            return content.replace(b"<t>a</t>", b"<t>" + b"a" * 30_000 + b"</t>")
        if name.startswith("xl/worksheets/"):
            return content[: content.index(b"<sheetData>") + 11] + rows.encode() + b"</sheetData></worksheet>"
        return content

    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet().write("A1", "a")
    return rebuilt(file, change)


def with_macro() -> io.BytesIO:
    def change(name: str, content: bytes) -> bytes:
        if name == "[Content_Types].xml":
            macro = b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
            return content.replace(b"<Default ", macro + b"<Default ", 1)
        return content

    file = rebuilt(one_sheet(["Họ và tên"], ["Lê Mẫu Hạnh"]), change)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/vbaProject.bin", bytes(512))
    return file


ODS_NAMES = " ".join(
    [
        *(
            f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
            for short in ("office", "table", "text", "style")
        ),
        'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"',
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"',
    ]
)


ODS_KIND = "application/vnd.oasis.opendocument.spreadsheet"
ODS_MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
    f'manifest:version="1.2"><manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS_KIND}"/>'
    "</manifest:manifest>"
)


def ods(body: str, styles: str = "", own_styles: str = "") -> io.BytesIO:
    """`body` is the table in OpenDocument's own words, as are the styles of the document and of the content itself."""
    return zipped(
        {
            "mimetype": ODS_KIND,
            "META-INF/manifest.xml": f'<?xml version="1.0"?>{ODS_MANIFEST}',
            "styles.xml": f'<?xml version="1.0"?><office:document-styles {ODS_NAMES}><office:styles>{styles}'
            "</office:styles></office:document-styles>",
            "content.xml": f'<?xml version="1.0"?><office:document-content {ODS_NAMES}>'
            f"<office:automatic-styles>{own_styles}</office:automatic-styles><office:body><office:spreadsheet>"
            f"{body}</office:spreadsheet></office:body></office:document-content>",
        }
    )


def ods_cell(text: str, said: str = "") -> str:
    """One cell of text; `said` are more attributes of it."""
    return f'<table:table-cell office:value-type="string" {said}><text:p>{text}</text:p></table:table-cell>'


def zipped(parts: dict[str, str | bytes]) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file


def with_part(file: io.BytesIO, name: str, content: str | bytes) -> io.BytesIO:
    """The same workbook with one part of its archive replaced or added."""
    with zipfile.ZipFile(file) as archive:
        parts: dict[str, str | bytes] = {entry: archive.read(entry) for entry in archive.namelist()}
    return zipped({**parts, name: content})


MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def sheet_of(rows: str, before: str = "", after: str = "") -> io.BytesIO:
    """A workbook whose only sheet holds these rows, written as in the file itself."""
    xml = f"<worksheet {MAIN}>{before}<sheetData>{rows}</sheetData>{after}</worksheet>"
    return with_part(one_sheet(["a"]), "xl/worksheets/sheet1.xml", xml)


def xls(book: xlwt.Workbook, *records: tuple[int, bytes]) -> io.BytesIO:
    """xlwt knows neither filters nor comments nor passwords; such records are put in at the end of the first sheet."""
    sheet = book.get_sheet(0)
    written = sheet.get_biff_data
    added = b"".join(struct.pack("<HH", kind, len(content)) + content for kind, content in records)
    sheet.get_biff_data = lambda: written()[:-4] + added + b"\x0a\x00\x00\x00"
    file = io.BytesIO()
    book.save(file)
    return file


def locked_xls() -> io.BytesIO:
    """The record that says how the file is encrypted, in place of the name of its last writer."""
    book = xlwt.Workbook()
    book.add_sheet("A").write(0, 0, "a")
    content = xls(book).getvalue()
    writer = struct.pack("<HH", 0x5C, 112)
    at = content.index(writer)
    locked = struct.pack("<HH3H", 0x2F, 112, 1, 1, 1).ljust(len(writer) + 112, b"\x00")
    return io.BytesIO(content[:at] + locked + content[at + len(locked) :])


def locked_ods() -> io.BytesIO:
    entry = '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
    manifest = ODS_MANIFEST.replace("</manifest:manifest>", f"{entry}</manifest:manifest>")
    return with_part(with_part(ods(""), "META-INF/manifest.xml", manifest), "content.xml", b"\x8f\x12" * 20)


def with_flags(file: io.BytesIO, flags: int) -> io.BytesIO:
    """The same archive, saying other things of all its parts."""
    content = bytearray(file.getvalue())
    at = 0
    while (at := content.find(b"PK\x01\x02", at + 1)) > 0:
        content[at + 8 : at + 10] = struct.pack("<H", flags)
    return io.BytesIO(bytes(content))


def with_sizes(file: io.BytesIO, name: str, size: int) -> io.BytesIO:
    """The same archive, claiming that the part is so large when unpacked."""
    content = bytearray(file.getvalue())
    listed = content.rindex(name.encode()) - 46
    content[listed + 24 : listed + 28] = struct.pack("<I", size)
    return io.BytesIO(bytes(content))


def wide_formulas() -> io.BytesIO:
    """Rows that hold nothing but a formula in the last column there is: each as wide as a sheet can be."""
    rows = (f'<row r="{row}"><c r="XFD{row}"><f>A1</f></c></row>' for row in range(1, 20_000))
    return sheet_of("".join(rows))


def in_windows_1258(text: str) -> bytes:
    """As Vietnamese Windows saved it: letters with their hooks and horns, tones behind them."""
    encoded = b""
    for character in text:
        parts = unicodedata.normalize("NFD", character)
        tones = "".join(mark for mark in parts if mark in TONES)
        letter = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in TONES))
        encoded += (letter + tones).encode("cp1258")
    return encoded


def old_xls() -> io.BytesIO:
    """A workbook of Excel 97: title in row 2, heading in rows 4 and 5, one cadre in row 6."""
    return io.BytesIO(zlib.decompress(base64.b85decode("".join(OLD_XLS.split()))))


OLD_XLS = r"""
c-rk)O=uHA6#iy+)BM<`Nllej2us1LwU^?>OB<`T&B2Ch3yKJu+F(OVA|VQT&}y5bAb3)|1bPvn>ct<FVo!QdDtagiLZW!llc3<C
&HCo;E~c@E2DDh&Z<#l5-n=)zZ~pexe6Wze*IYyex}c(Dcu`X(6BN95A^^%a49VKDhl1f?UBT<2iL7zqaor2IoI^R^MJTwd%@GAY
P&kIuh^12reGRdf+YlGB4V^><Zj!{0CT>*&)00d$GQGo^Pnhmu$rYxZq+1Y2F&~Mw?Y6x5h|<D&e#mkku+2M`bf6K>r59hkDokA$
x--f6_`jJE)@m^gnzz10Dv^ng7Z9QeoW^%U2fo=W^{MX2*H$h-@*m6P?iJ+M6b+bwae^H@M-Ca%%tbgjnn+|j7Ln!!Sz~UzJ>9XW
J~+28O0GII<b{ahWmv~q6sX)RJ|hJmL_j3*ESzG|C>4+oC#iDLgCvQ9;w@#J!Ul)~WT2xTx5H;Bj*?!A^nJ1_-V*}L_JlfKE44&N
P|tjjS4@C*{l!~fU-u6WM2@p$g3kf-wAd;;2m_a-1sVHUYMv=7g*LX>$@DUpx`p{>rXlikidzR7Ev9#pb*4DCmFn5WcoW%H#&0J+
_vPTjaPDJd2k|p~#q*(=g-9MPG>9W)FTY8&i*|A2y2PW19Sdt`dC#=zw_V1g1h@w(4C_d&$C4a$VuLK0<&+#9IX+TfT|r-EeQ9N;
?9nt+3Z+!5Hm$;XmU^UFwVAx&lBA`^mYQYhs<6DE_*fR?@t688wv{q7Pg?g*Eo}Zo<FC@EaZgk(5zK>hx|9aomyM-;_7{9`;J|?c
2M!!KaIhX=-s#NSxV-1Ntoym!`meJ@q2&A~`EPNEUWjRWDeBly&&Mn>I9HYbY=TSJWr<bV*#8S94pZ$JjA5ADF;=zz(tAym_h;3H
fj_r|s;$3NO*{W`{XYR=joVx
"""
