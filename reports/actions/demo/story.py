"""The order in which the demonstration is told."""

from collections.abc import Callable
from datetime import date

from portal import audit
from portal.actions.deed import action
from portal.levels import Level
from portal.models import User
from portal.places import above, by_code, forebears, spans_within, within
from reports.actions.demo.bodies import open_bodies
from reports.actions.demo.cell_year import hold_meetings
from reports.actions.demo.cells import open_party
from reports.actions.demo.closed_period import close_a_period
from reports.actions.demo.field_days import log_field_days
from reports.actions.demo.homes import open_homes
from reports.actions.demo.marks import grade_years
from reports.actions.demo.office import join_and_ask
from reports.actions.demo.requests import raise_requests
from reports.actions.demo.scene import CAM_SON, HUONG_MY, NGAI_DANG, REFORM, Commune, Scene, commune
from reports.actions.demo.sign_ins import open_sign_ins
from reports.actions.demo.staff import appoint
from reports.actions.demo.team_of_home import set_up_team
from reports.actions.demo.this_week import log_this_week
from reports.actions.demo.timetable import lay_down_days, plan_visits
from reports.actions.demo.word import send_word
from reports.actions.demo.yearly_figures import tell_figures

BEFORE = date(2022, 1, 1)
LAST_DAY = date(2025, 6, 30)
STEPS: list[tuple[str, Callable[[Scene], None]]] = [
    ("Hamlets, groups and households", open_homes),
    ("Party organisations", open_party),
    ("Cadres and assignments", appoint),
    ("Answering bodies", open_bodies),
    ("Accounts to sign in with", open_sign_ins),
    ("Visits", log_field_days),
    ("Reporting periods and meeting days", lay_down_days),
    ("Meetings of cells", hold_meetings),
    ("Recommendations", raise_requests),
    ("Recommendations that the office keeps together", join_and_ask),
    ("Plans", plan_visits),
    ("This week's visits of one cadre", log_this_week),
    ("A team that attends cell meetings", set_up_team),
    ("Points to pass on and urgent word", send_word),
    ("A closed period", close_a_period),
    ("Figures and work items of cells", tell_figures),
    ("Grades of past years", grade_years),
]


@action
def tell_demo(*, today: date, tell: Callable[[str], None], by: User) -> Scene:
    """All of it in one transaction: where a step fails, nothing is left of the others."""
    scene = set_scene(today, tell, by)
    for name, step in STEPS:
        tell(name)
        step(scene)
    audit.record("tell_demo", None, by=by, today=today)
    return scene


def set_scene(today: date, tell: Callable[[str], None], by: User) -> Scene:
    province = by_code("86", REFORM)
    assert province is not None, "the territory is not loaded"
    home = commune(HUONG_MY, REFORM)
    others = [
        Commune(span.place, span.code, span.name, span.full_name)
        for span in spans_within(province.place_id, REFORM, Level.COMMUNE).select_related("place")
        if span.place_id != home.place.pk
    ]
    before = [commune(code, BEFORE) for code in (CAM_SON, NGAI_DANG, HUONG_MY)]
    scene = Scene(by=by, today=today, tell=tell, home=home, before=before, others=others)
    old_province = above(before[0].place.pk, BEFORE, Level.PROVINCE)
    assert old_province is not None
    once = set(within(old_province, LAST_DAY, Level.COMMUNE).values_list("pk", flat=True))
    scene.alive = {
        one.place.pk
        for one in others
        if once & set(forebears([one.place.pk], REFORM).values_list("old", flat=True))
    }
    return scene
