"""Drafted sentences hold the figures and nothing else: no number that is not one, no line where there is none."""

import re
from dataclasses import fields, replace
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from portal.templatetags import plain
from reports.cadre_draft_texts import drafted_report
from reports.draft_texts import MARK, PeriodFacts, drafted, finished, is_draft, names_defects
from reports.graded_periods import GradedPeriod

NUMBER = re.compile(r"\d[\d.,]*\d|\d")
COUNTS = st.integers(0, 99_999)
SHARES = st.decimals(0, 100, places=2)


@st.composite
def facts(draw):
    numbers = {
        one.name: draw(COUNTS)
        for one in fields(PeriodFacts)
        if one.type is int and one.name != "members_year"
    }
    return PeriodFacts(
        **{**numbers, "work": numbers["work"] + numbers["work_done"]},
        period=GradedPeriod(draw(st.integers(2016, 2060)), draw(st.integers(0, 4))),
        members_year=draw(st.integers(2016, 2060)),
        members=draw(st.none() | COUNTS),
        remedied=draw(st.none() | st.integers(0, 100)),
        attendance=draw(st.none() | SHARES),
        mean=draw(st.none() | SHARES),
        points=tuple(draw(st.lists(st.tuples(st.integers(1, 12), SHARES), max_size=12))),
        without=tuple(draw(st.lists(st.integers(1, 12), max_size=12))),
        counted=tuple(draw(st.lists(st.tuples(st.just("Kết nạp trong năm"), COUNTS), max_size=3))),
        last_grade=draw(st.sampled_from(["", "Hoàn thành tốt nhiệm vụ"])),
        had_defects=draw(st.booleans()),
    )


def known(told: PeriodFacts) -> set[str]:
    with override("vi"):
        whole = [getattr(told, one.name) for one in fields(PeriodFacts)] + [told.work_left, told.tasks_left]
        found = {plain.number(one) for one in whole if type(one) is int}
        found |= {number_format(told.attendance, 1)} if told.attendance is not None else set()
        found |= {plain.points(told.mean), *(plain.points(points) for _month, points in told.points)}
        found |= {plain.number(number) for _label, number in told.counted}
    found |= {str(month) for month, _points in told.points} | {str(month) for month in told.without}
    return found | {str(len(told.without)), str(told.period.before.year), str(told.members_year)}


@given(facts())
def test_every_number_of_a_draft_is_one_of_the_facts(told):
    for text in drafted(told).values():
        body = text.removeprefix(MARK)
        assert set(NUMBER.findall(body)) <= known(told), body


@given(facts())
def test_every_draft_begins_with_the_mark_and_says_something(told):
    for text in drafted(told).values():
        first, *sentences = text.split("\n")
        assert first == MARK and sentences and is_draft(text) and finished(text) == ""
        assert all(sentence.strip().endswith(".") for sentence in sentences)


def test_where_nothing_was_counted_nothing_is_written():
    assert drafted(PeriodFacts(GradedPeriod(2026))) == {}


def test_a_quarter_is_compared_with_the_quarter_before():
    told = PeriodFacts(GradedPeriod(2026, 3), last_grade="Hoàn thành tốt nhiệm vụ", had_defects=True)
    assert drafted(told)["remedies"].split("\n")[1:] == [
        "Xếp loại quý II/2026: Hoàn thành tốt nhiệm vụ.",
        "Báo cáo kiểm điểm quý II/2026 có nêu hạn chế, khuyết điểm.",
    ]


