"""Whether a line opens an item or a paragraph, or goes on with the sentence of the line before it."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from docparse.find.numbering import Mark
from docparse.lexicon import load_values
from docparse.text import Line
from docparse.words import lower

PARAGRAPH_LINE = 200  # characters: a longer line is a whole paragraph, not one printed line
TAIL = 60  # characters at the end of a line that tell whether its sentence ends
TERMINAL = re.compile(r"(?:[.;:!?…][\s\"”’)\]/.]*|[;,]\s(?:và|hoặc))\Z")
INNER_POINT = re.compile(r"(?<=[^\W\d_]\.)[ ](?=[b-zđ]\)[ ][A-ZĐÀ-Ỹ])")
FIGURES = ("arabic", "roman", "decimal")


def opens_item(content: str, before: Line, line: Line, mark: Mark, *, follows: bool, after_heading: bool) -> bool:
    """Whether `mark` begins an item and is no number, dash or reference inside a sentence that was wrapped after the line `before`.

    `follows`: it goes on with a series of the same form that was seen before; `after_heading`: a numbered unit begins just above.
    """
    if line.end - line.start > PARAGRAPH_LINE and before.end - before.start > PARAGRAPH_LINE:
        return True
    tail = _tail(content, before)
    ended = TERMINAL.search(tail) is not None
    rest = content[mark.body : line.end].strip()
    capital = rest[:1].isupper() or not rest
    first = mark.numbers[-1:] == (1,)
    heading = _capitals(content[before.start : before.end]) and (line.opens or after_heading)
    loose = not line.opens and mark.kind in FIGURES and not (first and after_heading)
    if not (ended or heading) and _joins(tail, loose=loose):
        return False
    if mark.kind == "bullet":
        return ended or tail.endswith(",") or line.opens
    if mark.rank or mark.kind == "step":
        return ended or line.opens or not rest or (mark.stop and (follows or _capitals(tail)))
    if tail.endswith(",") or not capital:
        return (ended or line.opens) and (follows or first or not (mark.weak or mark.kind == "roman"))
    return line.opens or follows or (ended and not mark.weak) or (first and (ended or after_heading or not mark.weak))


def is_reference(content: str, mark: Mark, end: int) -> bool:
    """Whether a named unit without punctuation is only referred to, as in `Điều 4 Thông tư số …`; `end` is that of its line."""
    rest = content[mark.body : end].split(maxsplit=1)
    return bool(mark.rank and not mark.stop and rest) and (not rest[0][0].isupper() or lower(rest[0]) in _values("units", "references"))


def continues(content: str, before: Line, line: Line) -> bool:
    """Whether a line without a mark goes on with the paragraph of the line `before`."""
    above, here = content[before.start : before.end].strip(), content[line.start : line.end].strip()
    ended = TERMINAL.search(above[-TAIL:]) is not None
    if ended and _caption().fullmatch(here):
        return False
    if here[:1].islower():
        return not (ended and line.opens)
    if not ended and _joins(above[-TAIL:], loose=False):
        return True
    if _capitals(above) and not _capitals(here) and len(here) > len("DÂN"):
        return False
    if max(len(above), len(here)) > PARAGRAPH_LINE or not line.opens:
        return not line.opens
    return not ended and _capitals(above) and _capitals(here)


@cache
def _caption() -> re.Pattern[str]:
    """A line that begins an annex or another document."""
    values = load_values("numbering")["annex"]
    return re.compile(f"{values['caption']}|{values['letterhead']}")


def part_lines(content: str, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """`lines`, cut where a point's label stands behind a full stop because a line break was lost.

    >>> from docparse.text import Text
    >>> text = Text.of_lines(["a) Họp. b) Báo cáo"])
    >>> [text.content[line.start : line.end] for line in part_lines(text.content, text.lines)]
    ['a) Họp.', 'b) Báo cáo']
    """
    parted: list[Line] = []
    for line in lines:
        cuts = [match.start() + 1 for match in INNER_POINT.finditer(content, line.start, line.end)] if ") " in content[line.start : line.end] else []
        starts, ends = [line.start, *cuts], [*(cut - 1 for cut in cuts), line.end]
        parted += [replace(line, start=start, end=end, opens=line.opens or start > line.start) for start, end in zip(starts, ends, strict=True)]
    return tuple(parted)


def is_parted(content: str, line: Line) -> bool:
    """Whether a line begins where `part_lines` cut."""
    return line.start > 0 and content[line.start - 1] != "\n"


def _tail(content: str, line: Line) -> str:
    return content[max(line.start, line.end - TAIL) : line.end].rstrip()


def _capitals(text: str) -> bool:
    return text.upper() == text and any(map(str.isalpha, text))


def _joins(tail: str, *, loose: bool) -> bool:
    """Whether a line that ends with `tail` ends with a word that the next line belongs to."""
    words = [word.lstrip('("“') for word in lower(tail).split()[-2:]]
    if not words or " ".join(words) in _values("joining", "compounds"):
        return False
    ends = {words[-1], " ".join(words)}
    return not ends.isdisjoint(_values("joining", "words")) or (loose and not ends.isdisjoint(_values("joining", "loose")))


@cache
def _values(table: str, name: str) -> frozenset[str]:
    return frozenset(load_values("numbering")[table][name])
