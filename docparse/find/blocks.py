"""Paragraphs and list items in reading order: what the section tree and the tasks are made of."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from docparse.find.numbering import Mark, read_mark
from docparse.find.quotes import Ranges, find_quotes
from docparse.find.words import lower
from docparse.lexicon import load_values
from docparse.text import Line, Span, Text

PARAGRAPH_LINE = 200  # characters: a longer line is a whole paragraph, not one printed line
SERIES_GAP = 3  # numbers of a series that may be missing, as printed or lost
TERMINAL = re.compile(r"(?:[.;:!?…][\s\"”’)\]/.]*|[;,]\s(?:và|hoặc))\Z")
FIGURES = ("arabic", "roman", "decimal")
CELL_BAR = re.compile(r"(?:^\||\s\|\s)")
CELL_VALUE = re.compile(r"\s*(?:\(?\d{1,3}(?:[.,]\d{1,3})?\)?|[IVX]{1,4}|[xX+-])\s*")
CELL_GAP = 16  # lines between bare values of one table
CELL_VALUE_LENGTH, CELL_HEAD_LENGTH = 12, 40
CELL_VALUES = 4  # bare values that make a table
TAIL = 60  # characters at the end of a line that tell whether its sentence ends
HEADING_LINES = 3  # lines between a numbered heading and its first item


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or list item: `start` at its mark, `body` after the mark, `end` after its last character.

    `mark` is as printed (`1.`, `a)`, `-`), None for a plain paragraph; `mark_kind` is the numbering form; `numeral` holds what was read
    from the mark. `cell`: it stands in a table cell. `quoted`: it stands in quoted text of several lines. `note`: it is a footnote;
    `notes` are the footnotes that a page break put inside this block.
    """

    start: int
    end: int
    body: int
    mark: str | None = None
    mark_kind: str | None = None
    cell: bool = False
    quoted: bool = False
    note: bool = False
    numeral: Mark | None = None
    notes: tuple[Span, ...] = ()


def find_blocks(text: Text) -> tuple[Block, ...]:
    """All blocks of `text`; hard-wrapped lines of one paragraph are one block.

    >>> text = Text.of_lines(["1. Mục đích", "- Rà soát", "theo khoản", "1. Điều 5;"])
    >>> [(block.mark, text.content[block.body : block.end]) for block in find_blocks(text)]
    [('1.', 'Mục đích'), ('-', 'Rà soát\\ntheo khoản\\n1. Điều 5;')]
    """
    content, lines = text.content, text.lines
    cells = Ranges([(span.start, span.end) for table in text.tables for row in table.rows for span in row if span.end > span.start])
    flat = _flat_cells(content, lines)
    quotes = find_quotes(content)
    built: list[Block] = []
    opened: _Opened | None = None
    notes: list[Line] = []
    series: dict[str, tuple[int, ...]] = {}
    numbered = -HEADING_LINES
    for index, line in enumerate(lines):
        if line.note:
            notes.append(line)
            continue
        cell = cells.holding(line.start)
        in_cell = cell is not None or index in flat
        mark = read_mark(content, line.start, _mark_end(content, lines, index))
        if opened and cell == opened.cell_range and in_cell == opened.in_cell:
            follows = mark is not None and _follows(series.get(mark.rule), mark.numbers)
            if mark and not _opens_item(content, opened, line, mark, follows=follows, after_heading=index - numbered <= HEADING_LINES):
                mark = None
            if not mark and _continues(content, opened, line):
                opened.goes_on(line, notes)
                notes = []
                continue
        if opened:
            built.append(opened.block(content))
        built += [_note(content, note) for note in notes]
        notes = []
        opened = _Opened(line, line, mark, cell, in_cell, quotes.holding(line.start) is not None, [])
        if mark and mark.numbers and not in_cell and not opened.quoted:
            series[mark.rule] = mark.numbers
            numbered = index
    if opened:
        built.append(opened.block(content))
    return (*built, *(_note(content, note) for note in notes))


@dataclass(slots=True)
class _Opened:
    """The block that is being read."""

    first: Line
    last: Line
    mark: Mark | None
    cell_range: tuple[int, int] | None
    in_cell: bool
    quoted: bool
    notes: list[Span]

    def goes_on(self, line: Line, notes: list[Line]) -> None:
        self.notes += [Span(note.start, note.end) for note in notes]
        self.last = line

    def block(self, content: str) -> Block:
        mark = self.mark
        start = mark.start if mark else _first_sign(content, self.first.start, self.first.end)
        end = self.last.start + len(content[self.last.start : self.last.end].rstrip())
        body = _first_sign(content, min(mark.body, end), end) if mark else start
        return Block(
            start=start,
            end=end,
            body=body,
            mark=mark.text if mark else None,
            mark_kind=mark.kind if mark else None,
            cell=self.in_cell,
            quoted=self.quoted,
            numeral=mark,
            notes=tuple(self.notes),
        )


def _note(content: str, line: Line) -> Block:
    start = _first_sign(content, line.start, line.end)
    return Block(start, line.end, start, note=True)


def _first_sign(content: str, start: int, end: int) -> int:
    while start < end and content[start].isspace():
        start += 1
    return start


def _tail(content: str, line: Line) -> str:
    return content[max(line.start, line.end - TAIL) : line.end].rstrip()


def _capitals(text: str) -> bool:
    return text.upper() == text and any(map(str.isalpha, text))


