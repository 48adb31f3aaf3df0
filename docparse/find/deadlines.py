"""The time for doing a task: which of the times in its text is one, and what bounds it gives."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from docparse.lexicon import load_rules
from docparse.record import Citation, DateMention, Deadline
from docparse.words import lower

BEFORE = 90  # characters before a time that say what it is
MONTH = 31  # days: a longer time in which something is done gives way to a day until when
MONTHS = 93  # days: a longer time is no time for doing something unless the text says so
OPEN_END = re.compile(r"\s*(?:và|,)?\s*(?:các|những)\s+năm\s+(?:tiếp\s+theo|sau|tới|kế\s+tiếp)")
PERIOD = re.compile(r"(?:giai đoạn|nhiệm kỳ|thời kỳ)", re.IGNORECASE)
CLAUSE_END = re.compile(r"\s*(?:[.;,)]|và\s|\Z|$)")
WORK_IN_TIME = re.compile(r"(?:hoàn thành|xong|bàn giao|trình|báo cáo|thực hiện|triển khai|tổ chức|ban hành)\b")
DONE = re.compile(
    r"\s+(?:bố trí|báo cáo|cập nhật|công bố|hoàn thành|kiểm tra|lập|ban hành|phối hợp|rà soát|sơ kết|thống kê|thực hiện|tiến hành"
    r"|triển khai|trình|tổ chức|tổng hợp|tổng kết|xây dựng|đánh giá)(?!\w)"
)
FROM_HOUR = re.compile(r"từ\s+\d{1,2}\s?(?:h|giờ|:)\s?(?:\d{2})?\s*(?:phút)?,?\s*\Z")
VAGUE = re.compile(r"\s*theo\s")
DONE_IN_BRACKETS = re.compile(r"\([^()]{0,300}(?<!\w)đã\s[^()]{0,300}\Z")
NO_RHYTHM = re.compile(r"\s*(?:của|theo)\s")


@dataclass(frozen=True, slots=True)
class _Time:
    """A time that counts for a task: `first` and `last` bound it, a recurrence has none; `weak` gives way to any other."""

    mention: DateMention
    first: date | None
    last: date | None
    weak: bool = False


class Times:
    """The times of a text, for the tasks that lie in it."""

    def __init__(self, content: str, dates: Sequence[DateMention], citations: Sequence[Citation]) -> None:
        self._low = lower(content.replace("\n", " "))
        cited = sorted((citation.start, citation.end) for citation in citations)
        starts = [start for start, _ in cited]

        def in_citation(mention: DateMention) -> bool:
            index = bisect_left(starts, mention.start + 1) - 1
            return index >= 0 and mention.start < cited[index][1]

        self._dates = [mention for mention in dates if not in_citation(mention)]
        self._starts = [mention.start for mention in self._dates]

    def within(self, start: int, end: int) -> Deadline | None:
        """The deadline told in the work from `start` to `end`: of several the later, a rhythm before the day it starts."""
        mentions = self._between(start, end)
        times = [time for mention in mentions if (time := self._time(mention, start, end))]
        if times and all(time.weak for time in times):
            times += [_Time(mention, None, None) for mention in mentions if mention.recurrence]
        return _later(times)

    def stated(self, start: int, end: int) -> Deadline | None:
        """The deadline in a line or cell that states nothing but the time, where any time counts."""
        if VAGUE.match(self._low, start, end):
            return None
        return _later([self._stated(mention, start, end) for mention in self._between(start, end)])

    def _between(self, start: int, end: int) -> Sequence[DateMention]:
        return self._dates[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def _time(self, mention: DateMention, start: int, end: int) -> _Time | None:
        before = self._low[max(start, mention.start - BEFORE) : mention.start]
        frame = _frame(before)
        if mention.recurrence:
            return self._rhythm(mention, before, end)
        first, last = mention.first_day, mention.last_day
        if first is None or last is None or frame == "none" or DONE_IN_BRACKETS.search(self._low, start, mention.start):
            return None
        if frame == "by" or (mention.modifier in ("by", "before") and frame is None and (last - first).days <= MONTHS):
            return _Time(mention, None, last)
        if mention.text.lower().startswith("từ ") and first < last and (last - first).days <= 2 * MONTHS:
            return _Time(mention, first, last)
        short = (last - first).days <= MONTHS
        if frame == "until" and (last - first).days <= MONTH:
            return _Time(mention, None, last)
        if frame == "meeting" and first == last:
            return _Time(mention, None, last)
        if frame == "within" and not PERIOD.match(mention.text) and (short or self._in_a_year(before, mention, end)):
            return _Time(mention, first, last)
        if frame == "from" or mention.modifier == "after":
            return _Time(mention, first, None, weak=True) if frame == "from" else None
        return None

    def _in_a_year(self, before: str, mention: DateMention, end: int) -> bool:
        """Whether `trong năm …` is the time of the work: it closes the clause, or a verb of doing stands right before."""
        return before.rstrip().endswith("trong") and (
            CLAUSE_END.match(self._low, mention.end, end) is not None or mention.end >= end or WORK_IN_TIME.search(before[-30:]) is not None
        )

    def _rhythm(self, mention: DateMention, before: str, end: int) -> _Time | None:
        with_day = ";" in (mention.recurrence or "")
        told = _frame(before) in ("by", "rhythm", "within", "until") or DONE.match(self._low, mention.end, end) is not None
        of_another = not with_day and not before.rstrip().endswith("định kỳ") and NO_RHYTHM.match(self._low, mention.end, end)
        if (with_day or told) and not of_another:
            return _Time(mention, None, None)
        return None

    def _stated(self, mention: DateMention, start: int, end: int) -> _Time:
        before = self._low[max(start, mention.start - BEFORE) : mention.start]
        frame = _frame(before)
        if mention.recurrence:
            return _Time(mention, None, None)
        if frame in ("by", "until") or mention.modifier in ("by", "before"):
            return _Time(mention, None, mention.last_day)
        if FROM_HOUR.search(before):
            return _Time(mention, mention.first_day, mention.last_day)
        open_end = mention.modifier == "after" or before.rstrip().endswith("từ") or OPEN_END.match(self._low, mention.end, end)
        return _Time(mention, mention.first_day, None if open_end else mention.last_day)


@cache
def _frames() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((rule.values["frame"], rule.regex) for rule in load_rules("task_times"))


def _frame(before: str) -> str | None:
    return next((frame for frame, pattern in _frames() if pattern.search(before)), None)


def _later(times: Sequence[_Time]) -> Deadline | None:
    """The latest of `times`: a firm one before a weak one; a recurrence where it stands after the last firm day."""
    firm = [time for time in times if not time.weak] or list(times)
    if not firm:
        return None
    if any(time.first is None and time.last for time in firm):
        firm = [time for time in firm if not time.first or not time.last or (time.last - time.first).days <= MONTH]
    rhythms = [time for time in firm if time.mention.recurrence]
    days = [time for time in firm if not time.mention.recurrence]
    last = max(days, key=lambda time: time.last or time.first or date.min, default=None)
    if rhythms and (last is None or rhythms[-1].mention.start > last.mention.start):
        detailed = max(rhythms, key=lambda time: len(time.mention.recurrence or ""))
        return Deadline(text=detailed.mention.text, recurrence=detailed.mention.recurrence)
    return Deadline(text=last.mention.text, first_day=last.first, last_day=last.last) if last else None
