"""Views of a text for matching that keep its length, so that every match is already an offset in the original."""

from __future__ import annotations

import re
import unicodedata

TONE_PLACEMENT = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa", "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip
WORD = re.compile(r"[^\W_]+")  # letters and digits in a row
NEW_TONE = re.compile(r"(?:o[àáảãạèéẻẽẹ]|u[ỳýỷỹỵ])(?!\w)(?<!q..)")


def _base_letters() -> list[str]:
    """The letter without marks by code point; a list because `str.translate` reads it three times faster than a dict."""
    base = [chr(code) for code in range(0x2100)]
    for code in [*range(0xC0, 0x250), *range(0x1E00, 0x1F00)]:
        base[code] = unicodedata.normalize("NFD", chr(code))[0]
    for letter, plain in zip("đĐÐð", "dDDd", strict=True):
        base[ord(letter)] = plain
    return base


_BASE = _base_letters()
_LOWER = {ord("İ"): "i"}


def lower(text: str) -> str:
    """`text` in lower case, of the same length.

    >>> lower("BỘ NỘI VỤ")
    'bộ nội vụ'
    """
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else text.translate(_LOWER).lower()


def unaccent(text: str) -> str:
    """`text` (NFC) without tone and vowel marks and with `d` for `đ`, case kept, of the same length.

    >>> unaccent("Ủy ban nhân dân tỉnh Đắk Lắk")
    'Uy ban nhan dan tinh Dak Lak'
    """
    return text.translate(_BASE)


def old_tone(text: str) -> str:
    """`text` in lower case with the old tone placement (`hoà` -> `hòa`), `qu` kept, of the same length.

    >>> old_tone("Uỷ ban, Hoà Bình, quý III")
    'ủy ban, hòa bình, quý iii'
    """
    return NEW_TONE.sub(lambda match: TONE_PLACEMENT[match[0]], lower(text).replace("ð", "đ"))


def squeeze(text: str) -> str:
    """`text` with each run of white space as one space and none at the ends.

    >>> squeeze(" Sở \\n Tài chính ")
    'Sở Tài chính'
    """
    return " ".join(text.split())
