"""Units and the body that the text names beside them: `Vụ Pháp chế, Bộ Tư pháp`, `Phòng Tổng hợp thuộc Sở Nội vụ`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from docparse.find.agency_lists import Member
from docparse.find.tokens import Tokens
from docparse.words import old_tone

UNITS = frozenset(["vụ", "cục", "phòng", "chi", "thanh", "văn", "ban", "trung", "tổ", "đội", "viện"])
BODIES = frozenset(
    ["ministry", "department", "police", "ministerial_agency", "agency", "people_committee", "people_council", "party", "office", "military"]
)
BODIES_BEFORE = frozenset(["ministry", "department", "police"])
BEFORE_BODY = ([","], ["-"], ["("], ["thuộc"], ["trực", "thuộc"])
AFTER_BODY = (["("], ["(", "qua"])
ITEM_ENDS = (";", ".", ")", "(")


def join_bodies(tokens: Tokens, members: Sequence[Member]) -> list[Member]:
    """The members with a unit and its body as one, where a comma joins them and they fill an item (`Cục Thống kê, Bộ Tài chính;`)."""
    out: list[Member] = []
    for member in reversed(members):
        body = out[-1] if out else None
        if body and _fills_item(tokens, member, body) and _is_unit(member) and _is_above(body, member):
            name = replace(member.name, body=body.name) if member.name else None
            out[-1] = replace(member, end=body.end, mention=f"{member.mention} {body.mention}", place=body.place, name=name)
            continue
        out.append(member)
    return out[::-1]


def _fills_item(tokens: Tokens, unit: Member, body: Member) -> bool:
    """Whether a unit and its body, joined by a comma, stand in no longer enumeration."""
    if unit.head.kind == "committee" or tokens.words[unit.end : body.first] != [","]:
        return False
    last = body.end >= len(tokens.words) or body.end in tokens.breaks or tokens.words[body.end] in ITEM_ENDS
    return last and unit.first > 0 and tokens.words[unit.first - 1] not in (",", "và")


def body_of(tokens: Tokens, members: Sequence[Member], index: int) -> Member | None:
    """The body beside a unit that stays a mention of its own; None where the text names none."""
    unit = members[index]
    if not _is_unit(unit):
        return None
    after = members[index + 1] if index + 1 < len(members) and unit.rule != "agency.list" else None
    if after and tokens.words[unit.end : after.first] in BEFORE_BODY and _is_above(after, unit):
        return after
    before = members[index - 1] if index else None
    if before and before.head.kind in BODIES_BEFORE and tokens.words[before.end : unit.first] in AFTER_BODY and _is_above(before, unit):
        return before
    return None


def _is_unit(member: Member) -> bool:
    """Whether a member is a unit that does not say by itself where it belongs."""
    if member.place or member.collective or (member.name and member.name.body):
        return False
    return old_tone(member.mention.split(maxsplit=1)[0]) in UNITS


def _is_above(body: Member, unit: Member) -> bool:
    department = body.head.kind == "agency" and old_tone(body.mention).startswith("cục ")
    return not body.collective and unit.head.rank < body.head.rank and body.head.kind in BODIES and not department
