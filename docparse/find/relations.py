"""The relation of a document to those that it mentions, by the words before a mention and by its place."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from docparse.find.frames import frame
from docparse.find.links import Clauses
from docparse.find.mention import Mention, Views
from docparse.find.numbers import find_numbers
from docparse.find.quotes import Ranges
from docparse.find.stated_issuer import agrees
from docparse.lexicon import Rule, load_rules
from docparse.record import Header, Relation, Section
from docparse.words import old_tone, squeeze

WINDOW = 260
OWN_REACH = 40
ENACTING = 220
RETELLING = frozenset({"công văn", "văn bản", "báo cáo", "tờ trình"})
TURN = {True: re.compile(r"[,;]"), False: re.compile(r"[;:]")}
RULING = frozenset(
    {"luật", "bộ luật", "pháp lệnh", "nghị định", "nghị quyết", "quyết định", "thông tư", "thông tư liên tịch", "nghị quyết liên tịch", "lệnh"}
)

LAWS = frozenset({"hiến pháp", "bộ luật", "luật", "pháp lệnh"})


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue before a mention: its rule and where it stands."""

    rule: Rule
    start: int
    end: int


@cache
def _cues() -> tuple[re.Pattern[str], dict[str, Rule]]:
    rules = load_rules("relations")
    groups = {f"r{index}": rule for index, rule in enumerate(rules)}
    return re.compile(rf"(?<!\w)(?:{'|'.join(f'(?P<{name}>{rule.pattern})' for name, rule in groups.items())})"), groups


