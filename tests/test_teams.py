"""Teams: dated members and cells, who sees and changes them, and one entry of a meeting for all who were there."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.translation import override

from assignments.access import reach
from assignments.actions import tallies
from assignments.actions import teams as deeds
from assignments.actions.visits import correct_visit, withdraw_visit
from assignments.models import Tally, Team, TeamCell, TeamMember, Visit
from assignments.owed import dues
from assignments.teams import attending, cells_of, members_of, teams_in_reach, teams_of
from assignments.topics import Capacity, VisitKind
from portal.actions.deed import RuleBroken
from portal.dates import first_of_month
from portal.levels import OrgKind
from portal.models import AuditEntry
from portal.roles import Role
from tests import make
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
TODAY = make.today()
DAY = timedelta(days=1)
START = make.START


def teamed():
    """A team of a commune: one who follows the hamlet whose cell it attends, and two from elsewhere."""
    make.norm()
    make.duties()
    land = make.land()
    land.staff = make.commune_staff(land.commune)
    land.other_staff = make.commune_staff(land.sibling)
    land.leader = make.following_cadre(land.hamlet, land.commune)
    land.helper = make.following_cadre(land.sibling_hamlet, land.sibling)
    land.third = make.cadre("Người Thứ Ba", place=land.commune, account=make.user())
    land.stranger = make.following_cadre(land.sibling_hamlet, land.sibling)
    land.team = deeds.found_team(
        kind="attending", name="TO-DAU-MAU", place=land.commune, since=START, by=land.staff
    )
    for cadre in (land.leader, land.helper, land.third):
        deeds.add_member(team=land.team, cadre=cadre, leads=cadre == land.leader, since=START, by=land.staff)
    deeds.assign_cells(team=land.team, cells=[land.cell], since=START, by=land.staff)
    return land


world, land = built_once("land", teamed)


def attend(land, who=None, others=(), **more):
    """The meeting of the cell, logged by one member for all who are named."""
    who = who or land.helper
    persons = [(each, "attended", "", Capacity.ALONGSIDE) for each in (who, *others)]
    told = {"kind": VisitKind.CELL_MEETING, "org": land.cell, "team": land.team, "persons": persons, **more}
    return make.visit(who, land.hamlet, **told)


def refused(deed, **told):
    with pytest.raises(RuleBroken) as broken, override("en"):
        deed(**told)
    return " ".join(str(each) for each in broken.value.messages)


# Dated rows --------------------------------------------------------------------------------------


def test_a_team_has_its_members_and_cells_on_their_days_and_on_no_other(land):
    row = land.team.members.get(cadre=land.helper)
    deeds.end_member(member=row, until=TODAY, by=land.staff)
    deeds.end_cell(cell=land.team.cells.get(), until=TODAY, by=land.staff)
    before, after = (
        {each.cadre for each in members_of([land.team.pk], day)[land.team.pk]} for day in (TODAY - DAY, TODAY)
    )
    assert land.helper in before and land.helper not in after
    assert [span.org for span in cells_of([land.team], TODAY - DAY)[land.team.pk]] == [land.cell]
    assert cells_of([land.team], TODAY) == {}
    assert attending([land.cell.pk], TODAY - DAY) == [land.team] and attending([land.cell.pk], TODAY) == []


def test_closing_ends_what_is_open_takes_back_what_has_not_begun_and_leaves_what_ended(land):
    deeds.end_member(member=land.team.members.get(cadre=land.third), until=TODAY - 9 * DAY, by=land.staff)
    deeds.add_member(team=land.team, cadre=land.stranger, since=TODAY + 5 * DAY, by=land.staff)
    deeds.close_team(team=land.team, until=TODAY, by=land.staff)
    ends = dict(land.team.members.values_list("cadre", "until"))
    assert ends == {land.leader.pk: TODAY, land.helper.pk: TODAY, land.third.pk: TODAY - 9 * DAY}
    assert land.team.cells.get().until == TODAY
    assert Team.objects.get().until == TODAY
    line = AuditEntry.objects.get(deed="close_team")
    assert line.facts["members"] == 2 and line.facts["cells"] == 1


@pytest.mark.parametrize(
    ("deed", "told", "words"),
    [
        ("add_member", {"cadre": "leader", "since": TODAY}, "already"),
        ("add_member", {"cadre": "stranger", "since": START - DAY}, "does not work"),
        ("assign_cells", {"cells": ["cell"], "since": TODAY}, "already"),
        ("assign_cells", {"cells": ["committee"], "since": TODAY}, "no cell"),
        ("assign_cells", {"cells": [], "since": TODAY}, "at least one"),
        ("close_team", {"until": START}, "before the first day"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(land, deed, told, words):
    told = dict(told)
    if "cadre" in told:
        told["cadre"] = getattr(land, told["cadre"])
    if "cells" in told:
        told["cells"] = [getattr(land, name) for name in told["cells"]]
    assert words in refused(getattr(deeds, deed), team=land.team, by=land.staff, **told)


def test_a_closed_team_takes_nobody_in_and_many_cells_are_assigned_at_once(land, django_assert_num_queries):
    more = [make.org(OrgKind.CELL_HAMLET, land.committee, land.hamlet, since=START) for _one in range(30)]
    assert deeds.assign_cells(team=land.team, cells=more, since=TODAY, by=land.staff) == 30
    assert AuditEntry.objects.filter(deed="assign_cells").latest("pk").facts["cells"] == 30
    deeds.close_team(team=land.team, until=TODAY + DAY, by=land.staff)
    told = {"team": land.team, "cadre": land.stranger, "since": TODAY + DAY, "by": land.staff}
    assert "does not work" in refused(deeds.add_member, **told)


# One entry for all -------------------------------------------------------------------------------


def test_one_entry_counts_once_as_a_visit_and_for_every_member_who_was_there(land):
    attend(land, others=[land.leader])
    visit = Visit.objects.get()
    assert visit.team == land.team
    assert {row.cadre for row in visit.persons.all()} == {land.helper, land.leader}
    sums = [(row.visits, row.persons) for row in Tally.objects.all()]
    assert (sum(one for one, _two in sums), sum(two for _one, two in sums)) == (1, 2)
    assert tallies.differences() == []


def test_it_fulfils_what_a_present_member_owes_and_makes_the_others_owe_nothing(land):
    month = [first_of_month(TODAY)]
    attend(land, others=[land.leader])
    (due,) = dues([land.leader.pk], month, TODAY)
    assert (due.owed, due.attended) == (1, 1)
    assert not any(
        due.place_id == land.hamlet.pk for due in dues([land.helper.pk, land.third.pk], month, TODAY)
    )
    assert Visit.objects.get().persons.get(cadre=land.helper).capacity == Capacity.ALONGSIDE
    assert Visit.objects.get().persons.get(cadre=land.leader).capacity == Capacity.ASSIGNED


def test_a_second_entry_of_the_same_meeting_is_refused_and_free_again_after_a_withdrawal(land):
    visit = attend(land)
    assert "already" in refused(lambda: attend(land, who=land.third))
    withdraw_visit(visit=visit, reason="Nhầm ngày", by=land.helper.user)
    assert attend(land, who=land.third).team == land.team


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": VisitKind.FIELD_CHECK}, "attends cell meetings"),
        ({"day": TODAY - 3 * DAY, "moved": True}, "does not attend"),
        ({"who": "stranger"}, "nobody of the team"),
        ({"who": "third", "persons": "excused"}, "nobody of the team"),
    ],
)
def test_what_is_no_meeting_of_the_team_is_refused(land, change, words):
    change = dict(change)
    if change.pop("moved", False):
        make.made(TeamCell.objects.update)(since=TODAY - DAY)
    who = getattr(land, change.pop("who", "helper"))
    if change.get("persons"):
        change["persons"] = [(who, "excused", "leave", Capacity.ALONGSIDE)]
    assert words in refused(lambda: attend(land, who=who, **change))
    assert not Visit.objects.exists()


def test_a_correction_keeps_the_team_while_it_fits_and_lets_it_go_where_not(land):
    visit = attend(land, others=[land.third])
    told = {"visit": visit, "reason": "Nhầm", "day": TODAY, "place": land.hamlet, "by": land.helper.user}
    went = [(land.helper, "attended", "", Capacity.ALONGSIDE)]
    correct_visit(**told, kind=VisitKind.CELL_MEETING, org=land.cell, persons=went)
    assert Visit.objects.get().team == land.team and Visit.objects.get().persons.count() == 1
    correct_visit(**told, kind=VisitKind.FIELD_CHECK, persons=went)
    assert Visit.objects.get().team is None
    assert visit.versions.latest("pk").before["team"] == land.team.pk
    assert tallies.differences() == []


def posted(land, author, **more):
    return {
        "uuid": "8b1f8b8e-54a5-4f4b-9d1e-0a7f6f1c0a01", "place": land.hamlet.pk, "day": f"{TODAY:%d/%m/%Y}",
        "kind": "cell", "org": land.cell.pk, "author": author.pk, "attendance": "attended", **more,
    }  # fmt: skip


def test_a_member_ticks_who_was_there_on_the_form(client, land):
    client.force_login(land.helper.user)
    address = reverse("assignments:visit_new")
    page = client.get(
        f"{address}?place={land.hamlet.pk}&org={land.cell.pk}&team={land.team.pk}"
    ).content.decode()
    assert "TO-DAU-MAU" in page and f'name="member_{land.third.pk}"' in page
    assert f'name="member_{land.helper.pk}"' not in page
    form = posted(land, land.helper, team=land.team.pk, **{f"member_{land.third.pk}": "on"})
    client.post(address, form)
    visit = Visit.objects.get()
    assert visit.team == land.team
    assert {row.cadre for row in visit.persons.all()} == {land.helper, land.third}


def test_ticks_without_the_team_are_told_and_nothing_is_lost(client, land):
    client.force_login(land.helper.user)
    form = posted(land, land.helper, **{f"member_{land.third.pk}": "on"})
    page = client.post(reverse("assignments:visit_new"), form).content.decode()
    assert not Visit.objects.exists()
    assert "checked" in page.split(f'name="member_{land.third.pk}"')[1][:120]


def test_whoever_of_the_team_was_forgotten_is_added_by_a_correction(client, land):
    visit = attend(land)
    client.force_login(land.helper.user)
    address = reverse("assignments:visit_correct", args=[visit.uuid])
    assert land.third.full_name in client.get(address).content.decode()
    form = posted(
        land, land.helper, **{"uuid": visit.uuid, f"with_{land.third.pk}": "attended", "reason": "Ghi thiếu"}
    )
    assert client.post(address, form).status_code == 302
    visit.refresh_from_db()
    assert visit.team == land.team
    assert {row.cadre for row in visit.persons.all()} == {land.helper, land.third}


def test_whoever_is_in_no_team_of_the_cell_is_offered_none_and_cannot_post_one(client, land):
    client.force_login(land.stranger.user)
    address = reverse("assignments:visit_new")
    page = client.get(f"{address}?place={land.hamlet.pk}&team={land.team.pk}").content.decode()
    assert "TO-DAU-MAU" not in page and land.third.full_name not in page
    client.post(address, posted(land, land.stranger, team=land.team.pk))
    assert not Visit.objects.exclude(team=None).exists()


# Who sees and changes them -----------------------------------------------------------------------


def test_staff_of_the_unit_and_members_see_a_team_and_strangers_do_not(client, land):
    page, listed = reverse("assignments:team", args=[land.team.pk]), reverse("assignments:teams")
    for user, sees in [
        (land.staff, True),
        (land.third.user, True),
        (land.helper.user, True),
        (land.stranger.user, False),
        (land.other_staff, False),
        (make.person(Role.DESK, land.commune), False),
    ]:
        client.force_login(user)
        found = client.get(page)
        assert (found.status_code == 200) == sees, user
        assert ("TO-DAU-MAU" in client.get(listed).content.decode()) == sees
        assert sees or land.third.full_name not in found.content.decode()


def test_a_team_from_above_is_seen_where_its_cells_are_and_changed_only_above(client, land):
    above = make.person(Role.ORGANISER, land.province)
    team = deeds.found_team(kind="steering", name="BAN-TREN-DAU", place=land.province, since=START, by=above)
    make.made(TeamCell.objects.create)(team=team, org=land.cell, since=START)
    assert team in teams_in_reach(reach(land.staff, TODAY))
    assert team not in teams_in_reach(reach(land.other_staff, TODAY))
    client.force_login(land.staff)
    assert client.get(reverse("assignments:team", args=[team.pk])).status_code == 200
    for name in ("team_member_new", "team_cells", "team_close"):
        assert client.get(reverse(f"assignments:{name}", args=[team.pk])).status_code == 404
    client.force_login(above)
    assert client.get(reverse("assignments:team_close", args=[team.pk])).status_code == 200
    chosen = client.post(reverse("assignments:team_cells", args=[team.pk]), {"commune": land.commune.pk})
    assert chosen.url.endswith(f"?commune={land.commune.pk}")


def test_a_member_sees_the_team_until_the_membership_ends_and_its_visits_by_reach(client, land):
    attend(land, who=land.leader)
    address = reverse("assignments:team", args=[land.team.pk])
    client.force_login(land.third.user)
    assert f"{TODAY:%d/%m/%Y}, {land.cell}" not in client.get(address).content.decode()
    client.force_login(land.staff)
    assert str(Visit.objects.get().uuid) in client.get(address).content.decode()
    deeds.end_member(member=land.team.members.get(cadre=land.third), until=TODAY, by=land.staff)
    client.force_login(land.third.user)
    assert client.get(address).status_code == 404


def test_staff_set_up_a_team_give_it_members_and_cells_and_close_it_on_the_pages(client, land):
    client.force_login(land.staff)
    day = f"{TODAY:%d/%m/%Y}"
    told = {"kind": "support", "name": "Tổ giúp việc mẫu", "place": land.commune.pk, "since": day}
    made = client.post(reverse("assignments:team_new"), {**told, "number": "7-QĐ/ĐU (mẫu)"})
    team = Team.objects.get(name="Tổ giúp việc mẫu")
    assert made.url == reverse("assignments:team", args=[team.pk]) and team.decree.number == "7-QĐ/ĐU (mẫu)"
    client.post(
        reverse("assignments:team_member_new", args=[team.pk]), {"cadre": land.third.pk, "since": day, "leads": "on"}
    )  # fmt: skip
    client.post(reverse("assignments:team_cells", args=[team.pk]), {"cells": [land.cell.pk], "since": day})
    assert team.members.get().leads and team.cells.get().org == land.cell
    page = client.get(made.url).content.decode()
    assert land.third.full_name in page and f"tel:{land.third.phone}" in page
    client.post(reverse("assignments:team_member_end", args=[team.members.get().pk]), {"until": day})
    assert team.members.get().until == TODAY + DAY
    client.post(reverse("assignments:team_cell_end", args=[team.cells.get().pk]), {"until": day})
    assert team.cells.get().until == TODAY + DAY
    client.post(reverse("assignments:team_close", args=[team.pk]), {"until": day})
    team.refresh_from_db()
    assert team.until == TODAY + DAY


def test_cadres_and_cells_from_elsewhere_cannot_be_posted(client, land):
    client.force_login(land.staff)
    day = f"{TODAY:%d/%m/%Y}"
    far = make.org(OrgKind.CELL_HAMLET, None, land.sibling_hamlet, since=START)
    client.post(
        reverse("assignments:team_member_new", args=[land.team.pk]), {"cadre": land.stranger.pk, "since": day}
    )
    client.post(reverse("assignments:team_cells", args=[land.team.pk]), {"cells": [far.pk], "since": day})
    client.post(
        reverse("assignments:team_new"), {"kind": "support", "name": "X", "place": land.sibling.pk, "since": day}
    )  # fmt: skip
    assert Team.objects.count() == 1 and not land.team.members.filter(cadre=land.stranger).exists()
    assert land.team.cells.get().org == land.cell


# Where a member and a neighbour meet it ----------------------------------------------------------


def test_a_member_finds_the_team_and_its_cells_at_home_and_among_the_responsibilities(client, land):
    assert teams_of([land.third.pk], TODAY) == [land.team]
    cell = str(land.cell.spans.get().name)
    for name in ("reports:home", "assignments:responsibilities"):
        client.force_login(land.third.user)
        page = client.get(reverse(name)).content.decode()
        assert "TO-DAU-MAU" in page and cell in page, name
        client.force_login(land.stranger.user)
        assert "TO-DAU-MAU" not in client.get(reverse(name)).content.decode()


def test_the_pages_of_the_hamlet_and_the_cell_name_the_team_to_whoever_sees_people_there(client, land):
    for address in (
        reverse("reports:place", args=[land.hamlet.pk]),
        reverse("portal:org", args=[land.cell.pk]),
    ):
        client.force_login(land.staff)
        assert "TO-DAU-MAU" in client.get(address).content.decode(), address
        client.force_login(land.stranger.user)
        assert "TO-DAU-MAU" not in client.get(address).content.decode(), address


# Costs -------------------------------------------------------------------------------------------


@make.made
def crowd(land, number):
    """So many teams, each with a member and a cell; the one of the world with as many of each."""
    teams = Team.objects.bulk_create(
        Team(kind="support", name=f"Tổ {one}", place=land.commune, since=START) for one in range(number)
    )
    cadres = [make.cadre(f"Người {one}", place=land.commune) for one in range(min(number, 100))]
    TeamMember.objects.bulk_create(
        TeamMember(team=team, cadre=cadres[one % len(cadres)], since=START) for one, team in enumerate(teams)
    )
    TeamCell.objects.bulk_create(TeamCell(team=team, org=land.cell, since=START) for team in teams)
    TeamMember.objects.bulk_create(TeamMember(team=land.team, cadre=each, since=START) for each in cadres)


@pytest.mark.parametrize("number", [1, 10, 1000])
def test_the_pages_ask_as_often_however_many_teams_there_are(
    client, land, number, django_assert_max_num_queries
):
    crowd(land, number)
    for user in (land.staff, land.third.user):
        client.force_login(user)
        for address in (reverse("assignments:teams"), reverse("assignments:team", args=[land.team.pk])):
            client.get(address)
            with django_assert_max_num_queries(24):
                assert client.get(address).status_code == 200
