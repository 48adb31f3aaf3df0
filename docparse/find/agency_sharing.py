"""Enumerations in which several heads share what the last of them states: `HĐND, UBND tỉnh X`, `Thường vụ, Thường trực Tỉnh ủy`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from docparse.find.agency_lists import LONGEST_LIST, Member, spelled
from docparse.find.agency_words import list_words
from docparse.find.places import JOINS, Place
from docparse.find.tokens import Tokens
from docparse.words import squeeze

BETWEEN = re.compile(r"[\s,;/&-]*(?:\bvà\b)?\s*(?:\b[Cc]ác\b)?\s*(?:(?:Phó\s+)?(?:Chủ\s+tịch|Bí\s+thư|Giám\s+đốc|Trưởng|Thủ\s+tướng)\s+)?")
OPEN_RANK = 20
LOCAL_KINDS = ("party", "people_committee", "people_council")
PLAIN_RANK = 10


def share(members: Sequence[Member], tokens: Tokens) -> list[Member]:
    """The members with the bare heads of enumerations completed from the last one, and what a plural is said of as collectives."""
    out: list[Member] = []
    group: list[Member] = []
    for member in reversed([replace(one, collective=True) if _of_all_provinces(one, tokens) else one for one in members]):
        following = out[-1] if out else None
        joined = following is not None and _joined(tokens, member, following)
        shared = _shared(member, following, group, tokens) if joined and following else []
        if shared:
            out += reversed(shared)
            group = group if member.head.kind == "party" else [one for one in shared if one.place]
        else:
            out.append(member)
            listed = following is not None and _same(following, member)
            group = [member, *group[:LONGEST_LIST]] if joined and listed else [member]
    return _plural_runs(out[::-1], tokens)


def _same(listed: Member, lead: Member) -> bool:
    """Whether a member of a list of places is said of the name of another (`tỉnh B` in `UBND tỉnh A, tỉnh B`)."""
    return listed.rule == "agency.place_list" and listed.name is not None and listed.name is lead.name


def _of_all_provinces(member: Member, tokens: Tokens) -> bool:
    """Whether a provincial party committee stands for all (`thành ủy trực thuộc Trung ương`)."""
    after = tokens.words[member.end : member.end + 4]
    return member.head.kind == "party" and member.head.level == "provincial" and after == ["trực", "thuộc", "trung", "ương"]


def _joined(tokens: Tokens, member: Member, following: Member) -> bool:
    between = (tokens.ends[member.end - 1], tokens.starts[following.first])
    return member.end <= following.first and BETWEEN.fullmatch(tokens.content, *between) is not None


def _shared(member: Member, following: Member, group: Sequence[Member], tokens: Tokens) -> list[Member]:
    """What a member becomes with the places or the body of those that follow it; empty where it shares nothing."""
    name = member.name
    if not name or member.collective or member.place:
        return []
    top = name.deepest
    of_list = member.rule == "agency.list_own" and top.bare and top.head.kind == "office"
    inherits = of_list or (top.bare and top.head.inherits and (top.head.bare in ("never", "known") or top.head.kind == "legislature"))
    of_province = top.head.kind == "party" and top.head.level == "provincial"
    several = following.collective and not _is_plural_apart(member, following, tokens)
    if several and (inherits or (of_province and not name.body and following.head.kind in LOCAL_KINDS)):
        return [replace(member, collective=True)]
    if inherits:
        return [
            _placed(member, other, f"{member.mention} {other.place.unit} {other.place.name or ''}")
            for other in group
            if other.place and other.place.unit
        ]
    shared = following.rule == "agency.shared_place" and (following.head.kind == "party" or len(group) > 1)
    several_places = shared or following.rule == "agency.place_list"
    if of_province and several_places:
        form = "thành phố" if tokens.words[name.first] == "thành" else "tỉnh"
        named = [(other, other.place) for other in group if other.place and other.place.province]
        if following.head.kind == "party" or form == "thành phố":
            named = [(other, place) for other, place in named if place.province and place.province.form == form] or named
        return [_placed(member, other, f"{_committee(member, place)} {place.name}") for other, place in named]
    if following.head.kind == "government" and tokens.words[name.first : name.end] == ["thủ", "tướng"]:
        return [replace(member, mention=f"Thủ tướng {following.mention}", rule="agency.shared_body")]
    other = following.name
    if not other or not other.body or name.body or member.head.rank > OPEN_RANK:
        return []
    alike = name.bare and other.head.rank == member.head.rank == PLAIN_RANK
    if not alike and (other.head != member.head or tokens.words[name.first] != tokens.words[other.first]):
        return []
    mention = f"{_capitalised(member)} {spelled(tokens, other.body)}"
    return [replace(member, mention=mention, place=other.body.deepest.place, rule="agency.shared_body")]


def _committee(member: Member, place: Place) -> str:
    """The party committee of a province, of a city its Thành ủy."""
    city = place.province is not None and place.province.form == "thành phố" and member.mention.lower().startswith("tỉnh ")
    return f"Thành {member.mention[5:]}" if city else _capitalised(member)


def _is_plural_apart(member: Member, following: Member, tokens: Tokens) -> bool:
    """Whether a collective is an item of its own with the plural word before it, which says nothing of the head before (`HĐND, các Ban HĐND`)."""
    plural = {tokens.words[following.first], tokens.words[following.first - 1]} & list_words("many")
    return bool(plural) and tokens.words[member.end] in JOINS


def _placed(member: Member, other: Member, mention: str) -> Member:
    return replace(member, mention=squeeze(mention), place=other.place, rule="agency.shared_place")


def _plural_runs(members: Sequence[Member], tokens: Tokens) -> list[Member]:
    """What a plural is said of together: `các tỉnh ủy, thành ủy`."""
    out: list[Member] = []
    for member in members:
        last = out[-1] if out else None
        bare = member.name is not None and member.name.bare and not member.place
        plural = last is not None and last.collective and bare and tokens.words[last.end : member.first] in ([","], ["và"], [",", "và"])
        out.append(replace(member, collective=True) if plural else member)
    return out


def _capitalised(member: Member) -> str:
    return member.mention[:1].upper() + member.mention[1:]
