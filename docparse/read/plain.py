"""Plain text -> Text: dumps with or without hard line breaks, in any encoding that Vietnamese offices have used."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from docparse.read.encodings import decode, restore
from docparse.read.lines import RawLine, RawPage, build_text
from docparse.read.stamps import is_stamp
from docparse.text import Text

LINE_BREAK = re.compile(r"\r\n|[\n\r\v\u0085\u2028\u2029]")
LONE_NUMBER = re.compile(r"\s*(\d{1,3})\s*")
LEAST_PAGE = 20  # lines: page numbers stand further apart than the numbers of most tables
MOST_PAGE = 60  # lines
WRAPPED_SHARE = 0.2  # of the lines go on in lower case on the next one where the lines were broken to a width
NEARLY_FULL = 0.85
FULL = 0.88  # of the width: proportional type breaks lines at different counts of characters
ENDS_SENTENCE = re.compile(r"[.;:!?…”\"/*)]\s*$")
STARTS_ITEM = re.compile(r"\s*(?:[-–+•*]\s|\(?(?:\d{1,2}|[a-zđ]|[IVX]{1,5})[.)/]|\d{1,2}(?:\.\d{1,2}){1,4})")


def read_plain(data: bytes) -> Text:
    """Read a text file. Empty lines between all lines are no paragraph breaks; form feeds and lone page numbers part pages.

    >>> read_plain("Điều 1.\\n\\n- Giao Sở Tài chính".encode()).content
    'Điều 1.\\n- Giao Sở Tài chính'
    """
    text, encoding = decode(data)
    if encoding in ("tcvn3", "vni"):
        text = "\n".join(restore(line, encoding) for line in LINE_BREAK.split(text))
    pages = [[line for line in LINE_BREAK.split(page) if line.strip()] for page in text.split("\f")]
    if len(pages) == 1:
        pages = list(_split_at_page_numbers(pages[0]))
    else:
        pages = [[line for index, line in enumerate(page) if index not in (0, len(page) - 1) or not LONE_NUMBER.fullmatch(line)] for page in pages]
    opens = iter(opens_by_length([line for page in pages for line in page]))
    raw = [[RawLine(line, opens=next(opens)) for line in page] for page in pages]
    return build_text([RawPage([line for line in page if not is_stamp(line.text)]) for page in raw], origin="plain")


def _split_at_page_numbers(lines: list[str]) -> Iterator[list[str]]:
    """The pages of a dump that shows page numbers as lines of their own: 2, 3, 4 … (or from 1), a page's length apart.

    A number may be lost; where the next one stands too far away the lone numbers are those of a table.
    """
    before, start = 1, 0
    for index, line in enumerate(lines):
        match = LONE_NUMBER.fullmatch(line)
        number = int(match[1]) if match else 0
        if number == 1 and index == 0:
            start = 1
        elif number in (before + 1, before + 2 if start else 2) and LEAST_PAGE <= index - start <= MOST_PAGE * (number - before):
            yield lines[start:index]
            before, start = number, index + 1
    yield lines[start:]


def opens_by_length(lines: Sequence[str]) -> list[bool]:
    """Which lines open a paragraph: all, unless the lines were broken to a width; then those after a line that had room for more.

    >>> opens_by_length(["A long line that was wrapped", "at its end.", "Next one"])
    [True, False, True]
    """
    lengths = [len(line.strip()) for line in lines]
    width = sorted(lengths)[int(0.97 * len(lengths))] if lengths else 0
    wrapped = sum(below.strip()[0].islower() and not ENDS_SENTENCE.search(above) for above, below in pairwise(lines))
    if wrapped < WRAPPED_SHARE * len(lines):
        return [True] * len(lines)
    first_width = _first_line_width(lines, lengths, width)
    opens = [True] * len(lines)
    for index, (before, line) in enumerate(pairwise(map(str.strip, lines)), start=1):
        ended = bool(ENDS_SENTENCE.search(before))
        full = first_width if opens[index - 1] else width
        room = len(before) + 1 + len(line.split(maxsplit=1)[0]) < FULL * full
        runs_on = not ended and (before.endswith(",") or line[0].islower()) and not STARTS_ITEM.match(line)
        after = lines[index + 1].strip() if index + 1 < len(lines) else ""
        early = ended and first_width < NEARLY_FULL * width and lengths[index] <= first_width + 2 and after[:1].islower()
        opens[index] = (room and not runs_on) or early or (ended and bool(STARTS_ITEM.match(line)))
    return opens


def _first_line_width(lines: Sequence[str], lengths: Sequence[int], width: int) -> float:
    """Some web pages break the first line of a paragraph earlier than the others: its usual width, `width` where it is no shorter."""
    firsts = [
        lengths[index]
        for index in range(1, len(lines) - 1)
        if ENDS_SENTENCE.search(lines[index - 1]) and not ENDS_SENTENCE.search(lines[index]) and lines[index + 1].strip()[0].islower()
    ]
    return min(width, median(firsts)) if len(firsts) >= 5 else width
