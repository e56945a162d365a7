"""Several visits on one page: each right row stored once, wrong ones kept with why, pasted lines looked at first."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from assignments.actions.plans import plan_visit
from assignments.forms.many_visits import read_lines
from assignments.models import Petition, Visit
from assignments.topics import Attendance
from portal.roles import Role
from tests import make
from tests.visit_scene import Scene, page, send
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
MANY = reverse("assignments:visits_many")


world, scene = built_once("scene", Scene)


def day(before=0):
    return (make.today() - timedelta(days=before)).strftime("%d/%m/%Y")


def posted(scene, *rows, **more):
    fields = {"author": scene.cadre.pk, **more}
    for number, row in enumerate(rows):
        whole = {
            "uuid": str(uuid.uuid4()), "day": day(), "place": scene.land.hamlet.pk, "kind": "cell",
            "attendance": "attended", "nothing_new": "on", **row,
        }  # fmt: skip
        fields |= {f"row{number}-{name}": value for name, value in whole.items()}
    return fields


def test_what_is_due_stands_in_the_rows_and_nothing_is_chosen_as_attended(client, scene):
    make.norm()
    form = page(client, scene.cadre.user, MANY)
    assert re.search(rf'name="row0-place".*?value="{scene.land.hamlet.pk}" selected', form, re.DOTALL)
    assert 'value="attended" selected' not in form and 'name="row9-day"' in form
    assert 'name="row10-day"' not in form
    assert scene.land.sibling_hamlet.spans.get().full_name not in form


def test_a_planned_visit_stands_in_a_row_and_is_done_once_it_is_logged(client, scene):
    plan = plan_visit(
        uuid=uuid.uuid4(), cadre=scene.cadre, place=scene.land.hamlet, day=make.today(), kind="dialogue",
        purpose="", by=scene.cadre.user,
    )  # fmt: skip
    form = page(client, scene.cadre.user, MANY)
    assert re.search(r'name="row0-kind".*?value="dialogue" selected', form, re.DOTALL)
    send(client, scene.cadre.user, posted(scene, {"kind": "dialogue"}), MANY)
    plan.refresh_from_db()
    assert plan.visit == Visit.objects.get()


def test_all_right_rows_are_stored_and_rows_left_out_are_not(client, scene):
    rows = [
        {},
        {"kind": "dialogue", "attendance": "excused:leave"},
        {"kind": "field", "note": "Chi bộ đủ người dự", "duty": scene.duty.pk},
        {"attendance": "", "day": day(1)},
    ]
    assert send(client, scene.cadre.user, posted(scene, *rows), MANY).status_code == 302
    cell, dialogue, field = Visit.objects.order_by("pk")
    assert cell.nothing_new and cell.org == scene.land.cell
    assert dialogue.persons.get().excuse == "leave" and not dialogue.nothing_new
    assert field.duties.get().note == "Chi bộ đủ người dự" and not field.nothing_new


def test_a_full_page_of_ten_rows_is_stored(client, scene):
    rows = [{"day": day(before), "kind": kind} for before in range(5) for kind in ("field", "dialogue")]
    told = send(client, scene.cadre.user, posted(scene, *rows), MANY)
    days_open = {row["day"] for row in rows}
    assert told.status_code in {200, 302} and 2 <= Visit.objects.count() <= 10 == len(rows) == 2 * len(
        days_open
    )


def test_the_same_page_sent_twice_stores_each_row_once(client, scene):
    rows = posted(scene, {}, {"kind": "dialogue"})
    for _ in range(2):
        assert send(client, scene.cadre.user, rows, MANY).status_code == 302
    assert Visit.objects.count() == 2


def test_a_wrong_row_is_kept_with_why_while_the_right_one_is_stored(client, scene):
    late = {"day": day(-2), "note": "lời giữ lại", "duty": scene.duty.pk, "kind": "dialogue"}
    rows = posted(scene, {}, late, {"day": "32/13/2026", "kind": "field"})
    told = send(client, scene.cadre.user, rows, MANY).content.decode()
    assert Visit.objects.count() == 1 and rows["row0-uuid"] not in told
    assert "lời giữ lại" in told and rows["row1-uuid"] in told and "32/13/2026" in told
    assert "is after today" in told or "sau ngày hôm nay" in told


def test_a_row_left_out_is_shown_as_it_was_without_complaint(client, scene):
    rows = posted(scene, {"day": day(-2)}, {"attendance": "", "day": day(3)}, {"attendance": "", "place": ""})
    told = send(client, scene.cadre.user, rows, MANY).content.decode()
    assert f'value="{day(3)}"' in told and rows["row1-uuid"] in told and 'name="row9-uuid" value="' in told
    assert "id_row1-place_error" not in told and "id_row2-place_error" not in told


def test_a_note_asks_what_it_is_on(client, scene):
    told = send(client, scene.cadre.user, posted(scene, {"note": "lời giữ lại"}), MANY).content.decode()
    assert not Visit.objects.exists() and "lời giữ lại" in told and "row0-duty" in told
    assert re.search(r'id="id_row0-duty_error"', told)
    # The box above says in which row.
    assert re.search(r'href="#id_row0-duty">[^<]*1, ', told)


def test_a_note_with_an_identity_number_is_stopped(client, scene):
    row = {"note": "số 079123456789", "duty": scene.duty.pk}
    assert send(client, scene.cadre.user, posted(scene, row), MANY).status_code == 200
    assert not Visit.objects.exists()


def test_the_like_of_a_visit_is_asked_about_before_it_is_stored(client, scene):
    make.visit(scene.cadre, scene.land.hamlet, kind="cell", day=make.today())
    rows = posted(scene, {})
    told = send(client, scene.cadre.user, rows, MANY).content.decode()
    assert "row0-sure" in told and Visit.objects.count() == 1
    send(client, scene.cadre.user, {**rows, "row0-sure": "on"}, MANY)
    assert Visit.objects.count() == 2


def test_two_alike_rows_are_asked_about_and_a_visit_of_another_cadre_is_not(client, scene):
    make.visit(scene.colleague, scene.land.hamlet, kind="cell", day=make.today())
    told = send(client, scene.cadre.user, posted(scene, {}, {}), MANY).content.decode()
    assert "row1-sure" in told and "row0-sure" not in told
    assert Visit.objects.count() == 2


def asked(text="Cầu ván hư lan can.", topic="roads", expected=None):
    promised = (
        {"request-expected": (make.today() + timedelta(days=expected)).strftime("%d/%m/%Y")}
        if expected
        else {}
    )
    return {"kind": "dialogue", "request-text": text, "request-topic": topic, **promised}


def test_a_request_of_a_row_is_raised_with_the_day_promised_to_the_people(client, scene):
    rows = posted(scene, {}, asked(expected=12))
    assert send(client, scene.cadre.user, rows, MANY).status_code == 302
    petition = Petition.objects.get()
    assert petition.expected == make.today() + timedelta(days=12) and petition.raised_by == scene.cadre
    assert petition.visit.kind == "dialogue" and not petition.visit.nothing_new
    assert petition.place == scene.land.hamlet and petition.agency is None and not petition.consent
    send(client, scene.cadre.user, rows, MANY)
    assert Petition.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (asked(expected=-3), "expected"),
        (asked(topic=""), "topic"),
        (asked(text="", expected=5), "text"),
        (asked(text="Tố cáo ông trưởng ấp"), "sure"),
        (asked(text="số 079123456789"), "text"),
    ],
)
def test_a_row_whose_request_is_not_right_is_kept_whole_with_why(client, scene, wrong, field):
    told = send(client, scene.cadre.user, posted(scene, wrong, {"kind": "field"}), MANY).content.decode()
    assert Visit.objects.get().kind == "field" and not Petition.objects.exists()
    assert re.search(rf'id="id_row0-request-{field}_error"', told) and wrong["request-text"] in told
    # The box above says in which row.
    assert re.search(rf'href="#id_row0-request-{field}">[^<]*1, ', told)


def test_a_row_with_a_request_alone_is_not_left_out_silently(client, scene):
    told = send(client, scene.cadre.user, posted(scene, {**asked(), "attendance": ""}), MANY).content.decode()
    assert not Visit.objects.exists() and "id_row0-attendance_error" in told and "Cầu ván" in told


def test_a_pasted_line_brings_its_request_topic_and_promised_day(client, scene):
    name = scene.land.hamlet.spans.get().full_name
    line = f"{day(1)}\t{name}\tdoi thoai\tx\t\tCầu ván hư lan can\tduong, cau\t{day(-9)}"
    with override("vi"):
        (row,) = read_lines([line], [("", [(scene.land.hamlet.pk, name)])])
    told = send(client, scene.cadre.user, posted(scene, pasted=line, read="1"), MANY).content.decode()
    assert (row["request-topic"], row["request-expected"], row["nothing_new"]) == ("roads", day(-9), "")
    assert "Cầu ván hư lan can" in told and f'value="{day(-9)}"' in told and not Visit.objects.exists()


def test_a_place_that_is_not_offered_and_a_household_visit_are_refused(client, scene):
    rows = posted(scene, {"place": scene.land.sibling_hamlet.pk}, {"kind": "household"})
    assert send(client, scene.cadre.user, rows, MANY).status_code == 200
    assert not Visit.objects.exists()


def test_an_assistant_logs_in_the_name_of_the_leader_only(client, scene):
    assistant = make.person(Role.ASSISTANT, scene.cadre.user)
    assert send(client, assistant, posted(scene, {}), MANY).status_code == 302
    visit = Visit.objects.get()
    assert visit.entered_by == assistant and visit.persons.get().cadre == scene.cadre
    send(client, assistant, posted(scene, {"kind": "field"}, author=scene.colleague.pk), MANY)
    assert Visit.objects.count() == 1


def test_whoever_may_log_nothing_does_not_enter(client, scene):
    client.force_login(scene.leader)
    assert client.get(MANY).status_code == 403


def test_pasted_lines_become_rows_and_nothing_is_stored_yet(client, scene):
    name = scene.land.hamlet.spans.get().full_name
    lines = f"{day(1)}\t{name}\tSinh hoạt chi bộ\tcó dự\t\n\nhôm kia\tẤp Không Có\tHọp\tvắng\tđường ngập"
    rows = posted(scene, {"note": "đã gõ", "attendance": ""}, pasted=lines, read="1")
    told = send(client, scene.cadre.user, rows, MANY).content.decode()
    assert not Visit.objects.exists()
    assert "đã gõ" in told and f'value="{day(1)}"' in told and 'value="absent" selected' in told
    assert "Ấp Không Có" in told and "hôm kia" in told and "đường ngập" in told
    assert re.search(rf'name="row1-place".*?value="{scene.land.hamlet.pk}" selected', told, re.DOTALL)


def test_lines_for_which_there_is_no_row_stay_in_the_box(client, scene):
    lines = "\n".join(f"{day(1)}\tẤp\tHọp\tcó dự\tdòng số {number}" for number in range(12))
    told = send(client, scene.cadre.user, posted(scene, pasted=lines, read="1"), MANY).content.decode()
    box = re.search(r'<textarea name="pasted".*?</textarea>', told, re.DOTALL).group()
    assert "dòng số 10" in box and "dòng số 11" in box and "dòng số 9" not in box
    assert 'value="dòng số 9"' in told


def test_a_pasted_row_is_saved_as_it_was_read(client, scene):
    name = scene.land.hamlet.spans.get().full_name
    line = f"{day(1)}\t{name}\tdoi thoai\tx"
    told = send(client, scene.cadre.user, posted(scene, pasted=line, read="1"), MANY).content.decode()
    key = re.search(r'name="row0-uuid" value="([^"]+)"', told).group(1)
    rows = posted(scene, {"uuid": key, "day": day(1), "kind": "dialogue", "line": "x"})
    send(client, scene.cadre.user, rows, MANY)
    assert str(Visit.objects.get().uuid) == key


@pytest.mark.parametrize(
    ("word", "meant"),
    [("Có dự", Attendance.ATTENDED), ("VẮNG", Attendance.ABSENT), ("vắng có phép", ""), ("", "")],
)
def test_an_excuse_is_never_guessed(word, meant):
    (row,) = read_lines([f"1/1/2026\tẤp\tHọp\t{word}"], [("", [(1, "Ấp Mẫu 1"), (2, "Ấp Mẫu 2")])])
    assert row["attendance"] == meant and row["place"] == ""


def test_a_place_is_found_by_its_whole_name_before_others_that_have_it_in_theirs():
    places = [("", [(1, "Ấp Mẫu 1"), (2, "Ấp Mẫu 10"), (3, "Tổ 1, Ấp Mẫu 1")])]
    (row,) = read_lines(["1/1/2026\tap mau 1"], places)
    assert row["place"] == "1"


def test_the_page_asks_as_much_for_one_place_as_for_many(client, scene):
    def asked():
        client.force_login(scene.cadre.user)
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(MANY)
        return len(found)

    make.norm()
    page(client, scene.cadre.user, MANY)
    before = asked()
    for number in range(12):
        place = make.place("ap", scene.land.commune, name=f"Thêm {number}")
        make.assignment(scene.cadre, place)
    assert asked() == before
