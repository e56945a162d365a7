"""A yearly round of cadres with two of them, the staff of a place, whoever decides, and strangers."""

from portal.roles import Role
from reports.actions import cadre_rounds, cadre_steps
from reports.models import CadreReview
from tests import make

TEXTS = {
    "results": "KET-QUA-RIENG cùng ấp sửa cầu",
    "shortcomings": "HAN-CHE-RIENG dự họp tổ còn ít",
    "directions": "PHUONG-HUONG-RIENG đi đều hơn",
}


class CadreYear:
    def __init__(self) -> None:
        self.land = make.land()
        make.norm()
        self.cadre = make.following_cadre(self.land.hamlet, self.land.commune)
        self.colleague = make.following_cadre(self.land.groups[0], self.land.commune)
        self.stranger = make.following_cadre(self.land.sibling_hamlet, self.land.sibling)
        self.staff = make.commune_staff(self.land.commune)
        self.office = make.person(Role.ORGANISER, self.land.commune)
        self.year = make.today().year
        self.round = cadre_rounds.open_cadre_round(year=self.year, place=self.land.commune, by=self.office)

    def review(self, who=None) -> CadreReview:
        return CadreReview.objects.select_related("round", "cadre").get(
            round=self.round, cadre=who or self.cadre
        )

    def write(self, who=None, grade="good"):
        one = self.review(who)
        return cadre_steps.write_own_report(
            review=one, fields={**TEXTS, "self_grade": grade}, by=one.cadre.user
        )

    def hand_in(self, who=None, grade="good"):
        one = self.write(who, grade)
        return cadre_steps.hand_in_own_report(review=one, by=one.cadre.user)

    def place(self, who=None, text="Y-KIEN-DIA-BAN sát dân"):
        one = self.review(who)
        place = one.places.get().place
        return cadre_steps.say_of_place(review=one, place=place, text=text, by=self.staff)

    def workplace(self, who=None, grade="good"):
        return cadre_steps.say_of_workplace(
            review=self.review(who), text="Y-KIEN-DON-VI tận tụy", decree=make.decree(), grade=grade, by=self.office
        )  # fmt: skip

    def hear(self, who=None):
        self.hand_in(who)
        self.place(who)
        return self.workplace(who)

    def decide(self, *grades, by=None, reason=""):
        """Pairs of a cadre and a grade."""
        rows = [cadre_rounds.Decision(self.review(who), grade) for who, grade in grades]
        return cadre_rounds.decide_cadres(
            round=self.round, rows=rows, decree=make.decree(), by=by or self.office, reason=reason
        )

    def decide_all(self):
        for who in (self.cadre, self.colleague):
            self.hear(who)
        self.decide((self.cadre, "excellent"), (self.colleague, "met"))

    def announce(self):
        return cadre_rounds.announce_cadre_round(round=self.round, by=self.office)
