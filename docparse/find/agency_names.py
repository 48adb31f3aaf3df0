"""Completing the names of organisations with the level and place that the document makes certain."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from docparse.find.agency_grammar import Name, reads_name
from docparse.find.agency_home import Home
from docparse.find.agency_lists import Member
from docparse.find.agency_words import standard_field
from docparse.find.authority import agencies, find_entry
from docparse.find.places import province_names
from docparse.find.tokens import Tokens, folded_words
from docparse.lexicon import load_values
from docparse.words import old_tone, unaccent

LOCAL_KINDS = frozenset(
    [
        "department",
        "office",
        "association",
        "mass_org",
        "media",
        "military",
        "police",
        "inspectorate",
        "legislature",
        "people_committee",
        "people_council",
    ]
)
INITIALLED = ("agency", "ministry", "ministerial_agency")
GOVERNMENT = ("thủ tướng chính phủ", "chính phủ", "văn phòng chính phủ")
HOUSES = ("school", "hospital")
DIVISIONS = ("phòng ", "khoa ", "trung tâm ", "tổ ", "ban ", "đoàn thanh niên", "hội sinh viên", "công đoàn")
OF_AGENCY = ("vụ ", "cục ", "phòng ", "ban ")
ONE_PLACE = (["tỉnh", "ủy"], ["thành", "ủy"], ["tỉnh", "đoàn"], ["thành", "đoàn"])
PROVINCIAL_WORDS = ("tỉnh", "tinh", "phố", "tp", "tp.")
PLACE_WORDS = ("tỉnh", "thành", "tp", "việt", "huyện", "xã", "phường")
WIDE = ("trung ương", " tw", "việt nam", "quốc gia", "đông nam á", "thế giới")
CENTRE = ("trung ương ", "tw ", "tư ")
LONGEST_PLACE = 6
DEEPEST = 4
SHORT_FORM = re.compile(r"[\s,]{0,3}\((?:sau\s+đây\s+)?(?:(?:gọi|viết)\s+tắt\s+là\s*:?\s*|gọi\s+(?:chung\s+)?là\s+)?([^()\d]{2,40})\)")
INITIALS = re.compile(r"\b(?!CP\b)[A-ZĐ]*[A-ZĐ&]{2,}")
TERM = re.compile(r"\s+kh(?:óa|oá)\s+\S+$", re.IGNORECASE)
SAID = re.compile(r"tắt|gọi")


def find_short_forms(tokens: Tokens, members: Sequence[Member]) -> dict[str, Member]:
    """Short forms that the text defines after a name, `… (sau đây gọi tắt là QISC)`, `… (WHO)`, by folded form."""
    forms: dict[str, Member] = {}
    bodies = {form: body.mention for form, body in initials_of(members).items()}
    for member in members:
        match = SHORT_FORM.match(tokens.content, tokens.ends[member.end - 1])
        if not match or member.collective or member.head.kind == "government":
            continue
        form, entry = match[1].strip(), find_entry(member.mention)
        other = find_entry(form)
        field_only = entry is not None and form == entry.symbol[1:]
        initials = form.isupper() and " " not in form and len(form) > 2 and bodies.get(form, member.mention) == member.mention
        company = member.head.kind == "enterprise" and form.lower().startswith("công ty ") and set(form.split()[2:]) <= set(member.mention.split())
        if (SAID.search(match[0]) or initials or company) and not field_only and (other is None or other == entry):
            forms.setdefault(old_tone(form), member)
    return forms


def initials_of(members: Sequence[Member]) -> dict[str, Member]:
    """The central bodies of a text by their initials (`TCT` for Tổng cục Thuế)."""
    named = [one for one in members if not one.collective and (not one.name or reads_name(one.name))]
    bodies = [one for one in named if one.head.kind in INITIALLED and not one.place]
    return {form: body for body in bodies if len(form := _initials(body.mention.split())) > 1 and not _abbreviates(body.mention)}


class NameCompleter:
    """Gives the mentions of one document their full names."""

    def __init__(self, home: Home, short_forms: Mapping[str, Member], members: Sequence[Member]) -> None:
        self.home = home
        self._short_forms = short_forms
        self._slips = load_values("agency_types")["slips"]
        self._counts = Counter(member.mention for member in members if not member.collective)
        self._members = {member.mention: member for member in members}
        self._by_start: dict[str, dict[str, str]] = {}
        for mention in self._counts:
            words = old_tone(mention).split()
            for length in range(1, 0 if TERM.search(mention) else len(words)):
                self._by_start.setdefault(" ".join(words[:length]), {}).setdefault(" ".join(words), mention)
        self._longest: dict[tuple[str, bool], str | None] = {}
        self._issuer = self._own_name()
        self._many = {_head_of(member) for member in members if member.collective and member.name and member.name.body is None}
        ministries = {entry.symbol for entry in agencies().values() if entry.kind == "ministry" and entry.symbol}
        self._parents = (ministries | {_initials(above.split()) for above in (self._issuer, home.above)}) - {""}

    def _own_name(self) -> str:
        """The body that the divisions belong to, in the form that the text prefers, complete."""
        home, entry = self.home, find_entry(self.home.owner)
        forms = Counter({mention: count for mention, count in self._counts.items() if entry and " " in mention and find_entry(mention) == entry})
        issuer = forms.most_common(1)[0][0] if forms and not home.central else home.owner
        whole = not issuer or home.central or not home.province or home.province.name.lower() in issuer.lower() or home.kind in HOUSES
        if not whole and home.province and folded_words(issuer)[-1] in PROVINCIAL_WORDS:
            return f"{issuer} {home.province.name}"
        return standard_field(issuer if whole else f"{issuer} {home.place}")

    def complete(self, member: Member, *, body: Member | None = None, depth: int = 0) -> str:
        """The full name of a mention. `body` is the body that the text names right beside a unit (`Vụ Pháp chế, Bộ Tư pháp`)."""
        defined = self._short_forms.get(old_tone(member.mention))
        if not defined and member.head.kind == "enterprise":
            defined = self._short_forms.get(old_tone(member.mention.rpartition(" ")[2]))
        if depth > DEEPEST:
            return member.mention
        if defined and defined.mention != member.mention:
            return self.complete(defined, depth=depth + 1)
        mention = self._listed(member, standard_field(self._without_slips(member.mention)))
        if self._is_whole(member, mention):
            return mention
        return (
            self._longer(member, mention, depth)
            or (f"{mention}, {member.seat}" if member.seat else None)
            or self._placed(member, mention)
            or self._under_body(member, mention, body, depth)
            or self._local(member, mention)
        )

    def _is_whole(self, member: Member, mention: str) -> bool:
        """Whether a name stays as it is: of many bodies (`Cục Thuế` beside `Cục Thuế các tỉnh`), or with the initials of its parent (`Ban PC-CT`)."""
        if self.home.central and member.name and member.name.bare and member.head.kind == "agency" and old_tone(mention) in self._many:
            longer = self._by_start.get(old_tone(mention), {}).values()
            return sum(self._members[other].place is not None for other in longer) != 1
        unit, _, initials = mention.rpartition("-")
        return bool(unit) and " " in unit and not unit.endswith(" ") and initials in self._parents

    def _without_slips(self, mention: str) -> str:
        folded = old_tone(mention)
        for slip, meant in self._slips.items():
            right = meant.replace("Tỉnh ủy", "Thành ủy") if self.home.form == "thành phố" else meant
            found = re.search(rf"(?<!\S){slip}(?!\S)", folded)
            if found and not folded.startswith(old_tone(right), found.start()):
                return f"{mention[: found.start()]}{right}{mention[found.end() :]}"
        return mention

    def _listed(self, member: Member, mention: str) -> str:
        """The name in the authority list, for initials, short forms and slips; the style of the text stays otherwise."""
        entry = find_entry(mention)
        if not entry or member.place or self._is_division(mention) or entry.kind == "enterprise" or entry.id == "ban-bi-thu-trung-uong-dang":
            return mention
        if entry.place == "*":
            return mention if " " in mention else entry.name
        if " " in mention and INITIALS.search(mention):
            return mention
        slip = unaccent(entry.name).lower() == unaccent(mention).lower() and old_tone(entry.name) != old_tone(mention)
        return entry.name if slip or len(entry.name) > len(mention) else mention

    def _longer(self, member: Member, mention: str, depth: int) -> str | None:
        """The longer name of the text for which a bare head (`Ban Chỉ đạo`) or a name without its place stands."""
        name = member.name
        committee = self._best_longer(mention, anything=False) if name and name.head.comma and not name.bare else None
        if committee:
            return self.complete(self._members[committee], depth=depth + 1)
        if not name or member.place or (name.body and not name.deepest.bare):
            return None
        top = name.deepest
        if top.bare and top.head.core == "field" and self._issuer:
            return None
        words = mention.split()
        cut = len(words) - (top.end - top.first) if name.body else 0
        lead, start = " ".join(words[:cut]), " ".join(words[cut:])
        if name.head.level and not (top.bare and top.head.bare == "known"):
            return None
        if top.bare and top.head.kind == self.home.kind == "people_council":
            return f"{mention} {self.home.locality or self.home.place}".strip()
        best = self._best_longer(start, anything=top.bare) or (self._spelled_out(name, mention) if name.head.kind == "unit" else None)
        if not best:
            return None
        known = self._members[best]
        return f"{lead} {self.complete(known, depth=depth + 1)}".strip()

    def _spelled_out(self, name: Name, mention: str) -> str | None:
        """The one name of the text whose initials a unit bears (`Phòng CNTT`)."""
        words = mention.split()
        size = name.head_end - name.first
        initials = "".join(filter(str.isalpha, "".join(words[size:])))
        if name.body or len(initials) < 2 or not initials.isupper():
            return None
        longer = [other for other in self._by_start.get(old_tone(" ".join(words[:size])), {}).values() if _initials(other.split()[size:]) == initials]
        return longer[0] if len(longer) == 1 else None

    def _best_longer(self, start: str, *, anything: bool) -> str | None:
        """The most frequent longer name that begins like `start`; without `anything` the only one that adds a place."""
        key = (old_tone(start), anything)
        if key not in self._longest:
            longer = [
                other for other in self._by_start.get(key[0], {}).values() if anything or self._members[other].head.comma or _adds_place(start, other)
            ]
            certain = longer and (anything or len(longer) == 1)
            self._longest[key] = max(longer, key=lambda other: self._counts[other]) if certain else None
        return self._longest[key]

    def _placed(self, member: Member, mention: str) -> str | None:
        """The name of a mention that has a level, or that stands at the head of a level by itself (`Tỉnh ủy`)."""
        place = member.place or (member.name.deepest.place if member.name else None)
        if folded_words(mention)[-2:] in ONE_PLACE:
            province = place.province if place and place.province else self.home.province
            return f"{mention} {province.name}" if province else mention
        if place and place.name and not place.province and member.head.kind == "media" and self._is_home(place.name):
            return f"{mention.removesuffix(place.name)}{self.home.province.name if self.home.province else place.name}"
        if not place or place.name or place.plural or (place.every and place.level != "provincial"):
            return mention if place else None
        if place.level == "provincial":
            return self._with_province(mention)
        named = [other for other in self._by_start.get(old_tone(mention), {}).values() if len(other.split()) <= len(mention.split()) + LONGEST_PLACE]
        return named[0] if len(named) == 1 else mention

    def _is_home(self, initials: str) -> bool:
        """Whether these are the initials of the home province (`NA` for Nghệ An)."""
        return self.home.province is not None and initials == "".join(word[0] for word in self.home.province.name.split())

    def _with_province(self, mention: str) -> str:
        if term := TERM.search(mention):
            return f"{self._with_province(mention[: term.start()])}{term[0]}"
        words, home = old_tone(mention).split(), self.home
        if words[-1] not in PROVINCIAL_WORDS or not home.province:
            return mention
        if words[-2:-1] == ["cấp"]:
            return mention if home.central else f"{mention[: -len('cấp tỉnh')]}{home.place}"
        return f"{re.sub('tinh$', 'tỉnh', mention)} {home.province.name}"

    def _under_body(self, member: Member, mention: str, body: Member | None, depth: int) -> str | None:
        """A unit with the body that it belongs to: the issuer (`Văn phòng Sở`), or the one named beside it."""
        own = member.name.body if member.name else None
        if own and own.end - own.first == 1 and own.head.core == "field" and self._issuer:
            unit, _, kind = mention.rpartition(" ")
            owner = next((above for above in (self._issuer, self.home.above) if old_tone(above).startswith(old_tone(kind))), "")
            return f"{unit} {owner}" if owner else mention
        if body:
            return f"{mention} {self.complete(body, depth=depth + 1)}"
        return mention if own and (own.head.fixed or own.head.level == "central") else None

    def _local(self, member: Member, mention: str) -> str:
        """A name without a place, completed from the issuer of the document."""
        home, folded = self.home, old_tone(mention)
        head = member.name.deepest.head if member.name else member.head
        if self._is_division(mention):
            return f"{mention} {self._issuer}"
        if home.kind == "people_council" and folded.startswith("ban ") and head.kind == "unit" and self._issuer:
            return f"{mention} {self._issuer}"
        if home.central:
            local = head.kind in ("legislature", "department") and not head.fixed
            return self._of_centre(mention, local=local, unit=head.core != "none")
        if folded.endswith(WIDE) or folded.startswith(CENTRE) or "central" in (head.level, member.head.level):
            return mention
        if home.locality:
            own = folded.startswith(("phòng ", "văn phòng", "đảng ủy")) or member.head.kind in ("office", "people_council", "people_committee")
            return f"{mention} {home.locality}" if own and " " in home.locality else mention
        if not home.province:
            return mention
        centre = head.kind == "unit" and head.core == "none" and " " not in mention
        if head.kind in LOCAL_KINDS or centre or folded.startswith("ban dân tộc"):
            return f"{mention} {home.province.name if folded.endswith('tp') else home.place}"
        if folded.startswith("phòng ") and self._issuer:
            office = re.sub("(?i)^ủy ban nhân dân", "Văn phòng UBND", self._issuer) if home.kind == "people_committee" else self._issuer
            return f"{mention} {office}"
        return f"{mention} {home.place}" if home.kind == "people_committee" and folded == old_tone(home.issuer) else mention

    def _is_division(self, mention: str) -> bool:
        """Whether a name in a document of a school or hospital is that of its own division (`Phòng Đào tạo`, `Đoàn thanh niên`)."""
        return self.home.kind in HOUSES and bool(self._issuer) and old_tone(mention).startswith(DIVISIONS)

    def _of_centre(self, mention: str, *, local: bool, unit: bool) -> str:
        """A name in a document of a central issuer: its own units, the portal of the Government, a local body of the one province it is about."""
        home, folded = self.home, old_tone(mention)
        government = old_tone(home.issuer) in GOVERNMENT
        ministry = home.kind in ("ministry", "ministerial_agency", "agency", "party") and folded.startswith(("phòng ", "cục "))
        if home.kind == "agency" and not government:
            own = self._of_agency(mention) if unit or folded.startswith("ban ") else mention
            return f"{mention} {home.place}" if own == mention and local and home.province else own
        if folded.startswith("vụ ") or (ministry and unit and not government):
            return f"{mention} {'Văn phòng Chính phủ' if government else self._issuer}"
        if folded.startswith("cổng ") and government and not folded.endswith("cp"):
            return f"{mention} Chính phủ"
        if home.kind == "party" and folded == old_tone(home.issuer) and not folded.endswith(WIDE):
            return f"{mention} Trung ương"
        return f"{mention} {home.place}" if home.province and local else mention

    def _of_agency(self, mention: str) -> str:
        """A unit in a document of a central department: one of its own, or of the same rank (`Vụ`, `Cục`) and of the ministry above."""
        folded, owner = old_tone(mention), old_tone(self._issuer)
        other = folded.startswith("ban quản lý") or find_entry(mention) or _ends_with_province(mention)
        if folded == owner or not folded.startswith(OF_AGENCY) or other:
            return mention
        equal = folded.startswith(("vụ ", "cục ")) and owner.startswith("cục ")
        return f"{mention} {self.home.above if equal else self._issuer}".strip()


def _ends_with_province(mention: str) -> bool:
    words = folded_words(mention)
    return any((found := province_names().longest(words, at)) and found[0] == len(words) for at in range(2, len(words)))


def _abbreviates(mention: str) -> bool:
    return mention.isupper() or any(word.isupper() and len(word) > 1 for word in mention.split())


def _head_of(member: Member) -> str:
    name = member.name
    return " ".join(old_tone(member.mention).split()[: name.head_end - name.first]) if name else ""


def _initials(words: Sequence[str]) -> str:
    return "".join(word[0].upper() for word in words if word[0].isalpha() and word != "và") if len(words) > 1 else ""


def _adds_place(short: str, longer: str) -> bool:
    rest = folded_words(longer)[len(folded_words(short)) :]
    return bool(rest) and rest[0] in PLACE_WORDS and len(rest) <= LONGEST_PLACE
