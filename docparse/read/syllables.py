"""Is a word a syllable that Vietnamese can have? Spelling errors and broken letters show by what cannot be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from docparse.lexicon import load_values

TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
STOPPED_TONES = ("\u0301", "\u0323")
WORD = re.compile(r"[^\W\d_]+")


@cache
def syllables() -> frozenset[str]:
    """All possible syllables in lower case, NFC.

    >>> {"tỉnh", "nghị", "hòa", "hoà", "quyết"} <= syllables(), {"tĩnhh", "quyêt", "điên"} & syllables()
    (True, {'điên'})
    """
    values = load_values("syllables")
    rimes = {form for rime in values["open_rimes"] for form in _toned(rime, TONES)}
    rimes |= {form for rime in values["stopped_rimes"] for form in _toned(rime, STOPPED_TONES)}
    return frozenset(initial + rime for initial in values["initials"] for rime in rimes) | frozenset(
        "g" + rime for rime in rimes if rime[0] in "iìíĩỉị"
    )


def _toned(rime: str, tones: tuple[str, ...]) -> Iterator[str]:
    """The rime with each tone on each vowel that may carry it: one with a mark of its own, else any."""
    marked = [index for index, letter in enumerate(rime) if letter in "ăâêôơư"]
    places = marked[-1:] or [index for index, letter in enumerate(rime) if letter in "aeiouy"]
    for tone in tones:
        for place in places:
            yield unicodedata.normalize("NFC", rime[: place + 1] + tone + rime[place + 1 :])


def is_syllable(word: str) -> bool:
    """Whether a word without marks around it is a possible syllable; capitals do not matter.

    >>> is_syllable("Ủy"), is_syllable("Đỗi"), is_syllable("Cdng"), is_syllable("QuySt")
    (True, True, False, False)
    """
    return word.lower() in syllables()


def syllable_share(text: str) -> float:
    """The share of the letters of `text` that stand in possible syllables, 0 to 1; 0 without letters.

    >>> syllable_share("Ủy ban nhân dân tỉnh"), syllable_share("Uiban nhdn d0n tlnh") < 0.5
    (1.0, True)
    """
    words = WORD.findall(text)
    letters = sum(map(len, words))
    return sum(len(word) for word in words if is_syllable(word)) / letters if letters else 0.0
