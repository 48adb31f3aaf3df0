"""A record -> what the document view shows: for each page the text with marks and the boxes on its image."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from docparse.query.search import find_marks
from docparse.record import Record
from docparse.web.boxes import overlays, soft_breaks
from docparse.web.findings import KINDS, Finding, findings
from docparse.web.highlights import Range, marked

PDF = "application/pdf"
LOOK_BACK = 40  # ranges before a page that may go on into it: tasks and titles that cross it, with what is in them
POINTS = 595.0, 842.0  # A4, for pages without a size


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page: `words` is its text with marks, `boxes` rectangles on its image in points; `start` its offset in the text."""

    number: int
    start: int
    words: Markup
    boxes: Markup
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class View:
    """A document as it is shown; `counts` says how many findings of each kind there are, `hits` how many words match the search."""

    sheets: tuple[Sheet, ...]
    findings: tuple[Finding, ...]
    counts: dict[str, int]
    hits: int

    def find(self, name: str) -> Finding | None:
        """The finding with this name."""
        return next((found for found in self.findings if found.id == name), None)


def build_view(record: Record, *, query: str = "", at: int | None = None) -> View:
    """The view of a record; words that `query` matches are marked, the first one from offset `at` can be jumped to as `#at`."""
    found = findings(record)
    marks = find_marks(record.text, query) if query else ()
    hits = _hits(marks, at)
    ranges = sorted([*(Range(one.start, one.end, one.kind, one.id) for one in found), *hits], key=lambda one: (one.start, -one.end))
    boxes = overlays(record, ranges)
    soft = soft_breaks(record)
    sheets = []
    for page in record.pages:
        words = marked(record.text, _touching(ranges, page.start, page.end), start=page.start, end=page.end, soft=soft)
        width, height = page.width or POINTS[0], page.height or POINTS[1]
        sheets.append(Sheet(page.number, page.start, words, boxes.get(page.number, Markup("")), width, height))
    counts = Counter(one.kind for one in found)
    return View(tuple(sheets), found, {kind: counts[kind] for kind in KINDS if counts[kind]}, len(marks))


def _hits(marks: Sequence[tuple[int, int]], at: int | None) -> list[Range]:
    first = min(bisect_left(marks, (at, 0)), len(marks) - 1) if at is not None and marks else None
    return [Range(start, end, "hit", anchor="at" if index == first else None) for index, (start, end) in enumerate(marks)]


def _touching(ranges: Sequence[Range], start: int, end: int) -> list[Range]:
    """The ranges that share something with a page: those that begin on it, and long ones that began before."""
    first = bisect_left(ranges, start, key=lambda one: one.start)
    last = bisect_left(ranges, end, key=lambda one: one.start)
    return [one for one in ranges[max(first - LOOK_BACK, 0) : first] if one.end > start] + list(ranges[first:last])
