"""Table cells in texts that have lost the rules of their tables."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache

from docparse.find.wrapping import PARAGRAPH_LINE
from docparse.lexicon import load_values
from docparse.text import Line
from docparse.words import lower

BAR = re.compile(r"(?:^\||\s\|\s)")
VALUE = re.compile(r"\s*(?:\(?\d{1,3}(?:[.,]\d{1,3})?\)?|[IVX]{1,4}|[xX+-])\s*")
VALUE_LENGTH, HEAD_LENGTH = 12, 40  # characters
GAP = 16  # lines between bare values of one table
VALUES = 4  # bare values that make a table


def find_flat_cells(content: str, lines: tuple[Line, ...]) -> frozenset[int]:
    """Indices of the lines that are table rows with bars, or stand in a table that was written out with one cell a line.

    Such a table shows by bare numbers on lines of their own at short distances; it begins at the column headings before them.
    """
    found: set[int] = set()
    values: list[int] = []
    heads: list[int] = []
    for index, line in enumerate(lines):
        here = content[line.start : line.end]
        if BAR.search(here):
            found.add(index)
        elif len(here) <= VALUE_LENGTH and VALUE.fullmatch(here):
            values.append(index)
        if len(here) <= HEAD_LENGTH and lower(here).strip() in _column_heads():
            heads.append(index)
    for first, last in _runs(lines, values):
        head = bisect_left(heads, first - GAP)
        found.update(range(min(heads[head] if head < len(heads) else first, first), last + 1))
    return frozenset(found)


@cache
def _column_heads() -> frozenset[str]:
    return frozenset(load_values("numbering")["table"]["heads"])


def _runs(lines: tuple[Line, ...], values: list[int]) -> Iterator[tuple[int, int]]:
    """First and last of `values` that stand close together, without a whole paragraph between them."""
    run: list[int] = []
    for value in [*values, len(lines) + GAP]:
        apart = bool(run) and (value - run[-1] > GAP or any(line.end - line.start > PARAGRAPH_LINE for line in lines[run[-1] : value]))
        if apart:
            if len(run) >= VALUES:
                yield run[0], run[-1]
            run = []
        run.append(value)
