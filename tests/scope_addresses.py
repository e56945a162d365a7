"""How the scope test builds each address. A new address goes into ADDRESSES, or the test fails.

`plain` takes no arguments, `private` names rows that are not there for a stranger (404), `public` names what everybody
signed in may open: places, organisations, bodies and decrees by name, never the people and numbers in them.
"""

import uuid
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from tests import make
from tests.scope import Plot


class Ask(NamedTuple):
    kwargs: dict[str, Any]
    query: dict[str, Any] = {}
    post: dict[str, Any] | None = None


Build = Callable[[Plot], list[Ask]]


class Address(NamedTuple):
    asks: Build
    is_private: bool = False


# Parts of the marks, so that a search finds them, and its own words echoed on the page are no find.
SEARCHES = ["person", "text-", "dau"]


def plain(**query: Any) -> Address:
    """Without arguments; asked once as it is, once for the plot's place."""
    return Address(lambda plot: [Ask({}, query), Ask({}, {**query, "place": plot.place.pk})])


def searched(name: str = "q") -> Address:
    return Address(lambda plot: [Ask({}, {name: word}) for word in SEARCHES])


def download() -> Address:
    return Address(lambda plot: [Ask({}, {"place": plot.place.pk}, {"purpose": "report"})])


def as_workbook(
    of: Callable[[Plot], dict[str, Any]] | None = None, *, named: bool = False, **query: Any
) -> Address:
    """A list of the page as a workbook; where it has names in it, its purpose is chosen."""
    post = {"purpose": "report"} if named else None
    return Address(lambda plot: [Ask(of(plot) if of else {}, {**query, "format": "xlsx"}, post)])


def private(*asks: Callable[[Plot], dict[str, Any]], **query: Any) -> Address:
    return Address(lambda plot: [Ask(ask(plot), query) for ask in asks], is_private=True)


def public(*asks: Callable[[Plot], dict[str, Any]]) -> Address:
    return Address(lambda plot: [Ask(ask(plot)) for ask in asks])


LISTS = ["hamlets", "party-orgs", "head-counts", "cadres", "assignments", "households", "grades", "facts", "work-items",
         "sessions", "good-models"]  # fmt: skip


def existing_lists(plot: Plot) -> list[Ask]:
    """Each kind of list, with names, of everything and of the plot's place."""
    day = {"on": "01/01/2030", "purpose": "report", "names": "on"}
    wishes = [{}, {"place": str(plot.place.pk)}, {"place": str(plot.place.pk), "on": "01/01/2024"}]
    return [Ask({}, {}, {**day, "kind": kind, **wish}) for kind in LISTS for wish in wishes]


def household(plot: Plot) -> uuid.UUID:
    return plot.household.uuid if plot.household else uuid.uuid4()


def of_place(plot: Plot) -> dict[str, Any]:
    return {"pk": plot.place.pk}


def of_small(plot: Plot) -> dict[str, Any]:
    return {"pk": plot.small.pk}


def of_cadre(plot: Plot) -> dict[str, Any]:
    return {"pk": plot.cadre.pk}


def of_visit(plot: Plot) -> dict[str, Any]:
    return {"uuid": plot.visit.uuid}


def of_point(**query: Any) -> Address:
    """What is issued at the top is read by everybody below."""
    return Address(lambda plot: [Ask({"pk": plot.point.pk}, query)] if plot.point else [])


def of_round(plot: Plot) -> dict[str, Any]:
    return {"pk": plot.round.pk}


def of_review(plot: Plot) -> dict[str, Any]:
    return {"pk": plot.review.pk}


def of_condition(plot: Plot) -> dict[str, Any]:
    return {**of_review(plot), "applied_id": plot.review.rules_applied.get().pk}


def of_cadre_round(plot: Plot) -> dict[str, Any]:
    return {"pk": plot.cadre_review.round_id}


def of_cadre_review(plot: Plot) -> dict[str, Any]:
    return {"pk": plot.cadre_review.pk}


def of_org(plot: Plot) -> dict[str, Any]:
    return {"pk": plot.org.pk}


def of_month(plot: Plot) -> dict[str, Any]:
    return {**of_org(plot), "year": make.today().year, "month": make.today().month}


def of_work(plot: Plot) -> dict[str, Any]:
    return {"uuid": plot.work_item.uuid}


def of_account(plot: Plot) -> dict[str, Any]:
    return {"user_id": plot.account.pk}


def of_run(plot: Plot) -> dict[str, Any]:
    return {"pk": plot.run.pk}


def with_verbs(of: Callable[[Plot], dict[str, Any]], *verbs: str, name: str = "verb") -> list[Callable]:
    return [lambda plot, verb=verb: {**of(plot), name: verb} for verb in verbs]