class Relations:
    """Decides the relation of each mention of one document."""

    def __init__(
        self, views: Views, clauses: Clauses, *, header: Header, sections: tuple[Section, ...], quotes: Ranges, own: Sequence[Mention] = ()
    ) -> None:
        self._views, self._clauses, self._header, self._quotes = views, clauses, header, quotes
        self._own_ends = [mention.end for mention in own]
        headed = ((section, old_tone(section.heading)) for section in sections if section.heading)
        self._grounds = [(section.start, section.end) for section, heading in headed if frame("grounds").search(heading)]
        number = next(find_numbers(header.number or ""), None)
        self._own_numbers: set[str] = set()
        self._organ = number.organ if number else None

    def decide(self, mentions: list[Mention]) -> None:
        """Give each mention its relation. What is said to end at the end of a list ends for the whole list."""
        previous: Mention | None = None
        for mention in mentions:
            mention.relation = self._of(mention, previous)
            previous = mention
        for mention in reversed(mentions):
            if mention.head and mention.relation == "repeals":
                mention.head.relation = "repeals"
        for mention in mentions:
            if mention.head and mention.head.relation == "repeals" and mention.parent is None:
                mention.relation = "repeals"

    def _of(self, mention: Mention, previous: Mention | None) -> Relation:
        if mention.parent is not None:
            return "mentions"
        if self._quotes.holding(mention.core):
            return "mentions"
        relation, cue = self._stated(mention, previous)
        if relation in ("implements", "mentions", "answers") and self.is_own(mention):
            return self._to_own(mention, relation, cue)
        return relation

    def _to_own(self, mention: Mention, relation: Relation, cue: Cue | None) -> Relation:
        """The relation to a document of the same issuer: it is carried out where that is said, else it has been issued.

        A letter or report of one's own is carried out only where the cue stands right before it.
        """
        if mention.number:
            self._own_numbers.add(mention.number)
        if cue and (cue.rule.values.get("self") or cue.rule.values.get("stays")):
            return relation
        if mention.head is not None and mention.head.relation == "mentions" and self.is_own(mention.head):
            return relation
        ruling = mention.printed is not None and mention.printed.year is not None and mention.doc_type in RULING
        if relation == "mentions" and ruling and not (cue and cue.rule.values.get("issued")):
            return relation
        if relation != "implements" or mention.head is not None:
            return relation if relation == "implements" else "issues"
        if cue and cue.rule.values.get("issued"):
            return "issues"
        near = cue is not None and mention.start - cue.end <= OWN_REACH
        return "implements" if near or (self._header.doc_type not in RETELLING and mention.doc_type not in RETELLING) else "issues"

    def _stated(self, mention: Mention, previous: Mention | None) -> tuple[Relation, Cue | None]:
        low = self._views.low
        if mention.head is not None:
            head = mention.head.relation
            if head in ("mentions", "issues") and frame("ended").match(low, mention.end):
                return "repeals", None
            if head == "answers" and mention.doc_type == "báo cáo" and mention.head.doc_type != "báo cáo":
                return "basis", None
            return ("mentions" if head == "issues" else head), None
        clause = self._clauses.start(mention.start)
        begin = max(clause, previous.end if previous and previous.end <= mention.start else 0, mention.start - WINDOW)
        annexed = frame("annexed").search(low, begin, mention.start) if low[begin : mention.start].rstrip().endswith("theo") else None
        cue = self._last_cue(begin, annexed.start() if annexed else mention.start, clause, changes=self._may_change(mention))
        if (cue is None or cue.rule.values.get("yields")) and any(start <= mention.core < end for start, end in self._grounds):
            return "basis", None
        if cue is None:
            cue, clause = self._led_in(mention)
        if cue is None:
            return ("repeals" if frame("ended").match(low, mention.end) else "mentions"), None
        relation: Relation = cue.rule.values.get("instead", {}).get(mention.doc_type, cue.rule.values["relation"])
        if cue.rule.values.get("self") and not (self._does_itself(cue, clause) and (relation == "implements" or self._may_change(mention))):
            return "mentions", cue
        return ("amends" if relation == "replaces" and mention.provisions else relation), cue

    def _led_in(self, mention: Mention) -> tuple[Cue | None, int]:
        """The cue of a list's lead-in and where that begins, for a mention that opens an item: `Thực hiện các văn bản sau:`."""
        lead = self._clauses.lead_in(mention.start)
        if lead is None:
            return None, mention.start
        cue = self._last_cue(max(lead[0], lead[1] - WINDOW), lead[1], lead[0])
        if cue is None or ";" in self._views.low[cue.end : lead[1]] or (cue.rule.values.get("self") and not self._does_itself(cue, lead[0])):
            return None, lead[0]
        return cue, lead[0]

    def _last_cue(self, begin: int, end: int, clause: int, *, changes: bool = True) -> Cue | None:
        """The last cue before `end`; a cue that governs its clause is not overruled by those inside the name that follows it.

        `changes` says whether the document mentioned at `end` can be one that the citing document amends.
        """
        pattern, rules = _cues()
        found: Cue | None = None
        opened = self._views.low.rfind("(", begin, end)
        if opened >= 0 and ")" not in self._views.low[opened:end] and self._views.low[opened + 1 : end].strip():
            begin = opened
        for match in pattern.finditer(self._views.low, begin, end):
            rule = rules[match.lastgroup or ""]
            if rule.values.get("small") and self._views.content[match.start()].isupper():
                continue
            if end - match.end() > int(rule.values["reach"]) or self._in_closed_bracket(match.end(), end):
                continue
            if (
                found
                and found.rule.id in rule.values.get("under", ())
                and not (TURN[found.rule.id == "relation.implements_do"].search(self._views.low, found.end, match.start()))
            ):
                continue
            if (
                found
                and (changes or not found.rule.values.get("self"))
                and self._governs(found, clause)
                and not TURN[found.rule.id == "relation.basis"].search(self._views.low, found.end, match.start())
            ):
                continue
            found = Cue(rule, match.start(), match.end())
        return found

    def _in_closed_bracket(self, start: int, end: int) -> bool:
        """Whether a bracket that is open at `start` closes before `end`; `a)` is none."""
        closing = self._views.low.find(")", start, end)
        return closing >= 0 and "(" not in self._views.low[start:closing] and "(" in self._views.low[max(start - 120, 0) : start].rpartition(")")[2]

    def _governs(self, cue: Cue, clause: int) -> bool:
        return cue.rule.id == "relation.basis" or (bool(cue.rule.values.get("self")) and self._does_itself(cue, clause))

    def _may_change(self, mention: Mention) -> bool:
        """Whether the citing document can amend, replace or repeal the mentioned one: only the National Assembly changes laws."""
        return mention.doc_type not in LAWS or not self._header.issuer or bool(frame("legislator").match(old_tone(self._header.issuer)))

    def _does_itself(self, cue: Cue, clause: int) -> bool:
        """Whether the citing document does what the cue says: `Quyết định này thay thế`, `Điều 1. Sửa đổi`, its own title."""
        low = self._views.low
        if frame("itself").search(low, clause, cue.start) or self._enacted(cue.start) or self._named_before(cue.start):
            return True
        title = self._header.marks.get("title")
        if title and title.start <= cue.start < title.end:
            return bool(frame("clause_head").fullmatch(low, title.start, cue.start))
        return self._header.doc_type in RULING and bool(frame("clause_head").fullmatch(low, clause, cue.start))

    def _named_before(self, verb: int) -> bool:
        """Whether the citing document's own number stands right before `verb`: `Quyết định 5/2025/QĐ-UBND bãi bỏ`."""
        index = bisect_right(self._own_ends, verb) - 1
        return index >= 0 and not self._views.low[self._own_ends[index] : verb].strip()

    def _enacted(self, verb: int) -> bool:
        """Whether `verb` goes on with the sentence that enacts the citing document: `HĐND tỉnh ban hành Nghị quyết sửa đổi`."""
        enacts = frame("enacts").search(self._views.low[max(verb - ENACTING, 0) : verb])
        issuer = self._header.issuer
        return bool(enacts and issuer and squeeze(enacts["type"]) == self._header.doc_type and same_agency(squeeze(enacts["who"]), issuer))

    def is_own(self, mention: Mention) -> bool:
        """Whether the issuer of the citing document has issued the mentioned one: by stated issuer, else by the organ in the number."""
        printed, issuer = mention.printed, self._header.issuer
        if mention.number in self._own_numbers or (mention.successor and issuer and same_agency(mention.successor, issuer)):
            return True
        if printed is None or (issuer is None and self._organ is None):
            return False
        if mention.issuer:
            return same_agency(mention.issuer, issuer, self._header.parent_issuer) if issuer else agrees(mention.issuer, self._organ)
        if self._organ:
            return printed.organ == self._organ and printed.family != "party"
        return bool(issuer) and printed.organ is not None and len(printed.organ) > 2 and agrees(str(issuer), printed.organ)


