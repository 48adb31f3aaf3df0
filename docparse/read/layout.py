"""Printed words with boxes -> lines in reading order. Every reader that knows boxes (PDF, OCR) ends here.

Words become rows by their vertical middle, rows become segments at wide gaps, and stretches of rows that leave one gutter free (the
letterhead, the signature block) are read column by column. Page numbers are dropped and footnotes marked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from docparse.read.lines import Noted, RawLine
from docparse.text import Box

SAME_ROW = 0.4  # of the row's height: how far the middles of two words of one row may lie apart
WIDE_GAP = 1.3  # of the row's height: a gap that parts two columns
LEAST_GUTTER = 5.0  # points
WIDER_THAN_SPACE = 1.5  # times the usual space of a row: a gap that can be a gutter
BLOCK_GAP = 1.1  # of the row's height: white space above a row of one column that ends a two-column block
RIGHT_EDGE = 0.85  # of the rows end at or before the right margin; a few stick out
INDENT = 8.0  # points: a first-line indent is 10 to 12.7 mm, so well over this
PARAGRAPH_GAP = 0.55  # of the row's height, more white space above than between the lines of a paragraph
MARGIN_ZONE = 0.085  # of the page's height: page numbers stand in the top or bottom margin
SMALL_TYPE = 0.9  # of the body's height: footnotes are set smaller
PAGE_NUMBER = re.compile(r"(?:trang|page)?\s*[-–—]*\s*\d{1,4}\s*(?:[/|]\s*\d{1,4}|[-–—]+)?", re.I)
FOOTNOTE_MARK = re.compile(r"(?:[¹²³⁴-⁹⁰]+|\d{1,3}|\*+|\[\d{1,3}\])(?=\s|$)")
SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Word(NamedTuple):
    """A printed word with its box in points from the top left of the page; confidence as in `docparse.text.Line`.

    `raw` is what was recognised where `text` corrects it; `doubtful`: its digits look written by hand and may be others.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    confidence: float | None = None
    raw: str | None = None
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Words on one printed line, or on the part of it that belongs to one column, from left to right; `height` is that of a usual word."""

    words: tuple[Word, ...]
    box: Box
    height: float
    column: int | None = None
    note: bool = False

    @classmethod
    def of(cls, words: Sequence[Word], *, column: int | None = None) -> Row:
        """The row of these words, which come from left to right."""
        box = Box(words[0].x0, min(word.top for word in words), max(word.x1 for word in words), max(word.bottom for word in words))
        middle = words[len(words) // 2]
        return cls(tuple(words), box, middle.bottom - middle.top, column)

    @property
    def text(self) -> str:
        """The words, joined with spaces; digits that were stamped one by one stand together."""
        return "".join(space + word.text for space, word in self._spaced())

    def _spaced(self) -> Iterator[tuple[str, Word]]:
        """Each word with what parts it from the one before."""
        yield "", self.words[0]
        for before, word in pairwise(self.words):
            touching = word.x0 - before.x1 < 0.12 * self.height and word.text.isdigit() and before.text.isdigit()
            yield "" if touching else " ", word

    def noted(self) -> Iterator[Noted]:
        """The words that recognition corrected or that are doubtful, at their places in `text`."""
        end = 0
        for space, word in self._spaced():
            start, end = end + len(space), end + len(space) + len(word.text)
            if word.raw is not None or word.doubtful:
                yield Noted(start, end, word.raw, word.doubtful)

    @property
    def confidence(self) -> float | None:
        """The mean confidence of the words, None where the text was not recognised."""
        known = [word.confidence for word in self.words if word.confidence is not None]
        return sum(known) / len(known) if known else None


def holds(box: Box, word: Word) -> bool:
    """Whether the middle of a word lies in a box."""
    return box.x0 <= (word.x0 + word.x1) / 2 <= box.x1 and box.top <= (word.top + word.bottom) / 2 <= box.bottom


def rows_of(words: Sequence[Word]) -> list[Row]:
    """Group words into printed rows from top to bottom.

    >>> [row.text for row in rows_of([Word("b", 20, 1, 30, 11), Word("a", 0, 0, 10, 10), Word("c", 0, 20, 10, 30)])]
    ['a b', 'c']
    """
    groups: list[list[Word]] = []
    middle = height = 0.0
    for word in sorted(words, key=lambda word: word.top + word.bottom):
        this = (word.top + word.bottom) / 2
        if groups and this - middle <= SAME_ROW * max(height, word.bottom - word.top):
            groups[-1].append(word)
            middle += (this - middle) / len(groups[-1])
        else:
            groups.append([word])
            middle, height = this, word.bottom - word.top
    return [Row.of(sorted(group, key=lambda word: word.x0)) for group in groups]


def in_reading_order(rows: Sequence[Row]) -> list[Row]:
    """Rows in reading order: where a stretch of rows leaves one gutter free, its left column comes before its right one."""
    ordered: list[Row] = []
    index = 0
    while index < len(rows):
        stretch = _two_columns(rows, index)
        if stretch is None:
            ordered.append(rows[index])
            index += 1
            continue
        end, gutter = stretch
        for column in (0, 1):
            for row in rows[index:end]:
                words = [word for word in row.words if (word.x0 >= gutter) == bool(column)]
                if words:
                    ordered.append(Row.of(words, column=column))
        index = end
    return ordered


def _wide_gaps(row: Row) -> list[tuple[float, float]]:
    """The gaps that are too wide for a space between words, as x from and to."""
    return [(before.x1, word.x0) for before, word in pairwise(row.words) if word.x0 - before.x1 > WIDE_GAP * row.height]


def _two_columns(rows: Sequence[Row], start: int) -> tuple[int, float] | None:
    """The end of the two-column stretch that begins at row `start`, and an x inside its gutter; None where there is none.

    The first row reaches into the right column and one soon after has a wide gap; a row in the left column alone is read in its turn.
    """
    split = next((index for index in range(start, min(start + 4, len(rows))) if _wide_gaps(rows[index])), None)
    if split is None:
        return None
    gutter = max(_wide_gaps(rows[split]), key=lambda gap: gap[1] - gap[0])
    if any(row.box.x1 <= gutter[1] for row in rows[start:split]):
        return None
    end = start
    for index in range(start, len(rows)):
        narrowed = _narrowed(gutter, rows[index])
        far_below = index > split and rows[index].box.top - rows[index - 1].box.bottom > BLOCK_GAP * rows[index].height
        if narrowed is None or (far_below and not _wide_gaps(rows[index])):
            break
        gutter, end = narrowed, index + 1
    return (end, sum(gutter) / 2) if end > split and end - start >= 2 else None


def _narrowed(gutter: tuple[float, float], row: Row) -> tuple[float, float] | None:
    """What is left of the gutter beside this row; None where the row stands in it or only a space between its words meets it."""
    if row.box.x1 <= gutter[1] - LEAST_GUTTER and row.box.x0 < gutter[0]:
        return max(gutter[0], row.box.x1), gutter[1]
    if row.box.x0 >= gutter[0] + LEAST_GUTTER:
        return gutter[0], min(gutter[1], row.box.x0)
    gap = max(_wide_gaps(row) or [gutter], key=lambda gap: min(gap[1], gutter[1]) - max(gap[0], gutter[0]))
    middle = gap[0] + gap[1]
    ends = [word.x1 for word in row.words if word.x0 + word.x1 < middle]
    starts = [word.x0 for word in row.words if word.x0 + word.x1 >= middle]
    if not ends or not starts:
        return None
    space = median(word.x0 - before.x1 for before, word in pairwise(row.words))
    left, right = max(gutter[0], *ends), min(gutter[1], *starts)
    return (left, right) if right - left >= max(LEAST_GUTTER, WIDER_THAN_SPACE * space) else None


def drop_page_number(rows: Sequence[Row], height: float) -> list[Row]:
    """Rows without a page number that stands alone in the top or bottom margin."""
    kept = list(rows)
    if kept and kept[-1].box.top > height * (1 - MARGIN_ZONE) and PAGE_NUMBER.fullmatch(kept[-1].text):
        del kept[-1]
    if kept and kept[0].box.bottom < height * MARGIN_ZONE and PAGE_NUMBER.fullmatch(kept[0].text):
        del kept[0]
    return kept


def mark_notes(rows: Sequence[Row], body_height: float, *, continued: bool, below: float | None = None) -> list[Row]:
    """Mark the footnotes: the rows of small type that end the page, from the first one that begins with a note mark.

    `continued`: the page before ended within a footnote, so the small type may begin with the rest of it. `below`: where the line above the
    footnotes stands, for pages whose small marks recognition lost.
    """
    start = len(rows)
    while start and rows[start - 1].height < SMALL_TYPE * body_height and rows[start - 1].column is None:
        start -= 1
    if start == 0:
        return list(rows)
    marked_rows = (
        index for index in range(start, len(rows)) if FOOTNOTE_MARK.match(rows[index].text) or (below is not None and rows[index].box.top >= below)
    )
    first = start if continued else next(marked_rows, len(rows))
    marked = list(rows[:first])
    for row in rows[first:]:
        mark = FOOTNOTE_MARK.match(row.text)
        words = (row.words[0]._replace(text=row.words[0].text.translate(SUPERSCRIPT)), *row.words[1:]) if mark else row.words
        marked.append(replace(row, words=words, note=True))
    return marked


@dataclass(slots=True)
class Paragraphs:
    """Tells which body rows open a paragraph; keeps the last body row, because a paragraph may go on over a page break.

    `in_note`: the last row was one of an unfinished footnote.
    """

    before: Row | None = None
    full: float = 0.0
    in_note: bool = False

    def opens(self, rows: Sequence[Row]) -> list[bool]:
        """For each row in reading order: does a paragraph start here?"""
        self.in_note = bool(rows) and rows[-1].note and not rows[-1].text.endswith((".", ";"))
        body = [row.box for row in rows if row.column is None and not row.note]
        if not body:
            return [True] * len(rows)
        right = sorted(box.x1 for box in body)[int(len(body) * RIGHT_EDGE)]
        long = [box.x0 for box in body if box.x1 > right - 2 * INDENT] or [box.x0 for box in body]
        left = min(long)
        pitch = _usual_gap(body)
        made = []
        new_page = True
        before_note: Row | None = None
        for row in rows:
            if row.column is not None:
                made.append(True)
                self.before = None
            elif row.note:
                made.append(bool(FOOTNOTE_MARK.match(row.text)) or before_note is None)
                before_note = row
            else:
                made.append(self._opens(row, left=left, right=right, pitch=None if new_page else pitch, new_page=new_page))
                self.before, self.full, new_page = row, right, False
        return made

    def _opens(self, row: Row, *, left: float, right: float, pitch: float | None, new_page: bool) -> bool:
        if self.before is None:
            return True
        box, before = row.box, self.before.box
        if box.x0 > left + INDENT:
            return True
        first = row.words[0]
        edge = self.full if new_page else right
        if before.x1 + (first.x1 - first.x0) + 0.5 * row.height < edge:
            return True
        return pitch is not None and box.top - before.bottom > pitch + PARAGRAPH_GAP * row.height


def _usual_gap(boxes: Sequence[Box]) -> float:
    gaps = [below.top - above.bottom for above, below in pairwise(boxes) if below.top > above.top]
    return median(gaps) if gaps else 0.0


def raw_lines(rows: Sequence[Row], opens: Sequence[bool]) -> list[RawLine]:
    """Rows as raw lines for `docparse.read.lines.build_text`, boxes to a tenth of a point."""
    return [
        RawLine(
            row.text,
            box=Box(*(round(side, 1) for side in row.box)),
            confidence=row.confidence,
            opens=opening,
            note=row.note,
            noted=tuple(row.noted()),
        )
        for row, opening in zip(rows, opens, strict=True)
    ]


def settle_notes(pages: Sequence[Sequence[RawLine]]) -> list[list[RawLine]]:
    """The lines of each page with its footnotes before a paragraph that goes on over the page break, which they would cut in two.

    >>> body, note = RawLine("first half"), RawLine("¹ note", note=True)
    >>> [[line.text for line in page] for page in settle_notes([[body, note], [RawLine("second half", opens=False)]])]
    [['¹ note', 'first half'], ['second half']]
    """
    settled = [list(lines) for lines in pages]
    for lines, following in pairwise(settled):
        body = next((line for line in following if not line.note), None)
        notes = next((index for index, line in enumerate(lines) if line.note), len(lines))
        if body is None or body.opens or notes == len(lines) or not all(line.note for line in lines[notes:]):
            continue
        opening = next((index for index in range(notes - 1, -1, -1) if lines[index].opens), 0)
        if not any(line.cell for line in lines[opening:]):
            lines[opening:] = lines[notes:] + lines[opening:notes]
    return settled
