"""Elliptic lists of organisations: one head for several fields (`các Sở: Tài chính, Nội vụ`) or places (`UBND các huyện: A, B`)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from docparse.find.agency_grammar import Name, NameReader, reads_name
from docparse.find.agency_words import Head, enders, list_words, own_kinds, traps, verbs
from docparse.find.authority import find_entry
from docparse.find.places import JOINS, Place, province_names, read_level, read_named, read_place, stops
from docparse.find.tokens import Tokens, folded_words
from docparse.words import squeeze

NOT_COUNTED = frozenset(["/", "-", ".", "số", "năm", "tháng", "điều", "khoản", "quý", "mục", "lần", "án"])
SEPARATORS = (",", ";", "và", "-", "&")
LONGEST_LIST = 40
LONGEST_REMARK = 12
LONGEST_INITIALS = 8
LONGEST_TYPE = 10
PART_RANK = 10
OWNERS = ("sở", "bộ", "cục", "chi cục", "ban", "trường")
NEVER_SINGULAR = ("committee", "school", "hospital")


@dataclass(frozen=True, slots=True)
class Member:
    """One organisation of a text: token range, its form, and how it was read. `place` overrides that of `name` (shared place).

    `field` is the part that a list states; `seat` the place that the text adds to a school or hospital after a comma.
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
    if word in list_words("many"):
        return " ".join(tokens.words[max(index - 2, 0) : index]) not in list_words("not_many")
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
    found = reader.heads.longest(words, index)
    if not found or not found[1].lists or traps().longest(words, index) or reader.in_compound(index):
        return None
    head_end, head = found
    if not plural and (head.kind in NEVER_SINGULAR or _ends_line(tokens, head_end)):
        return None
    at = _owner_end(tokens, _categories_end(reader, head_end)) if plural or words[head_end : head_end + 1] == [":"] else len(words)
    if at >= len(words) or not (plural or words[at] == ":"):
        return None
    colon = words[at] == ":"
    other_kinds = set(words[head_end:at]) if head.core != "field" else set()
    alike = words[head_end] == "/" or other_kinds.isdisjoint(list_words("apart"))
    nameless = bool(other_kinds) and not (colon and alike)
    members, end = _items(reader, at + colon, head, tokens.spelled(index, head_end), colon=colon, nameless=nameless)
    members = [_of_own_kind(member, other_kinds) for member in members]
    if len(members) > 1 or (members and colon):
        return members, end
    start = index - 1 if plural and words[index - 1] == "các" else index
    return ([Member(start, at, tokens.spelled(start, at), head, "agency.collective", collective=True)], at) if plural else None


def _of_own_kind(member: Member, kinds: Collection[str]) -> Member:
    """A member with the kind that its initials are known to bear, where the list names it."""
    kind = own_kinds().get(member.field.lower())
    return replace(member, mention=f"{kind.capitalize()} {member.field}") if kind in kinds and kind else member


def _ends_line(tokens: Tokens, at: int) -> bool:
    """Whether a colon is the last of its line, so that a table or paragraphs follow and no list of names."""
    last = at + 1 >= len(tokens.words)
    return tokens.words[at : at + 1] == [":"] and (last or "\n" in tokens.content[tokens.ends[at] : tokens.starts[at + 1]])


def _categories_end(reader: NameReader, at: int) -> int:
    """After the kinds of bodies that a list names together (`các Sở, ban, ngành`)."""
    words, kinds = reader.tokens.words, list_words("kinds")
    while at < len(words):
        joined = words[at] in JOINS and at + 1 < len(words) and words[at + 1] in kinds and not reads_name(reader.read(at + 1))
        if words[at] not in kinds and not joined:
            break
        at += 1
    return at


def _owner_end(tokens: Tokens, at: int) -> int:
    """After the body without a name that the units of a list with a colon belong to (`Các phòng thuộc Sở:`)."""
    start = at + (tokens.words[at : at + 1] == ["trực"])
    owned = tokens.words[start : start + 1] == ["thuộc"] and tokens.words[start + 2 : start + 3] == [":"]
    return start + 2 if owned and tokens.words[start + 1] in OWNERS else at


