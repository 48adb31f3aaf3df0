"""Bytes -> str for plain text, and the two legacy Vietnamese encodings that survive inside fonts: TCVN3 (ABC) and VNI.

Text in these shows Latin-1 letters in place of Vietnamese ones (`céng hoµ x· héi`, `coäng hoøa`). It is told from real text by asking which
reading gives more letters that are Vietnamese.

Source: TCVN 5712:1993 (VN3), the VNI-Windows scheme of base letter and mark.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from docparse.lexicon import load_rows

BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
VIETNAMESE = re.compile(r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.I)
HIGH = re.compile(r"[\x80-\xff]")
WORD = re.compile(r"[^\W\d_]+")
LATIN = re.compile(r"[A-Za-z]")
SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnpqrstvx])?[aăâeêioôơuưyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]{1,3}(?:ch|ng|nh|[cmnpt])?"
)
ENOUGH_LETTERS = 20
CAPITAL_LINE = 0.8  # of the plain letters: the line is set in a font of capitals


def decode(data: bytes) -> tuple[str, str]:
    """The text of `data` and the name of its encoding: UTF-8, UTF-16 (with or without mark), TCVN3, VNI, Windows-1258 or Latin-1.

    >>> decode("Việt Nam".encode("utf-16"))
    ('Việt Nam', 'utf-16')
    """
    for mark, name in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data.decode(name, errors="replace"), name
    half = data[:4000]
    if half.count(0) > len(half) // 5:
        name = "utf-16-le" if half[1::2].count(0) >= half[::2].count(0) else "utf-16-be"
        return data.decode(name, errors="replace"), name
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    legacy = legacy_encoding(text)
    if legacy:
        return text, legacy
    windows = unicodedata.normalize("NFC", data.decode("cp1258", errors="replace"))
    return (windows, "cp1258") if VIETNAMESE.search(windows) else (text, "latin-1")


def legacy_encoding(text: str) -> str | None:
    """`tcvn3` or `vni` where most high letters of `text` make sense only in that encoding, else None.

    >>> legacy_encoding("Céng hoµ x· héi chñ nghÜa ViÖt Nam, §éc lËp - Tù do - H¹nh phóc, kÕ ho¹ch cña tØnh vÒ viÖc thùc hiÖn")
    'tcvn3'
    >>> legacy_encoding("Cộng hòa xã hội chủ nghĩa Việt Nam") is None
    True
    """
    sample = text[:20_000]
    high = len(HIGH.findall(sample))
    if high < ENOUGH_LETTERS or high < len(re.findall(r"[\u0100-\u1eff]", sample)):
        return None
    scores = {name: _plausible_share(restore(sample, name)) for name in ("tcvn3", "vni")}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] > max(0.9, _plausible_share(sample)) else None


def restore(text: str, encoding: str) -> str:
    """A line in a legacy encoding as Unicode; words and lines in capitals keep them, which TCVN3 has only as fonts.

    >>> restore("CéNG HOµ", "tcvn3"), restore("Vieät Nam", "vni")
    ('CỘNG HOÀ', 'Việt Nam')
    """
    pattern, letters = _table(encoding)
    restored = pattern.sub(lambda match: letters[match[0]], text)
    if encoding == "tcvn3":
        plain = LATIN.findall(text)
        if sum(letter.isupper() for letter in plain) > CAPITAL_LINE * len(plain):
            return restored.upper()
        restored = WORD.sub(lambda match: match[0].upper() if _is_capital(match[0]) else match[0], restored)
    return restored


def _is_capital(word: str) -> bool:
    """Are all plain letters of the word capitals, and is there more than one?"""
    plain = LATIN.findall(word)
    return len(plain) > 1 and all(letter.isupper() for letter in plain)


@cache
def _table(encoding: str) -> tuple[re.Pattern[str], dict[str, str]]:
    letters = {row["latin1"]: row["unicode"] for row in load_rows(encoding)}
    return re.compile("|".join(sorted(map(re.escape, letters), key=len, reverse=True))), letters


def _plausible_share(text: str) -> float:
    """The share of words with letters beyond ASCII that have the form of a Vietnamese syllable."""
    words = [word.lower() for word in WORD.findall(text) if not word.isascii()]
    return sum(bool(SYLLABLE.fullmatch(word)) for word in words) / len(words) if words else 0.0
