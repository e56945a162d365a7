"""The list of visits: what each number of a dashboard opens, within reach, paged and taken along."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from assignments.actions import visit_bulk
from assignments.topics import VisitKind
from portal.actions import places as deeds
from portal.models import AuditEntry
from tests import make
from tests.visit_scene import LIST, Scene, page
from tests.worlds import built_once

pytestmark = pytest.mark.django_db


world, scene = built_once("scene", Scene)


def shown(client, user, query=""):
    client.force_login(user)
    response = client.get(LIST + query)
    assert response.status_code == 200
    return {row["visit"].pk for row in response.context_data["rows"]}, response.context_data


def test_the_list_shows_what_lies_in_reach(client, scene):
    here, there = (
        make.visit(scene.cadre, scene.land.hamlet),
        make.visit(scene.stranger, scene.land.sibling_hamlet),
    )
    assert shown(client, scene.staff)[0] == {here.pk}
    assert shown(client, scene.stranger.user)[0] == {there.pk}
    assert shown(client, scene.leader)[0] == {here.pk, there.pk}


def test_every_number_opens_the_list_it_counts(client, scene):
    cell = make.visit(
        scene.cadre, scene.land.hamlet, kind=VisitKind.CELL_MEETING,
        persons=[(scene.cadre,), (scene.colleague, "excused", "study")],
    )  # fmt: skip
    field = make.visit(scene.cadre, scene.land.groups[0])
    far = make.visit(scene.stranger, scene.land.sibling_hamlet)
    today = f"{make.today():%d/%m/%Y}"
    rows, context = shown(client, scene.leader, f"?place={scene.land.commune.pk}&since={today}&last={today}")
    assert rows == {cell.pk, field.pk} and (context["number"], context["heads"]) == (2, 3)
    rows, context = shown(client, scene.leader, "?kind=cell&attendance=excused")
    assert rows == {cell.pk} and (context["number"], context["heads"]) == (1, 1)
    assert shown(client, scene.leader, f"?place={scene.land.sibling.pk}&recorded=1")[0] == {far.pk}
    assert shown(client, scene.leader, f"?cadre={scene.stranger.pk}")[0] == {far.pk}
    assert shown(client, scene.leader, "?capacity=stand_in")[0] == set()


def test_a_commune_that_ended_opens_its_visits_and_so_does_its_heir(client, scene):
    visit = make.visit(scene.cadre, scene.land.hamlet)
    merged = deeds.merge_places(
        olds=[scene.land.commune, scene.land.sibling],
        into=deeds.NewPlace("28981", "Hương Mẫu", "xa", scene.land.province),
        on=make.today() - timedelta(days=30),
        decree=make.decree(),
        by=make.clerk(),
    )
    for place in (scene.land.commune, merged, scene.land.hamlet):
        assert shown(client, scene.leader, f"?place={place.pk}")[0] == {visit.pk}


def test_the_list_is_paged_by_key_without_losing_a_row(client, scene):
    day = make.today()
    rows = [
        visit_bulk.BulkVisit(
            day=day - timedelta(days=number % 7), kind="field", place_id=scene.land.hamlet.pk,
            persons=[visit_bulk.BulkPerson(scene.cadre.pk)],
        )
        for number in range(120)
    ]  # fmt: skip
    visit_bulk.log_visits_in_bulk(visits=rows, place_ids=[scene.land.hamlet.pk], by=make.clerk())
    seen, url, pages = [], "", 0
    while url is not None:
        found, context = shown(client, scene.staff, url)
        seen += found
        url, pages = context["more_url"] or None, pages + 1
    assert pages == 3 and len(seen) == len(set(seen)) == 120


def test_the_list_costs_the_same_number_of_queries_for_one_row_and_for_many(
    client, scene, django_assert_max_num_queries
):
    client.force_login(scene.leader)
    for _ in range(2):
        make.visit(scene.cadre, scene.land.hamlet)
        with django_assert_max_num_queries(24):
            client.get(LIST)


def test_the_list_begins_with_last_month_unless_all_are_asked_for(client, scene):
    early = make.today() - timedelta(days=200)
    row = visit_bulk.BulkVisit(
        day=early,
        kind="field",
        place_id=scene.land.hamlet.pk,
        persons=[visit_bulk.BulkPerson(scene.cadre.pk)],
    )
    visit_bulk.log_visits_in_bulk(visits=[row], place_ids=[scene.land.hamlet.pk], by=make.clerk())
    assert shown(client, scene.staff)[1]["number"] == 0
    assert shown(client, scene.staff, "?since=")[1]["number"] == 1
    assert shown(client, scene.staff, f"?place={scene.land.hamlet.pk}")[1]["number"] == 1


def test_the_workbook_asks_what_for_and_leaves_a_line(client, scene):
    make.visit(scene.cadre, scene.land.hamlet, promises=[("lờiriêng", None)])
    url = reverse("assignments:visits_export")
    page(client, scene.staff, url)
    response = client.post(url, {"purpose": "report"})
    sheet = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content))).active
    text = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
    assert scene.cadre.full_name in text and "lờiriêng" not in text
    assert AuditEntry.objects.get(deed="download_names").facts["what"] == "visits"
