"""Draw a set document as PDF with reportlab and an embedded font in the style of Times New Roman."""

from __future__ import annotations

import io
import unicodedata
from functools import cache
from pathlib import Path
from unittest import mock

from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfgen.canvas import Canvas

from generator.layout import HEIGHT, WIDTH, Line, Page, Place, Setter, number_line
from generator.source import Document

FOLDERS = ("/usr/share/fonts/truetype/liberation2", "/usr/share/fonts/truetype/liberation")
FACES = {"": "Regular", "b": "Bold", "i": "Italic", "bi": "BoldItalic"}
PRIVATE_BULLETS = {0xF0B7: 0x2022, 0xF02D: 0x2D}


@cache
def fonts() -> dict[str, str]:
    """Register the four faces of Liberation Serif (SIL OFL 1.1: embedding allowed). Raises FileNotFoundError with the package to install."""
    names = {}
    for style, face in FACES.items():
        path = next((Path(folder) / f"LiberationSerif-{face}.ttf" for folder in FOLDERS if Path(folder).exists()), None)
        if path is None:
            raise FileNotFoundError("Liberation Serif 2 is missing: apt install fonts-liberation2")
        font = ttfonts.TTFont(f"Serif{style}", str(path))
        if ord("ỡ") not in font.face.charToGlyph:
            raise FileNotFoundError(f"{path} lacks Vietnamese letters: apt install fonts-liberation2")
        for code, like in PRIVATE_BULLETS.items():
            font.face.charToGlyph[code] = font.face.charToGlyph[like]
            font.face.charWidths[code] = font.face.charWidths[like]
        pdfmetrics.registerFont(font)
        names[style] = font.fontName
    return names


def face(style: str) -> str:
    """The font of a run's style."""
    return fonts()["".join(letter for letter in "bi" if letter in style)]


def measure(text: str, style: str, size: float) -> float:
    """The width of a text in points."""
    return float(pdfmetrics.stringWidth(text, face(style), size))


def decomposed_map(fontname: str, subset: list[int]) -> str:
    """A ToUnicode map that gives decomposed letters (NFD), as some converters write it."""
    rows = [f"<{code:02X}> <{unicodedata.normalize('NFD', chr(char)).encode('utf-16-be').hex().upper()}>" for code, char in enumerate(subset)]
    groups = [rows[start : start + 100] for start in range(0, len(rows), 100)]
    body = "\n".join(f"{len(group)} beginbfchar\n" + "\n".join(group) + "\nendbfchar" for group in groups)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        f"/CMapName /{fontname} def\n/CMapType 2 def\n1 begincodespacerange\n<00> <{len(subset) - 1:02X}>\nendcodespacerange\n{body}\n"
        "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    )


def draw_line(canvas: Canvas, line: Line, setter: Setter, *, stamps: bool) -> None:
    """One line; words of one style go out as one string, with word spacing for justified lines."""
    x = line.x
    parts: list[tuple[str, str, float]] = []
    for piece in line.pieces:
        width = setter.width_of(piece, line.size) + (0 if piece.glue else setter.measure(" ", "", line.size) + line.extra)
        text = piece.text + ("" if piece.glue else " ")
        if parts and parts[-1][1] == piece.style and not set(piece.style) & set("sn"):
            parts[-1] = (parts[-1][0] + text, piece.style, parts[-1][2])
        else:
            parts.append((text, piece.style, x))
        x += width
    for text, style, start in parts:
        if "s" in style:
            if stamps:
                canvas.setFont(face(style), line.size)
                canvas.drawString(start + 4, HEIGHT - line.y, text)
            continue
        raised = "n" in style
        block = canvas.beginText(start, HEIGHT - line.y + (line.size * 0.35 if raised else 0))
        block.setFont(face(style), line.size * (0.62 if raised else 1))
        block.setWordSpace(line.extra)
        block.textOut(text)
        canvas.drawText(block)


def draw_page(canvas: Canvas, page: Page, setter: Setter, *, stamps: bool) -> None:
    """One page; some producers write the foot before the body and the right column before the left."""
    if number := number_line(page, setter.layout):
        canvas.setFont(face(""), 13)
        canvas.drawCentredString(WIDTH / 2, HEIGHT - number[1], number[0])
    lines = page.lines
    if setter.layout.get("stream_order") == "right_first":
        lines = sorted(lines, key=lambda line: (line.y > 150, line.x < WIDTH / 2 if line.y <= 150 else False))
    if setter.layout.get("stream_order") == "foot_first":
        lines = sorted(lines, key=lambda line: line.size > 10)
    for line in lines:
        draw_line(canvas, line, setter, stamps=stamps)
    canvas.setLineWidth(0.6)
    for x0, y0, x1, y1 in page.rules:
        canvas.line(x0, HEIGHT - y0, x1, HEIGHT - y1)
    for x0, y0, x1, y1 in page.boxes:
        canvas.rect(x0, HEIGHT - y1, x1 - x0, y1 - y0)
    canvas.showPage()


def set_document(document: Document) -> Setter:
    """The document on pages."""
    setter = Setter(document, measure)
    setter.set()
    return setter


def draw(document: Document, *, signed: bool) -> tuple[bytes, list[Place]]:
    """The PDF and the places for signatures. What is stamped is left blank if it is to be signed, else printed."""
    setter = set_document(document)
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1)
    canvas.setTitle(document.id)
    canvas.setProducer("docparse corpus generator")
    for page in setter.pages:
        draw_page(canvas, page, setter, stamps=not signed)
    if document.data.get("layout", {}).get("decomposed"):
        with mock.patch.object(ttfonts, "makeToUnicodeCMap", decomposed_map):
            canvas.save()
    else:
        canvas.save()
    return buffer.getvalue(), setter.places
