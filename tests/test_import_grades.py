"""Grades by sheet: another reason for leaving an organisation out is told in words, as on the page."""

import pytest

from portal import orgs
from portal.imports.undo import undo
from portal.roles import Role
from reports.models import Evaluation, EvaluationStep
from tests import make
from tests.rosters import checked, counts, imported, problems, row, saved
from tests.test_listings import rows_of, written
from tests.workbooks import one_sheet
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
HEAD = ["Tên chi bộ", "Năm", "Xếp loại", "Lý do không xếp loại", "Ghi rõ lý do khác", "Số quyết định"]
OTHER, SAID = "Lý do khác", "Chi bộ tạm dừng theo kế hoạch"


class Scene:
    def __init__(self) -> None:
        self.land = make.land()
        self.organiser = make.person(Role.ORGANISER, self.land.province)
        self.name = orgs.span(self.land.cell.pk, make.today()).name

    def line(self, left_out=OTHER, words=SAID, grade=None, decree="101-QĐ/ĐU") -> list:
        return [self.name, 2022, grade, left_out, words, decree]

    def checked(self, *line):
        return checked("grades", self.organiser, one_sheet(HEAD, *line))


world, scene = built_once("scene", Scene)


def said() -> list[tuple[str, str]]:
    return list(EvaluationStep.objects.order_by("pk").values_list("left_out", "reason"))


def test_another_reason_is_refused_without_its_words_at_their_cell(scene):
    run = scene.checked(scene.line(words=None))
    assert counts(run) == {"refused": 1}
    assert [letter for letter, _message in problems(run)[2]] == ["E"]


def test_another_reason_is_refused_where_the_list_has_no_column_for_its_words(scene):
    head = [heading for heading in HEAD if heading != "Ghi rõ lý do khác"]
    line = [cell for cell in scene.line() if cell != SAID]
    assert counts(checked("grades", scene.organiser, one_sheet(head, line))) == {"refused": 1}


def test_the_words_of_another_reason_stand_in_the_trace_and_come_back(scene):
    run = imported("grades", scene.organiser, HEAD, scene.line())
    assert counts(run) == {"added": 1} and row(run, 2).after["Ghi rõ lý do khác"] == SAID
    assert said() == [("other", SAID)]
    file = written("grades", scene.organiser)
    assert rows_of(file)[0]["Ghi rõ lý do khác"] == SAID
    file.seek(0)
    assert counts(checked("grades", scene.organiser, file)) == {"unchanged": 1}
    # Once it stands, a new decision need not tell it again.
    run = imported("grades", scene.organiser, HEAD, scene.line(words=None, decree="202-QĐ/ĐU"))
    assert counts(run) == {"changed": 1} and Evaluation.objects.get().decree.number == "202-QĐ/ĐU"
    undo(run=run, by=scene.organiser)
    assert said() == [("other", SAID)]


def test_words_beside_any_other_reason_or_a_grade_are_left_out_and_said(scene):
    lines = (
        scene.line(left_out="Mới thành lập"),
        scene.line(left_out=None, grade="Hoàn thành tốt nhiệm vụ"),
    )
    for line in lines:
        run = saved(scene.checked(line))
        assert "Lý do khác" in str(row(run, 2).hints)
    assert said() == [("new", ""), ("", "")]


def test_an_identity_number_among_the_words_is_refused_and_kept_nowhere(scene):
    run = scene.checked(scene.line(words="Theo đơn của 000000000017"))
    assert counts(run) == {"refused": 1}
    assert "000000000017" not in str(list(run.rows.values()) + list(run.chunks.values()))
