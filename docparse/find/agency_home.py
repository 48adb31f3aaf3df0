"""Where a document comes from, as far as it completes the names of organisations: province, locality, issuer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from docparse.find.agency_grammar import Name, NameReader, reads_name
from docparse.find.agency_lists import Member
from docparse.find.agency_words import standard_field
from docparse.find.authority import find_entry
from docparse.find.places import Province, province_names, provinces
from docparse.find.tokens import Tokens
from docparse.record import Header

SUBUNITS = ("unit", "committee", "office")
OFTEN = 5


@dataclass(frozen=True, slots=True)
class Home:
    """The home of a document: its province with its form (`tỉnh`), the issuer, and whether that is a central body.

    `owner` is the body that its divisions belong to: the issuer, or above a division the parent; `above` stands above the owner.
    `locality` is the district or commune of the issuer (`phường Hồng Ngự`), empty above them. Of a central issuer `province` is
    the one province that its document is about, None where there are several.
    """

    province: Province | None = None
    form: str = ""
    issuer: str = ""
    owner: str = ""
    above: str = ""
    kind: str = ""
    central: bool = False
    locality: str = ""

    @property
    def place(self) -> str:
        """Level and place as they follow a name: `tỉnh Lâm Đồng`."""
        return f"{self.form} {self.province.name}" if self.province else ""


def find_home(header: Header, members: Sequence[Member], tokens: Tokens) -> Home:
    """The home of a document from its header, where that is silent from the provinces that it names."""
    line, above = header.issuer or _most_named_ministry(members), header.parent_issuer
    issuer, parent = read_whole(line), read_whole(above)
    if issuer and issuer.body and not parent and issuer.head.kind in SUBUNITS:
        above = Tokens.of_string(line or "").spelled(issuer.body.first, issuer.body.end)
        parent = read_whole(above)
    seats = [name.deepest.place for name in (issuer, parent) if name and name.deepest.place]
    stated = [place.province for place in seats if place.province]
    entry = find_entry(_spelled(line, issuer))
    levels = (issuer.head.level if issuer else "", parent.head.level if parent else "", entry.level if entry else "")
    central = bool(issuer and not stated and "central" in levels)
    if not stated and issuer and not central:
        stated = _provinces_of(Tokens.of_string(header.place or ""))
    province = stated[0] if stated else _most_named(members, tokens, central=central)
    locality = f"{seats[0].unit.lower()} {seats[0].name or ''}".strip() if seats and seats[0].level in ("district", "commune") else ""
    divided = bool(issuer and issuer.head.kind in SUBUNITS and not find_entry(line or ""))
    owner = parent if divided and parent else issuer
    return Home(
        province=province,
        form=province.form_on(header.date) if province else "",
        issuer=_spelled(line, issuer),
        owner=standard_field(_spelled(above, parent) if divided else _spelled(line, issuer)),
        above="" if divided else _spelled(above, parent),
        kind=owner.head.kind if owner else "",
        central=central,
        locality=locality,
    )


def find_province(header: Header) -> str | None:
    """The id of the province that the letterhead says a document comes from, None for central bodies and where it does not say.

    >>> find_province(Header(issuer="Sở Y tế", parent_issuer="UBND tỉnh Phú Thọ")), find_province(Header(issuer="Bộ Y tế", place="Hà Nội"))
    ('phu-tho', None)
    """
    province = find_home(header, (), Tokens.of_string("")).province
    return province.id if province else None


def _most_named_ministry(members: Sequence[Member]) -> str | None:
    """The ministry that a text without letterhead names nearly alone, as that writes for it."""
    named = Counter(member.mention for member in members if member.head.kind == "ministry" and not member.collective)
    if not named:
        return None
    best, count = named.most_common(1)[0]
    entry = find_entry(best)
    return (entry.name if entry else best) if count >= OFTEN and count * 2 > sum(named.values()) else None


def read_whole(text: str | None) -> Name | None:
    """The name of an organisation that a line begins with, None where it names none."""
    name = NameReader(Tokens.of_string(text)).read(0) if text else None
    return name if reads_name(name) else None


def _spelled(line: str | None, name: Name | None) -> str:
    """The name in a letterhead line, without what OCR or a second column put behind it; the line where it names none."""
    return Tokens.of_string(line or "").spelled(0, name.end) if name else line or ""


def _most_named(members: Sequence[Member], tokens: Tokens, *, central: bool) -> Province | None:
    """The province that most names of the text are in; for a central issuer only one that all are in."""
    named = [member.place.province for member in members if member.place and member.place.province]
    if not central:
        named += _provinces_of(tokens)
    if not named:
        return None
    best, count = Counter(province.id for province in named).most_common(1)[0]
    return provinces()[best] if count == len(named) or (not central and count * 2 > len(named)) else None


def _provinces_of(tokens: Tokens) -> list[Province]:
    """The provinces named after `tỉnh`, `thành phố` or at the start, in order."""
    words = tokens.words
    at = [0, *(i + 1 for i, word in enumerate(words) if word in ("tỉnh", "phố", "tp", "."))]
    return [found[1] for index in at if (found := province_names().longest(words, index))]
