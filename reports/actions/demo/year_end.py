"""This year's round of Hương Mỹ, its invented cells at different steps; nothing is said of any real committee."""

from decimal import Decimal

from portal.models import PartyOrg, User
from reports.actions.demo.scene import Scene
from reports.actions.demo.sign_ins import cell_of_bithu
from reports.actions.grading import Decided
from reports.actions.review_rounds import decide_reviews, open_review_round
from reports.actions.reviews import Scored, add_opinion, appraise, hand_in, return_review, suggest, write_part
from reports.graded_periods import GradedPeriod
from reports.grades import Grade, Method
from reports.models import Review
from reports.review_steps import usual_dues
from reports.reviews import reviews_of

TEXTS = {
    "strengths": "Sinh hoạt đều hằng tháng, chuẩn bị nội dung trước; hoàn thành các chỉ tiêu được giao (mẫu).",
    "defects": "Có tháng ghi biên bản còn sơ sài; nguyên nhân là chưa phân công người ghi cố định (mẫu).",
    "remedies": "Đã phân công người ghi biên bản từ quý II (mẫu).",
    "responsibilities": "Thuộc trách nhiệm tập thể chi ủy, bí thư chi bộ nhận trách nhiệm người đứng đầu (mẫu).",
    "directions": "Giữ nền nếp sinh hoạt, mỗi quý có một buổi sinh hoạt chuyên đề (mẫu).",
}
POINT = "Chi bộ kiểm điểm việc phân công đảng viên phụ trách hộ trong quý III (mẫu)."
# Where each cell has come, by turns.
TURNS = ["appraised", "waiting", "assessed", "decided", "appraised", "returned"]


def take_steps(scene: Scene) -> None:
    organiser = scene.accounts["xaydungdang"]
    year = scene.today.year
    round = open_review_round(
        year=year, place=scene.home.place, dues=usual_dues(GradedPeriod(year)), by=organiser
    )
    cells = [*(hamlet.cell for hamlet in scene.home.hamlets if hamlet.cell), *scene.home.sectors]
    reviews = {one.org_id: one for one in reviews_of(round).select_related("round__scheme", "criteria_set")}
    graded = [(cell, reviews[cell.pk]) for cell in cells if cell.pk in reviews]
    mine = cell_of_bithu(scene)
    own = next((pair for pair in graded if pair[0] == mine), graded[0])
    others = [pair for pair in graded if pair != own]
    suggest(review=own[1], text=POINT, by=organiser)
    write_part(review=own[1], fields={"strengths": TEXTS["strengths"]}, by=scene.accounts["bithu"])
    decided: list[PartyOrg] = []
    for number, (cell, review) in enumerate(others):
        turn = TURNS[number % len(TURNS)]
        _come_to(turn, review, Grade.EXCELLENT if number % 12 == 4 else Grade.GOOD, scene.by, organiser)
        if turn == "decided":
            decided.append(cell)
    decree = scene.decree(f"46-QĐ/ĐU năm {year}", "Ban Thường vụ Đảng ủy xã Hương Mỹ (mẫu)", scene.today)
    decide_reviews(
        round=round, rows=[Decided(cell, Grade.GOOD, decree=decree) for cell in decided], by=organiser
    )


def _come_to(turn: str, review: Review, grade: Grade, by: User, organiser: User) -> None:
    if turn == "waiting":
        return
    # Each its own figures: what is alike everywhere would be asked about.
    figures = {
        "self_grade": grade,
        "tasks_done": 100,
        "tasks_on_time": 100,
        "tasks_above": (30 if grade == Grade.EXCELLENT else 22) + review.pk % 12,
    }
    write_part(review=review, fields={**TEXTS, **figures}, scores=_scored(review, 90 + review.pk % 6), by=by)
    hand_in(review=review, by=by)
    if turn == "returned":
        return_review(review=review, reason="Bổ sung số liệu đảng viên được xếp loại (mẫu).", by=organiser)
    if turn in {"appraised", "decided"}:
        add_opinion(review=review, body="Ủy ban MTTQ Việt Nam xã (mẫu)", text="Nhất trí (mẫu).", by=organiser)
        appraise(review=review, grade=grade, scores=_scored(review, 94), by=organiser)


def _scored(review: Review, percent: int) -> list[Scored]:
    if review.criteria_set is None:
        return []
    by_points = review.round.scheme.method == Method.POINTS
    return [
        Scored(one, (one.max_points * percent / 100).quantize(Decimal("0.5")) if by_points else Decimal(3))
        for one in review.criteria_set.criteria.all()
    ]
