"""Pages of cell meetings: three steps, the month's list and form, and what a stranger or a looker-on is not told."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assignments.actions import cell_meetings as deeds
from assignments.models import CellMeeting, SheetItem
from portal.actions.rosters import RosterOrg, open_orgs
from portal.dates import next_month
from portal.roles import Role
from tests import make
from tests.meeting_scene import build, items, recorded, scored, sheet, this_month
from tests.worlds import built_once

world, land = built_once("land", build)


def address(name, org, month=None):
    month = month or this_month()
    return reverse(f"assignments:{name}", args=[org.pk, month.year, month.month])


def posted(**changes):
    told = {"day": f"{make.today():%d/%m/%Y}", "kind": "regular", "members": "20", "present": "19", "excused": "1",
            "absent": "0", "minutes": "95"}  # fmt: skip
    return {**told, **changes}


def test_a_secretary_enters_the_meeting_of_the_own_cell_step_by_step(client, land):
    secretary = make.person(Role.CELL_SECRETARY, land.cell)
    deeds.set_tasks(org=land.cell, month=next_month(this_month(), -1), texts=["a", "b"], by=make.clerk())
    client.force_login(secretary)
    answer = client.post(
        address("cell_month_facts", land.cell), posted(state_1="done", state_2="done", note_2="xong sớm")
    )
    assert answer.status_code == 302
    meeting = CellMeeting.objects.get()
    assert (meeting.state, meeting.is_stood_in, meeting.points) == ("draft", False, None)
    page = client.get(answer["Location"])
    form = page.context["form"]
    fields = {name: bound.value() for name, bound in ((name, form[name]) for name in form.fields)}
    tasks = SheetItem.objects.get(measure="tasks")
    assert fields[f"p_{tasks.pk}"] == "30"
    theme = SheetItem.objects.get(thematic_only=True)
    assert fields[f"n_{theme.pk}"] is True
    told = {name: value for name, value in fields.items() if value not in (None, False, "")}
    told = {**told, f"p_{tasks.pk}": "27,5", "note": "Bắt đầu muộn"}
    answer = client.post(answer["Location"], told)
    assert answer.status_code == 302, answer.context["form"].errors
    meeting.refresh_from_db()
    assert meeting.points == Decimal("97.36")
    answer = client.post(address("cell_month_tasks", land.cell), {"text_1": "Dọn kênh", "text_2": "Vận động"})
    assert answer["Location"] == address("cell_month", land.cell)
    page = client.get(answer["Location"]).content.decode()
    assert "Dọn kênh" in page and "97,36" in page
    assert client.post(address("cell_month_confirm", land.cell)).status_code == 403


def test_the_form_says_what_does_not_add_up_and_loses_nothing(client, land):
    client.force_login(make.person(Role.CELL_SECRETARY, land.cell))
    answer = client.post(
        address("cell_month_facts", land.cell), posted(present="12", place_text="Nhà văn hóa")
    )
    assert answer.status_code == 200 and "Nhà văn hóa" in answer.content.decode()
    assert answer.context["form"].errors["members"]
    assert not CellMeeting.objects.exists()


def test_staff_enter_for_the_cell_and_confirm(client, land):
    client.force_login(make.commune_staff(land.commune))
    client.post(address("cell_month_facts", land.cell), posted())
    assert CellMeeting.objects.get().is_stood_in
    scored(land)
    assert client.post(address("cell_month_confirm", land.cell)).status_code == 302
    assert CellMeeting.objects.get().state == "confirmed"
    assert client.get(address("cell_month_reopen", land.cell) + "?kind=regular").status_code == 200
    client.post(address("cell_month_reopen", land.cell) + "?kind=regular", {"reason": "Ghi nhầm"})
    assert CellMeeting.objects.get().state == "draft"


def test_a_cell_without_a_seat_follows_the_body_above_it(client, land):
    cell = make.org("cell_sector", parent=land.committee, name="Chi bộ Mẫu không nơi đặt")
    client.force_login(make.commune_staff(land.commune))
    assert client.get(address("cell_month", cell)).status_code == 200
    url = reverse("assignments:meetings")
    assert "Mẫu không nơi đặt" in client.get(url, {"place": land.commune.pk}).content.decode()
    client.force_login(make.commune_staff(land.sibling))
    assert client.get(address("cell_month", cell)).status_code == 404
    assert "Mẫu không nơi đặt" not in client.get(url).content.decode()


STEPS = ["cell_month", "cell_month_facts", "cell_month_sheet", "cell_month_tasks"]


def test_a_stranger_finds_nothing_and_changes_nothing(client, land):
    scored(land)
    strangers = [
        make.person(Role.CELL_SECRETARY, make.org(place=land.sibling_hamlet)),
        make.person(Role.CELL_SECRETARY, make.org(place=land.hamlet, parent=land.committee)),
        make.commune_staff(land.sibling),
    ]
    for stranger in strangers:
        client.force_login(stranger)
        assert [client.get(address(name, land.cell)).status_code for name in STEPS] == [404] * 4
        assert client.post(address("cell_month_facts", land.cell), posted(present="1")).status_code == 404
        for name in ("meetings", "meetings_form"):
            text = client.get(reverse(f"assignments:{name}"), {"place": land.commune.pk}).content.decode()
            assert "Tài liệu gửi muộn" not in text and address("cell_month", land.cell) not in text
    assert CellMeeting.objects.get().present == 19


@pytest.mark.parametrize("role", [Role.DESK, Role.STEWARD, Role.LOG_READER])
def test_other_roles_are_shut_out(client, land, role):
    client.force_login(make.person(role, land.commune))
    assert client.get(reverse("assignments:meetings")).status_code == 403
    assert client.get(address("cell_month", land.cell)).status_code == 403


def test_a_viewer_looks_on_and_is_not_told_of_few_absences(client, land):
    scored(land, present=13, excused=7)
    client.force_login(make.person(Role.VIEWER, land.province))
    assert ">7</dd>" in client.get(address("cell_month", land.cell)).content.decode()
    scored(land, present=17, excused=3)
    answer = client.get(address("cell_month", land.cell))
    text = answer.content.decode()
    assert answer.context["held"][0]["is_hidden"]
    assert ">3</dd>" not in text and "17 (" not in text and "85,0" not in text
    assert client.get(address("cell_month_facts", land.cell)).status_code == 403
    client.force_login(make.person(Role.CELL_SECRETARY, land.cell))
    assert ">3</dd>" in client.get(address("cell_month", land.cell)).content.decode()


def test_months_that_are_none_are_not_found(client, land):
    client.force_login(make.person(Role.CELL_SECRETARY, land.cell))
    ahead = next_month(this_month())
    for year, month in ((2026, 13), (2026, 0), (1990, 1), (ahead.year, ahead.month), (2019, 12)):
        url = reverse("assignments:cell_month", args=[land.cell.pk, year, month])
        assert client.get(url).status_code == 404, (year, month)


def test_the_list_tells_who_has_met_and_who_is_late(client, land):
    quiet = make.org(parent=land.committee, place=land.hamlet, name="Chi bộ Mẫu vắng")
    last = next_month(this_month(), -1)
    scored(land, month=last, day=last, less=20)
    client.force_login(make.person(Role.VIEWER, land.commune))
    answer = client.get(reverse("assignments:meetings"), {"month": f"{last:%d/%m/%Y}"})
    rows = {row["org_id"]: row for row in answer.context["rows"]}
    assert rows[quiet.pk]["late"].is_late and rows[quiet.pk]["cell"].meeting is None
    assert rows[land.cell.pk]["cell"].meeting.points == 80
    assert {key: number for key, _label, number in answer.context["states"]} == {
        "all": 2, "missing": 1, "draft": 1, "confirmed": 0,
    }  # fmt: skip
    answer = client.get(reverse("assignments:meetings"), {"month": f"{last:%d/%m/%Y}", "list": "missing"})
    assert [row["org_id"] for row in answer.context["rows"]] == [quiet.pk]


@pytest.mark.parametrize("name", ["meetings", "meetings_form"])
def test_lists_ask_no_more_for_more_cells(client, land, name):
    client.force_login(make.commune_staff(land.commune))
    counts = []
    for number in (1, 10, 1000):
        while CellMeeting.objects.count() < number:
            more(land, number - CellMeeting.objects.count())
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(f"assignments:{name}"), {"place": land.commune.pk}).status_code == 200
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts


@make.made
def more(land, number):
    rows = [
        RosterOrg("cell_hamlet", f"Chi bộ Mẫu {index}", make.START, land.committee.pk, land.hamlet.pk)
        for index in range(number)
    ]
    cells = open_orgs(rows=rows, by=make.clerk())
    deeds.list_meetings(
        rows=[
            deeds.ListedMeeting(cell.pk, this_month(), make.today(), "regular", 20, Decimal(80), "")
            for cell in cells
        ],
        by=make.clerk(),
    )


def test_the_page_of_a_cell_has_its_year_side_by_side_only_for_who_may_see_it(client, land):
    scored(land, less=Decimal("19.5"))
    url = reverse("portal:org", args=[land.cell.pk])
    client.force_login(make.person(Role.CELL_SECRETARY, land.cell))
    text = client.get(url).content.decode()
    # As entered: no zero is put after 80,5.
    assert address("cell_month", land.cell) in text and "80,5" in text and "80,50" not in text
    client.force_login(make.commune_staff(land.sibling))
    text = client.get(url).content.decode()
    assert "sh-nam" not in text and "80,5" not in text


def test_the_monthly_list_has_the_ten_columns_marks_and_a_total(client, land):
    scored(land, less=20)
    make.org(parent=land.committee, place=land.hamlet)
    client.force_login(make.commune_staff(land.commune))
    answer = client.get(reverse("assignments:meetings_form"), {"place": land.commune.pk})
    assert len(answer.context["columns"]) == 10
    lines = {line[1]: line for line in answer.context["lines"]}
    assert len(lines) == 2
    met = next(line for line in lines.values() if line[4] is not None)
    assert met[2] == 20 and met[4] == 80 and met[5:9] == ["", "x", "", ""] and met[9] == "Tài liệu gửi muộn"
    assert list(answer.context["total"][2:9]) == [20, 1, "", 0, 1, 0, 0]


def test_words_of_the_sheet_are_changed_by_organisers_only(client, land):
    client.force_login(make.commune_staff(land.commune))
    assert client.get(reverse("assignments:meeting_sheet")).status_code == 200
    url = reverse("assignments:meeting_sheet_word", args=[sheet().pk])
    assert client.get(url).status_code == 403
    client.force_login(make.person(Role.ORGANISER, land.province))
    form = client.get(url).context["form"]
    told = {name: form[name].value() for name in form.fields}
    key = next(iter(items()))
    assert client.post(url, {**told, f"text_{key}": "Thời lượng (câu chữ mới)"}).status_code == 302
    assert SheetItem.objects.get(pk=key).text == "Thời lượng (câu chữ mới)"
    url = reverse("assignments:meeting_sheet_confirm", args=[sheet().pk])
    assert client.post(url, {"source": "Hướng dẫn 42-HD/BTCTW"}).status_code == 302
    assert sheet().is_confirmed


def test_what_is_not_known_has_to_be_filled_in_by_hand(client, land):
    """Without tasks of last month, or before they are judged, nothing is given away."""
    last = next_month(this_month(), -1)
    tasks = SheetItem.objects.get(measure="tasks")
    recorded(land)
    client.force_login(make.person(Role.CELL_SECRETARY, land.cell))
    for texts in ([], ["Dọn kênh", "Sửa đường"]):
        deeds.set_tasks(org=land.cell, month=last, texts=texts, by=make.clerk())
        form = client.get(address("cell_month_sheet", land.cell)).context["form"]
        assert form[f"p_{tasks.pk}"].value() is None and form[f"n_{tasks.pk}"].value() is False
    told = {name: form[name].value() for name in form.fields}
    answer = client.post(address("cell_month_sheet", land.cell), {k: v for k, v in told.items() if v})
    assert list(answer.context["form"].errors) == [f"p_{tasks.pk}"]


@pytest.mark.parametrize(
    ("less", "shown"), [(Decimal("19.5"), "80,5"), (Decimal(20), "80"), (Decimal("0.25"), "99,75")]
)
def test_points_stand_on_every_page_as_they_were_entered(client, land, less, shown):
    scored(land, less=less)
    client.force_login(make.person(Role.CELL_SECRETARY, land.cell))
    month = client.get(address("cell_month", land.cell)).content.decode()
    client.force_login(make.commune_staff(land.commune))
    listed = client.get(reverse("assignments:meetings")).content.decode()
    for page in (month, listed):
        text = page[page.index("<main") : page.index("</main>")]
        assert re.search(rf">\s*{shown}[ <]", text), shown
        assert not re.search(r"\d,\d0\b|\d,00\b", text)
