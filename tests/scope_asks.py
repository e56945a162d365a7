"""Ways to ask an address in the scope test: which arguments it takes, and what is sent to it."""

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


def of_group(plot: Plot) -> dict[str, Any]:
    return {**of_round(plot), "family": plot.set_ceiling.family, "superior": plot.set_ceiling.superior_id}


def of_set_ceiling(plot: Plot) -> dict[str, Any]:
    return {**of_round(plot), "set_id": plot.set_ceiling.pk}


def of_rule(kind: str) -> Callable[[Plot], dict[str, Any]]:
    return lambda plot: {"kind": kind, "pk": (plot.cap if kind == "tran" else plot.criteria).pk}


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


def of_team(plot: Plot) -> dict[str, Any]:
    return {"pk": plot.team.pk}


def of_account(plot: Plot) -> dict[str, Any]:
    return {"user_id": plot.account.pk}


def of_run(plot: Plot) -> dict[str, Any]:
    return {"pk": plot.run.pk}


def with_verbs(of: Callable[[Plot], dict[str, Any]], *verbs: str, name: str = "verb") -> list[Callable]:
    return [lambda plot, verb=verb: {**of(plot), name: verb} for verb in verbs]


REVIEW_VERBS = "goi-y y-kien tra-lai dieu-kien dinh-chinh".split()
CADRE_YEAR = ["reports:cadre_review", "reports:own_report", "reports:cadre_opinion"]
CADRE_VERBS = "noi-theo-doi don-vi tra-lai de-ngoai".split()
PAPERS = [
    "phan-cong",
    "kien-nghi",
    "ket-qua",
    "so-theo-doi",
    "tran-xuat-sac",
    "ket-qua-xep-loai",
    "phieu-danh-gia",
    "mau-01",
    "khen-thuong",
    "sinh-hoat-chi-bo",
    "tong-hop-xep-loai",
    "don-doc-kien-nghi",
    "don-doc-danh-gia",
]


def paper(kind: str) -> Address:
    """The page for one's own place, for the plot's, and its file."""
    frame = {
        "issuer": "X",
        "symbol": "BC/X",
        "issued_on": "01/01/2026",
        "signed_for": "X",
        "post": "X",
        "kept_by": "X",
    }
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
