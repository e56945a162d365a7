"""What the five articles count, imported through the same engine as an office's lists and read back from the pages."""

import io
from collections import Counter
from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace

import openpyxl
import pytest
from django.conf import settings
from django.urls import reverse

from assignments.actions.rules_loading import load_rules
from assignments.models import Assignment, CadrePost, GoodModel
from portal import orgs, places
from portal.actions.seeding import load_territory
from portal.actions.system import system_user
from portal.imports import engine
from portal.imports.kinds import kind_named
from portal.levels import CELLS, OrgKind
from portal.models import Household, ImportState, PartyOrgSpan, Place, User
from reports.actions.rules_of_grading import load_grading_rules
from reports.models import Evaluation
from seeds.articles import figures
from tests import make
from tests.rosters import problems, scope
from tests.workbooks import one_sheet
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
ON = date(2020, 11, 13)
SEEDS = settings.HOME / "seeds"


def build() -> SimpleNamespace:
    by = make.clerk()
    load_territory(folder=SEEDS, by=by)
    load_territory(folder=SEEDS / "articles" / "territory", by=by)
    load_rules(folder=SEEDS / "rules", by=by)
    load_grading_rules(folder=SEEDS / "rules", by=by)
    for sheet in figures.sheets():
        run = engine.take_in(
            kind=kind_named(sheet.kind),
            file=one_sheet(sheet.head, *sheet.rows),
            file_name=f"{sheet.article}.xlsx",
            scope=scope(system_user(), since=sheet.since),
            at_once=True,
        )
        wrong = list(problems(run).items())[:4]
        assert not wrong, (sheet.article, sheet.kind, wrong)
        engine.save(run=run, good_only=False, consent=True, at_once=True)
        assert run.state == ImportState.APPLIED, (
            sheet.article,
            sheet.kind,
            run.message,
            list(problems(run).items())[:3],
        )
    return SimpleNamespace()


world, told = built_once("told", build)


def org(name: str) -> int:
    return PartyOrgSpan.objects.get(name=name).org_id


def viewer(place_id: int):
    return make.person("viewer", Place.objects.get(pk=place_id), f"xem-{place_id}")


def of_page(client, name: str, place_id: int, *args, **query):
    account = User.objects.filter(username=f"xem-{place_id}").first() or viewer(place_id)
    client.force_login(account)
    return client.get(reverse(name, args=args), query)


def today() -> int:
    """The province of today, which stands for Bến Tre; its districts ended without an heir."""
    return places.by_code("86", make.today()).place_id


def column(answer, code: str) -> str:
    place = [kind.code for kind in answer.context["kinds"]].index(code)
    return answer.context["sums"][place]


def yes(client, district: int, org_name: str, year: int, group: str, code: str) -> tuple[str, str]:
    answer = of_page(client, "assignments:facts", district, org=org(org_name), year=year, group=group)
    first, _of, second = column(answer, code).split()
    return first, second


def test_cam_son_is_counted_as_printed(told, client):
    on = figures.CAM_SON_DAY
    commune = places.by_code("28978", on).place_id
    below = {level: places.spans_within(commune, on, level) for level in ("hamlet", "group")}
    assert [below["hamlet"].count(), below["group"].count()] == [10, 130]
    assert Household.objects.filter(place__in=places.within_any([commune], on)).count() == 3_552
    assert not Household.objects.exclude(head="").exists()
    cells = orgs.cells_in([commune], on)
    assert Counter(cells.values_list("kind", flat=True)) == {OrgKind.CELL_HAMLET: 10, OrgKind.CELL_SECTOR: 7}
    counts = orgs.counts([org(figures.CAM_SON)], 2021)[org(figures.CAM_SON)]
    assert (counts.members, counts.exempt, counts.away) == (386, 50, 20)
    each = orgs.counts(cells.values_list("org", flat=True), 2021).values()
    assert [sum(getattr(one, name) for one in each) for name in ("members", "exempt", "away")] == [
        386,
        50,
        20,
    ]
    who = Assignment.objects.current(on).values_list("tier", "cadre").distinct()
    assert Counter(tier for tier, _cadre in who) == {"province": 1, "district": 7, "commune": 41}
    assert not CadrePost.objects.exclude(cadre__full_name__contains="Mẫu").exists()
    assert Evaluation.objects.get(org=org(figures.CAM_SON), year=2021).grade == "good"
    text = of_page(client, "reports:place", today(), commune, on="31/12/2022").content.decode()
    printed = ("10 ấp", "130 tổ", "17 chi bộ", "Đảng viên: 386 · Được miễn: 50 · Đi làm ăn xa: 20")
    assert all(words in text for words in printed)


