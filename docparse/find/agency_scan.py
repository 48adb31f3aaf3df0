"""One pass over the tokens of a text: every name of an organisation, single or in a list, that is no trap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from docparse.find.agency_grammar import Name, NameReader
from docparse.find.agency_lists import Member, read_list, read_more_initials, read_more_places, read_places, reads_many, spelled
from docparse.find.agency_words import Vocabulary
from docparse.find.ordinary_case import is_shouted, ordinary_case
from docparse.find.places import Place, read_place
from docparse.find.tokens import Tokens
from docparse.words import old_tone

FILING_LINE = 40
FILED = ([":"], ["vt"], ["vp"])
PEOPLE = frozenset([",", "và", "chính", "quyền", "quân", "nhân", "dân", "đồng", "bào", "các", "tộc"])
SEATED_KINDS = ("school", "hospital")
TYPES_ONLY = ("police", "hospital", "military", "judicial")
AFTER_TITLE = frozenset(["tịch", "thư", "tướng", "phó", "quan", "trưởng", "viên"])


def scan(tokens: Tokens, *, recipients: int, vocabulary: Vocabulary | None = None) -> list[Member]:
    """The organisations in reading order, bare heads included. `recipients` is the token at which Nơi nhận begins.

    In the filing line (`Lưu:`) initials stand for units of the issuer and are left out.
    """
    reader = NameReader(tokens, vocabulary)
    words, firsts = tokens.words, {*reader.heads.firsts, "lưu"}
    members: list[Member] = []
    free, filed = 0, 0
    for at in [index for index, word in enumerate(words) if word in firsts]:
        if words[at] == "lưu" and words[at + 1 : at + 2] in FILED:
            last = min(len(words), at + FILING_LINE)
            filed = next((i for i in range(at + 2, last) if i in tokens.breaks or words[i] == "|"), last)
        elif at >= free and reader.may_begin(at):
            found, free = _members_at(reader, at, recipients)
            members += (member for member in found if at >= filed or not _is_initials(member))
    return members


def _is_initials(member: Member) -> bool:
    return member.end - member.first == 1 or member.head.fixed or member.head.core == "initials"


def _members_at(reader: NameReader, at: int, recipients: int) -> tuple[list[Member], int]:
    """The members that begin at a token, and where to go on."""
    tokens, words = reader.tokens, reader.tokens.words
    listed = read_list(reader, at)
    if listed:
        return listed
    name = reader.read(at)
    if not name or _is_trap(tokens, name, recipients):
        return [], at + 1
    top = name.deepest
    if name.bare and name.head.kind == "party" and (place := _place_of_all(tokens, name.end)):
        mention = f"{spelled(tokens, name)} {place.unit} {place.name}"
        return [Member(at, name.end, mention, name.head, "agency.shared_place", name=name, place=place)], name.end
    placed = None if top.place or top.head.fixed else read_places(reader, top)
    if placed:
        members, end = placed
        lead = f"{tokens.spelled(name.first, top.first)} " if name.body else ""
        return [
            replace(one, first=min(one.first, name.first) if one.first == top.first else one.first, mention=f"{lead}{one.mention}", name=name)
            for one in members
        ], end
    place = name.place or top.place
    collective = bool(place and place.plural) or (reads_many(tokens, at) and not name.head.fixed)
    rule = "agency.collective" if collective else "agency.list_entry" if name.head.fixed else "agency.grammar"
    name = _with_centre(tokens, name)
    mention = spelled(tokens, name)
    seat = read_place(tokens, name.end + 1, bare=False) if name.head.kind in SEATED_KINDS and words[name.end : name.end + 1] == [","] else None
    member = Member(
        name.first,
        name.end,
        ordinary_case(mention) if is_shouted(mention) else mention,
        name.head,
        rule,
        name=name,
        place=place,
        collective=collective,
    )
    if seat and seat.name:
        return [replace(member, seat=f"{seat.unit} {seat.name}")], name.end
    members = [member, *read_more_places(reader, member), *(read_more_initials(reader, member) if at > recipients else ())]
    return members, members[-1].end


def _with_centre(tokens: Tokens, name: Name) -> Name:
    """A society with the word for its central body before it (`Trung ương Hội Nông dân`, `TW Đoàn`)."""
    words, first = tokens.words, name.first
    if name.head.kind not in ("mass_org", "association") or first in tokens.breaks:
        return name
    start = first - 1 if words[first - 1] in ("tw", "tư") else first - 2 if words[max(first - 2, 0) : first] == ["trung", "ương"] else first
    return replace(name, first=start) if 0 <= start < first and tokens.capital(start) else name


def _place_of_all(tokens: Tokens, index: int) -> Place | None:
    """The place of a party organisation named together with the people (`Đảng bộ, chính quyền và nhân dân tỉnh A`)."""
    at = index
    while at < len(tokens.words) and tokens.words[at] in PEOPLE:
        at += 1
    place = read_place(tokens, at, bare=False) if at > index + 1 else None
    return place if place and place.name else None


def _is_trap(tokens: Tokens, name: Name, recipients: int) -> bool:
    """Whether the words before a name make it something else: a deputy, a standing post, the name of a law, a place of publication."""
    words, first = tokens.words, name.first
    before = words[first - 1] if first else ""
    if name.head.recipients and (before == "trên" or (first < recipients and before not in ("tgđ", "đốc"))):
        return True
    if before == "luật" or words[max(first - 3, 0) : first] == ["luật", "tổ", "chức"]:
        return True
    if words[first] == "thủ":
        return before == "phó"
    if words[first] == "thường":
        secretariat = bool(name.body and name.body.head.fixed and name.body.head.kind == "party")
        role = bool(name.body and name.body.head.kind == "committee" and not tokens.capital(first))
        return secretariat or role or not AFTER_TITLE.isdisjoint(words[max(first - 2, 0) : first])
    return before == "trưởng" and words[first : first + 3] == ["ban", "thường", "trực"]


def keep_known(members: Sequence[Member]) -> list[Member]:
    """Without the bare heads that name nobody (`Hội đồng`, `Ban Chỉ đạo` where the text has no longer name for it)."""
    known = {_head_words(member) for member in members if member.name and not member.name.bare and not member.collective}
    return [member for member in members if member.collective or _names_somebody(member, known)]


def _head_words(member: Member) -> str:
    size = member.name.head_end - member.name.first if member.name else 0
    return " ".join(old_tone(member.mention).split()[:size]) if member.head.bare == "known" else ""


def _names_somebody(member: Member, known: set[str]) -> bool:
    name, place, head = member.name, member.place, member.head
    if name is None or member.rule.startswith("agency.shared"):
        return True
    if name.bare:
        return place is not None or head.bare == "always" or (head.bare == "known" and _head_words(member) in known)
    top = name.deepest
    unfinished = name.body is not None and top.bare and top.head.bare == "never" and top.end - top.first > 1
    if (unfinished or head.place) and not place:
        return False
    return not (place and not place.name and not place.every and place.level in ("commune", "district") and head.kind in TYPES_ONLY and not name.body)
