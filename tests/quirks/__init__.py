"""Small sheets with one quirk each, and what has to come out of each. People, telephones and hamlets are invented."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.sheets import shapes
from portal.sheets.headings import Column

NAME = Column("name", "Họ và tên", ("Họ tên",), required=True, looks=shapes.person)
POST = Column("post", "Chức vụ", ("Chức danh",))
PHONE = Column("phone", "Điện thoại", ("Số điện thoại", "Di động"), looks=shapes.phone)
COMMUNE = Column("commune", "Xã", ("Xã, phường",), looks=shapes.commune, fills_down=True)
HAMLET = Column("hamlet", "Ấp, khóm, khu phố", ("Ấp", "Tên ấp"), looks=shapes.hamlet)
SINCE = Column("since", "Từ ngày", ("Thời gian",), looks=shapes.day)
DECREE = Column("decree", "Số quyết định", ("Quyết định",), looks=shapes.decree)
COLUMNS = (NAME, POST, PHONE, COMMUNE, HAMLET, SINCE, DECREE)

HEAD = ["STT", "Họ và tên", "Chức vụ", "Ấp"]
AN, BINH, CHI, DUNG = "Nguyễn Mẫu An", "Trần Mẫu Bình", "Lê Mẫu Chi", "Phạm Mẫu Dũng"
ONE = [1, AN, "Bí thư", "Ấp Mẫu 1"]
TWO = [2, BINH, "Chủ tịch", "Ấp Mẫu 2"]
THREE = [3, CHI, "Công chức", "Ấp Mẫu 3"]


def said(row: Sequence[Any]) -> dict[str, Any]:
    """What a row under HEAD says."""
    return {
        name: cell
        for name, cell in zip(("name", "post", "hamlet"), row[1:], strict=False)
        if cell is not None
    }


@dataclass
class Quirk:
    """`want` is what the rows say by their number, empty cells left out; the rest is compared where it is given."""

    name: str
    rows: list[list[Any]]
    want: list[tuple[int, dict[str, Any]]]
    merged: list[str] = field(default_factory=list)
    skipped: dict[str, list[int]] | None = None
    bands: dict[int, tuple[str, ...]] | None = None
    dittos: dict[int, tuple[str, ...]] | None = None
    letters: dict[str, str] | None = None
    dropped: list[str] | None = None
    doubtful: dict[str, list[str]] | None = None


def after(*rows: list[Any], first: int = 2) -> list[tuple[int, dict[str, Any]]]:
    """The rows one after the other, beginning with row `first`."""
    return [(first + place, said(row)) for place, row in enumerate(rows)]
