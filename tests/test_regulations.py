"""The rules of grading as rows: loaded once, unconfirmed until a document says so, and a committee's own criteria."""

from decimal import Decimal

import pytest
from django.conf import settings
from django.urls import reverse

from portal.actions.deed import RuleBroken
from portal.models import AuditEntry
from portal.roles import Role
from reports.actions.regulations import (
    CriterionTyped,
    change_rule,
    criteria_problems,
    issue_criteria,
)
from reports.actions.review_rounds import open_review_round
from reports.actions.rules_of_grading import load_grading_rules
from reports.evidence import KEYS
from reports.grades import Method
from reports.models import (
    CriteriaSet,
    Criterion,
    DisqualifyingRule,
    ExcellenceCap,
    GradeThreshold,
    GradingScheme,
    Review,
)
from tests import make
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
RULES = settings.HOME / "seeds" / "rules"
YEAR = make.today().year


def loaded():
    load_grading_rules(folder=RULES, by=make.clerk())
    land = make.land()
    land.organiser = make.person(Role.ORGANISER, land.commune)
    land.province_organiser = make.person(Role.ORGANISER, land.province)
    land.viewer = make.person(Role.VIEWER, land.commune)
    land.decree = make.decree("9-HD/TU (mẫu)")
    return land


world, land = built_once("land", loaded)


def scheme():
    return GradingScheme.objects.get(code="QD366_2025")


def cells():
    return CriteriaSet.objects.get(scheme=scheme(), family="cells", issued_by=None)


def rows(general=30, tasks=70):
    return [
        CriterionTyped("I", "Chung mẫu", Decimal(general), False),
        CriterionTyped("II", "Nhiệm vụ mẫu", Decimal(tasks), True, "work"),
    ]


def issued(land, **more):
    told = {"old": cells(), "issued_by": land.committee, "title": "Bộ của xã", "first_year": YEAR, "rows": rows(),
            "decree": land.decree, "by": land.organiser}  # fmt: skip
    return issue_criteria(**{**told, **more})


def test_the_rules_are_loaded_once_and_what_an_office_changed_stays(land):
    threshold = GradeThreshold.objects.get(scheme=scheme(), grade="excellent")
    change_rule(rule=threshold, fields={"above_percent": 35}, by=land.organiser)
    again = load_grading_rules(folder=RULES, by=make.clerk())
    assert set(again.values()) == {0}
    threshold.refresh_from_db()
    assert threshold.above_percent == 35


def test_every_loaded_rule_has_a_source_and_none_is_confirmed(land):
    for model in (GradeThreshold, DisqualifyingRule, CriteriaSet):
        assert model.objects.exists()
        assert not model.objects.filter(source="").exists()
        assert not model.objects.filter(is_confirmed=True).exists()


def test_the_sets_of_2025_have_thirty_general_points_and_seventy_for_tasks(land):
    for found in CriteriaSet.objects.filter(scheme=scheme()):
        typed = [CriterionTyped(c.group, c.text, c.max_points, c.is_task) for c in found.criteria.all()]
        assert criteria_problems(typed, Method.POINTS) == []
    assert set(Criterion.objects.exclude(evidence="").values_list("evidence", flat=True)) <= set(KEYS)


def test_each_regulation_has_conditions_for_three_grades_by_its_method(land):
    for found in GradingScheme.objects.all():
        assert set(found.thresholds.values_list("grade", flat=True)) == {"excellent", "good", "met"}
        column = "least_points" if found.method == Method.POINTS else "core_level"
        assert not found.thresholds.filter(**{column: None}).exists()


