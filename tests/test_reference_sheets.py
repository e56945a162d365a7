"""The small reference tables go out as a sheet and come in by one: shown first, then kept by the action.

Nothing else writes them, and what is wrong is told by row.
"""

import io
import re
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.contrib import admin
from django.core import signing
from django.test import Client

from assignments.models import AnswerNorm, Duty, DutyNorm, FactKind, Holiday, Term, TopicBody
from portal.levels import Level
from portal.models import AuditEntry, User
from portal.roles import Role
from portal.sheets import small_tables, widgets
from portal.sheets.cells import CellError
from portal.views.reference_sheets import Exported, Sheets
from reports.models import ExcellenceCap, GradingScheme
from tests import make
from tests.workbooks import one_sheet
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
HOLIDAYS = "/admin/assignments/holiday/"
HEAD = ["Ngày nghỉ", "Tên ngày nghỉ", "Đã xác nhận", "Văn bản, nguồn"]
LAW = "Bộ luật Lao động 2019"
XLSX, CSV = "0", "1"


world, land = built_once("land", make.land)


def entered(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def steward(land) -> Client:
    return entered(make.person(Role.STEWARD, land.province, "quan-tri-mau"))


def shown(
    client: Client, address: str, file: io.BytesIO, *, form: str = XLSX, name: str = "bang.xlsx"
) -> Any:
    file.seek(0)
    file.name = name
    return client.post(f"{address}import/", {"import_file": file, "format": form, "resource": "0"})


def confirmed(client: Client, address: str, preview: Any) -> Any:
    form = preview.context["confirm_form"]
    return client.post(f"{address}process_import/", form.initial, follow=True)


def kept(client: Client, address: str, *rows: Any) -> Any:
    preview = shown(client, address, one_sheet(*rows))
    assert preview.context.get("confirm_form"), preview.content.decode()
    return confirmed(client, address, preview)


def exported(client: Client, address: str, form: str = XLSX) -> bytes:
    answer = client.post(f"{address}export/", {"format": form, "resource": "0"})
    assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"], (
        answer.content.decode()
    )
    return answer.content


def errors(answer: Any) -> list[tuple[int, str]]:
    rows = answer.context["result"].invalid_rows
    return [(row.number, text) for row in rows for texts in row.error_dict.values() for text in texts]


def test_rows_are_shown_and_only_then_kept(steward):
    rows = [
        ["BẢNG NGÀY NGHỈ"],
        [],
        HEAD,
        ["30/04/2026", "Ngày Giải phóng", "x", LAW],
        [date(2026, 9, 2), "Quốc khánh", None],
    ]
    preview = shown(steward, HOLIDAYS, one_sheet(*rows))
    assert "Quốc khánh" in preview.content.decode() and not Holiday.objects.exists()
    confirmed(steward, HOLIDAYS, preview)
    assert list(Holiday.objects.order_by("day").values_list("day", "name", "is_confirmed")) == [
        (date(2026, 4, 30), "Ngày Giải phóng", True), (date(2026, 9, 2), "Quốc khánh", False),
    ]  # fmt: skip
    lines = AuditEntry.objects.filter(deed="keep_reference")
    assert {line.by_name for line in lines} == {"Nguyễn Mẫu quan-tri-mau"} and len(lines) == 2


def test_many_rows_are_changed_at_once(steward):
    level = str(Level.COMMUNE.label)
    for days in (10, 11):
        answer = kept(steward, NORMS, NORM_HEAD, *(
            [level, days, f"01/0{month}/2026", f"28/0{month}/2026", "", None] for month in range(1, 9)
        ))  # fmt: skip
        assert answer.redirect_chain[-1][0] == NORMS
    assert set(AnswerNorm.objects.values_list("working_days", flat=True)) == {11}
    assert AnswerNorm.objects.count() == 8 and AuditEntry.objects.filter(deed="keep_reference").count() == 16


def test_a_changed_row_says_what_stood_there_before(steward):
    kept(steward, HOLIDAYS, HEAD, ["02/09/2026", "Quốc khánh", None])
    kept(steward, HOLIDAYS, HEAD, ["02/09/2026", "Quốc khánh (nghỉ bù)", None])
    line = AuditEntry.objects.filter(deed="keep_reference").latest("pk")
    assert line.facts == {"before": {"name": "Quốc khánh"}, "after": {"name": "Quốc khánh (nghỉ bù)"}}


def test_columns_that_are_not_there_are_left_as_they_are(steward):
    kept(steward, HOLIDAYS, HEAD, ["02/09/2026", "Quốc khánh", "x", LAW])
    kept(steward, HOLIDAYS, HEAD[:2], ["02/09/2026", "Lễ Quốc khánh"])
    assert Holiday.objects.get().is_confirmed


