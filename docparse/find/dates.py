"""Time expressions: days, months, quarters, halves, years, periods and recurrences, with what bounds them."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from docparse.find.periods import (
    FIRST_YEAR,
    LAST_YEAR,
    Bounds,
    day,
    months,
    part_of_month,
    quarter_number,
    quarters,
    rrule_of_unit,
    weekday_code,
)
from docparse.lexicon import Rule, load_rules, load_values
from docparse.record import DateMention, Header, Modifier
from docparse.text import Text
from docparse.words import lower, unaccent

LETTERHEAD = 2_000  # characters: a date without its day there is that of the document
BEFORE = 60  # characters that are searched for what bounds a time
JOINED = re.compile(r"(?i)[\s,;()]{0,4}(?:(?:và|hoặc|hay|đến|tới|hết)\s{1,3}){0,2}[-–]?\s{0,3}\Z")
EDGE = re.compile(r"[\n|]")
NUMBER = re.compile(r"iv|i{1,3}|\d+")
YEARLY = "FREQ=YEARLY;BYMONTH={m};BYMONTHDAY={d}"
MODIFIERS: tuple[Modifier, ...] = ("by", "before", "after")
SPOILED_DAY = re.compile(r"[\s,.;]{0,4}n[gq]a[yj]?(?![\s.…_]{0,30}(?:[0-3]?\d\s{0,4})?th[a-z]{2,4})")  # neither blank nor a number
HALF_A_YEAR = dt.timedelta(days=183)


@dataclass(frozen=True, slots=True)
class _Found:
    """A time expression before its missing year or month is known. `values` are numbers by the names of the rule's groups."""

    start: int
    end: int
    rule: str
    kind: str
    values: Mapping[str, int]
    part: str | None = None
    recurrence: str | None = None
    modifier: Modifier | None = None

    @property
    def year(self) -> int | None:
        return self.values.get("y2", self.values.get("y"))


def find_dates(text: Text, *, header: Header) -> tuple[DateMention, ...]:
    """Every time expression of `text` that calendar days or a recurrence can be told for, in reading order.

    A year or month that is left out is taken from a neighbour in the same list, then from the title of the annex that holds it, then from
    the date of the document. Without that date it is the year that most of the full dates name; for days only if none of them is later.

    >>> text = Text.of_lines(["Báo cáo trước ngày 20/11; hoàn thành trong quý IV/2025."])
    >>> mentions = find_dates(text, header=Header(date=dt.date(2025, 3, 1)))
    >>> [(mention.text, mention.last_day.isoformat(), mention.modifier) for mention in mentions]
    [('ngày 20/11', '2025-11-20', 'before'), ('quý IV/2025', '2025-12-31', None)]
    """
    content = text.content
    found = _with_shared_years(content, list(scan(content)))
    date = header.date
    years = Counter(item.values["y"] for item in found if item.kind == "day" and "y" in item.values)
    spoiled = _spoiled_date(content, header)
    undated = (item for item in found if item.start in spoiled or (item.rule.startswith("date.blank_day") and item.start < LETTERHEAD))
    blank = next((item.year for item in undated), None)
    issued = date.year if date else blank
    year = issued or max(years, key=lambda value: (years[value], value), default=None)
    certain = issued is not None or year == max(years, default=None)
    annexes = _annex_years(content)
    mentions = []
    for item in found:
        if item.start in spoiled:
            continue
        annex = bisect_right(annexes, item.start, key=lambda entry: entry[0]) - 1
        own_year = annexes[annex][1] if annex >= 0 else None
        if item.kind in ("day", "days") and item.year is None and not (certain or own_year or item.recurrence):
            continue
        bounds = _bounds(item, own_year or year, date)
        if bounds or item.recurrence:
            mentions.append(
                DateMention(
                    start=item.start,
                    end=item.end,
                    rule=item.rule,
                    text=content[item.start : item.end],
                    first_day=bounds[0] if bounds else None,
                    last_day=bounds[1] if bounds else None,
                    recurrence=item.recurrence,
                    modifier=item.modifier,
                    page=text.page_at(item.start),
                )
            )
    return tuple(mentions)


def _spoiled_date(content: str, header: Header) -> range:
    """Where the letterhead's date stands whose day recognition has spoiled: its month or year is no date of its own."""
    place = header.marks.get("place")
    if place is None or header.date is not None:
        return range(0)
    line = EDGE.split(content[place.end : place.end + BEFORE], maxsplit=1)[0]
    day = SPOILED_DAY.match(unaccent(lower(line)))
    return range(place.end + day.end(), place.end + len(line)) if day else range(0)


def _annex_years(content: str) -> list[tuple[int, int | None]]:
    """Where each annex begins, and the year that its title in capitals names if it names one alone."""
    values = load_values("dates")["annex"]
    found: list[tuple[int, int | None]] = []
    for caption in _pattern("annex", "caption", "(?m)").finditer(content):
        title = _pattern("annex", "ends").split(content[caption.start() : caption.end() + values["reach"]], maxsplit=1)[0]
        years = set(_pattern("annex", "year").findall(title))
        found.append((caption.start(), int(years.pop()) if len(years) == 1 else None))
    return found


