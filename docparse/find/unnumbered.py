"""Mentions without a full number: a short number behind the type, type with day and issuer, a name, a standard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from docparse.find.mention import Mention, Views, read_date, read_month
from docparse.find.mention_tail import read_tail, read_title
from docparse.find.stated_issuer import read_issuer
from docparse.find.type_words import TypeWord
from docparse.lexicon import Rule, load_rules, load_values
from docparse.words import old_tone, squeeze

MORE_SHORT = re.compile(r"(?:\s*(?:,|;|và)\s+(?:số\s+)?|,)(?=\d{1,4}(?!\d))")
SHORT = re.compile(r"(?P<number>\d{1,8}[a-zđ]?(?:/(?:19|20)\d{2})?)(?![\w/%]|[.:]\d|,\d(?!\d\d(?!\d))|\s*[-–]\s*\d|\s?/|-\w|…|\.\.)")
SMALL = re.compile(r"(?:\d{3}|\d{1,4}/\d{4})\s*(?:[,;.()]|(?:của|về|và|ngày)\s|\Z)")
ALIAS = re.compile(r"gọi\s+(?:tắt|chung)\s+là\s+\Z")
FREE = re.compile(r"(?=[\w.&/-]{0,24}\d)(?=[\w.&/-]{0,24}[A-Za-zĐ])[A-Za-z0-9Đ][\w&]{0,14}(?:[./&-][\w&]{1,14}){1,5}(?!\w)")
KHOA = re.compile(r",?\s+[Kk]h(?:óa|oá)\s+[IVXL]+\Z")
TO_SHORT = re.compile(r"(?:\s+(?P<so>số)\s*:?\s*|\s+)(?=\w)")


def find_short(views: Views, words: list[TypeWord]) -> Iterator[Mention]:
    """Numbers without a symbol behind one of the type words (`Nghị quyết 57 và 68 của Bộ Chính trị`)."""
    short = load_values("citations")["short"]
    units = _units()
    for word in words:
        lead = TO_SHORT.match(views.low, word.end)
        at = lead.end() if lead else -1
        if word.doc_type not in short["types"] or not lead or not (views.content[word.start].isupper() or lead["so"] or SMALL.match(views.low, at)):
            continue
        aliased = ALIAS.search(views.low, max(word.start - 20, 0), word.start) is not None
        found: list[Mention] = []
        while at >= 0 and (match := SHORT.match(views.low, at)) and not units.match(views.low, match.end()):
            number = match["number"]
            sure = bool(lead["so"]) or aliased or bool(found) or "/" in number
            if not sure and ((number.isdigit() and 1900 < int(number) < 2100) or len(number) < (3 if word.doc_type in short["only_with_so"] else 2)):
                break
            found.append(Mention(at if found else word.start, match.end(), word.doc_type, number, "citation.short"))
            more = MORE_SHORT.match(views.low, match.end())
            at = more.end() if more else -1
        if not found and lead["so"] and word.doc_type != "luật" and (free := FREE.match(views.content, lead.end())):
            found.append(Mention(word.start, free.end(), word.doc_type, squeeze(free[0]).upper(), "citation.free"))
        if found:
            read_tail(views, found[-1])
            for mention in found:
                mention.issuer = found[-1].issuer
                complete(mention)
            yield from found


def complete(mention: Mention) -> None:
    """Give a number without a symbol the one that type and issuer tell.

    >>> mention = Mention(0, 9, "quyết định", "12/2018", "citation.short", issuer="Thủ tướng Chính phủ")
    >>> complete(mention)
    >>> mention.number
    '12/2018/QĐ-TTg'
    """
    issuer = KHOA.sub("", mention.issuer or "")
    pattern = load_values("citations")["completions"].get(f"{mention.doc_type}|{issuer}")
    if pattern and mention.number:
        mention.number = pattern.format(mention.number)


@cache
def _units() -> re.Pattern[str]:
    units = load_values("citations")["short"]["units"]
    words = "|".join(unit.replace(" ", r"\s+") for unit in sorted(units, key=len, reverse=True))
    return re.compile(rf"\s*(?:{words})(?!\w)(?!(?<=ngày)\s+\d)")


def find_named(views: Views, words: list[TypeWord]) -> Iterator[Mention]:
    """Documents named by the rules of the lexicon: congresses, standards, types with day and issuer.

    Most rules begin with a type; they are tried at the type words alone.
    """
    for rule in load_rules("citations"):
        typed = rule.pattern.startswith("(?P<type>")
        matches = (rule.regex.match(views.content, word.start) for word in words) if typed else rule.matches(views.content)
        for match in filter(None, matches):
            mention = _read_named(views, rule, match)
            if mention:
                yield mention


def _read_named(views: Views, rule: Rule, match: re.Match[str]) -> Mention | None:
    groups: dict[str, Any] = match.groupdict()
    values = load_values("citations")
    kind = old_tone(squeeze(groups.get("type") or "")).removesuffix(" công tác")
    mention = Mention(match.start(), match.start() + len(match[0].rstrip()), rule.values.get("doc_type") or values["types"].get(kind), None, rule.id)
    if "family" in groups:
        mention.number = re.sub(r"\s+", "", groups["number"])
        mention.doc_type = "quy chuẩn" if groups["family"] in values["standards"]["regulations"] else "tiêu chuẩn"
        mention.title, mention.reach = read_title(views, mention.end)
    elif "title" in groups:
        mention.title, mention.issuer = squeeze(groups["title"]), squeeze(groups.get("issuer") or "") or None
        day = None if mention.issuer else read_date(views.low, mention.end)
        if day:
            mention.date, mention.end = day
    elif "day" in groups:
        day = read_date(f" {groups['day'].lower()}", 0)
        mention.date, mention.issuer = day[0] if day else None, squeeze(groups["issuer"])
        mention.title, mention.reach = read_title(views, mention.end)
    elif not _read_in_order(views, mention, str(rule.values["order"])):
        return None
    return mention


def _read_in_order(views: Views, mention: Mention, order: str) -> bool:
    """Read date and issuer of a mention without number in the rule's order; whether both stand there."""
    for what in order.split(", "):
        if what == "issuer":
            stated = read_issuer(views, mention.end)
            if not stated:
                return False
            mention.issuer, mention.end = stated
        else:
            day = read_date(views.low, mention.end) or read_month(views.low, mention.end)
            if not day or not day[0]:
                return False
            mention.date, mention.end = day
    return True
