"""Left out for another reason: the sheet says it in words, as the page does, and they stand in the trace."""

import pytest

from portal import orgs
from portal.roles import Role
from reports.actions.review_rounds import open_review_round
from reports.models import Evaluation, EvaluationStep, ReviewStep
from tests import make
from tests.review_scene import criteria, scheme
from tests.rosters import counts, imported, problems
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
world, land = built_once("land", make.land)
HEAD = ["Tên chi bộ", "Năm", "Kết quả xếp loại", "Không xếp loại", "Quyết định"]
WORDS = "Chờ kết luận kiểm tra (mẫu)"


@pytest.fixture
def organiser(land):
    return make.person(Role.ORGANISER, land.commune)


def name_of(land):
    return orgs.span(land.cell.pk, make.today()).name


def test_another_reason_without_words_is_refused_with_or_without_the_column(land, organiser):
    row = [name_of(land), 2022, None, "Lý do khác", "101-QĐ/ĐU"]
    for head, cells in ((HEAD, row), ([*HEAD, "Nêu rõ lý do khác"], [*row, "  "])):
        run = imported("grades", organiser, head, cells)
        (told,) = problems(run).values()
        assert counts(run) == {"refused": 1} and "lý do khác" in told[0][1]
    assert not Evaluation.objects.exists()


def test_the_words_stand_in_the_trace_of_their_own_row_alone(land, organiser):
    other = make.org(parent=land.committee, place=land.hamlet)
    criteria(scheme())
    round = open_review_round(year=make.today().year, place=land.commune, by=organiser)
    rows = [
        [name_of(land), round.year, None, "Lý do khác", "101-QĐ/ĐU", WORDS],
        [orgs.span(other.pk, make.today()).name, round.year, None, "Mới thành lập", "101-QĐ/ĐU", None],
    ]
    head = [*HEAD, "Ghi rõ lý do"]
    assert counts(imported("grades", organiser, head, *rows)) == {"added": 2}
    told = dict(EvaluationStep.objects.values_list("evaluation__org", "reason"))
    assert told == {land.cell.pk: WORDS, other.pk: ""}
    assert dict(ReviewStep.objects.values_list("review__org", "text")) == told
    # The same again changes nothing, and needs no words a second time.
    assert counts(imported("grades", organiser, head, *rows)) == {"unchanged": 2}
    assert counts(imported("grades", organiser, HEAD, rows[0][:5])) == {"unchanged": 1}
    newer = [*rows[0][:4], "102-QĐ/ĐU", None]
    assert counts(imported("grades", organiser, head, newer)) == {"changed": 1}


def test_words_that_name_a_person_by_number_are_refused(land, organiser):
    row = [name_of(land), 2022, None, "Lý do khác", "101-QĐ/ĐU", "Bí thư 079083001234 (mẫu)"]
    run = imported("grades", organiser, [*HEAD, "Nêu rõ lý do khác"], row)
    assert counts(run) == {"refused": 1} and "079083001234" not in str(run.rows.get().after)
