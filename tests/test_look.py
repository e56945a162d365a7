"""The parts that pages are put together from."""

import hashlib
import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from portal.forms.fields import DayField, FreeText, LastDayField
from portal.rules import freetext_problems
from portal.templatetags import plain

STATIC = settings.HOME / "static"


@pytest.fixture(autouse=True)
def vietnamese():
    with translation.override("vi"):
        yield


def shown(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def asked(source: str, address: str, **context: object) -> str:
    return shown(source, request=RequestFactory().get(address), **context)


class Promise(forms.Form):
    day = DayField(label="Ngày")
    until = LastDayField(label="Đến hết ngày", required=False)
    note = FreeText(label="Nội dung")
    kind = forms.ChoiceField(
        label="Loại", choices=[("a", "A"), ("b", "B"), ("c", "C")], widget=forms.RadioSelect
    )
    sure = forms.BooleanField(label="Hộ đồng ý")
    where = forms.ChoiceField(label="Nơi", choices=[("1", "Ấp Mẫu 1")])


def test_a_day_is_written_day_month_year_in_both_languages():
    assert plain.day(date(2026, 1, 5)) == "05/01/2026"
    with translation.override("en"):
        assert plain.day(date(2026, 1, 5)) == "05/01/2026"


def test_the_last_day_of_a_stretch_is_the_day_before_its_until():
    assert plain.last_day(date(2025, 7, 1)) == "30/06/2025"
    assert plain.last_day(None) == ""


def test_a_moment_is_shown_in_vietnamese_time():
    assert plain.moment(datetime(2026, 11, 19, 18, 30, tzinfo=UTC)) == "20/11/2026, 01:30"


def test_thousands_are_parted_by_points_in_vietnamese():
    assert plain.number(1234567) == "1.234.567"
    assert plain.number(0) == "0"
    assert plain.number(None) == "–"


def test_a_share_is_rounded_half_up_and_never_divides_by_nothing():
    assert plain.percent(1, 8) == "12,5%"
    assert plain.percent(1, 2000) == "0,1%"
    assert plain.percent(3, 0) == "–"
    assert plain.share(1755, 1942).endswith("90,4%")


def test_every_tone_shows_its_sign_beside_its_word():
    assert 'href="#i-alert"' in shown('{% tag "late" "Quá hạn 3 ngày" %}')
    with pytest.raises(KeyError):
        shown('{% tag "pink" "x" %}')


@pytest.mark.parametrize(("days", "tone"), [(-3, "gd-tag-late"), (0, "gd-tag-soon"), (5, "gd-tag-soon")])
def test_a_deadline_says_how_many_days(days, tone):
    assert tone in shown("{% days_left days %}", days=days)


def test_no_deadline_shows_nothing():
    assert shown("{% days_left days %}", days=None) == ""


def test_words_from_the_database_are_escaped_in_tags_and_errors():
    assert "<b>" not in shown('{% tag "" name %}', name="<b>Ấp</b>")
    form = Promise({"note": "<script>"})
    assert "<script>" not in shown("{{ form }}", form=form)


def test_a_field_ties_hint_guard_and_error_to_its_input():
    form = Promise({"note": "Hộ 079204001234 xin nối ống nước"})
    html = shown("{% field form.note %}", form=form)
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_note_guard id_note_error"' in html
    assert 'id="id_note_guard"' in html and 'id="id_note_error"' in html


def test_choices_are_cards_in_one_fieldset():
    html = shown("{% field form.kind %}", form=Promise())
    assert html.count("<fieldset") == 1 and html.count('class="gd-choice"') == 3
    assert "gd-choices-3" in html


def test_a_form_without_layout_gets_the_look_of_the_portal():
    html = shown("{{ form }}", form=Promise())
    assert html.count("gd-field") == 6
    assert 'class="form-select"' in html and "gd-date" in html


def test_an_optional_field_says_so_and_a_required_one_says_nothing():
    optional = shown("{% field form.until %}", form=Promise())
    assert "fw-normal" in optional
    assert "fw-normal" not in shown("{% field form.note %}", form=Promise())


def test_the_summary_links_to_every_wrong_field_and_counts_them():
    form = Promise({"day": "31/02/2026", "kind": "a", "where": "1", "sure": "on", "note": ""})
    html = shown("{% errors form %}", form=form)
    assert 'href="#id_day"' in html and 'href="#id_note"' in html
    assert 'role="alert"' in html


def test_the_summary_of_a_fresh_form_is_empty():
    assert shown("{% errors form %}", form=Promise()).strip() == ""


@pytest.mark.parametrize("typed", ["20/11/2026", "20-11-2026", " 20/11/2026 ", "2026-11-20"])
def test_a_typed_day_is_day_before_month(typed):
    assert DayField().clean(typed) == date(2026, 11, 20)


@pytest.mark.parametrize("typed", ["31/02/2026", "15/13/2026", "hôm qua", "20/11"])
def test_a_day_that_does_not_exist_is_refused(typed):
    with pytest.raises(forms.ValidationError):
        DayField().clean(typed)


def test_a_last_day_is_kept_as_the_first_day_after():
    field = LastDayField()
    assert field.clean("30/06/2025") == date(2025, 7, 1)
    assert field.prepare_value(date(2025, 7, 1)) == date(2025, 6, 30)


def test_a_twelve_digit_number_is_refused_in_free_text_and_a_telephone_number_is_not():
    assert freetext_problems("CCCD 079204001234")
    assert not freetext_problems("Gọi 0912345678 trước khi đến")
    with pytest.raises(forms.ValidationError):
        FreeText().clean("số 079 204 001 234")


def test_free_text_keeps_its_lines_but_not_its_invisible_characters():
    assert FreeText().clean("Đường\u200b ngập\r\nCầu hư") == "Đường ngập\nCầu hư"


def test_a_parameter_is_changed_and_the_others_stay():
    html = asked("{% query page=2 %}", "/?q=x&page=1")
    assert html == "?q=x&amp;page=2"
    assert asked("{% query q=None page=None %}", "/?q=x&page=1") == "?"


def test_a_sorted_head_tells_its_order_and_turns_it():
    html = asked('{% sort_head "name" "Ấp" default="name" %}', "/?page=3")
    assert 'aria-sort="ascending"' in html and "sort=-name" in html and "page" not in html
    assert 'aria-sort="descending"' in asked('{% sort_head "name" "Ấp" %}', "/?sort=-name")
    assert "aria-sort" not in asked('{% sort_head "name" "Ấp" %}', "/")


def test_the_pager_says_which_rows_of_how_many():
    page = Paginator(range(3552), 50).page(2)
    html = asked("{% pager page %}", "/?q=x&page=2", page=page)
    assert "51–100" in html and "3.552" in html
    assert "page=1" in html and "page=3" in html and "q=x" in html


def test_chips_mark_the_chosen_filter_and_count_what_each_holds():
    html = asked(
        '{% chips "state" choices %}', "/?state=late&page=4", choices=[("", "Tất cả", 26), ("late", "Trễ", 2)]
    )
    assert html.count('aria-current="true"') == 1
    assert "<b>26</b>" in html and "page" not in html


def test_vendored_files_are_what_the_manifest_says():
    listed = json.loads((STATIC / "vendor" / "manifest.json").read_text())
    there = {path.relative_to(STATIC / "vendor").as_posix() for path in (STATIC / "vendor").rglob("*.*")}
    assert there == {
        "manifest.json",
        *(row["file"] for row in listed),
        *(row["licence_file"] for row in listed),
    }
    for row in listed:
        assert hashlib.sha256((STATIC / "vendor" / row["file"]).read_bytes()).hexdigest() == row["sha256"]


@pytest.mark.parametrize(
    "path", sorted((settings.HOME / "templates").rglob("*.html")), ids=lambda path: path.name
)
def test_no_template_carries_inline_style_or_script(path):
    source = path.read_text()
    assert "style=" not in source and "<style" not in source
    assert "javascript:" not in source and " onclick" not in source
    for script in source.split("<script")[1:]:
        assert "src=" in script.split(">")[0]


def test_every_icon_that_a_template_names_is_in_the_sprite():
    sprite = (settings.HOME / "templates" / "parts" / "icons.html").read_text()
    named = {
        part.split('"')[0]
        for path in (settings.HOME / "templates").rglob("*.html")
        for part in path.read_text().split('{% icon "')[1:]
    }
    assert named and all(f'id="i-{name}"' in sprite for name in named)


def test_points_are_cut_to_two_places_and_never_rounded_up_to_a_threshold():
    told = ["94.57", "94.5", "94.50", "90", "100", "89.999", "0.005", "0"]
    with translation.override("vi"):
        assert [plain.points(Decimal(one)) for one in told] == [
            "94,57", "94,5", "94,5", "90", "100", "89,99", "0", "0",
        ]  # fmt: skip
        assert (plain.points(None), plain.cut(Decimal("89.96")), plain.cut(Decimal(90))) == (
            "–",
            "89,9",
            "90,0",
        )
