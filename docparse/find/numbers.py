"""Document numbers (số và ký hiệu): where they stand and their canonical form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from docparse.lexicon import Rule, load_rules, load_values
from docparse.words import unaccent

CANDIDATE = re.compile(r"\d{1,5}(?=[\w.]{0,6}\s{0,4}[/–-]\s{0,2}(?:\d{3,5}\s{0,4}[/-]\s{0,2})?[^\W\d_]|[A-ZĐ]{2})")
INSIDE = re.compile(r"(?<=[\w/])(?<![Ss]ố)\Z|(?<=\d[.,:–-])\Z")
GROUPS = re.compile(r"([-–/.])")
LATIN = str.maketrans("АВЕКМНОРСТХÐ", "ABEKMHOPCTXĐ")
COURT_SYMBOLS = re.compile(r"(?:HS|DS|HC|KDTM|LĐ|HNGĐ|HNGD|KTST|VDS)[-.]?(?:ST|PT|GĐT|TLST|TLPT)")


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A number and its parts; `canonical` is the form under which it is compared, `start`:`end` its place in the content.

    `symbol` is what follows number and year (`QĐ-UBND`), `type_symbol` its type (`QĐ`, None for a letter), `organ` the issuer's part
    (`UBND`). In a party number (`12-NQ/TW`) `family` is `party`.
    """

    start: int
    end: int
    canonical: str
    num: str
    year: str | None
    symbol: str
    type_symbol: str | None
    organ: str | None
    family: str
    rule: str
    needs_word: bool = False


def find_numbers(content: str) -> Iterator[DocumentNumber]:
    """The document numbers of `content` from left to right; a lost hyphen is restored where the symbol makes it certain.

    >>> [number.canonical for number in find_numbers("Công văn số 43/TBUBND và Nghị quyết 12- NQ/TW ngày 3/2/2021")]
    ['43/TB-UBND', '12-NQ/TW']
    """
    rules = load_rules("numbers")
    end = 0
    for candidate in CANDIDATE.finditer(content):
        if candidate.start() < end or INSIDE.search(content, max(candidate.start() - 2, 0), candidate.start()):
            continue
        for rule in rules:
            match = rule.regex.match(content, candidate.start())
            if match and not _is_word(content, match):
                number = _read(match, rule)
                if COURT_SYMBOLS.match(number.symbol):
                    break
                yield number
                end = number.end
                break


def _is_word(content: str, match: re.Match[str]) -> bool:
    """Whether the symbol is the beginning of an ordinary word (`01/Các`), not glued to the next one (`12/QĐ-TTgcủa`)."""
    follows = content[match.end() : match.end() + 1]
    return follows.isalpha() and len(match["symbol"]) < 3


def _read(match: re.Match[str], rule: Rule) -> DocumentNumber:
    year = match.groupdict().get("year")
    family = str(rule.values["family"])
    symbol = canonical_symbol(match["symbol"])
    num = match["num"]
    type_symbol, organ = split_symbol(symbol)
    if family == "party":
        canonical = f"{num}-{symbol}"
    elif family == "year_hyphen":
        canonical = f"{num}/{year}-{symbol}"
    elif rule.id == "number.year_inside":
        canonical = f"{num}-{year}/{symbol}"
    elif family == "old":
        canonical = f"{num}-{symbol}"
    else:
        canonical = "/".join(part for part in (num, year, symbol) if part)
    return DocumentNumber(
        start=match.start(),
        end=match.end(),
        canonical=canonical,
        num=num,
        year=year if year and len(year) == 4 else None,
        symbol=symbol,
        type_symbol=type_symbol,
        organ=organ,
        family=family,
        rule=rule.id,
        needs_word=bool(rule.values.get("needs_word", False)),
    )


@cache
def _symbols() -> tuple[dict[str, str], dict[str, str], re.Pattern[str]]:
    """Spelling of type and organ symbols by folded form, and the pattern of both written together."""
    values = load_values("numbers")
    types = {_fold(symbol): symbol for symbol in values["symbol_types"]} | {symbol.upper(): symbol for symbol in values["symbol_types"]}
    organs = {_fold(symbol): symbol for symbol in values["organs"]}
    together = f"({'|'.join(sorted(types, key=len, reverse=True))})({'|'.join(sorted(organs, key=len, reverse=True))})"
    return types, organs, re.compile(together)


def _fold(symbol: str) -> str:
    return unaccent(symbol).upper()


@lru_cache(maxsize=1024)
def canonical_symbol(printed: str) -> str:
    """The symbol without spaces, in the issuer's case, with the hyphen between type and organ restored.

    >>> canonical_symbol("QĐ- UBND"), canonical_symbol("qđ-ttg"), canonical_symbol("QĐTTg"), canonical_symbol("SXD-QLN& TTBĐS")
    ('QĐ-UBND', 'QĐ-TTg', 'QĐ-TTg', 'SXD-QLN&TTBĐS')
    """
    types, organs, together = _symbols()
    compact = re.sub(r"\s+", "", printed).translate(LATIN).replace("–", "-")
    if compact == compact.lower():
        compact = compact.upper()
    groups = GROUPS.split(compact)
    for index in range(0, len(groups), 2):
        group = groups[index]
        known = types.get(group.upper()) if index == 0 else organs.get(_fold(group))
        if known and known.upper() == group.upper():
            groups[index] = known
    glued = together.fullmatch(_fold(groups[0]))
    if glued and groups[0] not in organs.values():
        kind = groups[0][: len(glued[1])]
        groups[0] = f"{types.get(kind.upper(), kind)}-{organs[glued[2]]}"
    return "".join(groups)


@lru_cache(maxsize=1024)
def split_symbol(symbol: str) -> tuple[str | None, str | None]:
    """Type and organ of a canonical symbol; a letter has no type.

    >>> split_symbol("QĐ-UBND"), split_symbol("VPCP-KTTH"), split_symbol("NQ/TW"), split_symbol("QH15"), split_symbol("CT-CS")
    (('QĐ', 'UBND'), (None, 'VPCP'), ('NQ', 'TW'), (None, 'QH'), (None, 'CT'))
    """
    types, organs, _ = _symbols()
    groups = [group for group in GROUPS.split(symbol)[::2] if group]
    first = re.sub(r"\d+$", "", groups[0]) or groups[0]
    kind = types.get(first.upper()) or types.get(_fold(first))
    organ = groups[1] if len(groups) > 1 else None
    if kind is None or (kind == "CT" and not _may_direct(organ, organs)):
        return None, first
    return kind, organ


def _may_direct(organ: str | None, organs: dict[str, str]) -> bool:
    """Whether an organ issues chỉ thị; else `CT` before it is a tax office (cục thuế)."""
    return organ is not None and (_fold(organ) in organs or organ[0] in "BSU")
