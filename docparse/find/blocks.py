"""Paragraphs and list items in reading order: what the section tree and the tasks are made of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from docparse.find.numbering import Mark, read_mark
from docparse.find.quotes import Ranges, find_quotes
from docparse.find.words import old_tone
from docparse.lexicon import load_values
from docparse.text import Line, Text

PARAGRAPH_LINE = 200
SHORT = 0.75
TERMINAL = re.compile(r"[.;:!?…][\s\"”’)\]/.]*\Z")
CELL_BAR = re.compile(r"(?:^\||\s\|\s)")
CELL_VALUE = re.compile(r"\s*(?:\d{1,3}(?:[.,]\d{1,3})?|[IVX]{1,4}|[xX+-])\s*")
CELL_GAP = 12
CELL_VALUES = 4
NEXT = 3


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or list item: `start` at its mark, `body` after the mark, `end` after its last character.

    `mark` is as printed (`1.`, `a)`, `-`), None for a plain paragraph; `mark_kind` is the numbering form. `cell`: it stands in a table
    cell. `quoted`: it stands in quoted text that runs over several blocks. `numeral` holds what was read from the mark.
    """

    start: int
    end: int
    body: int
    mark: str | None = None
    mark_kind: str | None = None
    cell: bool = False
    quoted: bool = False
    numeral: Mark | None = None


def find_blocks(text: Text) -> tuple[Block, ...]:
    """All blocks of `text`; hard-wrapped lines of one paragraph are one block.

    >>> text = Text.of_lines(["1. Mục đích", "- Rà soát", "theo khoản", "1. Điều 5;"])
    >>> [(block.mark, text.content[block.body : block.end]) for block in find_blocks(text)]
    [('1.', 'Mục đích'), ('-', 'Rà soát\\ntheo khoản\\n1. Điều 5;')]
    """
    content = text.content
    lines = [line for line in text.lines if content[line.start : line.end].strip()]
    cells = Ranges([(span.start, span.end) for table in text.tables for row in table.rows for span in row if span.end > span.start])
    flat = _flat_cells(content, lines)
    quotes = find_quotes(content)
    built: list[Block] = []
    opened: _Opened | None = None
    series: dict[str, tuple[int, ...]] = {}
    width = _width(lines)
    for index, line in enumerate(lines):
        cell = cells.holding(line.start)
        in_cell = cell is not None or index in flat
        mark = read_mark(content, line.start, line.end)
        before = opened.last if opened else None
        apart = opened is None or cell != opened.cell_range or in_cell != opened.in_cell
        quoted = quotes.holding(line.start) is not None
        if mark and before and not apart and not _opens_item(content, before, line, mark, series, width):
            mark = None
        if opened and not apart and not mark and _continues(content, opened, line, width):
            opened.last = line
            continue
        if opened:
            built.append(opened.block(content))
        if mark and mark.numbers and not in_cell and not quoted:
            series[mark.rule] = mark.numbers
        opened = _Opened(line, line, mark, cell, in_cell, quoted)
    if opened:
        built.append(opened.block(content))
    return tuple(built)


@dataclass(slots=True)
class _Opened:
    first: Line
    last: Line
    mark: Mark | None
    cell_range: tuple[int, int] | None
    in_cell: bool
    quoted: bool

    def block(self, content: str) -> Block:
        first = content[self.first.start : self.first.end]
        mark = self.mark
        start = mark.start if mark else self.first.start + len(first) - len(first.lstrip())
        end = self.last.start + len(content[self.last.start : self.last.end].rstrip())
        body = min(mark.body, end) if mark else start
        while body < end and content[body].isspace():
            body += 1
        return Block(start, end, body, mark.text if mark else None, mark.kind if mark else None, self.in_cell, self.quoted, mark)


@cache
def _joining(*groups: str) -> re.Pattern[str]:
    values = load_values("numbering")["joining"]
    words = sorted((word for group in groups for word in values[group]), key=len, reverse=True)
    return re.compile(rf"(?:^|[\s(\"“,;])(?:{'|'.join(map(re.escape, words))})\s*\Z")


