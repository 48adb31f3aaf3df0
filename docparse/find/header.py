"""Letterhead, title and addressees."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from docparse.find.addressees import read_addressees
from docparse.find.casing import Body, ordinary_case
from docparse.find.closing import Closing
from docparse.find.dates import parse_day
from docparse.find.issuer import find_captions, find_issuers, issuer_of_authority, name_agency, name_issuers, stated_issuer
from docparse.find.letterhead import Letterhead, clean_number, find_adoption, find_date, find_number
from docparse.find.sheet import Sheet, fold, rules_of
from docparse.find.title import TypeLine, clean_title, find_subject, find_title, find_type_line
from docparse.lexicon import load_rows
from docparse.record import Header, Mark
from docparse.text import Span, Text
from docparse.words import squeeze

REACH = 7_000
LETTER_SUFFIX = re.compile(r"\d+[A-ZĐÀ-Ỹ]")  # of a number on a scan: a digit that was read as a letter
LETTERHEAD = 2_500
ADOPTION_REACH = 1_500
NOISE = (
    "header.stamp",
    "header.motto_state",
    "header.motto_state_damaged",
    "header.motto_freedom",
    "header.motto_party",
    "header.draft",
    "header.line",
)
LEVELS = {"urgency": ("hỏa tốc", "thượng khẩn", "khẩn"), "secrecy": ("tuyệt mật", "tối mật", "mật")}
ADOPTED = ("luật", "bộ luật", "pháp lệnh", "nghị quyết")


@cache
def _types_by_symbol() -> Mapping[str, str]:
    return MappingProxyType({symbol: row["name"] for row in reversed(load_rows("doc_types")) for symbol in row["abbreviations"].split()})


def find_header(text: Text, *, closing: Closing) -> Header:
    """The header of the (first) document in `text`; `closing` tells the issuer where no letterhead does.

    >>> from docparse.find.closing import find_closing
    >>> text = Text.of_lines(["SỞ TƯ PHÁP", "Số: 12/STP-VP", "V/v gửi số liệu", "Kính gửi: Sở Nội vụ"])
    >>> header = find_header(text, closing=find_closing(text))
    >>> header.doc_type, header.number, header.issuer, header.title, header.addressees
    ('công văn', '12/STP-VP', 'Sở Tư pháp', 'gửi số liệu', ('Sở Nội vụ',))
    """
    return _Reader(text, closing).read()


def _mark(match: re.Match[str], first: str, last: str, rule: str) -> Mark:
    return Mark(start=match.start(first), end=match.end(last), rule=rule)


class _Reader:
    """One reading of a header: each step takes from the sheet what it understands and leaves the rest to the next."""

    def __init__(self, text: Text, closing: Closing) -> None:
        self.text = text
        self.closing = closing
        self.sheet = Sheet(text.content[: min(REACH, max(closing.start, LETTERHEAD))])
        self.values: dict[str, Any] = {}
        self.marks: dict[str, Mark] = {}

    def put(self, field: str, value: object, mark: Mark | None) -> None:
        """Keep the first value of a field."""
        if value and mark and field not in self.values:
            self.values[field], self.marks[field] = value, mark

    def read(self) -> Header:
        sheet, rules = self.sheet, rules_of("header")
        framed = self._clear_frame()
        zone = self._body_start()
        addressed = rules["header.addressed"].regex.search(sheet.folded, 0, zone)
        above = addressed.start() if addressed else zone
        type_line = find_type_line(sheet, above, bare=not framed)
        above = type_line.span.start if type_line else above
        body = Body(self.text.content)
        number, date = find_number(sheet, above), find_date(sheet, above)
        sheet.blank_all(rules["header.number_line"], above)
        if number.number_mark and not self._is_doubtful(number):
            self.put("number", number.number, number.number_mark)
        headed = bool(framed or number.number_mark or date.place)
        self.put("place", date.place, date.place_mark)
        if headed:
            if date.date_mark and not self.text.is_doubtful(date.date_mark.start, date.date_mark.end):
                self.put("date", date.date, date.date_mark)
            symbol = number.symbol + (" " + type_line.name if type_line else "")
            limit = min(above, number.number_mark.start) if number.number_mark else above
            numbered = number.number_mark is not None
            issuers = find_issuers(sheet, limit, mixed_case=numbered) or find_issuers(sheet, above, mixed_case=numbered)
            for field, (value, mark) in name_issuers(sheet, issuers, symbol, body).items():
                self.put(field, value, mark)
        end = self._read_title(type_line, number, above, body, addressed=addressed)
        self._read_addressees(addressed.end() if addressed else None, end)
        if "issuer" not in self.values and (stated := stated_issuer(self.text.content, self.values, self.closing)):
            self.put("issuer", *stated)
        self._read_caption()
        if "date" not in self.values and self.values.get("doc_type") in ADOPTED:
            start = max(self.closing.start - ADOPTION_REACH, 0)
            if adopted := find_adoption(self.text.content, start, self.closing.start):
                self.put("date", *adopted)
        return Header(**self.values, marks=self.marks)

    def _is_doubtful(self, number: Letterhead) -> bool:
        """Whether recognition may have taken other digits or letters for this number."""
        mark = number.number_mark
        scanned = bool(self.text.pages) and self.text.pages[0].origin == "ocr"
        return mark is not None and (self.text.is_doubtful(mark.start, mark.end) or (scanned and bool(LETTER_SUFFIX.match(number.number or ""))))

    def _read_caption(self) -> None:
        """Number and date of a document without letterhead, as the note on its annex repeats them."""
        if {"number", "date"} & self.values.keys():
            return
        for caption in find_captions(self.text.content[self.closing.end :]):
            if caption["digits"] and caption["rest"] and fold(squeeze(caption["type"])) == fold(str(self.values.get("doc_type"))):
                number = clean_number(caption["digits"], caption["rest"])
                self.put("number", number, self._caption_mark(caption.start("digits"), caption.end("rest")))
                if caption["date"]:
                    self.put("date", parse_day(caption["date"]), self._caption_mark(*caption.span("date")))
                return

    def _caption_mark(self, start: int, end: int) -> Mark:
        return Mark(start=self.closing.end + start, end=self.closing.end + end, rule="header.caption")

    def _clear_frame(self) -> bool:
        """Blank mottos, lines, stamps and marks of urgency; says whether there was a motto."""
        rules = rules_of("header")
        framed = False
        for name in NOISE:
            motto = "motto" in name
            framed |= self.sheet.blank_all(rules[name], LETTERHEAD, alone=name.startswith("header.motto_state")) and motto
        for field, names in LEVELS.items():
            rule = rules[f"header.{field}"]
            match = rule.regex.search(self.sheet.folded, 0, LETTERHEAD)
            if match and self.sheet.original[slice(*match.span("value"))].isupper():
                self.put(
                    field,
                    next(name for name in names if fold(name) == match["value"]),
                    Mark(start=match.start("value"), end=match.end("value"), rule=rule.id),
                )
                self.sheet.blank(*match.span())
        return framed

    def _body_start(self) -> int:
        match = rules_of("header")["header.body"].regex.search(self.sheet.folded)
        return match.start() if match else len(self.sheet.folded)

    def _read_title(self, type_line: TypeLine | None, number: Letterhead, above: int, body: Body, *, addressed: re.Match[str] | None) -> int:
        """Type and title; gives the offset behind them."""
        sheet = self.sheet
        authority: Span | None = None
        if type_line:
            self.put("doc_type", type_line.name, Mark(start=type_line.span.start, end=type_line.span.end, rule="header.type_line"))
            agencies = [self.marks[field] for field in ("parent_issuer", "issuer") if field in self.marks]
            issuer = " ".join(sheet.original[mark.start : mark.end] for mark in agencies)
            title, authority = find_title(sheet, self.text, self._read_gazette(type_line.span.end), issuer=issuer)
        else:
            title = self._find_subject(number, above, addressed=bool(addressed))
            self._infer_type(number, title, addressed=addressed)
        if title:
            rule = "header.type_line" if type_line else "header.subject"
            printed = ordinary_case(clean_title(sheet.printed(title), letter=type_line is None), body)
            self.put("title", printed, Mark(start=title.start, end=title.end, rule=rule))
        if authority and "issuer" not in self.values and (named := issuer_of_authority(sheet, authority, body)):
            self.put("issuer", *named)
        last = authority or title
        return last.end if last else type_line.span.end if type_line else above

    def _find_subject(self, number: Letterhead, above: int, *, addressed: bool) -> Span | None:
        if not (number.number_mark or addressed):
            return None
        return find_subject(self.sheet, number.number_mark.end if number.number_mark else 0, above, addressed=addressed)

    def _read_gazette(self, start: int) -> int:
        """Issuer, number and date in the sentence behind a type line (`Của … số … ngày … về …`); gives where the title begins."""
        rule = rules_of("header")["header.gazette"]
        match = rule.regex.match(self.sheet.folded, start)
        if not match:
            return start
        printed = self.sheet.original
        self.put("number", clean_number(match["digits"], printed[slice(*match.span("rest"))]), _mark(match, "digits", "rest", rule.id))
        self.put("date", parse_day("/".join(match.group("day", "month", "year"))), _mark(match, "day", "year", rule.id))
        if "issuer" not in self.values and (named := name_agency(printed[slice(*match.span("issuer"))], printed, match.start("issuer"), rule.id)):
            self.put("issuer", *named)
        return match.end()

    def _infer_type(self, number: Letterhead, subject: Span | None, *, addressed: re.Match[str] | None) -> None:
        """The type of a document without a type line: a letter if it has a subject or addressees, else what the symbol says."""
        if subject:
            self.put("doc_type", "công văn", Mark(start=subject.start, end=subject.end, rule="header.subject"))
        elif addressed:
            self.put("doc_type", "công văn", Mark(start=addressed.start(), end=addressed.end(), rule="header.addressed"))
        elif number.number_mark:
            parts = number.symbol.lstrip("/-0123456789").replace("/", "-").split("-")
            letter_symbol = "công văn" if len(parts) > 1 else None
            self.put("doc_type", _types_by_symbol().get(parts[0], letter_symbol), number.number_mark)

    def _read_addressees(self, start: int | None, title_end: int) -> None:
        rule = rules_of("header")["header.addressed"]
        if start is None:
            rule = rules_of("header")["header.dispatched"]
            match = rule.regex.search(self.sheet.folded, title_end, min(title_end + 600, len(self.sheet.folded)))
            start = match.end() if match else None
        if start is not None:
            addressees, end = read_addressees(self.text, start)
            self.put("addressees", addressees, Mark(start=start, end=end, rule=rule.id))
