"""Pages without usable text -> words with boxes, through a recogniser.

A recogniser is a class behind the protocol `Engine`, installed under a name in the entry point group `docparse.ocr_engines`; `tesseract` is one.
Another (VietOCR, PaddleOCR, a service) is a package with such an entry point and the setting `DOCPARSE_OCR_ENGINE`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import entry_points
from itertools import pairwise
from typing import Protocol

from docparse.errors import SettingsError
from docparse.read.correction import correct_words
from docparse.read.layout import WIDE_GAP, Row, Word, rows_of
from docparse.read.lines import clean
from docparse.read.regions import Stack, stack_regions
from docparse.read.scan import POINTS, Image, Scan, prepare_scan
from docparse.read.syllables import is_syllable
from docparse.read.tables import RuledTable, line_edge, ruled_tables
from docparse.settings import Settings
from docparse.text import Box, ReadProblem

Draw = Callable[[int, float], tuple[Image, float]]  # number of a page, dpi that are wanted -> its picture, dpi that it has

ENGINES = "docparse.ocr_engines"
DPI = 200
SURE = 0.75  # mean confidence of a page that lies the right way round
SURE_SIDEWAYS = 0.85  # of one that was turned, for which it is even odds
NOTE_RULE = (60.0, 230.0)  # points: the line above footnotes
NOISE = 0.45  # mean confidence of a part that is a scribble, a seal, a picture
NUMBER_LINE = re.compile(r"[Ss][ốôóọo06]\W?")  # the number of the document: its printed symbol counts beside an unreadable handwritten number
HANGING = re.compile(r"^(?!\./)[.,:;_'\"`~^°¬]+(?=[\w“(/])|(?<=\w)[_'\"`~^]+$")  # specks; recognised quotation marks are curly
FIGURES = re.compile(r"[\d.,:/()-]+")
LONGER_WORD = re.compile(r"[^\W\d_]{2,}")
SPECKS = re.compile(r"[.,:;_ˆ`'’‘\"~|^°*¬¦·\\]+|(?!\./)[^\w\s]{3,}")  # marks that never stand alone: dirt
DOUBTFUL = 0.8  # mean confidence of a page that a person should look at


class EngineMissing(Exception):
    """A recogniser cannot work here; the message says what to install."""


class Engine(Protocol):
    """A recogniser."""

    def __init__(self, *, seconds: float) -> None:
        """`seconds`: time-out for one page. Raises EngineMissing."""

    def recognise(self, image: Image, dpi: float) -> Iterable[Word]:
        """The words in a grey picture of lines of text one below the other; boxes in pixels, confidence 0 to 1.

        Called from several threads at once. Any exception costs only the page.
        """


@dataclass(frozen=True, slots=True)
class RecognisedPage:
    """What was recognised on a page: `size` (None after a failure) and boxes in points of the page turned upright by `rotation` degrees clockwise.

    `note_rule`: how far from the top the line above the footnotes stands.
    """

    words: Sequence[Word] = ()
    tables: Sequence[RuledTable] = ()
    size: tuple[float, float] | None = None
    rotation: int = 0
    note_rule: float | None = None
    failure: str | None = None

    @property
    def confidence(self) -> float:
        """Mean confidence of the letters, 1 for none."""
        return _confidence(self.words) if self.words else 1.0


def load_engine(settings: Settings) -> Engine:
    """The recogniser that the settings name. Raises SettingsError for an unknown name, EngineMissing."""
    found = {point.name: point for point in entry_points(group=ENGINES)}
    if settings.ocr_engine not in found:
        known = ", ".join(sorted(found)) or "none"
        raise SettingsError("environment", f"names the unknown recogniser {settings.ocr_engine!r} in DOCPARSE_OCR_ENGINE (installed: {known})")
    engine: Engine = found[settings.ocr_engine].load()(seconds=settings.ocr_seconds)
    return engine


def recognise_pages(numbers: Sequence[int], draw: Draw, *, engine: Engine, jobs: int) -> Iterator[RecognisedPage]:
    """The pages of these numbers in order, `jobs` at a time; `draw` must be safe to call from threads."""
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        yield from pool.map(lambda number: _recognise(number, draw, engine), numbers)


def _recognise(number: int, draw: Draw, engine: Engine) -> RecognisedPage:
    try:
        scan = prepare_scan(*draw(number, DPI))
        if scan.is_blank:
            return RecognisedPage(size=scan.size, rotation=scan.rotation)
        page = _read(scan, engine)
    except Exception as error:
        return RecognisedPage(failure=f"{type(error).__name__}: {error}")
    if page.confidence < (SURE_SIDEWAYS if scan.rotation else SURE):
        with suppress(Exception):
            page = max(page, _read(scan.turned_over(), engine), key=_amount)
    return page


def _amount(page: RecognisedPage) -> float:
    return sum((word.confidence or 0.0) * len(word.text) for word in page.words)


def _read(scan: Scan, engine: Engine) -> RecognisedPage:
    scale = POINTS / scan.dpi
    edges = [line_edge(Box(*(side * scale for side in rule))) for rule in scan.rules]
    tables = ruled_tables(edges, *scan.size)
    stack = stack_regions(scan, tables)
    words = [word for part in _kept(stack, engine.recognise(stack.image, scan.dpi)) for word in correct_words(part)] if stack else []
    placed = [word._replace(x0=word.x0 * scale, top=word.top * scale, x1=word.x1 * scale, bottom=word.bottom * scale) for word in words]
    return RecognisedPage(placed, tables, scan.size, scan.rotation, note_rule=_note_rule(scan, tables))


def _note_rule(scan: Scan, tables: Sequence[RuledTable]) -> float | None:
    """The lowest short line at the left of the lower half, outside the tables."""
    width, height = scan.size
    found = None
    for rule in scan.rules:
        box = Box(*(side * POINTS / scan.dpi for side in rule))
        inside = any(table.box.top - 2 <= box.top <= table.box.bottom + 2 for table in tables)
        if not inside and box.x0 < width / 3 and box.top > height / 2 and NOTE_RULE[0] <= box.x1 - box.x0 <= NOTE_RULE[1]:
            found = max(found or 0.0, box.top)
    return found


def _kept(stack: Stack, words: Iterable[Word]) -> Iterator[list[Word]]:
    """The words at their places in the scan, region by region, without what is no text: remains of seals and signatures, specks."""
    for part in stack.by_region(word for word in words if clean(word.text)):
        pieces = (piece for row in rows_of(part) for piece in _pieces(row) if NUMBER_LINE.match(piece[0].text) or _is_text(piece))
        yield [_cleaned(word) for piece in pieces for word in piece if not SPECKS.fullmatch(word.text)]


def _cleaned(word: Word) -> Word:
    """A word without the specks that hang on it."""
    text = clean(word.text).replace("|", "I")
    bare = HANGING.sub("", text)
    return word._replace(text=bare, raw=text) if bare != text else word._replace(text=text)


def _pieces(row: Row) -> Iterator[list[Word]]:
    """The words of a row between wide gaps."""
    piece = [row.words[0]]
    for before, word in pairwise(row.words):
        if word.x0 - before.x1 > WIDE_GAP * row.height:
            yield piece
            piece = []
        piece.append(word)
    yield piece


def _is_text(words: Sequence[Word]) -> bool:
    """Whether a piece is text and not what is left of a seal or a signature: recognised well enough, with a word or a figure in it."""
    confidence = _confidence(words)
    if confidence < NOISE:
        return False
    return confidence >= SURE or any(FIGURES.fullmatch(word.text) or any(map(is_syllable, LONGER_WORD.findall(word.text))) for word in words)


def _confidence(words: Sequence[Word]) -> float:
    """Mean confidence of the letters."""
    letters = sum(len(word.text) for word in words)
    return sum((word.confidence or 0.0) * len(word.text) for word in words) / letters


def problems_of(number: int, page: RecognisedPage) -> Iterator[ReadProblem]:
    """What a person should know of a recognised page; `number` from 1."""
    if page.failure:
        yield ReadProblem("ocr_failed", f"the page could not be recognised ({page.failure}); it has no text here", number)
    elif page.confidence < DOUBTFUL:
        yield ReadProblem("ocr_doubtful", f"the page was hard to recognise (confidence {page.confidence:.2f}); compare it with the picture", number)
