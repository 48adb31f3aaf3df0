"""A mention of a document while it is being read, and the small readers of what follows a number."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left
from dataclasses import dataclass

from docparse.find.numbers import DocumentNumber
from docparse.record import Relation
from docparse.text import Text
from docparse.words import old_tone, unaccent

DATE = re.compile(
    r"\s{0,3}(?:,|(?P<open>\())?\s{0,3}(?:(?:ban\s+hành|ký|đề)\s+)?ngày\s{1,3}(?P<day>\d{1,2})\s{0,2}(?:[/.-]|tháng)\s{0,2}(?P<month>\d{1,2})\s{0,2}(?:[/.-]|năm|,)?\s{0,2}(?P<year>\d{2,5})(?!\d)(?(open)\)?)"
)
MONTH = re.compile(r"\s{1,3}tháng\s{1,3}(?P<month>\d{1,2})\s{0,2}(?:/|năm)\s{0,2}(?P<year>\d{4})(?!\d)")
YEAR = re.compile(r"\s{1,3}(?:năm\s{1,3})?(?P<year>(?:19|20)\d{2})(?!\d|[/.-]\d)")


@dataclass(frozen=True, slots=True)
class Views:
    """The content, the same in lower case with one tone placement, and that without marks; all of the same length.

    `opens` are the offsets at which paragraphs begin by layout, save those that begin with a small letter.
    """

    content: str
    low: str
    plain: str
    opens: tuple[int, ...]

    @classmethod
    def of(cls, text: Text) -> Views:
        """The views of a text."""
        low = old_tone(text.content)
        opens = tuple(line.start for line in text.lines if line.opens and not text.content[line.start : line.start + 1].islower())
        return cls(text.content, low, unaccent(low), opens)

    def paragraph_end(self, start: int) -> int:
        """Where the paragraph that holds `start` ends, its line break left out."""
        index = bisect_left(self.opens, start + 1)
        return self.opens[index] - 1 if index < len(self.opens) else len(self.content)


@dataclass(slots=True)
class Mention:
    """A mention in the making. `core` is where type word or name begins, `start` includes the provisions before it, `end` the date and
    issuer after it, `reach` the title too. `parent` is the mention in whose title it stands, `head` the first one of its list.
    """

    core: int
    end: int
    doc_type: str | None
    number: str | None
    rule: str
    printed: DocumentNumber | None = None
    date: str | None = None
    issuer: str | None = None
    title: str | None = None
    provisions: tuple[dict[str, str], ...] = ()
    start: int = -1
    reach: int = -1
    parent: Mention | None = None
    head: Mention | None = None
    issuer_behind: bool = False
    successor: str | None = None
    relation: Relation = "mentions"

    def __post_init__(self) -> None:
        if self.start < 0:
            self.start = self.core
        if self.reach < 0:
            self.reach = self.end


def read_date(low: str, start: int) -> tuple[str | None, int] | None:
    """The day stated at `start` as ISO 8601 and where it ends; an impossible day is None. None where no date stands.

    >>> read_date(", ngày 23/7/2025 của ai", 0), read_date(" ngày 31/2/2025", 0)
    (('2025-07-23', 16), (None, 15))
    """
    match = DATE.match(low, start)
    if not match:
        return None
    try:
        return dt.date(int(match["year"]), int(match["month"]), int(match["day"])).isoformat() if len(match["year"]) == 4 else None, match.end()
    except ValueError:
        return None, match.end()


def read_month(low: str, start: int) -> tuple[str | None, int] | None:
    """The month stated at `start` (`2026-01`) and where it ends.

    >>> read_month(" tháng 01/2026", 0)
    ('2026-01', 14)
    """
    match = MONTH.match(low, start)
    if not match or not 1 <= int(match["month"]) <= 12:
        return None
    return f"{match['year']}-{int(match['month']):02}", match.end()


def read_year(low: str, start: int) -> tuple[str, int] | None:
    """The year that tells one law from another of its name (`năm 2024`) and where it ends.

    >>> read_year(" năm 2024 và", 0)
    ('2024', 9)
    """
    match = YEAR.match(low, start)
    return (match["year"], match.end()) if match else None
