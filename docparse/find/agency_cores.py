"""Where the words of a name end: fields of work, initials, and free name words with their connectives."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import Protocol

from docparse.find.agency_words import (
    Head,
    Vocabulary,
    connectives,
    enders,
    lexicon_vocabulary,
    nouns,
    parties,
    projects,
    starters,
    type_words,
    verbs,
)
from docparse.find.places import province_names, read_level, read_place, stops, surnames
from docparse.find.tokens import Tokens
from docparse.words import unaccent

LONGEST_CORE = 34
LONGEST_FIELD = 8
LONGEST_LIST = 3
LONGEST_RUN = 6
LONGEST_HEAD = 3
INITIALS = re.compile(
    r"V\.[IVX]{1,3}(?!\w)|[A-ZĐ]{2,6}\d{1,2}(?!\w)"
    r"|[A-ZĐƯ][A-ZĐƯa-z]{0,2}[A-ZĐƯ]{0,10}(?:, ?TT ?(?:&|và) ?(?:DL|Du lịch)|(?: ?[&-] ?| và )(?=[A-ZĐ]{2})[A-ZĐƯ]{1,10}){0,3}(?!\w)"
)
DOTTED = re.compile(r"(?:[A-ZĐ]{1,2}\.){1,5}[A-ZĐ]{1,2}(?!\w)")
ROMAN = re.compile(r"[ivx]+")
BEFORE_VERB = ("và", "về", "các", ",", "tác", "gia", "nước", "ương", "tw")
COMPANY_FORMS = ("tnhh", "mtv", "cp", "tmcp", "phần", "hạn", "viên")
ONE_LETTER = ("y", "ý", "ô", "ổ", "á")
OWN_BODIES = ("bộ", "sở")
NUMBERED = ("đạo", "án")
COUNTED = ("số", "án", "khu", "đoàn", "vực")
KINDS_OF_MANY = ("unit", "fund", "association", "committee")
QUOTES = {'"': '"', "“": "”"}
LONGEST_QUOTATION = 20
CLOSERS = (",", ";", ".", ")", "(", "/", "-", "và", "thuộc", "của")
CLOSING_MARKS = (",", ";", ".", "(", ")", "-")
COMMITTEE_JOINS = ("về", "cho", "với", "tại", "theo", "đối", "trong", "một", "gắn")


class _Read(Protocol):
    """What a core needs to know of a name that begins inside it."""

    @property
    def first(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def head(self) -> Head: ...
    @property
    def bare(self) -> bool: ...


class CoreReader:
    """Reads fields and free name words; `read` tells of names that begin inside."""

    def __init__(self, tokens: Tokens, vocabulary: Vocabulary | None = None) -> None:
        self.tokens = tokens
        self.vocabulary = vocabulary or lexicon_vocabulary()
        self.heads = self.vocabulary.heads

    def read(self, index: int) -> _Read | None:
        """The name that begins at a token."""
        raise NotImplementedError

    def field_end(self, index: int, *, shouting: bool = False) -> int | None:
        """The end of a field of work (`Kế hoạch và Đầu tư`, `NN&PTNT`) that begins at a token."""
        tokens, words = self.tokens, self.tokens.words
        if index >= len(words) or (index in tokens.breaks and not shouting):
            return None
        exact, plain = self.vocabulary.fields
        found = exact.longest(words, index)
        slip = plain.longest([unaccent(word) for word in words[index : index + LONGEST_FIELD]], 0)
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
        if not match or self.heads.longest(tokens.words, index) or sum(map(str.isupper, match[0])) < 2:
            return None
        return bisect_left(tokens.starts, match.end())

    def _capitals_end(self, index: int) -> int | None:
        tokens, end = self.tokens, index
        last = min(index + LONGEST_FIELD, len(tokens.words))
        while end < last and tokens.capital(end) and not (stops().longest(tokens.words, end) or read_level(tokens, end)):
            if end > index and end in tokens.breaks:
                break
            end += 1
        return end if end - index >= 2 else None

    def core_end(self, index: int, head: Head, *, shouting: bool = False) -> int:
        """The end of the free name words that begin at a token; `index` where none do."""
        words = self.tokens.words
        at, last = index, min(len(words), index + LONGEST_CORE)
        while at < last:
            after = self._element(at, index, head, shouting=shouting) or self._join(at, index, head, shouting=shouting)
            after = after or (None if shouting else self._run(at, index, head))
            if after is None:
                break
            at = after
        while at > index and words[at - 1] in (",", "-", "&"):
            at -= 1
        if head.comma:
            at = self._without_verb(index, at)
        if head.proper and not shouting and not self._has_proper(index, at) and not self._is_placed(at):
            return index
        return at if at < index + LONGEST_CORE else index

    def _without_verb(self, index: int, end: int) -> int:
        """The end of a core without a verb that has lost its object (`Ban Chỉ đạo về giải quyết`)."""
        words = self.tokens.words
        for start in range(max(end - 3, index), end):
            verb = verbs().longest(words, start)
            if verb and verb[0] == end and not self.tokens.capital(start) and (start == index or words[start - 1] in ("về", "và", ",")):
                return max(start - 1, index)
        return end

    def _is_placed(self, index: int) -> bool:
        place = read_place(self.tokens, index)
        return bool(place and (place.name or place.level != "other"))

    def _has_proper(self, first: int, last: int) -> bool:
        tokens = self.tokens
        return any((tokens.capital(i) or tokens.words[i].isdigit()) and tokens.words[i] not in type_words() for i in range(first, last))

    def _element(self, at: int, first: int, head: Head, *, shouting: bool) -> int | None:
        """The end of a part of a name that stands by itself: a phrase of the vocabulary, a capitalised word, a number."""
        tokens, words = self.tokens, self.tokens.words
        if (
            at >= len(words)
            or (at in tokens.breaks and not shouting and not (at == first and self._headed(at)))
            or self._place_begins(at, first - (head.bare == "always"))
            or self._body_begins(at, head, shouting=shouting)
        ):
            return None
        if self._is_number(at, head):
            return at + 1
        capital, opens = tokens.capital(at), at == first or words[at - 1] in COMPANY_FORMS
        noun = nouns().longest(words, at) or (projects().longest(words, at) if head.comma else None)
        if not capital and at == first and not head.small:
            return self._small_opening(at, head, noun[0] if noun else at)
        trade = not capital and head.kind == "enterprise" and self._is_trade(at)
        verb = verbs().longest(words, at) if (capital and not shouting) or opens or trade or words[at - 1] in BEFORE_VERB else None
        if verb and not capital and not trade and not (verb[1] and (head.comma or (opens and head.small))):
            verb = None
        end = max(noun[0] if noun else 0, verb[0] if verb else 0)
        if end and not capital and head.kind == "enterprise" and at > first and self._after_brand(at):
            return None
        if end or shouting or not capital or stops().longest(words, at):
            return end or None
        return self._capital_end(at, first)

    def _is_trade(self, at: int) -> bool:
        """Whether a verb behind known words and `và` goes on a company's name to its end (`Công ty Cơ khí xây dựng;`)."""
        tokens, words = self.tokens, self.tokens.words
        joined = words[at - 1] == "và"
        before, verb = at - joined, verbs().longest(words, at)
        if not verb or tokens.capital(before - 1) or not any(_ends(words, start, before) for start in range(max(before - LONGEST_HEAD, 0), before)):
            return False
        end = verb[0]
        while end < len(words) and end not in tokens.breaks and (known := nouns().longest(words, end) or verbs().longest(words, end)):
            end = known[0]
        return end >= len(words) or end in tokens.breaks or words[end] in CLOSING_MARKS or (joined and tokens.capital(end))

    def _headed(self, at: int) -> bool:
        """Whether a head with its leader stands before a field at the start of a line (`Vụ trưởng Vụ` / `Kế hoạch`)."""
        words = self.tokens.words
        return words[at - 2 : at - 1] == ["trưởng"] and words[at - 3 : at - 2] == words[at - 1 : at] and nouns().longest(words, at) is not None

    def _small_opening(self, at: int, head: Head, noun_end: int) -> int | None:
        """The end of a field in small letters after a capitalised head (`Vụ pháp chế`, `Cục quản lý chất lượng`)."""
        words = self.tokens.words
        if not self.tokens.capital(at - 1) or head.kind not in ("unit", "agency"):
            return None
        if noun_end > at + 1 and not enders().longest(words, at):
            return noun_end
        verb = verbs().longest(words, at) if head.bare == "never" else None
        after = nouns().longest(words, verb[0]) if verb else None
        return after[0] if after else None

    def _body_begins(self, at: int, head: Head, *, shouting: bool) -> bool:
        """Whether a body that can be above `head` begins at a token, so that the core of the name ends before it."""
        tokens, words = self.tokens, self.tokens.words
        inner = self.read(at) if words[at] in self.heads else None
        if inner is None:
            runs_on = at + 1 < len(words) and tokens.capital(at + 1) and at + 1 not in tokens.breaks and words[at + 1].isalpha()
            return words[at] in OWN_BODIES and tokens.capital(at) and not shouting and not runs_on
        if not (tokens.capital(at) or inner.head.start == "any"):
            return False
        names = not inner.bare or inner.head.bare != "never" or inner.head.inherits
        return names and (inner.head.rank > head.rank or (not inner.bare and inner.head.kind == head.kind == "unit"))

    def _capital_end(self, at: int, first: int) -> int | None:
        """The end of a capitalised word that is not in the vocabulary."""
        tokens, words = self.tokens, self.tokens.words
        person = words[at] in surnames() and at + 2 < len(words) and tokens.capital(at + 1) and tokens.capital(at + 2)
        person = person and (not tokens.capital(at - 1) or words[at - 2 : at] == ["việt", "nam"])
        if at > first and (person or words[at] in starters()):
            return None
        ender = enders().longest(words, at)
        if at > first and ender and ender[0] > at + 1:
            return None
        dotted = DOTTED.match(tokens.content, tokens.starts[at])
        return bisect_left(tokens.starts, dotted.end()) if dotted else self.initials_end(at) or at + 1

    def _run(self, at: int, first: int, head: Head) -> int | None:
        """The end of words in small letters that go on a name which began with a capital, up to a word that goes on the sentence.

        Of a company a single syllable, or more towards a further capital (`Công ty Công nghiệp tàu thủy Hạ Long`); initials and brands end a name.
        """
        tokens, words = self.tokens, self.tokens.words
        letter = len(words[at - 1]) == 1 and (words[at - 1].isascii() or words[at - 1] not in ONE_LETTER)
        initials = letter or (tokens.shouted(at - 1) and words[at - 1] not in COMPANY_FORMS)
        company = head.kind == "enterprise"
        if head.kind == "government":
            return None
        opens = at == first and head.proper and any(map(tokens.capital, range(max(first - LONGEST_HEAD, 0), first)))
        if (at == first and not opens) or initials or (company and self._after_brand(at)) or not words[at - 1].isalpha():
            return None
        if not opens and not any(map(tokens.capital, range(first - 1, at))):
            return None
        end, last = at, min(at + LONGEST_RUN + 1, len(words))
        while end < last and self._goes_on(end):
            noun = nouns().longest(words, end)
            if not noun and (self._place_begins(end, first) or self._body_begins(end, head, shouting=False)):
                break
            end = noun[0] if noun else end + 1
        if (company or opens) and not (end < len(words) and tokens.capital(end) and end not in tokens.breaks):
            end = at if opens else min(end, at + 1)
        return end if at < end <= at + LONGEST_RUN else None

    def _goes_on(self, at: int) -> bool:
        """Whether a word in small letters may go on a name: it neither goes on the sentence nor joins parts."""
        tokens, words = self.tokens, self.tokens.words
        syllable = words[at].isalpha() and (len(words[at]) > 1 or words[at] in ONE_LETTER)
        if not syllable or tokens.capital(at) or at in tokens.breaks:
            return False
        return not any(table.longest(words, at) for table in (enders(), stops(), verbs(), connectives()))

    def _after_brand(self, at: int) -> bool:
        """Whether two capitalised words of no vocabulary stand before a token (`Công ty TNHH Lam Hồng`)."""
        tokens, words = self.tokens, self.tokens.words
        return tokens.capital(at - 1) and tokens.capital(at - 2) and words[at - 2] not in COMPANY_FORMS and not _is_known(words, at - 2)

    def _is_number(self, at: int, head: Head) -> bool:
        tokens, words = self.tokens, self.tokens.words
        follows = words[at + 1] if at + 1 < len(words) else ""
        counted = words[at].isdigit() and words[at - 1] in NUMBERED and (head.comma or head.kind == "office")
        longest = 4 if counted else 3
        if not (words[at].isdigit() or ROMAN.fullmatch(words[at])) or len(words[at]) > longest or follows in ("/", "%", "tháng", "ngày"):
            return False
        after_name = tokens.capital(at - 1) and not tokens.shouted(at - 1) and words[at] in "123456789"
        ends = not follows or follows in CLOSERS or at + 1 in tokens.breaks
        after_brand = head.kind == "enterprise" and tokens.capital(at - 1) and tokens.content[tokens.ends[at - 1] : tokens.starts[at]] == " " and ends
        return words[at - 1] in COUNTED or head.kind == "military" or after_name or after_brand or (counted and len(words[at]) > 2)

    def _place_begins(self, at: int, first: int) -> bool:
        tokens = self.tokens
        if tokens.words[at] == "cấp" and read_place(tokens, at):
            return True
        level = read_level(tokens, at)
        noun = nouns().longest(tokens.words, at)
        if level and level[1] != "other" and not self.heads.longest(tokens.words, at) and not (noun and noun[0] > level[0]):
            return True
        return at > first and tokens.capital(at) and bool(province_names().longest(tokens.words, at))

    def _join(self, at: int, first: int, head: Head, *, shouting: bool) -> int | None:
        """The end of a connective together with the part of the name that it joins, None where the name ends here."""
        tokens, words = self.tokens, self.tokens.words
        word = words[at]
        opens = head.comma or (word == "các" and head.kind in KINDS_OF_MANY)
        if at in tokens.breaks or (at == first and not opens):
            return None
        if word == "-" and tokens.ends[at - 1] == tokens.starts[at] and "".join(words[at + 1 : at + 2]).isdigit():
            return at + 2
        if word in QUOTES:
            return self._quotation(at) if head.comma else None
        if word == ",":
            return self._comma(at, first, head, shouting=shouting)
        found = connectives().longest(words, at)
        if not found or (tokens.capital(at) and not shouting) or (word in COMMITTEE_JOINS and not head.comma and (word != "về" or at == first)):
            return None
        end = found[0]
        if word in ("của", "thuộc"):
            body = self.read(end)
            return body.end if head.comma and body and words[body.end : body.end + 1] == ["về"] else None
        if word == "trên":
            return end if read_level(tokens, end) else None
        after = self._part(end, head, shouting=shouting)
        if after is None:
            return None
        small, company = not tokens.capital(end), head.kind == "enterprise"
        if word == "về" and tokens.capital(at - 1) and head.kind in ("enterprise", "agency"):
            return None
        if word in ("và", "&") and small and not head.comma and (tokens.capital(at - 1) or words[end - 1] == "các"):
            return None
        if word == "-" and ((company and small and not nouns().longest(words, end)) or not (company or small or self._is_compound(end))):
            return None
        return after

    def _is_compound(self, at: int) -> bool:
        """Whether a known word or a word with a small second syllable begins at a token (`- Sinh viên`)."""
        words = self.tokens.words
        if _is_known(words, at):
            return True
        ends = enders().longest(words, at) or stops().longest(words, at)
        return not ends and at + 1 < len(words) and self._goes_on(at + 1)

    def _part(self, at: int, head: Head, *, shouting: bool) -> int | None:
        """The end of the part of a name after a connective; None where another organisation begins there."""
        if at >= len(self.tokens.words):
            return None
        own = self.read(at) if self.tokens.capital(at) else None
        portal = own is not None and own.head.recipients and head.kind == "unit"
        company = head.kind == "enterprise" and own is not None and own.end - own.first > 1 and not own.head.place
        if own and not portal and (not own.bare or own.head.bare != "never" or company):
            return None
        return self._element(at, at - 1, head, shouting=shouting)

    def _comma(self, at: int, first: int, head: Head, *, shouting: bool) -> int | None:
        """A comma inside a name: between small-letter parts of a committee's name, or in an enumeration closed by `và`."""
        tokens, words = self.tokens, self.tokens.words
        start = at + 1
        after = self._part(start, head, shouting=shouting)
        if after is None:
            return None
        capital = tokens.capital(start)
        if not capital and self._is_pair(at, first, after, head):
            return after
        if (head.comma and not capital and at > first) or ("và" in words[start:after] and words[at - 1] != words[after - 1]):
            return after
        for _ in range(LONGEST_LIST):
            while after < len(words) and (more := self._element(after, start, head, shouting=shouting)):
                after = more
            if after >= len(words) or words[after] not in (",", "và", "&"):
                return None
            closing, following = words[after] != ",", after + 1
            end = self._part(following, head, shouting=shouting)
            if end is None or closing:
                return end if end and capital == tokens.capital(following) else None
            after = end
        return None

    def _is_pair(self, at: int, first: int, end: int, head: Head) -> bool:
        """Whether known words in small letters after a comma go on a unit's name (`Phòng Y tế, dân số`): the name ends there."""
        tokens, words = self.tokens, self.tokens.words
        if head.kind not in ("unit", "agency") or not tokens.capital(first) or tokens.shouted(at - 1) or parties().longest(words, at + 1):
            return False
        if end >= len(words) or end in tokens.breaks or words[end] in CLOSERS or tokens.capital(end):
            return True
        return bool(read_level(tokens, end) or any(table.longest(words, end) for table in (enders(), stops(), verbs())))

    def _quotation(self, at: int) -> int | None:
        """The end of a quotation inside a name (`Ban Chỉ đạo phong trào "…" tỉnh`)."""
        words, closing = self.tokens.words, QUOTES[self.tokens.words[at]]
        last = min(len(words), at + LONGEST_QUOTATION)
        end = next((i + 1 for i in range(at + 1, last) if words[i] == closing), None)
        return end if end and self.tokens.breaks.isdisjoint(range(at, end)) else None


def _ends(words: list[str], start: int, end: int) -> bool:
    """Whether known words begin at one token and end before another."""
    found = [table.longest(words, start) for table in (nouns(), verbs())]
    return any(phrase and phrase[0] == end for phrase in found)


def _is_known(words: list[str], at: int) -> bool:
    return bool(nouns().longest(words, at) or verbs().longest(words, at))