HYPHEN = re.compile(r"\s*[-–]\s*")
LEVEL = re.compile(r"(?P<body>ubnd|hđnd)(?:\s+(?P<level>tỉnh|thành\s+phố|tp|huyện|quận|xã|phường|thị\s+trấn|đặc\s+khu))?(?:\s+(?P<place>.+))?")


@lru_cache(maxsize=1024)
def plain_agency(name: str) -> str:
    """An agency's name for comparison: lower case, usual abbreviations, without the leader's position.

    >>> plain_agency("Chủ tịch Ủy ban nhân dân tỉnh")
    'ubnd tỉnh'
    """
    folded = HYPHEN.sub(" - ", squeeze(old_tone(name))).replace("ủy ban nhân dân", "ubnd").replace("hội đồng nhân dân", "hđnd")
    shorter = frame("leaders").sub("", folded)
    return f"bộ {shorter}" if folded.startswith("bộ trưởng") and not shorter.startswith("bộ") else shorter


def same_agency(stated: str, issuer: str, parent: str | None = None) -> bool:
    """Whether a stated issuer is the agency of the header; its place may be stated by the agency above it (`parent`).

    >>> same_agency("Chủ tịch UBND tỉnh", "Ủy ban nhân dân tỉnh Sơn La"), same_agency("UBND huyện", "UBND tỉnh Sơn La")
    (True, False)
    """
    left, right = plain_agency(stated), plain_agency(issuer)
    if left == right:
        return True
    one, other = LEVEL.fullmatch(left), LEVEL.fullmatch(right)
    if one and other:
        return one["body"] == other["body"] and one["level"] in (other["level"], None) and one["place"] in (other["place"], None)
    place = left.removeprefix(right + " ")
    return bool(left) and (right.startswith(left + " ") or (place != left and plain_agency(parent or "").endswith(place)))
