"""Which field may a heading mean that no synonym knows? Abbreviations, slips of the hand, and words around a synonym.

What is found here is only ever proposed.
"""

from collections.abc import Mapping
from difflib import SequenceMatcher

from portal.vietnamese import fold_words

ABBREVIATIONS = {
    "sdt": "so dien thoai",
    "dt": "dien thoai",
    "dtdd": "dien thoai di dong",
    "sodt": "so dien thoai",
    "tel": "dien thoai",
    "phone": "dien thoai",
    "hvt": "ho va ten",
    "hoten": "ho ten",
    "cv": "chuc vu",
    "cvu": "chuc vu",
    "cd": "chuc danh",
    "dvct": "don vi cong tac",
    "dv": "don vi",
    "ct": "cong tac",
    "cq": "co quan",
    "kp": "khu pho",
    "xp": "xa phuong",
    "qd": "quyet dinh",
    "tg": "thoi gian",
    "tcd": "to chuc dang",
}
NOISE = {"va", "cua", "cac", "hien", "nay", "co", "neu", "hoac", "thi", "la", "ghi", "ro"}
# A synonym of one word counts only with one of these behind it: "Ấp phụ trách", but not "Tổ trưởng".
BEHIND_ONE_WORD = {"phu", "theo", "duoc", "nam", "dang", "hien", "cu", "moi", "noi", "lien"}
SHORTEST_SLIP = 6
LIKE = 0.85
LONGEST_HEADING = 80
# As lists of people head them; compared with what somebody may have mistyped.
USUAL_PERSONAL = (
    "so cccd", "cccd", "so cmnd", "so can cuoc", "can cuoc cong dan", "chung minh nhan dan", "nam sinh", "ngay sinh",
    "ngay thang nam sinh", "dan toc", "ton giao", "ho ngheo", "can ngheo", "so nhan khau", "suc khoe", "dien ho",
    "khuyet tat", "ly do nghi", "ky luat", "so so ho khau",
)  # fmt: skip


def likely(text: str, meanings: Mapping[str, str]) -> dict[str, float]:
    """Fields by how much the heading is like one of their names, from LIKE to 1; `meanings` are folded names."""
    found: dict[str, float] = {}
    if len(text) > LONGEST_HEADING:
        return found
    name = fold_words(text)
    long = " ".join(ABBREVIATIONS.get(word, word) for word in name.split())
    for known, meant in meanings.items():
        score = max(_score(name, known), _score(long, known) if long != name else 0.0)
        if score >= LIKE and score > found.get(meant, 0.0):
            found[meant] = score
    return found


def is_nearly_personal(text: str) -> bool:
    name = fold_words(text)
    return len(name) <= 30 and any(_slip(name, known) for known in USUAL_PERSONAL)


def _score(name: str, known: str) -> float:
    if name == known:
        return 1.0
    words, of_known = name.split(), known.split()
    if set(words) - NOISE == set(of_known) - NOISE:
        return 0.95
    if len(of_known) >= 2 and f" {known} " in f" {name} ":
        return 0.92
    if len(of_known) == 1 and len(words) > 1 and words[0] == known and words[1] in BEHIND_ONE_WORD:
        return 0.9
    return _slip(name, known)


def _slip(name: str, known: str) -> float:
    if min(len(name), len(known)) < SHORTEST_SLIP or abs(len(name) - len(known)) > 3:
        return 0.0
    matcher = SequenceMatcher(None, name, known)
    if matcher.quick_ratio() < LIKE:
        return 0.0
    ratio = matcher.ratio()
    return ratio if ratio >= LIKE else 0.0
