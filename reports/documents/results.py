"""The report on results: what was done and asked, from the figures; what was lacking and what comes next, typed."""

from collections.abc import Mapping
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.documents.written import Box, Figure, Heading, Sentence, Sheet, Written

LACKING, AHEAD = "lacking", "ahead"


def results_report(place: str, period: str, told: Mapping[str, Figure], units: Sheet | None) -> Written:
    return Written(
        type=pgettext("paper", "REPORT"),
        abstract=_("on the results of following and supporting, %(period)s, %(place)s")
        % {"period": period, "place": place},
        parts=[
            Heading(pgettext("paper", "I. RESULTS")),
            *_results(told),
            Heading(pgettext("paper", "II. SHORTCOMINGS AND THEIR CAUSES")),
            Box(LACKING),
            Heading(pgettext("paper", "III. RECOMMENDATIONS")),
            *_asked(told),
            Heading(pgettext("paper", "IV. WORK AHEAD")),
            Box(AHEAD),
        ],
        annex=[units] if units else [],
    )


def _results(told: Mapping[str, Figure]) -> list[Sentence]:
    return [
        said(
            pgettext(
                "paper",
                "1. Cell meetings attended: {attended} of {owed} due ({rate}); excused {excused}, absent {absent}.",
            ),
            told,
        ),
        said(
            pgettext("paper", "Visits in all: {visits}; the period before: {before}. By kind: {kinds}."), told
        ),
        said(
            pgettext("paper", "2. Grasping the situation: something was noted on {grasp} visits."),
            told,
        ),
        said(pgettext("paper", "3. Contributing: noted on {contribute} visits."), told),
        said(pgettext("paper", "4. Checking: noted on {check} visits."), told),
        said(
            pgettext(
                "paper",
                "5. Support: {times} times, worth {amount} đồng, {days} days of work, for {households} households.",
            ),
            told,
        ),
    ]


def _asked(told: Mapping[str, Figure]) -> list[Sentence]:
    return [
        said(
            pgettext(
                "paper",
                "Raised in the period: {raised}, of which answered {answered}, still open {still_open}, overdue "
                "{late}.",
            ),
            told,
        ),
        said(
            pgettext(
                "paper", "Open as of the day of this report, whenever raised: {open}; overdue {overdue}."
            ),
            told,
        ),
    ]


def said(sentence: str, told: Mapping[str, Figure]) -> Sentence:
    """`{name}` is a figure; `{kinds}` may be several, each with its own list."""
    pieces: list[str | Figure] = []
    for piece in sentence.split("{"):
        name, brace, rest = piece.partition("}")
        if not brace:
            pieces.append(piece)
            continue
        if name == "kinds":
            pieces += _kinds(told)
        else:
            pieces.append(_within(told[name]))
        pieces.append(rest)
    return Sentence(pieces)


def _within(figure: Figure) -> Figure:
    """`Fewer than 5` stands inside a sentence."""
    return replace(figure, text=figure.text[:1].lower() + figure.text[1:])


def _kinds(told: Mapping[str, Figure]) -> list[str | Figure]:
    pieces: list[str | Figure] = []
    for name, figure in told.items():
        if name.startswith("kind: "):
            pieces += [", " if pieces else "", name.removeprefix("kind: ").lower() + " ", _within(figure)]
    return pieces or ["–"]
