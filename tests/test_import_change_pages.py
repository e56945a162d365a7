"""What can be done with a preview before it is saved, and with an import after: pages that correct, complete, undo."""

import pytest
from django.urls import reverse

from portal.actions.deed import bookkeeping
from portal.models import ColumnChoice, Household, ImportRun, ImportState
from tests import make
from tests.rosters import HOUSEHOLD_HEAD, checked, counts, name_of, saved
from tests.workbooks import one_sheet
from tests.worlds import built_once

pytestmark = pytest.mark.django_db


world, land = built_once("land", make.land)


@pytest.fixture
def staff(land, client):
    account = make.commune_staff(land.commune)
    client.force_login(account)
    return account


def address(name: str, run: ImportRun) -> str:
    return reverse(f"reports:import_{name}", args=[run.pk])


def refused(land, staff) -> ImportRun:
    return checked(
        "households", staff, one_sheet(HOUSEHOLD_HEAD, [1, name_of(land.hamlet), 1], [2, "Ấp Không Có", 1])
    )


def test_a_wrong_cell_is_corrected_on_the_page(client, land, staff):
    run = refused(land, staff)
    page = client.get(address("run", run)).content.decode()
    row = run.rows.get(fate="refused")
    name = f"cell-{row.pk}-hamlet"
    assert f'name="{name}" value="Ấp Không Có"' in page
    typed = {name: name_of(land.hamlet), f"was-{row.pk}-hamlet": "Ấp Không Có"}
    page = client.post(address("correct", run), typed, follow=True).content.decode()
    run.refresh_from_db()
    assert counts(run) == {"added": 2}
    assert "?fate=corrected" in page
    rows = client.get(address("run", run) + "?fate=corrected").context["rows"]
    assert [one["row"].number for one in rows] == [3]


def test_nothing_happens_where_no_cell_was_changed(client, land, staff):
    run = refused(land, staff)
    row = run.rows.get(fate="refused")
    client.post(address("correct", run), {f"cell-{row.pk}-hamlet": "x", f"was-{row.pk}-hamlet": "x"})
    run.refresh_from_db()
    assert counts(run) == {"added": 1, "refused": 1} and run.state == ImportState.READY


def test_rows_of_another_import_are_not_corrected(client, land, staff):
    run, other = refused(land, staff), refused(land, make.commune_staff(land.commune))
    row = other.rows.get(fate="refused")
    client.post(address("correct", run), {f"cell-{row.pk}-hamlet": name_of(land.hamlet)})
    other.refresh_from_db()
    assert counts(other) == {"added": 1, "refused": 1}
    assert client.post(address("correct", other)).status_code == 404


def test_a_complete_list_is_asked_for_and_shown_in_red_before_it_ends_anything(client, land, staff):
    kept, gone = land.households[:2]
    rows = [[*HOUSEHOLD_HEAD, "Mã hộ"], [None, name_of(land.hamlet), 1, kept.code]]
    run = checked("households", staff, one_sheet(*rows))
    assert client.get(address("complete", run)).context["danger"]
    client.post(address("complete", run))
    page = client.get(address("run", run) + "?fate=ended")
    assert gone.code in page.content.decode() and page.context["missing"] == 1
    client.post(address("save", run), {})
    gone.refresh_from_db()
    assert gone.until is None
    client.post(address("save", run), {"ends_missing": "on"})
    gone.refresh_from_db()
    assert gone.until == make.today()


def test_a_list_is_made_additions_only_again(client, land, staff):
    run = checked("households", staff, one_sheet(HOUSEHOLD_HEAD, [1, name_of(land.hamlet), 1]))
    client.post(address("complete", run))
    client.get(address("complete", run))
    run.refresh_from_db()
    assert counts(run) == {"added": 1} and not run.options["complete"]


def test_an_import_is_undone_from_its_receipt(client, land, staff):
    run = saved(checked("households", staff, one_sheet(HOUSEHOLD_HEAD, [1, name_of(land.hamlet), 1])))
    assert address("undo", run) in client.get(address("run", run)).content.decode()
    assert not client.get(address("undo", run)).context["obstacles"]
    page = client.post(address("undo", run), follow=True)
    assert not Household.objects.filter(code="001").exists()
    assert page.context["run"].state == ImportState.UNDONE
    assert address("undo", run) not in page.content.decode()


def test_what_stands_in_the_way_of_undoing_is_listed_by_row(client, land, staff):
    run = saved(checked("hamlets", staff, one_sheet(["Ấp", "Tổ"], ["Ấp Mẫu 9", "1"])))
    saved(checked("households", staff, one_sheet(HOUSEHOLD_HEAD, [1, "Ấp Mẫu 9", 1])))
    page = client.post(address("undo", run))
    assert page.status_code == 200 and len(page.context["obstacles"]) == 1
    run.refresh_from_db()
    assert run.state == ImportState.APPLIED


def asking(land, staff) -> ImportRun:
    """A preview whose column D nobody has named yet."""
    run = checked("households", staff, one_sheet(HOUSEHOLD_HEAD, [1, name_of(land.hamlet), 1]))

    @bookkeeping("a list whose columns are doubtful")
    def doubt() -> None:
        sheet = {**run.sheets[0], "doubtful": [[3, "D", "Số hiệu hộ", ["code"]]]}
        ImportRun.objects.filter(pk=run.pk).update(sheets=[sheet], state=ImportState.ASKING)
        chunk = run.chunks.get()
        chunk.rows[0][1]["?3"] = "H-77"
        chunk.save()

    doubt()
    run.refresh_from_db()
    return run


def test_a_doubtful_column_is_asked_on_one_screen_with_what_stands_in_it(client, land, staff):
    run = asking(land, staff)
    page = client.get(address("run", run), follow=True)
    assert page.redirect_chain[0][0] == address("columns", run)
    text = page.content.decode()
    assert "Số hiệu hộ" in text and "H-77" in text
    client.post(address("columns", run), {"0-3": "code", "remember": "on"})
    run.refresh_from_db()
    assert run.state == ImportState.READY
    assert run.rows.get().title.startswith("H-77 · ")
    choice = ColumnChoice.objects.get()
    assert (choice.place_id, choice.heading, choice.field) == (land.commune.pk, "so hieu ho", "code")


def test_a_column_that_is_left_out_is_forgotten(client, land, staff):
    run = asking(land, staff)
    client.post(address("columns", run), {"0-3": ""})
    run.refresh_from_db()
    assert run.rows.get().title.startswith("001 · ") and not ColumnChoice.objects.exists()
    assert "H-77" not in str(list(run.chunks.values_list("rows")))


def test_only_whoever_uploaded_a_file_names_its_columns(client, land, staff):
    run = asking(land, make.commune_staff(land.commune))
    for name in ("columns", "correct", "complete", "undo"):
        assert client.post(address(name, run)).status_code == 404, name
