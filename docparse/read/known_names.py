"""Known agencies, document types and places whose accents recognition lost, above all in capitals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache

from docparse.lexicon import load_rows, load_values
from docparse.read.layout import Word
from docparse.read.syllables import WORD
from docparse.read.usual_pairs import OFTEN, is_usual, likelihood, usual_words
from docparse.words import old_tone, unaccent

MARKED = re.compile(r"([^\w\s]*)([^\W\d_]+)([^\w\s]*)")

PERSON_WORDS = 2
PLACE_WORDS = ("tinh", "thanh")  # a place may begin with a small letter: tỉnh, thành phố
ALIKE = 0.88  # of difflib's ratio: one letter in nine

Name = tuple[str, ...]


@cache
def known_names() -> tuple[Name, ...]:
    """Names of two words and more, in lower case with the old tone placement, word by word."""
    return tuple(sorted({name for text in _texts() if len(name := tuple(WORD.findall(old_tone(text)))) > 1}))


def _texts() -> Iterator[str]:
    for row in load_rows("agencies"):
        yield from (row["name"], *row["aliases"].split("|"))
    yield from (row["name"] for row in load_rows("doc_types"))
    yield from (f"{row['form']} {row['name']}" for row in load_rows("provinces"))
    types = load_values("agency_types")
    for head in types["head"]:
        yield from head["forms"]
    yield from types["people"]["positions"]
    yield from load_values("signing")["positions"]
    for field in (*types["fields"]["ministry"], *types["fields"]["division"]):
        yield from (f"Sở {field}", f"Phòng {field}")


@cache
def _by_letters() -> Mapping[Name, Name]:
    """The names by their letters without accents, those alone that no other name shares."""
    found: dict[Name, Name | None] = {}
    for name in known_names():
        letters = tuple(map(unaccent, name))
        found[letters] = None if letters in found else name
    return {letters: name for letters, name in found.items() if name}


@cache
def _longest() -> Mapping[str, int]:
    """Most words of a name, by its first word without accents."""
    longest: dict[str, int] = {}
    for letters in _by_letters():
        longest[letters[0]] = max(longest.get(letters[0], 0), len(letters))
    return longest


def restore_names(words: Sequence[Word]) -> list[Word]:
    """The words with the accents of known names restored, where they are not usual as they are; a name begins with a capital.

    >>> [word.text for word in restore_names([Word(text, 0, 0, 1, 1) for text in "SƠ Y TE TINH BAAC GIANG, Thủ trưởng".split()])]
    ['SỞ', 'Y', 'TẾ', 'TỈNH', 'BẮC', 'GIANG,', 'Thủ', 'trưởng']
    """
    cores = [MARKED.fullmatch(word.text) for word in words]
    printed = [old_tone(core[2]) if core else "" for core in cores]
    letters = [unaccent(word) for word in printed]
    restored = list(words)
    index = 0
    while index < len(words):
        core = cores[index]
        name = (
            (_name_at(letters, index) or _place_at(words, letters, index))
            if core and (core[2][0].isupper() or letters[index] in PLACE_WORDS)
            else None
        )
        if name and _may_be(words[index : index + len(name)], printed[index : index + len(name)], name):
            for offset, right in enumerate(name):
                word = restored[index + offset]
                if printed[index + offset] != right:
                    restored[index + offset] = word._replace(text=spelled(word.text, right), raw=word.raw or word.text)
        index += len(name) if name else 1
    return restored


def _may_be(words: Sequence[Word], printed: Sequence[str], name: Name) -> bool:
    """Whether what was printed can have been this name: it is not usual as it is, and in two words alone only what is no usual
    word or a common confusion was changed.

    Two words that both begin with a capital are more often the name of a person.
    """
    if is_usual(printed):
        return False
    if len(name) > PERSON_WORDS:
        return True
    named = all(word.text[:1].isupper() and not word.text.isupper() for word in words)
    changed = [(right, word) for right, word in zip(name, printed, strict=True) if right != word]
    return not named and all(likelihood(right, word) >= OFTEN or word not in usual_words() for right, word in changed)


def _place_at(printed: Sequence[Word], letters: Sequence[str], index: int) -> Name | None:
    """`tỉnh` and the province whose name follows with a letter too many, too few or wrong."""
    if letters[index] != "tinh":
        return None
    for length in (2, 3):
        words = letters[index + 1 : index + 1 + length]
        if len(words) == length and all(words) and all(word.text[0].isupper() for word in printed[index + 1 : index + 1 + length]):
            near = get_close_matches(" ".join(words), _provinces(), n=2, cutoff=ALIKE)
            if len(near) == 1:
                return ("tỉnh", *_provinces()[near[0]])
    return None


@cache
def _provinces() -> Mapping[str, Name]:
    """The names of provinces of two words and more by their letters."""
    names = (tuple(WORD.findall(old_tone(row["name"]))) for row in load_rows("provinces"))
    return {unaccent(" ".join(name)): name for name in names if len(name) > 1}


def _name_at(letters: Sequence[str], index: int) -> Name | None:
    """The longest known name that begins here."""
    for length in range(min(_longest().get(letters[index], 0), len(letters) - index), 1, -1):
        if name := _by_letters().get(tuple(letters[index : index + length])):
            return name
    return None


def spelled(text: str, word: str) -> str:
    """`word` in the capitals and between the marks of `text`.

    >>> spelled("(TÔ,", "tổ"), spelled("Vê", "về")
    ('(TỔ,', 'Về')
    """
    match = MARKED.fullmatch(text)
    assert match is not None
    letters = match[2]
    if letters.isupper() and len(letters) > 1:
        word = word.upper()
    elif letters[0].isupper():
        word = word[0].upper() + word[1:]
    return match[1] + word + match[3]