def test_kien_xuong_is_graded_as_printed(told, client):
    bodies = PartyOrgSpan.objects.filter(parent=org("Đảng bộ huyện Kiến Xương")).values("org")
    cells = PartyOrgSpan.objects.filter(parent__in=bodies).values("org")
    for rows, printed in ((cells, figures.CELL_GRADES), (bodies, figures.BODY_GRADES)):
        found = Counter(Evaluation.objects.filter(year=2022, org__in=rows).values_list("grade", flat=True))
        assert [found[grade] for grade in ("excellent", "good", "met", "failed")] == list(printed)
    named = Evaluation.objects.filter(year=2022).values("org")
    assert not PartyOrgSpan.objects.filter(org__in=named).exclude(name__contains="Mẫu").exists()


def test_binh_dinh_has_its_cells_and_members_and_no_grade(told):
    body = org("Đảng bộ xã Bình Định")
    cells = PartyOrgSpan.objects.filter(parent=body, kind__in=CELLS).values_list("org", flat=True)
    assert len(cells) == 13
    assert sum(count.members for count in orgs.counts(cells, 2022).values()) == 439
    assert orgs.counts([body], 2022)[body].members == 439
    assert not Evaluation.objects.filter(org__in=[body, *cells]).exists()


def test_vu_le_shows_its_five_models(told, client):
    commune = places.by_code("BAO-VL", date(2022, 12, 31)).place_id
    assert GoodModel.objects.filter(place=commune).exclude(recognised=None).count() == 5
    text = of_page(client, "reports:place", commune, commune, on="31/12/2022").content.decode()
    assert all(f"Dân vận khéo: {title.lower()}" in text for title in figures.GOOD_MODELS)


def test_tan_hong_has_a_meeting_place_for_each_cell(told, client):
    district = places.by_code("BAO-TH", date(2019, 5, 13)).place_id
    for group, code in (("work", "MEETING_PLACE"), ("posts", "SECRETARY_HEAD"), ("posts", "DEPUTY_FRONT")):
        assert yes(client, district, "Đảng bộ huyện Tân Hồng", 2019, group, code) == ("39", "39")
    assert yes(client, district, "Đảng bộ xã Tân Phước", 2019, "posts", "SECRETARY_CHAIR") == ("1", "1")


def test_mo_cay_bac_is_counted_as_printed_and_the_stated_total_is_kept(told, client):
    district, name = today(), figures.MO_CAY_BAC
    assert yes(client, district, name, 2020, "work", "CONGRESS")[0] == "200"
    counted = [yes(client, district, name, 2020, "posts", code)[0]
               for code in ("SECRETARY_HEAD", "SECRETARY_FRONT", "NONSPECIALISED")]  # fmt: skip
    assert counted == ["42", "43", "2"]
    answer = of_page(client, "assignments:facts", district, org=org(name), year=2020, group="posts")
    stated = dict(zip([kind.code for kind in answer.context["kinds"]], answer.context["stated"], strict=True))
    assert stated["COMBINED"] == "89" != str(sum(map(int, counted)))
    assert yes(client, district, name, 2020, "work", "DISSEMINATED")[0] == "13"
    communes = [org(f"Đảng bộ xã {commune}") for commune in figures.COMMUNES]
    assert (
        len(communes) == places.spans_within(places.by_code("838", ON).place_id, ON, "commune").count() == 13
    )
    sums = of_page(client, "assignments:sessions", district, year=2020).context["sums"]
    assert (sums["classes"], sums["attendees"]) == (3, 650)
    assert of_page(client, "assignments:work_summary", district, year=2020).context["total"].registered == 90
    answer = of_page(client, "assignments:facts", district, org=org(name), year=2020, format="xlsx")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert any(89 in row for row in book.active.iter_rows(values_only=True))


def test_every_invented_row_says_so(told) -> None:
    def names() -> Iterator[str]:
        yield from PartyOrgSpan.objects.filter(kind__in=CELLS).values_list("name", flat=True)
        yield from CadrePost.objects.values_list("cadre__full_name", flat=True)

    assert all("Mẫu" in name for name in names())
