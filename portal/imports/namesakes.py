"""After a merger a commune has several hamlets of one name: the commune they came from tells them apart."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.imports.lines import LEFT_OUT, Doubt, Line, RowLeftOut
from portal.imports.scope import Scope
from portal.imports.territory import Territory
from portal.imports.units import Unit, key_of
from portal.levels import Level
from portal.places import Lines, Names
from portal.sheets.cells import shown
from portal.vietnamese import clean, fold_words

SAME, KEEP, RENAME = "same-hamlets", "keep", "rename"
KIND = re.compile(r"^(?:xã|phường|thị trấn|x\.|p\.|tt\.?)\s+", re.IGNORECASE)


def bare(text: str) -> str:
    """`Xã Hương Mỹ cũ` is Hương Mỹ."""
    return re.sub(r"\s+cũ$", "", KIND.sub("", clean(text)), flags=re.IGNORECASE)


def old_commune(line: Line) -> str:
    return bare(line.text("old_commune", longest=120))


class Namesakes:
    def __init__(self, scope: Scope, territory: Territory) -> None:
        self.scope, self.territory = scope, territory
        # The old communes under which a name stands in the sheet, in its order.
        self.olds: dict[str, list[str]] = defaultdict(list)

    def foresee(self, lines: Iterable[Line]) -> None:
        for line in lines:
            text, old = shown(line.cell("hamlet")), fold_words(bare(shown(line.cell("old_commune"))))
            if text and old and old not in self.olds[key_of(text)]:
                self.olds[key_of(text)].append(old)

    def are_several(self, text: str) -> bool:
        return len(self.olds.get(key_of(text), ())) > 1

    def found(self, text: str, old: str, communes: Sequence[Unit], on: date) -> list[Unit]:
        """The hamlet of the portal that is meant; several only where nothing tells them apart."""
        found = self.territory.find_hamlet(text, communes, on)
        if not old:
            return found
        if renamed := self.territory.find_hamlet(with_old(text, old), communes, on):
            return renamed
        came = self._came_from(found, old)
        if came or not self.are_several(text):
            return came or found
        # Opened under one name for all: they are in the order in which the sheet has them.
        olds = self.olds[key_of(text)]
        plain = sorted(found, key=lambda unit: unit.place_id)
        return [plain[olds.index(fold_words(old))]] if len(plain) == len(olds) else []

    @staticmethod
    def _came_from(hamlets: Sequence[Unit], old: str) -> list[Unit]:
        """Those that lay in a commune of this name before they came into the one of today."""
        lines = Lines([unit.place_id for unit in hamlets], Level.COMMUNE)
        found = []
        for unit in hamlets:
            earlier = [
                (place, since) for place, since, _end in lines.stretches(unit.place_id) if since < unit.since
            ]
            names = Names(place for place, _since in earlier)
            if any(fold_words(bare(names.on(place, since))) == fold_words(old) for place, since in earlier):
                found.append(unit)
        return found

    def told_apart(self, text: str, old: str) -> str:
        """The name under which a hamlet is opened, as was answered for all of them."""
        answer = self.scope.answers.get(SAME, "")
        if answer == LEFT_OUT:
            raise RowLeftOut(text)
        if answer == RENAME:
            return with_old(text, old)
        if answer == KEEP:
            return text
        told = {"value": clean(text), "renamed": with_old(text, old)}
        raise Doubt(
            _("Several hamlets of the commune are called “%(value)s”. Say below whether they keep the name.")
            % told,
            key=SAME,
            title=_("Several hamlets bear the same name. How are they to be called?"),
            choices=[
                (RENAME, _("With their old commune behind the name, e.g. %(renamed)s") % told),
                (KEEP, _("They keep the same name")),
                (LEFT_OUT, pgettext("import", "Leave these rows out")),
            ],
        )


def with_old(text: str, old: str) -> str:
    return f"{clean(text)} ({old})"
