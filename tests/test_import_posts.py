"""Post and workplace in one cell: each row is how an office writes it, and what is kept of it."""

import pytest

from assignments.imports.posts import split_post


@pytest.mark.parametrize(
    ("typed", "post", "workplace"),
    [
        ("Phó Trưởng ban Tổ chức Tỉnh ủy", "Phó Trưởng ban", "Ban Tổ chức Tỉnh ủy"),
        ("Trưởng phòng Nội vụ huyện", "Trưởng phòng", "Phòng Nội vụ huyện"),
        ("Phó ban Dân vận Huyện ủy", "Phó ban", "Ban Dân vận Huyện ủy"),
        ("Trưởng trạm Y tế xã", "Trưởng trạm", "Trạm Y tế xã"),
        ("Phó Trưởng phòng Phòng Nội vụ", "Phó Trưởng phòng", "Phòng Nội vụ"),
        ("Phó Giám đốc Sở Tài chính", "Phó Giám đốc", "Sở Tài chính"),
        ("Chuyên viên Văn phòng Huyện ủy", "Chuyên viên", "Văn phòng Huyện ủy"),
    ],
)
def test_a_body_named_once_is_the_workplace_of_its_head(typed, post, workplace):
    assert split_post(typed) == (post, workplace)


def test_a_known_agency_parts_the_cell_in_the_same_way():
    assert split_post("Phó Trưởng ban Tổ chức Tỉnh ủy", {"ban to chuc tinh uy"}) == (
        "Phó Trưởng ban",
        "Ban Tổ chức Tỉnh ủy",
    )


@pytest.mark.parametrize("post", ["Trưởng ban", "Phó Trưởng phòng", "Phó ban", "Trưởng trạm"])
def test_the_word_of_a_body_alone_is_no_workplace(post):
    assert split_post(post) == (post, "")
