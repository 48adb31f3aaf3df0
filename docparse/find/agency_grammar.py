"""The grammar of the names of organisations: a head noun, a field or free name words, level and place, the body above."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import cache

from docparse.find.authority import agencies
from docparse.find.places import Place, province_names, read_level, read_place, stops, surnames
from docparse.find.tokens import Phrases, Tokens
from docparse.find.words import unaccent
from docparse.lexicon import load_values

LONGEST_CORE = 34
DEEPEST = 6
CENTRAL_RANKS = {"agency": 40, "unit": 40, "bank": 40, "enterprise": 40, "school": 40, "media": 40, "mass_org": 60, "ministry": 70, "department": 50}
TOP_RANK = 80
INITIALS = re.compile(r"[A-ZĐƯ][A-ZĐƯa-z]{0,2}[A-ZĐƯ]{0,10}(?:, ?TT ?(?:&|và) ?DL|(?: ?[&-] ?| và )(?=[A-ZĐ]{2})[A-ZĐƯ]{1,10}){0,3}(?!\w)")
NUMBER_BEFORE = re.compile(r"(?:[\d/][^\s,;()]{0,15}[-/&]|\d\s{0,3}/\s?)$")
TAILED = {"bank", "agency", "enterprise", "mass_org", "ministerial_agency"}
PROPER_SYLLABLES = {"hội", "trường", "đồn", "đội", "đài"}
OWN_BODIES = ("bộ", "sở")


@dataclass(frozen=True, slots=True)
class Head:
    """How names with a certain head noun are built (see lexicon/agency_types.toml)."""

    kind: str
    core: str
    rank: int
    bare: str = "never"
    start: str = "capital"
    level: str = ""
    inherits: bool = False
    place: bool = False
    comma: bool = False
    lists: bool = False
    proper: bool = False
    small: bool = False
    recipients: bool = False
    fixed: bool = False
    after: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()
    otherwise: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """A name as read: token ranges of head and core (end exclusive), the place, the body above, and `end` of the whole."""

    first: int
    head_end: int
    core_end: int
    end: int
    head: Head
    place: Place | None = None
    body: Name | None = None

    @property
    def bare(self) -> bool:
        """Whether a head noun stands alone."""
        return self.end == self.head_end and not self.head.fixed

    @property
    def deepest(self) -> Name:
        """The body at the top of the chain (`UBND tỉnh` in `Văn phòng UBND tỉnh`), or this name."""
        return self.body.deepest if self.body else self


@cache
def heads() -> Phrases[Head]:
    """Head nouns, and the whole names of the authority list as heads that need nothing more."""
    rows = []
    for number, row in enumerate(load_values("agency_types")["head"]):
        values = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items() if key != "forms"}
        rows += [(form, Head(**values, group=str(number))) for form in row["forms"]]
    for agency in agencies().values():
        if agency.place != "*":
            head = Head(kind=agency.kind, core="none", rank=CENTRAL_RANKS.get(agency.kind, TOP_RANK), bare="always", level="central", fixed=True, group=agency.id)
            rows += [(name, head) for name in (agency.name, *agency.aliases)]
        elif agency.kind == "department" and len(agency.symbol) > 2:
            rows.append((agency.symbol, Head(kind=agency.kind, core="none", rank=CENTRAL_RANKS.get(agency.kind, TOP_RANK), bare="always", level="provincial", fixed=True, group=agency.id)))
    return Phrases(rows)


@cache
def any_case() -> frozenset[str]:
    """First syllables of heads that need no capital (`tỉnh ủy`)."""
    return frozenset(form.split()[0] for row in load_values("agency_types")["head"] if row.get("start") == "any" for form in row["forms"])


@cache
def fields() -> tuple[Phrases[bool], Phrases[bool]]:
    """Fields of work that complete a name, with accents and, for slips of OCR and typing, without."""
    rows = load_values("agency_types")["fields"]["ministry"]
    return Phrases((row, True) for row in rows), Phrases((unaccent(row), True) for row in rows)


@cache
def name_words() -> tuple[Phrases[bool], Phrases[bool]]:
    """Lower-case words of names, and those of them that are also verbs (true where a name may open with the verb)."""
    data = load_values("agency_types")
    verbs, openers = data["names"]["verbs"], data["names"]["openers"]
    words = [word for word in [*data["fields"]["division"], *data["fields"]["ministry"], *data["names"]["words"]] if word.lower() not in verbs]
    return Phrases((row, True) for row in words), Phrases((row, row in openers) for row in verbs)


@cache
def traps() -> Phrases[bool]:
    """Phrases that begin with a head noun and are no names."""
    return Phrases((word, True) for word in load_values("agency_types")["names"]["traps"])


@cache
def compounds() -> frozenset[str]:
    """Two-syllable words whose second syllable looks like a head noun (`nhiệm vụ`)."""
    return frozenset(load_values("agency_types")["names"]["compounds"])


@cache
def function_words() -> frozenset[str]:
    """Words that are never the second syllable of a proper word."""
    return frozenset(load_values("agency_types")["names"]["function_words"])


@cache
def starters() -> frozenset[str]:
    """Words that begin a sentence: capitalised inside a run they are no part of a name."""
    return frozenset(load_values("agency_types")["names"]["starters"])


@cache
def connectives() -> Phrases[bool]:
    """Words that join the parts of a name."""
    return Phrases((word, True) for word in load_values("agency_types")["names"]["connectives"])


@cache
def type_words() -> frozenset[str]:
    """Words such as `TNHH` or `THPT` that make no name by themselves."""
    return frozenset(word for phrase in load_values("agency_types")["names"]["types"] for word in phrase.split())


class NameReader:
    """Reads names of organisations in the tokens of one text."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self._read: dict[int, Name | None] = {}
        self._depth = 0

    def may_begin(self, index: int) -> bool:
        """A quick look whether a name or a list can begin at a token: a capital, a capital soon after, or a plural before."""
        tokens = self.tokens
        last = min(index + 4, len(tokens.words) - 1)
        return not tokens.content[tokens.starts[index] : tokens.ends[last]].islower() or tokens.words[index] in any_case() or (index > 0 and tokens.words[index - 1] in ("các", "những"))

    def read(self, index: int) -> Name | None:
        """The name that begins at a token, a bare head included; None where no head noun stands."""
        if index not in self._read:
            self._read[index] = None
            if self._depth < DEEPEST:
                self._depth += 1
                self._read[index] = self._name(index)
                self._depth -= 1
        return self._read[index]

    def _name(self, index: int) -> Name | None:
        tokens, words = self.tokens, self.tokens.words
        found = heads().longest(words, index)
        if not found or (traps().longest(words, index) and found[0] - index == 1) or self.in_compound(index):
            return None
        head_end, head = found
        if not self._starts(index, head_end, head) or (head_end - index == 1 and self._inside_proper(index)):
            return None
        name = self._built(index, head_end, head)
        if name and name.bare and head.otherwise:
            other = heads().longest(head.otherwise.split(), 0)
            name = self._built(index, head_end, other[1]) if other else None
        return name

    def in_compound(self, index: int) -> bool:
        """Whether the token is the last syllable of a word such as `nhiệm vụ`."""
        words = self.tokens.words
        return index > 0 and f"{words[index - 1]} {words[index]}" in compounds() and not (self.tokens.capital(index) and not self.tokens.shouted(index))

    def _inside_proper(self, index: int) -> bool:
        """Whether the token is a syllable of a proper name (`Thạch Hội`, `xã Trường Sơn`)."""
        tokens, words = self.tokens, self.tokens.words
        if not index or tokens.shouted(index):
            return False
        level = read_level(tokens, index - 1)
        before = words[index - 2] if index > 1 and not {index, index - 1} & tokens.breaks else "."
        proper = tokens.capital(index - 1) and (before.isalpha() or before == ",") and not stops().longest(words, index - 1)
        return bool(level and level[0] == index and not tokens.capital(index - 1) and words[index - 2 : index - 1] != ["cấp"]) or (
            proper and words[index] in PROPER_SYLLABLES and words[index - 1] not in ("trưởng", "phó", "chánh"))

    def _built(self, index: int, head_end: int, head: Head) -> Name | None:
        name = Name(index, head_end, head_end, head_end, head)
        shouting = self.shouting(index, head_end)
        if head.core == "field":
            core = self.field_end(head_end, shouting=shouting)
            if not core and head.level == "provincial" and not shouting and head_end < len(self.tokens.words) and self.tokens.capital(head_end):
                core = self.core_end(head_end, head)
            if not core:
                return None
            name = replace(name, core_end=core, end=core)
        elif head.core == "name":
            opens = not head.opens or self.tokens.words[head_end : head_end + 1] and self.tokens.words[head_end] in head.opens
            core = self.core_end(head_end, head, shouting=shouting) if opens else head_end
            name = replace(name, core_end=core, end=core)
        name = self._with_body(name)
        return name if name.body else self._with_place(name, shouting=shouting)

    def _starts(self, index: int, head_end: int, head: Head) -> bool:
        tokens = self.tokens
        if head.after and (not index or tokens.words[index - 1] not in head.after):
            return False
        written = tokens.content[tokens.starts[index] : tokens.ends[head_end - 1]]
        initials = " " not in written and sum(map(str.isupper, written)) > 1
        if initials and NUMBER_BEFORE.search(tokens.content, max(tokens.starts[index] - 18, 0), tokens.starts[index]):
            return False
        if head.fixed and head_end - index == 1 and len(written) <= 5 and sum(map(str.isupper, written)) < 2:
            return tokens.capital(index) and not written.isascii()
        if head.start == "any" and tokens.words[head_end : head_end + 1] == ["ban"]:
            return False
        if tokens.capital(index) or head.start == "any":
            return True
        return head.start == "named" and head_end < len(tokens.words) and tokens.capital(head_end) and (head.core == "field" or head.kind in ("enterprise", "school") or not tokens.shouted(head_end))

    def shouting(self, index: int, head_end: int) -> bool:
        """Whether the name stands in capitals, so that they say nothing."""
        tokens = self.tokens
        last = head_end - 1
        if head_end < len(tokens.words) and tokens.words[head_end][0].isalpha():
            last = head_end
        capitals = all(tokens.shouted(i) or len(tokens.words[i]) == 1 for i in range(index, last + 1)) and last > index
        return capitals and not "".join(tokens.words[index : last + 1]).isascii()

    def field_end(self, index: int, *, shouting: bool = False) -> int | None:
        """The end of a field of work (`Kế hoạch và Đầu tư`, `NN&PTNT`) that begins at a token."""
        tokens, words = self.tokens, self.tokens.words
        if index >= len(words) or (index in tokens.breaks and not shouting):
            return None
        exact, plain = fields()
        found = exact.longest(words, index)
        window = [unaccent(word) for word in words[index : index + 8]]
        slip = plain.longest(window, 0)
        end = max(found[0] if found else 0, index + slip[0] if slip and (found or tokens.capital(index)) else 0)
        if end and (tokens.capital(index) or tokens.capital(index - 1)):
            return end
        if shouting or not tokens.capital(index):
            return None
        return self.initials_end(index) or self._capitals_end(index)

    def initials_end(self, index: int) -> int | None:
        """The end of initials such as `NN&PTNT`, `LĐ-TB&XH`."""
        tokens = self.tokens
        match = INITIALS.match(tokens.content, tokens.starts[index])
        if not match or heads().longest(tokens.words, index) or sum(map(str.isupper, match[0])) < 2:
            return None
        return bisect_left(tokens.starts, match.end())

    def _capitals_end(self, index: int) -> int | None:
        end = index
        while end < len(self.tokens.words) and self._capital_word(end) and not (end > index and end in self.tokens.breaks):
            end += 1
        return end if end - index >= 2 else None

    def _capital_word(self, index: int) -> bool:
        tokens = self.tokens
        return tokens.capital(index) and not stops().longest(tokens.words, index) and not read_level(tokens, index)

    def core_end(self, index: int, head: Head, *, shouting: bool = False) -> int:
        """The end of the free name words that begin at a token; `index` where none do."""
        tokens, words = self.tokens, self.tokens.words
        at, last = index, min(len(words), index + LONGEST_CORE)
        while at < last:
            element = self._element(at, index, head, shouting=shouting)
            if element is None:
                joined = self._join(at, index, head, shouting=shouting)
                if joined is None:
                    break
                at = joined
            else:
                at = element
        while at > index and words[at - 1] in (",", "-", "&"):
            at -= 1
        if head.comma:
            at = self._without_verb(index, at)
        if head.proper and not shouting and not self._has_proper(index, at) and not self._named_place(at):
            return index
        return at if at - index < LONGEST_CORE else index

    def _without_verb(self, index: int, end: int) -> int:
        """The end of a core without a verb that has lost its object (`Ban Chỉ đạo về giải quyết`)."""
        words, verbs = self.tokens.words, name_words()[1]
        for start in range(max(end - 3, index), end):
            verb = verbs.longest(words, start)
            if verb and verb[0] == end and not self.tokens.capital(start) and (start == index or words[start - 1] in ("về", "và", ",")):
                return max(start - 1, index)
        return end

    def _named_place(self, index: int) -> bool:
        place = read_place(self.tokens, index)
        return bool(place and (place.name or place.level != "other"))

    def _has_proper(self, first: int, last: int) -> bool:
        tokens = self.tokens
        return any((tokens.capital(i) or tokens.words[i].isdigit()) and tokens.words[i] not in type_words() for i in range(first, last))

    def _element(self, at: int, first: int, head: Head, *, shouting: bool) -> int | None:
        """The end of a part of a name that stands by itself: a phrase of the vocabulary, a capitalised word, a number."""
        tokens, words = self.tokens, self.tokens.words
        if at >= len(words) or (at in tokens.breaks and not shouting) or self._place_begins(at, first):
            return None
        capital = tokens.capital(at) and not shouting
        if self.inner(at, head) or (words[at] in OWN_BODIES and tokens.capital(at) and not shouting and self.read(at) is None and not self._runs_on(at)):
            return None
        if self._is_number(at, head):
            return at + 1
        nouns, verbs = name_words()
        noun = nouns.longest(words, at)
        verb = verbs.longest(words, at) if capital or at == first or words[at - 1] in ("và", "về", "các", ",") else None
        if not tokens.capital(at) and at == first and not head.small:
            return None
        if verb and not tokens.capital(at) and not (verb[1] and (head.comma or (at == first and head.small))):
            verb = None
        best = max(noun[0] if noun else 0, verb[0] if verb else 0)
        if best:
            return best
        if stops().longest(words, at):
            return None
        return self._capital_end(at, first) if capital else None

    def _runs_on(self, at: int) -> bool:
        tokens = self.tokens
        return at + 1 < len(tokens.words) and tokens.capital(at + 1) and at + 1 not in tokens.breaks and tokens.words[at + 1].isalpha()

    def inner(self, at: int, head: Head) -> bool:
        """Whether a body that can be above `head` begins at a token, so that the core of the name ends before it."""
        inner = self.read(at) if self.tokens.words[at] in heads() else None
        if not inner or not (self.tokens.capital(at) or inner.head.start == "any"):
            return False
        named = not inner.bare or inner.head.bare != "never" or inner.head.inherits
        return named and (inner.head.rank > head.rank or (not inner.bare and inner.head.kind == head.kind == "unit"))

    def _capital_end(self, at: int, first: int) -> int | None:
        tokens, words = self.tokens, self.tokens.words
        if at > first and words[at] in starters():
            return None
        if at > first and words[at] in surnames() and not tokens.capital(at - 1) and at + 2 < len(words) and tokens.capital(at + 1) and tokens.capital(at + 2):
            return None
        end = self.initials_end(at) or at + 1
        opens_part = at == first or not tokens.capital(at - 1) or words[at - 1] in type_words()
        follows = words[end] if end < len(words) else ""
        if opens_part and end == at + 1 and not tokens.shouted(at) and follows.isalpha() and not tokens.capital(end) and end not in tokens.breaks and follows not in function_words():
            return end + 1
        return end

    def _is_number(self, at: int, head: Head) -> bool:
        tokens, words = self.tokens, self.tokens.words
        previous, follows = words[at - 1], words[at + 1] if at + 1 < len(words) else ""
        if not (words[at].isdigit() or re.fullmatch(r"[ivx]+", words[at])) or len(words[at]) > 3 or follows in ("/", "%", "tháng", "ngày"):
            return False
        return previous in ("số", "án", "khu", "đoàn", "vực") or head.kind == "military" or (tokens.capital(at - 1) and not tokens.shouted(at - 1) and words[at] in "123456789")

    def _place_begins(self, at: int, first: int) -> bool:
        tokens = self.tokens
        if tokens.words[at] == "cấp" and read_place(tokens, at):
            return True
        level = read_level(tokens, at)
        if level and level[1] != "other" and not heads().longest(tokens.words, at):
            return True
        province = province_names().longest(tokens.words, at)
        return bool(province and tokens.capital(at) and at > first)

    def _join(self, at: int, first: int, head: Head, *, shouting: bool) -> int | None:
        """The end of a connective together with the part of the name that it joins, None where the name ends here."""
        tokens, words = self.tokens, self.tokens.words
        if at == first and not head.comma and (words[at] != "các" or head.kind not in ("unit", "fund", "association")):
            return None
        if at in tokens.breaks:
            return None
        if words[at] == ",":
            return self._comma(at, first, head, shouting=shouting)
        found = connectives().longest(words, at)
        if not found:
            return None
        end = found[0]
        word = words[at]
        if word in ("của", "thuộc"):
            body = self.read(end)
            if head.comma and body and words[body.end : body.end + 1] == ["về"]:
                return body.end
            return None
        if word in ("về", "cho", "với", "tại", "theo", "đối", "trong", "một", "gắn", "số") and not head.comma and (word != "về" or at == first) and word != "số":
            return None
        if word == "trên":
            return end if read_level(tokens, end) else None
        after = self._part(end, head, shouting=shouting)
        if after is None:
            return None
        small = not tokens.capital(end)
        if words[at] in ("và", "&") and small and not head.comma and tokens.capital(at - 1):
            return None
        company = head.kind == "enterprise"
        if words[at] == "-" and ((company and small) or not (company or small or name_words()[0].longest(words, end))):
            return None
        return after

    def _part(self, at: int, head: Head, *, shouting: bool) -> int | None:
        """The end of the part of a name after a connective; None where another organisation begins there."""
        if at >= len(self.tokens.words):
            return None
        own = self.read(at) if self.tokens.capital(at) else None
        if own and (not own.bare or own.head.bare != "never" or own.end - own.first > 1):
            return None
        return self._element(at, at - 1, head, shouting=shouting)

    def _comma(self, at: int, first: int, head: Head, *, shouting: bool) -> int | None:
        """A comma inside a name: between small-letter parts of a committee's name, or in an enumeration closed by `và`."""
        tokens, words = self.tokens, self.tokens.words
        end = at + 1
        after = self._part(end, head, shouting=shouting)
        if after is None:
            return None
        capital = tokens.capital(end)
        if (head.comma and not capital and at > first) or ("và" in words[end:after] and words[at - 1] != words[after - 1]):
            return after
        for _ in range(3):
            while after < len(words) and (more := self._element(after, end, head, shouting=shouting)):
                after = more
            if after >= len(words) or words[after] not in (",", "và", "&"):
                return None
            closing = words[after] != ","
            start = after + 1
            after = self._part(start, head, shouting=shouting)
            if after is None:
                return None
            if closing:
                return after if capital == tokens.capital(start) else None
        return None

    def _with_place(self, name: Name, *, shouting: bool) -> Name:
        tokens, words = self.tokens, self.tokens.words
        at, head = name.end, name.head
        if at >= len(words) or (head.fixed and head.kind not in TAILED) or (head.core == "field" and head.level == "central"):
            return self._with_term(name)
        level = read_level(tokens, at)
        inner = heads().longest(words, at)
        if inner and (not level or inner[0] > level[0]):
            return name
        if at in tokens.breaks and not (shouting and read_level(tokens, at) and name.bare):
            return name
        place = read_place(tokens, at, after_position=self.after_position(name.first), bare=not head.fixed or head.kind in ("enterprise", "agency"))
        if not place or (place.every and head.fixed):
            return self._with_term(name)
        if head.core == "name" and name.bare and head.kind in ("unit", "committee", "association", "fund", "office") and head.bare != "known":
            return name
        name = replace(name, place=place, end=place.end)
        if head.comma and words[place.end : place.end + 2] == ["giai", "đoạn"] and words[place.end + 3 : place.end + 4] == ["-"]:
            name = replace(name, end=place.end + 5)
        return name

    def _with_term(self, name: Name) -> Name:
        words = self.tokens.words
        if name.head.fixed and name.head.kind in ("legislature", "party") and words[name.end : name.end + 1] == ["khóa"] and name.end + 1 < len(words):
            return replace(name, end=name.end + 2)
        return name

    def after_position(self, index: int) -> bool:
        """Whether a position such as `Chủ tịch` stands right before a token, so that a person may be named after the body."""
        words = self.tokens.words
        return any(word in ("tịch", "thư", "đốc", "trưởng", "thường", "trực", "pct", "viện") for word in words[max(index - 3, 0) : index])

    def _with_body(self, name: Name) -> Name:
        tokens, words = self.tokens, self.tokens.words
        at = name.end
        if at >= len(words) or (name.head.fixed and words[at : at + 3] != ["-", "chi", "nhánh"]):
            return name
        if at in tokens.breaks:
            return name
        if (words[at] == "của" and name.head.rank <= 25) or (words[at : at + 3] == ["-", "chi", "nhánh"]):
            at += 1
        body = self.read(at) if at < len(words) else None
        fits = body and (body.head.rank > name.head.rank or words[at - 1] == "-") and not (body.place and (body.place.plural or body.place.every))
        if body and fits and not (name.bare and name.head.rank > 25) and (not body.bare or body.head.bare != "never" or body.head.inherits):
            return replace(name, body=body, end=body.end)
        if body is None and at == name.end and words[at : at + 1] in (["sở"], ["bộ"], ["ban"]) and tokens.capital(at) and name.head.rank <= 20:
            own = Name(at, at + 1, at + 1, at + 1, heads().longest([words[at]], 0)[1])  # type: ignore[index]
            return replace(name, body=own, end=own.end)
        return name



def reads_name(name: Name | None) -> bool:
    """Whether a name was read that is more than a bare head."""
    return bool(name and not name.bare)
