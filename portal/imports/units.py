"""What a unit is to an import, and under which key its name is looked up."""

import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from portal.levels import PlaceKind, full_name
from portal.places import holds_on
from portal.vietnamese import fold_words

SHORT = {"tt": "thi tran", "p": "phuong", "x": "xa", "kp": "khu pho", "h": "huyen", "tp": "thanh pho", "tx": "thi xa",
         "t": "tinh", "k": "khom"}  # fmt: skip
GROUP = re.compile(r"^(?:to(?: nhan dan(?: tu quan)?| ndtq| tu quan)?(?: so)? )")
SPANS = ("place", "place__level", "code", "name", "kind", "parent", "since", "until")


class Unit(NamedTuple):
    place_id: int
    level: str
    code: str
    name: str
    kind: str
    parent_id: int | None
    since: date
    until: date | None

    @property
    def full_name(self) -> str:
        return full_name(self.kind, self.name)

    def holds(self, on: date) -> bool:
        return holds_on((self.since, self.until), on)


@lru_cache(maxsize=8192)
def key_of(text: str) -> str:
    """Folded words, short forms written out, numbers without zeros in front."""
    first, *others = fold_words(text).split() or [""]
    words = [SHORT.get(first, first) if others else first, *others]
    return " ".join(word.lstrip("0") or "0" if word.isdigit() else word for word in words)


@lru_cache(maxsize=8192)
def group_key(text: str) -> str:
    """`Tổ NDTQ số 03`, `Tổ 3` and `3` are one name."""
    return key_of(GROUP.sub("", f"{fold_words(text)} ").strip())


def hamlet_kind(text: str) -> tuple[PlaceKind | None, str]:
    """`Khu phố 2` is a khu phố named 2; without such a word the kind is unknown."""
    for kind in (
        PlaceKind.AP,
        PlaceKind.KHOM,
        PlaceKind.KHU_PHO,
        PlaceKind.THON,
        PlaceKind.TO_DAN_PHO,
        PlaceKind.BAN,
    ):
        label = fold_words(kind.label)
        words, length = fold_words(text).split(), len(label.split())
        if " ".join(words[:length]) == label and len(words) > length:
            return kind, " ".join(text.split()[length:])
    if fold_words(text).startswith("kp ") and len(text.split()) > 1:
        return PlaceKind.KHU_PHO, " ".join(text.split()[1:])
    return None, text
