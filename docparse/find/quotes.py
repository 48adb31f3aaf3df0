"""Quoted passages that run over several lines, such as the text of another document."""

from __future__ import annotations

import re
from bisect import bisect_right

QUOTE = re.compile(r"[“”„\"]")
PASSAGE = re.compile(r"(?:\A|[\n:;.,])[ ]{0,8}\Z")
CUT_OFF = re.compile(r"(?:…|\.{3})\s?\Z")
LONGEST = 20_000


class Ranges:
    """Disjoint half-open ranges in order, for questions about offsets."""

    def __init__(self, ranges: list[tuple[int, int]]) -> None:
        self._ranges = sorted(ranges)
        self._starts = [start for start, _ in self._ranges]

    def holding(self, offset: int) -> tuple[int, int] | None:
        """The range that holds `offset`, None if none does.

        >>> Ranges([(2, 5)]).holding(4), Ranges([(2, 5)]).holding(5)
        ((2, 5), None)
        """
        index = bisect_right(self._starts, offset) - 1
        return self._ranges[index] if index >= 0 and offset < self._ranges[index][1] else None


def find_quotes(content: str) -> Ranges:
    """The outermost quoted passages of several lines that begin a paragraph or follow a colon, without their quotation marks.

    A mark that is never closed opens nothing; one that closes a cut-off passage (`…”`) closes that after the last colon
    before it. A straight mark opens after space or a bracket and closes otherwise.

    >>> find_quotes('sửa như sau:\\n“1. Phí\\n2. Giá”').holding(22)
    (14, 27)
    """
    found: list[tuple[int, int]] = []
    opened: list[int] = []
    closed = 0
    for match in QUOTE.finditer(content):
        at = match.start()
        while opened and at - opened[-1] > LONGEST:
            opened.pop()
        if _opens(content, at):
            opened.append(at)
        elif opened:
            start = opened.pop()
            while found and found[-1][0] > start:
                found.pop()
            if content.find("\n", start, at) >= 0 and PASSAGE.search(content, max(start - 12, 0), start):
                found.append((start + 1, at))
        elif CUT_OFF.search(content, max(at - 4, 0), at):
            lead_in = content.rfind(":\n", max(at - LONGEST, closed), at)
            if lead_in >= 0:
                found.append((lead_in + 1, at))
        closed = at + 1
    return Ranges(found)


def _opens(content: str, at: int) -> bool:
    if content[at] in "“„":
        return True
    if content[at] == "”":
        return False
    before = content[at - 1 : at] or " "
    return (before.isspace() or before in "([") and not content[at + 1 : at + 2].isspace()