def _items(reader: NameReader, at: int, head: Head, head_words: str, *, colon: bool, nameless: bool) -> tuple[list[Member], int]:
    """The items of a list from a token on. `nameless` leaves out items whose kind the list does not tell; else that is the first of its kinds.

    Items behind a part of a body keep it: `Thường trực: Tỉnh ủy, HĐND tỉnh`.
    """
    tokens, words = reader.tokens, reader.tokens.words
    members: list[Member] = []
    end = at
    while at < len(words) and len(members) < LONGEST_LIST:
        at = _after_mark(tokens, at)
        own = reader.read(at) if at < len(words) else None
        brand = own and own.head.fixed and own.end - at == 1 and head.kind == "enterprise" and not nameless
        part = colon and head.rank == PART_RANK
        if part and (joint := _joint(reader, head_words, at)) and (joint.head.fixed or joint.end > (own.head_end if own else at)):
            mention = f"{head_words} {spelled(tokens, joint)}"
            members.append(Member(at, joint.end, mention, joint.head, "agency.list_own", name=joint, place=joint.place))
            end = joint.end
        elif part and own and own.bare and own.head.inherits:
            whole = Name(at, at, own.end, head, body=own)
            several = words[own.end : own.end + 1] == ["các"]
            members.append(Member(at, own.end, f"{head_words} {spelled(tokens, own)}", head, "agency.list_own", name=whole, collective=several))
            end = own.end
        elif own and reads_name(own) and (colon or members) and not brand:
            plural = bool(own.place and own.place.plural)
            lead = f"{head_words} " if part and own.head.rank > PART_RANK else ""
            mention = f"{lead}{spelled(tokens, own)}"
            members.append(Member(at, own.end, mention, own.head, "agency.list_own", name=own, place=own.place, collective=plural))
            end = own.end
        else:
            item = _item_end(reader, at, head, colon=colon or bool(members)) if at < len(words) else None
            if not item:
                break
            end = item
            if not nameless:
                field = tokens.spelled(at, end)
                members.append(Member(at, end, f"{head_words[:1].upper()}{head_words[1:]} {field}", head, "agency.list", field=field))
        at = _next_item(tokens, end, after_initials=bool(members) and members[-1].field.isupper())
    return members, end


def _joint(reader: NameReader, head_words: str, at: int) -> Name | None:
    """The item of a list that makes one type with its head (`Các VP: Đoàn ĐBQH và HĐND`)."""
    words, size = reader.tokens.words, len(folded_words(head_words))
    found = reader.heads.longest([*folded_words(head_words), *words[at : at + LONGEST_TYPE]], 0)
    if not found or found[0] <= size:
        return None
    end = at + found[0] - size
    place = read_place(reader.tokens, end)
    return Name(at, end, place.end if place else end, found[1], place=place)


def _next_item(tokens: Tokens, end: int, *, after_initials: bool) -> int:
    """Where the next item of a list begins, the number of tokens where the list ends. Initials may lack a comma (`CA QP`)."""
    words, last = tokens.words, len(tokens.words)
    at = end
    if words[at : at + 1] == ["("] and ")" in words[at : at + LONGEST_REMARK]:
        at = words.index(")", at) + 1
    if words[at : at + 1] == ["-"] and _is_ministry(tokens, at + 1):
        return last
    if at < last and words[at] in SEPARATORS:
        return at + 2 if words[at + 1 : at + 2] == ["và"] else at + 1
    goes_on = at < last and after_initials and tokens.shouted(at) and len(words[at]) <= LONGEST_INITIALS and at not in tokens.breaks
    return at if goes_on else last


def _is_ministry(tokens: Tokens, at: int) -> bool:
    """Whether the initials of a ministry stand at a token: behind a dash it is the body of the items before."""
    entry = find_entry(tokens.spelled(at, at + 1)) if at < len(tokens.words) and tokens.shouted(at) else None
    return entry is not None and entry.kind == "ministry"


def _after_mark(tokens: Tokens, at: int) -> int:
    """After the mark of an item, `(i)` or `(1)`."""
    words = tokens.words
    return at + 3 if words[at : at + 1] == ["("] and words[at + 2 : at + 3] == [")"] and len(words[at + 1]) <= 4 else at


