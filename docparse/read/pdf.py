"""PDF with a text layer -> Text."""

from __future__ import annotations

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from docparse.read.lines import RawLine, RawPage, build_text, opens_by_length
from docparse.text import Text


def read_pdf(data: bytes) -> Text:
    """Read the pages with the appearances of signature fields flattened in."""
    document = pdfium.PdfDocument(data)
    document.init_forms()
    pages = []
    for number in range(len(document)):
        page = document[number]
        pdfium_c.FPDFPage_Flatten(page, pdfium_c.FLAT_NORMALDISPLAY)
        lines = document[number].get_textpage().get_text_range().replace("\ufffe", "-").splitlines()
        lines = [line for line in lines if line.strip()]
        pages.append(RawPage([RawLine(line, opens=opens) for line, opens in zip(lines, opens_by_length(lines), strict=True)], *page.get_size()))
    return build_text(pages, origin="text_layer")
