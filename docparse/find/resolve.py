"""The key under which mentions and documents are joined: `doc_type:number[:year or issuer]`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from docparse.find.laws import law_key, law_number
from docparse.find.mention import Mention
from docparse.find.relations import LEVEL, plain_agency
from docparse.lexicon import load_values
from docparse.record import Header
from docparse.words import squeeze

YEAR = re.compile(r"[/-](?:19|20)\d{2}[/-]")
PLACED = re.compile(r"(?<=[/.-])[A-ZĐ]+")
ORGAN = re.compile(r"(?<=[/.-])[A-ZĐa-zđ]+")
PROVINCIAL = re.compile(r"\b(?:tỉnh|thành phố|tp) \w")
MISTYPED = (("ND-CP", "NĐ-CP"), ("QD-", "QĐ-"), ("CD-", "CĐ-"), ("-HDND", "-HĐND"), ("NQ-TW", "NQ/TW"))

Named = tuple[str | None, str]
Reach = Literal["all", "province", "none"]


@dataclass(slots=True)
class Known:
    """What a document says, all its mentions together, of another one: years, the first issuer, full numbers and those by year."""

    years: set[str] = field(default_factory=set)
    issuer: str | None = None
    numbers: dict[str, str | None] = field(default_factory=dict)

    def add(self, mention: Mention) -> None:
        """Take in what one mention states."""
        if mention.date:
            self.years.add(mention.date[:4])
        self.issuer = self.issuer or mention.issuer
        if mention.number and (mention.printed or mention.rule.startswith("law.")):
            self.numbers[mention.number] = mention.printed.year if mention.printed else None

    @property
    def year(self) -> str | None:
        """The year, where only one is stated."""
        return next(iter(self.years)) if len(self.years) == 1 else None

    def number(self, year: str | None = None) -> str | None:
        """The number, where only one is stated (for that year)."""
        found = [number for number, of_year in self.numbers.items() if year is None or year == of_year]
        return found[0] if len(found) == 1 else None


def resolve_mentions(mentions: list[Mention], header: Header) -> list[str | None]:
    """The key of each mention; short forms and bare mentions take the key of the full one that the document gives.

    >>> from docparse.find.mention import Mention
    >>> full = Mention(0, 9, "luật", "31/2024/QH15", "law.name", title="Đất đai")
    >>> resolve_mentions([full, Mention(20, 29, "luật", None, "law.name", title="Đất đai")], Header())[1]
    'luật:31/2024/QH15'
    """
    known: dict[Named, Known] = {}
    for mention in mentions:
        for name in _names(mention):
            known.setdefault(name, Known()).add(mention)
    return [_key(mention, known, header) for mention in mentions]


def document_keys(header: Header) -> dict[str, Reach]:
    """The keys under which other documents may cite the one with this header, and how far each names it alone.

    A number with a year of a central body names one document of the country (`all`); of a local body one of its province (`province`),
    of a body that each commune has too only with the issuer. A key that leaves the year or such an issuer open names none for certain.

    >>> header = Header(doc_type="kế hoạch", number="58/KH-UBND", issuer="UBND tỉnh Phú Thọ", date="2026-01-20")
    >>> [key for key, reach in document_keys(header).items() if reach == "all" and key.startswith("kế hoạch")]
    ['kế hoạch:58/KH-UBND:2026:ubnd tỉnh phú thọ']
    """
    if not header.number:
        return {}
    number = _fold(header.number)
    values = load_values("numbers")
    placed = bool(set(PLACED.findall(number)) & set(values["placed_organs"]))
    central = not placed and bool(set(ORGAN.findall(number)) & set(values["central_organs"]))
    dated = [number] if YEAR.search(number) else [f"{number}:{header.date.year}"] if header.date else []
    stated = plain_agency(header.issuer or "")
    full = with_place(header.issuer, header) if header.issuer else ""
    seat = LEVEL.fullmatch(plain_agency(header.parent_issuer or ""))
    if full == stated and seat and seat["place"]:
        full = f"{stated} {seat['level']} {seat['place']}"
    keys: dict[str, Reach] = {number: "none"}
    keys.update(dict.fromkeys(dated, "all" if central else "none" if placed else "province"))
    if placed and stated:
        keys.update({f"{number}:{issuer}": "none" for issuer in (stated, full)})
        keys.update({f"{key}:{stated}": "province" for key in dated})
        keys.update({f"{key}:{full}": "all" for key in dated if PROVINCIAL.search(full)})
    kinds = [header.doc_type, "văn bản"] if header.doc_type else ["văn bản"]
    return {f"{kind}:{key}": reach for kind in kinds for key, reach in keys.items()}


def _names(mention: Mention) -> Iterator[Named]:
    """The forms under which a mention may be found again: full number, short number, number and year, name of a law."""
    if mention.number:
        yield mention.doc_type, _fold(mention.number)
    if mention.printed:
        num, year = mention.printed.num.lstrip("0"), mention.printed.year
        yield mention.doc_type, num
        if year:
            yield mention.doc_type, f"{num}/{year}"
    if mention.title and mention.rule.startswith("law."):
        yield mention.doc_type, law_key(mention.title)


def _key(mention: Mention, known: dict[Named, Known], header: Header) -> str | None:
    if mention.number is None:
        return _named_key(mention, known)
    number, printed = _fold(mention.number), mention.printed
    if printed is None:
        full = known.get((mention.doc_type, _short_number(number)), Known()).number()
        number = _fold(full) if full else number
    same = known[mention.doc_type, number]
    parts = [mention.doc_type or "văn bản", number]
    if not YEAR.search(number):
        year = mention.date[:4] if mention.date else same.year
        parts += [year] if year else []
    if PLACED.search(number) and set(PLACED.findall(number)) & set(load_values("numbers")["placed_organs"]):
        issuer = mention.issuer or same.issuer
        parts += [with_place(issuer, header)] if issuer else []
    return ":".join(parts)


def _named_key(mention: Mention, known: dict[Named, Known]) -> str:
    kind = mention.doc_type or "văn bản"
    if not mention.rule.startswith("law.") or not mention.title:
        name = squeeze(mention.title or mention.issuer or "").lower()
        return ":".join(part for part in (kind, name, mention.date) if part)
    name = law_key(mention.title)
    same = known[mention.doc_type, name]
    year = mention.date[:4] if mention.date else None
    number = same.number(year) or law_number(kind, name, year or same.year)
    return f"{kind}:{number}" if number else ":".join(part for part in (kind, name, year or same.year) if part)


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
