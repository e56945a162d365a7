"""Columns whose meaning is in doubt, and cells that mean what stands above or beside them."""

from datetime import date

from tests.quirks import AN, BINH, CHI, DUNG, HEAD, ONE, THREE, Quirk, said

DOUBTS = [
    Quirk(
        "a heading has a slip of the hand",
        [["STT", "Họ và tênn", "Chức vụ", "Ấp"], ONE],
        [(2, {"?1": AN, "post": "Bí thư", "hamlet": "Ấp Mẫu 1"})],
        doubtful={"B": ["name"]},
    ),
    Quirk(
        "a heading is abbreviated",
        [["STT", "Họ và tên", "SĐT", "Ấp"], [1, AN, "0100000017", "Ấp Mẫu 1"]],
        [(2, {"name": AN, "?2": "0100000017", "hamlet": "Ấp Mẫu 1"})],
        doubtful={"C": ["phone"]},
    ),
    Quirk(
        "a heading says more than the usual one",
        [["STT", "Họ và tên cán bộ được phân công", "Chức vụ hiện nay", "Ấp phụ trách"], ONE],
        [(2, {"?1": AN, "?2": "Bí thư", "?3": "Ấp Mẫu 1"})],
        doubtful={"B": ["name"], "C": ["post"], "D": ["hamlet"]},
    ),
    Quirk(
        "telephones stand under a strange heading",
        [["STT", "Họ và tên", "Ấp", "Liên lạc"], [1, AN, "Ấp Mẫu 1", "0100000017"]],
        [(2, {"name": AN, "hamlet": "Ấp Mẫu 1", "?3": "0100000017"})],
        doubtful={"D": ["phone"]},
    ),
    Quirk(
        "telephones stand under no heading",
        [["STT", "Họ và tên", "Ấp"], [1, AN, "Ấp Mẫu 1", "0100.000.017"]],
        [(2, {"name": AN, "hamlet": "Ấp Mẫu 1", "?3": "0100.000.017"})],
        doubtful={"D": ["phone"]},
    ),
    Quirk(
        "decisions and days stand under strange headings",
        [["Họ và tên", "Ấp", "Căn cứ", "Kể từ"], [AN, "Ấp Mẫu 1", "15-QĐ/ĐU", "05/01/2022"]],
        [(2, {"name": AN, "hamlet": "Ấp Mẫu 1", "?2": "15-QĐ/ĐU", "?3": "05/01/2022"})],
        doubtful={"C": ["decree"], "D": ["since"]},
    ),
    Quirk(
        "a required column is missing",
        [["STT", "Người theo dõi", "Chức vụ", "Ấp", "Khác"], [1, AN, "Bí thư", "Ấp Mẫu 1", "abc"]],
        [(2, {"?1": AN, "post": "Bí thư", "hamlet": "Ấp Mẫu 1", "?4": "abc"})],
        doubtful={"B": ["name"], "E": []},
    ),
    Quirk(
        "identity numbers stand under an innocent heading",
        [["STT", "Họ và tên", "Ấp", "Mã số"], [1, AN, "Ấp Mẫu 1", "000000000017"]],
        [(2, {"name": AN, "hamlet": "Ấp Mẫu 1"})],
        dropped=["D"],
        doubtful={},
    ),
    Quirk(
        "old identity numbers and years of birth stand under no heading",
        [["STT", "Họ và tên", "Ấp"], [1, AN, "Ấp Mẫu 1", "000000017", 1900]],
        [(2, {"name": AN, "hamlet": "Ấp Mẫu 1"})],
        dropped=["D", "E"],
        doubtful={},
    ),
    Quirk(
        "days of birth stand under an innocent heading in a list without names",
        [["STT", "Ấp", "Chức vụ", "Ngày"], [1, "Ấp Mẫu 1", "Bí thư", date(1950, 1, 1)]],
        [(2, {"hamlet": "Ấp Mẫu 1", "post": "Bí thư"})],
        dropped=["D"],
        doubtful={},
    ),
    Quirk(
        "the heading of a personal column has a slip of the hand",
        [["STT", "Họ và tên", "Ấp", "Năm sih"], [1, AN, "Ấp Mẫu 1", "x"]],
        [(2, {"name": AN, "hamlet": "Ấp Mẫu 1"})],
        dropped=["D"],
    ),
]

VALUES = [
    Quirk(
        "ditto marks stand for the cell above",
        [
            ["STT", "Họ và tên", "Xã", "Chức vụ"],
            [1, AN, "Xã Mẫu", "Bí thư"],
            [2, BINH, "nt", "-nt-"],
            [3, CHI, "″", "n.t"],
            [4, DUNG, None, "như trên"],
            [5, AN, "''", "//"],
        ],
        [
            (2, {"name": AN, "commune": "Xã Mẫu", "post": "Bí thư"}),
            (3, {"name": BINH, "commune": "Xã Mẫu", "post": "Bí thư"}),
            (4, {"name": CHI, "commune": "Xã Mẫu", "post": "Bí thư"}),
            (5, {"name": DUNG, "commune": "Xã Mẫu", "post": "Bí thư"}),
            (6, {"name": AN, "commune": "Xã Mẫu", "post": "Bí thư"}),
        ],
        dittos={
            3: ("commune", "post"),
            4: ("commune", "post"),
            5: ("commune", "post"),
            6: ("commune", "post"),
        },
    ),
    Quirk(
        "a ditto has nothing above it",
        [HEAD, [1, AN, "nt", "Ấp Mẫu 1"], [2, BINH, "nt", "Ấp Mẫu 1"]],
        [(2, said([1, AN, "nt", "Ấp Mẫu 1"])), (3, said([2, BINH, "nt", "Ấp Mẫu 1"]))],
        dittos={},
    ),
    Quirk(
        "a ditto stands first under a band",
        [HEAD, ["TỔ 1"], ONE, ["TỔ 2"], [2, BINH, "nt", "Ấp Mẫu 2"]],
        [(3, said(ONE)), (5, said([2, BINH, "nt", "Ấp Mẫu 2"]))],
        dittos={},
    ),
    Quirk(
        "a ditto goes over a subtotal and a repeated heading",
        [HEAD, ONE, [None, "Cộng trang", None, 1], HEAD, [2, BINH, "nt", '"']],
        [(2, said(ONE)), (5, said([2, BINH, "Bí thư", "Ấp Mẫu 1"]))],
        dittos={5: ("post", "hamlet")},
    ),
    Quirk(
        "empty cells of other columns stay empty",
        [HEAD, ONE, [2, BINH, None, None]],
        [(2, said(ONE)), (3, {"name": BINH})],
        dittos={},
    ),
    Quirk(
        "cells merged down stand for all their rows",
        [HEAD, ONE, [None, None, None, "Ấp Mẫu 2"], THREE],
        [(2, said(ONE)), (3, said([1, AN, "Bí thư", "Ấp Mẫu 2"])), (4, said(THREE))],
        merged=["A2:A3", "B2:B3", "C2:C3"],
        skipped={},
    ),
]

PARTED = [
    Quirk(
        "family name and given name stand in two columns under one heading",
        [["STT", "Họ và tên", None, "Ấp"], [1, "Nguyễn Mẫu", "An", "Ấp Mẫu 1"], [2, BINH, None, "Ấp Mẫu 2"]],
        [(2, {"name": AN, "hamlet": "Ấp Mẫu 1"}), (3, {"name": BINH, "hamlet": "Ấp Mẫu 2"})],
        merged=["B1:C1"],
        doubtful={},
    ),
]

QUIRKS = DOUBTS + VALUES + PARTED
