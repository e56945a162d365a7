"""This year's round of the cadres of Hương Mỹ, at different steps; invented people, and nobody's grade is bad."""

from reports.actions.cadre_rounds import Decision, commend, decide_cadres, open_cadre_round
from reports.actions.cadre_steps import hand_in_own_report, say_of_place, say_of_workplace, write_own_report
from reports.actions.demo.scene import Scene
from reports.cadre_standing import usual_dues
from reports.grades import Grade
from reports.models import CadreReview

TEXTS = {
    "results": "Dự sinh hoạt chi bộ đều; chuyển kiến nghị của người dân đến nơi giải quyết (mẫu).",
    "shortcomings": "Có tháng ghi lượt đi cơ sở còn chậm; nguyên nhân là dồn việc cuối tháng (mẫu).",
    "directions": "Ghi ngay sau mỗi lượt đi cơ sở; mỗi quý báo lại với ấp các việc đã hứa (mẫu).",
}
# How far each of the first cadres has come, by turns; all others have not begun.
TURNS = ["decided", "heard", "place", "handed_in", "writing"]
NUMBER = 10


def tell_cadre_year(scene: Scene) -> None:
    """The cadre who signs in as `canbo` has a report to write; those told of have no account."""
    organiser, year = scene.accounts["xaydungdang"], scene.today.year
    round = open_cadre_round(year=year, place=scene.home.place, dues=usual_dues(year), by=organiser)
    rows = round.reviews.filter(cadre__user=None).select_related("cadre", "round").order_by("cadre")
    reviews = list(rows[:NUMBER])
    for number, review in enumerate(reviews):
        _come_to(TURNS[number % len(TURNS)], review, scene)
    decided = [one for number, one in enumerate(reviews) if TURNS[number % len(TURNS)] == "decided"]
    if not decided:
        return
    decree = scene.decree(f"52-QĐ/ĐU năm {year}", "Ban Thường vụ Đảng ủy xã Hương Mỹ (mẫu)", scene.today)
    grades = [Grade.EXCELLENT, *[Grade.GOOD] * len(decided)]
    decisions = [Decision(one, grade) for one, grade in zip(decided, grades, strict=False)]
    decide_cadres(round=round, rows=decisions, decree=decree, by=organiser)
    commend(round=round, reviews=[decided[0].pk], cells=[], by=organiser)


def _come_to(turn: str, review: CadreReview, scene: Scene) -> None:
    organiser = scene.accounts["xaydungdang"]
    write_own_report(review=review, fields={**TEXTS, "self_grade": Grade.GOOD}, by=organiser)
    if turn == "writing":
        return
    hand_in_own_report(review=review, by=organiser)
    if turn == "handed_in":
        return
    place = review.places.select_related("place").order_by("pk")[0].place
    say_of_place(
        review=review, place=place, text="Sâu sát, nói và làm đúng hẹn (mẫu).", by=scene.accounts["xa"]
    )
    if turn == "place":
        return
    decree = scene.decree(f"18-CV năm {scene.today.year}", "Nơi công tác (mẫu)", scene.today)
    say_of_workplace(
        review=review, text="Hoàn thành việc được giao (mẫu).", grade=Grade.GOOD, decree=decree, by=organiser
    )
