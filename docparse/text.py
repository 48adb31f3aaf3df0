"""The text with layout that every reader gives and every finder reads.

A document is one immutable string (`Text.content`, NFC) with pages, lines and tables as half-open code-point ranges into it. Page
numbers, running headers and signature stamps are no content: readers leave them out.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

TextOrigin = Literal["text_layer", "ocr", "mixed", "markup", "plain"]
OnPage = Callable[[int], None]


def passed_over(page: int) -> None:
    """What is done with the number of a page when nobody wants to know it."""


class Box(NamedTuple):
    """A rectangle on a page in points (1/72 inch) from the top left corner: x0 <= x1, top <= bottom."""

    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open code-point range: `content[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line (or, without layout, a line of the source), without its line break.

    `opens` says whether a paragraph starts here, by indentation, spacing or a short line before it. `confidence` is that of the OCR
    engine, 0 to 1, None where the text was not recognised. `note` marks a line of a footnote, which interrupts the running text.
    """

    start: int
    end: int
    box: Box | None = None
    confidence: float | None = None
    opens: bool = True
    note: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A page: `number` from 1, its range of the content, size in points (None where the source has no pages), lines in reading order.

    `origin` says where its text comes from, None for an empty page. `rotation`: degrees clockwise by which a scanned page was turned to be
    upright; size and boxes are those of the upright page.
    """

    number: int
    start: int
    end: int
    width: float | None
    height: float | None
    lines: tuple[Line, ...]
    origin: TextOrigin | None = None
    rotation: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table: rows of cells in reading order; each cell is a range of the content, an empty cell has start == end.

    Cells stand in the content row by row, each on lines of its own. The two-column letterhead and signature block are no tables.
    """

    start: int
    end: int
    rows: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True, slots=True)
class ReadProblem:
    """Something that could not be read or is doubtful, as a value: stable `code`, message for people, page and range where it applies.

    `raw` is what recognition gave where the text corrects it.
    """

    code: str
    message: str
    page: int | None = None
    start: int | None = None
    end: int | None = None
    raw: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """The reading text of one document with its layout. `doubtful`: words whose digits may be others (handwriting on a scan).

    >>> text = Text.of_lines(["BÁO CÁO", "Kết quả tháng 02/2024"])
    >>> text.content
    'BÁO CÁO\\nKết quả tháng 02/2024'
    >>> text.page_at(3)
    1
    """

    content: str
    pages: tuple[Page, ...]
    origin: TextOrigin
    tables: tuple[Table, ...] = ()
    problems: tuple[ReadProblem, ...] = ()
    doubtful: tuple[Span, ...] = ()
    lines: tuple[Line, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lines", tuple(line for page in self.pages for line in page.lines))

    @classmethod
    def of_lines(cls, lines: list[str], *, origin: TextOrigin = "plain") -> Text:
        """A one-page text without layout, each line opening a paragraph. Lines must be NFC and without line breaks."""
        made, offset = [], 0
        for line in lines:
            made.append(Line(start=offset, end=offset + len(line)))
            offset += len(line) + 1
        content = "\n".join(lines)
        page = Page(number=1, start=0, end=len(content), width=None, height=None, lines=tuple(made))
        return cls(content=content, pages=(page,), origin=origin)

    def page_at(self, offset: int) -> int:
        """The number of the page that holds `offset`."""
        index = bisect_right(self.pages, offset, key=lambda page: page.start) - 1
        return self.pages[max(index, 0)].number

    def is_doubtful(self, start: int, end: int) -> bool:
        """Whether a doubtful word stands in this range."""
        return any(span.start < end and span.end > start for span in self.doubtful)

    def line_at(self, offset: int) -> Line:
        """The line that holds `offset` (a line break belongs to the line before it). Raises IndexError on an empty text."""
        return self.lines[max(bisect_right(self.lines, offset, key=lambda line: line.start) - 1, 0)]
