"""What the tests of reviews share: a regulation of a hundred points with two criteria, and a whole self-assessment."""

from decimal import Decimal

from portal.roles import Role
from reports.actions import review_rounds, reviews
from reports.actions.reviews import Scored
from reports.models import CriteriaSet, Criterion, GradingScheme, Review
from tests import make

TEXTS = {
    "strengths": "Sinh hoạt đều (mẫu)",
    "defects": "Còn chậm (mẫu)",
    "remedies": "Không có",
    "responsibilities": "Tập thể chi ủy (mẫu)",
    "directions": "Làm đúng hạn (mẫu)",
    "self_grade": "good",
}


@make.made
def scheme(method: str = "points") -> GradingScheme:
    return GradingScheme.objects.create(code="MAU-DIEM", name="Quy định mẫu", first_year=2018, method=method)


@make.made
def criteria(of: GradingScheme) -> CriteriaSet:
    for family in ("grassroots", "committees", "cells"):
        found = CriteriaSet.objects.create(scheme=of, family=family, title="Bộ mẫu", first_year=2018)
        for order, text in enumerate(["Xây dựng Đảng (mẫu)", "Nhiệm vụ (mẫu)"], 1):
            Criterion.objects.create(criteria_set=found, order=order, text=text, max_points=10)
    return found


def scored(of: CriteriaSet | None, points: float | int) -> list[Scored]:
    return [Scored(one, Decimal(str(points))) for one in of.criteria.all()] if of else []


class Round:
    """A commune with a cell whose secretary has an account, its organiser, and the round of this year."""

    def __init__(self, **opened) -> None:
        self.land = make.land()
        self.set = criteria(scheme())
        self.year = make.today().year
        self.organiser = make.person(Role.ORGANISER, self.land.commune, "to-chuc-xa")
        self.secretary = make.person(Role.CELL_SECRETARY, self.land.cell, "bi-thu")
        self.round = review_rounds.open_review_round(
            year=self.year, place=self.land.commune, by=self.organiser, **opened
        )

    @property
    def review(self) -> Review:
        return Review.objects.get(org=self.land.cell)

    def written(self) -> Review:
        return reviews.write_part(
            review=self.review, fields=TEXTS, scores=scored(self.set, 8), by=self.secretary
        )

    def handed_in(self) -> Review:
        return reviews.hand_in(review=self.written(), by=self.secretary)

    def appraised(self, grade: str = "good") -> Review:
        return reviews.appraise(
            review=self.handed_in(), grade=grade, scores=scored(self.set, 7), by=self.organiser
        )
