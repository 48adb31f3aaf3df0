"""Completing the names of organisations with the level and place that the document makes certain."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from docparse.find.agency_grammar import Name, NameReader
from docparse.find.agency_lists import Member
from docparse.find.authority import agency_names, find_entry
from docparse.find.places import Province, province_names, provinces
from docparse.find.tokens import Tokens, folded_words
from docparse.find.words import old_tone, unaccent
from docparse.lexicon import load_values
from docparse.record import Header

LOCAL_KINDS = frozenset(["department", "office", "association", "mass_org", "media", "military", "police", "inspectorate", "people_committee", "people_council"])
GOVERNMENT = ("thủ tướng chính phủ", "chính phủ", "văn phòng chính phủ")
SHORT_FORM = re.compile(r"[\s,]{0,3}\((?:sau\s+đây\s+)?(?:(?:gọi|viết)\s+tắt\s+là\s*:?\s*|gọi\s+(?:chung\s+)?là\s+)?([^()\d]{2,40})\)")
SAID = re.compile(r"tắt|gọi")


@dataclass(frozen=True, slots=True)
class Home:
    """Where a document comes from: the province with its form (`tỉnh`), the issuer, and whether that is a central body.

    `locality` is the district or commune of the issuer (`phường Hồng Ngự`), empty above them. Of a central issuer `province` is the one province that its document is about, None where there are several.
    """

    province: Province | None = None
    form: str = ""
    issuer: str = ""
    kind: str = ""
    central: bool = False
    locality: str = ""

    @property
    def place(self) -> str:
        """Level and place as they follow a name: `tỉnh Lâm Đồng`."""
        return f"{self.form} {self.province.name}" if self.province else ""


def find_home(header: Header, members: Sequence[Member], tokens: Tokens) -> Home:
    """The home of a document from its header, where that is silent from the provinces that it names."""
    issuer, parent = _name_of(header.issuer), _name_of(header.parent_issuer)
    stated = [name.deepest.place.province for name in (issuer, parent) if name and name.deepest.place and name.deepest.place.province]
    central = bool(issuer and not stated and (issuer.head.level == "central" or (parent and parent.head.level == "central")))
    printed = _provinces_of(Tokens.of_string(header.place or "")) if issuer and not central else []
    named = [member.place.province for member in members if member.place and member.place.province]
    if not central and not stated and not printed and not named:
        named = _provinces_of(tokens)
    province = next(iter([*stated, *printed]), None)
    if not province and named:
        best, count = Counter(found.id for found in named).most_common(1)[0]
        province = provinces()[best] if count == len(named) or (not central and count * 2 > len(named)) else None
    form = province.form_on(header.date) if province else ""
    spelled = Tokens.of_string(header.issuer or "").spelled(0, issuer.end) if issuer else header.issuer or ""
    seat = next((name.deepest.place for name in (issuer, parent) if name and name.deepest.place), None)
    locality = f"{seat.unit.lower()} {seat.name or ''}".strip() if seat and seat.level in ("district", "commune") else ""
    return Home(province, form, spelled, issuer.head.kind if issuer else "", central, locality)


def _name_of(text: str | None) -> Name | None:
    return NameReader(Tokens.of_string(text)).read(0) if text else None


def _provinces_of(tokens: Tokens) -> list[Province]:
    """The provinces named after `tỉnh`, `thành phố` or at the start, in order."""
    words = tokens.words
    at = [0, *(i + 1 for i, word in enumerate(words) if word in ("tỉnh", "phố", "tp", "."))]
    return [found[1] for index in at if (found := province_names().longest(words, index))]


def find_short_forms(tokens: Tokens, members: Sequence[Member]) -> dict[str, Member]:
    """Short forms that the text defines after a name, `… (sau đây gọi tắt là QISC)`, `… (WHO)`, by folded form."""
    forms: dict[str, Member] = {}
    for member in members:
        match = SHORT_FORM.match(tokens.content, tokens.ends[member.end - 1])
        entry = find_entry(member.mention)
        other = find_entry(match[1]) if match else None
        if match and ((entry and match[1] == entry.symbol[1:]) or (other and other != entry)):
            continue
        if match and not member.collective and (SAID.search(match[0]) or (match[1].isupper() and " " not in match[1] and len(match[1]) > 2)):
            forms.setdefault(old_tone(match[1].strip()), member)
    return forms


class NameCompleter:
    """Gives the mentions of one document their full names."""

    def __init__(self, home: Home, short_forms: dict[str, Member], members: Sequence[Member]) -> None:
        self.home = home
        self.short_forms = short_forms
        self._slips = load_values("agency_types")["slips"]
        counts = Counter(member.mention for member in members if not member.collective)
        self._by_start: dict[str, list[str]] = {}
        for mention in counts:
            words = old_tone(mention).split()
            for length in range(1, len(words)):
                starts = self._by_start.setdefault(" ".join(words[:length]), [])
                if old_tone(mention) not in map(old_tone, starts):
                    starts.append(mention)
        self._counts = counts
        self._members = {member.mention: member for member in members}
        self._issuer = self._own_name()

    def _own_name(self) -> str:
        """The issuer in the form that the text prefers, complete."""
        home = self.home
        entry = find_entry(home.issuer)
        forms = Counter({mention: count for mention, count in self._counts.items() if entry and find_entry(mention) == entry})
        issuer = forms.most_common(1)[0][0] if forms and not home.central and " " in forms.most_common(1)[0][0] else home.issuer
        return issuer if not issuer or home.central or not home.province or home.province.name in issuer else f"{issuer} {home.place}"

    def complete(self, member: Member, *, body: Member | None = None) -> str:
        """The full name of a mention. `body` is the body that the text names right beside a unit (`Vụ Pháp chế, Bộ Tư pháp`)."""
        defined = self.short_forms.get(old_tone(member.mention))
        if not defined and member.head.kind == "enterprise":
            defined = self.short_forms.get(old_tone(member.mention.rpartition(" ")[2]))
        if defined and defined.mention != member.mention:
            return self.complete(defined)
        mention = self._without_slips(member.mention)
        longer = self._longer(member, mention)
        if longer:
            return longer
        entry = find_entry(mention)
        if entry and entry.kind != "enterprise" and len(entry.name) > len(mention) and entry.id != "ban-bi-thu-trung-uong-dang" and not member.place:
            if entry.place != "*":
                return entry.name
            mention = entry.name if " " not in mention else mention
        elif entry and entry.place != "*" and unaccent(entry.name).lower() == unaccent(mention).lower() and old_tone(entry.name) != old_tone(mention):
            return entry.name
        if member.head.kind in ("school", "hospital") and member.seat:
            return f"{mention}, {member.seat}"
        return self._placed_name(member, mention) or self._under_body(member, mention, body) or self._local(member, mention)

    def _without_slips(self, mention: str) -> str:
        for slip, right in self._slips.items():
            if old_tone(mention).startswith(slip) or f" {slip} " in old_tone(mention):
                at = old_tone(mention).index(slip)
                mention = f"{mention[:at]}{right}{mention[at + len(slip) :]}"
        return mention

    def _longer(self, member: Member, mention: str) -> str | None:
        """The longer name of the text for which a bare head (`Ban Chỉ đạo`) or a name without its place stands."""
        name = member.name
        if not name or member.place or (name.body and not name.deepest.bare):
            return None
        start = mention
        lead = ""
        if name.body and name.deepest.bare:
            words = mention.split()
            cut = len(words) - (name.deepest.end - name.deepest.first)
            lead, start = " ".join(words[:cut]), " ".join(words[cut:])
        if not (name.deepest.bare and name.deepest.head.bare == "known") and name.head.level:
            return None
        candidates = [other for other in self._by_start.get(old_tone(start), ()) if name.deepest.bare or self._adds_place(start, other)]
        if not candidates:
            return None
        best = max(candidates, key=lambda other: self._counts[other])
        if not name.deepest.bare and len(candidates) > 1:
            return None
        known = self._members.get(best)
        full = self.complete(known) if known else self._with_province(best)
        return f"{lead} {full}".strip()

    def _adds_place(self, short: str, longer: str) -> bool:
        rest = Tokens.of_string(longer).spelled(len(Tokens.of_string(short).words), len(Tokens.of_string(longer).words))
        return rest.split(" ")[0].lower() in ("tỉnh", "thành", "tp", "việt", "huyện", "xã", "phường") and len(rest.split()) <= 6

    def _with_province(self, mention: str) -> str:
        words = old_tone(mention).split()
        home = self.home
        if words[-1] not in ("tỉnh", "tinh", "phố", "tp", "tp.") or not home.province:
            return mention
        if words[-2:-1] == ["cấp"]:
            return mention if home.central else f"{mention[: -len('cấp tỉnh')]}{home.place}"
        return f"{re.sub('tinh$', 'tỉnh', mention)} {home.province.name}"

    def _placed_name(self, member: Member, mention: str) -> str | None:
        """The name of a mention that has a level, or that stands at the head of a level by itself (`Tỉnh ủy`)."""
        place = member.place or (member.name.deepest.place if member.name else None)
        if old_tone(mention).split()[-2:] in (["tỉnh", "ủy"], ["thành", "ủy"], ["tỉnh", "đoàn"], ["thành", "đoàn"]):
            province = place.province if place and place.province else self.home.province
            return f"{mention} {province.name}" if province else mention
        if not place:
            return None
        if place.name or place.plural or (place.every and place.level != "provincial"):
            return mention
        if place.level == "provincial":
            return self._with_province(mention)
        named = [other for other in self._by_start.get(old_tone(mention), ()) if self._adds_place("", other[len(mention) - len(place.unit) :])]
        return named[0] if len(named) == 1 else mention

    def _under_body(self, member: Member, mention: str, body: Member | None) -> str | None:
        name = member.name
        own = name.body if name else None
        if own and own.end - own.first == 1 and own.head.core == "field" and self._issuer:
            return f"{mention.rpartition(' ')[0]} {self._issuer}"
        if body:
            return f"{mention} {self.complete(body)}"
        return mention if own and (own.head.fixed or own.head.level == "central") else None

    def _local(self, member: Member, mention: str) -> str:
        """A name without a place, completed from the issuer of the document."""
        home, top, folded = self.home, member.name.deepest if member.name else None, old_tone(mention)
        if home.central:
            government = old_tone(home.issuer) in GOVERNMENT
            if folded.startswith("vụ ") or (not government and folded.startswith(("phòng ", "cục ")) and not (top and top.head.core == "none")):
                return f"{mention} {'Văn phòng Chính phủ' if government else self._issuer}"
            if folded.startswith("cổng ") and government and "cp" not in folded:
                return f"{mention} Chính phủ"
            if home.kind == "party" and folded == old_tone(home.issuer):
                return f"{mention} Trung ương"
            return f"{mention} {home.place}" if home.province and top and top.head.kind == "legislature" and not top.head.fixed else mention
        if folded.endswith(("trung ương", " tw", "việt nam", "quốc gia")):
            return mention
        if home.locality:
            own = " " in home.locality and (folded.startswith(("phòng ", "văn phòng", "đảng ủy")) or kind_of(member) in ("office", "people_council", "people_committee"))
            return f"{mention} {home.locality}" if own else mention
        if not home.province or "central" in ((top.head.level if top else ""), member.head.level):
            return mention
        if (top.head.kind if top else member.head.kind) in (*LOCAL_KINDS, "legislature") or folded == "ban dân tộc":
            return f"{mention} {home.place}"
        if folded.startswith("phòng ") and self._issuer:
            office = "Văn phòng " if home.kind == "people_committee" else ""
            return f"{mention} {office}{_abbreviated(self._issuer) if office else self._issuer}"
        return mention


def kind_of(member: Member) -> str:
    """The kind of the body that a mention denotes (`office` for `Văn phòng UBND`)."""
    return member.head.kind


def _abbreviated(issuer: str) -> str:
    return re.sub(r"(?i)^ủy ban nhân dân", "UBND", issuer)


@lru_cache(maxsize=4096)
def entry_id(name: str) -> tuple[str | None, str | None, str | None]:
    """The id in the authority list that a full name denotes, with its kind and level; None where it has none.

    >>> entry_id("Sở Tư pháp tỉnh Lâm Đồng")[0], entry_id("UBND tỉnh Lâm Đồng")[0], entry_id("Bộ Tư pháp")
    ('so-tu-phap.lam-dong', 'uy-ban-nhan-dan-tinh.lam-dong', ('bo-tu-phap', 'ministry', 'central'))
    """
    whole = find_entry(name)
    if whole and whole.place != "*":
        return whole.id, whole.kind, whole.level
    for short, long in load_values("agency_types")["written_out"].items():
        name = name.replace(short, long)
    words = folded_words(name)
    province = next((found for at in range(len(words) - 1, max(len(words) - 7, 0), -1) if (found := province_names().longest(words, at)) and found[0] == len(words)), None)
    if not province:
        return None, None, None
    length = len(folded_words(province[1].name))
    start = next((at for at in range(max(len(words) - 7, 1), len(words)) if province_names().longest(words, at) == province), len(words) - length)
    rest = words[:start]
    stem = rest[: -1 if rest[-1:] in (["tỉnh"], ["tp"]) else -2 if rest[-2:] == ["thành", "phố"] else len(rest)]
    for candidate in (stem, [*stem, "tỉnh"]):
        found = agency_names().longest(candidate, 0)
        if found and found[0] == len(candidate) and found[1].place == "*":
            return f"{found[1].id}.{province[1].id}", found[1].kind, found[1].level
    entry = find_entry(name.split(" tỉnh ")[0].split(" thành phố ")[0])
    return (f"{entry.id}.{province[1].id}", entry.kind, entry.level) if entry and entry.place == "*" else (None, None, None)