def test_an_organiser_confirms_by_a_document_and_a_change_takes_it_back(client, land):
    client.force_login(land.province_organiser)
    rule = GradeThreshold.objects.get(scheme=scheme(), grade="good")
    sent = {"number": "43-HD/BTCTW (mẫu)", "issuer": "Ban Tổ chức (mẫu)", "signed": ""}
    assert client.post(reverse("reports:rule_confirm", args=["muc", rule.pk]), sent).status_code == 302
    rule.refresh_from_db()
    assert rule.is_confirmed and "43-HD" in rule.source
    page = client.get(reverse("reports:rule_change", args=["muc", rule.pk])).context["form"].initial
    changed = {name: "" if value is None else value for name, value in page.items()} | {"least_points": "72"}
    assert client.post(reverse("reports:rule_change", args=["muc", rule.pk]), changed).status_code == 302
    rule.refresh_from_db()
    assert rule.least_points == 72 and not rule.is_confirmed
    assert {"confirm_grading_rule", "change_grading_rule"} <= set(
        AuditEntry.objects.values_list("deed", flat=True)
    )


@pytest.mark.parametrize("who", ["viewer", "steward"])
def test_nobody_else_changes_or_confirms_a_rule(client, land, who):
    user = land.viewer if who == "viewer" else make.person(Role.STEWARD, land.commune)
    client.force_login(user)
    rule = GradeThreshold.objects.first()
    for name in ("rule_change", "rule_confirm"):
        assert client.get(reverse(f"reports:{name}", args=["muc", rule.pk])).status_code in {403, 404}


def test_whoever_reads_grades_reads_the_rules_with_their_sources(client, land):
    client.force_login(land.viewer)
    page = client.get(reverse("reports:regulation", args=[scheme().pk])).content.decode()
    for words in ("366-QĐ/TW Điều 11", "Chưa xác nhận", "Có tổ chức trực thuộc"):
        assert words in page
    assert reverse("reports:rule_confirm", args=["muc", GradeThreshold.objects.first().pk]) not in page
    assert client.get(reverse("reports:regulations")).status_code == 200


def test_a_committee_issues_criteria_of_its_own_for_the_cells_below_it(client, land):
    client.force_login(land.organiser)
    address = reverse("reports:criteria_new", args=[cells().pk])
    page = client.get(address)
    form = page.context["form"]
    assert "E+" not in page.content.decode()
    sent = {
        name: "" if value is None else value
        for name, value in (
            (name, form.get_initial_for_field(field, name)) for name, field in form.fields.items()
        )
        if not isinstance(value, bool) or value
    }
    sent |= {
        "issued_by": land.committee.pk,
        "number": "12-HD/ĐU (mẫu)",
        "issuer": "Đảng ủy mẫu",
        "signed": "",
    }
    assert client.post(address, {**sent, "points_0": "7"}).status_code == 200
    assert not CriteriaSet.objects.filter(issued_by=land.committee).exists()
    assert client.post(address, sent).status_code == 302
    own = CriteriaSet.objects.get(issued_by=land.committee)
    assert own.criteria.count() == cells().criteria.count() and own.is_confirmed
    open_review_round(year=YEAR, place=land.commune, by=land.organiser)
    assert Review.objects.get(org=land.cell).criteria_set == own


def test_points_that_do_not_add_up_are_told_with_the_sums(land):
    assert criteria_problems(rows(29, 70), Method.POINTS)
    assert "29" in criteria_problems(rows(29, 70), Method.POINTS)[0]
    assert criteria_problems(rows(1, 1), Method.LEVELS) == []


def test_a_later_set_ends_the_former_and_no_earlier_one_slips_in(land):
    first = issued(land)
    second = issued(land, old=first, first_year=YEAR + 1)
    first.refresh_from_db()
    assert (first.last_year, second.last_year) == (YEAR, None)
    with pytest.raises(RuleBroken):
        issued(land, first_year=YEAR)


def test_a_stranger_neither_sees_nor_copies_the_criteria_of_another_committee(client, land):
    own = issued(land, title="BOMATXAMAU")
    client.force_login(make.person(Role.ORGANISER, land.sibling))
    assert "BOMATXAMAU" not in client.get(reverse("reports:regulation", args=[scheme().pk])).content.decode()
    assert client.get(reverse("reports:criteria_new", args=[own.pk])).status_code == 404


