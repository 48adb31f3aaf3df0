"""Collocates: words that stand near a word or phrase more often than elsewhere, by log-likelihood."""

from __future__ import annotations

import math
import random
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from docparse.errors import MissingTool
from docparse.query.alphabet import alphabetical
from docparse.query.filters import ALL, Filters
from docparse.query.places import Reading
from docparse.store.corpus import Corpus
from docparse.words import old_tone

MOST_DOCUMENTS = 500
MOST_PLACES = 500
REFERENCE = 60_000  # characters; underthesea segments some 150,000 in a second
LEAST_SLICE = 300
CHARACTERS_OF_A_WORD = 14  # with its space: twice the average, so that a window holds the span
LEAST_NEAR = 2
PRINTED = re.compile(r"\S")


@dataclass(frozen=True, slots=True)
class Collocate:
    """A word near the keyword: `near` times within the span, `everywhere` in what was read; `score` is log-likelihood (Dunning 1993).

    By chance a score passes 3.84 once in 20 words, 6.63 once in 100, 10.83 once in 1,000.
    """

    word: str
    near: int
    everywhere: int
    score: float


class _Window(NamedTuple):
    """A part of a text with the places that it was cut around; places whose surroundings meet share one."""

    start: int
    end: int
    places: list[tuple[int, int]]


def collocates(corpus: Corpus, query: str, *, filters: Filters = ALL, span: int = 5, limit: int = 30) -> tuple[Collocate, ...]:
    """Words (by underthesea's segmentation) that stand near the keyword more often than elsewhere, best first.

    Near are the `span` words on either side, numbers and punctuation not counted; capitals and the placement of tone marks make no
    difference. Words that are near only once are left out. Where there is more, samples drawn at random are read, always the same: 500
    documents, some 500 places in them, and for the frequencies elsewhere slices of these documents with 60,000 characters in all.
    Raises QueryError, and MissingTool without underthesea.
    """
    reading = Reading(corpus, query, filters=filters, most=MOST_DOCUMENTS)
    draw = random.Random(0)
    windows: list[tuple[str, _Window]] = []
    elsewhere: Counter[str] = Counter()
    of_each, left = max(REFERENCE // max(len(reading.chosen), 1), LEAST_SLICE), REFERENCE
    for _, text, places in reading:
        around = list(_windows(text, places, span * CHARACTERS_OF_A_WORD))
        windows += [(text[window.start : window.end], window) for window in around]
        if left > 0:
            first = draw.randrange(max(len(text) - of_each, 0) + 1)
            for start, end in _gaps(around, first, min(first + of_each, len(text))):
                elsewhere.update(word for word, _, _ in segment(text[start:end]))
                left -= end - start
    near: Counter[str] = Counter()
    draw.shuffle(windows)
    count = 0
    for text, window in windows:
        if count >= MOST_PLACES:
            break
        near.update(_near(text, [(first - window.start, last - window.start) for first, last in window.places], span))
        count += len(window.places)
    return _scored(near, elsewhere)[:limit]


def segment(text: str) -> Iterator[tuple[str, int, int]]:
    """Words of a text in lower case with the old tone placement, each with its range; numbers, single Latin letters and punctuation are none.

    >>> [word for word, _, _ in segment("Uỷ ban tỉnh phân bổ 28 tỷ đồng.")]
    ['ủy ban', 'tỉnh', 'phân bổ', 'tỷ', 'đồng']
    """
    try:
        from underthesea import word_tokenize
    except ImportError as error:
        raise MissingTool("collocates", "need underthesea, which is not installed", hint="Install docparse[words].") from error

    printed = [match.start() for match in PRINTED.finditer(text)]
    after = 0
    for token in word_tokenize(text, use_token_normalize=False):
        letters = token.replace(" ", "")
        first, after = after, after + len(letters)
        if letters.isalpha() and not (len(letters) == 1 and letters.isascii()):
            yield old_tone(token), printed[first], printed[after - 1] + 1


def _windows(text: str, places: list[tuple[int, int]], reach: int) -> Iterator[_Window]:
    window: _Window | None = None
    for first, last in places:
        start, end = max(first - reach, 0), min(last + reach, len(text))
        while start > 0 and not text[start - 1].isspace():
            start -= 1
        while end < len(text) and not text[end].isspace():
            end += 1
        if window and start <= window.end:
            window = _Window(window.start, max(end, window.end), [*window.places, (first, last)])
            continue
        if window:
            yield window
        window = _Window(start, end, [(first, last)])
    if window:
        yield window


def _gaps(windows: list[_Window], start: int, end: int) -> Iterator[tuple[int, int]]:
    """What of a range no window covers."""
    for window in windows:
        if start < min(window.start, end):
            yield start, min(window.start, end)
        start = max(start, window.end)
    if start < end:
        yield start, end


def _near(text: str, places: list[tuple[int, int]], span: int) -> list[str]:
    """The words of a window that stand within the span of one of its places, each once."""
    words = list(segment(text))
    starts, ends = [start for _, start, _ in words], [end for _, _, end in words]
    near: set[int] = set()
    keywords: set[int] = set()
    for first, last in places:
        before, after = bisect_right(ends, first), bisect_left(starts, last)
        keywords.update(range(before, after))
        near.update(range(max(before - span, 0), min(after + span, len(words))))
    return [words[at][0] for at in sorted(near - keywords)]


def _scored(near: Counter[str], elsewhere: Counter[str]) -> tuple[Collocate, ...]:
    total_near, total_elsewhere = near.total(), elsewhere.total()
    share = total_near / max(total_near + total_elsewhere, 1)
    found = []
    for word, count in near.items():
        everywhere = count + elsewhere[word]
        if count >= LEAST_NEAR and count > everywhere * share:
            score = log_likelihood(count, elsewhere[word], total_near, total_elsewhere)
            found.append(Collocate(word, count, everywhere, round(score, 2)))
    return tuple(sorted(found, key=lambda collocate: (-collocate.score, alphabetical(collocate.word.split()))))


def log_likelihood(near: int, elsewhere: int, all_near: int, all_elsewhere: int) -> float:
    """Dunning's G² of a word that stands `near` times among `all_near` words and `elsewhere` times among `all_elsewhere`.

    >>> round(log_likelihood(10, 10, 100, 1000), 2)
    22.91
    """
    words = all_near + all_elsewhere
    score = 0.0
    for count, total in ((near, all_near), (elsewhere, all_elsewhere)):
        for observed, column in ((count, near + elsewhere), (total - count, words - near - elsewhere)):
            if observed:
                score += observed * math.log(observed * words / (total * column))
    return 2 * score
