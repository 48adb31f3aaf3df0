"""From printed lines to one `Text`: cleaning of characters, joining, paragraph starts."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from docparse.read.encodings import legacy_encoding, restore
from docparse.text import Box, Line, Page, ReadProblem, Span, Table, Text, TextOrigin

SPACES = dict.fromkeys(map(ord, "\t\u00a0\u2002\u2003\u2007\u2009\u200a\u202f\u3000"), " ")
INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"), "")
LETTERS = str.maketrans("ÐƉðɖ‐‑⁄", "ĐĐđđ--/")
CYRILLIC = str.maketrans("АВЕКМНОРСТХаеорсх", "ABEKMHOPCTXaeopcx")
SYMBOL_FONT = {code: chr(code - 0xF000) if chr(code - 0xF000) in "-+()%/=" else "•" for code in range(0xF020, 0xF100)}
CHARACTERS = SPACES | INVISIBLE | LETTERS | CYRILLIC | SYMBOL_FONT
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
DRAWN_RULE = re.compile(r"[\s_\-–—=*~.…·]{3,}")


def clean(text: str) -> str:
    """One line of reading text: NFC, look-alike letters, symbol-font bullets and exotic spaces replaced, entities resolved, invisible
    characters dropped.

    >>> clean("Ðiều\\u00a05.\\u200b B&amp;amp;C \\uf0b7")
    'Điều 5. B&C •'
    """
    if "&" in text:
        text = html.unescape(html.unescape(text))
    return CONTROL.sub("", unicodedata.normalize("NFC", text.translate(CHARACTERS))).strip()


class Noted(NamedTuple):
    """A word of a line (offsets into its text) that recognition corrected (`raw`: from what) or that it could not read with certainty."""

    start: int
    end: int
    raw: str | None
    doubtful: bool


@dataclass(frozen=True, slots=True)
class RawLine:
    """A line as a reader found it, before it has a place in the content.

    `cell` is (table, row, column) numbers inside a table; `note` marks a footnote; `noted` counts on a text that is clean already.
    """

    text: str
    box: Box | None = None
    confidence: float | None = None
    opens: bool = True
    cell: tuple[int, int, int] | None = None
    note: bool = False
    noted: tuple[Noted, ...] = ()


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page as a reader found it; sizes in points. `origin` and `rotation` as in `docparse.text.Page`."""

    lines: Sequence[RawLine]
    width: float | None = None
    height: float | None = None
    origin: TextOrigin | None = None
    rotation: int = 0


def build_text(pages: Iterable[RawPage], *, origin: TextOrigin, problems: Iterable[ReadProblem] = ()) -> Text:
    """Join pages of raw lines into a `Text`. Lines are cleaned here; empty ones and rules drawn with characters are left out; text in
    a legacy encoding becomes Unicode.

    >>> build_text([RawPage([RawLine("a ")]), RawPage([RawLine(""), RawLine("b")])], origin="plain").content
    'a\\nb'
    """
    parts: list[str] = []
    built: list[Page] = []
    cells: dict[int, dict[int, dict[int, list[Line]]]] = {}
    doubtful: list[Span] = []
    corrections: list[ReadProblem] = []
    offset = 0
    pages = list(pages)
    legacy = legacy_encoding("\n".join(raw.text for page in pages for raw in page.lines))
    for number, page in enumerate(pages, start=1):
        lines = []
        for raw in page.lines:
            text = clean(restore(raw.text, legacy) if legacy else raw.text)
            if not text.strip() or DRAWN_RULE.fullmatch(text):
                continue
            line = Line(start=offset, end=offset + len(text), box=raw.box, confidence=raw.confidence, opens=raw.opens, note=raw.note)
            lines.append(line)
            parts.append(text)
            for word in raw.noted:
                start, end = offset + word.start, offset + word.end
                if word.doubtful:
                    doubtful.append(Span(start, end))
                if word.raw is not None:
                    message = f"recognised as {word.raw!r}, read as {text[word.start : word.end]!r}"
                    corrections.append(ReadProblem("corrected", message, number, start=start, end=end, raw=word.raw))
            offset = line.end + 1
            if raw.cell:
                table, row, column = raw.cell
                cells.setdefault(table, {}).setdefault(row, {}).setdefault(column, []).append(line)
        start = lines[0].start if lines else min(offset, max(offset - 1, 0))
        end = lines[-1].end if lines else start
        made = Page(number, start, end, page.width, page.height, tuple(lines), origin=page.origin if lines else None, rotation=page.rotation)
        built.append(made)
    content = "\n".join(parts)
    tables = tuple(_table(rows) for _, rows in sorted(cells.items()))
    return Text(content=content, pages=tuple(built), origin=origin, tables=tables, problems=(*problems, *corrections), doubtful=tuple(doubtful))


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
