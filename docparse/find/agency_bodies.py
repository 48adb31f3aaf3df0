"""Units and the body that the text names beside them: `Vụ Pháp chế, Bộ Tư pháp`, `Phòng Tổng hợp thuộc Sở Nội vụ`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from docparse.find.agency_grammar import Name
from docparse.find.agency_lists import Member
from docparse.find.agency_words import heads
from docparse.find.authority import find_entry
from docparse.find.tokens import Tokens, folded_words
from docparse.words import old_tone

UNITS = frozenset(["vụ", "cục", "phòng", "chi", "thanh", "văn", "ban", "trung", "tổ", "đội", "viện"])
BODIES = frozenset(
    ["ministry", "department", "police", "ministerial_agency", "agency", "people_committee", "people_council", "party", "office", "military"]
)
BODIES_BEFORE = frozenset(["ministry", "department", "police", "ministerial_agency"])
BEFORE_BODY = ([","], ["-"], ["("], ["thuộc"], ["trực", "thuộc"])
AFTER_BODY = (["("], ["(", "qua"])
LONGEST_ITEM = 60
LONGEST_TITLE = 15
BEFORE_IN_TITLE = (["của"], ["và"], ["biểu"])
ITEM_STARTS = (";", "-", "+", "•", "*", ":")
LEADERS = ("trưởng", "phó", "chánh", "giám", "đốc", "chủ", "nhiệm", "tịch")
ITEM_ENDS = (";", ".", ")", "(")


def with_ministries(tokens: Tokens, members: Sequence[Member]) -> list[Member]:
    """The members with ministries that stand by their initials behind units: `Vụ PC (BTC)`, `Vụ Pháp chế - BTC`."""
    out: list[Member] = []
    for index, member in enumerate(members):
        out.append(member)
        at, opening = member.end + 1, tokens.words[member.end : member.end + 1]
        following = members[index + 1].first if index + 1 < len(members) else len(tokens.words)
        if opening not in (["("], ["-"]) or at >= following or not _is_unit(member) or not tokens.shouted(at):
            continue
        entry, closed = find_entry(tokens.spelled(at, at + 1)), at + 1 == len(tokens.words) or tokens.words[at + 1] in (*ITEM_ENDS, ",")
        head = heads().longest(folded_words(entry.name), 0) if entry and entry.kind == "ministry" and closed else None
        if head:
            out.append(Member(at, at + 1, tokens.spelled(at, at + 1), head[1], "agency.list_entry"))
    return out


def join_bodies(tokens: Tokens, members: Sequence[Member]) -> list[Member]:
    """The members with a unit and its body as one, where a comma or dash joins them and they fill an item (`Cục Thống kê, Bộ Tài chính;`)."""
    out: list[Member] = []
    for member in reversed(members):
        body = out[-1] if out else None
        joint = _joint(tokens, member, body) if body and _is_unit(member) and _is_above(body, member) else None
        if body and joint:
            above = body.name or Name(body.first, body.end, body.end, body.head)
            name = replace(member.name, body=above) if member.name else None
            out[-1] = replace(member, end=body.end, mention=f"{member.mention}{joint}{body.mention}", place=body.place, name=name)
            continue
        out.append(member)
    return out[::-1]


def _joint(tokens: Tokens, unit: Member, body: Member) -> str | None:
    """What joins the names of a unit and its body that fill an item; None where they are in a longer enumeration or a sentence."""
    words = tokens.words
    between, before = words[unit.end : body.first], words[unit.first - 1] if unit.first else ";"
    closed = body.end >= len(words) or body.end in tokens.breaks or words[body.end] in ITEM_ENDS
    if unit.head.kind == "committee" or not closed:
        return None
    if between == [","]:
        return " " if unit.first and not _is_listed(tokens, unit.first) else None
    opened = unit.first in tokens.breaks or before in ITEM_STARTS
    inside = between == ["-"] and "\n" not in tokens.content[tokens.ends[unit.end - 1] : tokens.starts[unit.end]]
    spaced = tokens.ends[unit.end - 1] < tokens.starts[unit.end]
    return (" - " if spaced else "-") if opened and inside else None


def _is_listed(tokens: Tokens, at: int) -> bool:
    """Whether the name at a token, with the position before it, goes on an enumeration (`Sở Y tế, Trưởng Ban quản lý rừng`)."""
    while at and tokens.words[at - 1] in LEADERS:
        at -= 1
    return at > 0 and tokens.words[at - 1] in (",", "và")


def body_of(tokens: Tokens, members: Sequence[Member], index: int) -> Member | None:
    """The body beside a unit that stays a mention of its own; None where the text names none."""
    unit = members[index]
    if not _is_unit(unit):
        return None
    opening = _opening(tokens, members, index)
    if opening and _is_above(opening, unit):
        return opening
    after = members[index + 1] if index + 1 < len(members) and unit.rule != "agency.list" else None
    between = tokens.words[unit.end : after.first] if after else []
    everywhere = after is not None and after.place is not None and after.place.every and between == [","]
    listed = after is not None and after.head.kind == "agency" and between == [","] and _is_listed(tokens, unit.first)
    if after and between in BEFORE_BODY and _is_above(after, unit, stated=between[-1] == "thuộc") and not (everywhere or listed):
        return after
    if closing := _closing(tokens, members, index):
        return closing
    before = members[index - 1] if index else None
    if before and before.head.kind in BODIES_BEFORE and tokens.words[before.end : unit.first] in AFTER_BODY and _is_above(before, unit):
        return before
    return None


def is_everywhere(tokens: Tokens, members: Sequence[Member], index: int) -> bool:
    """Whether a unit is one of many bodies (`Phòng Văn hóa - Xã hội thuộc UBND các xã`), so that it belongs to none in particular."""
    unit, body = members[index], members[index + 1] if index + 1 < len(members) else None
    own = _is_unit(unit) or (unit.head.kind == "department" and not unit.place)
    return bool(body and own and body.collective and tokens.words[unit.end : body.first] in (["thuộc"], ["trực", "thuộc"]))


def in_law_title(tokens: Tokens, member: Member) -> bool:
    """Whether a council is that of every place, in the title of a law (`Luật Hoạt động giám sát của Quốc hội và Hội đồng nhân dân`)."""
    words, first = tokens.words, member.first
    if member.head.kind not in ("people_council", "people_committee") or member.place or words[first - 1 : first] not in BEFORE_IN_TITLE:
        return False
    for at in range(first - 1, max(first - LONGEST_TITLE, 0), -1):
        if not words[at].isalpha() or at in tokens.breaks:
            return False
        if words[at] == "luật" and tokens.capital(at):
            return True
    return False


def _opening(tokens: Tokens, members: Sequence[Member], index: int) -> Member | None:
    """The body with a colon that opens the item in which a unit stands (`VPCP: BTCN, các Vụ: TH, NN, Cục KSTTHC;`)."""
    words, at = tokens.words, members[index].first
    last = max(at - LONGEST_ITEM, 0)
    while at > last and at not in tokens.breaks and not (words[at - 1] == "-" and words[at - 2] in ITEM_ENDS):
        at -= 1
    first = at + (words[at] == "-")
    opening = next((member for member in members[max(index - LONGEST_ITEM, 0) : index] if member.first == first), None)
    opens = opening is not None and opening.head.kind != "office" and words[opening.end : opening.end + 1] == [":"]
    return opening if opens else None


def _closing(tokens: Tokens, members: Sequence[Member], index: int) -> Member | None:
    """The body in brackets or behind a dash that ends the item of several units (`Vụ PC, Cục QLCS (BTC);`)."""
    unit = members[index]
    for before, member in zip(members[index : index + LONGEST_ITEM], members[index + 1 : index + LONGEST_ITEM], strict=False):
        between = tokens.words[before.end : member.first]
        if between in (["("], ["-"]):
            ends = member.end >= len(tokens.words) or member.end in tokens.breaks or tokens.words[member.end] in ITEM_ENDS
            return member if ends and member.rule != "agency.short_form" and _is_above(member, unit) else None
        if between not in ([","], ["và"]) or not _is_unit(member):
            return None
    return None


def _is_unit(member: Member) -> bool:
    """Whether a member is a unit that does not say by itself where it belongs."""
    if member.place or member.collective or (member.name and member.name.body):
        return False
    return old_tone(member.mention.split(maxsplit=1)[0]) in UNITS


def _is_above(body: Member, unit: Member, *, stated: bool = False) -> bool:
    """Whether a body can be that of a unit; a department only where the text states it (`thuộc Cục Thuế`)."""
    alike = old_tone(body.mention).split(maxsplit=1)[0] == old_tone(unit.mention).split(maxsplit=1)[0]
    if alike:
        return False
    room = body.head.kind == "office" and old_tone(unit.mention).startswith("phòng ")
    department = body.head.kind == "agency" and old_tone(body.mention).startswith("cục ")
    return not body.collective and (room or unit.head.rank < body.head.rank) and body.head.kind in BODIES and (stated or not department)
