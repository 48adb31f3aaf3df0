"""Mentions of organisations: names as printed, elliptic lists expanded, completed with level and place."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from docparse.find.agency_bodies import body_of, in_law_title, is_everywhere, join_bodies, with_ministries
from docparse.find.agency_grammar import in_number
from docparse.find.agency_home import find_home, read_whole
from docparse.find.agency_learning import Seen, learn_vocabulary, token_ranges
from docparse.find.agency_lists import Member
from docparse.find.agency_names import NameCompleter, find_short_forms, initials_of
from docparse.find.agency_scan import keep_known, scan
from docparse.find.agency_sharing import share
from docparse.find.agency_words import Head, heads
from docparse.find.authority import entry_id
from docparse.find.closing import Closing
from docparse.find.tokens import Tokens
from docparse.record import AgencyMention, Header
from docparse.text import Text
from docparse.words import old_tone

BEFORE_INITIALS = ("(", "-", "đạo", "thuộc")
SHORTEST_INITIALS = 2
UNLISTED = Head(kind="", core="none", rank=0)


def find_agencies(text: Text, *, header: Header, closing: Closing, seen: Seen | None = None) -> tuple[AgencyMention, ...]:
    """All mentions of organisations in reading order; the members of an elliptic list are mentions of their own.

    `seen` is what the trained model sees: it teaches the grammar, and its names are mentions where that reads none.

    >>> from docparse.record import Header
    >>> text = Text.of_lines(["Giao các Sở: Tài chính, Nội vụ báo cáo UBND tỉnh Lâm Đồng."])
    >>> found = find_agencies(text, header=Header(), closing=Closing(len(text.content), len(text.content)))
    >>> [mention.name for mention in found]
    ['Sở Tài chính tỉnh Lâm Đồng', 'Sở Nội vụ tỉnh Lâm Đồng', 'UBND tỉnh Lâm Đồng']
    """
    tokens = Tokens.of(text)
    recipients, vocabulary = _recipients(tokens, closing), learn_vocabulary(tokens, seen) if seen else None
    scanned = with_ministries(tokens, share(scan(tokens, recipients=recipients, vocabulary=vocabulary), tokens))
    scanned, bodies = _with_initials(tokens, scanned)
    members = _with_issuers(tokens, keep_known(join_bodies(tokens, scanned)), header)
    defined = find_short_forms(tokens, members)
    members, short_forms = _with_short_forms(tokens, members, defined), {**bodies, **defined}
    members = _with_seen(tokens, members, token_ranges(tokens, seen.names)) if seen else members
    home = find_home(header, members, tokens)
    completer = NameCompleter(home, short_forms, members)
    mentions = []
    for index, member in enumerate(members):
        start, end = tokens.starts[member.first], tokens.ends[member.end - 1]
        unfinished = member.collective or is_everywhere(tokens, members, index) or in_law_title(tokens, member)
        name = member.mention if unfinished else completer.complete(member, body=body_of(tokens, members, index))
        agency_id, kind, level = (None, None, None) if member.collective else entry_id(name)
        place = member.place or (member.name.deepest.place if member.name else None)
        at_home = home.province.name if home.province and agency_id and "." in agency_id else None
        mentions.append(
            AgencyMention(
                start=start,
                end=end,
                rule=member.rule,
                text=text.content[start:end],
                mention=member.mention,
                name=name,
                agency_id=agency_id,
                kind=kind or member.head.kind or None,
                level=level or (place.level if place else None) or member.head.level or None,
                place=_ordinary(place.name) if place and place.name else at_home,
                collective=member.collective,
            )
        )
    return tuple(mentions)


def _ordinary(place: str) -> str:
    """The name of a place, of which a letterhead shows only capitals."""
    return place.title() if place.isupper() and " " in place else place


def _recipients(tokens: Tokens, closing: Closing) -> int:
    """The token at which the recipients begin, the number of tokens where there are none."""
    words = tokens.words
    if closing.end > closing.start:
        return bisect_right(tokens.starts, closing.start - 1)
    return next((i for i in range(len(words) - 1, 0, -1) if words[i] == "nhận" and words[i - 1] == "nơi"), len(words))


def _with_short_forms(tokens: Tokens, members: list[Member], short_forms: Mapping[str, Member]) -> list[Member]:
    """The members with those mentions that use initials which the text defines (`QISC`)."""
    initials = {form: member for form, member in short_forms.items() if " " not in form}
    if not initials:
        return members
    taken = {index for member in members for index in range(member.first, member.end)}
    found = [
        Member(index, index + 1, tokens.spelled(index, index + 1), initials[word].head, "agency.short_form")
        for index, word in enumerate(tokens.words)
        if word in initials and index not in taken and tokens.shouted(index) and not in_number(tokens, index)
    ]
    return sorted([*members, *found], key=lambda member: (member.first, member.end))


def _with_initials(tokens: Tokens, members: list[Member]) -> tuple[list[Member], dict[str, Member]]:
    """The members with the initials of bodies of the text behind a unit or its leaders (`Vụ KK (TCT)`), and these bodies by folded form."""
    bodies = initials_of(members)
    taken = {index for member in members for index in range(member.first, member.end)} if bodies else set()
    ends = {member.end for member in members}
    found = [
        Member(at, at + 1, form, replace(bodies[form].head, fixed=True), "agency.list_entry")
        for at, word in enumerate(tokens.words)
        if (form := word.upper()) in bodies and at not in taken and tokens.shouted(at) and _is_body(tokens, at, ends)
    ]
    return sorted([*members, *found], key=lambda member: (member.first, member.end)), {old_tone(one.mention): bodies[one.mention] for one in found}


def _is_body(tokens: Tokens, at: int, ends: Collection[int]) -> bool:
    """Whether initials stand where a body does: in brackets, behind a dash that ends an item or leaders; two only in brackets behind a name."""
    before, after = tokens.words[at - 1] if at else "", tokens.words[at + 1 : at + 2]
    if in_number(tokens, at) or before not in BEFORE_INITIALS:
        return False
    if len(tokens.words[at]) == SHORTEST_INITIALS:
        return before == "(" and after == [")"] and at - 1 in ends
    if before == "-" and tokens.starts[at - 1] == tokens.ends[at - 2]:
        return False
    return before not in ("(", "-") or after in ([], [";"], [")"], ["."]) or at + 1 in tokens.breaks


def _with_issuers(tokens: Tokens, members: list[Member], header: Header) -> list[Member]:
    """The members with the issuer lines of the letterhead, where OCR, two columns or small letters hide them from the grammar."""
    for field, issuer in (("parent_issuer", header.parent_issuer), ("issuer", header.issuer)):
        mark, name = header.marks.get(field), read_whole(issuer)
        if not (mark and name and issuer):
            continue
        mention = Tokens.of_string(issuer).spelled(0, name.end)
        first, end = bisect_left(tokens.starts, mark.start), bisect_left(tokens.starts, mark.end)
        if end <= first or any(old_tone(member.mention) == old_tone(mention) for member in members):
            continue
        rest = [member for member in members if not first <= member.first < end or member.rule == "agency.header"]
        issuing = Member(first, end, mention, name.head, "agency.header", place=name.place or name.deepest.place)
        members = sorted([*rest, issuing], key=lambda member: (member.first, member.end))
    return members


def _with_seen(tokens: Tokens, members: list[Member], seen: Sequence[tuple[int, int]]) -> list[Member]:
    """The members with those names of `seen` that have no word in common with them, or that are longer.

    Longer is what begins with a member and goes on, or ends with one and begins before it with an unknown head.
    """
    starts, ends = {member.first: member.end for member in members}, {member.end: member.first for member in members}
    longer = [
        (first, end)
        for first, end in seen
        if end > starts.get(first, end) or (first < ends.get(end, first) and not heads().longest(tokens.words, first))
    ]
    kept = [member for member in members if not any(first <= member.first and member.end <= end for first, end in longer)]
    taken = {index for member in kept for index in range(member.first, member.end)}
    found = [Member(first, end, tokens.spelled(first, end), UNLISTED, "agency.model") for first, end in seen if taken.isdisjoint(range(first, end))]
    return sorted([*kept, *found], key=lambda member: (member.first, member.end))
