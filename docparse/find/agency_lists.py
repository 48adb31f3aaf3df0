"""Elliptic lists: one head for several names (`các Sở: Tài chính, Nội vụ`), one place for several heads (`HĐND, UBND tỉnh X`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from docparse.find.agency_grammar import Head, Name, NameReader, heads, reads_name, traps
from docparse.find.places import JOINS, Place, Province, province_names, read_level, read_named, read_place, stops
from docparse.find.tokens import Tokens

MANY = frozenset(["các", "những", "hai", "ba", "bốn", "năm", "toàn", "mỗi", "từng", "một"])
NOT_COUNTED = frozenset(["/", "-", ".", "số", "năm", "tháng", "điều", "khoản", "quý", "mục", "lần", "án"])
CATEGORIES = frozenset(["sở", "bộ", "ban", "ngành", "cơ", "quan", "đơn", "vị", "địa", "phương", "đoàn", "thể", "hội", "cục", "vụ", "doanh", "nghiệp", "tổng", "công", "ty", "tập", "trung", "tâm", "chi", "phòng"])
LONGEST_LIST = 40


@dataclass(frozen=True, slots=True)
class Member:
    """One organisation of a text: token range, its form, and how it was read. `place` overrides that of `name` (shared place).

    `seat` is the place that the text adds to a school or hospital after a comma.
    """

    first: int
    end: int
    mention: str
    head: Head
    rule: str
    name: Name | None = None
    place: Place | None = None
    collective: bool = False
    field: str = ""
    seat: str = ""


def reads_many(tokens: Tokens, index: int) -> bool:
    """Whether the word before a head makes it plural (`các`, `03`)."""
    if not index:
        return False
    word = tokens.words[index - 1]
    if word in MANY:
        return True
    counts = word.isdigit() and len(word) <= 2 and tokens.content[tokens.ends[index - 1] : tokens.starts[index]] == " "
    return counts and index > 1 and index - 1 not in tokens.breaks and tokens.words[index - 2] not in NOT_COUNTED


def read_list(reader: NameReader, index: int) -> tuple[list[Member], int] | None:
    """The members of a list whose head stands at a token after `các` or before a colon, and where it ends.

    None where no such list begins. A list without names (`các sở, ngành`) gives one collective member.
    """
    tokens, words = reader.tokens, reader.tokens.words
    plural = reads_many(tokens, index)
    if not plural and (not tokens.capital(index) or ":" not in words[index + 1 : index + 12]):
        return None
    found = heads().longest(words, index)
    if not found or not found[1].lists or traps().longest(words, index) or reader.in_compound(index):
        return None
    at, head = found
    head_words = tokens.spelled(index, at)
    if not plural and (not at < len(words) or words[at] != ":"):
        return None
    while at < len(words) and (words[at] in CATEGORIES or (words[at] in JOINS and at + 1 < len(words) and words[at + 1] in CATEGORIES and not reads_inner(reader, at + 1))):
        at += 1
    if at >= len(words):
        return None
    colon = words[at] == ":"
    if not colon and not plural:
        return None
    mixed = at - index > len(head_words.split())
    members, end = _items(reader, at + 1 if colon else at, head, head_words, colon=colon, mixed=mixed and head.core != "field")
    if len(members) > 1 or (members and colon):
        return members, end
    start = index - 1 if plural and words[index - 1] == "các" else index
    return ([Member(start, at, tokens.spelled(start, at), head, "agency.collective", collective=True)], at) if plural else None


def _items(reader: NameReader, at: int, head: Head, head_words: str, *, colon: bool, mixed: bool) -> tuple[list[Member], int]:
    tokens, words = reader.tokens, reader.tokens.words
    members: list[Member] = []
    end = at
    while at < len(words) and len(members) < LONGEST_LIST:
        at = _after_mark(tokens, at)
        if at >= len(words):
            break
        own = reader.read(at)
        if own and reads_name(own) and (colon or members) and not (own.head.fixed and own.end - at == 1 and head.kind == "enterprise" and not mixed):
            members.append(Member(at, own.end, spelled(tokens, own), own.head, "agency.list_own", name=own, place=own.place, collective=bool(own.place and own.place.plural)))
            end = own.end
        else:
            item = _item_end(reader, at, head, colon=colon or bool(members))
            if not item:
                break
            field = tokens.spelled(at, item)
            end = item
            if not mixed:
                members.append(Member(at, item, f"{head_words[:1].upper()}{head_words[1:]} {field}", head, "agency.list", field=field))
        at = end
        if at < len(words) and words[at] == "(" and words[at + 1 : at + 2] and ")" in words[at + 1 : at + 12]:
            at = words.index(")", at) + 1
        if at >= len(words) or words[at] not in (",", ";", "và", "-", "&"):
            if not (at < len(words) and members and members[-1].field.isupper() and tokens.shouted(at) and len(words[at]) <= 8 and at not in tokens.breaks):
                break
        else:
            at += 1
            if at < len(words) and words[at] == "và":
                at += 1
    return members, end


def _after_mark(tokens: Tokens, at: int) -> int:
    """After the mark of an item, `(i)` or `(1)`."""
    words = tokens.words
    if words[at : at + 1] == ["("] and words[at + 2 : at + 3] == [")"] and len(words[at + 1]) <= 4:
        return at + 3
    return at


def _item_end(reader: NameReader, at: int, head: Head, *, colon: bool) -> int | None:
    tokens = reader.tokens
    own = reader.read(at)
    if not tokens.capital(at) or stops().longest(tokens.words, at) or read_level(tokens, at) or (own and reads_name(own) and not own.head.fixed):
        return None
    if head.core == "field":
        end = reader.field_end(at)
        return end if end and (colon or not tokens.shouted(at - 1)) else None
    if not colon and head.kind not in ("enterprise", "agency", "unit"):
        return None
    end = reader.initials_end(at)
    if end:
        return end
    if own and own.head.fixed:
        return own.end
    end = reader.core_end(at, head)
    return end if end > at else None


def reads_inner(reader: NameReader, at: int) -> bool:
    """Whether a name of its own begins at a token."""
    return reads_name(reader.read(at))


def read_places(reader: NameReader, name: Name) -> tuple[list[Member], int] | None:
    """The members of `UBND các huyện: A, B` after the bare head `name`; a collective where no place is named; None without `các`."""
    tokens, words = reader.tokens, reader.tokens.words
    at = name.end
    if at >= len(words) or not (words[at] in MANY or (words[at].isdigit() and len(words[at]) <= 3)):
        return None
    at += 1
    units: list[tuple[str, str]] = []
    while level := read_level(tokens, at):
        units.append((tokens.spelled(at, level[0]), level[1]))
        at = level[0]
        if at < len(words) and words[at] in JOINS and read_level(tokens, at + 1) and not _named_item(tokens, at + 1):
            at += 1
    everything = Member(name.first, at, tokens.spelled(name.first, at), name.head, "agency.collective", name=name, collective=True)
    if not units:
        if words[at - 1] in MANY and words[at : at + 1] == ["cấp"]:
            return [everything], at
        return None
    colon = at < len(words) and words[at] == ":"
    named_only = not colon and len(units) > 1
    if named_only and at < len(words) and words[at] in JOINS:
        at += 1
    members: list[Member] = []
    end, at = at, at + colon
    while at < len(words) and len(members) < LONGEST_LIST:
        at = _after_mark(tokens, at)
        item = _named_item(tokens, at) or (None if named_only else _plain_item(reader, at, units))
        if not item or (at in tokens.breaks and members and not colon):
            break
        place, at = item, item.end
        mention = f"{tokens.spelled(name.first, name.end)} {place.unit} {place.name}"
        members.append(Member(name.first if not members else place.end - 1, place.end, mention, name.head, "agency.place_list", name=name, place=place))
        end = at
        if at >= len(words) or words[at] not in (",", ";", "và", "&"):
            break
        at += 1
    if named_only and members:
        return [everything, *members], end
    return (members, end) if members else ([everything], everything.end)


def _named_item(tokens: Tokens, at: int) -> Place | None:
    if not read_level(tokens, at):
        return None
    place = read_place(tokens, at, bare=False)
    return place if place and place.name else None


def _plain_item(reader: NameReader, at: int, units: Sequence[tuple[str, str]]) -> Place | None:
    """A place without a level word in a list: its level is that of the list."""
    tokens = reader.tokens
    if at >= len(tokens.words) or not (tokens.capital(at) or tokens.words[at].isdigit()) or reads_inner(reader, at):
        return None
    unit, level = units[0]
    if level == "provincial":
        found = province_names().longest(tokens.words, at)
        if found:
            form = next((word for word, _ in units if word.lower() == found[1].form), unit if found[1].form == "tỉnh" or unit.lower() != "tỉnh" else found[1].form)
            return Place(found[0], level, form, tokens.spelled(at, found[0]), found[1])
        return None
    named: tuple[int, Province | None] | None = read_named(tokens, at, level)
    return Place(named[0], level, unit, tokens.spelled(at, named[0])) if named else None


def spelled(tokens: Tokens, name: Name) -> str:
    """A name as written; a comma between the parts of a chain never stands in it."""
    return tokens.spelled(name.first, name.end)

