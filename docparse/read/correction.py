"""What recognition got wrong and the domain knows better: figures and symbols, known names, accents of words in their usual company.

A word is corrected only where it never stands beside its neighbours in administrative texts and another word of the same letters usually does.
Nothing is corrected silently: `Word.raw` keeps what was recognised.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from docparse.read.figures import correct_figures
from docparse.read.known_names import MARKED, known_names, restore_names, spelled
from docparse.read.layout import Word
from docparse.read.usual_pairs import OFTEN, likelihood, usual_pairs
from docparse.words import old_tone, unaccent

IN_NAMES = 50  # documents
USUAL = (8, 60)  # documents of the list in which a pair must stand, after a common and after a rare confusion
TIMES = (25, 100)  # times as usual as what was recognised
CLEARLY = 3  # times as usual as any other reading


class _Core(NamedTuple):
    """The letters of a word in lower case with the old tone placement; `open` and `close`: no mark parts it from the neighbour.

    `named`: it begins with a capital and goes on with small letters, as names do.
    """

    letters: str
    open: bool
    close: bool
    named: bool


@cache
def _usual_pairs() -> Mapping[tuple[str, str], int]:
    """The usual pairs, and those inside known names."""
    pairs = dict(usual_pairs())
    for name in known_names():
        for pair in pairwise(name):
            pairs[pair] = max(pairs.get(pair, 0), IN_NAMES)
    return pairs


@cache
def _readings() -> Mapping[str, tuple[str, ...]]:
    """The words of the list by their letters without accents."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for pair in _usual_pairs():
        for word in pair:
            found[unaccent(word)].add(word)
    return {letters: tuple(sorted(words)) for letters, words in found.items()}


def correct_words(words: Sequence[Word]) -> list[Word]:
    """The words of a page in reading order, corrected.

    >>> [word.text for word in correct_words([Word(text, 0, 0, 1, 1) for text in "KÉ HOẠCH tô chức và quan lý. Tôn Thất".split()])]
    ['KẾ', 'HOẠCH', 'tổ', 'chức', 'và', 'quản', 'lý.', 'Tôn', 'Thất']
    """
    corrected = restore_names(correct_figures(words))
    cores = [_core(word.text) for word in corrected]
    for index, core in enumerate(cores):
        if core is None:
            continue
        before = cores[index - 1] if index and core.open else None
        after = cores[index + 1] if index + 1 < len(cores) and core.close else None
        left = before if before and before.close and not (before.named and core.named) else None
        right = after if after and after.open and not (after.named and core.named) else None
        better = _better(core.letters, left and left.letters, right and right.letters)
        if better:
            cores[index] = core._replace(letters=better)
            word = corrected[index]
            corrected[index] = word._replace(text=spelled(word.text, better), raw=word.raw or word.text)
    return corrected


def _core(text: str) -> _Core | None:
    match = MARKED.fullmatch(text)
    return _Core(old_tone(match[2]), open=not match[1], close=not match[3], named=match[2].istitle()) if match else None


def _better(word: str, left: str | None, right: str | None) -> str | None:
    """A reading of the same letters that is far more usual between these neighbours, None where there is none."""
    pairs = _usual_pairs()

    def usual(reading: str) -> int:
        return (pairs.get((left, reading), 0) if left else 0) + (pairs.get((reading, right), 0) if right else 0)

    ranked = sorted(((usual(reading), reading) for reading in _readings().get(unaccent(word), ()) if reading != word), reverse=True)
    if not ranked or (len(ranked) > 1 and ranked[0][0] < CLEARLY * ranked[1][0]):
        return None
    count, reading = ranked[0]
    likely = likelihood(reading, word)
    rare = likely < OFTEN
    return reading if likely and count >= max(USUAL[rare], TIMES[rare] * usual(word)) else None
