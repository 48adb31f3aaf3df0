"""Tesseract as a recogniser: one call of its program for each page, one thread a call."""

from __future__ import annotations

import os
import re
import shutil
import string
import subprocess
from collections.abc import Iterator, Sequence
from functools import cache
from statistics import median
from typing import NamedTuple
from xml.etree import ElementTree

from docparse.read.figures import DATE_WORDS
from docparse.read.layout import Word
from docparse.read.ocr import EngineMissing
from docparse.read.scan import Image

LANGUAGE = "vie"
ONE_BLOCK = "6"  # page segmentation mode: one block of text, for the page is cut into its columns and cells before
LOCAL_THRESHOLD = "thresholding_method=2"  # Sauvola: 1 % more readable words than the global threshold on real scans
HTML = "{http://www.w3.org/1999/xhtml}"
LINES = ("ocr_line", "ocr_header", "ocr_textfloat", "ocr_caption")
DIGITS = frozenset(string.digits)
EVEN = DIGITS | (frozenset(string.ascii_uppercase) - {"J", "Q"})  # glyphs of the height of a capital
FIGURE = re.compile(r"[^\W_]*\d[^/\s.,:;()_'\"`~^-]*")  # the first part of a word with a digit
ONES = str.maketrans("IlÌÍ|][", "1111111")
CLEAR = re.compile(r"\d+(?:[a-dđ]|%)?")
ENOUGH_CAPITALS = 5
TWO_LINES = 1.7  # times the height of its words: a line of this height is two that were taken for one
BROKEN = 0.5  # of the height of a capital: a lower digit is one whose box noise has broken
UNEVEN = 0.13  # of the height of a capital: printed digits differ less, handwritten ones more
INSTALL = "apt-get install tesseract-ocr tesseract-ocr-vie"


class Tesseract:
    """The recogniser that is used by default."""

    def __init__(self, *, seconds: float) -> None:
        """`seconds`: time-out for a page. Raises EngineMissing."""
        missing = _missing()
        if missing:
            raise EngineMissing(missing)
        self.seconds = seconds

    def recognise(self, image: Image, dpi: float) -> Iterator[Word]:
        """The words in a picture of text lines, boxes in pixels. Raises subprocess.SubprocessError."""
        height, width = image.shape
        picture = b"P5 %d %d 255\n" % (width, height) + image.tobytes()
        command = ["tesseract", "-", "-", "-l", LANGUAGE, "--psm", ONE_BLOCK, "--dpi", str(round(dpi))]
        command += ["-c", LOCAL_THRESHOLD, "-c", "hocr_char_boxes=1", "hocr"]
        environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
        done = subprocess.run(command, input=picture, capture_output=True, timeout=self.seconds, env=environment, check=True)
        for line in ElementTree.fromstring(done.stdout).iter(f"{HTML}span"):
            if line.get("class") in LINES:
                yield from _words(line)


class _Glyph(NamedTuple):
    """A recognised character with its box in pixels."""

    text: str
    box: tuple[float, float, float, float]

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1]


def _words(line: ElementTree.Element) -> Iterator[Word]:
    """The words of a line, each as high as the line: letters without ascenders would make a row look smaller."""
    spans = [span for span in line if span.get("class") == "ocrx_word"]
    parts = [
        [_Glyph(char.text or "", _box(char, "x_bboxes")) for char in span.iter(f"{HTML}span") if char.get("class") == "ocrx_cinfo"] for span in spans
    ]
    capitals = sorted(glyph.height for part in parts for glyph in part if glyph.text in EVEN)
    usual = capitals[len(capitals) // 4] if len(capitals) >= ENOUGH_CAPITALS else None  # strokes that reach into boxes make them higher
    words: list[Word] = []
    for span, part in zip(spans, parts, strict=True):
        text = "".join(glyph.text for glyph in part)
        if text.strip():
            words.append(
                Word(
                    text,
                    *_box(span, "bbox"),
                    _value(span, "x_wconf")[0] / 100,
                    doubtful=_is_doubtful(text, part, usual, dated=bool(words) and words[-1].text in DATE_WORDS),
                )
            )
    if not words:
        return
    edge = len(words) // 5
    top, bottom = sorted(word.top for word in words)[edge], sorted(word.bottom for word in words)[-1 - edge]
    if bottom - top < TWO_LINES * median(word.bottom - word.top for word in words):
        words = [word._replace(top=top, bottom=bottom) if word.top < bottom and word.bottom > top else word for word in words]
    yield from words


def _is_doubtful(text: str, glyphs: Sequence[_Glyph], capital: float | None, *, dated: bool) -> bool:
    """Whether the figures of a word look written by hand: mixed with other signs, or not as high as capitals are.

    In a date (`dated`) upright strokes of the right height are printed ones, and one digit of several may have a speck on it.
    """
    figure = FIGURE.search(text)
    if not figure:
        return False
    if not CLEAR.fullmatch(figure[0].translate(ONES) if dated else figure[0]):
        return True
    if capital is None:
        return False
    digits = [glyph for glyph in glyphs if glyph.text.translate(ONES) in DIGITS and glyph.height > BROKEN * capital]
    uneven = [glyph for glyph in digits if abs(glyph.height - capital) > UNEVEN * capital]
    return len(uneven) >= (max(len(digits), 2) / 2 if dated else 1)


def _value(element: ElementTree.Element, name: str) -> list[float]:
    """A property of hOCR, which stands among others in the title."""
    properties = (part.split() for part in element.get("title", "").split(";"))
    return next([float(value) for value in values[1:]] for values in properties if values[0] == name)


def _box(element: ElementTree.Element, name: str) -> tuple[float, float, float, float]:
    x0, top, x1, bottom = _value(element, name)[:4]
    return x0, top, x1, bottom


@cache
def _missing() -> str | None:
    """What is missing, in words; None where all is there."""
    if shutil.which("tesseract") is None:
        return f"the program tesseract is not installed: {INSTALL}"
    listed = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=False)
    if LANGUAGE not in listed.stdout.split():
        return f"tesseract has no Vietnamese data: {INSTALL}"
    return None
