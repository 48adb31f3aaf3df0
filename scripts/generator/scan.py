"""Scan documents of the corpus: printed pages -> images with what paper and scanner do to them -> image-only PDFs and their manifest.

Image libraries of different versions give different bytes, so a scan is up to date if it was made from the current document with the
current parameters: their digest stands in the manifest. Delete a scan to have it made again.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
from PIL import Image

from generator import CORPUS
from generator.image_pdf import ImagePage, Word, replace_pages, write_images
from generator.layout import HEIGHT
from generator.paper import EFFECTS, Sheet, render_page
from generator.pdf import draw, set_document
from generator.source import Document, load

CONFUSED = {"ộ": "6", "ỡ": "6", "ẩ": "4", "ặ": "g", "ị": "j", "ụ": "y"}


@dataclass(frozen=True)
class Scan:
    """One scan to be made: source id, name of the degradation and its parameters."""

    source: str
    degradation: str
    parameters: dict[str, Any]

    @property
    def id(self) -> str:
        """The name without extension."""
        return f"{self.source}.{self.degradation}"

    @property
    def printed(self) -> Path:
        """The committed PDF with the known text, number and day printed."""
        path = CORPUS / "documents" / f"{self.source}.printed.pdf"
        return path if path.exists() else path.with_name(f"{self.source}.pdf")

    @property
    def file(self) -> Path:
        """Where the scan is kept."""
        return CORPUS / "scans" / f"{self.id}.pdf"

    def pages(self) -> list[int | None]:
        """The printed page (from 1) that each page of the scan shows, None for a blank back side."""
        with pypdfium2.PdfDocument(self.printed) as printed:
            count = len(printed)
        after = self.parameters.get("blank_after", count)
        return [*range(1, after + 1), *([None] if after < count else []), *range(after + 1, count + 1)]

    def row(self) -> dict[str, Any]:
        """The scan's row of the manifest."""
        return {
            "source": self.source,
            "pdf": str(self.printed.relative_to(CORPUS)),
            "degradation": self.degradation,
            "group": self.parameters["group"],
            "pages": self.pages(),
            "lost": self.parameters.get("lost", []),
            "digest": self.digest(),
        }

    def digest(self) -> str:
        """What the scan depends on, as SHA-256."""
        given = {key: value for key, value in self.parameters.items() if key != "documents"}
        return hashlib.sha256(json.dumps(given, sort_keys=True).encode() + self.printed.read_bytes()).hexdigest()


def scans() -> list[Scan]:
    """All scans of corpus/scans/scans.toml."""
    table = tomllib.loads((CORPUS / "scans" / "scans.toml").read_text(encoding="utf-8"))
    return [Scan(source, name, parameters) for name, parameters in table.items() for source in parameters["documents"]]


def chance(scan: Scan, label: str) -> np.random.Generator:
    """Chance that is the same on every run."""
    seed = hashlib.sha256(f"{scan.id}: {label}".encode()).digest()
    return np.random.default_rng(int.from_bytes(seed[:8], "big"))


def accentless(text: str, source: np.random.Generator) -> str:
    """Vietnamese as an English OCR engine reads it: no accents, now and then another letter."""
    letters = (CONFUSED[letter] if letter in CONFUSED and source.random() < 0.3 else letter for letter in unicodedata.normalize("NFC", text))
    plain = "".join(letters).translate(str.maketrans("đĐÐ“”–•", 'dDD""-*'))
    return unicodedata.normalize("NFD", plain).encode("ascii", "ignore").decode()


def question_marks(text: str, source: np.random.Generator) -> str:
    """Vietnamese through a code page that lacks its letters."""
    return unicodedata.normalize("NFC", text).encode("ascii", "replace").decode()


LAYERS = {"accentless": accentless, "question-marks": question_marks}


def layer(document: Document, index: int, scan: Scan) -> tuple[Word, ...]:
    """The invisible text of a page."""
    kind = scan.parameters.get("layer")
    if kind is None:
        return ()
    source, words = chance(scan, f"layer {index}"), []
    for line in set_document(document).pages[index].lines:
        text = "".join(piece.text + ("" if piece.glue else " ") for piece in line.pieces).rstrip()
        words.append(Word(line.x, HEIGHT - line.y, line.size, LAYERS[kind](text, source)))
    return tuple(words)


def make(scan: Scan) -> bytes:
    """The scan as PDF."""
    parameters = scan.parameters
    document = load(CORPUS / "sources" / f"{scan.source}.toml")
    pdf, places = draw(document, signed="number" in parameters.get("lost", ()))
    mode = "RGB" if parameters["colour"] == "RGB" else "L"
    office = document.left[-1].text
    pages: list[ImagePage] = []
    for number in scan.pages():
        index = (number or 0) - 1
        sheet = Sheet(index, parameters["resolution"], [place for place in places if place.page == index], office, chance(scan, str(number)))
        image = render_page(pdf, index, sheet.resolution, mode) if number else Image.new(mode, pages[-1].image.size, "white")
        for effect in parameters["effects"]:
            image = EFFECTS[effect["do"]](image, sheet, **{key: value for key, value in effect.items() if key != "do"})
        pages.append(ImagePage(image, parameters.get("quality"), sheet.resolution, parameters.get("rotate", 0), layer(document, index, scan)))
    if parameters.get("only_signed"):
        return replace_pages(pdf, {place.page: pages[place.page] for place in places if place.role == "leader"})
    return write_images(pages)


def load_manifest() -> dict[str, dict[str, Any]]:
    """Id of a scan -> its row, as it was made."""
    path = CORPUS / "scans" / "manifest.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def manifest_text(rows: dict[str, dict[str, Any]]) -> str:
    """The manifest as it is committed: one line a scan."""
    return "{\n" + ",\n".join(f"  {json.dumps(key)}: {json.dumps(row)}" for key, row in sorted(rows.items())) + "\n}\n"
