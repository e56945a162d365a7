"""Work items and their months, sessions of dissemination, good models: entered, counted, and seen only in reach."""

from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assignments import work
from assignments.actions import work as deeds
from assignments.actions.rules_loading import load_rules
from assignments.fact_words import WorkState
from assignments.models import DisseminationSession, GoodModel, WorkItem, WorkItemProgress
from portal.actions.deed import RuleBroken
from portal.models import AuditEntry
from tests import make
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
YEAR = 2025
MARK = "Đầu việc DAU-KIN"


def build():
    load_rules(folder=settings.HOME / "seeds" / "rules", by=make.clerk())
    return make.land()


world, land = built_once("land", build)


def register(owner, text="Bê tông hóa đường ấp Mẫu", year=YEAR, **fields):
    fields = {"sector": "economy", "org_id": owner.pk, **fields}
    return deeds.register_items(entries=[deeds.ItemEntry(year=year, text=text, **fields)], by=make.clerk())[0]


def report(one, state, month=date(2025, 3, 1), **fields):
    entry = deeds.ProgressEntry(work_item_id=one.pk, month=month, state=state, **fields)
    return deeds.record_progress(entries=[entry], by=make.clerk())[0]


def page(client, who, name, *args, **query):
    client.force_login(who)
    return client.get(reverse(f"assignments:{name}", args=args), query)


def post(client, who, name, *args, **fields):
    client.force_login(who)
    return client.post(reverse(f"assignments:{name}", args=args), fields)


# Counting --------------------------------------------------------------------------------------------


def test_the_newest_month_says_where_an_item_stands(land):
    one = register(land.committee)
    assert work.work_record([land.committee.pk], YEAR)[land.committee.pk].silent == 1
    report(one, WorkState.LATE, percent=40)
    report(one, WorkState.ABOVE, date(2025, 6, 1), percent=120, value=Decimal("1.5"))
    report(one, WorkState.ON_TIME, date(2025, 2, 1))
    tally = work.work_record([land.committee.pk], YEAR)[land.committee.pk]
    assert (tally.registered, tally.done, tally.above, tally.on_time, tally.late, tally.silent) == (
        1,
        1,
        1,
        0,
        0,
        0,
    )
    report(one, WorkState.DONE, date(2025, 6, 1), percent=100)
    assert work.work_record([land.committee.pk], YEAR)[land.committee.pk].above == 0
    assert WorkItemProgress.objects.count() == 3


def test_what_is_reported_after_the_year_does_not_change_its_record(land):
    one = register(land.committee)
    report(one, WorkState.LATE)
    report(one, WorkState.DONE, date(2026, 1, 1))
    assert work.work_record([land.committee.pk], YEAR)[land.committee.pk].late == 1


def test_an_item_of_the_term_runs_on_until_it_is_done(land):
    one = register(land.committee, year=2021, for_term=True)
    assert one.term.label == "2020 – 2025"
    assert land.committee.pk in work.work_record([land.committee.pk], 2023)
    report(one, WorkState.DONE, date(2022, 5, 1))
    found = [year for year in range(2020, 2026) if work.work_record([land.committee.pk], year)]
    assert found == [2021, 2022]


@pytest.mark.parametrize(
    ("due", "months", "in_time"),
    [
        (date(2025, 3, 15), [("done", 3)], 1),
        (date(2025, 3, 15), [("on_time", 2), ("above", 3)], 1),
        (date(2025, 3, 15), [("done", 4)], 0),
        (date(2025, 6, 30), [("late", 2), ("done", 3)], 0),
        (date(2025, 3, 15), [("done", 3), ("done", 4)], 1),
        (None, [("done", 9)], 1),
        (None, [("late", 8), ("done", 9)], 0),
        (date(2025, 12, 31), [("on_time", 3)], 0),
        (date(2025, 3, 15), [], 0),
    ],
)
def test_done_on_time_is_done_by_the_month_it_was_due_and_never_reported_late(land, due, months, in_time):
    one = register(land.cell, due=due)
    for state, month in months:
        report(one, state, date(2025, month, 1))
    assert work.done_on_time(land.cell.pk, YEAR) == in_time
    # Not of another owner, and not of what is reported after the day asked about.
    assert work.done_on_time(land.committee.pk, YEAR) == 0
    assert work.done_on_time(land.cell.pk, YEAR, date(2025, 1, 31)) == 0


def test_a_withdrawn_item_stays_and_is_not_counted(land):
    one = register(land.committee)
    deeds.withdraw_item(work_item=one, reason="Chuyển cho huyện", by=make.clerk())
    assert WorkItem.objects.get().withdrawn == "Chuyển cho huyện"
    assert not work.work_record([land.committee.pk], YEAR)
    with pytest.raises(RuleBroken):
        report(one, WorkState.DONE)
    with pytest.raises(RuleBroken):
        deeds.withdraw_item(work_item=register(land.committee, "Việc khác"), reason=" ", by=make.clerk())


