"""Tables of tasks: one row is one task, with its lead, partners and time in columns.

A table comes ruled (`Text.tables`), as rows with bars, or, where a text dump lost the rules, with one cell a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from docparse.find.task_actors import ActorReader
from docparse.lexicon import load_rules
from docparse.text import Line, Span, Text
from docparse.words import squeeze

ROW_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,3}){0,2}\.?")
GROUP_LABEL = re.compile(r"[IVXLC]{1,6}\.?|[A-Z]\.?")
JOINED = re.compile(r"[,;–-]\s*\Z")
MOST_HEADER_LINES = 24
MOST_ROW_LINES = 60
LONGEST_NUMBER_HEAD = 16  # characters
FEWEST_COLUMNS = 2


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A row: ranges of what is to be done and of its other cells, None where the table has no such column or the cell is empty."""

    work: Span
    lead: Span
    support: Span | None
    time: Span | None


@cache
def _columns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((rule.values["column"], rule.regex) for rule in load_rules("task_columns"))


@cache
def _times() -> re.Pattern[str]:
    return next(rule.regex for rule in load_rules("task_columns") if rule.values["column"] == "time_cell")


def column_of(text: str) -> str | None:
    """What a column holds, by its head in lower case.

    >>> column_of("cơ quan chủ trì"), column_of("thời hạn hoàn thành"), column_of("tên trường")
    ('lead', 'time', None)
    """
    return next((column for column, pattern in _columns() if column != "time_cell" and pattern.fullmatch(text)), None)


def find_rows(text: Text, reader: ActorReader, *, start: int, end: int) -> Iterator[TaskRow]:
    """The rows of all tables of tasks between `start` and `end`, in order."""
    for table in text.tables:
        if start <= table.start < end:
            yield from _cell_rows(reader, [list(row) for row in table.rows])
    ruled = [(table.start, table.end) for table in text.tables]
    lines = [line for line in text.lines if start <= line.start < end and not any(first <= line.start < last for first, last in ruled)]
    barred = [line for line in lines if reader.flat.count(" | ", line.start, line.end) >= FEWEST_COLUMNS] if " | " in reader.flat else []
    if barred:
        yield from _cell_rows(reader, [_bar_cells(reader, line) for line in barred])
    yield from _flat_rows(reader, lines)


def _bar_cells(reader: ActorReader, line: Line) -> list[Span]:
    cells, begin = [], line.start
    while (bar := reader.flat.find("|", begin, line.end)) >= 0:
        cells.append(Span(begin, bar))
        begin = bar + 1
    return [*cells, Span(begin, line.end)]


def _head(reader: ActorReader, span: Span) -> str:
    return squeeze(reader.low[span.start : span.end]).strip(" .:*")


def _cell_rows(reader: ActorReader, rows: Sequence[Sequence[Span]]) -> Iterator[TaskRow]:
    columns: Mapping[str, int] = {}
    lead: Span | None = None
    for row in rows:
        heads = [column_of(_head(reader, span)) for span in row]
        if "lead" in heads and "work" in heads:
            columns = {head: index for index, head in reversed(list(enumerate(heads))) if head}
            lead = None
            continue
        if not columns or len(row) <= max(columns["lead"], columns["work"]):
            continue
        cell = {name: _inner(reader, row[index]) for name, index in columns.items() if index < len(row)}
        work, support, time = cell["work"], cell.get("support"), cell.get("time")
        lead = cell["lead"] or (lead if time or support else None)
        if work and lead and len(reader.flat[work.start : work.end].split()) > 1:
            yield TaskRow(work, lead, support, time)


def _inner(reader: ActorReader, span: Span) -> Span | None:
    """`span` without space at its ends, None if nothing is left."""
    start, end = span.start, span.end
    while start < end and reader.flat[start].isspace():
        start += 1
    while end > start and reader.flat[end - 1].isspace():
        end -= 1
    return Span(start, end) if end > start else None


