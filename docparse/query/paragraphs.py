"""The paragraphs of a text as words, for comparing texts: how lines are wrapped, capitals, marks and punctuation make no difference."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

WORD = re.compile(r"\w+(?:[.,/:&-]\w+)*")
LINE = re.compile(r"\S[^\n]*")
MARK = re.compile(r"[-–+*•●○▪#|]|(?:\d{1,3}(?:\.\d{1,3}){0,4}|[a-zđ]|[IVXLC]{1,6})[.)]\s|\d{1,3}(?:\.\d{1,3}){1,4}\s")
CONTINUES = re.compile(r"[^\W\d_A-ZĐ]\w*\b(?![.)])|\d{1,4}/(?:\d{4}/)?[A-ZĐ]")
ENDS = re.compile(r"[.;:!?][\"”’)]{0,3}$")
FULL = 0.75  # of the width of the text: a shorter line ends a paragraph
LEAST_FULL = 40  # characters: lines of tables are narrower
MOST_WORDS = 400


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A range of a text: `words` without marks, in lower case, and where they stand."""

    start: int
    end: int
    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]


def find_paragraphs(text: str, folded: str, unit_starts: Iterable[int] = ()) -> list[Paragraph]:
    """The paragraphs of a text, those without a word left out; one over 400 words is cut.

    Lines of one paragraph are joined: a line goes on in the next one if it is long, or the next begins with a small letter or the symbol of
    a document; but not if it ends a sentence, nor over a blank line, a change between capitals and small letters, an enumeration mark or
    the start of a numbered unit (`unit_starts`, offsets). `folded` is the text without marks, of the same length.
    """
    found = []
    for start, end in _blocks(text, frozenset(unit_starts)):
        spans = [match.span() for match in WORD.finditer(folded, start, end)]
        for first in range(0, len(spans), MOST_WORDS):
            some = spans[first : first + MOST_WORDS]
            begins = start if first == 0 else some[0][0]
            ends = end if first + MOST_WORDS >= len(spans) else some[-1][1]
            found.append(Paragraph(begins, ends, tuple(folded[begin:after] for begin, after in some), tuple(some)))
    return found


def _blocks(text: str, unit_starts: frozenset[int]) -> Iterator[tuple[int, int]]:
    """Lines that belong together."""
    printed = [(match.start(), match.start() + len(match[0].rstrip())) for match in LINE.finditer(text)]
    if not printed:
        return
    width = sorted(end - start for start, end in printed)[len(printed) * 9 // 10]
    begins, (start, end) = printed[0][0], printed[0]
    for next_start, next_end in printed[1:]:
        goes_on = (
            (end - start >= max(FULL * width, LEAST_FULL) or CONTINUES.match(text, next_start))
            and text.count("\n", end, next_start) == 1
            and next_start not in unit_starts
            and not ENDS.search(text, start, end)
            and text[start:end].isupper() == text[next_start:next_end].isupper()
            and not MARK.match(text, next_start)
        )
        if not goes_on:
            yield begins, end
            begins = next_start
        start, end = next_start, next_end
    yield begins, end
