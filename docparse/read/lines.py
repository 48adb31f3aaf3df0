"""From printed lines to one `Text`: cleaning of characters, joining, paragraph starts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from docparse.text import Box, Line, Page, ReadProblem, Span, Table, Text, TextOrigin

LOOKALIKES = {"Ð": "Đ", "Ɖ": "Đ", "ð": "đ", "\u00a0": " ", "\u2002": " ", "\u2003": " ", "\u2009": " ", "\u202f": " ", "\t": " ", "\ufeff": ""}
DROPPED = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\u00ad"), "")
CHARACTERS = str.maketrans(LOOKALIKES) | DROPPED
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]")
WRAP_SLACK = 3


def clean(text: str) -> str:
    """One line of reading text: NFC, look-alike letters and exotic spaces replaced, invisible and control characters dropped.

    >>> clean("Ðiều\\u00a05.\\u200b")
    'Điều 5.'
    """
    return CONTROL.sub("", unicodedata.normalize("NFC", text.translate(CHARACTERS))).rstrip()


@dataclass(frozen=True, slots=True)
class RawLine:
    """A line as a reader found it, before it has a place in the content. `cell` is (table, row, column) numbers inside a table."""

    text: str
    box: Box | None = None
    confidence: float | None = None
    opens: bool = True
    cell: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page as a reader found it; sizes in points."""

    lines: Sequence[RawLine]
    width: float | None = None
    height: float | None = None


def build_text(pages: Iterable[RawPage], *, origin: TextOrigin, problems: Iterable[ReadProblem] = ()) -> Text:
    """Join pages of raw lines into a `Text`. Lines are cleaned here; lines that are empty then are left out.

    >>> build_text([RawPage([RawLine("a ")]), RawPage([RawLine(""), RawLine("b")])], origin="plain").content
    'a\\nb'
    """
    parts: list[str] = []
    built: list[Page] = []
    cells: dict[int, dict[int, dict[int, list[Line]]]] = {}
    offset = 0
    for number, page in enumerate(pages, start=1):
        lines = []
        for raw in page.lines:
            text = clean(raw.text)
            if not text.strip():
                continue
            line = Line(start=offset, end=offset + len(text), box=raw.box, confidence=raw.confidence, opens=raw.opens)
            lines.append(line)
            parts.append(text)
            offset = line.end + 1
            if raw.cell:
                table, row, column = raw.cell
                cells.setdefault(table, {}).setdefault(row, {}).setdefault(column, []).append(line)
        start = lines[0].start if lines else min(offset, max(offset - 1, 0))
        end = lines[-1].end if lines else start
        built.append(Page(number=number, start=start, end=end, width=page.width, height=page.height, lines=tuple(lines)))
    content = "\n".join(parts)
    tables = tuple(_table(rows) for _, rows in sorted(cells.items()))
    return Text(content=content, pages=tuple(built), origin=origin, tables=tables, problems=tuple(problems))


def _table(rows: dict[int, dict[int, list[Line]]]) -> Table:
    columns = 1 + max(column for row in rows.values() for column in row)
    built, offset = [], 0
    for _, row in sorted(rows.items()):
        spans = []
        for column in range(columns):
            lines = row.get(column)
            span = Span(lines[0].start, lines[-1].end) if lines else Span(offset, offset)
            offset = span.end
            spans.append(span)
        built.append(tuple(spans))
    return Table(start=min(s.start for s in built[0] if s.end > s.start), end=offset, rows=tuple(built))


def opens_by_length(lines: Sequence[str]) -> list[bool]:
    """For hard-wrapped text without layout: a paragraph starts where the first word would still have fitted on the line before.

    >>> opens_by_length(["a long line that was wrapped", "because it was long.", "New", "paragraph"])
    [True, False, True, True]
    """
    opens = []
    for index, line in enumerate(lines):
        before = lines[index - 1].rstrip() if index else ""
        width = max((len(near.rstrip()) for near in lines[max(index - 8, 0) : index + 8]), default=0)
        first_word = line.split(maxsplit=1)[0] if line.strip() else ""
        opens.append(not index or len(before) + 1 + len(first_word) + WRAP_SLACK < width)
    return opens
