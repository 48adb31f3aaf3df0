"""Mentions of organisations: names as printed, elliptic lists expanded, completed with level and place."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from docparse.find.agency_grammar import Name, NameReader, heads
from docparse.find.agency_lists import Member, read_list, read_places, reads_many, spelled
from docparse.find.agency_names import NameCompleter, entry_id, find_aliases, find_home, ordinary_case
from docparse.find.closing import Closing
from docparse.find.tokens import Tokens
from docparse.record import AgencyMention, Header, Section
from docparse.text import Text

BETWEEN = re.compile(r"[\s,;/&-]*(?:\bvà\b)?\s*(?:\b[Cc]ác\b)?\s*(?:(?:Phó )?(?:Chủ\s+tịch|Bí\s+thư|Giám\s+đốc|Trưởng)\s+)?")
FILED = 40


def find_agencies(text: Text, *, header: Header, closing: Closing, sections: Sequence[Section] = ()) -> tuple[AgencyMention, ...]:
    """All mentions of organisations in reading order; the members of an elliptic list are mentions of their own."""
    tokens = Tokens.of(text)
    members = keep_known(share_places(scan(tokens, recipients=recipients_start(tokens, closing)), tokens))
    home = find_home(header, members)
    aliases = find_aliases(tokens, members)
    completer = NameCompleter(home, aliases, members, day=header.date)
    starts = [section.start for section in sections]
    mentions = []
    for index, member in enumerate(members):
        start, end = tokens.starts[member.first], tokens.ends[member.end - 1]
        mention = ordinary_case(member.mention) if member.mention.isupper() and " " in member.mention else member.mention
        following = members[index + 1] if index + 1 < len(members) and _belongs(tokens, member, members[index + 1]) else None
        name = mention if member.collective else completer.complete(member, mention, following)
        agency_id, entry = (None, None) if member.collective else entry_id(name)
        place = member.place or (member.name.deepest.place if member.name else None)
        mentions.append(
            AgencyMention(
                start=start, end=end, rule=member.rule, text=text.content[start:end], mention=mention, name=name, agency_id=agency_id,
                kind=entry.kind if entry else member.head.kind, level=(entry.level if entry else None) or (place.level if place else None) or member.head.level or None,
                place=place.name if place and place.name else (home.province.name if agency_id and "." in agency_id and home.province else None),
                collective=member.collective, section=_section(sections, starts, start), page=text.page_at(start),
            )
        )  # fmt: skip
    return tuple(mentions)


def _section(sections: Sequence[Section], starts: Sequence[int], offset: int) -> str | None:
    index = bisect_right(starts, offset) - 1
    return sections[index].id if index >= 0 and sections[index].end > offset else None


def _belongs(tokens: Tokens, unit: Member, body: Member) -> bool:
    """Whether a body follows a unit after a comma or `thuộc` (`Vụ Pháp chế, Bộ Tư pháp`)."""
    between = tokens.words[unit.end : body.first]
    return between in ([","], ["thuộc"], ["trực", "thuộc"], ["("]) and unit.head.rank < body.head.rank and not body.collective and unit.head.rank <= 30


def recipients_start(tokens: Tokens, closing: Closing) -> int:
    """The token at which the recipients begin, the number of tokens where there are none."""
    words = tokens.words
    if closing.end > closing.start:
        return bisect_right(tokens.starts, closing.start - 1)
    for index in range(len(words) - 1, 0, -1):
        if words[index] == "nhận" and words[index - 1] == "nơi":
            return index
    return len(words)


def scan(tokens: Tokens, *, recipients: int) -> list[Member]:
    """The organisations in reading order, bare heads included."""
    reader = NameReader(tokens)
    table, words = heads(), tokens.words
    members: list[Member] = []
    at, last, filed = 0, len(words), 0
    while at < last:
        word = words[at]
        if word == "lưu" and words[at + 1 : at + 2] == [":"]:
            filed = next((i for i in range(at + 2, min(last, at + FILED)) if i in tokens.breaks or words[i] == "|"), min(last, at + FILED))
        if word not in table:
            at += 1
            continue
        found, end = _at(reader, at, recipients)
        members += (member for member in found if at >= filed or (member.end - member.first > 1 and not member.head.fixed))
        at = max(end, at + 1)
    return members


def _at(reader: NameReader, at: int, recipients: int) -> tuple[list[Member], int]:
    """The members that begin at a token, and where to go on."""
    tokens, words = reader.tokens, reader.tokens.words
    many = reads_many(tokens, at)
    listed = read_list(reader, at)
    if listed:
        return listed
    name = reader.read(at)
    if not name or _is_trap(tokens, name, recipients):
        return [], at + 1
    if not name.deepest.place and not name.deepest.head.fixed:
        places = read_places(reader, name.deepest)
        if places:
            members, end = places
            if name.body:
                lead = tokens.spelled(name.first, name.deepest.first)
                members = [replace(member, first=name.first, mention=f"{lead} {member.mention}", name=name) for member in members]
            return members, end
    place = name.place or name.deepest.place
    collective = bool(place and place.plural) or (many and not name.head.fixed)
    rule = "agency.collective" if collective else "agency.list_entry" if name.head.fixed else "agency.grammar"
    return [Member(name.first, name.end, spelled(tokens, name), name.head, rule, name=name, place=place, collective=collective)], name.end


def _is_trap(tokens: Tokens, name: Name, recipients: int) -> bool:
    words, first = tokens.words, name.first
    before = words[first - 1] if first else ""
    if (before == "phó" and words[first] == "thủ") or before == "trên" and name.head.recipients:
        return True
    if words[first] == "thường" and name.body and name.body.head.fixed and name.body.head.kind == "party":
        return True
    if before == "luật" or (before == "chức" and words[max(first - 3, 0) : first - 1] == ["luật", "tổ"]):
        return True
    if words[first] == "thường" and any(word in ("tịch", "thư", "tướng", "phó", "quan", "trưởng") for word in words[max(first - 2, 0) : first]):
        return True
    return name.head.recipients and first < recipients and before not in ("tgđ", "đốc")


def share_places(members: list[Member], tokens: Tokens) -> list[Member]:
    """Bare heads of an enumeration take the place of its last member: `HĐND, UBND tỉnh X`; `Thường vụ, Thường trực Tỉnh ủy`."""
    out: list[Member] = []
    group: list[Member] = []
    for member in reversed(members):
        name = member.name
        joined = bool(out) and bool(BETWEEN.fullmatch(tokens.content, tokens.ends[member.end - 1], tokens.starts[out[-1].first])) and member.end <= out[-1].first
        if not joined:
            group = []
        if name and not member.collective and not member.place and joined and name.deepest.bare and name.deepest.head.inherits and name.deepest.head.bare in ("never", "known"):
            source = group or [out[-1]]
            if any(other.collective and other.place for other in source):
                member = replace(member, collective=True)
            else:
                shared = [replace(member, mention=f"{member.mention} {other.place.unit} {other.place.name or ''}".replace("  ", " ").strip(), place=other.place, rule="agency.shared_place")
                          for other in source if other.place and other.place.unit]  # fmt: skip
                if shared:
                    out += reversed(shared)
                    group = group or shared[:1]
                    continue
        if name and name.bare and name.head.rank == 10 and joined and out[-1].name and out[-1].name.body and out[-1].head.rank == 10:
            body = out[-1].name.body
            member = replace(member, mention=f"{member.mention[:1].upper()}{member.mention[1:]} {spelled(tokens, body)}", name=replace(name, body=body, end=name.end), rule="agency.shared_body")
            out.append(member)
            continue
        out.append(member)
        if member.rule == "agency.place_list":
            group.insert(0, member)
        else:
            group = []
    return out[::-1]


def keep_known(members: list[Member]) -> list[Member]:
    """Without the bare heads that name nobody (`Hội đồng`, `Ban Chỉ đạo` where the text has no longer name for it)."""
    known = {member.head.group for member in members if member.name and not member.name.bare and not member.collective}
    return [member for member in members if member.collective or _names_somebody(member, known)]


def _names_somebody(member: Member, known: set[str]) -> bool:
    name = member.name
    if name is None or member.rule.startswith("agency.shared"):
        return True
    if name.deepest.bare and name.body and name.deepest.head.bare == "never" and name.deepest.end - name.deepest.first > 1 and not member.place:
        return False
    if name.bare:
        return bool(member.place) or member.head.bare == "always" or (member.head.bare == "known" and member.head.group in known)
    place = member.place
    if member.head.place and not place:
        return False
    return not (place and not place.name and place.level in ("commune", "district") and member.head.kind in ("police", "hospital", "military", "judicial") and not name.body)
