"""File -> Text. Readers are chosen by content, not by file name; originals are opened read-only and never changed."""

from __future__ import annotations

from docparse.errors import UnsupportedFile
from docparse.settings import Settings
from docparse.text import OnPage, Text, passed_over

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DOC = "application/msword"
RTF = "application/rtf"
PLAIN = "text/plain"
SIGNATURES = ((b"PK\x03\x04", DOCX), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", DOC), (b"{\\rtf", RTF))
PDF_HEADER_WITHIN = 1024  # bytes: viewers accept other bytes before the header
CONTROL = bytes(byte for byte in range(32) if byte not in b"\t\n\v\f\r")
CONTROL_SHARE = 0.02  # of the bytes may be control characters in a text file


def media_type(data: bytes) -> str | None:
    """The type of a document by its first bytes, None for what is none that docparse reads.

    >>> media_type(b"%PDF-1.7"), media_type("Số: 12/BC".encode()), media_type(bytes(range(32)) * 9)
    ('application/pdf', 'text/plain', None)
    """
    if b"%PDF-" in data[:PDF_HEADER_WITHIN]:
        return PDF
    for signature, kind in SIGNATURES:
        if data.startswith(signature):
            return kind
    head = data[:4000]
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff")) or _is_utf16(head)
    control = len(head) - len(head.translate(None, CONTROL))
    return PLAIN if (wide and b"\n" in head) or control <= CONTROL_SHARE * len(head) else None


def _is_utf16(head: bytes) -> bool:
    """Whether text in two bytes a letter, without a mark in front: most high bytes are zero, and hardly a low one is, as in programs."""
    halves = sorted((head[::2].count(0), head[1::2].count(0)))
    return halves[1] > len(head) // 8 and halves[0] <= len(head) // 200


def read_bytes(data: bytes, *, filename: str, settings: Settings, on_page: OnPage = passed_over) -> Text:
    """The text of one document; `filename` is only for messages; `on_page` is told the number of each page of a PDF when it is begun.

    Raises UnsupportedFile, EncryptedFile, DamagedFile, FileTooLarge, MissingTool.
    """
    match media_type(data):
        case "application/pdf":
            from docparse.read.pdf import read_pdf

            return read_pdf(data, filename=filename, settings=settings, on_page=on_page)
        case "text/plain":
            from docparse.read.plain import read_plain

            return read_plain(data)
        case None:
            raise UnsupportedFile(filename)
        case kind:
            from docparse.read.word import read_docx, to_docx

            if kind != DOCX:
                data = to_docx(data, filename=filename, suffix=".doc" if kind == DOC else ".rtf", settings=settings)
            return read_docx(data, filename=filename)
