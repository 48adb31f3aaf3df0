"""Word files -> Text: .docx with its numbering, text boxes, footnotes and layout tables; .doc and .rtf through LibreOffice."""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from lxml.etree import XMLSyntaxError

from docparse.errors import DamagedFile, EncryptedFile, MissingTool, UnsupportedFile
from docparse.read.encodings import restore
from docparse.read.layout import SUPERSCRIPT
from docparse.read.lines import RawLine, RawPage, build_text
from docparse.read.stamps import is_stamp
from docparse.read.word_numbering import Numbering
from docparse.settings import Settings
from docparse.text import Text

LEGACY_FONTS = ((".vn", "tcvn3"), ("vni", "vni"))
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
LEFT_OUT = {qn("w:del"), qn("w:moveFrom"), qn("w:instrText"), FALLBACK}
PLAIN = {qn("w:tab"): " ", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-", qn("w:sym"): "•"}
NO_BORDER = {"none", "nil", None}
LEAST_NOTE_ID = 1  # ids below are the separators that Word draws above footnotes
OFFICE = ("soffice", "libreoffice")
INSTALL_OFFICE = "Install LibreOffice (apt-get install libreoffice-writer-nogui) or save the file as .docx or PDF."


def read_docx(data: bytes, *, filename: str) -> Text:
    """Read a .docx in document order. Raises DamagedFile, UnsupportedFile (another ZIP file)."""
    try:
        document = docx.Document(io.BytesIO(data))
    except (PackageNotFoundError, KeyError, ValueError, XMLSyntaxError, zipfile.BadZipFile) as error:
        is_zip = zipfile.is_zipfile(io.BytesIO(data))
        raise (UnsupportedFile if is_zip and not _is_word(data) else DamagedFile)(filename) from error
    lines = [line for line in _WordReader(document).lines(document.element.body) if not is_stamp(line.text)]
    return build_text([RawPage(lines)], origin="markup")


def _is_word(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "word/document.xml" in archive.namelist()


def to_docx(data: bytes, *, filename: str, suffix: str, settings: Settings) -> bytes:
    """A .doc or .rtf as .docx, converted by LibreOffice in a folder of its own. Raises MissingTool, DamagedFile, EncryptedFile."""
    if b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e" in data:
        raise EncryptedFile(filename)
    office = next(filter(None, map(shutil.which, OFFICE)), None)
    if office is None:
        raise MissingTool(filename, "needs LibreOffice, which is not installed", hint=INSTALL_OFFICE)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "document" + suffix)
        source.write_bytes(data)
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
        command = [office, profile, "--headless", "--convert-to", "docx:MS Word 2007 XML", "--outdir", folder, str(source)]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=settings.convert_seconds)
            return source.with_suffix(".docx").read_bytes()
        except subprocess.TimeoutExpired as error:
            raise DamagedFile(filename, f"was not converted within {settings.convert_seconds:g} seconds") from error
        except (OSError, subprocess.CalledProcessError) as error:
            raise DamagedFile(filename, "was not understood by LibreOffice") from error


