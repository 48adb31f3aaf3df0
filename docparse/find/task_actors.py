"""Actor phrases: who is charged with something, and who takes part, with lists split and elliptic lists expanded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from docparse.find.task_words import UPPER, words
from docparse.find.words import old_tone, squeeze
from docparse.record import AgencyMention

Ending = Literal["work", "telling", "joining", "colon", "stop", "other"]

TOKEN = re.compile(r"[^\W_]+|[,;:()“”\"]|[.!?](?=[\s/]|\Z)")
BRACKETS = re.compile(r"\s*\([^()]{0,300}\)")
SEPARATOR = re.compile(r"\s*[,;]\s*(?:và\s+|cùng\s+(?:với\s+)?)?|\s+(?:và|cùng\s+với|cùng|hoặc)\s+")
TERRITORY = "tỉnh|thành phố|thị xã|thị trấn|đặc khu|huyện|quận|phường|xã"
TERRITORY_WORD = re.compile(rf"(?:các\s+|cấp\s+)?(?:{TERRITORY})(?!\w)", re.IGNORECASE)
PLURAL_TERRITORY = re.compile(rf"các\s+(?P<unit>{TERRITORY})(?!\w)(?P<names>\s+(?-i:[{UPPER}]))?", re.IGNORECASE)
NAMED_PLACE = re.compile(rf"(?:{TERRITORY})\s+(?-i:[{UPPER}])[^,]{{1,40}}?(?=,|\s+và\s|\Z)", re.IGNORECASE)
PLACE_AT_END = re.compile(rf"(?:{TERRITORY})\s+(?P<place>[^,]{{2,40}})\Z")
PARTY_COMMITTEE = re.compile(r"(?:tỉnh|thành|huyện|xã|đảng)\s+[uủ][yỷ]\Z", re.IGNORECASE)
PLURAL_KIND = re.compile(r"(?:(?<=\s)|(?<!.))(?:các|những|mỗi|từng|mọi)\s+")
APPOSITION = re.compile(r"\s+[-–]\s+(?:là\s+)?(?:cơ quan|đơn vị)\s.{2,80}", re.IGNORECASE)
DUTY_AHEAD = re.compile(r"[^,;:.()]{3,120}?\s(?=(?:có|chịu) trách nhiệm)")
LISTED = re.compile(r"(?:[,;:]|\svà)\s+\Z")
TRAILING = re.compile(r"(?:[\s,;:]|(?<=\s)và(?=\s|\Z))+\Z")
SINGULAR = re.compile(r"^(?:các|những)\s+", re.IGNORECASE)
NAME_FOLLOWS = re.compile(rf"\s+[{UPPER}\d]")
LONGEST = 700
MOST_TOKENS = 110

Piece = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Actors:
    """An actor phrase: its range, its members as names, and what ended it.

    `ending` is `work` where work follows, `telling` where the text goes on to tell what was or is, `joining` where a phrase of time,
    place or purpose follows, `colon` or `stop` at punctuation or the end of the range, `other` at any other word.
    """

    start: int
    end: int
    names: tuple[str, ...]
    ending: Ending


class ActorReader:
    """Reads actor phrases of one text; `flat` is the content with spaces for line breaks, `low` that in lower case with old tones."""

    def __init__(self, content: str, agencies: Sequence[AgencyMention]) -> None:
        self.flat = content.replace("\n", " ")
        self.low = old_tone(self.flat)
        spans: dict[int, int] = {}
        self._elliptic: dict[int, str] = {}
        for agency in agencies:
            if agency.collective:
                continue
            elliptic = agency.mention != squeeze(agency.text)
            if elliptic and "các" not in agency.text.lower().split():
                if not LISTED.search(self.low, max(agency.start - 8, 0), agency.start):
                    continue
                self._elliptic[agency.start] = agency.mention
            elif elliptic:
                continue
            spans[agency.start] = max(agency.end, spans.get(agency.start, 0))
        self._ends = spans

    def heads(self, start: int) -> bool:
        """Whether an actor phrase can begin at `start`."""
        if self._named(start) is not None:
            return start not in self._elliptic
        opened = words("plurals").end(self.low, start)
        if opened is not None:
            return self._kind(opened + 1) or self._named(opened + 1) is not None or self._begins(opened + 1)
        if self._begins(start):
            return True
        return words("alone").end(self.low, start) is not None and words("not_actors").end(self.low, start) is None

    def stands_out(self, start: int) -> bool:
        """Whether an actor phrase begins at `start` that can be the subject of a clause: with a capital, a name or `các`."""
        return self.heads(start) and (
            self.flat[start].isupper() or self._named(start) is not None or words("plurals").end(self.low, start) is not None
        )

    def _kind(self, start: int) -> bool:
        return words("kinds").end(self.low, start) is not None and words("not_actors").end(self.low, start) is None

    def names_body(self, start: int) -> bool:
        """Whether a body with its name or level, not a kind of body alone, stands at `start`."""
        if self._named(start) is not None:
            return True
        long = words("positions").end(self.low, start) or words("bodies").end(self.low, start)
        return self._begins(start) and (
            long is None or NAME_FOLLOWS.match(self.flat, long) is not None or words("levels").end(self.low, long + 1) is not None
        )

    def read(self, start: int, end: int) -> Actors | None:
        """The actor phrase at `start`, which may run to `end`; None if none begins there."""
        if not self.heads(start):
            return None
        stop, ending = self._extent(start, min(end, start + LONGEST))
        stop = start + len(TRAILING.sub("", self.flat[start:stop]))
        names = tuple(dict.fromkeys(self._names(start, stop)))
        if ending == "work" and len(names) > 1 and words("appositions").end(names[-1], 0) == len(names[-1]):
            names = names[:-1]
        return Actors(start, stop, names, ending) if names else None

    def cell(self, start: int, end: int) -> tuple[str, ...]:
        """The actors of a table cell, or its text as one where they cannot be told apart."""
        actors = self.read(start, end)
        return actors.names if actors and actors.end >= end - 2 else (squeeze(self.flat[start:end]),)

    def _named(self, start: int) -> int | None:
        """The end of the agency name that begins at `start`."""
        return self._ends.get(start)

    def _begins(self, start: int) -> bool:
        """Whether a position or a body with its name begins at `start`."""
        low, flat = self.low, self.flat
        if words("not_actors").end(low, start) is not None:
            return False
        long = words("positions").end(low, start) or words("bodies").end(low, start)
        if long is not None:
            return (
                words("work").end(low, start) is None or NAME_FOLLOWS.match(flat, long) is not None or words("levels").end(low, long + 1) is not None
            )
        short = words("short_bodies").end(low, start)
        return short is not None and NAME_FOLLOWS.match(flat, short) is not None

    def _extent(self, start: int, end: int) -> tuple[int, Ending]:
        low, at, body_end, depth, listing = self.low, start, -1, 0, False
        for _ in range(MOST_TOKENS):
            token = TOKEN.search(low, at, end)
            if token is None:
                return end, "stop"
            at = token.start()
            named = self._named(at)
            if named is not None and named <= end and not depth:
                at = body_end = named
                continue
            sign = token[0]
            if sign == "(":
                depth += 1
            elif sign == ")":
                depth = max(depth - 1, 0)
            elif not depth and not sign[0].isalnum():
                if sign == ":":
                    listing = self._lists_after(token.end(), end)
                    if not listing:
                        return at, "colon"
                if sign == ";" and not (self.heads(token.end() + 1) or (listing and self._lists_after(token.end(), end))):
                    return at, "stop"
                if sign in '.!?“”"':
                    return at, "stop"
                body_end = -1
            elif not depth:
                noun = words("nouns").end(low, at)
                if noun is not None:
                    at, body_end = noun, -1
                    continue
                ending = self._ending(at) if self.flat[at].islower() or at == body_end + 1 else None
                if ending == "work" and self._bare_kind(start, at) and (duty := DUTY_AHEAD.match(low, at, end)):
                    return duty.end(), "work"
                if ending and (at > start or ending != "work"):
                    return at, ending
                qualifier = words("qualifiers").end(low, at) if body_end >= 0 else None
                if self.flat[at].isupper() or words("plurals").end(low, at) is not None or words("alone").end(low, at) is not None:
                    body_end = -1
                elif qualifier is not None:
                    at = body_end = qualifier
                    continue
                elif body_end >= 0 and self.flat[at].islower():
                    return at, "other"
                closed = words("closers").end(low, at)
                if closed is not None:
                    at = body_end = closed
                    continue
            at = token.end()
        return at, "stop"

    def _bare_kind(self, start: int, end: int) -> bool:
        """Whether the phrase is a kind of actor alone (`Cơ quan`, `Các đơn vị`), so that a verb may tell which."""
        plural = words("plurals").end(self.low, start)
        first = start if plural is None else plural + 1
        return words("kinds").end(self.low, first) == end - 1

    def _ending(self, at: int) -> Ending | None:
        if words("telling").end(self.low, at) is not None:
            return "telling"
        if words("work").end(self.low, at) is not None:
            return "work"
        return "joining" if words("joining").end(self.low, at) is not None else None

    def _lists_after(self, at: int, end: int) -> bool:
        """Whether a list of names, not work, follows a colon at `at`."""
        while at < end and self.flat[at].isspace():
            at += 1
        if at >= end or not self.flat[at].isupper():
            return False
        if self._named(at) is not None or self._begins(at):
            return True
        return self._ending(at) is None

    def _names(self, start: int, stop: int) -> Iterator[str]:
        members: list[list[Piece]] = []
        for piece in self._pieces(start, stop):
            if members and not self._new_member(members[-1], piece):
                members[-1].append(piece)
            else:
                members.append([piece])
        expanded = [list(self._expanded(member)) for member in members]
        for index, names in enumerate(expanded):
            places = [match["place"] for name in expanded[index + 1] if (match := PLACE_AT_END.search(name))] if index + 1 < len(expanded) else []
            if len(places) > 1 and len(names) == 1 and PARTY_COMMITTEE.search(names[0]):
                yield from (f"{names[0]} {place}" for place in places)
            else:
                yield from names

    def _pieces(self, start: int, stop: int) -> Iterator[Piece]:
        """The parts between commas, semicolons and conjunctions that stand in no name and no brackets."""
        begin = at = start
        depth = 0
        while at < stop:
            named = (self._named(at) or words("idioms").end(self.low, at)) if not depth else None
            if named is not None and named <= stop:
                at = named
                continue
            sign = self.flat[at]
            depth += (sign == "(") - (sign == ")" and depth > 0)
            separator = SEPARATOR.match(self.low, at, stop) if sign in ",; " and not depth else None
            if separator:
                if at > begin:
                    yield begin, at
                begin = at = separator.end()
            else:
                at += 1
        if stop > begin:
            yield begin, stop

    def _new_member(self, member: list[Piece], piece: Piece) -> bool:
        """Whether `piece` begins an actor of its own and does not go on with `member`."""
        first, stop, begin = member[0][0], member[-1][1], piece[0]
        if words("plurals").end(self.low, begin) is not None or words("positions").end(self.low, begin) is not None:
            return len(member) > 1 or not self._bare_position(member[0])
        if TERRITORY_WORD.match(self.low, begin) and TERRITORY_WORD.search(self.low, first, stop) and self._begins(first):
            return False
        if self._named(begin) is not None:
            return begin not in self._elliptic or ":" not in self.flat[first:stop]
        if words("strong_kinds").end(self.low, begin) is not None:
            return True
        collects = self._collects(first, stop)
        if self._begins(begin):
            body = words("bodies").end(self.low, begin)
            return (
                not collects or body is None or NAME_FOLLOWS.match(self.flat, body) is not None or words("levels").end(self.low, body + 1) is not None
            )
        return self._kind(begin) and not collects

    def _collects(self, first: int, stop: int) -> bool:
        """Whether the actor from `first` to `stop` is a collective of kinds, to which more kinds can be joined."""
        plural = PLURAL_KIND.search(self.low, first, stop)
        if plural:
            return TERRITORY_WORD.match(self.low, plural.end()) is None or not self._begins(first)
        position = words("positions").end(self.low, first)
        first = position + 1 if position is not None else first
        return self._kind(first) and not self._begins(first)

    def _bare_position(self, piece: Piece) -> bool:
        return words("positions").end(self.low, piece[0]) == piece[1] and words("ministers").end(self.low, piece[0]) is None

    def _expanded(self, member: list[Piece]) -> Iterator[str]:
        """The names in one member: itself, or one for each element of an elliptic list."""
        first, stop = member[0][0], member[-1][1]
        colon = self.flat.find(":", first, stop)
        if colon < 0:
            yield from self._places(self._text(first, stop))
            return
        head, elements = self._text(first, colon), [piece for piece in member if piece[1] > colon + 1]
        elements = [(max(begin, colon + 1), end) for begin, end in elements]
        territory = PLURAL_TERRITORY.search(head)
        kind = head[: territory.start()] + territory["unit"] if territory else SINGULAR.sub("", head).split(",")[0]
        for begin, end in elements:
            begin += len(self.flat[begin:end]) - len(self.flat[begin:end].lstrip())
            name = self._text(begin, end)
            if not name:
                continue
            if self._begins(begin) or TERRITORY_WORD.match(self.low, begin):
                yield head[: territory.start()] + name if territory else name
            elif begin in self._elliptic and not territory:
                yield self._elliptic[begin]
            else:
                yield f"{kind[:1].upper()}{kind[1:]} {name}"

    def _places(self, name: str) -> Iterator[str]:
        """`UBND các huyện A, B` as one name a place; `UBND các xã, đặc khu C` as the collective and the place."""
        plural = PLURAL_TERRITORY.search(name)
        named = list(NAMED_PLACE.finditer(name, plural.end() if plural else 0))
        if plural and plural["names"]:
            before = name[: plural.start()]
            for element in SEPARATOR.split(name[plural.end() - 1 :]):
                yield before + (element if TERRITORY_WORD.match(element) else f"{plural['unit']} {element}")
        elif plural and named:
            before = name[: plural.start()]
            yield TRAILING.sub("", name[: named[0].start()])
            yield from (before + element[0].strip(" ,") for element in named)
        elif len(named) > 1 and all(SEPARATOR.fullmatch(name, one.end(), two.start()) for one, two in zip(named, named[1:], strict=False)):
            before = PLURAL_KIND.sub("", name[: named[0].start()])
            yield from (before + element[0].strip(" ,") for element in named)
        else:
            yield name

    def _text(self, begin: int, end: int) -> str:
        return squeeze(APPOSITION.sub("", BRACKETS.sub("", BRACKETS.sub("", self.flat[begin:end])))).strip(" ,;:.-")
