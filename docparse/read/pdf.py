"""PDF -> Text: from the text layer where it is usable, else by recognising the picture of the page."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from docparse.errors import DamagedFile, EncryptedFile, FileTooLarge
from docparse.read.layout import Paragraphs, Row, Word, drop_page_number, holds, in_reading_order, mark_notes, raw_lines, rows_of, settle_notes
from docparse.read.lines import RawLine, RawPage, build_text
from docparse.read.numerals import settle_numerals
from docparse.read.pdf_words import load_page, page_words
from docparse.read.quality import readability, what_is_broken
from docparse.read.stamps import is_stamp
from docparse.read.tables import RuledTable, find_tables
from docparse.settings import Settings
from docparse.text import OnPage, ReadProblem, Text, TextOrigin, passed_over

if TYPE_CHECKING:
    from docparse.read.scan import Image

DRAWN = [pdfium_c.FPDF_PAGEOBJ_IMAGE, pdfium_c.FPDF_PAGEOBJ_PATH, pdfium_c.FPDF_PAGEOBJ_SHADING]
PICTURE_SHARE = 0.5  # of the page is covered by a picture that may be a scan
FEW_LETTERS = 30  # on a page that is a picture are no text layer, but a header or stamp that a program added
UNREADABLE = 0.2  # readability of a page without accents; 0.6 is usual
END = b"%%EOF"
END_WITHIN = 1024  # bytes: viewers accept other bytes after it
LARGEST_SIDE = 6000  # pixels of a page picture


@dataclass(frozen=True, slots=True)
class PageContent:
    """What was read of a page: words of its content, values stamped into form fields, ruled tables; sizes in points.

    `flaw` says why its text layer is not usable, None where it is. `note_rule`: how far from the top the line above the footnotes stands.
    """

    words: Sequence[Word]
    stamped: Sequence[Word]
    tables: Sequence[RuledTable]
    size: tuple[float, float]
    flaw: ReadProblem | None = None
    origin: TextOrigin = "text_layer"
    rotation: int = 0
    note_rule: float | None = None


def read_pdf(data: bytes, *, filename: str, settings: Settings, on_page: OnPage = passed_over) -> Text:
    """Read every page: its text layer or, where that is not usable, its picture; values stamped into form fields; ruled tables.

    `on_page` is told the number of each page (from 1) when it is begun, from several threads where pages are recognised.

    Raises EncryptedFile, DamagedFile, FileTooLarge, SettingsError. What could not be read is a problem of the text: `no_text_layer`,
    `broken_text_layer`, `broken_off`, `ocr_unavailable`, `ocr_failed`, `ocr_doubtful`.
    """
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise (EncryptedFile if "password" in str(error).lower() else DamagedFile)(filename) from error
    with document:
        if len(document) > settings.max_pages:
            raise FileTooLarge(filename, f"has {len(document)} pages, more than {settings.max_pages}")
        document.init_forms()
        contents = _doubt_short_pages([_read_layer(document, number, on_page) for number in range(len(document))])
    problems: list[ReadProblem] = []
    broken_off = [] if END in data[-END_WITHIN:] else [ReadProblem("broken_off", "the file does not end as a PDF does: its last part may be missing")]
    if any(page.flaw for page in contents):
        with pdfium.PdfDocument(data) as unflattened:
            contents, problems = _recognise(unflattened, contents, settings, on_page)
    reader = _PageReader()
    lines = _settle_recognised([list(reader.lines(page)) for page in contents], contents)
    pages = [
        RawPage(printed, *page.size, origin=page.origin, rotation=page.rotation) for printed, page in zip(settle_notes(lines), contents, strict=True)
    ]
    origins: set[TextOrigin] = {page.origin for page in contents if page.words or page.stamped}
    return build_text(pages, origin="mixed" if len(origins) > 1 else next(iter(origins), "text_layer"), problems=[*broken_off, *problems])


def _settle_recognised(lines: Sequence[Sequence[RawLine]], contents: Sequence[PageContent]) -> list[list[RawLine]]:
    """The lines of each page, the numerals of headings on recognised pages in sequence."""
    recognised = [number for number, page in enumerate(contents) if page.origin == "ocr"]
    settled = [list(page) for page in lines]
    for number, page in zip(recognised, settle_numerals([lines[number] for number in recognised]), strict=True):
        settled[number] = page
    return settled


def _read_layer(document: pdfium.PdfDocument, number: int, on_page: OnPage) -> PageContent:
    on_page(number + 1)
    flat = load_page(document, number)
    words, stamped = page_words(flat)
    text = _text(words)
    flaw = None
    if sum(map(str.isalpha, text)) < FEW_LETTERS and _is_picture(flat.page, bare=not words):
        flaw = ReadProblem("no_text_layer", "the page is a picture without text", number + 1)
    elif reason := what_is_broken(text):
        flaw = ReadProblem("broken_text_layer", f"the text layer is no readable Vietnamese: {reason}", number + 1)
    content = PageContent(words, stamped, find_tables(flat.page), flat.page.get_size(), flaw)
    flat.page.close()
    return content


def _doubt_short_pages(contents: Sequence[PageContent]) -> list[PageContent]:
    """With a page whose layer is broken, those are broken too that hold too little text to tell by themselves but no accents."""
    flaw = next((page.flaw for page in contents if page.flaw and page.flaw.code == "broken_text_layer"), None)
    if flaw is None:
        return list(contents)
    return [
        replace(page, flaw=replace(flaw, message="the text layer is no readable Vietnamese, as on other pages", page=number))
        if page.flaw is None and page.words and readability(_text(page.words)) < UNREADABLE
        else page
        for number, page in enumerate(contents, start=1)
    ]


def _text(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


def _is_picture(page: pdfium.PdfPage, *, bare: bool) -> bool:
    """Does the page show a picture of a page, or, `bare` of words, anything at all?"""
    if bare and next(page.get_objects(filter=DRAWN, max_depth=3), None) is not None:
        return True
    width, height = page.get_size()
    boxes = (item.get_bounds() for item in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3))
    return any((right - left) * (top - bottom) > PICTURE_SHARE * width * height for left, bottom, right, top in boxes)


def _recognise(
    document: pdfium.PdfDocument, contents: Sequence[PageContent], settings: Settings, on_page: OnPage
) -> tuple[list[PageContent], list[ReadProblem]]:
    """The pages with those recognised whose layer is not usable, and the problems that are left."""
    from docparse.read.ocr import EngineMissing, load_engine, problems_of, recognise_pages

    flaws = [page.flaw for page in contents if page.flaw]
    if not settings.ocr:
        return list(contents), flaws
    try:
        engine = load_engine(settings)
    except EngineMissing as missing:
        return list(contents), [ReadProblem("ocr_unavailable", f"pages without usable text are not read: {missing}"), *flaws]
    wanted = [number for number, page in enumerate(contents) if page.flaw]
    lock = threading.Lock()

    def draw(number: int, dpi: float) -> tuple[Image, float]:
        with lock:
            on_page(number + 1)
            return _draw(document[number], dpi)

    read = list(contents)
    problems: list[ReadProblem] = []
    for number, page in zip(wanted, recognise_pages(wanted, draw, engine=engine, jobs=settings.ocr_jobs), strict=True):
        layer = contents[number]
        assert layer.flaw is not None
        problems += problems_of(number + 1, page)
        if layer.flaw.code == "broken_text_layer":
            before, after = (readability(_text(words)) for words in (layer.words, page.words))
            better = after > before
            outcome = "it was read again from its picture" if better else "its picture gave no better text"
            problems.append(replace(layer.flaw, message=f"{layer.flaw.message}; {outcome}"))
            if not better:
                continue
        size = page.size or layer.size
        read[number] = PageContent(page.words, layer.stamped, page.tables, size, origin="ocr", rotation=page.rotation, note_rule=page.note_rule)
    return read, problems


def _draw(page: pdfium.PdfPage, dpi: float) -> tuple[Image, float]:
    """The page without its form fields, as blue, green and red, and its resolution; stamped values are taken from the fields as text."""
    scale = min(dpi / 72, LARGEST_SIDE / max(page.get_size()))
    return page.render(scale=scale, draw_annots=False).to_numpy(), scale * 72


@dataclass(slots=True)
class _PageReader:
    """Reads pages in turn; keeps what goes on over a page break: a paragraph, a footnote, a table.

    `tables` counts the tables so far; `open_table` is (columns, rows) of the last one as long as no body text has followed it.
    """

    paragraphs: Paragraphs = field(default_factory=Paragraphs)
    tables: int = 0
    open_table: tuple[int, int] | None = None

    def lines(self, page: PageContent) -> Iterator[RawLine]:
        """The lines of a page in reading order: above, inside and below each table."""
        words = [*page.words, *page.stamped]
        outside = [word for word in words if not any(holds(table.box, word) for table in page.tables)]
        rows = [row for row in drop_page_number(rows_of(outside), page.size[1]) if not is_stamp(row.text)]
        body_height = median(row.height for row in rows) if rows else 0.0
        top = 0.0
        for table in page.tables:
            yield from self._body([row for row in rows if top <= row.box.top < table.box.top], body_height, page.note_rule)
            yield from self._cells(table, words)
            top = table.box.top
        yield from self._body([row for row in rows if row.box.top >= top], body_height, page.note_rule)

    def _body(self, rows: Sequence[Row], body_height: float, note_rule: float | None) -> list[RawLine]:
        if rows:
            self.open_table = None
        ordered = mark_notes(in_reading_order(rows), body_height, continued=self.paragraphs.in_note, below=note_rule)
        return raw_lines(ordered, self.paragraphs.opens(ordered))

    def _cells(self, table: RuledTable, words: Sequence[Word]) -> Iterator[RawLine]:
        columns = max(map(len, table.rows))
        if self.open_table is None or self.open_table[0] != columns:
            self.tables, self.open_table = self.tables + 1, (columns, 0)
        first_row = self.open_table[1]
        inside = [word for word in words if holds(table.box, word)]
        for row_number, cells in enumerate(table.rows, start=first_row):
            for column, cell in enumerate(cells):
                rows = rows_of([word for word in inside if holds(cell, word)]) if cell else []
                for line in raw_lines(rows, Paragraphs().opens(rows)):
                    yield replace(line, cell=(self.tables, row_number, column))
        self.open_table = (columns, first_row + len(table.rows))
        self.paragraphs.before = None