class _WordReader:
    """Walks through a document in reading order; counts automatic numbers and tables on the way."""

    def __init__(self, document: Any) -> None:
        self.numbering = Numbering(document)
        self.notes = dict(_notes(document))
        self.tables = 0

    def lines(self, parent: Any) -> Iterator[RawLine]:
        """The lines of the paragraphs and tables inside an element."""
        for child in parent:
            if child.tag == qn("w:p"):
                yield from self._paragraph(child)
            elif child.tag == qn("w:tbl"):
                yield from self._table(child)
            elif child.tag == qn("w:sdt"):
                yield from self.lines(child.find(qn("w:sdtContent")))

    def _paragraph(self, paragraph: Any) -> Iterator[RawLine]:
        for box in _inside(paragraph, qn("w:txbxContent")):
            yield from self.lines(box)
        label = self.numbering.label(paragraph)
        text = "".join(_pieces(paragraph))
        if text.strip():
            for number, line in enumerate(f"{label} {text}".split("\n") if label else text.split("\n")):
                yield RawLine(line, opens=not number or not line.strip()[:1].islower())
        for reference in _inside(paragraph, qn("w:footnoteReference")):
            mark = reference.get(qn("w:id")).translate(SUPERSCRIPT)
            for number, note in enumerate(self.lines(self.notes.get(reference.get(qn("w:id")), ()))):
                yield replace(note, text=note.text if number else f"{mark} {note.text}", note=True)

    def _table(self, table: Any) -> Iterator[RawLine]:
        rows = [[list(self.lines(cell)) for cell in _cells(row)] for row in table.iter(qn("w:tr")) if row.getparent() is table]
        if _is_ruled(table):
            number, self.tables = self.tables, self.tables + 1
            for row_number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    yield from (replace(line, cell=(number, row_number, column)) for line in cell)
        else:
            by_column = max(map(len, rows), default=0) <= 2
            for cells in zip_longest(*rows, fillvalue=[]) if by_column else rows:
                for cell in cells:
                    yield from cell


def _inside(element: Any, tag: str) -> Iterator[Any]:
    """The elements with this tag inside, outermost only, without what is deleted or a second copy."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag not in LEFT_OUT:
            yield from _inside(child, tag)


def _pieces(element: Any, encoding: str | None = None) -> Iterator[str]:
    """The printed text inside an element, without text boxes, which are read on their own."""
    for child in element:
        if child.tag in LEFT_OUT or child.tag == qn("w:txbxContent"):
            continue
        if child.tag == qn("w:t"):
            yield restore(child.text or "", encoding) if encoding else child.text or ""
        elif child.tag in PLAIN:
            yield PLAIN[child.tag]
        elif child.tag == qn("w:footnoteReference"):
            yield " " + child.get(qn("w:id")).translate(SUPERSCRIPT)
        elif child.tag == qn("w:r"):
            yield from _pieces(child, _legacy_font(child))
        elif child.tag not in (qn("w:pPr"), qn("w:rPr")):
            yield from _pieces(child, encoding)


def _legacy_font(run: Any) -> str | None:
    """The encoding that the font of a run implies, None for Unicode fonts."""
    fonts = next(run.iter(qn("w:rFonts")), None)
    name = (fonts.get(qn("w:ascii")) or "").lower() if fonts is not None else ""
    return next((encoding for prefix, encoding in LEGACY_FONTS if name.startswith(prefix)), None)


def _cells(row: Any) -> Iterator[Any]:
    """The cells of a row without those that only continue a cell above."""
    for cell in row.iter(qn("w:tc")):
        if cell.getparent() is not row and cell.getparent().getparent() is not row:
            continue
        merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
        yield () if merge is not None and merge.get(qn("w:val")) != "restart" else cell


def _is_ruled(table: Any) -> bool:
    """Are lines drawn between the cells? Letterheads and signature blocks are tables without lines."""
    borders = [*table.iter(qn("w:tblBorders")), *table.iter(qn("w:tcBorders"))]
    inner = (qn("w:insideV"), qn("w:left"), qn("w:start"), qn("w:right"), qn("w:end"))
    drawn = any(side.get(qn("w:val")) not in NO_BORDER for border in borders for side in border if side.tag in inner)
    style = table.find(f"{qn('w:tblPr')}/{qn('w:tblStyle')}")
    return drawn or (not borders and style is not None and "grid" in (style.get(qn("w:val")) or "").lower())


def _notes(document: Any) -> Iterator[tuple[str, Any]]:
    for part in document.part.package.iter_parts():
        if part.partname == "/word/footnotes.xml":
            for note in parse_xml(part.blob):
                number = note.get(qn("w:id")) or "0"
                if int(number) >= LEAST_NOTE_ID:
                    yield number, note
