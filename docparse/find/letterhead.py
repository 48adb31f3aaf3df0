"""The number, place and date of issue above the title."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace

from docparse.find.sheet import Sheet, fold, rules_of
from docparse.record import Mark
from docparse.text import Span
from docparse.words import squeeze

PLACE = re.compile(
    r"(?:(?:Thành\s+phố|THÀNH\s+PHỐ|TP\s?\.?|Tp\s?\.?|Tỉnh|tỉnh|Thị\s+xã|Huyện|Quận|Xã|Phường|Đặc\s+khu)[^\S\n]*)?"
    r"[^\W\d_][\w'’]*(?:[^\S\n]*[-–][^\S\n]*[^\W\d_][\w'’]*|[^\S\n]+(?:[^\W\d_][\w'’]*|\d{1,2}(?!\d))){0,5}[^\S\n]*[,.;]?\s*\Z"
)
WRAPPED_PLACE = re.compile(r"(?:^|\n)[^\S\n]*((?:[A-ZĐ][a-zà-ỹ]+|TP\.?)(?:[^\S\n]*[-–])?)[^\S\n]*\n\Z")
PLACE_REACH = 60
LETTERS = re.compile(r"[^\W\d_]")
SYMBOL = re.compile(r"[A-ZĐ&]{2,}-[A-ZĐ&]{2,}[^\S\n]+(?=[^\W\d_][a-zà-ỹ])")  # of a number whose digits were not read
NUMBERS = ("header.number", "header.number_blank", "header.number_unreadable", "header.number_typed")
SPACED_HYPHEN = re.compile(r"\s[-–]\s*(?=[A-ZĐ][a-zà-ỹ]|[a-zà-ỹ])|\s+(?=[A-ZĐ][a-zà-ỹ]+\s)")
LOST_HYPHEN = re.compile(r"(?<=/)([A-ZĐ][A-ZĐa-z]{0,3}?)(UBND|HĐND|TTg|TTG|CP|VPCP)\Z")


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What stands above the title. `symbol` is the printed symbol even where the number itself is blank."""

    number: str | None = None
    symbol: str = ""
    number_mark: Mark | None = None
    date: dt.date | None = None
    date_mark: Mark | None = None
    place: str | None = None
    place_mark: Mark | None = None


def clean_number(digits: str, rest: str) -> str:
    """A printed number in canonical form: no spaces, one kind of hyphen, the slash that a symbol without separator lost.

    >>> clean_number("1 0 8", " /QĐ - UBND"), clean_number("15", "-QĐ/TU"), clean_number("1849", "BGDĐT-GDPT")
    ('108/QĐ-UBND', '15-QĐ/TU', '1849/BGDĐT-GDPT')
    """
    rest = re.sub(r"\s+", "", rest).replace("–", "-").rstrip(".,;:-/")
    rest = re.sub(r"(?<=-)TTG\Z", "TTg", LOST_HYPHEN.sub(r"\1-\2", rest))
    return re.sub(r"\s+", "", digits) + ("" if rest[:1] in "/-" else "/") + rest


def find_number(sheet: Sheet, end: int) -> Letterhead:
    """The number between the start and `end`, blanked on the sheet."""
    rules = rules_of("header")
    subject = rules["header.subject"].regex.search(sheet.folded, 0, end)
    for name in NUMBERS:
        above = subject.start() if subject and name == "header.number_typed" else end
        match = rules[name].regex.search(sheet.folded, 0, above)
        if not match:
            continue
        start, stop = match.span("rest")
        rest = sheet.original[start:stop]
        if cut := SPACED_HYPHEN.search(rest, 1):
            rest = rest[: cut.start()]
            stop = start + len(rest)
        digits = sheet.original[slice(*match.span("digits"))] if "digits" in match.re.groupindex else ""
        sheet.blank(match.start(), stop)
        begin = match.start("digits") if digits else start
        return Letterhead(
            number=clean_number(digits, rest) if digits else None, symbol=clean_number("", rest), number_mark=Mark(start=begin, end=stop, rule=name)
        )
    return Letterhead()


def _day(match: re.Match[str]) -> dt.date | None:
    parts = [re.sub(r"\s", "", match[name] or "") for name in ("year", "month", "day")]
    try:
        return dt.date(*map(int, parts)) if all(parts) else None
    except ValueError:
        return None


def _place(sheet: Sheet, at: int) -> Span | None:
    """The run of capitalised words that ends at `at`, one word of the line above included where the name was wrapped."""
    reach = max(at - PLACE_REACH, sheet.folded.rfind("\n", 0, max(sheet.folded.rfind("\n", 0, at), 0)) + 1)
    printed = sheet.printed(Span(reach, at))
    bare = printed.rstrip()
    if "\n" in printed[len(bare) :]:
        printed = bare
    line = max(printed.rfind("\n", 0, len(bare)) + 1, 0)
    wrapped = WRAPPED_PLACE.search(printed[:line])
    words = printed[line:]
    for match in re.finditer(r"(?<![\w/-])(?=[A-ZĐÀ-Ỹ])(?!Số\b)", words):
        if (found := PLACE.match(words, match.start())) and not SYMBOL.match(words, match.start()):
            if not all(word[0].isupper() or word[0].isdigit() or word.lower() in ("phố", "khu", "xã") for word in re.findall(r"\w+", found[0])):
                continue
            begin = match.start() + line
            if wrapped and words[: match.start()].strip() in ("", "phố"):
                begin = wrapped.start(1)
            return Span(reach + begin, reach + len(printed.rstrip(" ,.;\n")))
    return None


def find_date(sheet: Sheet, end: int) -> Letterhead:
    """Place and date between the start and `end`, blanked on the sheet: the first date with a place, else one that begins a line."""
    rules = rules_of("header")
    fallback: Letterhead | None = None
    holes: tuple[int, int] | None = None
    for name in ("header.date", "header.date_short", "header.date_unreadable"):
        for match in rules[name].regex.finditer(sheet.folded, 0, end):
            mark = Mark(start=match.start(), end=match.end(), rule=name)
            found = Letterhead(date=_day(match), date_mark=mark)
            if place := _place(sheet, match.start()):
                printed = squeeze(sheet.original[place.start : place.end].replace("|", " "))
                sheet.blank(place.start, match.end())
                return replace(found, place=printed, place_mark=Mark(start=place.start, end=place.end, rule=name))
            line_start = sheet.folded.rfind("\n", 0, match.start()) + 1
            if fallback is None and name != "header.date_unreadable" and not LETTERS.search(sheet.folded, line_start, match.start()):
                fallback, holes = found, (line_start, match.end())
    if fallback and holes:
        sheet.blank(*holes)
    return fallback or Letterhead()


def find_adoption(content: str, start: int, end: int) -> tuple[dt.date, Mark] | None:
    """The day on which a law or resolution was adopted, as its closing formula between `start` and `end` says."""
    rule = rules_of("header")["header.adopted"]
    for match in rule.regex.finditer(fold(content[start:end])):
        if day := _day(match):
            return day, Mark(start=start + match.start(), end=start + match.end(), rule=rule.id)
    return None
