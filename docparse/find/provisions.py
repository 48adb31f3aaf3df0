"""Parts of a document named with it: `điểm b, c khoản 4 Điều 19`."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise

from docparse.words import squeeze

UNITS = {
    "phụ lục": "Phụ lục",
    "phần": "Phần",
    "chương": "Chương",
    "mục": "Mục",
    "tiểu mục": "Tiểu mục",
    "điều": "Điều",
    "khoản": "Khoản",
    "điểm": "Điểm",
    "tiết": "Tiết",
}
RANK = {name: rank for rank, name in enumerate(UNITS.values())}
LABEL = r"(?:\d{1,3}\([a-zđ]\)|\d{1,3}(?:\.\d{1,2}){0,2}[a-zđ]?\d?|[a-zđ]\d{0,2}|[ivxlc]{1,6})(?!\w)"
UNIT = re.compile(
    rf"(?P<unit>tiểu\s+mục|phụ\s+lục|phần|chương|mục|điều|khoản|điểm|tiết)\s+(?:số\s+)?(?P<labels>{LABEL}(?:\s*(?:,|;|và|hoặc)\s+{LABEL}){{0,12}})"
)
SEPARATOR = re.compile(r"\s*(?:,|;|và|hoặc)\s+")
BRACKETED = re.compile(r"(?P<label>\d+)\((?P<point>[a-zđ])\)")
JOIN = re.compile(r"\s*(?:[,;.]|và|hoặc|của|tại|thuộc|kèm\s+theo|ban\s+hành\s+kèm\s+theo)?\s*(?:các\s+)?")


@dataclass(frozen=True, slots=True)
class Part:
    """A named unit with its labels: `khoản 1, 2`."""

    start: int
    end: int
    unit: str
    labels: tuple[str, ...]


class Parts:
    """The named units of a text, to read off those that stand before a mention."""

    def __init__(self, content: str, low: str) -> None:
        self._content, self._low = content, low
        self._parts = [
            Part(m.start(), m.end(), UNITS[squeeze(m["unit"])], tuple(SEPARATOR.split(content[m.start("labels") : m.end("labels")])))
            for m in UNIT.finditer(low)
            if not low[m.start() - 1 : m.start()].isalnum()
        ]
        self._ends = [part.end for part in self._parts]

    def before(self, offset: int) -> tuple[int, tuple[dict[str, str], ...]]:
        """Where the chain of units that ends at `offset` begins, and its provisions; `offset` and none where there is no chain."""
        index = bisect_right(self._ends, offset) - 1
        start = offset
        chain: list[Part] = []
        while index >= 0 and self._joined(self._parts[index].end, start):
            chain.insert(0, self._parts[index])
            start = self._parts[index].start
            index -= 1
        return start, build_provisions(chain)

    def _joined(self, end: int, start: int) -> bool:
        """Whether a chain goes on from `end` to `start`; behind a full stop only in small letters (`điểm g. khoản 1. điều 2`)."""
        joined = JOIN.fullmatch(self._low, end, start)
        return joined is not None and ("." not in joined[0] or self._content[start].islower())


def build_provisions(chain: list[Part]) -> tuple[dict[str, str], ...]:
    """Provisions of a chain of units, outermost unit first in each.

    >>> build_provisions([Part(0, 0, "Điểm", ("b", "c")), Part(0, 0, "Khoản", ("4",)), Part(0, 0, "Điều", ("19",))])
    ({'Điều': '19', 'Khoản': '4', 'Điểm': 'b'}, {'Điều': '19', 'Khoản': '4', 'Điểm': 'c'})
    """
    ranks = [RANK[part.unit] for part in chain]
    if len(chain) > 1 and all(left < right for left, right in pairwise(ranks)):
        chain = chain[::-1]
    found: list[dict[str, str]] = []
    outer: list[Part] = []
    for index in range(len(chain) - 1, -1, -1):
        part = chain[index]
        outer = [above for above in outer if RANK[above.unit] < RANK[part.unit]]
        nested_follows = index > 0 and RANK[chain[index - 1].unit] > RANK[part.unit]
        outer.append(part)
        if not nested_follows:
            found[:0] = _combine(outer)
    return tuple(found)


def _combine(outer: list[Part]) -> list[dict[str, str]]:
    combined: list[dict[str, str]] = [{}]
    for part in outer:
        combined = [{**above, **_labelled(part.unit, label)} for above in combined for label in part.labels]
    return combined


def _labelled(unit: str, label: str) -> dict[str, str]:
    """A label under its unit; `Khoản 2(a)` holds a point."""
    both = BRACKETED.fullmatch(label)
    return {unit: both["label"], "Điểm": both["point"]} if both and unit == "Khoản" else {unit: label}
