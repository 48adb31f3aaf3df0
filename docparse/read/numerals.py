"""Roman numerals of headings that recognition misread, repaired by their sequence: I, II, II, IV has lost a stroke in the third."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from docparse.read.lines import Noted, RawLine

LABEL = re.compile(r"(?P<label>(?!1)[IVXHLlÌ1]{1,6})(?P<mark>[.,:)]?)\s+(?=[“\"(]?[A-ZĐÀ-Ỹ])")
LONG = 4  # letters: a numeral of so many needs no mark behind it
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII", "XVIII", "XIX", "XX")
STROKES = str.maketrans({"H": "II", "L": "I", "l": "I", "Ì": "I", "1": "I"})


class _Heading(NamedTuple):
    """A line that begins like a heading with a Roman numeral: where it is, its label in strokes, its value (None for no numeral).

    `mark` is what has to be put behind the numeral where its mark was lost.
    """

    page: int
    line: int
    printed: str
    mark: str
    strokes: str
    value: int | None


def settle_numerals(pages: Sequence[Sequence[RawLine]]) -> list[list[RawLine]]:
    """The lines of recognised pages with the numerals of their headings in sequence.

    >>> lines = [RawLine(f"{label}. TIÊU ĐỀ") for label in ("I", "II", "II", "IV")]
    >>> [line.text[:4] for line in settle_numerals([lines])[0]]
    ['I. T', 'II. ', 'III.', 'IV. ']
    """
    settled = [list(lines) for lines in pages]
    headings = list(_headings(pages))
    for heading, value in zip(headings, _values(headings), strict=True):
        label = ROMAN[value - 1] + heading.mark if value else heading.printed
        if label != heading.printed:
            settled[heading.page][heading.line] = _relabelled(settled[heading.page][heading.line], heading.printed, label)
    return settled


def _headings(pages: Sequence[Sequence[RawLine]]) -> Iterator[_Heading]:
    for page, lines in enumerate(pages):
        for number, line in enumerate(lines):
            match = LABEL.match(line.text) if line.opens and line.cell is None and not line.note else None
            if match and (match["mark"] or match["label"] in ROMAN or len(match["label"]) >= LONG):
                strokes = match["label"].translate(STROKES)
                yield _Heading(
                    page, number, match["label"], "" if match["mark"] else ".", strokes, ROMAN.index(strokes) + 1 if strokes in ROMAN else None
                )


def _values(headings: Sequence[_Heading]) -> list[int | None]:
    """The value of each heading in the sequence, None where it cannot be told.

    A numeral with V or X is sure; those before it count down from it. The others count up.
    """
    values: list[int | None] = [heading.value if heading.value and set("VX") & set(heading.strokes) else None for heading in headings]
    for index in range(len(headings) - 1, 0, -1):
        value = values[index]
        if value and value > 1 and values[index - 1] is None and _is_near(headings[index - 1], value - 1):
            values[index - 1] = value - 1
    last = 0
    for index, heading in enumerate(headings):
        if values[index] is None:
            following = next((value for value in (values[index + 1 :] or [None])[:1] if value), None)
            follows_on = _is_near(heading, last + 1) and (heading.value is None or heading.value == last or heading.value == last + 1)
            starts = last == 0 and heading.value == 2 and any(other.value == 2 for other in headings[index + 1 : index + 2])
            if heading.value == 1 or starts:
                values[index] = 1
            elif follows_on and (following is None or following == last + 2):
                values[index] = last + 1
        last = values[index] or last
    return values


def _is_near(heading: _Heading, value: int) -> bool:
    """Whether one stroke more or less makes the label this numeral."""
    if not 1 <= value <= len(ROMAN):
        return False
    wanted = ROMAN[value - 1]
    return abs(len(heading.strokes) - len(wanted)) <= 1 and heading.strokes.strip("I") == wanted.strip("I")


def _relabelled(line: RawLine, printed: str, label: str) -> RawLine:
    """The line with another label, noted as a correction."""
    longer = len(label) - len(printed)
    rest = tuple(noted._replace(start=noted.start + longer, end=noted.end + longer) for noted in line.noted if noted.start >= len(printed))
    return replace(line, text=label + line.text[len(printed) :], noted=(Noted(0, len(label), printed, False), *rest))
