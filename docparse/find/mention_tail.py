"""What stands behind the number of a mention: day, issuer and title (trích yếu)."""

from __future__ import annotations

import re
from functools import cache

from docparse.find.mention import Mention, Views, read_date
from docparse.find.stated_issuer import read_issuer
from docparse.find.type_words import type_of_symbol
from docparse.lexicon import load_values
from docparse.words import old_tone, squeeze

ASIDE = re.compile(r"\s*\([^()\d]{1,40}\)(?=\s*,?\s*ngày\s+\d)")
AMENDED = re.compile(r"\s*\((?:đã\s+)?được\s+(?:sửa\s+đổi|bổ\s+sung|thay\s+thế|điều\s+chỉnh)[^()]{0,200}\)")
CHANGING = re.compile(r"\s*\((?:đã\s+)?(?:được\s+)?(?:sửa\s+đổi|bổ\s+sung|thay\s+thế|điều\s+chỉnh)[^()]{0,300}\)(?=\s*của\s)")
SPOKEN = re.compile(r"\n\s*(?=[^\W\d_]*[a-zà-ỹđ])")
NEW_SENTENCE = re.compile(r"\s*Ngày\s")
LONGEST = 400
SHOUT = 8
NEXT_LINE = re.compile(r"\n\s*(?:[-–+•*]\s|\d{1,2}(?:\.\d{1,2})*[.)]\s|[a-zđ]\)|[ivx]{1,5}\.\s|điều\s\d|căn\s+cứ|theo\s+đề\s+nghị|xét\s+đề\s+nghị)")


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Beginning of a title, end of a title."""
    titles = load_values("citations")["titles"]
    cues = "|".join(re.escape(cue).replace(r"\ ", r"\s+") for cue in sorted(titles["cues"], key=len, reverse=True))
    ends = "|".join(end.replace(" ", r"\s+") for end in titles["ends"])
    bare_ends = "|".join(end.replace(" ", r"\s+") for end in titles["bare_ends"])
    goes_on = "|".join(words.replace(" ", r"\s+") for words in titles["goes_on"])
    return (
        re.compile(rf"\s*,?\s*[(“\"]?\s*(?P<title>(?:{cues})(?!\w))"),
        re.compile(
            rf";(?!\s+(?:{goes_on}))|:|\.(?=\s|\Z|\.)|(?P<close>\))|(?P<open>\()|,\s+(?:{ends})(?!\w)|\s(?:{bare_ends})(?!\w)|,\s+(?=(?P<subject>\w))|{NEXT_LINE.pattern}"
        ),
    )


def read_title(views: Views, start: int) -> tuple[str | None, int]:
    """The title that follows at `start` and where it ends; (None, start) where none does."""
    begins, ends = _patterns()
    amended = AMENDED.match(views.low, start)
    begin = begins.match(views.low, amended.end() if amended else start)
    if not begin or ("," in views.low[start : begin.start("title")] and "“" not in views.low[start : begin.start("title")]):
        return None, start
    at = begin.start("title")
    limit = min(views.paragraph_end(at), at + LONGEST)
    if views.content[at : at + SHOUT].isupper():
        spoken = SPOKEN.search(views.content, at, limit)
        limit = spoken.start() if spoken else limit
    depth, end = 0, limit
    for stop in ends.finditer(views.low, at, limit):
        if stop["open"]:
            depth += 1
        elif stop["close"] and depth:
            depth -= 1
        elif stop["subject"] and not views.content[stop.end()].isupper():
            continue
        elif not depth or stop[0].startswith("\n"):
            end = stop.start()
            break
    title = squeeze(views.content[at:end]).strip(' -–,.”"')
    return (title, end) if title else (None, start)


def read_tail(views: Views, mention: Mention) -> None:
    """Read date, issuer and title behind a mention, in the orders in which they stand."""
    aside = ASIDE.match(views.low, mention.end)
    for _ in range(3):
        at = aside.end() if aside and mention.issuer else mention.end
        day = None if NEW_SENTENCE.match(views.content, at) else read_date(views.low, at)
        if day and mention.date is None:
            mention.date, mention.end = day
            mention.date = mention.date or ""
            continue
        stated = read_issuer(views, mention.end, joint="liên" in (mention.doc_type or "")) if mention.issuer is None else None
        if stated:
            mention.issuer, mention.end = stated
            mention.issuer_behind = True
            aside = ASIDE.match(views.low, mention.end)
            continue
        break
    if mention.issuer is None and (changing := CHANGING.match(views.low, mention.end)) and (stated := read_issuer(views, changing.end())):
        mention.issuer = stated.name
    mention.date = mention.date or None
    mention.reach = mention.end
    if mention.title is None:
        mention.title, mention.reach = read_title(views, mention.end)
        if mention.doc_type == "văn bản" and mention.title and mention.printed:
            named = type_of_symbol(mention.printed)
            mention.doc_type = named if named and old_tone(mention.title).startswith(named) else mention.doc_type