def test_every_table_goes_out_and_comes_back_unchanged(steward):
    filled()
    for model, room in admin.site._registry.items():
        if not isinstance(room, Sheets):
            continue
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        for form, name in ((XLSX, "bang.xlsx"), (CSV, "bang.csv")):
            file = io.BytesIO(exported(steward, address, form))
            answer = shown(steward, address, file, form=form, name=name)
            result = answer.context["result"]
            assert not result.invalid_rows and not result.error_rows, (address, form, errors(answer))
            assert result.totals["skip"] == result.total_rows == model._default_manager.count() > 0, address


def filled() -> None:
    @make.made
    def rows() -> None:
        Holiday.objects.create(day=date(2026, 1, 1), name="=Tết +1", source=LAW, is_confirmed=True)
        Holiday.objects.create(day=date(2026, 1, 10), name="Làm bù", is_worked=True)
        AnswerNorm.objects.create(
            level="commune", working_days=15, since=date(2026, 1, 1), until=date(2027, 1, 1)
        )
        TopicBody.objects.create(topic="roads", level="commune", words="Phòng Mẫu", since=date(2026, 1, 1))
        FactKind.objects.create(code="MAU", group="work", position=1, label="Số liệu mẫu", form="count",
                                for_committees=True, persons=True, since=date(2016, 1, 1))  # fmt: skip
        Term.objects.create(
            org_kind="cell_hamlet", label="2020 – 2022", since=date(2020, 1, 1), until=date(2022, 7, 1)
        )
        scheme = GradingScheme.objects.create(
            code="0132", name="Quy định mẫu", first_year=2018, last_year=2022
        )
        ExcellenceCap.objects.create(
            scheme=scheme,
            percent=Decimal("17.50"),
            base="good_only",
            grouping="all",
            rounding="floor",
            min_one=True,
        )
        motto = Duty._meta.apps.get_model("assignments", "AssignmentScheme").objects.create(
            name="Phương châm mẫu", since=date(2016, 5, 18)
        )
        motto.rungs.create(tier="commune", level="hamlet", must_cover=False)

    rows()
    make.norm()
    make.duties()


def test_what_is_taken_out_leaves_a_line_and_says_by_whom(steward):
    make.made(Holiday.objects.create)(day=date(2026, 1, 1), name="@Tết")
    sheet = openpyxl.load_workbook(io.BytesIO(exported(steward, HOLIDAYS))).active
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert "@Tết" in texts and any("Nguyễn Mẫu quan-tri-mau" in text for text in texts)
    line = AuditEntry.objects.get(deed="download_list")
    assert line.facts == {"what": "reference:holiday", "purpose": "reference", "rows": 1}
    assert "'@Tết" in exported(steward, HOLIDAYS, CSV).decode("utf-8-sig")


NORM_HEAD = [
    "Cấp giải quyết",
    "Số ngày làm việc",
    "Áp dụng từ ngày",
    "Đến hết ngày",
    "Văn bản, nguồn",
    "Đã xác nhận",
]
NORMS = "/admin/assignments/answernorm/"


def test_broken_rules_are_told_by_row_and_nothing_is_kept(steward):
    level = str(Level.COMMUNE.label)
    answer = shown(steward, NORMS, one_sheet(
        NORM_HEAD, [level, 10, "01/01/2026", None, "QĐ mẫu", "x"],
        [level, 12, "01/06/2026", None, "", None], [level, 5, "01/01/2020", None, "", "x"],
    ))  # fmt: skip
    assert [number for number, _text in errors(answer)] == [3, 4], answer.content.decode()
    assert "đánh dấu đã xác nhận" in dict(errors(answer))[4]
    assert "confirm_form" not in answer.context and not AnswerNorm.objects.exists()
    assert "<td>4</td>" in answer.content.decode()


def test_cells_that_cannot_be_read_are_told_by_row(steward):
    answer = shown(steward, NORMS, one_sheet(
        NORM_HEAD, ["Liên xã", 10, "01/01/2026"], ["province", "mười", "01/01/2026"], ["province", 10, "32/01/2026"],
    ))  # fmt: skip
    assert sorted({number for number, _text in errors(answer)}) == [2, 3, 4]


