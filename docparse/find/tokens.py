"""A text as words and marks with offsets, and tables of phrases to look up in it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Generic, TypeVar

from docparse.text import Text
from docparse.words import old_tone, squeeze

Value = TypeVar("Value")

TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[^\s\w]|_")
DASHES = "‐‑‒–—−"
BULLETS = ("-", "–", "+", "•", "*")
CLOSERS = (";", ".", ":", "/", "|")
COMMA = (",", "-", "và", "&", "")
AND = ("và", "-", "&", "")


@dataclass(frozen=True, slots=True)
class Tokens:
    """Words and marks of a text in order: `words` in lower case with the old tone placement, `starts` and `ends` their offsets.

    `breaks` holds the indices of the tokens that begin a paragraph or a table cell.

    >>> tokens = Tokens.of(Text.of_lines(["Uỷ ban nhân dân", "tỉnh"]))
    >>> tokens.words, tokens.breaks == {0}
    (['ủy', 'ban', 'nhân', 'dân', 'tỉnh'], True)
    """

    content: str
    words: list[str]
    starts: list[int]
    ends: list[int]
    breaks: frozenset[int]

    @classmethod
    def of(cls, text: Text) -> Tokens:
        """The tokens of a whole text. A line that begins with a small letter goes on from the line before, whatever its layout."""
        folded = _folded(text.content)
        spans = [match.span() for match in TOKEN.finditer(folded)]
        words = [folded[start:end] for start, end in spans]
        starts = [start for start, _ in spans]
        ends = [end for _, end in spans]
        breaks = {bisect_left(starts, offset) for offset in _openings(text)}
        return cls(text.content, words, starts, ends, frozenset(i for i in breaks if i < len(starts) and not text.content[starts[i]].islower()))

    @classmethod
    def of_string(cls, content: str) -> Tokens:
        """The tokens of one line."""
        return cls.of(Text.of_lines([content]))

    def capital(self, index: int) -> bool:
        """Whether the token begins with a capital letter."""
        return self.content[self.starts[index]].isupper()

    def shouted(self, index: int) -> bool:
        """Whether the token is a word of two or more letters, all capitals."""
        start, end = self.starts[index], self.ends[index]
        return end - start > 1 and self.content[start:end].isupper()

    def spelled(self, first: int, last: int) -> str:
        """Tokens `first` to `last` (exclusive) as the text writes them, white space folded."""
        return squeeze(self.content[self.starts[first] : self.ends[last - 1]]) if last > first else ""


def _folded(content: str) -> str:
    folded = old_tone(content)
    for dash in DASHES:
        folded = folded.replace(dash, "-")
    return folded


def _openings(text: Text) -> Iterable[int]:
    """Where paragraphs and cells begin. In a narrow column a bullet that is not closed runs on into the next line."""
    content, in_bullet = text.content, False
    for line in text.lines:
        first = content[line.start : line.end].lstrip()
        bullet = first[:1] in BULLETS
        runs_on = in_bullet and not bullet and first[:1].isalpha() and not first.split(maxsplit=1)[0].isupper()
        if line.opens and not runs_on:
            yield line.start
        in_bullet = (bullet or runs_on) and not content[line.start : line.end].rstrip().endswith(CLOSERS)
    for table in text.tables:
        yield from (cell.start for row in table.rows for cell in row)


def folded_words(content: str) -> list[str]:
    """The words and marks of a string as `Tokens.words` has them.

    >>> folded_words("Uỷ ban – TP.HCM")
    ['ủy', 'ban', '-', 'tp', '.', 'hcm']
    """
    return TOKEN.findall(_folded(content))


def spellings(phrase: str) -> Iterable[tuple[str, ...]]:
    """The ways to write a name with connectives: `-`, `và` and `&` stand for each other and may be left out, so may a comma.

    >>> sorted(" ".join(words) for words in spellings("Kế hoạch - Đầu tư"))
    ['kế hoạch & đầu tư', 'kế hoạch - đầu tư', 'kế hoạch và đầu tư', 'kế hoạch đầu tư']
    """
    words = folded_words(phrase)
    options = [COMMA if word == "," else AND if word in ("và", "-", "&") and 0 < i < len(words) - 1 else (word,) for i, word in enumerate(words)]
    return (tuple(word for word in choice if word) for choice in product(*options))


class Phrases(Generic[Value]):
    """A table from phrases (in all their spellings) to values; the first value given for a spelling stays. `beyond` is a table that it adds to.

    >>> table = Phrases([("Kế hoạch và Đầu tư", 1), ("Kế hoạch", 2)])
    >>> table.longest(["sở", "kế", "hoạch", "-", "đầu", "tư"], 1)
    (6, 1)
    """

    def __init__(self, rows: Iterable[tuple[str, Value]], *, beyond: Phrases[Value] | None = None) -> None:
        self._first: dict[str, _Node[Value]] = {}
        self._beyond = beyond
        for phrase, value in rows:
            for words in spellings(phrase):
                node = self._first.setdefault(words[0], _Node())
                for word in words[1:]:
                    node = node.following.setdefault(word, _Node())
                if not node.values:
                    node.values.append(value)

    def __contains__(self, word: str) -> bool:
        return word in self._first or (self._beyond is not None and word in self._beyond)

    @property
    def firsts(self) -> Collection[str]:
        """The first words of all phrases."""
        return self._first.keys() if self._beyond is None else {*self._first, *self._beyond.firsts}

    def longest(self, words: Sequence[str], index: int) -> tuple[int, Value] | None:
        """The end and the value of the longest phrase that begins at `index`, None where none does."""
        known = self._beyond.longest(words, index) if self._beyond else None
        last = len(words)
        node = self._first.get(words[index]) if index < last else None
        found = None
        while node is not None:
            index += 1
            if node.values:
                found = index, node.values[0]
            node = node.following.get(words[index]) if index < last else None
        return known if known and (not found or known[0] >= found[0]) else found


class _Node(Generic[Value]):
    """A word of a phrase: the words that may follow, and the value where a phrase ends."""

    __slots__ = ("following", "values")

    def __init__(self) -> None:
        self.following: dict[str, _Node[Value]] = {}
        self.values: list[Value] = []
