"""Marks of numbered units and list items: reading one where a line begins, and its place in its series."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from docparse.lexicon import load_rules, load_values
from docparse.words import squeeze

LETTERS = "abcdđeghiklmnopqrstuvxy"
ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
ORDINALS = ("nhất", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười")
HEADING_START = 8  # characters of a heading that tell capitals
READ_ROMAN = str.maketrans({"l": "I", "1": "I", "H": "II"})
DECORATION = re.compile(r"\s{0,40}(?:#{1,6}\s|\*\*|__)?\s{0,8}")


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark of a unit: `start` at its first sign, `body` where the text after it begins (offsets into the content).

    `label` has no punctuation (`a`, `2.1`, `Điều 5`), `kind` is the numbering form, `rule` the form with its punctuation; `numbers` is
    the place in the series, outermost first (`(2, 1)`), empty for bullets. `rank` orders the named units, from 1 for Phần; else 0.
    """

    start: int
    body: int
    text: str
    label: str
    kind: str
    rule: str
    numbers: tuple[int, ...]
    rank: int = 0
    weak: bool = False
    stop: bool = True


def read_mark(content: str, start: int, end: int) -> Mark | None:
    """The mark with which the line `content[start:end]` begins, None if there is none.

    >>> mark = read_mark("a.2) Hồ sơ", 0, 10)
    >>> mark.text, mark.label, mark.kind, mark.numbers
    ('a.2)', 'a.2', 'letter_digit', (1, 2))
    """
    if not _gate().match(content, start, end):
        return None
    decoration = DECORATION.match(content, start, end)
    begin = decoration.end() if decoration else start
    for rule in load_rules("numbering"):
        match = rule.regex.match(content, begin, end)
        if match and (not rule.values.get("capitals") or content[match.end() : match.end() + HEADING_START].isupper()):
            label = squeeze(match["label"])
            label = label.strip("()") if not rule.values.get("rank") else label
            kind = rule.values["kind"]
            begin = match.start("label") if kind == "step" else begin
            label = label.translate(READ_ROMAN) if rule.id == "numbering.roman_read" else label
            return Mark(
                start=begin,
                body=match.end(),
                text=content[begin : match.end("stop") if match["stop"] is not None else match.end("label")],
                label=label.replace(" ", "") if kind in ("decimal", "letter_digit") else label,
                kind=kind,
                rule=rule.id,
                numbers=_numbers(label, kind),
                rank=rule.values.get("rank", 0),
                weak=rule.values.get("weak", False),
                stop=bool(match["stop"]),
            )
    return None


@cache
def _gate() -> re.Pattern[str]:
    """What a line with a mark can begin with: most lines of running text do not."""
    words = "|".join(load_values("numbering")["named"]["words"])
    return re.compile(rf"[\s_#*>]{{0,8}}(?:[^\w\s]|\w{{1,3}}[ ]?[.):/–—-]|\d|(?i:{words})\s)")


def _numbers(label: str, kind: str) -> tuple[int, ...]:
    if kind == "bullet":
        return ()
    last = label.rsplit(maxsplit=1)[-1].lower()
    if kind in ("decimal", "letter_digit"):
        return tuple(_number(part, kind) for part in re.findall(r"\d+|[a-zđ]", last))
    return (_number(last, kind),)


def _number(value: str, kind: str) -> int:
    digits = re.match(r"\d+", value)
    if digits:
        return int(digits[0])
    if value in ORDINALS:
        return ORDINALS.index(value) + 1
    if value == "bốn":
        return 4
    if kind in ("letter", "letter_upper", "letter_digit") or set(value) - set(ROMAN):
        return LETTERS.find(value) + 1
    return roman_number(value)


def roman_number(value: str) -> int:
    """The value of a Roman numeral in lower case, 0 if it is none.

    >>> roman_number("xiv"), roman_number("abc")
    (14, 0)
    """
    digits = [ROMAN.get(letter, 0) for letter in value]
    if not all(digits):
        return 0
    return sum(-digit if digit < following else digit for digit, following in zip(digits, [*digits[1:], 0], strict=True))