def test_what_was_counted_is_said_in_plain_official_vietnamese():
    told = PeriodFacts(
        GradedPeriod(2026), due=11, held=10, meetings=12, thematic=3, without=(7,), attendance=Decimal("66.5"),
        mean=Decimal("90.25"), points=((1, Decimal("92.5")), (2, Decimal(88))), tasks=40, tasks_done=36,
        tasks_not_done=3, tasks_doing=1, work=12, work_done=8, work_above=2, work_on_time=1, work_late=2,
        work_silent=1, raised=9, answered=6, solved=4, members=3552, members_year=2026,
        counted=(("Kết nạp trong năm", 6),), last_grade="Hoàn thành tốt nhiệm vụ", had_defects=True, remedied=80,
        suggested=2, unanswered=1,
    )  # fmt: skip
    found = drafted(told)
    assert found["strengths"].split("\n")[1:] == [
        "Sinh hoạt chi bộ: có sinh hoạt 10 trên 11 tháng phải sinh hoạt, tổng số 12 cuộc.",
        "Sinh hoạt chuyên đề: 3 cuộc.",
        "Tỷ lệ đảng viên dự sinh hoạt: 66,5%.",
        "Chất lượng sinh hoạt chi bộ: bình quân 90,25 điểm; theo tháng: tháng 1: 92,5; tháng 2: 88.",
        "Nhiệm vụ hằng tháng: hoàn thành 36 trên 40.",
        "Đầu việc: hoàn thành 8 trên 12.",
        "Đầu việc vượt mức yêu cầu: 2.",
        "Đầu việc đang thực hiện đúng tiến độ: 1.",
        "Kiến nghị trên địa bàn: đã trả lời 6 trên 9.",
        "Kiến nghị đã giải quyết: 4.",
        "Số đảng viên: 3.552 (số liệu năm 2026).",
        "Kết nạp trong năm: 6.",
    ]
    assert found["defects"].split("\n")[1:] == [
        "Số tháng chưa ghi nhận sinh hoạt chi bộ: 1 (tháng 7).",
        "Nhiệm vụ hằng tháng: chưa hoàn thành 3 trên 40.",
        "Đầu việc: chưa hoàn thành 4 trên 12.",
        "Đầu việc chậm tiến độ: 2.",
        "Đầu việc chưa báo cáo tiến độ: 1.",
    ]
    assert found["remedies"].split("\n")[1:] == [
        "Xếp loại năm 2025: Hoàn thành tốt nhiệm vụ.",
        "Báo cáo kiểm điểm năm 2025 có nêu hạn chế, khuyết điểm.",
        "Tỷ lệ hạn chế, khuyết điểm đã khắc phục: 80%.",
    ]
    assert found["responsibilities"].endswith("Nội dung cấp trên gợi ý kiểm điểm: 2, chưa giải trình: 1.")
    assert found["directions"].split("\n")[1:] == [
        "Đầu việc chưa hoàn thành: 4.",
        "Nhiệm vụ hằng tháng chưa hoàn thành: 4.",
    ]


def test_zero_is_no_strength_and_what_is_not_done_stands_among_the_shortcomings():
    told = PeriodFacts(
        GradedPeriod(2026), tasks=3, tasks_doing=2, tasks_not_done=1, work=3, raised=5, members=0,
        counted=(("Kết nạp trong năm", 0),),
    )  # fmt: skip
    found = drafted(told)
    assert "strengths" not in found
    assert found["defects"].split("\n")[1:3] == [
        "Nhiệm vụ hằng tháng: chưa hoàn thành 1 trên 3.",
        "Đầu việc: chưa hoàn thành 3 trên 3.",
    ]
    # What was still under way counts once the period is over.
    over = drafted(replace(told, is_over=True))
    assert "Nhiệm vụ hằng tháng: chưa hoàn thành 3 trên 3." in over["defects"]


def test_shortcomings_named_in_a_quarter_are_to_be_remedied_in_the_year():
    told = PeriodFacts(GradedPeriod(2026), quarters_with_defects=("quý II/2026",))
    assert drafted(told)["remedies"].endswith("Báo cáo kiểm điểm quý II/2026 có nêu hạn chế, khuyết điểm.")


def test_a_draft_is_known_by_its_mark_however_the_rest_was_typed_over():
    for text in (MARK, f"Đã sửa\n{MARK.upper()}", "[Bản nháp từ số liệu] đã đọc", f"- {MARK} Xong."):
        assert is_draft(text) and finished(text) == ""
    for text in ("", "Bản nháp gửi cấp trên ngày 5 (mẫu)", "Số liệu đã đọc lại (mẫu)"):
        assert not is_draft(text) and finished(text) == text


def test_no_shortcomings_and_a_draft_of_them_are_not_shortcomings_named():
    assert names_defects("Còn chậm (mẫu)")
    assert not any(
        names_defects(text) for text in ("", "Không có", "không.", " Không có. ", f"{MARK}\nMẫu: 1.")
    )


def _record(**changed):
    meetings = {"owed": 12, "attended": 9, "excused": 1, "absent": 2, "silent": 0}
    return {
        "meetings": meetings, "visits": {"cell_meeting": 9}, "points": 1500, "promises": {"made": 5, "kept": 3},
        "raised": [["answered", "solved", 2], ["submitted", "", 1]], **changed,
    }  # fmt: skip


def test_a_cadres_year_is_said_by_its_counts():
    found = drafted_report(_record())
    assert found["results"].split("\n")[0] == MARK
    assert "Họp, sinh hoạt phải dự: đã dự 9 trên 12 buổi, vắng có lý do 1 buổi." in found["results"]
    assert "Kiến nghị đã nêu: 3, đã giải quyết: 2." in found["results"]
    assert "Nội dung đã truyền đạt: 1.500." in found["results"]
    assert found["shortcomings"].split("\n")[1:] == [
        "Số buổi vắng không lý do: 2.",
        "Việc đã hứa, chưa làm: 2.",
    ]
    assert found["directions"].split("\n")[1:] == ["Việc đã hứa, chưa làm: 2."]
    nothing = dict.fromkeys(_record()["meetings"], 0)
    promised = {"made": 0, "kept": 0}
    assert drafted_report(_record(meetings=nothing, visits={}, points=0, promises=promised, raised=[])) == {}
