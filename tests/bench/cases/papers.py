"""A report of two pages as PDF and Word, and a table of 3,000 rows as a workbook, as Word and as PDF."""

import io
from collections.abc import Iterator
from datetime import date

from django.conf import settings
from django.utils import timezone

from portal.documents.docx import docx
from portal.documents.pdf import pdf
from portal.exports import Footer, open_book
from reports.documents.listings import assignment_list
from reports.documents.office import values
from reports.documents.results import results_report
from reports.documents.written import Figure as Told
from reports.documents.written import Written
from tests.bench.measure import Figure, measure, measure_once

ROWS = 3000
FRAME = {
    "issued_on": date(2026, 2, 5), "superior": "TỈNH ỦY MẪU", "issuer": "ĐẢNG ỦY XÃ MẪU", "number": "",
    "symbol": "BC/ĐU", "seat": "Xã Mẫu", "signed_for": "T/M ĐẢNG ỦY", "post": "BÍ THƯ", "signer": "",
    "recipients": "Tỉnh ủy Mẫu,",
    "kept_by": "Lưu Đảng ủy.",
}  # fmt: skip
NAMES = (
    "attended owed rate excused absent visits before grasp contribute check times amount days households raised "
    "answered still_open late open overdue"
).split()


def figures() -> Iterator[Figure]:
    short = framed(results_report("Xã Mẫu", "tháng 1/2026", dict.fromkeys(NAMES, Told("3.552")), None))
    yield measure("a report as PDF", lambda: pdf("party.typ", short))
    yield measure("a report as Word", lambda: docx("party.docx", short))
    rows = [[f"Trần Mẫu {n}", "Công chức", "Ủy ban nhân dân (mẫu)", f"Ấp Mẫu {n}, Xã Mẫu", "0100000001", ""] for n in
            range(ROWS)]  # fmt: skip
    told = assignment_list("Xã Mẫu", date(2026, 2, 5), rows)
    long, size = framed(told), f"{ROWS:,} rows"
    yield measure_once("a table as a workbook", lambda: workbook(told), size=size)
    yield measure_once("a table as Word", lambda: docx("party.docx", long), size=size)
    yield measure_once("a table as PDF", lambda: pdf("party.typ", long), size=size)


def framed(told: Written) -> dict:
    return values(told, FRAME, layout="party", draft=True, footer="")


def workbook(told: Written) -> None:
    footer = Footer("Bench", "Bench", timezone.now())
    with open_book(io.BytesIO(), footer=footer, demo=settings.DEMO) as book:
        for sheet in told.sheets:
            book.table(sheet.title, title=told.title, columns=sheet.heads, rows=sheet.rows)
