"""Lines printed in capitals back into ordinary case: the document's own body first, then a lexicon of names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, cached_property

from docparse.lexicon import load_values
from docparse.words import lower, old_tone, squeeze, unaccent

WORD = re.compile(r"[^\s,;:.()\"“”\[\]!?|]+")
ROMAN = re.compile(r"[IVXLC]+")
SYMBOL = re.compile(r"\d|/")
LOWER_CASE = re.compile(r"[a-zà-ỹ]{3}")
SENTENCE_MARK = re.compile(r"[-–.:;!?/“|•+]")
# An acronym (`GTVT`) is no syllable of Vietnamese.
SYLLABLE = re.compile(r"(?<![a-z])(?:ngh?|[cknpt]h|gh|gi|tr|qu|[bcdghklmnpqrstvx])?[aeiouy]{1,3}(?:ch|n[gh]|[cmnpt])?(?![a-z])")
MAX_OCCURRENCES = 12
MAX_BODY = 6_000

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
    def words(self) -> list[tuple[str, str, bool]]:
        """Words of the lines that are not in capitals: as printed, folded, and whether a sentence may start there."""
        folded = old_tone(self._text)
        found = []
        initial, offset = True, 0
        for line in self._text.split("\n"):
            if LOWER_CASE.search(line):
                end = offset
                for match in WORD.finditer(self._text, offset, offset + len(line)):
                    start = match.start()
                    begins = initial or bool(SENTENCE_MARK.search(self._text, end, start))
                    found.append((match[0], folded[start : match.end()], begins))
                    initial, end = False, match.end()
                initial = bool(SENTENCE_MARK.search(self._text, end, offset + len(line)))
            else:
                initial = True
            offset += len(line) + 1
        return found

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Folded word -> where it occurs in `words`."""
        places: dict[str, list[int]] = {}
        for index, (_, folded, _) in enumerate(self.words):
            places.setdefault(folded, []).append(index)
        return places

    def usual(self, wanted: str) -> str | None:
        """How a single (folded) word is written: in capitals if it is an acronym, with a capital only if it always has one."""
        places = [index for index in self.places.get(wanted, ())[:MAX_OCCURRENCES] if not self.words[index][2]]
        forms = {self.words[index][0] for index in places}
        if len(forms) != 1:
            return None
        form = forms.pop()
        if form.isupper() and len(form) > 1 and SYLLABLE.fullmatch(_plain(form)):
            return None
        return form if len(places) > 1 or not form.istitle() else None

    def longest(self, wanted: list[str]) -> list[str]:
        """The longest start of `wanted` (folded words) that occurs, as written there; a capital of a sentence start is taken back."""
        best: tuple[int, bool, int] = (0, False, 0)
        for index in self.places.get(wanted[0], ())[:MAX_OCCURRENCES]:
            length = 1
            while length < len(wanted) and index + length < len(self.words) and self.words[index + length][1] == wanted[length]:
                length += 1
            if length > 1 and mostly_capitals("".join(word for word, _, _ in self.words[index : index + length])):
                continue
            best = max(best, (length, not self.words[index][2], -index))
        length, inside, index = best[0], best[1], -best[2]
        words = [word for word, _, _ in self.words[index : index + length]]
        if words and not inside and words[0].istitle() and not (length > 1 and words[1].istitle()):
            words[0] = words[0].lower()
        return words


@cache
def _lexicon() -> tuple[Phrases, Phrases, frozenset[str]]:
    """Phrases by their first word; those long enough to be known without accents, by their first word without accents; acronyms."""
    values = load_values("casing")
    names = [*values["organisations"], *values["positions"]]
    names += [f"{head} {field}" for head in ("Bộ", "Sở") for field in values["fields"]]
    places = [f"{head} {province}" for head in ("tỉnh", "thành phố", "TP") for province in values["provinces"]]
    unaccented = _by_first_word((name for name in [*names, *places] if " " in name), key=_plain)
    return _by_first_word([*names, *values["provinces"]], key=old_tone), unaccented, frozenset(values["acronyms"])


def _plain(word: str) -> str:
    return unaccent(lower(word))


def _by_first_word(phrases: Iterable[str], *, key: Callable[[str], str]) -> Phrases:
    table: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        words = tuple(WORD.findall(phrase))
        table.setdefault(key(words[0]), []).append(words)
    return {first: tuple(sorted(rows, key=len, reverse=True)) for first, rows in table.items()}


def _listed(wanted: list[str]) -> tuple[str, ...]:
    """The longest known name at the start of `wanted`; scans lose accents, so that names of several words are known without them."""
    phrases, unaccented, _ = _lexicon()
    for phrase in phrases.get(wanted[0], ()):
        if [old_tone(word) for word in phrase] == wanted[: len(phrase)]:
            return phrase
    plain = [_plain(word) for word in wanted]
    for phrase in unaccented.get(plain[0], ()):
        if [_plain(word) for word in phrase] == plain[: len(phrase)]:
            return phrase
    return ()


def is_name(text: str) -> bool:
    """Whether the whole of `text` is one known name, accents apart.

    >>> is_name("BỘ QUỐC PHÒNG"), is_name("BỘ QUỐC")
    (True, False)
    """
    words = [old_tone(word) for word in WORD.findall(text)]
    return bool(words) and len(_listed(words)) == len(words)


def ordinary_case(text: str, body: Body) -> str:
    """`text` with single spaces and, where it is printed in capitals, in ordinary case with the capitals of names.

    >>> ordinary_case("SỞ GIÁO DỤC VÀ ĐÀO TẠO", Body(""))
    'Sở Giáo dục và Đào tạo'
    >>> ordinary_case("VỀ QUỸ ĐỒNG TÂM", Body("Đóng góp cho Quỹ Đồng Tâm"))
    'Về Quỹ Đồng Tâm'
    """
    text = squeeze(text)
    if not mostly_capitals(text):
        return text
    acronyms = _lexicon()[2]
    matches = list(WORD.finditer(text))
    folded = [old_tone(match[0]) for match in matches]
    cased: list[str] = []
    while len(cased) < len(matches):
        at = len(cased)
        written, listed = body.longest(folded[at : at + 12]), _listed(folded[at : at + 12])
        word = matches[at][0]
        if listed and len(listed) >= len(written):
            cased += listed
        elif len(written) > 1:
            cased += written
        elif word in acronyms or (len(word) > 1 and ROMAN.fullmatch(word)):
            cased.append(word)
        else:
            cased.append(body.usual(folded[at]) or (word if SYMBOL.search(word) or not SYLLABLE.search(_plain(word)) else word.lower()))
    pieces, end = [], 0
    for match, word in zip(matches, cased, strict=True):
        pieces += [text[end : match.start()], word]
        end = match.end()
    result = "".join(pieces) + text[end:]
    return result[:1].upper() + result[1:]
