"""The authority list of organisations: stable ids, kinds, when they existed and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from docparse.find.places import Province, province_names, provinces
from docparse.find.tokens import Phrases, folded_words
from docparse.lexicon import load_rows, load_values
from docparse.words import old_tone, unaccent

LONGEST_PLACE = 7


@dataclass(frozen=True, slots=True)
class Agency:
    """An entry of the authority list. Dates are ISO 8601 (day, month or year), empty where open; `successor` is an id or empty.

    An entry with place `*` stands for one body in each province; its ids are `<id>.<province id>`.
    """

    id: str
    name: str
    kind: str
    level: str
    place: str
    symbol: str
    valid_from: str
    valid_to: str
    successor: str
    aliases: tuple[str, ...] = ()


@cache
def agencies() -> Mapping[str, Agency]:
    """The authority list by id, in the order of the file.

    >>> agencies()["bo-giao-thong-van-tai"].successor
    'bo-xay-dung'
    """
    keys = [key for key in Agency.__slots__ if key != "aliases"]
    rows = load_rows("agencies")
    return {row["id"]: Agency(**{key: row[key] for key in keys}, aliases=tuple(filter(None, row["aliases"].split("|")))) for row in rows}


@cache
def agency_names() -> Phrases[Agency]:
    """Names and aliases of the authority list."""
    return Phrases((name, agency) for agency in agencies().values() for name in (agency.name, *agency.aliases))


def agency(agency_id: str) -> Agency:
    """The entry of an id, for a provincial body with its province. Raises KeyError for an unknown id.

    >>> entry = agency("so-ke-hoach-va-dau-tu.bac-giang")
    >>> entry.name, entry.place, entry.valid_to, entry.successor
    ('Sở Kế hoạch và Đầu tư tỉnh Bắc Giang', 'Bắc Giang', '2025-02-28', 'so-tai-chinh.bac-giang')
    >>> agency("so-tai-chinh.bac-giang").successor
    'so-tai-chinh.bac-ninh'
    """
    key, _, place = agency_id.partition(".")
    entry = agencies()[key]
    if not place:
        return entry
    province = provinces()[place]
    name = entry.name.removesuffix(" tỉnh") + (f" {province.name}" if entry.id in ("tinh-uy", "tinh-doan") else f" {province.form} {province.name}")
    if entry.valid_to and entry.valid_to <= (province.valid_to or "9"):
        valid_to, successor = entry.valid_to, f"{entry.successor}.{province.id}" if entry.successor else ""
    else:
        valid_to, successor = province.valid_to, f"{entry.id}.{province.successor}" if province.successor else ""
    valid_from = max(entry.valid_from, province.valid_from)
    return Agency(agency_id, name, entry.kind, entry.level, province.name, entry.symbol, valid_from, valid_to, successor)


@cache
def _plain_names() -> Mapping[str, Agency]:
    return {unaccent(old_tone(entry.name)): entry for entry in agencies().values() if entry.name.count(" ") >= 2}


@cache
def _symbols() -> Mapping[str, Agency]:
    return {
        entry.symbol.upper(): entry for entry in reversed(tuple(agencies().values())) if entry.symbol and entry.kind in ("ministry", "department")
    }


@lru_cache(maxsize=4096)
def find_entry(name: str) -> Agency | None:
    """The entry that a whole name, alias or abbreviated name denotes, without place.

    >>> find_entry("VPCP").id, find_entry("Bộ NN&MT").id, find_entry("Sở LĐ-TB&XH").id, find_entry("Sở Thú")
    ('van-phong-chinh-phu', 'bo-nong-nghiep-va-moi-truong', 'so-lao-dong-thuong-binh-va-xa-hoi', None)
    """
    words = folded_words(name)
    found = agency_names().longest(words, 0)
    if found and found[0] == len(words):
        return found[1]
    head, _, field = name.partition(" ")
    if field and head.lower() in ("sở", "bộ") and field.replace(" và ", "") == field.replace(" và ", "").upper():
        return _symbols().get(head[0].upper() + "".join(filter(str.isalnum, field.replace(" và ", ""))).upper())
    if name.isupper() and " " not in name:
        return _symbols().get(name)
    return _plain_names().get(unaccent(old_tone(name)))


@lru_cache(maxsize=4096)
def entry_id(name: str) -> tuple[str | None, str | None, str | None]:
    """The id in the authority list that a full name denotes, with its kind and level; None where it has none.

    >>> entry_id("Sở Tư pháp tỉnh Lâm Đồng")[0], entry_id("UBND tỉnh Lâm Đồng")[0], entry_id("Bộ Tư pháp")
    ('so-tu-phap.lam-dong', 'uy-ban-nhan-dan-tinh.lam-dong', ('bo-tu-phap', 'ministry', 'central'))
    """
    whole = find_entry(name)
    if whole and whole.place != "*":
        return whole.id, whole.kind, whole.level
    long_name = name
    for short, long in load_values("agency_types")["written_out"].items():
        long_name = long_name.replace(short, long)
    words = folded_words(long_name)
    found = next(((at, found[1]) for at in range(max(len(words) - LONGEST_PLACE, 1), len(words)) if (found := _place_at_end(words, at))), None)
    if not found:
        return None, None, None
    start, province = found
    stem = words[:start]
    if stem[-1] in ("tỉnh", "tp"):
        stem = stem[:-1]
    elif stem[-2:] == ["thành", "phố"]:
        stem = stem[:-2]
    entry = _provincial(stem) or find_entry(name[: name.rfind(" tỉnh ")] if " tỉnh " in name else name.partition(" thành phố ")[0])
    return (f"{entry.id}.{province.id}", entry.kind, entry.level) if entry and entry.place == "*" else (None, None, None)


def _place_at_end(words: list[str], at: int) -> tuple[int, Province] | None:
    found = province_names().longest(words, at)
    return found if found and found[0] == len(words) else None


def _provincial(stem: list[str]) -> Agency | None:
    """The provincial entry with these words, `tỉnh` left out (`thanh tra` for Thanh tra tỉnh)."""
    for words in (stem, [*stem, "tỉnh"]):
        found = agency_names().longest(words, 0)
        if found and found[0] == len(words) and found[1].place == "*":
            return found[1]
    return None