def parse_day(text: str) -> dt.date | None:
    """The day that a date string names, None if it names none or more than one.

    >>> parse_day("ngày 05 tháng 3 năm 2020"), parse_day("16.12.2002"), parse_day("tháng 3/2020")
    (datetime.date(2020, 3, 5), datetime.date(2002, 12, 16), None)
    """
    found = list(scan(text))
    if len(found) != 1 or found[0].kind != "day":
        return None
    bounds = _bounds(found[0], None, None)
    return bounds[0] if bounds else None


@cache
def _starts() -> tuple[re.Pattern[str], Mapping[str, tuple[Rule, ...]]]:
    """Where an expression can begin, and the rules to try there by that word (by "" at a figure).

    Every alternative begins with a literal, so that the regex engine skips to their first letters.
    """
    words: Mapping[str, list[str]] = load_values("dates")["starts"]
    rules = {word: tuple(rule for rule in load_rules("dates") if name in rule.values["group"]) for name, group in words.items() for word in group}
    rules[""] = tuple(rule for rule in load_rules("dates") if "number" in rule.values["group"])
    patterns = [rf"{word[0]}(?<!\w{word[0]}){word[1:]}(?![^\W\d])" for word in rules if word]
    patterns += [rf"{digit}(?<![\w/:.,-]{digit})\d{{0,3}}(?!\d)" for digit in range(10)]
    return re.compile("|".join(patterns)), rules


def scan(content: str) -> Iterator[_Found]:
    """The time expressions of `content` as they are written, years that are left out still missing."""
    low = lower(content)
    starts, rules = _starts()
    at = 0
    last: _Found | None = None
    while start := starts.search(low, at):
        at = start.end()
        for rule in rules.get(start[0], rules[""]):
            match = rule.regex.match(low, start.start())
            if not match:
                continue
            found = list(_read(low, rule, match, last))
            if found or rule.values["kind"] == "void":
                at = match.end()
                yield from found
                last = found[-1] if found else last
                break


def _read(low: str, rule: Rule, match: re.Match[str], last: _Found | None) -> Iterator[_Found]:
    kind = rule.values["kind"]
    groups = {name: value for name, value in match.groupdict().items() if value is not None}
    start, end = match.span()
    if kind == "void" or (kind == "plain_year" and not _is_year(low, match, last)):
        return
    if kind == "day" and "y" not in groups and _is_holiday(low, start):
        return
    if rule.id == "date.day_month_plain":
        start = match.start("d")
    found = _Found(start, end, rule.id, kind, _numbers(groups), groups.get("part") or groups.get("half"), modifier=_modifier(low, start))
    if (
        kind == "day"
        and "y" not in groups
        and "m" in groups
        and _pattern("yearly", "before", after=r"\Z").search(low[max(start - BEFORE, 0) : start])
    ):
        yield replace(found, recurrence=YEARLY.format(**found.values))
    elif kind == "recurrence":
        yield replace(found, recurrence=_recurrence(rule.values, groups))
    elif kind.endswith("_list"):
        yield from _members(found, match)
    else:
        yield found


def _numbers(groups: Mapping[str, str]) -> dict[str, int]:
    return {name: quarter_number(value) for name, value in groups.items() if len(name) <= len("y1") and name not in ("ds", "ms", "qs")}


def _members(found: _Found, match: re.Match[str]) -> Iterator[_Found]:
    """The members of a list of days, months or quarters that share what follows it, one mention each."""
    kind = found.kind.removesuffix("_list")
    group = {"day": "ds", "month": "ms", "quarter": "qs"}[kind]
    members = list(NUMBER.finditer(match[group]))
    offset = match.start(group)
    for index, member in enumerate(members):
        start = found.start if index == 0 else offset + member.start()
        end = found.end if member is members[-1] else offset + member.end()
        yield replace(found, start=start, end=end, kind=kind, values={**found.values, kind[0]: quarter_number(member[0])})


def _recurrence(rule: Mapping[str, Any], groups: Mapping[str, str]) -> str:
    if "rrule" not in rule:
        return rrule_of_unit(groups["unit"], int(groups.get("n", 1)))
    values = {name: int(value) for name, value in groups.items() if name in ("d", "m", "m1", "m2")}
    weekday = weekday_code(groups["weekday"]) if "weekday" in groups else ""
    return str(rule["rrule"]).format(**values, weekday=weekday)


@cache
def _pattern(table: str, name: str, before: str = "", after: str = "") -> re.Pattern[str]:
    return re.compile(before + load_values("dates")[table][name] + after)


