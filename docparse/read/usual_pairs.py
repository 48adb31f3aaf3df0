"""Which words usually stand beside each other in administrative documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise

from docparse.lexicon import load_rows


@cache
def usual_pairs() -> Mapping[tuple[str, str], int]:
    """Two words (lower case, old tone placement) -> documents, of 360, in which the second follows the first.

    >>> usual_pairs()["tổ", "chức"] > 100, ("tô", "chức") in usual_pairs()
    (True, False)
    """
    return {(row["first"], row["second"]): int(row["documents"]) for row in load_rows("word_pairs")}


def is_usual(words: Sequence[str]) -> bool:
    """Whether each word usually follows the one before."""
    return all(pair in usual_pairs() for pair in pairwise(words))