def _flat_rows(reader: ActorReader, lines: Sequence[Line]) -> Iterator[TaskRow]:
    """Rows of a table with one cell a line: a head of column names, then for each row its number, work, lead, partners, time."""
    at = 0
    while at < len(lines):
        found = _flat_head(reader, lines, at)
        if found is None:
            at += 1
            continue
        columns, at = found
        row: list[Line] = []
        while at < len(lines) and len(row) < MOST_ROW_LINES:
            line = lines[at]
            content = reader.flat[line.start : line.end].strip()
            if ROW_NUMBER.fullmatch(content) and not _goes_on(reader, row):
                yield from _flat_row(reader, row, columns)
                row = []
            elif GROUP_LABEL.fullmatch(content):
                yield from _flat_row(reader, row, columns)
                row = [line]
            else:
                row.append(line)
            at += 1
        yield from _flat_row(reader, row, columns)


def _goes_on(reader: ActorReader, row: Sequence[Line]) -> bool:
    """Whether the row still waits for more of a cell, so that a bare number is a value (a year) and no row number."""
    return bool(row) and JOINED.search(reader.flat[row[-1].start : row[-1].end]) is not None


def _flat_head(reader: ActorReader, lines: Sequence[Line], at: int) -> tuple[tuple[str, ...], int] | None:
    """The columns of a head that begins with a number column at line `at`, and the line after it."""
    if lines[at].end - lines[at].start > LONGEST_NUMBER_HEAD or column_of(_head(reader, Span(lines[at].start, lines[at].end))) != "number":
        return None
    columns, begin = [], at + 1
    while begin < min(len(lines), at + MOST_HEADER_LINES):
        for stop in range(min(begin + 4, len(lines)), begin, -1):
            column = column_of(_head(reader, Span(lines[begin].start, lines[stop - 1].end)))
            if column:
                columns.append(column)
                begin = stop
                break
        else:
            break
    return (tuple(columns), begin) if {"work", "lead"} <= set(columns) else None


def _flat_row(reader: ActorReader, row: Sequence[Line], columns: Sequence[str]) -> Iterator[TaskRow]:
    """The task of the lines of one row, after the label and heading of a group.

    The work ends where a line begins with an actor, the actors end where a time or product begins.
    """
    if row and GROUP_LABEL.fullmatch(reader.flat[row[0].start : row[0].end].strip()):
        row = row[next((index for index, line in enumerate(row[1:], 1) if not reader.flat[line.start : line.end].isupper()), len(row)) :]
    if not row:
        return
    starts = [index for index in range(1, len(row)) if _begins_cell(reader, row, index)]
    actors = [index for index in starts if reader.stands_out(_first(reader, row[index]))]
    if not actors:
        return
    lead = actors[0]
    support = next((index for index in actors[1:] if "support" in columns), None)
    times = [index for index in starts if index > lead and _times().match(reader.low, _first(reader, row[index]), row[index].end)]
    time = times[0] if "time" in columns and times else None
    if support is not None and time is not None and support > time:
        support = None
    ends = sorted(index for index in (support, time, len(row)) if index is not None)
    lead_end = next(index for index in ends if index > lead)
    support_end = next((index for index in ends if support is not None and index > support), None)
    if support is not None and time is None:
        support_end = next((index for index in starts if index > support), len(row))
    time_end = next((index for index in starts if time is not None and index > time), len(row))
    yield TaskRow(
        _lines(reader, row[:lead]),
        _lines(reader, row[lead:lead_end]),
        _lines(reader, row[support:support_end]) if support is not None else None,
        _lines(reader, row[time:time_end]) if time is not None else None,
    )


def _begins_cell(reader: ActorReader, row: Sequence[Line], index: int) -> bool:
    """Whether a cell can begin at this line: with a capital or number, and the line before it goes on no list."""
    before = reader.flat[row[index - 1].start : row[index - 1].end]
    first = reader.flat[_first(reader, row[index])]
    return (first.isupper() or first.isdigit()) and JOINED.search(before) is None and not before.rstrip().endswith((" và", " của", " tại", " với"))


def _first(reader: ActorReader, line: Line) -> int:
    return next((at for at in range(line.start, line.end) if not reader.flat[at].isspace()), line.start)


def _lines(reader: ActorReader, lines: Sequence[Line]) -> Span:
    return _inner(reader, Span(lines[0].start, lines[-1].end)) or Span(lines[0].start, lines[-1].end)