def _is_year(low: str, match: re.Match[str], last: _Found | None) -> bool:
    """Whether a bare number is a year: alone on its line or in its cell, in a list of years, in a name, or after a word of time."""
    start, end = match.span()
    if EDGE.split(low[max(start - 4, 0) : start])[-1].strip() == "" == EDGE.split(low[end : end + 4])[0].strip():
        return True
    if (
        last
        and last.kind in ("year", "plain_year", "years")
        and last.end < start <= last.end + 8
        and _pattern("bare_year", "joined", r"\s*", r"\Z").match(low, last.end, start)
    ):
        return True
    before = low[max(start - BEFORE, 0) : start]
    if _pattern("bare_year", "names", r"(?<!\w)", r"\Z").search(before):
        return True
    if _pattern("bare_year", "subjects", r"(?<!\w)", r"\Z").search(before) and not _pattern("bare_year", "counted").match(low, end):
        return True
    return bool(_pattern("bare_year", "times", r"(?<!\w)", r"\Z").search(before) and _pattern("bare_year", "closes").match(low, end))


def _is_holiday(low: str, start: int) -> bool:
    before = low[max(start - BEFORE // 2, 0) : start]
    return any(word in before for word in load_values("dates")["holidays"]["words"])


def _modifier(low: str, start: int) -> Modifier | None:
    before = low[max(start - BEFORE, 0) : start]
    return next((name for name in MODIFIERS if _modifiers(name).search(before)), None)


@cache
def _modifiers(name: str) -> re.Pattern[str]:
    values = load_values("dates")["modifiers"]
    return re.compile(rf"(?<!\w){values[name]}{values['clock']}\s*\(?\Z")


def _with_shared_years(content: str, found: list[_Found]) -> list[_Found]:
    """`found` with the year of the next expression where only a comma, `và` or `đến` stands between; so a recurrence takes its own with it."""
    kept: list[_Found] = []
    for item in reversed(found):
        after = kept[-1] if kept else None
        if item.year is None and not item.recurrence and after and JOINED.fullmatch(content, item.end, after.start):
            if after.recurrence:
                continue
            if after.year:
                kept.append(replace(item, values={**item.values, ("y2" if "m2" in item.values or "q2" in item.values else "y"): after.year}))
                continue
        kept.append(item)
    return kept[::-1]


def _bounds(item: _Found, year: int | None, date: dt.date | None) -> Bounds | None:
    """The days of `item`, None where they cannot be told or the calendar has no such day."""
    values = dict(item.values)
    years = [value for name, value in values.items() if name[0] == "y"]
    if item.recurrence or any(not FIRST_YEAR <= value <= LAST_YEAR for value in years):
        return None
    left_out = item.year is None
    if left_out:
        if year is None:
            return None
        values["y"] = year
    if item.kind == "day" and "m" not in values:
        if date is None:
            return None
        values["m"] = date.month
    try:
        bounds = _CALENDAR[item.kind](values, item.part)
        if left_out and date and item.modifier and bounds[1] < date - HALF_A_YEAR:
            bounds = _CALENDAR[item.kind]({**values, "y": values["y"] + 1}, item.part)
    except ValueError:
        return None
    return bounds if bounds[0] <= bounds[1] else None


def _days(values: Mapping[str, int], part: str | None) -> Bounds:
    del part
    last_year = values.get("y2", values.get("y", 0))
    last = dt.date(last_year, values["m2"], values["d2"])
    month = values.get("m1", values["m2"])
    first_year = values.get("y1", last_year - (month > values["m2"]))
    return dt.date(first_year, month, values["d1"]), last


def _months(values: Mapping[str, int], part: str | None) -> Bounds:
    del part
    last_year = values.get("y2", values.get("y", 0))
    return months(values.get("y1", last_year - (values["m1"] > values["m2"])), values["m1"], last_year, values["m2"])


def _quarters(values: Mapping[str, int], part: str | None) -> Bounds:
    del part
    last_year = values.get("y2", values.get("y", 0))
    return quarters(values.get("y1", last_year - (values["q1"] > values["q2"])), values["q1"], last_year, values["q2"])


_CALENDAR: Mapping[str, Callable[[Mapping[str, int], str | None], Bounds]] = {
    "day": lambda values, part: day(values["y"], values["m"], values["d"]),
    "days": _days,
    "month": lambda values, part: part_of_month(values["y"], values["m"], part),
    "months": _months,
    "first_months": lambda values, part: months(values["y"], 1, values["y"], values["n"]),
    "last_months": lambda values, part: months(values["y"], 13 - values["n"], values["y"], 12),
    "half": lambda values, part: quarters(values["y"], *((1, values["y"], 2) if part == "đầu" else (3, values["y"], 4))),
    "quarter": lambda values, part: quarters(values["y"], values["q"], values["y"], values["q"]),
    "quarters": _quarters,
    "year": lambda values, part: months(values["y"], 1, values["y"], 12),
    "plain_year": lambda values, part: months(values["y"], 1, values["y"], 12),
    "years": lambda values, part: months(values["y1"], 1, values["y2"], 12),
}
