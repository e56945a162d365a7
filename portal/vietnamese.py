"""How is this Vietnamese text found, where does it sort, and may it be kept? The same on every database.

Compare the keys as bytes (a BinaryField): database collations change their order. Store NFC only, by `clean`.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
# Punctuation and digits stay below the letters; anything foreign goes above them.
RANK = {letter: chr(0x41 + place) for place, letter in enumerate(ALPHABET)}
TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}

INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f]")
ETH = re.compile(r"[Ðð](?=[^\W\d_])|(?<=[^\W\d_])[Ðð]")
HONORIFICS = (
    re.compile(r"^(?:đồng chí|đ\s*/\s*c|đc\.?)(?:\s*[:.]\s*|\s+)(?=\S)", re.IGNORECASE),
    re.compile(r"^(?:(?:ông|bà|anh|chị|cô|chú)(?:\s*[:.])?\s+|[ôb]\.\s*)(?=\S)", re.IGNORECASE),
)
REMARK = re.compile(r"^(.*?)\s*[(\[]([^)\]]*)[)\]]?\s*$", re.DOTALL)

PHONE = re.compile(
    r"(?<!\d)(?:0\d{9}|02\d{9}|0\d{3}[ .-]\d{3}[ .-]\d{3}|0\d{2}[ .-]\d{3}[ .-]\d{4}|\+84[ .]?\d{9})(?!\d)"
)
MONEY = re.compile(
    r"(?<!\d)[1-9]\d{8,11}(?=\s*(?:đồng|đ\b|vnđ|vnd))|(?<![\d.,])[1-9]\d{0,2}(?:[.,]\d{3})+(?!\d)",
    re.IGNORECASE,
)
DIGIT = re.compile(r"\d")
LONG_RUN = re.compile(r"\d{9,}")
# Wherever groups of three digits and more, or of one digit, begin; other numbers may stand before them.
GROUPED = re.compile(
    r"(?<!\d)(?=(\d{3,}(?:([ .-])\d{3,})(?:\2\d{3,})*(?!\d)|\d(?:([ .-])\d)(?:\3\d)*(?!\d)))"
)
YEARS = re.compile(r"(?:(?:19|20)\d\d\D?)+")

# Letters of Vietnamese that no old 8-bit font can produce: seeing one means that the text is Unicode.
UNICODE_VIETNAMESE = re.compile("[ăđĩũơưĂĐĨŨƠƯ\u1ea0-\u1ef9\u0300\u0301\u0303\u0309\u0323]")
TCVN3 = re.compile(
    r"[A-Za-zÀ-ÿ][µ¸¶·¹¨»¾¼½©®ª«¬×÷§][A-Za-zÀ-ÿ]"  # tr­ëng, S¬n, t©m
    r"|[A-Za-z][µ¶·¨¾¼½¬ª«](?=[\s,;.]|$)"  # hoµ, x·, Ng«
    r"|\u00ad[¬ê-î]"  # ph­êng, D­¬ng
    r"|(?:^|(?<=\s))[®§][A-Za-zÀ-ÿµ¸¶·¹]"  # ®Õn, §¶ng
)
VNI = re.compile(
    r"a[ùøûõâáàåãäêéèúüë]|e[ùøûõïâáàåãä]|o[ùøûõïåäâ]|u[ùøûïõ]|[ôö][ùøûõï]",  # Coäng hoøa, Caåm
    re.IGNORECASE,
)


def fold(text: str) -> str:
    """`Ðặng Thị Ưng` and `đặng thi ưng` both become `dang thi ung`; hoà equals hòa. U+00D0 is Đ too."""
    plain = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d").replace("ð", "d")
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def fold_words(text: str) -> str:
    """Folded words with single spaces between and no punctuation: for comparing what people typed."""
    return " ".join(re.findall(r"[^\W_]+", fold(text)))


def sort_key(text: str) -> bytes:
    """Letters decide first, tones only between equal letters: An, Ăn, Ân, Dân, Đào. Ấp 2 stands before Ấp 10.

    About 10 microseconds a name.
    """
    words, tones = [], []
    numbered = re.sub(r"\d+", lambda number: number[0].zfill(6), text.casefold().replace("ð", "đ"))
    for word in unicodedata.normalize("NFC", numbered).split():
        letters, tone = _word_key(word)
        words.append(letters)
        tones.append(tone)
    return (" ".join(words) + "\x01" + "".join(tones)).encode("utf-8", "surrogatepass")


def _word_key(word: str) -> tuple[str, str]:
    letters, tone = "", "0"
    for character in word:
        base, *marks = list(unicodedata.normalize("NFD", character))
        tone = next((TONES[mark] for mark in marks if mark in TONES), tone)
        shape = "".join(mark for mark in marks if mark not in TONES)
        letter = unicodedata.normalize("NFC", base + shape)
        letters += RANK.get(letter) or (letter if letter < "A" else "\x7f" + letter)
    return letters, tone


def person_key(full_name: str) -> bytes:
    """People sort by given name (the last word), then family name, then what stands between."""
    words = full_name.split()
    if not words:
        return b""
    family = words[0] if len(words) > 1 else ""
    parts = (words[-1], family, " ".join(words[1:-1]))
    return b"\x00".join(sort_key(part) for part in parts)


def clean(text: str) -> str:
    """One line, NFC, single spaces, no invisible characters, the Icelandic Ð of old keyboards as Đ."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    composed = unicodedata.normalize("NFC", INVISIBLE.sub("", text))
    composed = ETH.sub(lambda found: "Đ" if found[0] == "Ð" else "đ", composed)
    return " ".join(composed.split())