def _item_end(reader: NameReader, at: int, head: Head, *, colon: bool) -> int | None:
    """The end of an item that states a field, initials or a proper name without the head."""
    tokens, own = reader.tokens, reader.read(at)
    placed = read_level(tokens, at) and not (colon and head.core == "field" and tokens.shouted(at))
    if not tokens.capital(at) or stops().longest(tokens.words, at) or placed or (own and reads_name(own) and not own.head.fixed):
        return None
    if head.core == "field":
        end = reader.field_end(at, shouting=at in tokens.breaks) or (reader.initials_end(at) if colon else None)
        return end if end and (colon or not tokens.shouted(at - 1)) else None
    if not colon and head.kind not in ("enterprise", "agency", "unit"):
        return None
    if initials := reader.initials_end(at):
        return initials
    if own and own.head.fixed:
        return own.end
    end = reader.core_end(at, head)
    return end if end > at else None


def read_places(reader: NameReader, name: Name) -> tuple[list[Member], int] | None:
    """The members of `UBND các huyện: A, B` after a name without place; a collective where no place is named; None without `các`."""
    tokens, words = reader.tokens, reader.tokens.words
    at = name.end
    if name.bare and words[at : at + 1] == [":"] and name.head.kind == "agency":
        members, end = _placed(reader, name, at + 1, [("", "provincial")], unclear=False)
        return (members, end) if len(members) > 1 else None
    if at >= len(words) or not (words[at] in list_words("many") or (words[at].isdigit() and len(words[at]) <= 3)):
        return None
    units, at = _units(tokens, at + 1)
    everybody = Member(name.first, at, tokens.spelled(name.first, at), name.head, "agency.collective", name=name, collective=True)
    if not units:
        return ([everybody], at) if words[at : at + 1] == ["cấp"] and words[at - 1] == "các" else None
    if words[at : at + 2] == ["trực", "thuộc"] and (":" in words[at + 2 : at + 5]):
        at = words.index(":", at)
    colon = words[at : at + 1] == [":"]
    bracket = next((i for i in range(at, min(at + LONGEST_REMARK, len(words))) if not words[i].isalpha()), 0)
    if bracket and words[bracket] == "(" and units:
        bracketed, end = _placed(reader, name, bracket + 1, units, unclear=False)
        if len(bracketed) > 1:
            return bracketed, end
    own_levels = not colon and (len(units) > 1 or (at < len(words) and words[at] in JOINS))
    members, end = _placed(reader, name, at + (colon or (own_levels and at < len(words) and words[at] in JOINS)), units, unclear=own_levels)
    if not members:
        return [everybody], everybody.end
    return ([everybody, *members] if own_levels else members), end


def _units(tokens: Tokens, at: int) -> tuple[list[tuple[str, str]], int]:
    """The level words that a list of places names together (`các huyện, thị xã`), with their levels, and where they end."""
    units: list[tuple[str, str]] = []
    while level := read_level(tokens, at):
        units.append((tokens.spelled(at, level[0]), level[1]))
        at = level[0]
        joined = at < len(tokens.words) and tokens.words[at] in JOINS
        if not joined or not read_level(tokens, at + 1) or _named_item(tokens, at + 1):
            break
        at += 1
    return units, at


def _placed(reader: NameReader, name: Name, at: int, units: Sequence[tuple[str, str]], *, unclear: bool) -> tuple[list[Member], int]:
    tokens, words = reader.tokens, reader.tokens.words
    head_words, start = tokens.spelled(name.first, name.end), name.first
    members: list[Member] = []
    end = at
    while at < len(words) and len(members) < LONGEST_LIST:
        at = _after_mark(tokens, at)
        place = _named_item(tokens, at) or (None if unclear else _plain_item(reader, at, units))
        if not place:
            break
        end = place.end
        mention = squeeze(f"{head_words} {place.unit} {place.name}")
        members.append(Member(start, end, mention, name.head, "agency.place_list", name=name, place=place))
        if end >= len(words) or words[end] not in SEPARATORS:
            break
        at = start = end + 1
    return members, end