@pytest.mark.parametrize(
    ("state", "fields"),
    [
        (WorkState.ON_TIME, {"percent": 101}),
        (WorkState.DONE, {"percent": 99}),
        (WorkState.DONE, {"percent": 1001}),
        (WorkState.LATE, {"month": date(2999, 1, 1)}),
        (WorkState.LATE, {"month": date(2024, 12, 1)}),
        (WorkState.LATE, {"month": date(2025, 1, 2)}),
        (WorkState.LATE, {"note": "Liên hệ số định danh 001201001234"}),
    ],
)
def test_a_month_that_contradicts_itself_is_refused(land, state, fields):
    one = register(land.committee)
    with pytest.raises(RuleBroken):
        report(one, state, **fields)
    assert not WorkItemProgress.objects.exists()


def test_next_years_list_is_drafted_from_the_open_items_once(land):
    open_one, done = register(land.committee, "Việc dở"), register(land.committee, "Việc xong")
    report(done, WorkState.DONE)
    made = deeds.draft_next_year(items=[open_one, done], year=YEAR + 1, by=make.clerk())
    assert [(one.text, one.year, one.continues_id) for one in made] == [("Việc dở", YEAR + 1, open_one.pk)]
    with pytest.raises(RuleBroken):
        deeds.draft_next_year(items=[open_one, done], year=YEAR + 1, by=make.clerk())
    assert WorkItem.objects.filter(year=YEAR + 1).count() == 1


def test_the_record_asks_one_question_however_many_owners(land):
    for _number in range(30):
        register(make.org("cell_hamlet", land.committee, land.hamlet))
    keys = list(WorkItem.objects.values_list("org", flat=True))
    for some in (keys[:1], keys):
        with CaptureQueriesContext(connection) as queries:
            work.work_record(some, YEAR)
        assert len(queries) == 1


def test_every_deed_is_signed_where_its_owner_sits_without_its_text(land):
    body = make.agency(place=land.commune)
    report(register(land.committee, MARK), WorkState.LATE)
    register(land.committee, MARK, org_id=None, agency_id=body.pk)
    lines = AuditEntry.objects.filter(deed__in=["register_items", "record_progress"])
    assert {line.place_id for line in lines} == {land.commune.pk}
    assert MARK not in "".join(f"{line.row_name}{line.facts}" for line in lines)


# Pages -----------------------------------------------------------------------------------------------


def test_staff_register_report_and_take_off(client, land):
    who = make.commune_staff(land.commune)
    this = timezone.localdate()
    fields = {
        "owner": f"o{land.committee.pk}",
        "year": this.year,
        "text": MARK,
        "sector": "party",
        "target": "1,5",
    }
    assert post(client, who, "work_item_new", **fields).status_code == 302
    one = WorkItem.objects.get()
    assert one.target == Decimal("1.5")
    month = this.replace(day=1).isoformat()
    answer = post(
        client, who, "work_progress", one.uuid, month=month, state="late", percent="40", note="Chờ vốn"
    )
    assert answer.status_code == 302
    text = page(client, who, "work_item", one.uuid).content.decode()
    assert "Chờ vốn" in text and "Chậm tiến độ" in text
    assert MARK in page(client, who, "work_items", state="late").content.decode()
    assert MARK not in page(client, who, "work_items", state="done").content.decode()
    assert page(client, who, "work_summary").context["total"].late == 1
    assert page(client, who, "work_summary", by="sector").context["rows"][0][1].late == 1
    assert post(client, who, "work_withdraw", one.uuid, reason="Không còn phù hợp").status_code == 302
    assert MARK not in page(client, who, "work_items").content.decode()


def test_a_wrong_month_is_told_and_what_was_typed_stays(client, land):
    one = register(land.committee, year=timezone.localdate().year)
    month = timezone.localdate().replace(day=1).isoformat()
    answer = post(client, make.commune_staff(land.commune), "work_progress", one.uuid, month=month, state="done",
                  percent="40", note="Ghi chú giữ lại")  # fmt: skip
    assert answer.status_code == 200 and "Ghi chú giữ lại" in answer.content.decode()
    assert not WorkItemProgress.objects.exists()


def test_next_years_list_is_agreed_to_on_a_page(client, land):
    this = timezone.localdate().year
    register(land.committee, MARK, year=this)
    who = make.commune_staff(land.commune)
    assert "1 " in page(client, who, "work_next_year").content.decode()
    assert not WorkItem.objects.filter(year=this + 1).exists()
    post(client, who, "work_next_year")
    assert MARK in page(client, who, "work_items", year=this + 1).content.decode()


