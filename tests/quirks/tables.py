"""Headings, rows that are none of the list, and titles between the rows."""

from tests.quirks import AN, BINH, CHI, DUNG, HEAD, ONE, THREE, TWO, Quirk, after, said

HEADINGS = [
    Quirk("a title block reaches down to row 39", [*[["ĐẢNG ỦY XÃ"]] * 38, HEAD, ONE], [(40, said(ONE))]),
    Quirk(
        "a title right above the heading names poverty",
        [["DANH SÁCH HỘ NGHÈO CỦA ẤP"], HEAD, ONE],
        [(3, said(ONE))],
        dropped=[],
    ),
    Quirk(
        "the title names the unit in cells of its own",
        [["Xã:", "Cẩm Sơn", "Ấp:", "Mẫu 1"], ["DANH SÁCH"], HEAD, ONE],
        [(4, said(ONE))],
    ),
    Quirk(
        "three rows of heading are merged",
        [
            ["STT", "Họ và tên", "Liên hệ", None, None],
            [None, None, "Số", None, "Ấp"],
            [None, None, "Di động", "Zalo", None],
            [1, AN, "0100000017", "có", "Ấp Mẫu 1"],
        ],
        [(4, {"name": AN, "phone": "0100000017", "hamlet": "Ấp Mẫu 1"})],
        merged=["A1:A3", "B1:B3", "C1:E1", "C2:D2", "E2:E3"],
    ),
    Quirk(
        "the heading comes again on every page",
        [HEAD, ONE, HEAD, TWO, ["TT", "HỌ VÀ TÊN", "Chức danh", "Tên ấp"], THREE],
        [(2, said(ONE)), (4, said(TWO)), (6, said(THREE))],
        skipped={"heading": [3, 5]},
    ),
    Quirk(
        "both rows of a heading come again with the numbers of the columns",
        [
            ["STT", "Họ và tên", "Liên hệ", None],
            [None, None, "Di động", "Zalo"],
            ["(1)", "(2)", "(3)", "(4)"],
            [1, AN, "0100000017", None],
            ["STT", "Họ và tên", "Liên hệ", None],
            [None, None, "Di động", "Zalo"],
            ["(1)", "(2)", "(3)", "(4)"],
            [2, BINH, "0100000018", None],
        ],
        [(4, {"name": AN, "phone": "0100000017"}), (8, {"name": BINH, "phone": "0100000018"})],
        merged=["A1:A2", "B1:B2", "C1:D1", "A5:A6", "B5:B6", "C5:D5"],
        skipped={"column_numbers": [3, 7], "heading": [5, 6]},
    ),
    Quirk(
        "letters and numbers count the columns",
        [HEAD, ["A", "B", 1, "2=3+4"], ONE],
        [(3, said(ONE))],
        skipped={"column_numbers": [2]},
    ),
    Quirk(
        "a summary stands beside the list",
        [
            [*HEAD, None, "Ấp", "Số hộ"],
            [*ONE, None, "Ấp Mẫu 1", 364],
            [*TWO, None, "Ấp Mẫu 2", 351],
            [None, None, None, None, None, "Tổng cộng", 715],
        ],
        after(ONE, TWO),
        letters={"hamlet": "D"},
    ),
    Quirk(
        "the list stands to the right of a summary",
        [["Ấp", "Số hộ", None, *HEAD], ["Ấp Mẫu 1", 364, None, *ONE], [None, None, None, *TWO]],
        after(ONE, TWO),
        letters={"name": "E", "hamlet": "G"},
    ),
    Quirk(
        "two lists stand side by side",
        [[*HEAD, None, *HEAD], [*ONE, None, *THREE], TWO],
        [(2, said(ONE)), (3, said(TWO)), (2, said(THREE))],
        letters={"name": "B"},
    ),
    Quirk(
        "a second table has its columns in another order",
        [HEAD, ONE, [], ["STT", "Tên ấp", "Chức danh", "Họ tên"], [1, "Ấp Mẫu 2", "Chủ tịch", BINH]],
        [(2, said(ONE)), (5, said(TWO))],
        skipped={"heading": [4]},
    ),
    Quirk(
        "a table of something else stands below the list",
        [HEAD, ONE, [], ["Ấp", "Xã", "Số hộ"], ["Ấp Mẫu 1", "Cẩm Sơn", 364], [], HEAD, TWO],
        [(2, said(ONE)), (8, said(TWO))],
        skipped={"other_table": [4, 5], "heading": [7]},
    ),
    Quirk(
        "the heading of a later table is fuller",
        [
            ["Họ và tên", "Chức vụ"],
            [AN, "Bí thư"],
            [],
            ["Họ và tên", "Chức vụ", "Ấp"],
            [BINH, "Chủ tịch", "Ấp Mẫu 2"],
        ],
        [(2, {"name": AN, "post": "Bí thư"}), (5, said(TWO))],
    ),
]

