"""Visits that arrive at fixed times, whatever the answers, at a web server as `manage.py serve` starts it.

All are of one hamlet, so that all wait for one row of the tallies: the worst there is. Each tenth is sent twice at
once, as a phone does that got no answer. Times count from the moment at which a visit was due to be sent, so that a
server that falls behind shows it; a sending without an answer counts with all the time it waited. The server has taken
some visits before, which are not counted, as one does that was not started this moment. Before each flush a phone also
asks the server's time once, which is not counted here; nor may anybody else write to the database meanwhile, as all its
rows are counted. LOAD_PER_SECOND and LOAD_SECONDS say how many and for how long.
"""

import json
import os
import socket
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone

from assignments.models import Assignment, Cadre, Petition, Tally, Visit
from assignments.topics import VisitKind
from portal.management.commands import serve
from portal.models import Place, User
from tests.bench import ground
from tests.bench.cases.posts import VISITS
from tests.bench.measure import Figure, p95

PER_SECOND = int(os.environ.get("LOAD_PER_SECOND", "60"))
SECONDS = int(os.environ.get("LOAD_SECONDS", "60"))
AGAIN = 10
SESSIONS, WORKERS, PATIENCE = 50, 2, 60
STILL_FOR = 3
WARMING = 5
HOST, TOKEN = "127.0.0.1", "t" * 32
STORED = "sent"


class Answer(NamedTuple):
    key: UUID
    told: str
    ms: float


class Rows(NamedTuple):
    """How many there are of what one visit leaves once."""

    visits: int
    petitions: int
    tallied: int


@dataclass(frozen=True)
class Outcome:
    """Visits `offered`, in `sent` sendings; `accepted`: told as stored; `stored`: there afterwards, told or not.
    `lost`: told as stored, and not there. `doubled`: rows more than one for each visit that is there."""

    offered: int
    sent: int
    accepted: int
    stored: int
    lost: int
    doubled: int
    otherwise: Counter[str]

    def __str__(self) -> str:
        told = "".join(f", {count} x {what}" for what, count in sorted(self.otherwise.items()))
        counted = f"{self.accepted} accepted, {self.stored} stored, {self.lost} lost, {self.doubled} doubled"
        return f"{self.offered} offered in {self.sent} sendings, {counted}{told}"


def figures() -> Iterator[Figure]:
    ground.some(VISITS)
    user = User.objects.get(username="canbo")
    cadre = Cadre.objects.get(user=user)
    place = Assignment.objects.filter(cadre=cadre, until=None).order_by("pk")[0].place
    assert place
    answers, outcome = loaded(cadre, place, per_second=PER_SECOND, seconds=SECONDS)
    yield figure(f"{PER_SECOND} visits a second for {SECONDS} s", answers, outcome)


def figure(what: str, answers: list[Answer], outcome: Outcome) -> Figure:
    times = [answer.ms for answer in answers]
    busy = f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    median, slow = round(statistics.median(times), 1), round(p95(times), 1)
    return Figure(what, len(times), median, slow, 0, 0, f"{outcome}; p50 {median} ms, p95 {slow} ms; {busy}")


def loaded(cadre: Cadre, place: Place, *, per_second: float, seconds: float) -> tuple[list[Answer], Outcome]:
    assert cadre.user
    cookies = [signed_in(cadre.user) for _ in range(SESSIONS)]
    with web_server() as port:
        sent(port, cookies, posted(cadre, place), per_second=per_second / 6, seconds=WARMING)
        before = rows()
        answers = sent(port, cookies, posted(cadre, place), per_second=per_second, seconds=seconds)
    wait_until_still()
    return answers, outcome_of(answers, before)


def wait_until_still() -> None:
    """A server that fell behind still writes what nobody waits for any more."""
    earlier = None
    while (now := rows()) != earlier:
        earlier = now
        time.sleep(STILL_FOR)


def rows() -> Rows:
    tallied = Tally.objects.aggregate(all=Sum("visits"))["all"] or 0
    return Rows(Visit.objects.count(), Petition.objects.count(), tallied)


def outcome_of(answers: Iterable[Answer], before: Rows) -> Outcome:
    answers = list(answers)
    told = {answer.key for answer in answers if answer.told == STORED}
    there = set(
        Visit.objects.filter(uuid__in={answer.key for answer in answers}).values_list("uuid", flat=True)
    )
    more = [after - earlier - len(there) for after, earlier in zip(rows(), before, strict=True)]
    otherwise = Counter(answer.told for answer in answers if answer.told != STORED)
    # A recommendation or a tally that lacks is as lost as a visit.
    lost = len(told - there) + sum(max(0, -each) for each in more)
    doubled, offered = sum(max(0, each) for each in more), len({answer.key for answer in answers})
    return Outcome(offered, len(answers), len(told), len(there), lost, doubled, otherwise)


def signed_in(user: User) -> str:
    kept = ground.signed_in(user.username).cookies[settings.SESSION_COOKIE_NAME].value
    return f"{settings.SESSION_COOKIE_NAME}={kept}; {settings.CSRF_COOKIE_NAME}={TOKEN}"


def posted(cadre: Cadre, place: Place) -> dict[str, Any]:
    return {
        "place": place.pk, "day": f"{timezone.localdate():%d/%m/%Y}", "author": cadre.pk,
        "kind": VisitKind.FIELD_CHECK.value, "attendance": "attended", "request0-topic": "roads",
        "request0-text": "Lan can cầu ván gãy hai nhịp.",
    }  # fmt: skip


@contextmanager
def web_server() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    children = {"The web server": serve.web_server(HOST, port, WORKERS)}
    try:
        serve.wait_until(lambda: serve.answers(HOST, port), children)
        yield port
    finally:
        serve.stop(children)


def sent(
    port: int, cookies: list[str], fields: dict[str, Any], *, per_second: float, seconds: float
) -> list[Answer]:
    count = round(per_second * seconds)
    # As many threads as there may be visits on their way: none waits for the answer to another.
    with ThreadPoolExecutor(count + count // AGAIN + 1) as phones:
        begin, waiting = time.perf_counter(), []
        for number in range(count):
            due, key = begin + number / per_second, uuid4()
            time.sleep(max(0, due - time.perf_counter()))
            for _ in range(1 if number % AGAIN else 2):
                cookie = cookies[len(waiting) % len(cookies)]
                waiting.append(phones.submit(send, port, cookie, key, fields, due))
        return [each.result() for each in waiting]


def send(port: int, cookie: str, key: UUID, fields: dict[str, Any], due: float) -> Answer:
    connection = HTTPConnection(HOST, port, timeout=PATIENCE)
    headers = {
        "Cookie": cookie, "X-CSRFToken": TOKEN, "Content-Type": "application/x-www-form-urlencoded",
        "Connection": "close",
    }  # fmt: skip
    try:
        body = urlencode({**fields, "uuid": str(key)})
        connection.request("POST", reverse("assignments:offline_send"), body, headers)
        response = connection.getresponse()
        read = response.read()
        told = json.loads(read)["state"] if response.status == 200 else f"status {response.status}"
    except (OSError, HTTPException, ValueError) as error:
        told = type(error).__name__
    finally:
        connection.close()
    return Answer(key, told, (time.perf_counter() - due) * 1000)
