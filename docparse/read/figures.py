"""Figures that recognition took for letters: in dates, Roman numerals and document numbers, where the place tells what must stand there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from docparse.lexicon import load_values
from docparse.read.layout import Word
from docparse.read.numerals import STROKES
from docparse.words import old_tone, unaccent

DATE_WORDS = {"ngày": 2, "tháng": 2, "năm": 4}  # and how many digits follow
AS_DIGITS = str.maketrans("IlÌÍ|][!OoÓÔ", "111111110000")
DATE_FIGURES = re.compile(r"([\dIlÌÍ|\]\[!OoÓÔ]+)([.,;:)]*)")
NUMERAL_WORDS = ("quý", "quí", "chương", "phần", "mục", "khóa", "kỳ", "vực")
NUMERAL = re.compile(r"(?!1)([IVXHLÌl1]{1,5})(\W.*)?")
ROMAN = re.compile(r"X{0,3}(?:IX|IV|V?I{0,3})")
NUMBER = re.compile(r"(\W*(?:\d{1,5}[a-z]?)?)(/{1,2}\d{4})?(/{1,2}|-)([A-ZĐÐ][\w&]*(?:[-/.][A-ZĐ][\w&]*)*)(\W*)")
GROUPS = re.compile(r"([-/])")
COUNCILS = ("UBND", "HĐND")  # symbols that every place has, and that no other symbol differs from by one letter only


def correct_figures(words: Sequence[Word]) -> list[Word]:
    """The words in reading order with such figures restored.

    >>> [word.text for word in correct_figures([Word(text, 0, 0, 1, 1) for text in "tháng II năm 20l7, quý IH 12//QD-UBNND".split()])]
    ['tháng', '11', 'năm', '2017,', 'quý', 'III', '12/QĐ-UBND']
    """
    corrected = list(words)
    for index, word in enumerate(words):
        before = old_tone(words[index - 1].text) if index else ""
        following = words[index + 1].text if index + 1 < len(words) else ""
        better = _date_figures(word.text, before) or _numeral(word.text, before, following) or _number(word.text) or _label(word.text)
        if better and better != word.text:
            corrected[index] = word._replace(text=better, raw=word.raw or word.text)
    return corrected


def _date_figures(text: str, before: str) -> str | None:
    match = DATE_FIGURES.fullmatch(text)
    if not match or len(match[1]) > DATE_WORDS.get(before, 0):
        return None
    return match[1].translate(AS_DIGITS) + match[2]


def _numeral(text: str, before: str, following: str) -> str | None:
    """A Roman numeral behind a word that asks for one, or as the label of a heading in capitals."""
    match = NUMERAL.fullmatch(text)
    named = before.strip("(“") in NUMERAL_WORDS
    if not match or ROMAN.fullmatch(match[1]) or not (named or _heads(match[2] or "", before, following)):
        return None
    numeral = match[1].translate(STROKES)
    return numeral + (match[2] or "") if ROMAN.fullmatch(numeral) else None


def _heads(mark: str, before: str, following: str) -> bool:
    """Whether what has this mark is the label of a heading in capitals."""
    return mark.startswith(".") and following.isupper() and len(following) > 1 and (not before or before[-1] in ".:;")


def _number(text: str) -> str | None:
    match = NUMBER.fullmatch(text.replace("⁄", "/"))
    if not match:
        return None
    groups = GROUPS.split(match[4])
    organs = _organs()
    groups[0] = _types().get(_folded(groups[0]), groups[0]) if len(groups) > 1 else groups[0]
    groups[2::2] = [organs.get(_folded(group)) or _near(group) or group for group in groups[2::2]]
    return match[1] + (match[2] or "").replace("//", "/") + match[3][0] + "".join(groups) + match[5]


def _label(text: str) -> str | None:
    """A label of a section that begins with 5."""
    return "5" + text[1:] if re.fullmatch(r"[$§](?:\.\d{1,2})+\.?", text) else None


@cache
def _types() -> dict[str, str]:
    """Symbols of types by their letters, where no other type has the same."""
    found: dict[str, str | None] = {}
    for symbol in load_values("numbers")["symbol_types"]:
        found[_folded(symbol)] = None if _folded(symbol) in found else symbol
    doubled = {f"{letters}D": symbol for letters, symbol in found.items() if symbol and symbol.endswith("Đ")}
    return {letters: symbol for letters, symbol in (doubled | found).items() if symbol}


@cache
def _organs() -> dict[str, str]:
    return {_folded(symbol): symbol for symbol in load_values("numbers")["organs"]}


def _near(group: str) -> str | None:
    """`UBND` or `HĐND` with one letter misread, added or lost; `TTg` with its last letter misread."""
    if re.fullmatch(r"TT[a-z]{1,2}|TTE?g|T1g", group) and group not in ("TTr", "TTh"):
        return "TTg"
    return next((council for council in COUNCILS if _one_apart(_folded(group), _folded(council))), None)


def _one_apart(first: str, second: str) -> bool:
    """Whether one letter added, lost or changed makes one of the other."""
    if abs(len(first) - len(second)) > 1:
        return False
    start = next((index for index, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second)))
    rest = {(0, 0), (1, 1)} if len(first) == len(second) else {(1, 0)} if len(first) > len(second) else {(0, 1)}
    return any(first[start + a :] == second[start + b :] for a, b in rest)


def _folded(symbol: str) -> str:
    return unaccent(symbol.replace("Ð", "Đ")).upper()
