"""Vietnamese alphabetical order: letters first, tone marks where the letters are the same, word by word as dictionaries do."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from docparse.words import old_tone

LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = ("\u0300", "\u0309", "\u0303", "\u0301", "\u0323")  # huyền, hỏi, ngã, sắc, nặng
Key = tuple[tuple[str, str], ...]

_PLACE = {ord(letter): chr(0x100 + place) for place, letter in enumerate(LETTERS)}
_TONE = {ord(tone): str(place) for place, tone in enumerate(TONES, start=1)}


@lru_cache(maxsize=50_000)
def _word(word: str) -> tuple[str, str]:
    letters, tones = [], []
    for letter in old_tone(word):
        parts = unicodedata.normalize("NFD", letter)
        toneless = unicodedata.normalize("NFC", "".join(part for part in parts if ord(part) not in _TONE))
        letters.append(toneless.translate(_PLACE))
        tones.append(next((_TONE[ord(part)] for part in parts if ord(part) in _TONE), "0"))
    return "".join(letters), "".join(tones)


def alphabetical(words: Iterable[str]) -> Key:
    """What words are sorted by: numbers before letters, small and capital letters alike.

    >>> sorted(["đá", "dê", "da", "dạ", "dà", "dăm"], key=lambda word: alphabetical([word]))
    ['da', 'dà', 'dạ', 'dăm', 'dê', 'đá']
    """
    return tuple(map(_word, words))
