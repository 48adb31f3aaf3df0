"""Write a document as .docx as offices do: letterhead and closing in borderless tables, real footnotes, an optional text box."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from xml.sax.saxutils import escape

import docx
from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Cm, Pt
from docx.table import Table as WordTable
from docx.table import _Cell as Cell
from docx.text.paragraph import Paragraph as WordParagraph

from generator.source import Document, Mark, Paragraph, Table, parse_paragraph

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
ALIGN = {
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "body": WD_ALIGN_PARAGRAPH.JUSTIFY,
    "flush": WD_ALIGN_PARAGRAPH.JUSTIFY,
    "address": WD_ALIGN_PARAGRAPH.LEFT,
}


class Writer:
    """One .docx being written."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.form = "NFD" if document.data.get("layout", {}).get("decomposed") else "NFC"
        self.word: WordDocument = docx.Document()
        self.notes: list[str] = []
        style = self.word.styles["Normal"]
        style.font.name, style.font.size = "Times New Roman", Pt(14)
        page = self.word.sections[0]
        page.page_width, page.page_height = Cm(21), Cm(29.7)
        page.left_margin, page.right_margin, page.top_margin, page.bottom_margin = Cm(3), Cm(1.5), Cm(2), Cm(2)

    def text(self, text: str) -> str:
        """The text in the document's normal form."""
        return unicodedata.normalize(self.form, text)

    def fill(self, target: WordParagraph, source: Paragraph, *, size: float = 14, bold: bool = False, italic: bool = False) -> None:
        """Write the runs of a paragraph."""
        for run in source.runs:
            if "n" in run.style:
                self.note(target, run.text)
                continue
            parts = run.text.split("¶")
            for index, part in enumerate(parts):
                made = target.add_run(self.text(part))
                made.bold, made.italic, made.font.size = bold or "b" in run.style, italic or "i" in run.style, Pt(size)
                if index < len(parts) - 1:
                    made.add_break()

    def note(self, target: WordParagraph, mark: str) -> None:
        """A reference to a footnote, whose text goes to the footnotes part."""
        self.notes.append(self.text(self.document.notes[mark].text))
        run = target.add_run()
        run.font.superscript = True
        run._r.append(parse_xml(f'<w:footnoteReference xmlns:w="{NAMESPACE}" w:id="{len(self.notes)}"/>'))

    def cell(self, cell: Cell, lines: list[tuple[Paragraph, dict[str, object]]], align: WD_ALIGN_PARAGRAPH) -> None:
        """Fill a cell, one paragraph a line."""
        for index, (source, form) in enumerate(lines):
            target = cell.paragraphs[0] if index == 0 else cell.add_paragraph()
            target.alignment = align
            target.paragraph_format.space_after = Pt(0)
            self.fill(target, source, **form)  # type: ignore[arg-type]

    def pair(self, left: float, right: float) -> WordTable:
        """A borderless table of one row and two columns, widths in centimetres."""
        table = self.word.add_table(rows=1, cols=2)
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        table.rows[0]._tr.get_or_add_trPr().append(parse_xml(f'<w:cantSplit xmlns:w="{NAMESPACE}"/>'))
        for column, width in zip(table.columns, (left, right), strict=True):
            column.width = Cm(width)
        return table

    def letterhead(self) -> None:
        """The letterhead table and the title."""
        table = self.pair(6.8, 9.7)
        left = [(line, {"size": 12}) for line in self.document.left]
        left += [(line, {"size": 13 if key == "number" else 12}) for key in ("number", "subject") if (line := self.document.head(key))]
        right = [(parse_paragraph(f"**{line}**"), {"size": 12}) for line in self.document.right]
        if place := self.document.head("place_date"):
            right.append((place, {"size": 13, "italic": True}))
        self.cell(table.rows[0].cells[0], left, WD_ALIGN_PARAGRAPH.CENTER)
        self.cell(table.rows[0].cells[1], right, WD_ALIGN_PARAGRAPH.CENTER)
        if urgency := self.document.data["letterhead"].get("urgency"):
            self.text_box(urgency)
        for source in [parse_paragraph(self.document.type), *self.document.title] if self.document.type else []:
            target = self.word.add_paragraph()
            target.alignment = WD_ALIGN_PARAGRAPH.CENTER
            self.fill(target, source, bold=True)

    def text_box(self, text: str) -> None:
        """A text box as Word writes it for older versions too."""
        target = self.word.add_paragraph()
        target.add_run()._r.append(
            parse_xml(
                f'<w:pict xmlns:w="{NAMESPACE}" xmlns:v="urn:schemas-microsoft-com:vml"><v:shape style="width:90pt;height:24pt">'
                '<v:textbox><w:txbxContent><w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:rPr><w:b/></w:rPr>'
                f"<w:t>{escape(self.text(text))}</w:t></w:r></w:p>"
                "</w:txbxContent></v:textbox></v:shape></w:pict>"
            )
        )

    def paragraph(self, source: Paragraph) -> None:
        """A paragraph of the body."""
        target = self.word.add_paragraph()
        target.alignment = ALIGN[source.align]
        if source.align == "body":
            target.paragraph_format.first_line_indent = Cm(1.27)
        if source.align == "address":
            target.paragraph_format.left_indent = Cm(2.5)
        target.paragraph_format.space_after = Pt(6)
        self.fill(target, source)

    def table(self, source: Table) -> None:
        """A ruled table."""
        table = self.word.add_table(rows=0, cols=len(source.widths))
        table.style = "Table Grid"
        for index, cells in enumerate(source.rows):
            row = table.add_row()
            for cell, paragraph in zip(row.cells, cells, strict=True):
                self.cell(cell, [(paragraph, {"size": 12, "bold": index < source.heads})], WD_ALIGN_PARAGRAPH.LEFT)

    def closing(self) -> None:
        """The table with recipients and signature."""
        closing = self.document.data["closing"]
        table = self.pair(8, 8.5)
        left = [(parse_paragraph("**__Nơi nhận:__**"), {"size": 12})] if closing["recipients"] else []
        left += [(parse_paragraph(line), {"size": 11}) for line in closing["recipients"]]
        right = [(parse_paragraph(f"**{line}**"), {}) for line in closing["authority"]]
        right += [(parse_paragraph(""), {})] * 3 + [(parse_paragraph(f"**{closing['name']}**"), {})]
        self.cell(table.rows[0].cells[0], left, WD_ALIGN_PARAGRAPH.LEFT)
        self.cell(table.rows[0].cells[1], right, WD_ALIGN_PARAGRAPH.CENTER)

    def footnotes(self) -> None:
        """The footnotes part: the two separators that Word wants, then the notes."""
        rows = "".join(
            f'<w:footnote w:id="{index}"><w:p><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
            f'<w:r><w:t xml:space="preserve"> {escape(text)}</w:t></w:r></w:p></w:footnote>'
            for index, text in enumerate(self.notes, start=1)
        )
        separators = (
            '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
            '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
        )
        xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:footnotes xmlns:w="{NAMESPACE}">{separators}{rows}</w:footnotes>'
        part = Part(PackURI("/word/footnotes.xml"), FOOTNOTES, xml.encode(), self.word.part.package)
        self.word.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)

    def write(self) -> bytes:
        """The whole file."""
        self.letterhead()
        for block in self.document.blocks:
            if isinstance(block, Paragraph):
                self.paragraph(block)
            elif isinstance(block, Table):
                self.table(block)
            elif isinstance(block, Mark) and block.kind == "sign":
                self.closing()
            else:
                self.word.add_page_break()
        if self.notes:
            self.footnotes()
        buffer = io.BytesIO()
        self.word.save(buffer)
        return dated(buffer.getvalue())


def dated(data: bytes) -> bytes:
    """The same package with fixed times, so that the same source gives the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), source.read(name), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def write_docx(document: Document) -> bytes:
    """The document as .docx."""
    return Writer(document).write()
