"""Names for people of documents that are known by their keys only, and how far a key names one document."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, islice

from sqlalchemy import Connection, bindparam, select

from docparse.find.resolve import Reach, document_keys
from docparse.lexicon import load_rows
from docparse.record import Header
from docparse.store.schema import citations

FEW = 500  # keys that are looked up one by one
ROWS_AT_ONCE = 5_000
READ_FOR_NAMES = 200  # citations of a document that are read for its name


@dataclass(frozen=True, slots=True)
class Stated:
    """What citations say of a document: its title and its issuer, each the most frequent."""

    title: str | None = None
    issuer: str | None = None


NOTHING = Stated()


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a key."""

    kind: str
    number: str
    year: str = ""
    issuer: str = ""

    @property
    def is_law(self) -> bool:
        """Whether it is a law, code, ordinance or the constitution, which are cited by their names."""
        return any(row["doc_type"] == self.kind for row in load_rows("laws"))

    @property
    def is_numbered(self) -> bool:
        """Whether it holds a number, not a name."""
        return "/" in self.number or self.number[:1].isdigit()


def split_key(key: str) -> Parts:
    """The parts of a key `doc_type:number[:year][:issuer]`.

    >>> split_key("công văn:58/SYT-NVY:2026:sở y tế")
    Parts(kind='công văn', number='58/SYT-NVY', year='2026', issuer='sở y tế')
    """
    kind, _, rest = key.partition(":")
    number, *more = rest.split(":")
    year = more.pop(0) if more and more[0][:4].isdigit() else ""
    return Parts(kind, number, year, ":".join(more))


def name_key(key: str, stated: Stated = NOTHING) -> str:
    """The name of a cited document without its title; for one that is known by its title alone that is the name.

    >>> name_key("luật:31/2024/QH15"), name_key("nghị quyết:57-NQ/TW:2024")
    ('Luật 31/2024/QH15', 'Nghị quyết 57-NQ/TW (2024)')
    >>> name_key("luật:kh và cn:2013", Stated("KH&CN")), name_key("hiến pháp:hiến pháp")
    ('Luật KH&CN (2013)', 'Hiến pháp')
    """
    parts = split_key(key)
    kind = _capital(parts.kind)
    if not parts.is_numbered:
        name = stated.title or parts.number
        name = _capital(name) if parts.number == parts.kind else f"{kind} {_capital(name) if parts.is_law else name}"
    else:
        name = f"{kind} {parts.number}"
    about = ", ".join(filter(None, (parts.year, stated.issuer if parts.issuer and stated.issuer else parts.issuer)))
    return f"{name} ({about})" if about else name


def name_fully(key: str, stated: Stated = NOTHING) -> str:
    """The name of a cited document with its title, if citations state one.

    >>> name_fully("luật:31/2024/QH15", Stated("Đất đai")), name_fully("nghị định:23/2015/NĐ-CP", Stated("về cấp bản sao"))
    ('Luật Đất đai 31/2024/QH15', 'Nghị định 23/2015/NĐ-CP về cấp bản sao')
    """
    parts, name = split_key(key), name_key(key, stated)
    if not stated.title or not parts.is_numbered:
        return name
    if parts.is_law:
        kind = _capital(parts.kind)
        return f"{kind} {_capital(stated.title)} {name.removeprefix(kind).strip()}"
    return f"{name} {stated.title}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


@lru_cache(maxsize=4096)
def key_reach(key: str) -> Reach:
    """How far a key names one document: `all` in the country, `province` in one province, `none` if it leaves something open.

    >>> key_reach("nghị định:23/2015/NĐ-CP"), key_reach("quyết định:14/2022/QĐ-UBND:ubnd tỉnh hà tĩnh"), key_reach("quyết định:14/QĐ-UBND:2022")
    ('all', 'all', 'none')
    """
    parts = split_key(key)
    if parts.is_law and not parts.is_numbered:
        return "all" if parts.year else "none"
    day = dt.date(int(parts.year[:4]), 1, 1) if parts.year else None
    header = Header.model_construct(doc_type=parts.kind, number=parts.number, issuer=parts.issuer or None, date=day)
    return document_keys(header).get(key, "none")


def find_stated(connection: Connection, keys: Collection[str]) -> dict[str, Stated]:
    """What the first citations of each key state: the most frequent title and issuer."""
    said = select(citations.c.key, citations.c.title, citations.c.issuer).order_by(citations.c.key, citations.c.document_id, citations.c.position)
    if len(keys) > FEW:
        wanted = set(keys)
        rows = connection.execute(said.where(citations.c.key.is_not(None)).execution_options(yield_per=ROWS_AT_ONCE))
        return {key: _most_frequent(islice(of_key, READ_FOR_NAMES)) for key, of_key in groupby(rows, key=lambda row: str(row[0])) if key in wanted}
    of_one = said.where(citations.c.key == bindparam("cited_key")).limit(READ_FOR_NAMES)
    return {key: _most_frequent(connection.execute(of_one, {"cited_key": key})) for key in dict.fromkeys(keys)}


def _most_frequent(rows: Iterable[tuple[str, str | None, str | None]]) -> Stated:
    titles: Counter[str] = Counter()
    issuers: Counter[str] = Counter()
    for _, title, issuer in rows:
        titles.update([title] if title else [])
        issuers.update([issuer] if issuer else [])
    return Stated(*(counted.most_common(1)[0][0] if counted else None for counted in (titles, issuers)))
