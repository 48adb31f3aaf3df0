"""Word files -> Text."""

from __future__ import annotations

import io

import docx

from docparse.read.lines import RawLine, RawPage, build_text
from docparse.text import Text


def read_docx(data: bytes) -> Text:
    """Read paragraphs and cells."""
    lines = [RawLine(line) for block in docx.Document(io.BytesIO(data)).iter_inner_content()
             for line in ((block.text.splitlines()) if hasattr(block, "text") else [p for row in block.rows for cell in row.cells for p in cell.text.splitlines()])]
    return build_text([RawPage(lines)], origin="markup")