REVIEW_VERBS = "goi-y y-kien tra-lai dieu-kien dinh-chinh".split()
CADRE_YEAR = ["reports:cadre_review", "reports:own_report", "reports:cadre_opinion"]
CADRE_VERBS = "noi-theo-doi don-vi tra-lai de-ngoai".split()
PAPERS = ("phan-cong kien-nghi ket-qua so-theo-doi tran-xuat-sac ket-qua-xep-loai phieu-danh-gia mau-01 "
          "khen-thuong").split()  # fmt: skip


def paper(kind: str) -> Address:
    """The page for one's own place, for the plot's, and its file."""
    frame = dict.fromkeys(["issuer", "signed_for", "post", "kept_by"], "X")
    frame |= {"symbol": "BC/X", "issued_on": "01/01/2026"}
    told = {**frame, "purpose": "report", "format": "xlsx"}
    return Address(
        lambda plot: [
            Ask({"name": kind}),
            Ask({"name": kind}, {"place": plot.place.pk}),
            Ask({"name": kind}, {"place": plot.place.pk, "round": plot.round.pk}, told),
        ]
    )


STEPS = ["accept", "answer", "reopen", "withdraw", "remind", "join", "part", "beyond", "direct", "outside"]


def both(*addresses: Address) -> Address:
    """Several ways to ask one address."""

    def asks(plot: Plot) -> Iterator[Ask]:
        for address in addresses:
            yield from address.asks(plot)

    return Address(lambda plot: list(asks(plot)))


def private_too(*addresses: Address) -> Address:
    return both(*addresses)._replace(is_private=True)


