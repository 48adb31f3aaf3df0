"""Where an actor phrase can begin: names of agencies, positions, kinds of bodies, collectives."""

from __future__ import annotations

import re
from collections.abc import Sequence

from docparse.find.task_words import UPPER, words
from docparse.record import AgencyMention
from docparse.words import old_tone, squeeze

LISTED = re.compile(r"(?:[,;:]|\svà)\s+\Z")
NAME_FOLLOWS = re.compile(rf"\s+[{UPPER}\d]")


class ActorHeads:
    """The beginnings of actor phrases in one text; `flat` is the content with spaces for line breaks, `low` that folded for matching.

    `elliptic` holds the names of agencies that stand in a list without their kind (`các sở: Tài chính`), by where they begin.
    """

    def __init__(self, content: str, agencies: Sequence[AgencyMention]) -> None:
        self.flat = content.replace("\n", " ")
        self.low = old_tone(self.flat)
        spans: dict[int, int] = {}
        self.elliptic: dict[int, str] = {}
        for agency in agencies:
            if agency.collective:
                continue
            elliptic = agency.mention != squeeze(agency.text)
            if elliptic and "các" not in agency.text.lower().split():
                if not LISTED.search(self.low, max(agency.start - 8, 0), agency.start):
                    continue
                self.elliptic[agency.start] = agency.mention
            elif elliptic:
                continue
            spans[agency.start] = max(agency.end, spans.get(agency.start, 0))
        self._ends = spans

    def heads(self, start: int) -> bool:
        """Whether an actor phrase can begin at `start`."""
        if self.named(start) is not None:
            return start not in self.elliptic
        opened = words("plurals").end(self.low, start)
        if opened is not None:
            return self.kind(opened + 1) or self.named(opened + 1) is not None or self.begins(opened + 1)
        if self.begins(start):
            return True
        return words("alone").end(self.low, start) is not None and words("not_actors").end(self.low, start) is None

    def stands_out(self, start: int) -> bool:
        """Whether an actor phrase begins at `start` that can be the subject of a clause: with a capital, a name or `các`."""
        return self.heads(start) and (
            self.flat[start].isupper() or self.named(start) is not None or words("plurals").end(self.low, start) is not None
        )

    def kind(self, start: int) -> bool:
        """Whether a kind of actor, as it stands in collectives, is at `start`."""
        return words("kinds").end(self.low, start) is not None and words("not_actors").end(self.low, start) is None

    def names_body(self, start: int) -> bool:
        """Whether a body with its name or level, not a kind of body alone, stands at `start`."""
        if self.named(start) is not None:
            return True
        long = words("positions").end(self.low, start) or words("bodies").end(self.low, start)
        return self.begins(start) and (
            long is None or NAME_FOLLOWS.match(self.flat, long) is not None or words("levels").end(self.low, long + 1) is not None
        )

    def named(self, start: int) -> int | None:
        """The end of the agency name that begins at `start`."""
        return self._ends.get(start)

    def begins(self, start: int) -> bool:
        """Whether a position or a body with its name begins at `start`."""
        low, flat = self.low, self.flat
        if words("not_actors").end(low, start) is not None:
            return False
        long = words("positions").end(low, start) or words("bodies").end(low, start)
        if long is not None:
            work = words("work").end(low, start)
            return work is None or work < long or NAME_FOLLOWS.match(flat, long) is not None or words("levels").end(low, long + 1) is not None
        short = words("short_bodies").end(low, start)
        return short is not None and NAME_FOLLOWS.match(flat, short) is not None