LABELS = (
    "Cộng tổ 3", "Cộng trang", "Cộng mang sang", "Mang sang", "Chuyển sang trang sau", "Trang trước chuyển sang",
    "TỔNG CỘNG", "Tổng số", "Cộng:", "TONG CONG", "Tổng cộng xã Cẩm Sơn", "Cộng (1+2)", "Lũy kế",
)  # fmt: skip

SKIPS = [
    Quirk(
        "totals of every kind stand between the rows",
        [HEAD, ONE, *([None, label, None, 12] for label in LABELS), TWO],
        [(2, said(ONE)), (3 + len(LABELS), said(TWO))],
        skipped={"total": list(range(3, 3 + len(LABELS)))},
    ),
    Quirk(
        "the total stands above the rows",
        [HEAD, ["Tổng số", None, None, 41], ONE],
        [(3, said(ONE))],
        skipped={"total": [2]},
    ),
    Quirk(
        "people are called Tổng, Tống and Công",
        [
            HEAD,
            [1, "Tổng Mẫu An", None, None],
            [2, "Tống Toàn Mẫu", None, None],
            [3, "Công Mẫu Bình", None, None],
        ],
        [(2, {"name": "Tổng Mẫu An"}), (3, {"name": "Tống Toàn Mẫu"}), (4, {"name": "Công Mẫu Bình"})],
        skipped={},
    ),
    Quirk(
        "a hamlet is called Cộng Hòa",
        [["Ấp", "Họ và tên"], ["Cộng Hòa", AN], ["Ấp Cộng Hòa", BINH]],
        [(2, {"hamlet": "Cộng Hòa", "name": AN}), (3, {"hamlet": "Ấp Cộng Hòa", "name": BINH})],
    ),
    Quirk(
        "notes stand under the list",
        [
            HEAD,
            ONE,
            ["* Đồng chí An nghỉ phép đến hết tháng"],
            [None, "Ghi chú: danh sách có thay đổi"],
            ["Danh sách này có 41 người."],
        ],
        after(ONE),
        skipped={"note": [3, 4, 5]},
    ),
    Quirk(
        "the party signs",
        [
            HEAD,
            ONE,
            [],
            [None, None, None, "Cẩm Sơn, ngày 10 tháng 01 năm 2022"],
            ["Nơi nhận:", None, None, "T/M ĐẢNG ỦY"],
            ["- Như trên;", None, None, "BÍ THƯ"],
            ["- Lưu VP."],
            [None, None, None, CHI],
        ],
        after(ONE),
        skipped={"signature": [4, 5, 6, 7, 8]},
    ),
    Quirk(
        "the state signs",
        [
            HEAD,
            ONE,
            ["NGƯỜI LẬP BIỂU", None, "KT. CHỦ TỊCH"],
            [None, None, "PHÓ CHỦ TỊCH"],
            [CHI, None, DUNG],
        ],
        after(ONE),
        skipped={"signature": [3, 4, 5]},
    ),
    Quirk(
        "a list follows below a signature",
        [HEAD, ONE, ["TM. ỦY BAN NHÂN DÂN"], [None, CHI], [], ["DANH SÁCH 2"], HEAD, TWO],
        [(2, said(ONE)), (8, said(TWO))],
        skipped={"signature": [3, 4, 6], "heading": [7]},
    ),
    Quirk(
        "a page is signed and the list goes on without a heading",
        [HEAD, ONE, [None, None, "NGƯỜI LẬP"], [None, None, CHI], TWO],
        [(2, said(ONE)), (5, said(TWO))],
        skipped={"signature": [3, 4]},
    ),
    Quirk(
        "a row without a name has the post of those who sign",
        [HEAD, ONE, [2, None, "Bí thư", None], THREE],
        [(2, said(ONE)), (3, {"post": "Bí thư"}), (4, said(THREE))],
        skipped={},
    ),
    Quirk(
        "rows are numbered in advance",
        [HEAD, ONE, [2], [3]],
        after(ONE),
        skipped={"empty": [3, 4]},
    ),
    Quirk("an example is given", [HEAD, ["VÍ DỤ", AN, "Bí thư", "Ấp Mẫu 1"], TWO], [(3, said(TWO))]),
]