def _tail(content: str, line: Line) -> str:
    return content[max(line.start, line.end - 60) : line.end].rstrip()


def _width(lines: list[Line]) -> float:
    """The usual length of a full line: the 80th percentile of those that are printed lines, not whole paragraphs."""
    lengths = sorted(line.end - line.start for line in lines if line.end - line.start <= PARAGRAPH_LINE)
    return lengths[len(lengths) * 4 // 5] if lengths else 0.0


def _short(line: Line, width: float) -> bool:
    return line.end - line.start < width * SHORT


def _capitals(text: str) -> bool:
    return text.upper() == text and any(map(str.isalpha, text))


def _opens_item(content: str, before: Line, line: Line, mark: Mark, series: dict[str, tuple[int, ...]], width: float) -> bool:
    """Whether `mark` begins an item and is no number, dash or reference inside a sentence that was wrapped here."""
    if line.end - line.start > PARAGRAPH_LINE and before.end - before.start > PARAGRAPH_LINE:
        return True
    tail = _tail(content, before)
    ended = TERMINAL.search(tail) is not None
    if not ended and not (line.opens and _capitals(tail)):
        joining = _joining("words") if line.opens else _joining("words", "loose")
        if joining.search(old_tone(tail)):
            return False
    rest = content[mark.body : line.end]
    if mark.kind == "bullet":
        return ended or tail.endswith(",") or (line.opens and (rest[:1].isupper() or _short(before, width)))
    follows = _follows(series.get(mark.rule), mark.numbers)
    if mark.rank or mark.kind == "step":
        return (ended or line.opens or _short(before, width)) and (mark.stop or not rest.strip() or rest.strip()[:1].isupper())
    if ended:
        return not mark.weak or follows or line.opens or mark.numbers == (1,)
    if rest[:1].islower():
        return follows and line.opens
    return (line.opens and not tail.endswith(",")) or follows or (mark.numbers[-1] == 1 and not mark.weak and not tail.endswith(","))


def _follows(before: tuple[int, ...] | None, numbers: tuple[int, ...]) -> bool:
    return before is not None and len(before) == len(numbers) and before[:-1] == numbers[:-1] and 0 < numbers[-1] - before[-1] <= NEXT


def _continues(content: str, opened: _Opened, line: Line, width: float) -> bool:
    """Whether an unmarked line goes on with the paragraph of the line before it."""
    before, here = content[opened.last.start : opened.last.end].strip(), content[line.start : line.end].strip()
    ended = TERMINAL.search(before) is not None
    if opened.mark and opened.mark.body >= opened.last.end:
        return True
    if _capitals(before) != _capitals(here) and _capitals(before) and not here[:1].islower() and len(here) > 3:
        return False
    if here[:1].islower():
        return not (ended and line.opens)
    if max(len(before), len(here)) > PARAGRAPH_LINE or not line.opens:
        return not line.opens
    return not ended and (not _short(opened.last, width) or (_capitals(before) and _capitals(here)))


def _flat_cells(content: str, lines: list[Line]) -> frozenset[int]:
    """Lines of tables that a text dump has lost the rules of: rows with bars, and runs with one cell a line.

    Such a run shows by bare numbers on lines of their own at short distances.
    """
    found: set[int] = set()
    values = []
    for index, line in enumerate(lines):
        here = content[line.start : line.end]
        if CELL_BAR.search(here):
            found.add(index)
        elif len(here) < 12 and CELL_VALUE.fullmatch(here):
            values.append(index)
    for run in _runs(values):
        if len(run) >= CELL_VALUES:
            found.update(range(max(run[0] - CELL_GAP // 2, 0), run[-1] + 1))
    return frozenset(found)


def _runs(values: list[int]) -> Iterator[list[int]]:
    run: list[int] = []
    for value in values:
        if run and value - run[-1] > CELL_GAP:
            yield run
            run = []
        run.append(value)
    if run:
        yield run
