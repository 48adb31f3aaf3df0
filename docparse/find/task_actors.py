"""Actor phrases: who is charged with something, and who takes part."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from docparse.find.task_heads import ActorHeads
from docparse.find.task_names import TRAILING, split_names
from docparse.find.task_words import UPPER, words
from docparse.words import squeeze

Ending = Literal["work", "telling", "joining", "colon", "stop", "other"]

TOKEN = re.compile(r"[^\W_]+|[,;:()“”\"]|[.!?](?=[\s/]|\Z)")
DUTY_AHEAD = re.compile(r"[^;:.()]{3,200}?(?<!tự)\s(?=(?:(?:phải|sẽ|cần) )?(?:có|chịu) trách nhiệm)")
CASE = r"(?:khi|sau khi|trước khi|trong quá trình|trong thời gian|trong phạm vi|theo|đặc biệt là|nhất là)\s"
PART = r"(?:[^;:.]|\.(?!\s)){5,300}?"
CASE_OF_DUTY = re.compile(rf",?\s*(?:khi\s{PART}|{CASE}(?P<case>{PART}))(?<!không)\s(?:phải|có trách nhiệm|cần)(?! thiết| thơ)\s")
ROLE_AND_DUTY = re.compile(rf",?\s*(?P<role>(?:là|được (?:giao|phân cấp|phân công|ủy quyền))\s{PART}),?\s(?=có trách nhiệm\s)")
RANGE = re.compile(rf"từ\s+(?:[{UPPER}]\w*\s+){{1,4}}(?:đến|tới)(?:\s+[{UPPER}]\w*){{1,4}}")
DELEGATED = re.compile(r"được (?:giao|phân cấp|phân công|ủy quyền)(?!\w)")
NAMES = re.compile(rf"[{UPPER}]\w* [{UPPER}]")
ATTRIBUTE = re.compile(r"(?:về|tại|để|trong(?! (?:quá trình|thời gian|khi|thời hạn|trường hợp|phạm vi)))\s")
ENTITLED = re.compile(r"[^;:.]{3,300}?\sđược (?:hưởng|áp dụng (?:chính sách|mức)|ưu đãi)(?!\w)")
OTHER_SENTENCE = frozenset(("đã", "nếu", "thì", "mà", "phải", "cần", "trường", "để"))  # words that begin another clause
MUST_AHEAD = re.compile(r"[^,;:.()]{3,120}?\s(?=(?:có|chịu) trách nhiệm|phải(?!\w))")
CHARGED_BEFORE = re.compile(r"(?<!\w)(?:được (?:giao|phân công|ủy quyền)(?: (?:chủ trì|nhiệm vụ|thực hiện))?|ra)\s+\Z")
SUBJECT_OF_DUTY = re.compile(r"[^;:.()“”\"]{4,140}?(?=\s(?:(?:phải|hoàn toàn|tự|cùng|đều) ){0,2}(?:có trách nhiệm|chịu trách nhiệm)\s)")
CONCERNED = re.compile(r"liên quan (?:đến|tới)\s[^;:.()]{3,160}?\s(?=(?:có|chịu) trách nhiệm)")
LONGEST = 700
LONGEST_PARTNER = 90  # characters of a partner of any kind
MOST_TOKENS = 110
STOPS = '.!?“”"'


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


class ActorReader(ActorHeads):
    """Reads actor phrases of one text.

    >>> text = "Sở Tài chính và các sở, ngành liên quan rà soát"
    >>> ActorReader(text, ()).read(0, len(text))
    Actors(start=0, end=39, names=('Sở Tài chính', 'các sở, ngành liên quan'), ending='work')
    """

    def read(self, start: int, end: int) -> Actors | None:
        """The actor phrase at `start`, which may run to `end`; None if none begins there."""
        if not self.heads(start):
            return None
        stop, ending = self._extent(start, min(end, start + LONGEST))
        stop = start + len(TRAILING.sub("", self.flat[start:stop]))
        names = tuple(dict.fromkeys(split_names(self, start, stop)))
        if ending == "work" and len(names) > 1 and words("appositions").end(names[-1], 0) == len(names[-1]):
            names = names[:-1]
        return Actors(start, stop, names, ending) if names else None

    def read_subject(self, start: int, end: int) -> Actors | None:
        """Whoever stands before `có trách nhiệm` at `start`, whatever kind of actor it is; None if nobody can stand there."""
        subject = SUBJECT_OF_DUTY.match(self.low, start, end) if self.flat[start : start + 1].isupper() else None
        if subject is None or words("no_subject").end(self.low, start) is not None:
            return None
        if self._ending(start) is not None and not (self.kind(start) and "," not in subject[0]):
            return None
        if (
            words("preludes").end(self.low, start) is not None
            or any(word in ("đã", "nếu", "thì", "phải", "là", "gồm") for word in subject[0].split())
            or subject[0].endswith(" và")
        ):
            return None
        return Actors(start, subject.end(), tuple(split_names(self, start, subject.end())), "work")

    def read_partner(self, start: int, end: int) -> Actors | None:
        """Whoever stands after `phối hợp với` at `start`, whatever kind of actor it is; None if work or another thing does."""
        if start >= end or not self.flat[start].isalnum() or self._ending(start) is not None or words("not_actors").end(self.low, start) is not None:
            return None
        stop, ending = self._extent(start, min(end, start + LONGEST_PARTNER))
        stop = start + len(TRAILING.sub("", self.flat[start:stop]))
        names = tuple(dict.fromkeys(split_names(self, start, stop)))
        return Actors(start, stop, names, ending) if names and ending != "other" else None

    def cell(self, start: int, end: int) -> tuple[str, ...]:
        """The actors of a table cell, or its text as one where they cannot be told apart."""
        actors = self.read(start, end)
        return actors.names if actors and actors.end >= end - 2 else (squeeze(self.flat[start:end]),)

    def _extent(self, start: int, end: int) -> tuple[int, Ending]:
        """Where the phrase at `start` ends, and at what. `name_end` is where the last name or closed collective ended, -1 within one."""
        at, name_end, depth, listing = start, -1, 0, False
        for _ in range(MOST_TOKENS):
            token = TOKEN.search(self.low, at, end)
            if token is None:
                return end, "stop"
            at, sign = token.start(), token[0]
            depth += (sign == "(") - (sign == ")" and depth > 0)
            if depth or sign == ")":
                at = token.end()
                continue
            if not sign[0].isalnum():
                listing = (sign == ":" or listing) and self._lists_after(token.end(), end)
                if sign == ":" and not listing:
                    return at, "colon"
                if sign in STOPS or (sign == ";" and not listing and not self.heads(token.end() + 1)):
                    return at, "stop"
                at, name_end = token.end(), -1
                continue
            whole = self._whole(at, end, opens=at == start or self._follows_plural(at))
            if whole is not None:
                at, name_end = whole
                continue
            ending = self._ending(at) if self.flat[at].islower() or (at == name_end + 1 and not NAMES.match(self.flat, at)) else None
            if ending and (at > start or ending != "work"):
                duty = self._duty_ahead(start, at, end, ending)
                if duty is None and self._entitled(start, at, end):
                    return at, "telling"
                return (duty.end(), "work") if duty else (at, ending)
            if self.flat[at].isupper() or words("plurals").end(self.low, at) is not None or words("alone").end(self.low, at) is not None:
                name_end = -1
            elif name_end >= 0 and self.flat[at].islower():
                qualifier = words("qualifiers").end(self.low, at)
                if qualifier is None:
                    return at, "work" if words("starters").end(self.low, at) is not None else "other"
                within = self.low[at:qualifier] == "và" or (self.low[at:qualifier] == "có" and " các " in self.low[start:at])
                name_end = -1 if within else qualifier
                at = qualifier
                continue
            at = token.end()
        return at, "stop"

    def _whole(self, at: int, end: int, *, opens: bool) -> tuple[int, int] | None:
        """The end of what stands whole at `at` (a name, a noun phrase, the close of a collective), and where a name ended then, or -1.

        `opens`: the kind of an actor stands here, which can have words that look like work (`người sử dụng đất`).
        """
        concerned = CONCERNED.match(self.low, at, end) or RANGE.match(self.flat, at, end)
        if concerned:
            return concerned.end(), -1
        name = self.named(at)
        if name is not None and name <= end:
            return name, name
        noun = words("nouns").end(self.low, at)
        if noun is not None:
            return noun, -1
        if opens and (head := self._head(at)) is not None:
            return head, -1
        body = words("bodies").end(self.low, at)
        closed = words("closers").end(self.low, at) if body is None else words("own_levels").end(self.low, body + 1)
        return (closed, closed) if closed is not None else None

    def _head(self, at: int) -> int | None:
        """The end of the kind of actor of several words at `at`."""
        end = words("bodies").end(self.low, at) or words("kinds").end(self.low, at)
        return end if end is not None and " " in self.low[at:end] else None

    def _follows_plural(self, at: int) -> bool:
        return self.low.endswith(("các ", "những ", "mọi ", "từng "), 0, at)

    def _duty_ahead(self, start: int, at: int, end: int, ending: Ending) -> re.Match[str] | None:
        """What a verb at `at` tells of the actor that began at `start`, up to its duty: after `được giao` or a kind of actor alone."""
        if CHARGED_BEFORE.search(self.low, start, at):
            return MUST_AHEAD.match(self.low, at, end)
        kind = words("plurals").end(self.low, start) is not None or words("alone").end(self.low, start) is not None
        attribute = ending == "joining" and kind and ATTRIBUTE.match(self.low, at) is not None
        predicate = ending == "work" and self._bare_kind(start, at) and not self.low.startswith(("theo ", "trong phạm vi", "trên ", "căn cứ"), at)
        delegated = self.low.startswith("có thẩm quyền", at) and DELEGATED.search(self.low, at, min(end, at + 120)) is not None
        modified = attribute or predicate or delegated or self.low.startswith("được ", at)
        duty = DUTY_AHEAD.match(self.low, at, end) if modified else None
        return duty if duty and self._tells_which(at, duty.end() - 1) else None

    def _tells_which(self, start: int, end: int) -> bool:
        """Whether the words from `start` to `end` only tell more of the actor before them: no other actor or clause begins in them."""
        comma = self.low.rfind(", ", start, end)
        phrase = self.low[start:end].rstrip()
        return not (phrase.endswith((",", " và")) or (comma >= 0 and self.heads(comma + 2)) or OTHER_SENTENCE & set(phrase.split()[1:]))

    def _entitled(self, start: int, at: int, end: int) -> bool:
        """Whether the verb at `at` only tells which actors of the kind at `start` have a right to something."""
        return words("alone").end(self.low, start) == at - 1 and ENTITLED.match(self.low, at, end) is not None

    def inserted_duty(self, actors: Actors, end: int) -> int | None:
        """Where the work begins if a clause stands between the actors and their duty (`Công ty A là chủ đầu tư, có trách nhiệm …`)."""
        if actors.ending == "joining" and (case := CASE_OF_DUTY.match(self.low, actors.end, end)):
            return actors.end if case["case"] is None or self._tells_which(*case.span("case")) else None
        role = ROLE_AND_DUTY.match(self.low, actors.end, end) if actors.ending in ("joining", "telling") else None
        named = role is not None and self.names_body(actors.start)
        return role.end() if role and named and self._tells_which(*role.span("role")) else None

    def _bare_kind(self, start: int, end: int) -> bool:
        """Whether the phrase is a kind of actor alone (`Cơ quan`, `Các đơn vị`), so that a verb may tell which."""
        plural = words("plurals").end(self.low, start)
        first = start if plural is None else plural + 1
        return end - 1 in (words("kinds").end(self.low, first), words("alone").end(self.low, first))

    def _ending(self, at: int) -> Ending | None:
        """What the word at `at` ends an actor phrase with, None if it ends none."""
        if words("telling").end(self.low, at) is not None:
            return "telling"
        if words("work").end(self.low, at) is not None:
            return "work"
        return "joining" if words("joining").end(self.low, at) is not None else None

    def _lists_after(self, at: int, end: int) -> bool:
        """Whether a list of names, not work, follows a colon at `at`."""
        while at < end and self.flat[at].isspace():
            at += 1
        if at >= end or not self.flat[at].isupper() or words("plurals").end(self.low, at) is not None:
            return False
        if self.named(at) is not None or self.begins(at):
            return True
        return self._ending(at) is None
