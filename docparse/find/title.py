"""The type line, the title under it, and the addressees."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from types import MappingProxyType

from docparse.find.casing import mostly_capitals
from docparse.find.sheet import Sheet, fold, rules_of
from docparse.lexicon import load_rows
from docparse.text import Span, Text
from docparse.words import lower, squeeze

MAX_TITLE_LINES = 24
MAX_TITLE = 1_500
LONG, LONG_SENTENCE, LONG_PARAGRAPH = 200, 120, 260  # characters: such a line is a paragraph, not a line of a title
AGENCY_WORDS = 14
BODY_WORDS = 3  # of a name that is more than a type
SUBJECT_WORDS = re.compile(r"(?:v\s?/\s?v|(?:về việc|về)\b)[\s:.]*", re.IGNORECASE)
SHORT_SUBJECT = re.compile(r"v\s?/\s?v[\s:.]*", re.IGNORECASE)
BRACKETED_SUBJECT = re.compile(r"\((v\s?/\s?v[^()]*)\)", re.IGNORECASE)
WORD = re.compile(r"\w+")
SPECK = re.compile(r"(?=\S{0,2}[^\W\d_A-ZĐÀ-Ỹ])\S{1,3}[^\S\n]+")
LEVEL = "phường"  # without its marks a ward's name reads like `phương án`
OFF_CENTRE = 10.0  # points: the lines of a title share their middle


@cache
def type_names() -> Mapping[str, str]:
    """Folded type name -> name (`quyet dinh` -> `quyết định`)."""
    return MappingProxyType({fold(row["name"]): row["name"] for row in load_rows("doc_types")})


@cache
def _type_start() -> re.Pattern[str]:
    names = sorted(type_names(), key=len, reverse=True)
    name = "|".join(name.replace(" ", r"\s+") for name in names)
    return re.compile(rf"(?P<name>{name})(?:\b|(?=ve\s))(?:{rules_of('header')['header.type_adjective'].pattern})?")


@dataclass(frozen=True, slots=True)
class TypeLine:
    """The type name as printed, and where it stands."""

    name: str
    span: Span


def find_type_line(sheet: Sheet, end: int, *, bare: bool) -> TypeLine | None:
    """The first line before `end` that is a type name, or begins with one in capitals, or (`bare`: without letterhead) opens the text with one."""
    opening = bare
    for line in sheet.rest(0, end):
        match = _type_start().match(sheet.folded, line.start) or _type_behind_speck(sheet, line)
        if match and match.end() <= end:
            printed = sheet.printed(Span(*match.span()))
            if lower(printed).startswith(LEVEL):
                continue
            name = type_names()[squeeze(match["name"])]
            stop = max(line.end, match.end())
            remainder = sheet.folded[match.end() : sheet.folded.find("\n", match.end()) if "\n" in sheet.folded[match.end() :] else len(sheet.folded)]
            if not re.search(r"\w", remainder):
                if printed.isupper() or opening or printed.istitle() or printed[:1].isupper():
                    return TypeLine(name, Span(match.start(), stop))
            elif mostly_capitals(sheet.printed(line)) or (printed.isupper() and "\n" not in match[0]) or (opening and printed[:1].isupper()):
                return TypeLine(name, Span(*match.span()))
        opening = False
    return None


def _type_behind_speck(sheet: Sheet, line: Span) -> re.Match[str] | None:
    """A type name in capitals that is alone on its line but for a speck that was read as a short word before it."""
    speck = SPECK.match(sheet.original, line.start, line.end)
    match = _type_start().match(sheet.folded, speck.end()) if speck else None
    return match if match and sheet.original[match.start() : line.end].isupper() and match.end() == line.end else None


def _same_agency(words: list[str], issuer: str) -> bool:
    """Whether the words of a line name the issuer, one of its heads or a session of it."""
    rules = rules_of("header")
    known = set(WORD.findall(fold(issuer)))
    if known >= {"ubnd"}:
        known |= {"uy", "ban", "nhan", "dan"}
    position = rules["header.position"].regex.match(" ".join(words))
    left = words[len(position[0].split()) :] if position else words
    unknown = [word for word in left if word not in known and not rules["header.session"].regex.match(word)]
    return not unknown or (bool(position) and len(unknown) <= len(left) // 3)


def _authority_start(sheet: Sheet, lines: list[Span], issuer: str) -> int:
    """The index of the first of the last `lines` that name the authority which issues the document; their number where none does."""
    rules = rules_of("header")
    for index, line in enumerate(lines):
        folded = sheet.folded[line.start : line.end]
        if not rules["header.authority"].regex.match(folded):
            continue
        before = sheet.folded[lines[index - 1].start : lines[index - 1].end] if index else ""
        if rules["header.connector"].regex.search(before):
            continue
        words = [word for rest in lines[index:] for word in WORD.findall(sheet.folded[rest.start : rest.end])]
        other_case = index and not mostly_capitals(sheet.printed(lines[0])) and mostly_capitals(sheet.printed(line))
        named = [word for word in words if not rules["header.session"].regex.match(word)]
        stated = not issuer and len(named) <= AGENCY_WORDS and not rules["header.act"].regex.search(" ".join(named))
        if other_case or (issuer and _same_agency(words, issuer)) or stated or _heads_titled_body(sheet, lines[:index], words):
            return index
    return len(lines)


def _heads_titled_body(sheet: Sheet, title: list[Span], words: list[str]) -> bool:
    """Whether the words of a line name the head of a body that the title names (`… CỦA BAN CHỈ ĐẠO X` over `TRƯỞNG BAN CHỈ ĐẠO X`)."""
    position = rules_of("header")["header.position"].regex.match(" ".join(words))
    body = words[len(position[0].split()) - 1 :] if position else []
    above = " ".join(word for line in title for word in WORD.findall(sheet.folded[line.start : line.end]))
    return len(body) >= BODY_WORDS and " ".join(body) in above


def find_title(sheet: Sheet, text: Text, start: int, *, issuer: str) -> tuple[Span | None, Span | None]:
    """The title behind a type line that ends at `start`, and the line below it that names the authority."""
    rules = rules_of("header")
    body, sentence = rules["header.body"].regex, rules["header.sentence"].regex
    lines: list[Span] = []
    for line in sheet.rest(start, start + MAX_TITLE + 600):
        printed, folded = sheet.printed(line), sheet.folded[line.start : line.end]
        if (
            body.match(sheet.folded, line.start)
            or rules["header.addressed"].regex.match(folded)
            or rules["header.dispatched"].regex.match(sheet.folded, line.start)
        ):
            break
        if lines:
            previous = sheet.printed(lines[-1])
            between = sheet.original[lines[-1].end : line.start]
            open_end = bool(rules["header.connector"].regex.search(fold(previous)))
            capitals = mostly_capitals(sheet.printed(lines[0]))
            if re.search(r"[-_—–=*]{2,}|\*", between) and capitals != mostly_capitals(printed):
                break
            if re.search(r"[-_—–=]{3,}", between) or folded.startswith(("(kem theo", "(ban hanh kem", "(dinh kem")):
                break
            if capitals and re.search(r"[^\W\d_]", printed) and not mostly_capitals(printed):
                break
            if not capitals and not open_end and (_off_centre(text, lines[-1], line) or _begins_body(text, line, previous, folded, sentence)):
                break
            ended = previous.endswith((":", ".")) and not rules["header.authority"].regex.match(folded)
            if ended or len(lines) >= MAX_TITLE_LINES:
                break
        elif _is_paragraph(printed) or (sentence.match(folded) and _off_centre(text, Span(start - 1, start), line)):
            break
        lines.append(line)
    if lines and sentence.match(sheet.folded, lines[0].start) and sheet.printed(lines[-1]).endswith((".", ":")):
        return None, None
    below = _authority_start(sheet, lines, issuer)
    return _around(lines[:below]), _around(lines[below:])


def _around(lines: list[Span]) -> Span | None:
    return Span(lines[0].start, lines[-1].end) if lines and lines[-1].end - lines[0].start <= MAX_TITLE else None


def _is_paragraph(printed: str) -> bool:
    return len(printed) > LONG_PARAGRAPH and printed.endswith((".", ":", ";", ","))


def _off_centre(text: Text, above: Span, line: Span) -> bool:
    """Whether the layout is known and a line does not share its middle with the title line above."""
    boxes = text.line_at(above.start).box, text.line_at(line.start).box
    return all(boxes) and abs(sum((box.x0 + box.x1) * sign for box, sign in zip(boxes, (1, -1), strict=True) if box)) > 2 * OFF_CENTRE


def _begins_body(text: Text, line: Span, previous: str, folded: str, sentence: re.Pattern[str]) -> bool:
    """Whether a line under a title in ordinary case is the first of the body."""
    printed = text.content[line.start : line.end]
    if not printed[:1].isupper() or _is_agency(folded):
        return False
    whole = len(printed) > LONG or (len(printed) > LONG_SENTENCE and printed.endswith("."))
    return bool(sentence.match(folded)) or whole or (text.line_at(line.start).opens and previous.endswith((".", ":", ";")))


def _is_agency(folded: str) -> bool:
    """Whether a short line is the name of an authority and nothing more."""
    authority = rules_of("header")["header.authority"].regex.match(folded)
    return bool(authority) and len(folded.split()) <= AGENCY_WORDS and not folded.endswith((".", ":", ";"))


def clean_title(printed: str, *, letter: bool) -> str:
    """A printed title with single spaces; `V/v` goes, and in a letter (`công văn`) `Về việc` and `Về` too.

    >>> clean_title("V/v  trả lời kiến nghị", letter=True), clean_title("Về việc sáp nhập xã", letter=False)
    ('trả lời kiến nghị', 'Về việc sáp nhập xã')
    """
    title = _once(squeeze(printed).strip(" -–—_*|;").removesuffix("."))
    if bracketed := BRACKETED_SUBJECT.fullmatch(title):
        title = bracketed[1]
    lead = (SUBJECT_WORDS if letter else SHORT_SUBJECT).match(title)
    return title[lead.end() :] if lead else title


def _once(title: str) -> str:
    """A title that is printed twice, once.

    >>> _once("Về phí Về phí")
    'Về phí'
    """
    half = len(title) // 2
    return title[:half] if fold(title[:half]) == fold(title[half + 1 :]) else title


def _above_capitals(sheet: Sheet, lines: list[Span]) -> list[Span]:
    """The lines of a subject above a stamp: what follows in capitals is none of a subject in ordinary case."""
    capitals = (
        i for i, line in enumerate(lines) if len(line_words := sheet.printed(line).split()) > 2 and all(word.isupper() for word in line_words)
    )
    stamp = next(capitals, len(lines))
    return lines[: stamp or len(lines)]


def find_subject(sheet: Sheet, start: int, end: int, *, addressed: bool) -> Span | None:
    """The title of a letter: what is left behind `V/v` (or behind the number at `start`) above `end`, where it is `addressed`."""
    rules = rules_of("header")
    match = rules["header.subject"].regex.search(sheet.folded, start, end)
    if not match and start and addressed:
        match = rules["header.subject_unclear"].regex.search(sheet.folded, start, end)
    lines = [line for line in sheet.rest(match.end() if match else start, end) if re.search(r"\w{2}", sheet.folded[line.start : line.end])]
    if match and lines:
        lines = _above_capitals(sheet, lines)
        lines = lines[: 1 + next((i for i, (line, below) in enumerate(pairwise(lines)) if sheet.is_blanked(line.end, below.start)), len(lines))]
    if not match:
        lines = [line for line in lines if not mostly_capitals(sheet.printed(line))]
        if not lines or not sheet.folded.startswith("ve ", lines[0].start):
            return None
    return _around(lines[:MAX_TITLE_LINES])
