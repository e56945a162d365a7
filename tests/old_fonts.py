"""Vietnamese as it was typed before Unicode: for the fonts of TCVN3 (.VnTime) and of VNI (VNI-Times)."""

import unicodedata

TCVN3 = dict(
    pair.split("=")
    for pair in (
        "à=µ ả=¶ ã=· á=¸ ạ=¹ ă=¨ ằ=» ẳ=¼ ẵ=½ ắ=¾ ặ=Æ â=© ầ=Ç ẩ=È ẫ=É ấ=Ê ậ=Ë è=Ì ẻ=Î ẽ=Ï é=Ð ẹ=Ñ ê=ª ề=Ò ể=Ó ễ=Ô "
        "ế=Õ ệ=Ö ì=× ỉ=Ø ĩ=Ü í=Ý ị=Þ ò=ß ỏ=á õ=â ó=ã ọ=ä ô=« ồ=å ổ=æ ỗ=ç ố=è ộ=é ơ=¬ ờ=ê ở=ë ỡ=ì ớ=í ợ=î ù=ï "
        "ủ=ñ ũ=ò ú=ó ụ=ô ư=\u00ad ừ=õ ử=ö ữ=÷ ứ=ø ự=ù ỳ=ú ỷ=û ỹ=ü ý=ý ỵ=þ đ=® Ă=¡ Â=¢ Ê=£ Ô=¤ Ơ=¥ Ư=¦ Đ=§"
    ).split(" ")
)
# VNI writes a letter, and behind it one sign for tone and shape together.
TONES = dict(zip(["", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"], ["", *"ùøûõï"], strict=True))
HATS = dict(zip(TONES, "âáàåãä", strict=True))
BREVES = dict(zip(TONES, "êéèúüë", strict=True))
ALONE = {"đ": "ñ", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î", "ì": "ì", "í": "í"}


def in_tcvn3(text: str) -> str:
    return "".join(TCVN3.get(letter, TCVN3.get(letter.lower(), letter)) for letter in text)


def in_vni(text: str) -> str:
    return "".join(_vni(letter.lower(), is_capital=letter.isupper()) for letter in text)


def _vni(letter: str, *, is_capital: bool) -> str:
    base, *marks = unicodedata.normalize("NFD", letter)
    tone = next((mark for mark in marks if mark in TONES), "")
    if letter in ALONE:
        typed = ALONE[letter]
    elif "\u0302" in marks:
        typed = base + HATS[tone]
    elif "\u0306" in marks:
        typed = base + BREVES[tone]
    elif "\u031b" in marks:
        typed = {"o": "ô", "u": "ö"}[base] + TONES[tone]
    else:
        typed = base + TONES[tone]
    return typed.upper() if is_capital else typed
