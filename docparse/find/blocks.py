"""Paragraphs and list items in reading order: what the section tree and the tasks are made of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from docparse.find.cells import find_flat_cells
from docparse.find.numbering import Mark, read_mark
from docparse.find.quotes import Ranges, find_quotes
from docparse.find.wrapping import continues, is_parted, is_reference, opens_item, part_lines
from docparse.lexicon import load_values
from docparse.text import Line, Span, Text
from docparse.words import lower

SERIES_GAP = 3  # numbers of a series that may be missing, as printed or lost
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
    content, lines = text.content, part_lines(text.content, text.lines)
    cells = Ranges([(span.start, span.end) for table in text.tables for row in table.rows for span in row if span.end > span.start])
    flat = find_flat_cells(content, lines)
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
        mark = _read_own_mark(content, lines, index)
        if opened and cell == opened.cell_range and in_cell == opened.in_cell:
            follows = mark is not None and _follows(series.get(mark.rule), mark.numbers)
            after_heading = index - numbered <= HEADING_LINES
            if is_parted(content, line) and not follows:
                opened.goes_on(line, notes)
                notes = []
                continue
            if mark and (
                opened.mark_reaches(line.start) or not opens_item(content, opened.last, line, mark, follows=follows, after_heading=after_heading)
            ):
                mark = None
            if not mark and (opened.mark_reaches(opened.last.end) or continues(content, opened.last, line)):
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

    def mark_reaches(self, offset: int) -> bool:
        return self.mark is not None and self.mark.body >= offset

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


@cache
def _units() -> frozenset[str]:
    return frozenset(load_values("numbering")["units"]["words"])


def _read_own_mark(content: str, lines: tuple[Line, ...], index: int) -> Mark | None:
    """The mark that begins a line; one of a unit whose name stands alone on the line takes its number from the next (`Điều⏎5.`)."""
    line = lines[index]
    end = line.end
    if end - line.start <= len("Tiểu mục ") and index + 1 < len(lines) and lower(content[line.start : end]).strip() in _units():
        end = lines[index + 1].end
    mark = read_mark(content, line.start, end)
    return None if mark and is_reference(content, mark, end) else mark


def _follows(before: tuple[int, ...] | None, numbers: tuple[int, ...]) -> bool:
    return before is not None and len(before) == len(numbers) and before[:-1] == numbers[:-1] and 0 < numbers[-1] - before[-1] <= SERIES_GAP
