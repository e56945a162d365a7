"""Vietnamese words: folded, sorted, cleaned, and kept out when they are numbers of persons."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.vietnamese import (
    clean,
    clean_paragraphs,
    fold,
    fold_words,
    looks_like_identity_number,
    looks_like_legacy_font,
    person_key,
    proper_name,
    sort_key,
    split_remark,
)

LETTERS = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
words = st.text(alphabet=LETTERS + LETTERS.upper(), min_size=1, max_size=6)
names = st.lists(words, min_size=1, max_size=4).map(" ".join)
digits = st.text(alphabet="0123456789", min_size=12, max_size=12)


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


@given(names)
def test_folding_does_not_depend_on_case_or_composition(name):
    assert fold(name) == fold(nfd(name)) == fold(name.upper()) == fold(fold(name))
    assert fold(name).isascii()


@given(st.text())
def test_folding_and_cleaning_twice_change_nothing_more(text):
    assert fold_words(fold_words(text)) == fold_words(text)
    assert clean(clean(text)) == clean(text)


@given(names)
def test_sorting_does_not_depend_on_case_or_composition(name):
    assert sort_key(name) == sort_key(nfd(name)) == sort_key(name.upper())


@given(words, words)
def test_letters_decide_before_tones(first, second):
    def toneless(word):
        marks = "\u0300\u0301\u0303\u0309\u0323"
        return unicodedata.normalize("NFC", "".join(c for c in nfd(word.lower()) if c not in marks))

    if toneless(first) != toneless(second):
        expected = sort_key(toneless(first)) < sort_key(toneless(second))
        assert (sort_key(first) < sort_key(second)) == expected


@given(st.integers(0, 999_999), st.integers(0, 999_999))
def test_numbers_sort_in_their_order(first, second):
    assert (sort_key(f"Ấp {first}") < sort_key(f"Ấp {second}")) == (first < second)


@given(st.text(), st.text())
def test_any_text_has_a_key(first, second):
    assert isinstance(sort_key(first), bytes) and isinstance(person_key(second), bytes)


@pytest.mark.parametrize(
    "ordered",
    [
        ["An", "Án", "Ăn", "Ân", "Dân", "Đào", "Em", "Ê", "Ôn", "Ơn", "Ưng", "Y"],
        ["Ấp 1", "Ấp 2", "Ấp 10", "Ấp A", "Ấp B", "Ấp L", "Ấp Mẫu 1"],
        ["la", "là", "lả", "lã", "lá", "lạ"],
        ["Cẩm", "Cẩm Sơn", "Cần"],
    ],
)
def test_the_order_of_the_alphabet(ordered):
    backwards = list(reversed(ordered))
    assert sorted(backwards, key=sort_key) == ordered


def test_digits_stand_before_letters():
    assert sorted(["Khóm L", "Khóm 0", "Khóm A", "Khóm 9"], key=sort_key) == [
        "Khóm 0",
        "Khóm 9",
        "Khóm A",
        "Khóm L",
    ]


def test_people_sort_by_given_name_then_family_then_middle():
    people = ["Trần Mẫu An", "Nguyễn Thị An", "Nguyễn Mẫu An", "Đỗ Mẫu Ánh", "Bùi Mẫu Bình", "An"]
    assert sorted(people, key=person_key) == [
        "An",
        "Nguyễn Mẫu An",
        "Nguyễn Thị An",
        "Trần Mẫu An",
        "Đỗ Mẫu Ánh",
        "Bùi Mẫu Bình",
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [("hòa", "hoà"), ("ủy", "uỷ"), ("Ðặng", "đặng"), ("Cẩm Sơn", nfd("cẩm sơn")), ("Khoẻ", "khỏe")],
)
def test_spellings_that_fold_alike(one, other):
    assert fold(one) == fold(other)


def test_folded_words_forget_punctuation():
    assert fold_words("  Họ và tên (chủ hộ):\n") == "ho va ten chu ho"
    assert fold_words("Đ/c") == "d c"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Cẩm\u00a0 Sơn \n", "Cẩm Sơn"),
        (nfd("Cẩm Sơn"), "Cẩm Sơn"),
        ("Ðặng ÐỨC", "Đặng ĐỨC"),
        ("Ấp\u200b 1\ufeff", "Ấp 1"),
        ("\u202aẤp 1\u202c", "Ấp 1"),
        ("Ð", "Ð"),
        ("", ""),
    ],
)
def test_cleaning(typed, kept):
    assert clean(typed) == kept


def test_paragraphs_keep_their_lines():
    assert clean_paragraphs(" Đường  hỏng.\r\n\n\n\nCầu\u00a0yếu. \n") == "Đường hỏng.\n\nCầu yếu."


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("NGUYỄN MẪU AN", "Nguyễn Mẫu An"),
        ("nguyễn mẫu an", "Nguyễn Mẫu An"),
        (nfd("Đ/C LÊ MẪU Ý"), "Lê Mẫu Ý"),
        ("Bà LÊ MẪU HẠNH", "Lê Mẫu Hạnh"),
        ("đồng chí Võ Mẫu Đạt", "Võ Mẫu Đạt"),
        ("Ông: Hồ Mẫu Yến", "Hồ Mẫu Yến"),
        ("Đ/c Bà LÊ MẪU HẠNH", "Lê Mẫu Hạnh"),
        ("Đ/c: Hồ Mẫu Ý", "Hồ Mẫu Ý"),
        ("Chị Lê Mẫu Hạnh", "Lê Mẫu Hạnh"),
        ("anh LÊ MẪU AN", "Lê Mẫu An"),
        ("Cô Võ Mẫu Chi", "Võ Mẫu Chi"),
        ("Chú Hồ Mẫu Dũng", "Hồ Mẫu Dũng"),
        ("Ô. Lê Mẫu An", "Lê Mẫu An"),
        ("Bà An", "Bà An"),
        ("Anh Thư", "Anh Thư"),
        ("Lê Anh Mẫu", "Lê Anh Mẫu"),
        ("Tổng Mẫu An", "Tổng Mẫu An"),
        ("Bàng Mẫu Ý", "Bàng Mẫu Ý"),
        ("H'HEN NIÊ", "H'Hen Niê"),
        ("Y Mẫu", "Y Mẫu"),
        ("", ""),
    ],
)
def test_names_in_proper_case_without_honorifics(typed, name):
    assert proper_name(typed) == name


@given(names)
def test_a_proper_name_folds_like_what_was_typed(name):
    assert fold(proper_name(name.upper())) in fold(name)


def test_a_remark_in_brackets_is_split_off():
    assert split_remark("Lê Mẫu Hạnh (chủ hộ cũ đã chuyển)") == ("Lê Mẫu Hạnh", "chủ hộ cũ đã chuyển")
    assert split_remark("Lê Mẫu Hạnh") == ("Lê Mẫu Hạnh", "")
    assert split_remark("(trống)") == ("(trống)", "")


@given(digits)
def test_twelve_digits_are_an_identity_number_however_grouped(number):
    assert looks_like_identity_number(f"Ông A, số {number}.")
    grouped = " ".join(number[place : place + 3] for place in range(0, 12, 3))
    assert looks_like_identity_number(grouped)
    assert looks_like_identity_number(".".join(["000", "000", number[:3], number[3:6]]))


@pytest.mark.parametrize(
    "text",
    [
        "CMND 320123456",
        "stk 19034567890123",
        "0 0 0 0 0 0 1 2 3 4 5 6",
        "000.000.123.456",
        "0000 0012 3456",
        "000000-123456",
        "Tổ 3, số 5 000 000 123 456",
        "ngày 05/01/2022 0000.0012.3456",
        "2022 000-000-123-456",
    ],
)
def test_numbers_of_persons_and_accounts_are_seen(text):
    assert looks_like_identity_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "Gọi 0100000017 hoặc 0100.000.018",
        "0100 000 017 0100 000 018",
        "+84 100000017, máy bàn 02750000017",
        "Kinh phí 1.250.000.000 đồng",
        "vận động 1250000000 đồng",
        "Nghị quyết 1687/NQ-UBTVQH15 ngày 16/6/2025",
        "từ ngày 05.01.2022 có 100 hộ",
        "các năm 2019 2020 2021",
        "có 3.552 hộ, 130 tổ, 10 ấp",
        "",
    ],
)
def test_other_numbers_are_let_through(text):
    assert not looks_like_identity_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "DANH S¸CH C¸N Bé",
        "Céng hoµ x· héi",
        "x· CÈm S¬n",
        "§¶ng bé",
        "Ban Tæ chøc TØnh uû ®Õn",
        "Coäng hoøa",
        "xaõ Caåm Sôn",
    ],
)
def test_old_fonts_are_recognised(text):
    assert looks_like_legacy_font(text)


@pytest.mark.parametrize(
    "text",
    [
        "Danh sách cán bộ",
        "hoà",
        "Quý III",
        "quá",
        "xã Cẩm Sơn · ấp 1",
        "100 m²",
        "Microsoft® Excel",
        "Nguyen Van A",
        "oà",
        "Khoa",
        "chú ý",
        "quý khách",
        "toán, hoà, khoé, thuê, tuân, uý",
        "CCCD",
        "",
    ],
)
def test_unicode_is_not_taken_for_an_old_font(text):
    assert not looks_like_legacy_font(text)