def clean_paragraphs(text: str) -> str:
    """`clean`, with line breaks kept, for longer texts; never two empty lines together."""
    lines = "\n".join(clean(line) for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def proper_name(text: str) -> str:
    """`Đ/c LÊ MẪU HẠNH` becomes `Lê Mẫu Hạnh`; a name already in mixed case keeps its letters.

    Honorifics go only where two words remain after them, so that `Bà An` and `Anh Thư` stay as typed.
    """
    name = clean(text)
    for honorific in HONORIFICS:
        bare = honorific.sub("", name)
        if " " in bare:
            name = bare
    if name == name.lower():
        return _in_proper_case(name)
    return " ".join(_in_proper_case(word) if word.isupper() else word for word in name.split(" "))


def _in_proper_case(text: str) -> str:
    return re.sub(r"[^\W\d_]+", lambda word: word[0][0].upper() + word[0][1:].lower(), text)


def split_remark(text: str) -> tuple[str, str]:
    """`Lê Mẫu Hạnh (đã chuyển)` gives the name and the remark; without a bracket the remark is empty."""
    found = REMARK.match(text)
    return (found[1], found[2].strip()) if found and found[1] else (text.strip(), "")


def looks_like_identity_number(text: str) -> bool:
    """An identity number (12 digits, also in groups) or a bank account (9 digits and more) is in the text.

    Telephone numbers and sums of money (1.250.000.000, or digits followed by đồng) do not count.
    """
    # Most texts are too short for one, and this is asked of every cell of a sheet.
    if len(text) < 9 or len(DIGIT.findall(text)) < 9:
        return False
    rest = MONEY.sub("x", PHONE.sub("x", text.replace("\u00a0", " ")))
    if LONG_RUN.search(rest):
        return True
    return any(_identity_in_groups(found[1]) for found in GROUPED.finditer(rest))


def _identity_in_groups(run: str) -> bool:
    return not YEARS.fullmatch(run) and sum(map(str.isdigit, run)) >= 12


def looks_like_legacy_font(text: str) -> bool:
    """Typed for the TCVN3 (.VnTime) or VNI fonts: in Unicode these are other letters, and unreadable."""
    return bool(legacy_font(text))


def legacy_font(text: str) -> str:
    """`tcvn3`, `vni`, or nothing for text that can be read. Some words could be of either: the signs are counted."""
    if text.isascii() or UNICODE_VIETNAMESE.search(text):
        return ""
    tcvn3, vni = len(TCVN3.findall(text)), len(VNI.findall(text))
    if not tcvn3 and not vni:
        return ""
    return "tcvn3" if tcvn3 >= vni else "vni"


def legacy_font_of(texts: Iterable[str], *, least: int) -> str:
    """The font that most of them were typed for; nothing where fewer than `least` look so."""
    fonts = Counter(filter(None, map(legacy_font, texts)))
    return fonts.most_common(1)[0][0] if fonts.total() >= least else ""
