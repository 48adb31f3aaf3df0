"""Word lists of the language of assignments as sets of phrases that match at an offset."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from docparse.lexicon import Rule, load_rules, load_values
from docparse.words import WORD, unaccent

UPPER = "A-Z" + "".join(letter for letter in map(chr, [*range(0xC0, 0x250), *range(0x1E00, 0x1F00)]) if letter.isupper())
"""Upper-case letters, to stand in a character class."""


class Phrases:
    """Phrases in lower case, found by their first word.

    >>> Phrases(["rà soát", "rà"]).end("khẩn trương rà soát", 12)
    19
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_first: dict[str, list[str]] = {}
        for phrase in sorted(set(phrases), key=len, reverse=True):
            self._by_first.setdefault(phrase.split(" ", 1)[0].rstrip(",;"), []).append(phrase)
        self._begin = frozenset(f"{first} "[:2] for first in self._by_first)  # a cheap first look, since most words begin no phrase

    def end(self, text: str, start: int) -> int | None:
        """The end of the longest phrase that stands whole at `start` of `text` (lower case), None if none does."""
        if text[start : start + 2] not in self._begin:
            return None
        word = WORD.match(text, start)
        phrases = self._by_first.get(word[0]) if word else None
        for phrase in phrases or ():
            end = start + len(phrase)
            if text.startswith(phrase, start) and not text[end : end + 1].isalnum():
                return end
        return None


@cache
def role(name: str) -> tuple[Rule, ...]:
    """The rules of `lexicon/tasks.toml` with this role."""
    return tuple(rule for rule in load_rules("tasks") if rule.values["role"] == name)


@cache
def words(name: str) -> Phrases:
    """The list `name` of `lexicon/task_words.toml`."""
    return Phrases(load_values("task_words")[name])


@cache
def bare_words(name: str) -> Phrases:
    """The phrases of two words and more of a list without their marks, for text in which recognition lost them (`day manh`)."""
    return Phrases(unaccent(phrase) for phrase in load_values("task_words")[name] if " " in phrase)
