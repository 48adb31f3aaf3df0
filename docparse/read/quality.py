"""Is a text layer usable? Told by its content, not by font names."""

from __future__ import annotations

import re
import unicodedata

from docparse.read.encodings import VIETNAMESE, legacy_encoding, restore
from docparse.read.syllables import WORD, syllable_share

BROKEN_SHARE = 0.18  # of the letters carry Vietnamese marks: fewer in broken layers, 0.295 in the median good one
ENOUGH_LETTERS = 200  # fewer letters than these (a cover, a table of numbers) tell nothing
READABLE_SHARE = 0.65  # of the letters stand in possible syllables: 0.83 and more in good layers, 0.5 where an English engine read the page
LOST_LETTER = re.compile(r"\(cid:\d+\)|\ufffd|(?<=[^\W\d_])\?(?=[^\W\d_])")
LOST_SHARE = 0.01  # of the letters may be lost


def accented_share(text: str) -> float | None:
    """The share of letters that only Vietnamese has or that carry its marks, None for too little text to tell.

    >>> accented_share("Cong hoa xa hoi chu nghia Viet Nam " * 10)
    0.0
    """
    text = unicodedata.normalize("NFC", text)
    letters = sum(map(str.isalpha, text))
    return len(VIETNAMESE.findall(text)) / letters if letters >= ENOUGH_LETTERS else None


def what_is_broken(text: str) -> str | None:
    """Why the text of a page is no readable Vietnamese, None if it is, or if there is too little to tell.

    >>> what_is_broken("C?ng hòa xã h?i ch? nghĩa Vi?t Nam " * 10)
    '13% of its letters are lost'
    >>> what_is_broken("Cộng hòa xã hội chủ nghĩa Việt Nam " * 10) is None
    True
    """
    if legacy := legacy_encoding(text):
        text = restore(text, legacy)
    text = unicodedata.normalize("NFC", text)
    share = accented_share(text)
    if share is None:
        return None
    lost = len(LOST_LETTER.findall(text)) / sum(map(str.isalpha, text))
    if lost > LOST_SHARE:
        return f"{lost:.0%} of its letters are lost"
    if share < BROKEN_SHARE:
        return f"{share:.0%} of its letters are accented"
    readable = syllable_share(text)
    return f"{readable:.0%} of its letters stand in Vietnamese syllables" if readable < READABLE_SHARE else None


def readability(text: str) -> float:
    """How far a text is readable Vietnamese, to compare two readings of one page: the letters in possible syllables with marks.

    >>> readability("Uy ban nhan dan tinh"), readability("Ủy ban nhân dân tỉnh")
    (0.0, 0.8125)
    """
    words = WORD.findall(unicodedata.normalize("NFC", text))
    letters = sum(map(len, words))
    marked = [word for word in words if VIETNAMESE.search(word)]
    return syllable_share(" ".join(marked)) * sum(map(len, marked)) / letters if letters else 0.0
