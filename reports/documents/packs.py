"""The papers of a round for its pack: notice and, of a year, ceiling; sheet and report of each; the summary by level.

Drawn up in parts of a few dozen organisations, so that memory does not grow with the round.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from io import RawIOBase
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from portal.vietnamese import fold_words
from reports.documents.ceiling import ceiling_paper
from reports.documents.levels import grades_summary
from reports.documents.naming import place_name
from reports.documents.office import as_pdf, proposed, values
from reports.documents.reviews import collective_report, evaluation_sheet, frame_of, results_notice
from reports.documents.written import Written
from reports.models import PackPart, PaperPack
from reports.paper_kinds import Layout
from reports.reviewed import Told, told_of
from reports.reviews import reviews_of

AT_ONCE = 40
Part = tuple[int, str, bytes]


def parts_of(pack: PaperPack, done: set[int]) -> Iterator[list[Part]]:
    """What is not done yet, in handfuls; the order is that of the reviews."""
    yield [part for part in _of_the_round(pack) if part[0] not in done]
    keys = list(reviews_of(pack.round).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        wanted = [
            (2 + 2 * place, key)
            for place, key in enumerate(keys[start : start + AT_ONCE], start)
            if not {2 + 2 * place, 3 + 2 * place} <= done
        ]
        yield list(_of_reviews(pack, wanted))
    # Last, so that packs begun before there was one keep the places of their papers.
    if (last := 2 + 2 * len(keys)) not in done:
        yield [_summary_of(pack, last)]


def _summary_of(pack: PaperPack, order: int) -> Part:
    found = pack.round
    written = grades_summary(found, place_name(found.place_id, found.period.end, pack.day))
    return order, "00-3-tong-hop-xep-loai.pdf", _drawn(pack, written, _frame_of_the_round(pack, written))


def _frame_of_the_round(pack: PaperPack, written: Written) -> dict[str, Any]:
    frame = proposed(Layout.PARTY, pack.round.place_id, pack.day, written.symbol)
    return {**frame, "number": "", "signer": ""}


def _of_the_round(pack: PaperPack) -> Iterator[Part]:
    found = pack.round
    place = place_name(found.place_id, found.period.end, pack.day)
    papers = [("ket-qua-xep-loai", results_notice(found, place))]
    if found.period.is_year:
        papers.append(("tran-xuat-sac", ceiling_paper(found, place)))
    for order, (name, written) in enumerate(papers):
        frame = _frame_of_the_round(pack, written)
        yield order, f"00-{order + 1}-{name}.pdf", _drawn(pack, written, frame)


def _of_reviews(pack: PaperPack, wanted: Sequence[tuple[int, int]]) -> Iterator[Part]:
    rows = reviews_of(pack.round).select_related("round__scheme").in_bulk([key for _order, key in wanted])
    reviews = [rows[key] for _order, key in wanted]
    for (order, _key), told in zip(wanted, told_of(reviews), strict=True):
        number = (order - 2) // 2 + 1
        for offset, name, written in (
            (0, "phieu-danh-gia", evaluation_sheet(told)),
            (1, "mau-01", collective_report(told)),
        ):
            file = f"{number:04}-{slug(told)}-{name}.pdf"
            yield order + offset, file, _drawn(pack, written, frame_of(told))


def _drawn(pack: PaperPack, written: Written, frame: dict[str, Any]) -> bytes:
    typed = {**frame, "issued_on": pack.day}
    return as_pdf(values(written, typed, layout=Layout.PARTY, draft=pack.is_draft, footer=""), Layout.PARTY)


def slug(told: Told) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold_words(told.name))[:60].strip("-")


class _Sink(RawIOBase):
    """Takes what a ZIP writes and hands it on; nothing is held but the paper at hand."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.kept.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        found, self.kept = b"".join(self.kept), []
        return found


def zipped(pack: PaperPack) -> Iterator[bytes]:
    """The file of the pack as it is sent. The same parts make the same bytes."""
    sink, day = _Sink(), pack.day
    with ZipFile(sink, "w", ZIP_STORED) as archive:
        for part in PackPart.objects.filter(pack=pack).order_by("order").iterator(chunk_size=AT_ONCE):
            archive.writestr(ZipInfo(part.name, date_time=_moment(day)), bytes(part.content))
            yield sink.take()
    yield sink.take()


def _moment(day: date) -> tuple[int, int, int, int, int, int]:
    return day.year, day.month, day.day, 0, 0, 0