def test_a_viewer_looks_and_does_not_write(client, land):
    one = register(land.committee, MARK, year=timezone.localdate().year)
    viewer = make.person("viewer", land.province)
    assert MARK in page(client, viewer, "work_items").content.decode()
    assert page(client, viewer, "work_item", one.uuid).status_code == 200
    for name, args in (
        ("work_item_new", ()),
        ("work_progress", (one.uuid,)),
        ("session_new", ()),
        ("good_model_new", ()),
    ):
        assert post(client, viewer, name, *args).status_code == 403


def everything(land):
    this = timezone.localdate()
    one = register(land.committee, MARK, year=this.year)
    body = make.agency(place=land.commune)
    register(land.committee, f"{MARK} 2", year=this.year, org_id=None, agency_id=body.pk)
    entries = [deeds.SessionEntry(f"Văn bản {MARK}", this, 3, 654_321, org_id=land.committee.pk)]
    deeds.record_sessions(entries=entries, by=make.clerk())
    entries = [deeds.ModelEntry(land.hamlet.pk, f"Mô hình {MARK}", "mass", this)]
    deeds.record_models(entries=entries, by=make.clerk())
    return one


def test_strangers_meet_nothing_of_it(client, land):
    one = everything(land)
    far, near = make.commune_staff(land.sibling), make.commune_staff(land.commune)
    for name in ("work_items", "work_summary", "sessions", "good_models"):
        for query in ({}, {"format": "xlsx"}):
            answer = page(client, far, name, **query)
            text = answer.content.decode() if not answer.streaming else ""
            assert MARK not in text and "654.321" not in text
        assert name == "work_summary" or MARK in page(client, near, name).content.decode()
    assert page(client, far, "work_summary").context["total"].registered == 0
    assert page(client, near, "work_summary").context["total"].registered == 2
    assert page(client, far, "work_item", one.uuid).status_code == 404
    assert post(client, far, "work_progress", one.uuid).status_code == 404
    assert post(client, far, "work_withdraw", one.uuid, reason="x").status_code == 404
    assert page(client, far, "good_model_edit", GoodModel.objects.get().pk).status_code == 404
    post(client, far, "work_next_year")
    assert WorkItem.objects.count() == 2
    foreign = {"owner": f"o{land.committee.pk}", "year": YEAR, "text": "Chen vào", "sector": "party"}
    assert post(client, far, "work_item_new", **foreign).status_code == 200
    assert WorkItem.objects.count() == 2
    assert page(client, make.person("cell_secretary", land.cell), "work_items").status_code == 403


def test_the_place_page_lists_good_models_of_it_and_below(client, land):
    everything(land)
    for who, seen in ((make.commune_staff(land.commune), True), (make.commune_staff(land.sibling), False)):
        client.force_login(who)
        for place in (land.commune, land.hamlet):
            text = client.get(reverse("reports:place", args=[place.pk])).content.decode()
            assert (f"Mô hình {MARK}" in text) is seen


def test_sessions_and_models_are_entered_and_recognised(client, land):
    who, today = make.commune_staff(land.commune), timezone.localdate().strftime("%d/%m/%Y")
    fields = {
        "owner": f"o{land.committee.pk}",
        "document": "Nghị quyết mẫu",
        "day": today,
        "classes": 3,
        "attendees": 650,
    }
    assert post(client, who, "session_new", **fields).status_code == 302
    assert DisseminationSession.objects.get().attendees == 650
    assert page(client, who, "sessions").context["sums"]["classes"] == 3
    fields = {"place": land.hamlet.pk, "title": "Mô hình mẫu", "sector": "mass", "registered": today}
    assert post(client, who, "good_model_new", **fields).status_code == 302
    made = GoodModel.objects.get()
    answer = post(client, who, "good_model_edit", made.pk, **fields, recognised="01/01/2020")
    assert answer.status_code == 200
    assert (
        post(
            client, who, "good_model_edit", made.pk, **fields, recognised=today, number="5-QĐ/UBND"
        ).status_code
        == 302
    )
    made.refresh_from_db()
    assert made.recognised and made.decree.number == "5-QĐ/UBND"


@pytest.mark.parametrize("name", ["work_items", "work_summary", "sessions", "good_models"])
def test_lists_ask_as_many_questions_for_many_rows(client, land, name):
    viewer = make.person("viewer", land.province)
    asked, this = [], timezone.localdate()
    for more in (1, 30):
        for number in range(more):
            org = make.org("cell_hamlet", land.committee, land.hamlet)
            report(register(org, year=this.year), WorkState.LATE, this.replace(day=1))
            session = deeds.SessionEntry(f"Văn bản {number}", this, 1, 5, org_id=org.pk)
            deeds.record_sessions(entries=[session], by=make.clerk())
            model = deeds.ModelEntry(land.hamlet.pk, f"Mô hình {more} {number}", "mass", this)
            deeds.record_models(entries=[model], by=make.clerk())
        page(client, viewer, name)
        with CaptureQueriesContext(connection) as queries:
            assert page(client, viewer, name).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]
