"""Where signature fields stand on the pages of a PDF, and the text that they show there."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

from docparse.read.layout import Word, holds, rows_of
from docparse.read.pdf_words import Placement, appearance_words, load_page
from docparse.text import Box

DEEPEST_PAGE_TREE = 50


@dataclass(frozen=True, slots=True)
class Widget:
    """The place of a field: page from 1, and [x0, y0, x1, y1] in the coordinates of its content; None for an invisible signature."""

    page: int
    rect: tuple[float, float, float, float] | None


@dataclass(frozen=True, slots=True)
class Appearance:
    """What a signature shows: its box in points from the top left of the page, and its text line by line, None if it has none."""

    box: Box
    text: str | None


def find_widget(reader: PdfFileReader, field: generic.DictionaryObject) -> Widget | None:
    """The first place of a field on a page, None if it is on none."""
    widgets = [kid.get_object() for kid in _array(field, "/Kids")] or [field]
    references = {widget.container_ref: widget for widget in widgets if isinstance(widget, generic.DictionaryObject)}
    for number, page in enumerate(_pages(reader), start=1):
        for annotation in _array(page, "/Annots"):
            found = annotation.get_object()
            if isinstance(found, generic.DictionaryObject) and found.container_ref in references:
                return Widget(number, _rectangle(found))
    return None


def _pages(reader: PdfFileReader) -> Iterator[generic.DictionaryObject]:
    """The page dictionaries in order. A damaged tree that holds itself ends at a depth no document has."""
    todo: list[tuple[generic.PdfObject, int]] = [(reader.root["/Pages"], 0)]
    while todo:
        node, depth = todo.pop()
        if not isinstance(node, generic.DictionaryObject):
            continue
        if "/Kids" not in node:
            yield node
        elif depth < DEEPEST_PAGE_TREE:
            todo += [(kid.get_object(), depth + 1) for kid in reversed(_array(node, "/Kids"))]


def _array(dictionary: generic.DictionaryObject, key: str) -> Sequence[generic.PdfObject]:
    try:
        value = dictionary[key]
    except KeyError:
        return ()
    return value if isinstance(value, generic.ArrayObject) else ()


def _rectangle(widget: generic.DictionaryObject) -> tuple[float, float, float, float] | None:
    left, bottom, right, top = map(float, widget["/Rect"])
    rect = min(left, right), min(bottom, top), max(left, right), max(bottom, top)
    return rect if rect[0] < rect[2] and rect[1] < rect[3] else None


def read_appearances(data: bytes, widgets: Mapping[int, Widget]) -> dict[int, Appearance]:
    """The appearance of each visible field, under the key of its widget. Only pages with such fields are loaded."""
    by_page: defaultdict[int, list[int]] = defaultdict(list)
    for key, widget in widgets.items():
        if widget.rect:
            by_page[widget.page].append(key)
    found: dict[int, Appearance] = {}
    with pdfium.PdfDocument(data) as document:
        document.init_forms()
        for number, keys in by_page.items():
            flat = load_page(document, number - 1)
            place = Placement(flat.page)
            boxes = {key: Box(*place.box(rect[0], rect[3], rect[2], rect[1])) for key in keys if (rect := widgets[key].rect)}
            texts = _texts(appearance_words(flat), boxes)
            found |= {key: Appearance(box, texts.get(key)) for key, box in boxes.items()}
            flat.page.close()
    return found


def _texts(words: Sequence[Word], boxes: Mapping[int, Box]) -> dict[int, str]:
    """The text in each box; where stamps overlap, a word belongs to the smallest box around it."""
    inside: defaultdict[int, list[Word]] = defaultdict(list)
    for word in words:
        around = [key for key, box in boxes.items() if holds(box, word)]
        if around:
            inside[min(around, key=lambda key: _area(boxes[key]))].append(word)
    return {key: unicodedata.normalize("NFC", "\n".join(row.text for row in rows_of(found))) for key, found in inside.items()}


def _area(box: Box) -> float:
    return (box.x1 - box.x0) * (box.bottom - box.top)
