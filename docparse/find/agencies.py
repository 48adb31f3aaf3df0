"""Mentions of organisations: names as printed, elliptic lists expanded, completed with level and place."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from docparse.find.agency_grammar import Name, NameReader, heads
from docparse.find.agency_lists import LONGEST_LIST, Member, read_list, read_places, reads_many, spelled
from docparse.find.agency_names import NameCompleter, entry_id, find_home, find_short_forms
from docparse.find.closing import Closing
from docparse.find.places import read_place
from docparse.find.ordinary_case import is_shouted, ordinary_case
from docparse.find.tokens import Tokens
from docparse.find.words import old_tone, squeeze
from docparse.record import AgencyMention, Header
from docparse.text import Text

BETWEEN = re.compile(r"[\s,;/&-]*(?:\bvà\b)?\s*(?:\b[Cc]ác\b)?\s*(?:(?:Phó\s+)?(?:Chủ\s+tịch|Bí\s+thư|Giám\s+đốc|Trưởng|Thủ\s+tướng)\s+)?")
FILED = 40
UNITS = frozenset(["vụ", "cục", "phòng", "chi", "thanh", "văn", "ban", "trung", "tổ", "đội", "viện"])
BODIES = frozenset(["ministry", "department", "police", "ministerial_agency", "agency", "people_committee", "people_council", "party", "office", "military"])


def find_agencies(text: Text, *, header: Header, closing: Closing) -> tuple[AgencyMention, ...]:
    """All mentions of organisations in reading order; the members of an elliptic list are mentions of their own."""
    tokens = Tokens.of(text)
    members = keep_known(share(scan(tokens, recipients=recipients_start(tokens, closing)), tokens))
    short_forms = find_short_forms(tokens, members)
    members = with_short_forms(tokens, members, short_forms)
    home = find_home(header, members, tokens)
    completer = NameCompleter(home, short_forms, members)
    mentions = []
    for index, member in enumerate(members):
        start, end = tokens.starts[member.first], tokens.ends[member.end - 1]
        name = member.mention if member.collective else completer.complete(member, body=_body(tokens, members, index))
        agency_id, kind, level = (None, None, None) if member.collective else entry_id(name)
        place = member.place or (member.name.deepest.place if member.name else None)
        mentions.append(
            AgencyMention(
                start=start, end=end, rule=member.rule, text=text.content[start:end], mention=member.mention, name=name, agency_id=agency_id,
                kind=kind or member.head.kind, level=level or (place.level if place else None) or member.head.level or None,
                place=place.name if place and place.name else home.province.name if agency_id and "." in agency_id and home.province else None,
                collective=member.collective,
            )
        )  # fmt: skip
    return tuple(mentions)


def _body(tokens: Tokens, members: Sequence[Member], index: int) -> Member | None:
    """The body beside a unit: `Vụ Pháp chế, Bộ Tư pháp`, `Phòng Tổng hợp thuộc Sở Nội vụ`, `Bộ Công an (Cục A03)`."""
    unit = members[index]
    after = members[index + 1] if index + 1 < len(members) else None
    before = members[index - 1] if index else None
    if after and unit.rule != "agency.list" and tokens.words[unit.end : after.first] in ([","], ["-"], ["("], ["thuộc"], ["trực", "thuộc"]) and _above(after, unit):
        return after
    if before and tokens.words[before.end : unit.first] in (["("], ["(", "qua"]) and _above(before, unit) and before.head.kind in ("ministry", "department", "police"):
        return before
    return None


def _above(body: Member, unit: Member) -> bool:
    first = old_tone(unit.mention).split()[0]
    return not body.collective and not unit.place and unit.head.rank < body.head.rank and first in UNITS and body.head.kind in BODIES and not (body.head.kind == "agency" and old_tone(body.mention).startswith("cục "))


def with_short_forms(tokens: Tokens, members: list[Member], short_forms: dict[str, Member]) -> list[Member]:
    """The members with those mentions that use initials which the text defines (`QISC`)."""
    initials = {form: member for form, member in short_forms.items() if " " not in form}
    if not initials:
        return members
    taken = {index for member in members for index in range(member.first, member.end)}
    found = [
        Member(index, index + 1, tokens.spelled(index, index + 1), initials[word].head, "agency.short_form")
        for index, word in enumerate(tokens.words)
        if word in initials and index not in taken and tokens.shouted(index)
    ]
    return sorted([*members, *found], key=lambda member: (member.first, member.end))


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
    words, firsts = tokens.words, {*heads().firsts, "lưu"}
    members: list[Member] = []
    free, filed = 0, 0
    for at in [index for index, word in enumerate(words) if word in firsts]:
        if words[at] == "lưu" and words[at + 1 : at + 2] == [":"]:
            last = min(len(words), at + FILED)
            filed = next((i for i in range(at + 2, last) if i in tokens.breaks or words[i] == "|"), last)
        elif at >= free and reader.may_begin(at):
            found, free = _at(reader, at, recipients)
            members += (member for member in found if at >= filed or (member.end - member.first > 1 and not member.head.fixed))
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
    mention = spelled(tokens, name)
    if is_shouted(mention):
        mention = ordinary_case(mention)
    seat = read_place(tokens, name.end + 1, bare=False) if name.head.kind in ("school", "hospital") and words[name.end : name.end + 1] == [","] else None
    seated = f"{seat.unit} {seat.name}" if seat and seat.name else ""
    return [Member(name.first, name.end, mention, name.head, rule, name=name, place=place, collective=collective, seat=seated)], name.end


def _is_trap(tokens: Tokens, name: Name, recipients: int) -> bool:
    words, first = tokens.words, name.first
    before = words[first - 1] if first else ""
    if (before == "phó" and words[first] == "thủ") or (before == "trên" and name.head.recipients):
        return True
    if words[first] == "thường" and name.body and name.body.head.fixed and name.body.head.kind == "party":
        return True
    if before == "trưởng" and words[first : first + 3] == ["ban", "thường", "trực"]:
        return True
    if before == "luật" or (before == "chức" and words[max(first - 3, 0) : first - 1] == ["luật", "tổ"]):
        return True
    if words[first] == "thường" and any(word in ("tịch", "thư", "tướng", "phó", "quan", "trưởng", "viên") for word in words[max(first - 2, 0) : first]):
        return True
    return name.head.recipients and first < recipients and before not in ("tgđ", "đốc")


def share(members: list[Member], tokens: Tokens) -> list[Member]:
    """The bare heads of an enumeration with the place or body of its last member.

    `HĐND, UBND tỉnh X` gives `HĐND tỉnh X`; `Thường vụ, Thường trực Tỉnh ủy` gives `Thường vụ Tỉnh ủy`.
    """
    out: list[Member] = []
    group: list[Member] = []
    for member in reversed(members):
        following = out[-1] if out else None
        joined = bool(following and member.end <= following.first and BETWEEN.fullmatch(tokens.content, tokens.ends[member.end - 1], tokens.starts[following.first]))
        shared = _shared(member, following, group, tokens) if joined and following else []
        if shared:
            out += reversed(shared)
            group = [one for one in shared if one.place]
        else:
            out.append(member)
            group = [member, *group[:LONGEST_LIST]] if joined and member.rule == "agency.place_list" else [member]
    return _plural_runs(out[::-1], tokens)


def _shared(member: Member, following: Member, group: Sequence[Member], tokens: Tokens) -> list[Member]:
    name = member.name
    if not name or member.collective or member.place:
        return []
    top = name.deepest
    if top.bare and top.head.inherits and top.head.bare in ("never", "known"):
        if following.collective and following.place:
            return [replace(member, collective=True)]
        return [
            replace(member, mention=squeeze(f"{member.mention} {other.place.unit} {other.place.name or ''}"), place=other.place, rule="agency.shared_place")
            for other in group
            if other.place and other.place.unit and not other.place.plural
        ]
    if top.head.kind == "party" and top.head.level == "provincial" and following.rule == "agency.place_list":
        return [
            replace(member, mention=f"{_capitalised(member.mention)} {other.place.name}", place=other.place, rule="agency.shared_place")
            for other in group
            if other.place and other.place.level == "provincial"
        ]
    if following.head.kind == "government" and tokens.words[name.first : name.end] == ["thủ", "tướng"]:
        return [replace(member, mention=f"Thủ tướng {following.mention}", rule="agency.shared_body")]
    other = following.name
    same = other and other.body and not name.body and (other.head == member.head or (name.bare and other.head.rank == member.head.rank))
    if other and other.body and same and (name.bare or tokens.words[name.first] == tokens.words[other.first]) and member.head.rank <= 20:
        mention = f"{_capitalised(member.mention)} {spelled(tokens, other.body)}"
        return [replace(member, mention=mention, place=other.body.deepest.place, rule="agency.shared_body")]
    return []


def _plural_runs(members: list[Member], tokens: Tokens) -> list[Member]:
    """What a plural is said of together: `các tỉnh ủy, thành ủy`."""
    out: list[Member] = []
    for member in members:
        last = out[-1] if out else None
        name = member.name
        if last and last.collective and name and name.bare and not member.place and BETWEEN.fullmatch(tokens.content, tokens.ends[last.end - 1], tokens.starts[member.first]):
            member = replace(member, collective=True)
        out.append(member)
    return out


def _capitalised(mention: str) -> str:
    return mention[:1].upper() + mention[1:]


def keep_known(members: list[Member]) -> list[Member]:
    """Without the bare heads that name nobody (`Hội đồng`, `Ban Chỉ đạo` where the text has no longer name for it)."""
    known = {_head_words(member) for member in members if member.name and not member.name.bare and not member.collective}
    return [member for member in members if member.collective or _names_somebody(member, known)]


def _head_words(member: Member) -> str:
    return " ".join(old_tone(member.mention).split()[:3]) if member.head.bare == "known" else ""


def _names_somebody(member: Member, known: set[str]) -> bool:
    name = member.name
    if name is None or member.rule.startswith("agency.shared"):
        return True
    if name.deepest.bare and name.body and name.deepest.head.bare == "never" and name.deepest.end - name.deepest.first > 1 and not member.place:
        return False
    if name.bare:
        return bool(member.place) or member.head.bare == "always" or (member.head.bare == "known" and _head_words(member) in known)
    place = member.place
    if member.head.place and not place:
        return False
    return not (place and not place.name and place.level in ("commune", "district") and member.head.kind in ("police", "hospital", "military", "judicial") and not name.body)
