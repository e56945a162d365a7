"""Last year's round and those of two of its quarters, in a commune with a ceiling, each with other grades."""

from decimal import Decimal

from portal.roles import Role
from reports.actions import cadre_rounds, review_rounds
from reports.actions.grading import Decided, decide_grades
from reports.graded_periods import GradedPeriod
from reports.models import Evaluation, ExcellenceCap, GradingScheme, Review, Round
from tests import make
from tests.review_scene import criteria, scheme


@make.made
def turned_on(found: GradingScheme) -> GradingScheme:
    found.has_quarters = True
    found.save()
    ExcellenceCap.objects.create(
        scheme=found, percent=Decimal(20), base="good_or_better", grouping="superior", rounding="half_up"
    )
    return found


class Quarters:
    """A cell and its committee are graded; nothing is decided yet. The year is over, and so are its quarters."""

    def __init__(self) -> None:
        self.land = make.land()
        self.scheme = turned_on(scheme())
        self.set = criteria(self.scheme)
        self.year = make.today().year - 1
        self.organiser = make.person(Role.ORGANISER, self.land.commune, "to-chuc-xa")
        self.secretary = make.person(Role.CELL_SECRETARY, self.land.cell, "bi-thu")
        self.neighbour = make.person(Role.ORGANISER, self.land.sibling, "to-chuc-ben")
        self.round = self.opened(0)
        self.third = self.opened(3)
        self.cadres = cadre_rounds.open_cadre_round(
            year=self.year, place=self.land.commune, by=self.organiser
        )

    def opened(self, quarter: int, year: int = 0, **more) -> Round:
        return review_rounds.open_review_round(
            year=year or self.year, quarter=quarter, place=self.land.commune, by=self.organiser, **more
        )

    def period(self, quarter: int = 0) -> GradedPeriod:
        return GradedPeriod(self.year, quarter)

    def grade(self, grade: str, quarter: int, org=None, year: int = 0, **more) -> Evaluation:
        """By the very action that imports and rounds without steps use."""
        period = GradedPeriod(year or self.year, quarter)
        org = org or self.land.cell
        decree = make.decree(f"{period.code}-QĐ/ĐU (mẫu {org.pk} {grade})")
        decide_grades(period=period, rows=[Decided(org, grade, decree=decree)], by=make.clerk(), **more)
        return Evaluation.objects.of(period).get(org=org)

    def announce(self, round: Round) -> None:
        review_rounds.announce_round(round=round, on=make.today(), by=self.organiser)

    def review(self, round: Round, org=None) -> Review:
        return Review.objects.get(round=round, org=org or self.land.cell)
