"""The names in an actor phrase: a list is split by what each member is, an elliptic list expanded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from docparse.find.task_heads import NAME_FOLLOWS, ActorHeads
from docparse.find.task_words import UPPER, words
from docparse.words import old_tone, squeeze

BRACKETS = re.compile(r"\s*\([^()]{0,300}\)")
SEPARATOR = re.compile(r"\s*[,;]\s*(?:và\s+|cùng\s+(?:với\s+)?)?|\s+(?:và|cùng\s+với|cùng(?!\s+cấp)|hoặc)\s+")
TERRITORY = "tỉnh|thành phố|thị xã|thị trấn|đặc khu|huyện|quận|phường|xã"
TERRITORY_WORD = re.compile(rf"(?:các\s+|cấp\s+)?(?:{TERRITORY})(?!\w)(?!\s+(?:đoàn|[uủ][yỷ])(?!\w))", re.IGNORECASE)
PLURAL_TERRITORY = re.compile(rf"các\s+(?P<unit>{TERRITORY})(?!\w)(?P<names>\s+(?-i:[{UPPER}]))?", re.IGNORECASE)
WITHIN_PLACES = re.compile(rf"thuộc\s+các\s+(?:{TERRITORY})\Z")
NAMED_PLACE = re.compile(rf"(?:{TERRITORY})\s+(?-i:[{UPPER}])[^,]{{1,40}}?(?=,|\s+và\s|\Z)", re.IGNORECASE)
PLACE_AT_END = re.compile(rf"(?:{TERRITORY})\s+(?P<place>[^,]{{2,40}})\Z")
NAMED_AT_END = re.compile(rf"(?:{TERRITORY})\s+(?-i:[{UPPER}])[^,]{{1,40}}\Z", re.IGNORECASE)
PARTY_COMMITTEE = re.compile(r"(?:tỉnh|thành|huyện|xã|đảng)\s+[uủ][yỷ]\Z", re.IGNORECASE)
ALL_LEVELS = re.compile(r"cấp\Z")
SINGULAR = re.compile(r"^(?:các|những)\s+", re.IGNORECASE)
PLURAL_KIND = re.compile(r"(?:(?<=\s)|(?<!.))(?:các|những|mỗi|từng|mọi)\s+")
OFFICERS = re.compile(r"(?P<position>bộ trưởng|giám đốc|cục trưởng|vụ trưởng)(?:\s+(?:các\s+)?(?P<body>bộ|sở|cục|vụ))?\Z", re.IGNORECASE)
HEADS_OF = re.compile(r"(?:thủ trưởng|lãnh đạo) các\s", re.IGNORECASE)
BODIES_OF = re.compile(r"các (?:cơ quan|đơn vị)(?:(?!liên quan).)*")
TRAILING = re.compile(r"(?:[\s,;:]|(?<=\s)(?:và|đặc biệt)(?=\s|\Z))+\Z")
APPOSITION = re.compile(r"\s+[-–]\s+(?:là\s+)?(?:cơ quan|đơn vị)\s.{2,80}", re.IGNORECASE)

Piece = tuple[int, int]


def split_names(heads: ActorHeads, start: int, stop: int) -> Iterator[str]:
    """The names of the actors in the phrase from `start` to `stop`, lists split and elliptic lists expanded.

    >>> text = "UBND các huyện: Sơn Động, Lục Ngạn và các sở, ngành liên quan"
    >>> list(split_names(ActorHeads(text, ()), 0, len(text)))
    ['UBND huyện Sơn Động', 'UBND huyện Lục Ngạn', 'các sở, ngành liên quan']
    """
    members: list[list[Piece]] = []
    for piece in _pieces(heads, start, stop):
        if members and not _new_member(heads, members[-1], piece):
            members[-1].append(piece)
        else:
            members.append([piece])
    expanded = [list(_expanded(heads, member)) for member in members]
    for before, names in pairwise(expanded):
        if before[-1:] and HEADS_OF.match(before[-1]) and BODIES_OF.fullmatch(names[0] if names else ""):
            names[0] = f"{before[-1].split(' các ')[0]} {names[0]}"
    expanded = [_placed(names, after) for names, after in zip(expanded, [*expanded[1:], []], strict=False)]
    for index, names in enumerate(expanded):
        places = [match["place"] for name in expanded[index + 1] if (match := PLACE_AT_END.search(name))] if index + 1 < len(expanded) else []
        if len(places) > 1 and len(names) == 1 and PARTY_COMMITTEE.search(names[0]):
            yield from (f"{names[0]} {place}" for place in places)
        else:
            yield from names


def _placed(names: list[str], after: list[str]) -> list[str]:
    """`Hội đồng nhân dân` with the place of `Ủy ban nhân dân tỉnh Sơn La` that follows it in a list."""
    if len(names) == 1 and after and words("share_place").end(old_tone(names[0]), 0) == len(names[0]):
        place = NAMED_AT_END.search(after[0])
        return [f"{names[0]} {place[0]}"] if place else names
    return names


def _pieces(heads: ActorHeads, start: int, stop: int) -> Iterator[Piece]:
    """The parts between commas, semicolons and conjunctions that stand in no name and no brackets."""
    begin = at = start
    depth = 0
    while at < stop:
        named = (heads.named(at) or words("idioms").end(heads.low, at)) if not depth else None
        if named is not None and named <= stop:
            at = named
            continue
        sign = heads.flat[at]
        depth += (sign == "(") - (sign == ")" and depth > 0)
        separator = SEPARATOR.match(heads.low, at, stop) if sign in ",; " and not depth else None
        if separator:
            if at > begin:
                yield begin, at
            begin = at = separator.end()
        else:
            at += 1
    if stop > begin:
        yield begin, stop


def _new_member(heads: ActorHeads, member: list[Piece], piece: Piece) -> bool:
    """Whether `piece` begins an actor of its own and does not go on with `member`."""
    first, stop, begin = member[0][0], member[-1][1], piece[0]
    committee = PARTY_COMMITTEE.fullmatch(heads.low, *piece) and PARTY_COMMITTEE.search(heads.low, first, stop)
    if committee and committee.start() > first:
        return False
    if words("plurals").end(heads.low, begin) is not None or words("positions").end(heads.low, begin) is not None:
        return len(member) > 1 or not _bare_position(heads, member[0])
    if TERRITORY_WORD.match(heads.low, begin) and TERRITORY_WORD.search(heads.low, first, stop) and heads.begins(first):
        return False
    if heads.named(begin) is not None and not (heads.flat[begin].islower() and _collects(heads, first, stop)):
        return begin not in heads.elliptic or ":" not in heads.flat[first:stop]
    if words("strong_kinds").end(heads.low, begin) is not None:
        return True
    collects = _collects(heads, first, stop)
    if heads.begins(begin):
        body = words("bodies").end(heads.low, begin)
        return (
            not collects
            or (heads.flat[begin].isupper() and PLURAL_KIND.search(heads.low, first, stop) is None)
            or body is None
            or NAME_FOLLOWS.match(heads.flat, body) is not None
            or words("levels").end(heads.low, body + 1) is not None
        )
    return heads.kind(begin) and not collects


def _collects(heads: ActorHeads, first: int, stop: int) -> bool:
    """Whether the actor from `first` to `stop` is a collective of kinds, to which more kinds can be joined."""
    plural = PLURAL_KIND.search(heads.low, first, stop)
    if plural:
        return (TERRITORY_WORD.match(heads.low, plural.end()) is None and not ALL_LEVELS.match(heads.low, plural.end(), stop)) or not heads.begins(
            first
        )
    position = words("positions").end(heads.low, first)
    first = position + 1 if position is not None else first
    return heads.kind(first) and not heads.begins(first)


def _bare_position(heads: ActorHeads, piece: Piece) -> bool:
    return words("positions").end(heads.low, piece[0]) == piece[1] and words("ministers").end(heads.low, piece[0]) is None


def _expanded(heads: ActorHeads, member: list[Piece]) -> Iterator[str]:
    """The names in one member: itself, or one for each element of an elliptic list."""
    first, stop = member[0][0], member[-1][1]
    colon = heads.flat.find(":", first, stop)
    if colon < 0:
        yield from _places(_text(heads, first, stop))
        return
    if WITHIN_PLACES.search(heads.low, first, colon):
        yield _text(heads, first, stop)
        return
    head, elements = _text(heads, first, colon), [piece for piece in member if piece[1] > colon + 1]
    elements = [(max(begin, colon + 1), end) for begin, end in elements]
    territory = PLURAL_TERRITORY.search(head)
    kind = head[: territory.start()] + territory["unit"] if territory else SINGULAR.sub("", head).split(",")[0]
    officers = OFFICERS.match(kind) if not territory else None
    if officers:
        kind = f"{officers['position']} {officers['body'] or 'Bộ'}"
    for at, end in elements:
        begin = at + len(heads.flat[at:end]) - len(heads.flat[at:end].lstrip())
        name = _text(heads, begin, end)
        if not name:
            continue
        if officers and words("positions").end(heads.low, begin) is None:
            body = kind.rsplit(" ", 1)[-1]
            yield f"{kind[:1].upper()}{kind[1:]} {name.removeprefix(body).strip()}"
        elif heads.begins(begin) or TERRITORY_WORD.match(heads.low, begin):
            yield head[: territory.start()] + name if territory else name
        elif begin in heads.elliptic and not territory:
            yield heads.elliptic[begin]
        else:
            yield f"{kind[:1].upper()}{kind[1:]} {name}"


def _places(name: str) -> Iterator[str]:
    """`UBND các huyện A, B` as one name a place; `UBND các xã, đặc khu C` as the collective and the place."""
    plural = PLURAL_TERRITORY.search(name)
    named = list(NAMED_PLACE.finditer(name, plural.end() if plural else 0))
    if plural and plural["names"]:
        before = name[: plural.start()]
        for element in SEPARATOR.split(name[plural.end() - 1 :]):
            yield before + (element if TERRITORY_WORD.match(element) else f"{plural['unit']} {element}")
    elif plural and named:
        before = name[: plural.start()]
        yield TRAILING.sub("", name[: named[0].start()])
        yield from (before + element[0].strip(" ,") for element in named)
    elif len(named) > 1 and all(SEPARATOR.fullmatch(name, one.end(), two.start()) for one, two in pairwise(named)):
        before = PLURAL_KIND.sub("", name[: named[0].start()])
        yield from (before + element[0].strip(" ,") for element in named)
    else:
        yield name


def _text(heads: ActorHeads, begin: int, end: int) -> str:
    return squeeze(APPOSITION.sub("", BRACKETS.sub("", BRACKETS.sub("", heads.flat[begin:end])))).strip(" ,;:.-")
