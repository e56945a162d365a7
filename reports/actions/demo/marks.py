"""Grades of past years: the published one of Cẩm Sơn, and invented ones for invented cells."""

from datetime import date

from portal.models import Decree, PartyOrg
from reports.actions.demo.scene import CAM_SON, Commune, Scene
from reports.actions.demo.year_end import take_steps
from reports.actions.grading import Decided, decide_grades, lock_round, open_round
from reports.graded_periods import GradedPeriod
from reports.grades import Grade, LeftOut

GRADED_YEARS = range(2021, 2025)
FIRST_YEAR_OF_TODAY = 2025
# The one bad grade of the demonstration: an invented hamlet's invented cell.
FAILED_YEAR, FAILED_HAMLET = 2023, 8


def grade_years(scene: Scene) -> None:
    for year in GRADED_YEARS:
        for commune in scene.before:
            decree = scene.decree(
                f"{year - 1990}-QĐ/ĐU năm {year}", f"Đảng ủy {commune.full_name} (mẫu)", date(year, 12, 20)
            )
            rows = _cells_of_then(commune, year, decree)
            if (year, commune.code) == (2021, CAM_SON):
                rows.append(_published(scene, commune))
            decide_grades(period=GradedPeriod(year), rows=rows, by=scene.by)
    lock_round(round=open_round(year=2021, place=scene.cam_son.place, by=scene.by), by=scene.by)
    if scene.today.year > FIRST_YEAR_OF_TODAY:
        _first_year_of_today(scene)
    take_steps(scene)


def _published(scene: Scene, commune: Commune) -> Decided:
    """ "Năm 2021, Đảng bộ xã được Ban Thường vụ Huyện ủy Mỏ Cày Nam đánh giá hoàn thành tốt nhiệm vụ"."""
    decree = scene.decree(
        "Thông báo kết quả năm 2021", "Ban Thường vụ Huyện ủy Mỏ Cày Nam", date(2021, 12, 31)
    )
    assert commune.committee is not None
    return Decided(commune.committee, Grade.GOOD, decree=decree)


def _cells_of_then(commune: Commune, year: int, decree: Decree) -> list[Decided]:
    hamlets = [
        _hamlet_cell(hamlet.cell, hamlet.number, year, decree) for hamlet in commune.hamlets if hamlet.cell
    ]
    return hamlets + [Decided(sector, Grade.GOOD, decree=decree) for sector in commune.sectors]


def _hamlet_cell(cell: PartyOrg, number: int, year: int, decree: Decree) -> Decided:
    grade = Grade.GOOD
    if (year, number) == (FAILED_YEAR, FAILED_HAMLET):
        grade = Grade.FAILED
    elif (number + year) % 6 == 0:
        grade = Grade.EXCELLENT
    elif (number + year) % 6 == 3:
        grade = Grade.MET
    return Decided(cell, grade, decree=decree)


def _first_year_of_today(scene: Scene) -> None:
    """The commune's standing committee decides on its cells; those of the sectors were formed that year."""
    issuer = "Ban Thường vụ Đảng ủy xã Hương Mỹ (mẫu)"
    decree = scene.decree("45-QĐ/ĐU năm 2025", issuer, date(2025, 12, 18))
    rows = [
        _hamlet_cell(hamlet.cell, hamlet.number, FIRST_YEAR_OF_TODAY, decree)
        for hamlet in scene.home.hamlets
        if hamlet.cell
    ]
    rows += [Decided(sector, left_out=LeftOut.NEW, decree=decree) for sector in scene.new_sectors]
    decide_grades(period=GradedPeriod(FIRST_YEAR_OF_TODAY), rows=rows, by=scene.by)
    open_round(year=FIRST_YEAR_OF_TODAY, place=scene.home.place, by=scene.by)