BANDS = [
    Quirk(
        "bands stand on two levels",
        [
            HEAD,
            ["II. HUYỆN CHÂU THÀNH (22)"],
            ["1. Xã Cẩm Sơn cũ"],
            ONE,
            ["2. Xã Mẫu"],
            TWO,
            ["III. HUYỆN CHỢ LÁCH (11)"],
            THREE,
        ],
        [(4, said(ONE)), (6, said(TWO)), (8, said(THREE))],
        bands={
            4: ("II. HUYỆN CHÂU THÀNH (22)", "1. Xã Cẩm Sơn cũ"),
            6: ("II. HUYỆN CHÂU THÀNH (22)", "2. Xã Mẫu"),
            8: ("III. HUYỆN CHỢ LÁCH (11)",),
        },
        skipped={"band": [2, 3, 5, 7]},
    ),
    Quirk(
        "bands without numbers are told apart by their units",
        [HEAD, ["ẤP MẪU 1"], ["TỔ NDTQ SỐ 1"], ONE, ["TỔ NDTQ SỐ 2"], TWO, ["ẤP MẪU 2"], THREE],
        [(4, said(ONE)), (6, said(TWO)), (8, said(THREE))],
        bands={4: ("ẤP MẪU 1", "TỔ NDTQ SỐ 1"), 6: ("ẤP MẪU 1", "TỔ NDTQ SỐ 2"), 8: ("ẤP MẪU 2",)},
    ),
    Quirk(
        "letters go on to C and D",
        [HEAD, ["A. KHỐI ĐẢNG"], ONE, ["B. KHỐI ĐOÀN THỂ"], TWO, ["C. KHỐI KHÁC"], THREE],
        [(3, said(ONE)), (5, said(TWO)), (7, said(THREE))],
        bands={3: ("A. KHỐI ĐẢNG",), 5: ("B. KHỐI ĐOÀN THỂ",), 7: ("C. KHỐI KHÁC",)},
    ),
    Quirk(
        "a band bears the sums of its rows",
        [
            ["STT", "Họ và tên", "Ấp", "Số tổ", "Số hộ"],
            ["1. Xã Cẩm Sơn cũ", None, None, 130, "3.552"],
            [1, AN, "Ấp Mẫu 1", 13, 364],
        ],
        [(3, {"name": AN, "hamlet": "Ấp Mẫu 1"})],
        bands={3: ("1. Xã Cẩm Sơn cũ",)},
        skipped={"band": [2]},
    ),
    Quirk(
        "a band has its number in a cell of its own",
        [HEAD, ["I", "HUYỆN CHÂU THÀNH", None, None], ONE, ["II", "Huyện Chợ Lách", None, 11], TWO],
        [(3, said(ONE)), (5, said(TWO))],
        bands={3: ("HUYỆN CHÂU THÀNH",), 5: ("Huyện Chợ Lách",)},
    ),
    Quirk(
        "all rows are numbered in Roman",
        [HEAD, ["I", AN, "Bí thư", None], ["II", BINH, None, None], ["III", CHI, None, None]],
        [(2, {"name": AN, "post": "Bí thư"}), (3, {"name": BINH}), (4, {"name": CHI})],
        skipped={},
    ),
    Quirk(
        "a band is merged over a list whose first column is asked for",
        [["Họ và tên", "Chức vụ", "Ấp"], ["KHỐI CƠ QUAN"], ONE[1:], ["TỔ 2"], TWO[1:]],
        [(3, said(ONE)), (5, said(TWO))],
        merged=["A2:C2", "A4:C4"],
        bands={3: ("KHỐI CƠ QUAN",), 5: ("KHỐI CƠ QUAN", "TỔ 2")},
    ),
    Quirk(
        "a name alone in its row is a person",
        [["Họ và tên", "Chức vụ", "Ấp"], [AN], [BINH, "Chủ tịch", "Ấp Mẫu 2"]],
        [(2, {"name": AN}), (3, said(TWO))],
        skipped={},
    ),
    Quirk(
        "a hamlet alone in its row is a hamlet",
        [["Ấp", "Xã", "Họ và tên"], ["Ấp Mẫu 1"], ["Ấp Mẫu 2", "Xã Mẫu", AN]],
        [(2, {"hamlet": "Ấp Mẫu 1"}), (3, {"hamlet": "Ấp Mẫu 2", "commune": "Xã Mẫu", "name": AN})],
        skipped={},
    ),
]

QUIRKS = HEADINGS + SKIPS + BANDS
