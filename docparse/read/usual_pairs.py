"""What usually happens: which words stand beside each other in administrative documents, which letters are taken for which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise

from docparse.lexicon import load_rows

OFTEN = 13  # times counted: a confusion that is common


@cache
def usual_pairs() -> Mapping[tuple[str, str], int]:
    """Two words (lower case, old tone placement) -> documents, of 360, in which the second follows the first.

    >>> usual_pairs()["tổ", "chức"] > 100, ("tô", "chức") in usual_pairs()
    (True, False)
    """
    return {(row["first"], row["second"]): int(row["documents"]) for row in load_rows("word_pairs")}


@cache
def usual_words() -> frozenset[str]:
    """All words of the usual pairs."""
    return frozenset(word for pair in usual_pairs() for word in pair)


def is_usual(words: Sequence[str]) -> bool:
    """Whether each word usually follows the one before."""
    return all(pair in usual_pairs() for pair in pairwise(words))


@cache
def _confusions() -> Mapping[tuple[str, str], int]:
    return {(row["intended"], row["read_as"]): int(row["count"]) for row in load_rows("ocr_confusions")}


def likelihood(intended: str, read_as: str) -> int:
    """How often the rarest of the confusions was counted that turn one word into another of the same length; 0 if one never was.

    >>> likelihood("tổ", "tô") >= OFTEN, likelihood("thanh", "thành")
    (True, 20)
    >>> likelihood("phương", "phường")
    0
    """
    return min(_confusions().get((right, read), 0) for right, read in zip(intended, read_as, strict=True) if right != read)
