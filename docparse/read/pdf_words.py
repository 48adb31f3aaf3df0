"""The words of a PDF page with their boxes, through pdfium."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from docparse.read.layout import SUPERSCRIPT, Row, Word, rows_of

WORD = re.compile(r"[^\s\ufffe\x00\x02]+[\ufffe\x02]?")
LINE_END_HYPHEN = str.maketrans({"\ufffe": "-", "\x02": "-"})
NOTE_REFERENCE = re.compile(r"[^\W\d]\W{0,2}?(\d{1,2})[.,;:)”]*$")
RAISED_TYPE = 0.8  # of the size of the word's first letter
STAMPED_VALUE = re.compile(r"[\d/.\- ]{1,12}[A-Za-zĐđ]?")
INSIDE_VALUE = 0.5  # of the row's height: a smaller gap between stamped digits is no end of a value
PRECISION = 100  # device units a point, for `FPDF_PageToDevice`, which rounds to integers


@dataclass(frozen=True, slots=True)
class FlatPage:
    """A page with the appearances of its form fields drawn into it, where signing tools put the number and the day of issue.

    Text from character `content_end` on comes from these appearances; None where there are none. The file itself is not changed.
    """

    page: pdfium.PdfPage
    content_end: int | None


def load_page(document: pdfium.PdfDocument, number: int) -> FlatPage:
    """Page `number` (from 0), flattened. Loading a page is most of the work, so it is loaded again only where there was a field."""
    page = document[number]
    if not pdfium_c.FPDFPage_GetAnnotCount(page):
        return FlatPage(page, None)
    content_end = _count_characters(page)
    if pdfium_c.FPDFPage_Flatten(page, pdfium_c.FLAT_NORMALDISPLAY) != pdfium_c.FLATTEN_SUCCESS:
        return FlatPage(page, None)
    page.close()
    return FlatPage(document[number], content_end)


def page_words(flat: FlatPage) -> tuple[list[Word], list[Word]]:
    """The words of a page's content in the order of its stream, and the values (not the stamps that say who signed) in its appearances."""
    if flat.content_end is None:
        return [word for _, word in _words(flat.page)], []
    content: list[Word] = []
    appearance: list[Word] = []
    for index, word in _words(flat.page):
        (content if index < flat.content_end else appearance).append(word)
    return content, [word for row in rows_of(appearance) if STAMPED_VALUE.fullmatch(row.text) for word in _values(row)]


def appearance_words(flat: FlatPage) -> list[Word]:
    """All words that form fields show on the page, in the order in which they are drawn."""
    return [] if flat.content_end is None else [word for index, word in _words(flat.page) if index >= flat.content_end]


def _values(row: Row) -> Iterator[Word]:
    """The values stamped on one row; tools that set each digit by itself (`1 0 8`) leave spaces inside a value."""
    value = row.words[0]
    for word in row.words[1:]:
        if word.x0 - value.x1 < INSIDE_VALUE * row.height:
            value = value._replace(text=value.text + word.text, x1=word.x1)
        else:
            yield value
            value = word
    yield value


def _count_characters(page: pdfium.PdfPage) -> int:
    text_page = page.get_textpage()
    count: int = text_page.count_chars()
    text_page.close()
    return count


def _words(page: pdfium.PdfPage) -> Iterator[tuple[int, Word]]:
    """Each word with the index of its first character on the page."""
    text_page = page.get_textpage()
    count = text_page.count_chars()
    text = text_page.get_text_range() if count else ""
    if len(text) != count:
        text = "".join(chr(pdfium_c.FPDFText_GetUnicode(text_page, index)) for index in range(count))
    place = Placement(page)
    first, last = pdfium_c.FS_RECTF(), pdfium_c.FS_RECTF()
    first_box, last_box, read_box = ctypes.byref(first), ctypes.byref(last), pdfium_c.FPDFText_GetLooseCharBox
    for match in WORD.finditer(text):
        start, end = match.span()
        if not read_box(text_page, start, first_box):
            continue
        read_box(text_page, end - 1, last_box)
        word = match[0].translate(LINE_END_HYPHEN)
        reference = NOTE_REFERENCE.search(word)
        if reference and _is_raised(text_page, start, start + reference.start(1)):
            word = f"{word[: reference.start(1)]} {reference[1].translate(SUPERSCRIPT)}{word[reference.end(1) :]}"
        x0, top, x1, bottom = place.box(first.left, first.top, max(last.right, first.right), first.bottom)
        yield start, Word(word, x0, top, x1, bottom)
    text_page.close()


def _is_raised(text_page: pdfium.PdfTextPage, letter: int, digit: int) -> bool:
    size = pdfium_c.FPDFText_GetFontSize
    return bool(size(text_page, digit) < RAISED_TYPE * size(text_page, letter))


class Placement:
    """From the coordinates of page content to points from the top left of the page as it is shown (crop box, rotation)."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        width, height = page.get_size()
        size = (0, 0, round(width * PRECISION), round(height * PRECISION), 0)
        x, y = ctypes.c_int(), ctypes.c_int()

        def shown(page_x: float, page_y: float) -> tuple[float, float]:
            pdfium_c.FPDF_PageToDevice(page, *size, page_x, page_y, x, y)
            return x.value / PRECISION, y.value / PRECISION

        self.x, self.y = shown(0, 0)
        (x_right, y_right), (x_up, y_up) = shown(1000, 0), shown(0, 1000)
        self.right = ((x_right - self.x) / 1000, (y_right - self.y) / 1000)
        self.up = ((x_up - self.x) / 1000, (y_up - self.y) / 1000)

    def box(self, left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
        """x0, top, x1, bottom on the shown page."""
        (a, b), (c, d) = self.right, self.up
        x_first, x_last = self.x + a * left + c * top, self.x + a * right + c * bottom
        y_first, y_last = self.y + b * left + d * top, self.y + b * right + d * bottom
        return min(x_first, x_last), min(y_first, y_last), max(x_first, x_last), max(y_first, y_last)
