"""Completing the names of organisations with the level and place that the document makes certain."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from docparse.find.agency_grammar import Name, NameReader
from docparse.find.agency_lists import Member
from docparse.find.authority import Agency, agencies, agency_names, find_entry
from docparse.find.places import Province, province_names, provinces
from docparse.find.tokens import Phrases, Tokens
from docparse.find.words import old_tone
from docparse.lexicon import load_values
from docparse.record import Header

LOCAL_KINDS = frozenset(["department", "office", "association", "mass_org", "media", "military", "police", "inspectorate", "legislature", "people_committee", "people_council"])
ALIAS = re.compile(r"[\s,]{0,3}\((?:sau\s+đây\s+)?(?:(?:gọi|viết)\s+tắt\s+là\s*:?\s*|gọi\s+(?:chung\s+)?là\s+)?([^()\d]{2,40})\)")
SAID = re.compile(r"tắt|gọi")


@dataclass(frozen=True, slots=True)
class Home:
    """Where a document comes from: the province and its form, the issuer as first named and whether it is central."""

    province: Province | None
    form: str
    issuer: str
    central: bool
    unit: bool

    @property
    def place(self) -> str:
        """Level and place as they follow a name: `tỉnh Lâm Đồng`."""
        return f"{self.form} {self.province.name}" if self.province else ""


def find_home(header: Header, members: Sequence[Member]) -> Home:
    """The home of a document from its header, where that is silent from its own mentions."""
    issuer = _name_of(header.issuer)
    parent = _name_of(header.parent_issuer)
    stated = [name.deepest.place.province for name in (issuer, parent) if name and name.deepest.place and name.deepest.place.province]
    province: Province | None = stated[0] if stated else None
    central = bool(issuer and (issuer.head.level == "central" or issuer.deepest.head.rank >= 70))
    if not province and not central:
        named = province_names().longest(Tokens.of_string(header.place or "").words, 0) or province_names().longest(Tokens.of_string(header.place or "").words, 2)
        province = named[1] if named and issuer else None
    if not province:
        counts = Counter(member.place.province.id for member in members if member.place and member.place.province)
        if counts and counts.most_common(1)[0][1] * 2 > sum(counts.values()):
            province = provinces()[counts.most_common(1)[0][0]]
    form = province.form_on(header.date) if province else ""
    unit = bool(issuer and issuer.head.kind in ("department", "agency"))
    return Home(province, form, header.issuer or "", central, unit)


def _name_of(text: str | None) -> Name | None:
    return NameReader(Tokens.of_string(text)).read(0) if text else None


def find_aliases(tokens: Tokens, members: Sequence[Member]) -> dict[str, Member]:
    """Short forms that the text defines after a name: `… (sau đây gọi tắt là QISC)`, `… (WHO)`, by folded form."""
    aliases: dict[str, Member] = {}
    for member in members:
        match = ALIAS.match(tokens.content, tokens.ends[member.end - 1])
        if match and not member.collective and (SAID.search(match[0]) or (match[1].isupper() and " " not in match[1])):
            aliases.setdefault(old_tone(match[1].strip()), member)
    return aliases


@cache
def _cases() -> Phrases[str]:
    data = load_values("agency_types")
    rows = [row for group in data["fields"].values() for row in group] + [province.name for province in provinces().values()]
    forms = [form.upper() for head in data["head"] for form in head["forms"] if " " not in form and not re.search("[aeiouyăâêôơư]", form.translate(str.maketrans("áàảãạ", "aaaaa")))]
    return Phrases([(agency.name, agency.name) for agency in agencies().values() if agency.place != "*"] + [(row, row) for row in [*rows, *forms]])


def ordinary_case(mention: str) -> str:
    """A name printed in capitals in ordinary case.

    >>> ordinary_case("SỞ KẾ HOẠCH VÀ ĐẦU TƯ TỈNH BẮC GIANG")
    'Sở Kế hoạch và Đầu tư tỉnh Bắc Giang'
    >>> ordinary_case("UBND HUYỆN SƠN ĐỘNG")
    'UBND huyện Sơn Động'
    """
    tokens = Tokens.of_string(mention)
    parts = list(mention.lower())
    at, after_level = 0, False
    levels = {word for words in load_values("agency_types")["levels"].values() for word in words}
    while at < len(tokens.words):
        found = _cases().longest(tokens.words, at)
        start, end = tokens.starts[at], tokens.ends[(found[0] if found else at + 1) - 1]
        if found and len(found[1]) == end - start:
            parts[start:end] = found[1]
        elif at == 0 or after_level:
            parts[start:end] = mention[start:end].capitalize()
        word = tokens.words[at]
        after_level = word in levels or (after_level and not found)
        if word in ("phố", "xã", "trấn", "khu") and at and tokens.words[at - 1] in ("thành", "thị", "đặc"):
            after_level = True
        if word in ("thành", "thị", "đặc") and at + 1 < len(tokens.words) and tokens.words[at + 1] in ("phố", "xã", "trấn", "khu"):
            parts[start:end], after_level = word, False
            if at == 0:
                parts[start:end] = word.capitalize()
            parts[tokens.starts[at + 1] : tokens.ends[at + 1]], after_level, at = tokens.words[at + 1], True, at + 1
        at = found[0] if found else at + 1
    return "".join(parts)


class NameCompleter:
    """Gives mentions of one document their full names and ids."""

    def __init__(self, home: Home, aliases: dict[str, Member], members: Sequence[Member], *, day: dt.date | None) -> None:
        self.home = home
        self.day = day
        self.aliases = aliases
        named = [member for member in members if not member.collective]
        self._longer: dict[str, str] = {}
        for group in {member.head.group for member in named if member.head.bare == "known"}:
            counts = Counter(member.mention for member in named if member.head.group == group and member.name and not member.name.bare)
            if counts:
                self._longer[group] = counts.most_common(1)[0][0]
        self._issuer = self._own_form(named)

    def _own_form(self, named: Sequence[Member]) -> str:
        """The issuer as the text mostly writes it, complete."""
        if not self.home.issuer:
            return ""
        issuer = ordinary_case(self.home.issuer) if self.home.issuer.isupper() else self.home.issuer
        return issuer if self.home.central or not self.home.province or self.home.province.name in issuer else f"{issuer} {self.home.place}"

    def complete(self, member: Member, mention: str, following: Member | None) -> str:
        """The full name of a mention. `following` is the body named right after a comma behind a unit."""
        home, place = self.home, member.place
        defined = self.aliases.get(old_tone(mention))
        if defined and defined.mention != mention:
            return self.complete(defined, defined.mention, None)
        name = member.name
        top = name.deepest if name else None
        if name and name.bare and member.head.group in self._longer and not place:
            mention = self._longer[member.head.group]
            member = next((known for known in (member,) if known.mention == mention), member)
        entry = find_entry(mention)
        if entry and entry.place != "*" and (mention.isupper() or mention.endswith("CP") or mention in ("Đảng", "TTg", "TTgCP") or len(entry.name) > len(mention)) and entry.kind != "enterprise":
            return entry.name if mention != "Ban Bí thư" else mention
        words = old_tone(mention).split()
        if words[-1] in ("tỉnh", "tinh", "phố", "tp") and home.province and not home.central:
            if words[-2:-1] == ["cấp"]:
                return f"{mention[: -len('cấp tỉnh')]}{home.place}"
            return f"{re.sub('tinh$', 'tỉnh', mention)} {home.province.name}"
        if words[-2:] in (["tỉnh", "ủy"], ["thành", "ủy"], ["tỉnh", "đoàn"], ["thành", "đoàn"]):
            province = place.province if place and place.province else home.province
            return f"{mention} {province.name}" if province else mention
        if words[-1] in ("sở", "bộ") and top and top is not name and self._issuer:
            return f"{mention[: -len(words[-1])]}{self._issuer}"
        if place or (top and top.place):
            return mention
        if following and member.head.rank < following.head.rank:
            return f"{mention} {self.complete(following, following.mention, None)}"
        return self._local(member, mention, top)

    def _local(self, member: Member, mention: str, top: Name | None) -> str:
        home = self.home
        kind = top.head.kind if top else member.head.kind
        if home.central:
            if member.head.kind == "unit" and member.head.rank == 20 and old_tone(mention).startswith(("vụ", "phòng")):
                return f"{mention} {home.issuer}"
            return mention
        if not home.province or (top and top.head.level == "central") or member.head.level == "central":
            return mention
        if kind in LOCAL_KINDS or old_tone(mention) == "ban dân tộc":
            return f"{mention} {home.place}"
        if kind == "unit" and old_tone(mention).startswith("phòng") and self._issuer:
            return f"{mention} {self._issuer}"
        return mention


def entry_id(name: str) -> tuple[str | None, Agency | None]:
    """The id in the authority list that a full name denotes, with its entry.

    >>> entry_id("Sở Tư pháp tỉnh Lâm Đồng")[0], entry_id("UBND tỉnh Lâm Đồng")[0], entry_id("Bộ Tư pháp")[0]
    ('so-tu-phap.lam-dong', 'uy-ban-nhan-dan-tinh.lam-dong', 'bo-tu-phap')
    """
    tokens = Tokens.of_string(_long_form(name))
    found = agency_names().longest(tokens.words, 0)
    if not found:
        return None, None
    end, entry = found
    if entry.place != "*":
        return (entry.id, entry) if end == len(tokens.words) else (None, None)
    for start in (end, end + 1, end + 2):
        province = province_names().longest(tokens.words, start)
        if province and province[0] == len(tokens.words) and tokens.words[end:start] in ([], ["tỉnh"], ["thành", "phố"], ["tp"]):
            return f"{entry.id}.{province[1].id}", entry
    return None, None


def _long_form(name: str) -> str:
    """A name with the common abbreviations written out, so that it can be looked up."""
    for short, long in (("UBND", "Ủy ban nhân dân"), ("HĐND", "Hội đồng nhân dân"), ("thành phố", "tỉnh"), ("Thành phố", "tỉnh"), ("Thành ủy", "Tỉnh ủy")):
        name = name.replace(short, long)
    return name
