"""Type words (`Quyết định`) and what they and the symbols of numbers say about the type of a document."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from docparse.find.mention import Views
from docparse.find.numbers import DocumentNumber
from docparse.lexicon import load_values
from docparse.words import old_tone, squeeze, unaccent

WITHIN = re.compile(r"(?<=[\w/.-])\Z")


@dataclass(frozen=True, slots=True)
class TypeWord:
    """A printed type (`Quyết định`) and what it means."""

    start: int
    end: int
    doc_type: str


@cache
def _types() -> tuple[re.Pattern[str], dict[str, str], re.Pattern[str], dict[str, str]]:
    values = load_values("citations")
    forms = {unaccent(old_tone(form)): name for form, name in values["types"].items()}
    short = values["type_abbreviations"]
    abbreviations = "|".join(sorted(short, key=len, reverse=True))
    return (
        re.compile(rf"(?<![a-z\d])(?<!phap\s){_branches(forms)}(?!\w)"),
        forms,
        re.compile(rf"(?:{abbreviations})(?=\s+(?:số\s*:?\s*)?\d)"),
        short,
    )


def _branches(words: Iterable[str]) -> str:
    """The pattern of `words` that reads common beginnings once, which is three times faster than a list; the longest word wins.

    >>> _branches(["luat", "lenh", "le"])
    'l(?:uat|e(?:nh)?)'
    """
    following: dict[str, list[str]] = {}
    for word in words:
        following.setdefault(word[:1], []).append(word[1:])
    ends = following.pop("", None) is not None
    found = [(r"\s+" if letter == " " else letter) + _branches(rest) for letter, rest in following.items()]
    together = f"(?:{'|'.join(found)})" if len(found) > 1 or (ends and found) else "".join(found)
    return f"{together}?" if ends and found else together


def find_type_words(views: Views) -> list[TypeWord]:
    """The type words of a text in order."""
    pattern, forms, abbreviations, short = _types()
    found = [TypeWord(match.start(), match.end(), forms[squeeze(match[0])]) for match in pattern.finditer(views.plain)]
    found += [
        TypeWord(match.start(), match.end(), short[match[0]])
        for match in abbreviations.finditer(views.content)
        if not WITHIN.search(views.content, max(match.start() - 1, 0), match.start())
    ]
    return sorted(found, key=lambda word: word.start)


def type_of_symbol(number: DocumentNumber) -> str | None:
    """The type that the symbol of a number tells; a letter where it has none."""
    if number.type_symbol:
        return str(load_values("citations")["symbol_types"].get(number.type_symbol, "")) or None
    if number.organ in {"QH", "UBTVQH", "CP", "TTg", "HĐBT"} and "-" not in number.symbol:
        return None
    return "công văn"
