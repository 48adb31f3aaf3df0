"""The key under which mentions and documents are joined: `doc_type:number[:year or issuer]`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from docparse.find.laws import law_key, law_number
from docparse.find.mention import Mention
from docparse.find.relations import LEVEL, plain_agency
from docparse.find.words import squeeze
from docparse.lexicon import load_values
from docparse.record import Header

MISTYPED = (("ND-CP", "NĐ-CP"), ("QD-", "QĐ-"), ("CD-", "CĐ-"), ("-HDND", "-HĐND"), ("NQ-TW", "NQ/TW"))


def resolve_mentions(mentions: list[Mention], header: Header) -> list[str | None]:
    """The key of each mention, short forms and later bare mentions with the full one that the document gives.

    A mention without number, date and issuer of its own that fits exactly one full mention takes that one's key.
    """
    fullest: dict[tuple[str | None, str], list[Mention]] = {}
    shorts: dict[tuple[str | None, str], list[Mention]] = {}
    named: dict[tuple[str | None, str], list[Mention]] = {}
    for mention in mentions:
        if mention.number:
            fullest.setdefault((mention.doc_type, _fold(mention.number)), []).append(mention)
            if mention.printed:
                shorts.setdefault((mention.doc_type, mention.printed.num.lstrip("0")), []).append(mention)
                if mention.printed.year:
                    shorts.setdefault((mention.doc_type, f"{mention.printed.num.lstrip('0')}/{mention.printed.year}"), []).append(mention)
        if mention.title and mention.rule.startswith("law."):
            named.setdefault((mention.doc_type, law_key(mention.title)), []).append(mention)
    return [_key(mention, fullest, shorts, named, header) for mention in mentions]


Groups = dict[tuple[str | None, str], list[Mention]]


def _key(mention: Mention, fullest: Groups, shorts: Groups, named: Groups, header: Header) -> str | None:
    if mention.number is None:
        return _named_key(mention, named)
    if mention.printed is None and mention.rule == "citation.short":
        full = _only(shorts.get((mention.doc_type, _short_number(mention.number)), []))
        if full:
            return _key(full, fullest, shorts, named, header)
    same = fullest[mention.doc_type, _fold(mention.number)]
    parts = [mention.doc_type or "văn bản", _fold(mention.number)]
    printed = mention.printed
    if printed and printed.year is None:
        years = {other.date[:4] for other in same if other.date}
        year = mention.date[:4] if mention.date else next(iter(years)) if len(years) == 1 else None
        parts += [year] if year else []
    if printed and printed.organ in load_values("numbers")["placed_organs"]:
        issuer = mention.issuer or next((other.issuer for other in same if other.issuer), None)
        parts += [with_place(issuer, header)] if issuer else []
    return ":".join(parts)


def _named_key(mention: Mention, named: Groups) -> str | None:
    if not mention.rule.startswith("law.") or not mention.title:
        date = f":{mention.date}" if mention.date else ""
        return f"{mention.doc_type}:{squeeze(mention.title or mention.issuer or '').lower()}{date}"
    kind = mention.doc_type or "luật"
    same = named.get((kind, law_key(mention.title)), [])
    year = mention.date[:4] if mention.date else None
    numbered = {other.number for other in same if other.number and (year is None or year == (other.printed.year if other.printed else None))}
    years = {other.date[:4] for other in same if other.date}
    if len(numbered) == 1:
        return f"{kind}:{numbered.pop()}"
    year = year or (years.pop() if len(years) == 1 else None)
    number = law_number(kind, mention.title, year)
    return f"{kind}:{number}" if number else ":".join([kind, law_key(mention.title), *([year] if year else [])])


def _only(mentions: Iterable[Mention]) -> Mention | None:
    found = {mention.number: mention for mention in mentions}
    return next(iter(found.values())) if len(found) == 1 else None


def _short_number(number: str) -> str:
    """Number and year of a short or completed number, leading zeros dropped.

    >>> _short_number("012/2018/QĐ-TTg"), _short_number("57-NQ/TW")
    ('12/2018', '57')
    """
    match = re.match(r"0*(?P<num>\d+[a-zđ]?)(?:/(?P<year>\d{4}))?", number)
    return "/".join(part for part in (match["num"], match["year"]) if part) if match else number


def _fold(number: str) -> str:
    for wrong, right in MISTYPED:
        number = number.replace(wrong, right)
    return number


def with_place(issuer: str, header: Header) -> str:
    """An issuer with the place that the header makes certain (`UBND tỉnh` in a letter of UBND tỉnh Sơn La).

    >>> with_place("Chủ tịch UBND tỉnh", Header(issuer="Ủy ban nhân dân tỉnh Sơn La"))
    'ubnd tỉnh sơn la'
    """
    stated = plain_agency(issuer)
    for name in (header.issuer, header.parent_issuer):
        full = plain_agency(name or "")
        level, other = LEVEL.fullmatch(stated), LEVEL.fullmatch(full)
        if full.startswith(stated + " ") and not (level and other and other["place"] is None):
            return full
        if level and other and level["place"] is None and level["level"] == other["level"] and other["place"]:
            return f"{level['body']} {other['level']} {other['place']}"
    return stated
