"""The grammar of the names of organisations: a head noun, a field or free name words, level and place, the body above."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from docparse.find.agency_cores import ROMAN, CoreReader
from docparse.find.agency_words import Head, Vocabulary, any_case, company_ends, compounds, nouns, traps
from docparse.find.places import Place, levels, read_level, read_named, read_place, stops, surnames
from docparse.find.tokens import Tokens

DEEPEST = 6
UNIT_RANK = 25
NUMBER_BEFORE = re.compile(r"(?:[\d/][^\s,;()]{0,15}[-/&]\s?|\d/[A-Za-zĐ]{1,5}\s?[-.]\s?|/\s-\s?|\d\s{0,3}/\s?)$")
LONGEST_NUMBER = 18
PLACED_KINDS = {"bank", "agency", "enterprise", "mass_org", "ministerial_agency"}
NAMED_KINDS = {"unit", "committee", "association", "fund", "office"}
PROPER_SYLLABLES = {"hội", "trường", "đồn", "đội", "đài"}
TITLES = {"trưởng", "phó", "chánh"}
POSITIONS = {"tịch", "thư", "đốc", "trưởng", "thường", "trực", "pct", "viện"}
COUNTRY = ["(", "việt", "nam", ")"]
BRANCH = ["-", "chi", "nhánh"]


@dataclass(frozen=True, slots=True)
class Name:
    """A name as read: token ranges of head and core (end exclusive), the place, the body above, and `end` of the whole."""

    first: int
    head_end: int
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


def reads_name(name: Name | None) -> bool:
    """Whether a name was read that is more than a bare head, or a head that needs no more."""
    return bool(name and (not name.bare or name.head.bare == "always"))


def in_number(tokens: Tokens, index: int) -> bool:
    """Whether a token is the symbol of an issuer in the number of a document."""
    return NUMBER_BEFORE.search(tokens.content, max(tokens.starts[index] - LONGEST_NUMBER, 0), tokens.starts[index]) is not None


class NameReader(CoreReader):
    """Reads names of organisations in the tokens of one text.

    >>> tokens = Tokens.of_string("Văn phòng UBND tỉnh Lâm Đồng chủ trì")
    >>> name = NameReader(tokens).read(0)
    >>> tokens.spelled(name.first, name.end), name.deepest.place.name
    ('Văn phòng UBND tỉnh Lâm Đồng', 'Lâm Đồng')
    """

    def __init__(self, tokens: Tokens, vocabulary: Vocabulary | None = None) -> None:
        super().__init__(tokens, vocabulary)
        self._known: dict[int, Name | None] = {}
        self._depth = 0

    def may_begin(self, index: int) -> bool:
        """A quick look whether a name or a list can begin at a token: a capital, a capital soon after, or a plural before."""
        tokens, words = self.tokens, self.tokens.words
        last = min(index + 4, len(words) - 1)
        if not tokens.content[tokens.starts[index] : tokens.ends[last]].islower():
            return True
        return words[index] in any_case() or (index > 0 and words[index - 1] in ("các", "những"))

    def read(self, index: int) -> Name | None:
        """The name that begins at a token, a bare head included; None where no head noun stands."""
        if index not in self._known:
            self._known[index] = None
            if self._depth < DEEPEST:
                self._depth += 1
                self._known[index] = self._name(index)
                self._depth -= 1
        return self._known[index]

    def _name(self, index: int) -> Name | None:
        words = self.tokens.words
        found = self.heads.longest(words, index)
        trap = traps().longest(words, index)
        if not found or (trap and found[0] - index == 1) or self.in_compound(index):
            return None
        head_end, head = found
        if not self._starts(index, head_end, head) or (head_end - index == 1 and self._inside_proper(index)):
            return None
        name = self._built(index, head_end, head)
        if name and name.bare and head.otherwise and head_end < len(words) and self.tokens.capital(head_end):
            other = None if self._is_person(head_end) else self.heads.longest(head.otherwise.split(), 0)
            name = self._built(index, head_end, other[1]) if other else None
        return None if name and trap and trap[0] >= name.end else name

    def _is_person(self, index: int) -> bool:
        """Whether a family name and two more names begin at a token (`TT. Lê Văn An`, a deputy minister)."""
        tokens, words = self.tokens, self.tokens.words
        return words[index] in surnames() and index + 2 < len(words) and tokens.capital(index + 1) and tokens.capital(index + 2)

    def in_compound(self, index: int) -> bool:
        """Whether the token is the last syllable of a word such as `nhiệm vụ`, and no unit that a position names (`Trưởng phòng Tổ chức cán bộ`)."""
        tokens, words = self.tokens, self.tokens.words
        compound = index > 0 and f"{words[index - 1]} {words[index]}" in compounds()
        return compound and not (tokens.capital(index) and not tokens.shouted(index)) and not self._heads_unit(index)

    def _heads_unit(self, index: int) -> bool:
        """Whether a position before the token is that of the head of a unit whose field follows in the same line."""
        tokens, words = self.tokens, self.tokens.words
        follows = index + 1 < len(words) and index + 1 not in tokens.breaks and tokens.capital(index + 1)
        if not follows or words[index - 1] != "trưởng" or "\n" in tokens.content[tokens.ends[index] : tokens.starts[index + 1]]:
            return False
        written = tokens.shouted(index) == tokens.shouted(index + 1) and (words[index] == "phòng" or tokens.shouted(index))
        return written and bool(nouns().longest(words, index + 1))

    def _inside_proper(self, index: int) -> bool:
        """Whether the token is a syllable of a proper name (`Thạch Hội`, `xã Trường Sơn`)."""
        tokens, words = self.tokens, self.tokens.words
        if not index or tokens.shouted(index):
            return False
        level = read_level(tokens, index - 1)
        if level and level[0] == index and not tokens.capital(index - 1) and words[index - 2 : index - 1] != ["cấp"]:
            return True
        before = words[index - 2] if index > 1 and not {index, index - 1} & tokens.breaks else "."
        inside = tokens.capital(index - 1) and (before.isalpha() or before == ",") and not stops().longest(words, index - 1)
        return inside and words[index] in PROPER_SYLLABLES and words[index - 1] not in TITLES

    def _starts(self, index: int, head_end: int, head: Head) -> bool:
        """Whether the head is written as a name is: with a capital, not inside a document number, after the words it needs."""
        tokens, words = self.tokens, self.tokens.words
        if head.after and (not index or words[index - 1] not in head.after):
            return False
        written = tokens.content[tokens.starts[index] : tokens.ends[head_end - 1]]
        capitals = sum(map(str.isupper, written)) if " " not in written else 0
        if capitals > 1 and in_number(tokens, index):
            return False
        if head.fixed and head_end - index == 1 and len(written) <= 5 and capitals < 2:
            return tokens.capital(index) and not written.isascii()
        if head.start == "any":
            return words[head_end : head_end + 1] != ["ban"]
        if tokens.capital(index):
            return True
        follows = head_end < len(words) and tokens.capital(head_end)
        initials = head.core == "field" or head.kind in ("enterprise", "school") or (index > 0 and words[index - 1] == "chánh")
        return head.start == "named" and follows and (initials or not tokens.shouted(head_end))

    def _shouting(self, index: int, head_end: int) -> bool:
        """Whether the name stands in capitals, so that they say nothing."""
        tokens, words = self.tokens, self.tokens.words
        last = head_end + 1 if head_end < len(words) and words[head_end][0].isalpha() else head_end
        capitals = last - index > 1 and all(tokens.shouted(i) or len(words[i]) == 1 for i in range(index, last))
        return capitals and not "".join(words[index:last]).isascii()

    def _built(self, index: int, head_end: int, head: Head) -> Name | None:
        tokens, words = self.tokens, self.tokens.words
        shouting = self._shouting(index, head_end)
        end = head_end
        if head.core == "initials":
            same_line = "\n" not in tokens.content[tokens.ends[head_end - 1] : tokens.starts[min(head_end, len(words) - 1)]]
            end = (self.initials_end(head_end) if head_end < len(words) and same_line else None) or head_end
            if end == head_end:
                return None
        elif head.core == "field":
            field = self.field_end(head_end, shouting=shouting)
            if not field and head.level == "provincial" and not shouting and head_end < len(words) and tokens.capital(head_end):
                field = self.core_end(head_end, head)
            if not field:
                return None
            end = field
        elif (
            head.core == "name"
            and words[index:head_end] != words[head_end : 2 * head_end - index]
            and (not head.opens or (head_end < len(words) and words[head_end] in head.opens))
        ):
            end = self.core_end(head_end, head, shouting=shouting)
        name = self._with_body(Name(index, head_end, end, head))
        return name if name.body else self._with_place(name, shouting=shouting)

    def _with_place(self, name: Name, *, shouting: bool) -> Name:
        tokens, words = self.tokens, self.tokens.words
        at, head = name.end, name.head
        if head.kind == "media" and at not in self.tokens.breaks and self._names_home(at):
            return replace(name, place=Place(at + 1, "provincial", "", self.tokens.spelled(at, at + 1)), end=at + 1)
        if head.kind == "enterprise" and not name.bare and (words[at : at + 4] == COUNTRY or self._closes_company(at)):
            return replace(name, end=at + 4)
        if at >= len(words) or (head.fixed and head.kind not in PLACED_KINDS) or (head.core == "field" and head.level == "central"):
            return self._with_term(name)
        level, other = read_level(tokens, at), self.heads.longest(words, at)
        if (other and (not level or other[0] > level[0])) or (at in tokens.breaks and not (shouting and level and name.bare)):
            return name
        place = read_place(tokens, at, after_position=self._after_position(name.first), bare=not head.fixed or head.kind in ("enterprise", "agency"))
        if not place and head.level == "district" and (named := read_named(tokens, at, head.level, after_position=self._after_position(name.first))):
            place = Place(named[0], head.level, "", tokens.spelled(at, named[0]))
        if not place or (place.every and head.fixed):
            return self._with_term(name)
        if head.core == "name" and name.bare and head.kind in NAMED_KINDS and head.bare == "never":
            return name
        end = place.end
        if head.kind == "people_council" and self._is_term(end):
            end += 2
        if head.comma and words[end : end + 2] == ["giai", "đoạn"] and words[end + 3 : end + 4] == ["-"]:
            end += 5
        return replace(name, place=place, end=end)

    def _closes_company(self, index: int) -> bool:
        """Whether a place in brackets and the form of a foreign company end its name (`(HK) Limited`)."""
        words = self.tokens.words
        return words[index : index + 1] == ["("] and words[index + 2 : index + 3] == [")"] and "".join(words[index + 3 : index + 4]) in company_ends()

    def _names_home(self, index: int) -> bool:
        """Whether two initials, as of a province, end the item (`Báo và Phát thanh, Truyền hình NA;`)."""
        tokens, words = self.tokens, self.tokens.words
        ends = index < len(words) and words[index + 1 : index + 2] in ([], [","], [";"], ["."])
        return ends and tokens.shouted(index) and len(words[index]) == 2 and words[index] not in levels()

    def _is_term(self, index: int) -> bool:
        words = self.tokens.words
        return words[index : index + 1] == ["khóa"] and index + 1 < len(words) and ROMAN.fullmatch(words[index + 1]) is not None

    def _with_term(self, name: Name) -> Name:
        """A central body with its term (`Quốc hội khóa XV`)."""
        words = self.tokens.words
        has_term = name.head.fixed and name.head.kind in ("legislature", "party") and words[name.end : name.end + 1] == ["khóa"]
        return replace(name, end=name.end + 2) if has_term and name.end + 1 < len(words) else name

    def _after_position(self, index: int) -> bool:
        """Whether a position such as `Chủ tịch` stands right before a token, so that a person may be named after the body."""
        return not POSITIONS.isdisjoint(self.tokens.words[max(index - 3, 0) : index])

    def _with_body(self, name: Name) -> Name:
        """A unit with the body that follows it without a comma (`Văn phòng UBND tỉnh`, `Tổ giúp việc của Ban Chỉ đạo`)."""
        tokens, words = self.tokens, self.tokens.words
        at = name.end
        branch = words[at : at + 3] == BRANCH
        parted = at in tokens.breaks and not (name.bare and words[name.first - 1 : name.first] == ["chánh"] and not tokens.shouted(at - 1))
        if at >= len(words) or parted or (name.head.fixed and not branch):
            return name
        if branch or (words[at] == "của" and name.head.rank <= UNIT_RANK):
            at += 1
        body = self.read(at) if at < len(words) else None
        if body is None:
            own = words[at : at + 1] in (["sở"], ["bộ"], ["ban"]) and at == name.end and tokens.capital(at) and name.head.rank < UNIT_RANK
            found = self.heads.longest([words[at]], 0) if own else None
            return replace(name, body=Name(at, at + 1, at + 1, found[1]), end=at + 1) if found else name
        if body.head.kind == "unit" and "\n" in tokens.content[tokens.ends[name.end - 1] : tokens.starts[at]]:
            return name
        above = (body.head.rank > name.head.rank or branch) and not (body.place and (body.place.plural or body.place.every))
        names = not body.bare or body.head.bare != "never" or body.head.inherits
        return replace(name, body=body, end=body.end) if above and names and (branch or not name.bare or name.head.rank <= UNIT_RANK) else name
