"""What can happen to a paper: it is issued, and given out again as the same bytes."""

import hashlib
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal.actions.deed import RuleBroken, action
from portal.databases import PAPERS_LOCK, take_turns
from portal.models import PartyOrg, Place, User
from portal.vietnamese import fold
from reports.models import IssuedPaper, Round
from reports.paper_kinds import OF_RESULTS
from reports.round_gaps import gaps_of
from reports.rules import paper_number_problems


@action
def issue_paper(
    *,
    kind: str,
    title: str,
    number: str,
    issued_on: date,
    place: Place,
    content: bytes,
    content_type: str,
    by: User,
    org: PartyOrg | None = None,
    round: Round | None = None,
    since: date | None = None,
    until: date | None = None,
) -> IssuedPaper:
    """`number` is that of the document with its symbol, as the office's register gave it."""
    take_turns(PAPERS_LOCK)
    problems = paper_number_problems(number)
    if issued_on > timezone.localdate():
        problems.append(_("The day of issue lies in the future. Type the day on which the paper is signed."))
    if not content:
        problems.append(_("The paper is empty. Draw it up again."))
    problems += _taken(number, issued_on, place)
    if kind in OF_RESULTS and round is not None:
        problems += not_yet_issued(round)
    if problems:
        raise RuleBroken(problems)
    paper = IssuedPaper.objects.create(
        kind=kind, title=title[:300], number=number, issued_on=issued_on, place=place, org=org, round=round,
        since=since, until=until, content=content, content_type=content_type,
        sha256=hashlib.sha256(content).hexdigest(), issued_by=by, issued_at=timezone.now(),
    )  # fmt: skip
    audit.record(
        "issue_paper", paper, by=by, place_id=place.pk, what=kind, number=number, day=issued_on, sha256=paper.sha256
    )  # fmt: skip
    return paper


def not_yet_issued(round: Round) -> list[str]:
    """Why the notice of a round's results stays a draft; nothing where every result decided here is announced."""
    gaps = gaps_of(round, of_notice=True)
    return [_("It is issued once every result of the round is announced."), *gaps.problems] if gaps else []


def _taken(number: str, issued_on: date, place: Place) -> list[str]:
    """The same place gives a number once a year: Party papers are numbered through a term, State papers by year."""
    rows = IssuedPaper.objects.filter(place=place, issued_on__year=issued_on.year)
    numbers = {fold(one): day for one, day in rows.values_list("number", "issued_on")}
    day = numbers.get(fold(number))
    if day is None:
        return []
    told = {"number": number, "day": f"{day:%d/%m/%Y}"}
    return [_("The number %(number)s was given to a paper of %(day)s. Type the next one.") % told]


@action
def download_paper(*, paper: IssuedPaper, by: User) -> None:
    audit.record(
        "download_paper", paper, by=by, place_id=paper.place_id, what=paper.kind, sha256=paper.sha256
    )
