"""The signature block: authority, position and name of each signer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from docparse.find.casing import Body, mostly_capitals, ordinary_case
from docparse.find.sheet import fold, rules_of
from docparse.lexicon import load_values
from docparse.record import Authority, Signer
from docparse.text import Span
from docparse.words import lower

NAME_WORD = r"(?:[A-ZĐÀ-Ỹ][\w’'-]*\.?)"
NAME = re.compile(rf"{NAME_WORD}(?:[^\S\n]+{NAME_WORD}){{1,5}}")
ACRONYM = re.compile(r"[A-ZĐ]{2,}")
TITLE_CASE = re.compile(r"[A-ZĐÀ-Ỹ][a-zà-ỹđ’']+")
AUTHORITIES: dict[str, Authority] = {"tm": "TM.", "kt": "KT.", "tl": "TL.", "tuq": "TUQ.", "tuo": "TUQ.", "tu": "TUQ.", "tu0": "TUQ.", "q": "Q."}
PLACE_UNIT = re.compile(r"(?:tỉnh|thành phố|huyện|quận|thị xã|xã|phường|đặc khu)\b")
EDGE = " \t\n-–—_*.,;:()[]|'\"“”"


@dataclass(frozen=True, slots=True)
class Capacity:
    """What stands above a name: who signs in which place for whom."""

    authority: Authority | None
    on_behalf_of: str | None
    position: str | None


@cache
def _names() -> tuple[frozenset[str], frozenset[str], re.Pattern[str]]:
    values = load_values("closing")
    ranks = sorted((re.escape(rank) for rank in values["ranks"]), key=len, reverse=True)
    return frozenset(values["families"]), frozenset(values["no_names"]), re.compile(rf"(?:(?:{'|'.join(ranks)})(?:\.\s*|,\s*|\s+))+", re.IGNORECASE)


def read_name(printed: str, *, sure: bool) -> str | None:
    """The person named by a whole line, without rank or degree; `sure`: a position stands above, so that any family name will do.

    >>> read_name("Thiếu tướng Nguyễn Văn An", sure=False), read_name("TS. TRẦN THỊ BÌNH", sure=True), read_name("Như trên", sure=True)
    ('Nguyễn Văn An', 'Trần Thị Bình', None)
    """
    families, stops, ranks = _names()
    bare = printed.strip(EDGE)
    rank = ranks.match(bare)
    bare = bare[rank.end() :] if rank and rank.end() < len(bare) else bare
    if not NAME.fullmatch(bare) or any(character.isdigit() for character in bare):
        return None
    words = bare.split()
    family = lower(words[0]) in families
    capitals = bare.isupper()
    if not (family if capitals or not sure else family or (len(words) >= 3 and not stops.intersection(map(fold, words)))):
        return None
    if capitals and len(words) < 3:
        return None
    if not capitals and any(ACRONYM.match(word) for word in words):
        return None
    if not capitals and sum(bool(TITLE_CASE.fullmatch(word)) for word in words) < max(2, len(words) - 1):
        return None
    return " ".join(word.title() if capitals else word for word in words)


def split_name(printed: str) -> tuple[str, str | None]:
    """A joined line `PHÓ CHỦ TỊCH Nguyễn Văn An` as its capitals and its name."""
    words = printed.split()
    for size in range(min(6, len(words) - 1), 1, -1):
        head, tail = " ".join(words[:-size]), " ".join(words[-size:])
        if mostly_capitals(words[-size - 1]) and not words[-size].isupper() and (name := read_name(tail, sure=True)):
            return head, name
    return printed, None


def read_capacity(lines: list[str]) -> Capacity:
    """Authority, who is stood in for, and position, from the lines above a name.

    >>> read_capacity(["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"])
    Capacity(authority='KT.', on_behalf_of='Chủ tịch', position='Phó Chủ tịch')
    """
    text = "\n".join(lines)
    folded = fold(text)
    mark = None
    while following := rules_of("closing")["closing.authority"].regex.search(folded, mark.start("rest") if mark else 0):
        mark = following
    if mark is None:
        return _read_unmarked(text)
    authority = AUTHORITIES[re.sub(r"\W", "", mark["mark"])]
    rest, rest_folded = text[mark.start("rest") :], folded[mark.start("rest") :]
    if authority == "Q.":
        return Capacity(authority, None, _case(_first_position(rest)))
    cut = _position_start(rest_folded, authority)
    held, position = _case(rest[:cut]), _case(_first_position(rest[cut:]))
    if authority == "KT." and position and position == held:
        position = f"Phó {position}"
    return Capacity(authority, held, position)


def _read_unmarked(text: str) -> Capacity:
    """The capacity where no authority mark can be read: a deputy's title under its head's tells `KT.`, a spoiled mark without one nothing.

    >>> _read_unmarked("VT. GIÁM ĐỐC\\nPHÓ GIÁM ĐỐC"), _read_unmarked("VT. GIÁM ĐỐC")
    (Capacity(authority='KT.', on_behalf_of='Giám đốc', position='Phó Giám đốc'), Capacity(authority=None, on_behalf_of=None, position=None))
    """
    first, _, rest = text.partition("\n")
    spoiled = rules_of("closing")["closing.mark_spoiled"].regex.match(fold(first))
    head = first[spoiled.start("rest") :] if spoiled else first
    if fold(rest).startswith(f"pho {fold(head)}"):
        return Capacity("KT.", _case(head), _case(_first_position(rest)))
    if spoiled and not rules_of("closing")["closing.position"].regex.match(fold(rest)):
        return Capacity(None, None, None)
    return Capacity(None, None, _case(_first_position(rest if spoiled else text)))


def _first_position(text: str) -> str:
    """The office in which a person signs: the first of several, which is that held in the signing body.

    >>> _first_position("CHỦ TỊCH\\nGIÁM ĐỐC SỞ TƯ PHÁP"), _first_position("PHÓ TỔNG\\nGIÁM ĐỐC")
    ('CHỦ TỊCH', 'PHÓ TỔNG\\nGIÁM ĐỐC')
    """
    rules = rules_of("closing")
    folded = fold(text.strip())
    for match in re.finditer(r"\n", folded):
        above = folded[: match.start()]
        whole = rules["closing.position"].regex.match(above) and not rules["closing.open_position"].regex.search(above)
        if whole and rules["closing.position"].regex.match(folded[match.end() :]):
            return text.strip()[: match.start()]
    return text


def _position_start(folded: str, authority: Authority) -> int:
    """Where, behind an authority mark, the position begins: at a deputy's title, at a position that opens a line, else at the second one."""
    rules = rules_of("closing")
    if authority == "KT." and (deputy := rules["closing.deputy"].regex.search(folded, 1)):
        return deputy.start()
    position = rules["closing.position"].regex
    for match in re.finditer(r"\n", folded):
        before, after = folded[: match.start()].strip(), folded[match.end() :]
        wrapped = position.fullmatch(f"{before} {after.split(maxsplit=1)[0]}") and not position.fullmatch(before)
        if position.match(after) and not wrapped and not before.endswith(","):
            return match.end()
    inner = [match.start() for match in rules["closing.inner_position"].regex.finditer(folded) if match.start() > 0]
    return inner[0] if inner else len(folded)


def _case(text: str) -> str | None:
    """A title in ordinary case; the unit that it heads begins with capitals (`Vụ trưởng Vụ Pháp chế`)."""
    title = ordinary_case(text, Body("")).strip(EDGE)
    position = rules_of("header")["header.position"].regex.match(fold(title))
    unit = title[position.end() :].strip() if position else ""
    head = rules_of("header")["header.agency"].regex.match(fold(unit))
    if position and head:
        name = unit[head.end() :].strip()
        if name and not PLACE_UNIT.match(name):
            name = name[0].upper() + name[1:]
        unit = f"{unit[: head.end()].capitalize()} {name}".strip()
        title = f"{title[: position.end()]} {unit}"
    return title or None


def build_signer(lines: list[tuple[str, Span]], name: str | None, end: int) -> Signer:
    """A signer from the lines above the name (each with its range) and the name that ends at `end`."""
    capacity = read_capacity([line for line, _ in lines])
    rule = "closing.authority" if capacity.authority else "closing.position"
    start = lines[0][1].start
    return Signer(
        start=start, end=end, rule=rule, name=name, position=capacity.position, authority=capacity.authority, on_behalf_of=capacity.on_behalf_of
    )