ADDRESSES: dict[str, Address] = {
    # portal
    "portal:health": plain(),
    "portal:help": plain(),
    "portal:sign_in": plain(),
    "portal:sign_out": plain(),
    "portal:forgotten": plain(),
    "portal:language": plain(),
    "portal:account": plain(),
    "portal:password": plain(),
    "portal:lost_phone": plain(),
    "portal:sign_out_everywhere": plain(),
    "portal:accounts": both(plain(), searched(), as_workbook(named=True)),
    "portal:account_new": plain(),
    "portal:account_of": private(of_account),
    "portal:account_edit": private(of_account),
    "portal:slip": private(of_account),
    "portal:account_close": private(of_account),
    "portal:grant_new": private(of_account),
    "portal:grant_end": private(lambda plot: {"user_id": plot.grant.user_id, "grant_id": plot.grant.pk}),
    "portal:place_change": private(
        *with_verbs(of_place, "mo", "doi-ten"), *with_verbs(of_small, "doi-ten", "ket-thuc")
    ),
    "portal:household_new": private(of_small),
    "portal:heads_policy": private(of_place),
    "portal:household_change": private(
        *with_verbs(lambda plot: {"uuid": household(plot)}, "chuyen", "ket-thuc", "chu-ho")
    ),
    "portal:orgs": both(plain(), searched(), as_workbook()),
    "portal:org": public(of_org),
    "portal:org_count": private(of_org),
    "portal:org_change": private(*with_verbs(of_org, "doi-ten", "ket-thuc")),
    "portal:agencies": both(plain(), searched(), as_workbook()),
    "portal:agency_new": plain(),
    "portal:agency_change": public(*with_verbs(lambda plot: {"pk": plot.agency.pk}, "sua", "ket-thuc")),
    "portal:decrees": both(plain(), searched(), as_workbook()),
    "portal:decree_new": plain(),
    # assignments
    "assignments:cadres": both(plain(), searched()),
    "assignments:cadres_export": download(),
    "assignments:cadre_new": plain(),
    "assignments:cadre": private(of_cadre),
    "assignments:cadre_year": private(
        lambda plot: {**of_cadre(plot), "year": make.today().year},
        lambda plot: {**of_cadre(plot), "year": make.today().year - 1},
    ),
    "assignments:cadre_edit": private(of_cadre),
    "assignments:post_new": private(of_cadre),
    "assignments:post_end": private(lambda plot: {"pk": plot.cadre.pk, "post_id": plot.post.pk}),
    "assignments:cadre_account": private(of_cadre),
    "assignments:roster": plain(),
    "assignments:roster_export": download(),
    "assignments:assign": both(
        plain(), Address(lambda plot: [Ask({}, {"place": plot.small.pk}), Ask({}, {"cadre": plot.cadre.pk})])
    ),
    "assignments:cover_new": private(lambda plot: {"pk": plot.assignment.pk}),
    "assignments:cover_end": private(lambda plot: {"pk": plot.cover.pk}),
    "assignments:assignment_end": private(lambda plot: {"pk": plot.assignment.pk}),
    "assignments:hand_over": private(lambda plot: {"pk": plot.assignment.pk}),
    "assignments:coverage": both(
        *(plain(list=name) for name in ("uncovered", "ended", "overload", "closed"))
    ),
    "assignments:coverage_export": download(),
    "assignments:petitions": both(plain(), searched()),
    "assignments:petitions_export": plain(),
    "assignments:petition_new": both(
        plain(complaint="no"), Address(lambda plot: [Ask({}, {"complaint": "no", "visit": plot.visit.uuid})])
    ),
    "assignments:late_bodies": plain(),
    "assignments:late_body": private(lambda plot: {"pk": plot.agency.pk}),
    "assignments:reminder_letter": private(lambda plot: {"pk": plot.agency.pk}),
    "assignments:petition": private(lambda plot: {"uuid": plot.petition.uuid}),
    "assignments:petition_answer": private(lambda plot: {"uuid": plot.answered.uuid}),
    "assignments:petition_step": private(
        *with_verbs(lambda plot: {"uuid": plot.petition.uuid}, *STEPS, name="name")
    ),
    "assignments:visits": both(
        plain(), searched(), Address(lambda plot: [Ask({}, {"cadre": plot.cadre.pk})])
    ),
    "assignments:visits_export": plain(),
    "assignments:visit_new": both(plain(), Address(lambda plot: [Ask({}, {"place": plot.small.pk})])),
    "assignments:visits_many": plain(),
    "assignments:visit_blank": plain(),
    "assignments:service_worker": plain(),
    "assignments:manifest": plain(),
    "assignments:offline": plain(),
    "assignments:offline_server": plain(),
    "assignments:offline_send": plain(),
    "assignments:device_enter": plain(),
    "assignments:device_ask": plain(),
    "assignments:visit": private(of_visit),
    "assignments:visit_correct": private(of_visit),
    "assignments:visit_household": private(of_visit),
    "assignments:visit_return": private(of_visit),
    "assignments:visit_withdraw": private(of_visit),
    "assignments:promise_kept": private(
        lambda plot: {"uuid": plot.visit.uuid, "promise_id": plot.promise.pk}
    ),
    "assignments:responsibilities": plain(),
    "assignments:urgent_words": plain(),
    "assignments:urgent_new": both(
        plain(), Address(lambda plot: [Ask({}, {"place": plot.small.pk, "visit": plot.visit.uuid})])
    ),
    "assignments:urgent_word": private(lambda plot: {"uuid": plot.urgent.uuid}),
    "assignments:points": both(plain(), plain(state="past")),
    "assignments:point": private_too(of_point(), of_point(state="told")),
    "assignments:point_new": plain(),
    "assignments:point_withdraw": private_too(of_point()),
    "assignments:periods": plain(),
    "assignments:periods_new": plain(),
    "assignments:period": private(lambda plot: {"pk": plot.period.pk}),
    "assignments:closing_day": private(lambda plot: {"pk": plot.period.pk}),
    "assignments:plans": both(plain(), plain(view="month")),
    "assignments:progress": both(
        *(
            plain(list=name)
            for name in ("waiting", "plans", "plans-late", "quiet-cadres", "quiet-hamlets", "quiet-groups")
        )
    ),
    "assignments:plan_new": both(
        plain(), Address(lambda plot: [Ask({}, {"place": plot.small.pk, "org": plot.org.pk})])
    ),
    "assignments:plan": private(lambda plot: {"uuid": plot.plan.uuid}),
    "assignments:plan_step": private(*with_verbs(lambda plot: {"uuid": plot.plan.uuid}, "doi-ngay", "bo")),
    "assignments:meeting_day": private(of_org),
    "assignments:meetings": both(plain(), plain(list="draft")),
    "assignments:meetings_form": both(plain(), as_workbook()),
    "assignments:meeting_sheet": plain(),
    "assignments:meeting_sheet_word": public(lambda plot: {"sheet_id": plot.sheet.pk}),
    "assignments:meeting_sheet_confirm": public(lambda plot: {"sheet_id": plot.sheet.pk}),
    "assignments:cell_month": private(of_month),
    "assignments:cell_month_facts": private(of_month),
    "assignments:cell_month_sheet": private(of_month),
    "assignments:cell_month_tasks": private(of_month),
    "assignments:cell_month_confirm": private(of_month),
    "assignments:cell_month_reopen": private(of_month),
    "assignments:facts": both(
        plain(), plain(group="work"), Address(lambda plot: [Ask({}, {"org": plot.org.pk})]), as_workbook()
    ),
    "assignments:org_facts": private(of_org),
    "assignments:org_facts_edit": private(of_org),
    "assignments:work_items": both(plain(), plain(sector="party"), as_workbook()),
    "assignments:work_summary": both(plain(), plain(by="sector"), as_workbook()),
    "assignments:work_item_new": plain(),
    "assignments:work_next_year": plain(),
    "assignments:work_item": private(of_work),
    "assignments:work_progress": private(of_work),
    "assignments:work_withdraw": private(of_work),
    "assignments:sessions": both(plain(), as_workbook()),
    "assignments:session_new": plain(),
    "assignments:good_models": both(plain(), as_workbook()),
    "assignments:good_model_new": plain(),
    "assignments:good_model_edit": private(lambda plot: {"pk": plot.model.pk}),
    "assignments:duties": both(plain(), as_workbook()),
    "assignments:duties_confirm": plain(),
    "assignments:duty_wording": public(lambda plot: {"duty_id": plot.duty.pk}),
    # reports
    "reports:home": plain(),
    "reports:overview": plain(),
    "reports:dashboard": private(of_place),
    "reports:answer_times": private(of_place),
    "reports:without_entry": private_too(private(of_place), as_workbook(of_place, named=True)),
    "reports:remind": private(lambda plot: {**of_place(plot), "cadre_id": plot.cadre.pk}),
    "reports:places": both(plain(), searched(), as_workbook()),
    "reports:place": public(of_place, of_small),
    "reports:households": private(of_small),
    "reports:household": private(lambda plot: {"uuid": household(plot)}),
    "reports:household_slip": private(lambda plot: {"uuid": household(plot)}),
    "reports:objection_new": private(lambda plot: {"uuid": household(plot)}),
    "reports:objection": private(
        lambda plot: {"uuid": plot.objection.uuid if plot.objection else uuid.uuid4()}
    ),
    "reports:papers": plain(),
    "reports:paper": both(*(paper(kind) for kind in PAPERS)),
    "reports:issued_paper": private(lambda plot: {"pk": plot.paper.pk}),
    "reports:search": searched(),
    "reports:audit_book": both(plain(), searched(), as_workbook(named=True)),
    "reports:imports": both(plain(), searched()),
    "reports:import_new": plain(),
    "reports:import_lists": both(plain(kind="cadres"), Address(existing_lists)),
    "reports:import_template": public(lambda plot: {"name": "cadres"}),
    "reports:import_run": private(of_run),
    "reports:import_save": private(of_run),
    "reports:import_answers": private(of_run),
    "reports:import_drop": private(of_run),
    "reports:import_columns": private(of_run),
    "reports:import_correct": private(of_run),
    "reports:import_complete": private(of_run),
    "reports:import_undo": private(of_run),
    "reports:import_slips": private(of_run),
    "reports:import_go_on": private(of_run),
    "reports:import_refused": private(of_run),
    "reports:rounds": both(plain(), as_workbook()),
    "reports:round_open": plain(),
    "reports:round": private(of_round),
    "reports:round_orgs": private_too(private(of_round), as_workbook(of_round)),
    "reports:round_decide": private(of_round),
    "reports:packs": private(of_round),
    "reports:pack_go_on": private(lambda plot: {"pk": plot.pack.pk}),
    "reports:pack_file": private(lambda plot: {"pk": plot.pack.pk}),
    "reports:round_lock": private(of_round),
    "reports:round_unlock": private(of_round),
    "reports:round_fill": private(of_round),
    "reports:round_changes": private(of_round),
    "reports:round_announce": private(of_round),
    "reports:reviews": private_too(private(of_round), as_workbook(of_round)),
    "reports:review": private(of_review),
    "reports:self_part": private(
        *with_verbs(of_review, "ket-qua", "goi-y", "tieu-chi", "xep-loai", name="part")
    ),
    "reports:hand_in": private(of_review),
    "reports:appraise": private(of_review),
    "reports:condition_withdraw": private(of_condition),
    "reports:review_step": private(*with_verbs(of_review, *REVIEW_VERBS)),
    **dict.fromkeys(["reports:cadre_rounds", "reports:cadre_round_open", "reports:cadre_opinions"], plain()),
    **dict.fromkeys(["reports:cadre_round", "reports:cadre_decide"], private(of_cadre_round)),
    "reports:commendations": private_too(private(of_cadre_round), as_workbook(of_cadre_round, named=True)),
    "reports:cadre_round_step": private(*with_verbs(of_cadre_round, "bo-sung", "cong-bo", "khoa", "mo-khoa")),
    **dict.fromkeys(CADRE_YEAR, private(of_cadre_review)),
    "reports:cadre_step": private(*with_verbs(of_cadre_review, *CADRE_VERBS)),
}