def test_what_changed_since_the_preview_is_not_overwritten_by_halves(steward):
    level = str(Level.COMMUNE.label)
    preview = shown(steward, NORMS, one_sheet(
        NORM_HEAD, ["province", 5, "01/01/2026"], [level, 10, "01/01/2026"]))  # fmt: skip
    make.made(AnswerNorm.objects.create)(level="commune", working_days=7, since=date(2025, 6, 1))
    answer = confirmed(steward, NORMS, preview)
    assert AnswerNorm.objects.get().working_days == 7
    assert answer.redirect_chain[-1][0].endswith("/import/")


def test_the_file_between_preview_and_saving_cannot_be_exchanged(steward):
    preview = shown(steward, HOLIDAYS, one_sheet(HEAD, ["02/09/2026", "Quốc khánh", None]))
    posted = dict(preview.context["confirm_form"].initial)
    posted["import_file_name"] = signing.dumps("UEs=", salt="another")
    answer = steward.post(f"{HOLIDAYS}process_import/", posted, follow=True)
    assert answer.status_code == 200 and not Holiday.objects.exists()


def test_an_upload_is_read_in_a_process_of_its_own(steward, monkeypatch):
    opened = []
    real = small_tables.open_workbook
    monkeypatch.setattr(small_tables, "open_workbook", lambda file: opened.append(file) or real(file))
    shown(steward, HOLIDAYS, one_sheet(HEAD, ["02/09/2026", "Quốc khánh", None]))
    assert opened


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"%PDF-1.7", b"a,b\n1,2\n"])
def test_a_file_that_is_no_such_table_is_refused_with_words(steward, content):
    answer = shown(steward, HOLIDAYS, io.BytesIO(content))
    assert answer.status_code == 200 and answer.context["form"].errors["import_file"]
    assert not re.search(r"Error|Exception|Traceback", str(answer.context["form"].errors))


def test_a_file_too_large_or_with_too_many_rows_is_refused(steward, monkeypatch):
    answer = shown(steward, HOLIDAYS, io.BytesIO(b"x" * 1_000_001))
    assert answer.context["form"].errors["import_file"]
    monkeypatch.setattr(small_tables, "MOST_ROWS", 2)
    rows = [[f"0{n}/09/2026", "Lễ", None] for n in range(1, 5)]
    assert shown(steward, HOLIDAYS, one_sheet(HEAD, *rows)).context["form"].errors["import_file"]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ORGANISER, Role.COMMUNE_STAFF, Role.LOG_READER])
def test_nobody_but_a_steward_takes_out_or_brings_in(role, land):
    client = entered(make.person(role, land.province, "nguoi-khac"))
    for page in ("import/", "export/"):
        assert client.get(f"{HOLIDAYS}{page}", follow=True).status_code == 403
        assert client.post(f"{HOLIDAYS}{page}", {"format": XLSX}, follow=True).status_code == 403
    assert client.post(f"{HOLIDAYS}process_import/", {}, follow=True).status_code == 403


def test_tables_kept_elsewhere_are_only_taken_out(steward):
    rooms = [room for room in admin.site._registry.values() if isinstance(room, Exported)]
    only_out = {room.model for room in rooms if not isinstance(room, Sheets)}
    assert Duty in only_out and DutyNorm not in only_out
    assert steward.get("/admin/assignments/duty/export/").status_code == 200
    assert steward.post("/admin/assignments/duty/import/", {"format": XLSX}).status_code != 200


def test_the_pages_have_no_scripts_or_styles_in_their_lines(steward):
    """The policy of the pages would block them."""
    preview = shown(steward, HOLIDAYS, one_sheet(HEAD, ["02/09/2026", "Quốc khánh", None]))
    pages = [preview, *(steward.get(f"{HOLIDAYS}{page}") for page in ("", "import/", "export/"))]
    for page in pages:
        text = page.content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>\s*\S", text) and not re.search(r"\son\w+=", text)
        assert not re.search(r"\sstyle=", text), re.search(r".{60}\sstyle=.{60}", text)
    assert "<ins>Quốc khánh</ins>" in preview.content.decode()


def test_a_widget_reads_what_it_writes():
    day = date(2026, 9, 5)
    for widget, value in (
        (widgets.TEXT, "=1 Mẫu"), (widgets.DAY, day), (widgets.LAST_DAY, day), (widgets.WHOLE, 3552),
        (widgets.CROSS, True), (widgets.CROSS, False), (widgets.SHARE, Decimal("17.5")), (widgets.NUMBERS, [1, 2, 3]),
    ):  # fmt: skip
        assert widget.clean(widget.render(value)) == value
        assert widget.clean(widget.render(value, force_native_type=True)) == value
    assert widgets.LAST_DAY.render(day) == "04/09/2026"
    with pytest.raises(CellError):
        widgets.SHARE.clean("nhiều")
