"""What people asked for on a visit from paper: the words, their topic, and the day named to them. Never who asked."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from assignments import rules
from assignments.actions.visit_rows import Requested
from assignments.topics import Topic
from portal.imports.lines import Line
from portal.sheets import cells
from portal.sheets.headings import Column
from portal.sheets.workbook import Cell
from portal.vietnamese import clean_paragraphs

TOPICS = {
    "Đường, cầu": Topic.ROADS,
    "Điện": Topic.POWER,
    "Nước": Topic.WATER,
    "Nhà ở": Topic.HOUSING,
    "Việc làm, vốn": Topic.WORK,
    "Học tập": Topic.SCHOOL,
    "Y tế, bảo hiểm y tế": Topic.HEALTH,
    "Chính sách, trợ cấp": Topic.POLICY,
    "Thủ tục hành chính": Topic.PAPERS,
    "Môi trường": Topic.ENVIRONMENT,
    "Đất đai": Topic.LAND,
    "An toàn": Topic.SAFETY,
    "Khác": Topic.OTHER,
}
TOPICS_TOO = {
    "Cầu, đường": Topic.ROADS,
    "Cầu đường": Topic.ROADS,
    "Giao thông": Topic.ROADS,
    "Nước sạch": Topic.WATER,
    "Y tế": Topic.HEALTH,
    "Giáo dục": Topic.SCHOOL,
    "Chính sách": Topic.POLICY,
    "An ninh": Topic.SAFETY,
    "An ninh, trật tự": Topic.SAFETY,
    "Việc làm": Topic.WORK,
    "Vay vốn": Topic.WORK,
}
REQUEST, TOPIC, EXPECTED = "Nội dung dân kiến nghị", "Lĩnh vực kiến nghị", "Hẹn trả lời người dân đến ngày"

COLUMNS = (
    Column("request", REQUEST, ("Kiến nghị", "Dân kiến nghị", "Nội dung kiến nghị", "Nội dung cần giải quyết"),
           width=40, hint=gettext_lazy("What has to be solved. Never who asked, and no complaint or denunciation.")),
    Column("topic", TOPIC, ("Lĩnh vực",), choices=tuple(TOPICS), width=24,
           hint=gettext_lazy("Needed where something was asked for.")),
    Column("expected", EXPECTED, ("Hẹn trả lời", "Hẹn trả lời dân", "Hẹn trả lời đến ngày", "Ngày hẹn trả lời"),
           width=16,
           hint=pgettext_lazy("rec", "Only if a day was named to them. The body’s own deadline stays as it is.")),
)  # fmt: skip


# Stands for words that may be a complaint, which are not even staged; it is refused like they are.
NOT_KEPT = "(khiếu nại, tố cáo)"


def kept_request(cell: Cell) -> Cell:
    return NOT_KEPT if rules.reads_like_a_complaint(cells.shown(cell)) else cell


def request_of(line: Line, day: date | None) -> Requested | None:
    text = clean_paragraphs(line.text("request", longest=rules.LONGEST_PETITION))
    topic = line.choice("topic", TOPICS, TOPICS_TOO)
    expected = line.read("expected", cells.day)
    if not text:
        for field in ("topic", "expected"):
            if line.filled(field) and not line.filled("request"):
                line.refuse(field, _("Write what people asked for in this row, or leave this empty."))
        return None
    if rules.reads_like_a_complaint(text):
        line.refuse(
            "request",
            _(
                "Some words read like a complaint or a denunciation, which are not entered here. If it is none, write "
                "only what has to be solved, or enter this visit on its own page."
            ),
        )
    if topic is None and not line.filled("topic"):
        line.refuse("topic", pgettext("rec", "Choose the topic of what people asked for."))
    if day is not None:
        for problem in rules.petition_problems(text=text, day=day, today=date.max):
            line.refuse("request", str(problem))
        for problem in rules.expected_problems(expected, day=day):
            line.refuse("expected", str(problem))
    return Requested(topic or "", text, expected=expected)


def topic_label(topic: str) -> str:
    return next((label for label, known in TOPICS.items() if known == topic), "")
