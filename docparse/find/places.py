"""Administrative levels and the places named with them, as they end the names of organisations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from docparse.find.tokens import Phrases, Tokens
from docparse.lexicon import load_rows, load_values

LONGEST_PLACE = 4
DOTTED = ("tp", "p", "tx")
JOINS = (",", "/", "và", "-", "&", ";")


@dataclass(frozen=True, slots=True)
class Province:
    """A province or centrally run city, with the time in which it existed (ISO dates, empty where open) and what it became."""

    id: str
    name: str
    form: str
    valid_from: str
    valid_to: str
    successor: str
    city_since: str

    def form_on(self, day: dt.date | None) -> str:
        """`tỉnh` or `thành phố`, as it was on a day (three provinces became cities in 2026)."""
        return "thành phố" if self.city_since and day and day.isoformat() >= self.city_since else self.form


@dataclass(frozen=True, slots=True)
class Place:
    """A level and place at the end of a name: tokens up to `end`.

    `unit` is the level word as written, `name` the place as written (None for `UBND tỉnh`); `plural` marks a list of levels without
    names (`UBND xã, phường`); `every` marks a level as such (`cấp xã`).
    """

    end: int
    level: str
    unit: str
    name: str | None = None
    province: Province | None = None
    plural: bool = False
    every: bool = False


@cache
def provinces() -> Mapping[str, Province]:
    """The provinces before and after 1 July 2025 by id.

    >>> provinces()["bac-giang"].successor
    'bac-ninh'
    """
    keys = Province.__slots__
    return {row["id"]: Province(**{key: row[key] for key in keys}) for row in load_rows("provinces")}


@cache
def province_names() -> Phrases[Province]:
    """The names and other spellings of the provinces."""
    names = [(name, row["id"]) for row in load_rows("provinces") for name in (row["name"], *filter(None, row["aliases"].split("|")))]
    return Phrases((name, provinces()[key]) for name, key in names)


@cache
def levels() -> Phrases[str]:
    """Level words (`tỉnh`, `huyện`, `phường` …) and the level that each means."""
    return Phrases((word, level) for level, words in load_values("agency_types")["levels"].items() for word in words if level != "central")


@cache
def stops() -> Phrases[bool]:
    """Words after which a name ends although they are capitalised."""
    return Phrases((word, True) for word in load_values("agency_types")["names"]["stops"])


@cache
def surnames() -> frozenset[str]:
    """Family names, to tell a person after a position from a place."""
    return frozenset(load_values("agency_types")["people"]["surnames"])


@cache
def whole_names() -> Phrases[bool]:
    """Names of places that are read as they stand."""
    return Phrases((name, True) for name in load_values("agency_types")["places"]["whole"])


def read_level(tokens: Tokens, index: int) -> tuple[int, str] | None:
    """The end and the level of a level word, with the full stop of an abbreviation (`TP.`)."""
    found = levels().longest(tokens.words, index)
    if not found:
        return None
    end, level = found
    stop = end < len(tokens.words) and tokens.words[end] == "." and tokens.starts[end] == tokens.ends[end - 1]
    return (end + 1 if stop and tokens.words[end - 1] in DOTTED else end), level


def read_named(tokens: Tokens, index: int, level: str, *, after_position: bool = False) -> tuple[int, Province | None] | None:
    """The end of the place name after a level word, and the province if it is one; None where no name follows.

    `after_position` says that a person may be named there (`Chủ tịch UBND tỉnh Nguyễn Văn A`).
    """
    words = tokens.words
    if index >= len(words) or (index in tokens.breaks and not (tokens.shouted(index) or _goes_on(tokens, index, level))):
        return None
    if level in ("provincial", "other"):
        province = province_names().longest(words, index)
        if province and tokens.capital(index):
            return province
        if level == "provincial" and words[index - 1] in ("tỉnh", "tinh"):
            return None
    whole = whole_names().longest(words, index)
    if whole and tokens.capital(index) and level != "other":
        goes_on = whole[0] < len(words) and whole[0] not in tokens.breaks and tokens.capital(whole[0])
        if not goes_on:
            return whole[0], None
    numbered = words[index].isdigit() and len(words[index]) <= 2 and level != "provincial"
    if level == "other":
        return (index + 1, None) if numbered or tokens.shouted(index) or words[index] in ("i", "v", "x") else None
    end = _capitals_end(tokens, index + numbered, index + LONGEST_PLACE)
    shouting = tokens.shouted(index - 1)
    if level == "commune" and index < end < len(words) and words[end] in "123456789" and tokens.content[tokens.ends[end - 1]] == " ":
        end += 1
    length = end - index
    syllables = 2 if after_position and level == "provincial" else 3
    person = length >= syllables and words[index] in surnames() and (after_position or level == "provincial")
    if not length or (not (shouting and tokens.shouted(index)) and (person or (level == "provincial" and length == 1))):
        return None
    return end, None


def _goes_on(tokens: Tokens, index: int, level: str) -> bool:
    """Whether a line that begins with a province goes on a sentence (`UBND thành phố` / `Hà Nội ban hành`)."""
    province = province_names().longest(tokens.words, index) if level == "provincial" and not tokens.shouted(index - 1) else None
    after = province[0] if province else len(tokens.words)
    inside = after < len(tokens.words) and after not in tokens.breaks and tokens.words[after].isalpha() and not tokens.capital(after)
    return inside and "\n" not in tokens.content[tokens.ends[after - 1] : tokens.starts[after]]


def _capitals_end(tokens: Tokens, index: int, last: int) -> int:
    """The end of a run of capitalised words of a place name; after a level word in capitals it does not leave the line."""
    words, end = tokens.words, index
    shouting = tokens.shouted(index - 1)
    while end < min(last, len(words)) and tokens.capital(end) and not (stops().longest(words, end) or levels().longest(words, end)):
        if (end in tokens.breaks and not (shouting and end == index)) or (tokens.shouted(end) and not shouting):
            break
        if shouting and "\n" in tokens.content[tokens.ends[end - 1] : tokens.starts[end]]:
            break
        end += 1
    return end


def read_place(tokens: Tokens, index: int, *, after_position: bool = False, bare: bool = True) -> Place | None:
    """The level and place that begin at a token; `bare` allows a province or country without a level word.

    >>> place = read_place(Tokens.of_string("huyện Sơn Động tỉnh Bắc Giang"), 0)
    >>> place.level, place.name, place.end
    ('district', 'Sơn Động', 6)
    """
    words = tokens.words
    if index >= len(words):
        return None
    if words[index] == "cấp":
        every = levels().longest(words, index + 1)
        return Place(every[0], every[1], tokens.spelled(index, every[0]), every=True) if every else None
    if bare and tokens.capital(index) and (place := _bare_place(tokens, index)):
        return place
    found = read_level(tokens, index)
    if not found:
        return None
    end, level = found
    unit = tokens.spelled(index, end)
    named = read_named(tokens, end, level, after_position=after_position)
    if not named:
        last = _list_end(tokens, end)
        unit = tokens.spelled(index, last)
        one = level in ("district", "commune") and "/" in unit and "," not in unit and " " not in unit
        return None if level == "other" else Place(last, level, unit, plural=last > end and not one)
    last, province = named
    name = tokens.spelled(end, last)
    if words[index:end] == ["thành", "phố"] and not province:
        level = "district"
    above = read_place(tokens, last, bare=False) if level in ("district", "commune") and last not in tokens.breaks else None
    if above and above.name and not above.plural and above.level != level:
        return Place(above.end, level, unit, name, above.province)
    return Place(last, level, unit, name, province)


def _bare_place(tokens: Tokens, index: int) -> Place | None:
    words = tokens.words
    if words[index] in ("tw", "tư") or words[index : index + 2] in (["việt", "nam"], ["trung", "ương"]):
        end = index + (1 if words[index] in ("tw", "tư") else 2)
        return Place(end, "central", "", tokens.spelled(index, end))
    found = province_names().longest(words, index)
    if not found or (len(words[index]) < 3 and found[0] == index + 1):
        return None
    return Place(found[0], "provincial", "", tokens.spelled(index, found[0]), found[1])


def _list_end(tokens: Tokens, index: int) -> int:
    """The end of a list of levels without names that goes on at a token (`, phường và thị trấn`); the token itself where none does."""
    end = index
    while end + 1 < len(tokens.words) and tokens.words[end] in JOINS:
        level = read_level(tokens, end + 1)
        if not level or read_named(tokens, level[0], level[1]):
            break
        end = level[0]
    return end
