"""Ranges of the text -> boxes on the page images; which line breaks are only those of the paper."""

from __future__ import annotations

import html
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from markupsafe import Markup

from docparse.record import LineBox, PageText, Record
from docparse.web.highlights import Range

Box = tuple[float, float, float, float]
INDENT, SHORT = 8.0, 24.0  # points: a line that begins further right opens a paragraph, one that ends further left closes it
LONG = 0.8  # of the usual length of a line without layout: a shorter one closes a paragraph
WIDEST = 130  # characters: longer lines without layout are paragraphs themselves
MARKS = "-–+•*("  # a line that begins so opens a paragraph


def boxes_of(lines: Sequence[LineBox], starts: Sequence[int], start: int, end: int) -> list[Box]:
    """Where a range stands: for each of its lines the line's box, narrowed by its share of the characters. `starts` are those of the lines.

    >>> line = LineBox(start=0, end=10, box=(100.0, 50.0, 200.0, 60.0), confidence=None)
    >>> boxes_of([line], [0], 5, 10)
    [(150.0, 50.0, 200.0, 60.0)]
    """
    found = []
    for line in lines[max(bisect_right(starts, start) - 1, 0) : bisect_left(starts, end)]:
        first, last = max(start, line.start), min(end, line.end)
        if line.box and first < last:
            x0, top, x1, bottom = line.box
            width = (x1 - x0) / (line.end - line.start)
            found.append((x0 + width * (first - line.start), top, x0 + width * (last - line.start), bottom))
    return found


def overlays(record: Record, ranges: Iterable[Range]) -> dict[int, Markup]:
    """For each page with boxes an SVG group of rectangles, one for each range and line, in points."""
    starts = [[line.start for line in page.lines] for page in record.pages]
    pages = [page.start for page in record.pages]
    drawn: dict[int, list[str]] = {}
    for found in ranges:
        head = f'<rect class="k-{html.escape(found.kind)}" data-f="{html.escape(found.id or "")}"'
        for place in range(max(bisect_right(pages, found.start) - 1, 0), bisect_left(pages, found.end)):
            page = record.pages[place]
            for x0, top, x1, bottom in boxes_of(page.lines, starts[place], found.start, found.end):
                box = f'{head} x="{x0:.1f}" y="{top:.1f}" width="{x1 - x0:.1f}" height="{bottom - top:.1f}"/>'
                drawn.setdefault(page.number, []).append(box)
    return {number: Markup("".join(parts)) for number, parts in drawn.items()}  # names are escaped


def soft_breaks(record: Record) -> frozenset[int]:
    """Offsets of line breaks inside paragraphs: the text is shown in the reader's own width."""
    opens = {section.start for section in record.sections} | {mark.start for mark in record.header.marks.values()}
    return frozenset(offset for page in record.pages for offset in _of_page(record.text, page, opens))


def _of_page(text: str, page: PageText, opens: set[int]) -> Iterable[int]:
    boxed = [line.box for line in page.lines if line.box]
    if len(boxed) > 3:
        left, right = sorted(box[0] for box in boxed)[len(boxed) // 10], sorted(box[2] for box in boxed)[-1 - len(boxed) // 10]
    else:
        left = right = 0.0
    lengths = sorted(line.end - line.start for line in page.lines)
    usual = lengths[-1 - len(lengths) // 10] if lengths else 0
    for line, after in zip(page.lines, page.lines[1:], strict=False):
        if after.start in opens or text[after.start : after.start + 1] in MARKS or after.start - line.end != 1:
            continue
        if line.box and after.box and right:
            goes_on = line.box[2] > right - SHORT and abs(line.box[0] - left) < 60 and after.box[0] < left + INDENT
        else:
            goes_on = usual <= WIDEST and line.end - line.start > LONG * usual
        if goes_on:
            yield line.end
