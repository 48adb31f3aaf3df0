"""What the lexicon says about the names of organisations, ready for matching: heads, fields, words of names, traps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from docparse.find.authority import Agency, agencies
from docparse.find.tokens import Phrases, Tokens, folded_words
from docparse.lexicon import load_values
from docparse.words import unaccent

RANKS = {"agency": 40, "unit": 40, "bank": 40, "enterprise": 40, "school": 40, "media": 40, "mass_org": 60, "ministry": 70, "department": 50}
TOP_RANK = 80
NOT_VALUES = ("forms", "examples", "non_examples")


@dataclass(frozen=True, slots=True)
class Head:
    """How names with a certain head noun are built: the keys of `[[head]]` in lexicon/agency_types.toml.

    `fixed` marks a whole name of the authority list, which needs nothing more.
    """

    kind: str
    core: str
    rank: int
    bare: str = "never"
    start: str = "capital"
    level: str = ""
    inherits: bool = False
    place: bool = False
    comma: bool = False
    lists: bool = False
    proper: bool = False
    small: bool = False
    recipients: bool = False
    fixed: bool = False
    after: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()
    otherwise: str = ""


@cache
def heads() -> Phrases[Head]:
    """Head nouns, and the whole names of the authority list as heads."""
    rows = []
    for row in load_values("agency_types")["head"]:
        values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items() if key not in NOT_VALUES}
        rows += [(form, Head(**values)) for form in row["forms"]]
    for entry in agencies().values():
        if entry.place != "*":
            rows += [(name, _fixed(entry)) for name in (entry.name, *entry.aliases)]
        elif entry.kind == "department" and len(entry.symbol) > 2:
            rows.append((entry.symbol, _fixed(entry)))
    return Phrases(rows)


def _fixed(entry: Agency) -> Head:
    return Head(kind=entry.kind, core="none", rank=RANKS.get(entry.kind, TOP_RANK), bare="always", level=entry.level, fixed=True)


@dataclass(frozen=True)
class Vocabulary:
    """What names are read with: head nouns, and fields of work with accents and without."""

    heads: Phrases[Head]
    fields: tuple[Phrases[str], Phrases[str]]


@cache
def lexicon_vocabulary() -> Vocabulary:
    """The vocabulary of the lexicon."""
    return Vocabulary(heads(), fields())


@cache
def any_case() -> frozenset[str]:
    """First syllables of heads that need no capital (`tỉnh ủy`)."""
    return frozenset(form.split()[0] for row in load_values("agency_types")["head"] if row.get("start") == "any" for form in row["forms"])


@cache
def fields() -> tuple[Phrases[str], Phrases[str]]:
    """Fields of work that complete a name, with accents and, for slips of OCR and typing, without."""
    rows = load_values("agency_types")["fields"]["ministry"]
    return Phrases((row, row) for row in rows), Phrases((unaccent(row), row) for row in rows)


@lru_cache(maxsize=4096)
def standard_field(name: str) -> str:
    """The name of a ministry or department with its field as it is officially written, where slips and dashes differ.

    >>> standard_field("Sở Kế hoạch - Đầu tư tỉnh"), standard_field("Sở Giáo dục và Đào tào"), standard_field("Sở KH&ĐT")
    ('Sở Kế hoạch và Đầu tư tỉnh', 'Sở Giáo dục và Đào tạo', 'Sở KH&ĐT')
    """
    words = folded_words(name)
    if words[:1] not in (["sở"], ["bộ"]):
        return name
    readings = (table.longest(row, 1) for table, row in zip(fields(), (words, [unaccent(word) for word in words]), strict=True))
    end, field = max(filter(None, readings), default=(0, ""))
    right = folded_words(field)
    if len(right) != end - 1 or right == words[1:end]:
        return name
    tokens = Tokens.of_string(name)
    return f"{name[: tokens.starts[1]]}{field}{name[tokens.ends[end - 1] :]}"


@cache
def nouns() -> Phrases[bool]:
    """Words that stand inside names also in small letters."""
    data = load_values("agency_types")
    rows = [*data["fields"]["division"], *data["fields"]["ministry"], *data["names"]["words"]]
    return Phrases((row, True) for row in rows if row.lower() not in data["names"]["verbs"])


@cache
def projects() -> Phrases[bool]:
    """Words that stand in the names of committees alone (`Tổ công tác triển khai Đề án 06`)."""
    return _phrases("projects")


@cache
def parties() -> Phrases[bool]:
    """Words of names that after a comma are somebody else: `Sở Y tế, doanh nghiệp`."""
    return _phrases("parties")


@cache
def verbs() -> Phrases[bool]:
    """Words of names that are also verbs; true where a name may open with the verb."""
    data = load_values("agency_types")["names"]
    return Phrases((row, row in data["openers"]) for row in data["verbs"])


@cache
def traps() -> Phrases[bool]:
    """Phrases that begin with a head noun and are no names."""
    return _phrases("traps")


@cache
def connectives() -> Phrases[bool]:
    """Words that join the parts of a name."""
    return _phrases("connectives")


@cache
def compounds() -> frozenset[str]:
    """Two-syllable words whose second syllable looks like a head noun (`nhiệm vụ`)."""
    return _words("compounds")


@cache
def enders() -> Phrases[bool]:
    """Words with which a sentence goes on after a name."""
    return _phrases("enders")


@cache
def starters() -> frozenset[str]:
    """Words that begin a sentence: capitalised inside a run they are no part of a name."""
    return _words("starters")


@cache
def company_ends() -> frozenset[str]:
    """Forms of foreign companies that stand at the end of their names (`Limited`)."""
    return _words("company_ends")


@cache
def type_words() -> frozenset[str]:
    """Words such as `TNHH` or `THPT` that make no name by themselves."""
    return frozenset(word for phrase in load_values("agency_types")["names"]["types"] for word in phrase.split())


@cache
def list_words(key: str) -> frozenset[str]:
    """Words of elliptic lists: `many` make a head plural, `kinds` name bodies together (`các sở, ban, ngành`)."""
    return frozenset(load_values("agency_types")["lists"][key])


@cache
def own_kinds() -> Mapping[str, str]:
    """Initials of units that in a list of several kinds bear another than the first (`các Vụ, Cục: TH, KSTT`)."""
    kinds: Mapping[str, str] = load_values("agency_types")["lists"]["own_kind"]
    return kinds


def _phrases(key: str) -> Phrases[bool]:
    return Phrases((row, True) for row in load_values("agency_types")["names"][key])


def _words(key: str) -> frozenset[str]:
    return frozenset(load_values("agency_types")["names"][key])
