"""Administrative levels and the places named with them, as they end the names of organisations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from docparse.find.tokens import Phrases, Tokens
from docparse.lexicon import load_rows, load_values

LONGEST_PLACE = 4
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


def read_level(tokens: Tokens, index: int) -> tuple[int, str] | None:
    """The end and the level of a level word, with the full stop of an abbreviation (`TP.`)."""
    found = levels().longest(tokens.words, index)
    if not found:
        return None
    end, level = found
    if end < len(tokens.words) and tokens.words[end] == "." and tokens.words[end - 1] in ("tp", "p", "tx") and tokens.starts[end] == tokens.ends[end - 1]:
        end += 1
    return end, level


def read_named(tokens: Tokens, index: int, level: str, *, after_position: bool = False) -> tuple[int, Province | None] | None:
    """The end of the place name after a level word, and the province if it is one; None where no name follows."""
    words = tokens.words
    if index >= len(words) or (index in tokens.breaks and not tokens.shouted(index)):
        return None
    if level in ("provincial", "other"):
        province = province_names().longest(words, index)
        if province and tokens.capital(index) and not (province[0] - index == 1 and tokens.shouted(index) is False and len(words[index]) < 3):
            return province
        if level == "provincial" and words[index - 1] in ("tỉnh", "tinh"):
            return None
    end, shouting = index, tokens.shouted(index - 1)
    if words[end].isdigit() and len(words[end]) <= 2 and level != "provincial":
        end += 1
        if level == "other":
            return end, None
    elif level == "other":
        return (end + 1, None) if tokens.shouted(end) or words[end] in ("i", "v", "x") else None
    while (
        end < len(words)
        and end - index < LONGEST_PLACE
        and tokens.capital(end)
        and not (end in tokens.breaks and end > index)
        and (shouting or not tokens.shouted(end) or words[end].isdigit())
        and not stops().longest(words, end)
        and not levels().longest(words, end)
        and not (shouting and "\n" in tokens.content[tokens.ends[end - 1] : tokens.starts[end]])
    ):
        end += 1
    if end > index and end < len(words) and words[end].isdigit() and len(words[end]) == 1 and tokens.content[tokens.ends[end - 1]] == " " and level == "commune":
        end += 1
    if (after_position or (level == "provincial" and end - index > 2)) and end - index >= 2 and words[index] in surnames() and not shouting:
        return None
    if level == "provincial" and end - index == 1 and not shouting:
        return None
    return (end, None) if end > index else None


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
        level = levels().longest(words, index + 1)
        return Place(level[0], level[1], tokens.spelled(index, level[0]), every=True) if level else None
    if bare and tokens.capital(index):
        if words[index : index + 2] in (["việt", "nam"], ["trung", "ương"]) or words[index] in ("tw", "tư"):
            end = index + (1 if words[index] in ("tw", "tư") else 2)
            return Place(end, "central", "", tokens.spelled(index, end))
        province = province_names().longest(words, index)
        if province and tokens.spelled(index, index + 1) not in ("HN", "ĐN"):
            return Place(province[0], "provincial", "", tokens.spelled(index, province[0]), province[1])
    found = read_level(tokens, index)
    if not found:
        return None
    end, level = found
    unit = tokens.spelled(index, end)
    named = read_named(tokens, end, level, after_position=after_position)
    if not named:
        if level == "other":
            return None
        last = _list_end(tokens, end)
        return Place(last, level, tokens.spelled(index, last), plural=last > end)
    name = tokens.spelled(end, named[0])
    if words[index:end] == ["thành", "phố"] and not named[1]:
        level = "district"
    higher = read_place(tokens, named[0], bare=False) if named[0] < len(words) and named[0] not in tokens.breaks and level in ("district", "commune") else None
    if higher and higher.name and not higher.plural:
        return Place(higher.end, level, unit, name, higher.province)
    return Place(named[0], level, unit, name, named[1])


def _list_end(tokens: Tokens, index: int) -> int:
    """The end of a list of levels without names that goes on at a token (`, phường và thị trấn`); the token itself where none does."""
    end = index
    while end + 1 < len(tokens.words) and tokens.words[end] in JOINS:
        level = read_level(tokens, end + 1)
        if not level or read_named(tokens, level[0], level[1]):
            break
        end = level[0]
    return end
