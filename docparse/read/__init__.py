"""File -> Text. Readers are chosen by content, not by file name; originals are opened read-only and never changed."""

from __future__ import annotations

from docparse.text import Text


def read_bytes(data: bytes) -> Text:
    """Read one document."""
    if data.startswith(b"%PDF"):
        from docparse.read.pdf import read_pdf

        return read_pdf(data)
    if data.startswith(b"PK"):
        from docparse.read.word import read_docx

        return read_docx(data)
    from docparse.read.plain import read_plain

    return read_plain(data)