def test_what_holds_for_the_province_is_not_changed_by_the_organiser_of_a_commune(client, land):
    client.force_login(land.organiser)
    told = client.get(reverse("reports:regulation", args=[scheme().pk])).content.decode()
    threshold, cap = GradeThreshold.objects.filter(scheme=scheme()).first(), scheme().caps.first()
    for kind, pk in (("muc", threshold.pk), ("tran", cap.pk), ("quy", scheme().pk), ("tieu-chi", cells().pk)):
        for name in ("rule_change", "rule_confirm"):
            address = reverse(f"reports:{name}", args=[kind, pk])
            sent = {"number": "1-QĐ (mẫu)", "has_quarters": "on", "percent": "99", "least_points": "1"}
            assert client.post(address, sent).status_code == 404 and f'"{address}"' not in told
    assert reverse("reports:criteria_new", args=[cells().pk]) in told
    assert not scheme().has_quarters and not scheme().quarters_confirmed
    assert not GradeThreshold.objects.filter(is_confirmed=True).exists()


def test_the_organiser_of_a_commune_confirms_the_criteria_of_the_own_committee(client, land):
    own = issued(land)
    client.force_login(land.organiser)
    assert client.get(reverse("reports:rule_confirm", args=["tieu-chi", own.pk])).status_code == 200


def test_a_ceiling_is_named_as_papers_write_it(land):
    assert str(ExcellenceCap(percent=Decimal("20.00"))) == "20%"
    assert str(ExcellenceCap(percent=Decimal("22.50"))) == "22,5%"


def quarters(name):
    return reverse(f"reports:{name}", args=["quy", scheme().pk])


def test_quarters_are_off_unconfirmed_and_turned_on_by_an_organiser_who_confirms_them(client, land):
    assert not GradingScheme.objects.exclude(has_quarters=False, quarters_confirmed=False).exists()
    client.force_login(land.province_organiser)
    assert client.get(quarters("rule_change")).status_code == 200
    assert client.post(quarters("rule_change"), {"has_quarters": "on"}).status_code == 302
    assert (scheme().has_quarters, scheme().quarters_confirmed) == (True, False)
    page = client.get(reverse("reports:regulation", args=[scheme().pk])).content.decode()
    assert "Năm và các quý của năm." in page and "Chưa xác nhận" in page
    sent = {"number": "12-HD/TU (mẫu)", "issuer": "", "signed": ""}
    assert client.post(quarters("rule_confirm"), sent).status_code == 302
    assert scheme().quarters_confirmed and "12-HD/TU" in scheme().quarters_source
    client.post(quarters("rule_change"), {})
    assert (scheme().has_quarters, scheme().quarters_confirmed) == (False, False)
    told = (
        AuditEntry.objects.filter(kind="reports.gradingscheme").order_by("pk").values_list("deed", flat=True)
    )
    assert list(told) == ["change_grading_rule", "confirm_grading_rule", "change_grading_rule"]
    assert not GradingScheme.objects.exclude(code="QD366_2025").filter(has_quarters=True).exists()


@pytest.mark.parametrize("role", [Role.VIEWER, Role.STEWARD, Role.COMMUNE_STAFF])
def test_nobody_else_turns_quarters_on(client, land, role):
    client.force_login(make.person(role, land.commune))
    for name in ("rule_change", "rule_confirm"):
        assert client.post(quarters(name), {"has_quarters": "on", "number": "1-QĐ (mẫu)"}).status_code in {
            403,
            404,
        }
    assert not scheme().has_quarters and not scheme().quarters_confirmed


def test_the_regulations_loaded_again_leave_the_quarters_as_the_office_has_them(land):
    change_rule(rule=scheme(), fields={"has_quarters": True}, by=land.organiser)
    load_grading_rules(folder=RULES, by=make.clerk())
    assert scheme().has_quarters