def read_more_initials(reader: NameReader, member: Member) -> list[Member]:
    """Further members where a unit with initials goes on with initials to the end of its item: `Vụ PC, CST (BTC);`."""
    tokens, words, name = reader.tokens, reader.tokens.words, member.name
    members: list[Member] = []
    if not name or name.body or name.place or not name.head.lists or name.bare or name.head.core != "name":
        return members
    if reader.initials_end(name.head_end) != name.end or words[max(name.first - 1, 0)] not in ("-", "+", ";", ":"):
        return members
    end = name.end
    while words[end : end + 1] == [","] and end + 1 not in tokens.breaks and (last := reader.initials_end(end + 1)):
        initials = next((at for at in range(end + 1, last) if words[at] == "-"), last)
        field = tokens.spelled(end + 1, initials)
        members.append(Member(end + 1, initials, f"{tokens.spelled(name.first, name.head_end)} {field}", name.head, "agency.list", field=field))
        end = initials
    closed = end >= len(words) or end in tokens.breaks or words[end] in (";", ".", "(", "-")
    return members if closed else []


def read_more_places(reader: NameReader, member: Member) -> list[Member]:
    """Further members where a name goes on with places of the same level: `HĐND tỉnh A, tỉnh B và tỉnh C`."""
    tokens, words, name, place = reader.tokens, reader.tokens.words, member.name, member.place
    members: list[Member] = []
    if not name or not place or not (place.name or place.every) or not place.unit:
        return members
    end = member.end
    if place.every:
        return _more_levels(tokens, member, place)
    lead = member.mention.removesuffix(f" {place.unit} {place.name}")
    while len(members) < LONGEST_LIST and lead != member.mention and words[end : end + 1] in ([","], ["và"]):
        more = _named_item(tokens, end + 1)
        if not more or not _alike(place, more):
            break
        members.append(Member(end + 1, more.end, f"{lead} {more.unit} {more.name}", name.head, "agency.place_list", name=name, place=more))
        end = more.end
    return members


def _alike(place: Place, more: Place) -> bool:
    """Whether places go on a list: of one level word, or two provinces (`UBND tỉnh An Giang, thành phố Huế`)."""
    provinces = place.level == more.level == "provincial" and place.province and more.province and place.province != more.province
    return more.unit == place.unit or bool(provinces)


def _more_levels(tokens: Tokens, member: Member, place: Place) -> list[Member]:
    """Further members where a name goes on with levels as such: `UBND cấp tỉnh, cấp xã`."""
    members: list[Member] = []
    lead, end = member.mention.removesuffix(place.unit), member.end
    while tokens.words[end : end + 1] in ([","], ["và"], ["hoặc"]) and tokens.words[end + 1 : end + 2] == ["cấp"]:
        more = read_place(tokens, end + 1)
        if not more:
            break
        members.append(Member(end + 1, more.end, f"{lead}{more.unit}", member.head, "agency.place_list", name=member.name, place=more))
        end = more.end
    return members


def _named_item(tokens: Tokens, at: int) -> Place | None:
    place = read_place(tokens, at, bare=False) if read_level(tokens, at) else None
    return place if place and place.name else None


def _plain_item(reader: NameReader, at: int, units: Sequence[tuple[str, str]]) -> Place | None:
    """A place without a level word in a list: its level is that of the list."""
    tokens = reader.tokens
    if at >= len(tokens.words) or not (tokens.capital(at) or tokens.words[at].isdigit()) or reads_name(reader.read(at)):
        return None
    unit, level = units[0]
    if enders().longest(tokens.words, at) or verbs().longest(tokens.words, at):
        return None
    if level != "provincial":
        named = read_named(tokens, at, level)
        return Place(named[0], level, unit, tokens.spelled(at, named[0])) if named else None
    found = province_names().longest(tokens.words, at)
    if not found:
        return None
    end, province = found
    stated = next((word for word, _ in units if word.lower() == province.form), None)
    return Place(end, level, stated or (province.form if unit.lower() in ("tỉnh", "thành phố") else unit), tokens.spelled(at, end), province)


def spelled(tokens: Tokens, name: Name) -> str:
    """A name as the text writes it, white space folded."""
    return tokens.spelled(name.first, name.end)
