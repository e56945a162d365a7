"""Offices write post and workplace into one cell (`Phó Giám đốc Sở Tài chính`): where does the workplace begin?"""

import re
from collections.abc import Collection

from portal.vietnamese import clean, fold_words

# Folded; the longest that begins the text is taken.
POSTS = (
    "giam doc", "pho giam doc", "chu tich", "pho chu tich", "pct", "ct", "uvubkt", "uy vien ubkt",
    "uy vien uy ban kiem tra", "chu nhiem ubkt", "pho chu nhiem ubkt", "chu nhiem", "pho chu nhiem", "chanh van phong",
    "pho chanh van phong", "cvp", "pcvp", "truong ban", "pho truong ban", "truong phong", "pho truong phong",
    "pho phong", "bi thu", "pho bi thu", "bi thu dang uy", "pho bi thu dang uy", "pho bi thu thuong truc",
    "uy vien thuong truc", "uy vien", "uy vien ban thuong vu", "uvbtv", "uvtv", "tuv", "huv", "chuyen vien",
    "chuyen vien chinh", "cong chuc", "vien chuc", "can bo", "ke toan", "van thu", "chanh thanh tra",
    "pho chanh thanh tra", "chanh an", "pho chanh an", "vien truong", "pho vien truong", "hieu truong",
    "pho hieu truong", "chi huy truong", "pho chi huy truong", "chinh tri vien", "chinh uy", "pho chinh uy",
    "cuc truong",
    "pho cuc truong", "chi cuc truong", "pho chi cuc truong", "tong bien tap", "pho tong bien tap", "tong giam doc",
    "pho tong giam doc", "hieu pho", "truong cong an", "pho truong cong an", "doi truong", "pho doi truong", "thu ky",
    "pho tp", "pho", "truong", "pho truong",
)  # fmt: skip
# What follows makes an abbreviation or a short word a post only if it is a body.
BODIES = re.compile(
    r"(?:so|ban|hoi|phong|van phong|vp|ubnd|uy ban|hdnd|hoi dong|mttq|ubmttq|mat tran|tinh|huyen|thanh|thi|dang|doan|"
    r"lien doan|lien hiep|truong|trung tam|cong an|bo chi huy|bch|ban chi huy|chi cuc|cuc|kho bac|toa an|vien|"
    r"thanh tra|"
    r"bao|dai|benh vien|tram|quy|ngan hang|ldld|lhpn|ubkt|btc|btg|bdv|cong ty|chi nhanh|bao hiem|buu dien|thue|"
    r"hai quan|kiem lam|xa|phuong|lien minh)\b"
)

# Short for the head of a body whose own word stands once: `Phó Trưởng ban Tổ chức` is of the Ban Tổ chức.
HEADS = ("truong", "pho truong", "pho")
HEADED = ("ban", "phong", "tram", "chi nhanh", "chi cuc")


def split_post(text: str, agencies: Collection[str] = ()) -> tuple[str, str]:
    """(post, workplace); the workplace is empty where nobody can tell where it begins.

    `agencies` are folded names of those known; the first comma or dash parts the cell where what follows is a body.
    """
    words = clean(text).split()
    folded = [fold_words(word) for word in words]
    for place in range(1, len(words)):
        if " ".join(filter(None, folded[place:])) in agencies:
            return _parted(words, folded, place)
    for place in range(len(words) - 1, 0, -1):
        before, after = " ".join(filter(None, folded[:place])), " ".join(filter(None, folded[place:]))
        if before in POSTS and BODIES.match(after):
            return _parted(words, folded, place)
    parted = re.match(r"(.+?)(?:,\s*|\s+[–—-]\s+)(.+)", clean(text))
    if parted and BODIES.match(fold_words(parted[2])):
        return parted[1], parted[2]
    return clean(text), ""


def _parted(words: list[str], folded: list[str], place: int) -> tuple[str, str]:
    """The word of the body belongs to both where it stands once; alone it is no workplace."""
    post, workplace = _stripped(words[:place]), " ".join(words[place:])
    if " ".join(filter(None, folded[:place])) not in HEADS:
        return post, workplace
    for body in HEADED:
        end = place + len(body.split())
        if " ".join(folded[place:end]) == body:
            headed = " ".join(words[:end])
            return headed, workplace[:1].upper() + workplace[1:] if folded[end:] else ""
    return post, workplace


def _stripped(words: list[str]) -> str:
    return " ".join(words).rstrip(" ,–—-")