@cache
def _units() -> frozenset[str]:
    return frozenset(load_values("numbering")["units"]["words"])


def _mark_end(content: str, lines: tuple[Line, ...], index: int) -> int:
    """Where to stop reading a mark: the end of the line, or of the next one where this one holds the name of a unit alone (`Điều⏎5.`)."""
    line = lines[index]
    if line.end - line.start <= len("Tiểu mục ") and index + 1 < len(lines) and lower(content[line.start : line.end]).strip() in _units():
        return lines[index + 1].end
    return line.end


def _opens_item(content: str, opened: _Opened, line: Line, mark: Mark, *, follows: bool, after_heading: bool) -> bool:
    """Whether `mark` begins an item and is no number, dash or reference inside a sentence that was wrapped here.

    `follows`: it goes on with a series of the same form that was seen before; `after_heading`: a numbered unit begins just above.
    """
    before = opened.last
    if opened.mark and opened.mark.body > line.start:
        return False
    if line.end - line.start > PARAGRAPH_LINE and before.end - before.start > PARAGRAPH_LINE:
        return True
    tail = _tail(content, before)
    ended = TERMINAL.search(tail) is not None
    heading = _capitals(content[before.start : before.end]) and (line.opens or after_heading)
    rest = content[mark.body : line.end].strip()
    capital = rest[:1].isupper() or not rest
    first = mark.numbers[-1:] == (1,)
    full = not line.opens and mark.kind in FIGURES and not (first and after_heading)
    if not ended and not heading and _joins(tail, loose=full):
        return False
    if mark.kind == "bullet":
        return ended or tail.endswith(",") or line.opens
    if mark.rank or mark.kind == "step":
        own = mark.stop or not rest or (capital and rest.split()[0].lower() not in _references())
        return own and (ended or line.opens or not rest or (mark.stop and (follows or _capitals(tail))))
    if tail.endswith(",") or not capital:
        return (ended or line.opens) and (follows or first or not (mark.weak or mark.kind == "roman"))
    return line.opens or follows or (ended and not mark.weak) or (first and (ended or after_heading or not mark.weak))


def _follows(before: tuple[int, ...] | None, numbers: tuple[int, ...]) -> bool:
    return before is not None and len(before) == len(numbers) and before[:-1] == numbers[:-1] and 0 < numbers[-1] - before[-1] <= SERIES_GAP


@cache
def _joining(*, loose: bool) -> frozenset[str]:
    values = load_values("numbering")["joining"]
    return frozenset([*values["words"], *(values["loose"] if loose else ())])


def _joins(tail: str, *, loose: bool) -> bool:
    """Whether a line that ends with `tail` ends with a word that the next line belongs to."""
    words = [word.lstrip('("“') for word in lower(tail).split()[-2:]]
    pair = " ".join(words)
    return bool(words) and pair not in _compounds() and not _joining(loose=loose).isdisjoint((words[-1], pair))


@cache
def _compounds() -> frozenset[str]:
    return frozenset(load_values("numbering")["joining"]["compounds"])


@cache
def _references() -> frozenset[str]:
    return frozenset(load_values("numbering")["units"]["references"])


def _continues(content: str, opened: _Opened, line: Line) -> bool:
    """Whether an unmarked line goes on with the paragraph of the line before it."""
    if opened.mark and opened.mark.body >= opened.last.end:
        return True
    before, here = content[opened.last.start : opened.last.end].strip(), content[line.start : line.end].strip()
    ended = TERMINAL.search(before) is not None
    if here[:1].islower():
        return not (ended and line.opens)
    if not ended and _joins(before[-TAIL:], loose=False):
        return True
    if _capitals(before) and not _capitals(here) and len(here) > len("DÂN"):
        return False
    if max(len(before), len(here)) > PARAGRAPH_LINE or not line.opens:
        return not line.opens
    return not ended and _capitals(before) and _capitals(here)


def _flat_cells(content: str, lines: tuple[Line, ...]) -> frozenset[int]:
    """Indices of lines of tables whose rules a text dump has lost: rows with bars, and runs with one cell a line.

    Such a run shows by bare numbers on lines of their own at short distances; it begins at the column headings before them.
    """
    found: set[int] = set()
    values: list[int] = []
    heads: list[int] = []
    for index, line in enumerate(lines):
        here = content[line.start : line.end]
        if CELL_BAR.search(here):
            found.add(index)
        elif len(here) <= CELL_VALUE_LENGTH and CELL_VALUE.fullmatch(here):
            values.append(index)
        if len(here) <= CELL_HEAD_LENGTH and lower(here).strip() in _column_heads():
            heads.append(index)
    for first, last in _runs(lines, values):
        head = bisect_left(heads, first - CELL_GAP)
        found.update(range(min(heads[head] if head < len(heads) else first, first), last + 1))
    return frozenset(found)


@cache
def _column_heads() -> frozenset[str]:
    return frozenset(load_values("numbering")["table"]["heads"])


def _runs(lines: tuple[Line, ...], values: list[int]) -> Iterator[tuple[int, int]]:
    """First and last of `values` that stand close together, without a whole paragraph between them."""
    run: list[int] = []
    for value in [*values, len(lines) + CELL_GAP]:
        apart = bool(run) and (value - run[-1] > CELL_GAP or any(line.end - line.start > PARAGRAPH_LINE for line in lines[run[-1] : value]))
        if apart:
            if len(run) >= CELL_VALUES:
                yield run[0], run[-1]
            run = []
        run.append(value)
