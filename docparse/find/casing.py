"""Lines printed in capitals back into ordinary case: the document's own body first, then a lexicon of names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, cached_property

from docparse.find.words import old_tone
from docparse.lexicon import load_values

WORD = re.compile(r"[^\s,;:.()\"“”\[\]!?|]+")
ROMAN = re.compile(r"[IVXLC]+")
SYMBOL = re.compile(r"\d|/")
SENTENCE_START = re.compile(r"(?:[.:;!?/“\"|]|[-–•+])\s*\Z")
MAX_OCCURRENCES = 12
MAX_BODY = 16_000

Phrases = Mapping[str, tuple[tuple[str, ...], ...]]


def mostly_capitals(text: str) -> bool:
    """Whether most letters of `text` are capitals.

    >>> mostly_capitals("SỞ TƯ PHÁP"), mostly_capitals("Sở Tư pháp"), mostly_capitals("QĐ số 5")
    (True, False, False)
    """
    letters = [character for character in text if character.isalpha()]
    return sum(map(str.isupper, letters)) > 0.7 * len(letters)


class Body:
    """The words of a document in ordinary case, to look up how it writes a name. Built on first use."""

    def __init__(self, text: str) -> None:
        self._text = text[:MAX_BODY]

    @cached_property
    def words(self) -> list[tuple[str, bool]]:
        """Words of the lines that are not in capitals, each with whether it may be capital only because a sentence starts there."""
        found = []
        gap = "."
        for line in self._text.split("\n"):
            if mostly_capitals(line):
                gap = "."
                continue
            end = 0
            for match in WORD.finditer(line):
                found.append((match[0], bool(SENTENCE_START.search(gap + line[end : match.start()]))))
                gap, end = "", match.end()
            gap = line[end:]
        return found

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Folded word -> where it occurs in `words`."""
        places: dict[str, list[int]] = {}
        for index, (word, _) in enumerate(self.words):
            at = places.setdefault(old_tone(word), [])
            if len(at) < MAX_OCCURRENCES:
                at.append(index)
        return places

    def longest(self, wanted: list[str]) -> list[str]:
        """The longest start of `wanted` (folded words) that occurs, as written there; a capital of a sentence start is taken back."""
        best: tuple[int, bool, int] = (0, False, 0)
        for index in self.places.get(wanted[0], ()):
            length = 1
            while length < len(wanted) and index + length < len(self.words) and old_tone(self.words[index + length][0]) == wanted[length]:
                length += 1
            best = max(best, (length, not self.words[index][1], -index))
        length, inside, index = best[0], best[1], -best[2]
        words = [word for word, _ in self.words[index : index + length]]
        if words and not inside and words[0].istitle():
            words[0] = words[0].lower()
        return words


@cache
def _lexicon() -> tuple[Phrases, frozenset[str]]:
    values = load_values("casing")
    phrases = [*values["organisations"], *values["positions"], *values["provinces"]]
    phrases += [f"{head} {field}" for head in ("Bộ", "Sở") for field in values["fields"]]
    return _by_first_word(phrases), frozenset(values["acronyms"])


def _by_first_word(phrases: Iterable[str]) -> Phrases:
    table: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        words = tuple(WORD.findall(phrase))
        table.setdefault(old_tone(words[0]), []).append(words)
    return {first: tuple(sorted(rows, key=len, reverse=True)) for first, rows in table.items()}


def _listed(wanted: list[str], phrases: Phrases) -> tuple[str, ...]:
    for phrase in phrases.get(wanted[0], ()):
        if [old_tone(word) for word in phrase] == wanted[: len(phrase)]:
            return phrase
    return ()


def ordinary_case(text: str, body: Body) -> str:
    """`text` with single spaces and, where it is printed in capitals, in ordinary case with the capitals of names.

    >>> ordinary_case("SỞ GIÁO DỤC VÀ ĐÀO TẠO", Body(""))
    'Sở Giáo dục và Đào tạo'
    >>> ordinary_case("VỀ QUỸ ĐỒNG TÂM", Body("Đóng góp cho Quỹ Đồng Tâm"))
    'Về Quỹ Đồng Tâm'
    """
    text = " ".join(text.split())
    if not mostly_capitals(text):
        return text
    phrases, acronyms = _lexicon()
    matches = list(WORD.finditer(text))
    folded = [old_tone(match[0]) for match in matches]
    cased: list[str] = []
    while len(cased) < len(matches):
        at = len(cased)
        written, listed = body.longest(folded[at : at + 12]), _listed(folded[at : at + 12], phrases)
        word = matches[at][0]
        if listed and len(listed) >= len(written):
            cased += listed
        elif len(written) > 1:
            cased += written
        elif word in acronyms or (SYMBOL.search(word) and not written) or (len(word) > 1 and ROMAN.fullmatch(word)):
            cased.append(word)
        else:
            cased += written or [word.lower()]
    pieces, end = [], 0
    for match, word in zip(matches, cased, strict=True):
        pieces += [text[end : match.start()], word]
        end = match.end()
    result = "".join(pieces) + text[end:]
    return result[:1].upper() + result[1:]
