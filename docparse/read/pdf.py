"""PDF with a text layer -> Text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from docparse.errors import DamagedFile, EncryptedFile, FileTooLarge
from docparse.read.layout import Paragraphs, Row, Word, drop_page_number, in_reading_order, mark_notes, raw_lines, rows_of, settle_notes
from docparse.read.lines import RawLine, RawPage, build_text
from docparse.read.pdf_words import load_page, page_words
from docparse.read.quality import layer_problems
from docparse.read.stamps import is_stamp
from docparse.read.tables import RuledTable, find_tables
from docparse.settings import Settings
from docparse.text import Box, Text


def read_pdf(data: bytes, *, filename: str, settings: Settings) -> Text:
    """Read every page: text layer, values stamped into form fields, ruled tables.

    Raises EncryptedFile, DamagedFile, FileTooLarge. A page without usable text gives a problem (`no_text_layer`, `broken_text_layer`).
    """
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise (EncryptedFile if "password" in str(error).lower() else DamagedFile)(filename) from error
    with document:
        if len(document) > settings.max_pages:
            raise FileTooLarge(filename, f"has {len(document)} pages, more than {settings.max_pages}")
        document.init_forms()
        reader = _PageReader()
        sizes, printed, pictures = [], [], []
        for number in range(len(document)):
            flat = load_page(document, number)
            words = page_words(flat)
            sizes.append(flat.page.get_size())
            printed.append(list(reader.lines(words, find_tables(flat.page), sizes[-1][1])))
            pictures.append(not words and _has_picture(flat.page))
            flat.page.close()
    pages = [RawPage(lines, *size) for lines, size in zip(settle_notes(printed), sizes, strict=True)]
    return build_text(pages, origin="text_layer", problems=layer_problems(pages, pictures))


def _has_picture(page: pdfium.PdfPage) -> bool:
    return next(page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3), None) is not None


@dataclass(slots=True)
class _PageReader:
    """Reads pages in turn; keeps what goes on over a page break: a paragraph, a footnote, a table.

    `tables` counts the tables so far; `open_table` is (columns, rows) of the last one as long as no body text has followed it.
    """

    paragraphs: Paragraphs = field(default_factory=Paragraphs)
    tables: int = 0
    open_table: tuple[int, int] | None = None

    def lines(self, words: Sequence[Word], tables: Sequence[RuledTable], height: float) -> Iterator[RawLine]:
        """The lines of a page in reading order: above, inside and below each table."""
        outside = [word for word in words if not any(_holds(table.box, word) for table in tables)]
        rows = [row for row in drop_page_number(rows_of(outside), height) if not is_stamp(row.text)]
        body_height = median(row.height for row in rows) if rows else 0.0
        top = 0.0
        for table in tables:
            yield from self._body([row for row in rows if top <= row.box.top < table.box.top], body_height)
            yield from self._cells(table, words)
            top = table.box.top
        yield from self._body([row for row in rows if row.box.top >= top], body_height)

    def _body(self, rows: Sequence[Row], body_height: float) -> list[RawLine]:
        if rows:
            self.open_table = None
        ordered = mark_notes(in_reading_order(rows), body_height, continued=self.paragraphs.in_note)
        return raw_lines(ordered, self.paragraphs.opens(ordered))

    def _cells(self, table: RuledTable, words: Sequence[Word]) -> Iterator[RawLine]:
        columns = max(map(len, table.rows))
        if self.open_table is None or self.open_table[0] != columns:
            self.tables, self.open_table = self.tables + 1, (columns, 0)
        first_row = self.open_table[1]
        inside = [word for word in words if _holds(table.box, word)]
        for row_number, cells in enumerate(table.rows, start=first_row):
            for column, cell in enumerate(cells):
                rows = rows_of([word for word in inside if _holds(cell, word)]) if cell else []
                for line in raw_lines(rows, Paragraphs().opens(rows)):
                    yield replace(line, cell=(self.tables, row_number, column))
        self.open_table = (columns, first_row + len(table.rows))
        self.paragraphs.before = None


def _holds(box: Box, word: Word) -> bool:
    return box.x0 <= (word.x0 + word.x1) / 2 <= box.x1 and box.top <= (word.top + word.bottom) / 2 <= box.bottom
