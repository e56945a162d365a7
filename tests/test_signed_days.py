"""Whatever is decided, said or confirmed by a document is signed first: a day of signing that lies ahead is refused."""

from datetime import timedelta

import pytest

from portal.actions.deed import RuleBroken
from portal.models import Decree
from reports.actions import cadre_rounds, cadre_steps, reviews
from reports.actions.regulations import confirm_rule
from reports.forms.cadre_reviews import (
    CadreCorrectionForm,
    CadreDecisionForm,
    PlaceLetterForm,
    WorkplaceForm,
)
from reports.forms.regulations import ConfirmForm
from reports.forms.reviews import ConditionForm, OpinionForm, SuggestForm
from reports.models import CadreReview, ExcellenceCap
from tests import make
from tests.cadre_year_scene import CadreYear
from tests.make import signed_in
from tests.review_scene import Round

pytestmark = pytest.mark.django_db
TOMORROW = make.today() + timedelta(days=1)


def ahead():
    known = Decree.objects.filter(number="88-QĐ/ĐU (mẫu)").first()
    return known or make.decree("88-QĐ/ĐU (mẫu)", signed=TOMORROW)


@pytest.mark.parametrize(
    "form",
    [
        lambda typed: PlaceLetterForm(typed, places=[]),
        WorkplaceForm,
        CadreCorrectionForm,
        lambda typed: CadreDecisionForm(typed, reviews=[]),
        SuggestForm,
        OpinionForm,
        lambda typed: ConditionForm(typed, scheme_id=0),
        ConfirmForm,
    ],
)
def test_each_form_says_it_at_the_day(form):
    for day, refused in ((make.today(), False), (TOMORROW, True)):
        errors = form({"number": "8-QĐ (mẫu)", "signed": f"{day:%d/%m/%Y}"}).errors
        assert ("signed" in errors) == refused, errors


def test_nobody_decides_on_cadres_by_a_document_of_the_future():
    scene = CadreYear()
    scene.hear()
    rows = [cadre_rounds.Decision(scene.review(), "good")]
    with pytest.raises(RuleBroken, match="88-QĐ/ĐU"):
        cadre_rounds.decide_cadres(round=scene.round, rows=rows, decree=ahead(), by=scene.office)
    with pytest.raises(RuleBroken, match="88-QĐ/ĐU"):
        cadre_steps.say_of_workplace(review=scene.review(), text="Tốt (mẫu)", decree=ahead(), by=scene.office)
    with pytest.raises(RuleBroken, match="88-QĐ/ĐU"):
        cadre_steps.say_of_place(
            review=scene.review(), place=scene.land.hamlet, text="Tốt (mẫu)", decree=ahead(), by=scene.office
        )
    # By its number known already, without a day typed: the page says it at the day, and nothing is decided.
    told = {f"review_{scene.review().pk}": "good", "number": "88-QĐ/ĐU (mẫu)", "signed": ""}
    page = signed_in(scene.office).post(f"/danh-gia/can-bo/{scene.round.pk}/quyet-dinh/", told)
    assert list(page.context["form"].errors) == ["signed"]
    assert not CadreReview.objects.exclude(grade="").exists()


def test_an_announced_grade_of_a_cadre_is_not_corrected_by_one_either():
    scene = CadreYear()
    scene.decide_all()
    scene.announce()
    with pytest.raises(RuleBroken, match="88-QĐ/ĐU"):
        cadre_steps.correct_cadre_grade(
            review=scene.review(), grade="met", reason="Sai (mẫu)", decree=ahead(), by=scene.office
        )


def test_no_point_opinion_or_rule_comes_from_one():
    scene = Round()
    with pytest.raises(RuleBroken, match="88-QĐ/ĐU"):
        reviews.suggest(review=scene.review, text="Gợi ý (mẫu)", decree=ahead(), by=scene.organiser)
    scene.handed_in()
    with pytest.raises(RuleBroken, match="88-QĐ/ĐU"):
        reviews.add_opinion(
            review=scene.review, body="MTTQ (mẫu)", text="Nhất trí (mẫu)", decree=ahead(), by=scene.organiser
        )
    cap = make.made(ExcellenceCap.objects.create)(
        scheme=scene.set.scheme, percent=20, base="all_graded", grouping="superior", rounding="floor"
    )
    with pytest.raises(RuleBroken, match="88-QĐ/ĐU"):
        confirm_rule(rule=cap, decree=ahead(), by=scene.organiser)
    with pytest.raises(RuleBroken, match="88-QĐ/ĐU"):
        confirm_rule(rule=scene.set.scheme, decree=ahead(), by=scene.organiser)
