"""The labels that Word prints in front of automatically numbered paragraphs, which are no part of their text.

Source: ECMA-376, part 1, 17.9 (numbering).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn

LEVEL = re.compile(r"%(\d)")
ROMAN_VALUES = (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1)
ROMAN_DIGITS = ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I")


def roman(number: int) -> str:
    """`number` (positive) in Roman capitals.

    >>> roman(14)
    'XIV'
    """
    digits = []
    for value, letters in zip(ROMAN_VALUES, ROMAN_DIGITS, strict=True):
        count, number = divmod(number, value)
        digits.append(letters * count)
    return "".join(digits)


def _letters(number: int) -> str:
    """1 is a, 26 is z, 27 is aa."""
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": "{:02}".format,
    "upperRoman": roman,
    "lowerRoman": lambda number: roman(number).lower(),
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerLetter": _letters,
}


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    form: str
    text: str


class Numbering:
    """Counts the automatic numbers of a document; ask for the label of each paragraph in document order."""

    def __init__(self, document: Document) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._abstract: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._styles = {style.get(qn("w:styleId")): style for style in document.styles.element.findall(qn("w:style"))}
        parts = {part.partname: part for part in document.part.package.iter_parts()}
        root = getattr(parts.get("/word/numbering.xml"), "element", None)
        if root is None:
            return
        for abstract in root.findall(qn("w:abstractNum")):
            self._levels[abstract.get(qn("w:abstractNumId"))] = dict(_levels_of(abstract))
        for number in root.findall(qn("w:num")):
            reference = number.find(qn("w:abstractNumId"))
            if reference is not None:
                self._abstract[number.get(qn("w:numId"))] = reference.get(qn("w:val"))

    def label(self, paragraph: Any) -> str:
        """The printed label of a paragraph element, empty where it has none; counts on."""
        number, level = self._reference(paragraph)
        abstract = self._abstract.get(number or "")
        levels = self._levels.get(abstract or "", {})
        if abstract is None or level not in levels:
            return ""
        counts = self._counts[abstract]
        counts[level] = counts.get(level, levels[level].start - 1) + 1
        for deeper in [key for key in counts if key > level]:
            del counts[deeper]
        if levels[level].form == "bullet":
            return "•" if levels[level].text == "o" else levels[level].text

        def number_of(match: re.Match[str]) -> str:
            key = int(match[1]) - 1
            shown = levels.get(key, levels[level])
            return FORMATS.get(shown.form, str)(counts.get(key, shown.start))

        return LEVEL.sub(number_of, levels[level].text)

    def _reference(self, paragraph: Any) -> tuple[str | None, int]:
        """The number id and level of a paragraph, its own or its style's."""
        properties = paragraph.find(qn("w:pPr"))
        seen: set[str] = set()
        while properties is not None:
            reference = properties.find(qn("w:numPr"))
            if reference is not None:
                number, level = reference.find(qn("w:numId")), reference.find(qn("w:ilvl"))
                return (number.get(qn("w:val")) if number is not None else None), int(level.get(qn("w:val"))) if level is not None else 0
            name = properties.find(qn("w:pStyle"))
            style = self._styles.get(name.get(qn("w:val"))) if name is not None else None
            if style is None or style.get(qn("w:styleId")) in seen:
                return None, 0
            seen.add(style.get(qn("w:styleId")))
            properties = style.find(qn("w:pPr"))
        return None, 0


def _levels_of(abstract: Any) -> Iterator[tuple[int, _Level]]:
    for level in abstract.findall(qn("w:lvl")):
        values = {name: level.find(qn(f"w:{name}")) for name in ("start", "numFmt", "lvlText")}
        start, form, text = (node.get(qn("w:val")) if node is not None else None for node in values.values())
        yield int(level.get(qn("w:ilvl"))), _Level(int(start or 1), form or "decimal", text or "")
