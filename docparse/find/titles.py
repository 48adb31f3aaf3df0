"""The title (trích yếu) that a mention states behind number, date and issuer."""

from __future__ import annotations

import re
from functools import cache

from docparse.find.mention import Views
from docparse.find.words import squeeze
from docparse.lexicon import load_values

LONGEST = 400
NEXT_LINE = re.compile(r"\n\s*(?:[-–+•*]\s|\d{1,2}(?:\.\d{1,2})*[.)]\s|[a-zđ]\)|[ivx]{1,5}\.\s|điều\s\d|căn\s+cứ|theo\s+đề\s+nghị|xét\s+đề\s+nghị)")


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Beginning of a title, end of a title."""
    titles = load_values("citations")["titles"]
    cues = "|".join(re.escape(cue).replace(r"\ ", r"\s+") for cue in sorted(titles["cues"], key=len, reverse=True))
    ends = "|".join(end.replace(" ", r"\s+") for end in titles["ends"])
    return (
        re.compile(rf"\s*,?\s*[(“\"]?\s*(?P<title>(?:{cues})(?!\w))"),
        re.compile(rf"[;:]|\.(?=\s|\Z|\.)|(?P<close>\))|(?P<open>\()|,\s+(?:{ends})(?!\w)|,\s+(?=(?P<subject>\w))|{NEXT_LINE.pattern}"),
    )


def read_title(views: Views, start: int) -> tuple[str | None, int]:
    """The title that follows at `start` and where it ends; (None, start) where none does."""
    begins, ends = _patterns()
    begin = begins.match(views.low, start)
    if not begin or ("," in views.low[start : begin.start("title")] and "“" not in views.low[start : begin.start("title")]):
        return None, start
    at = begin.start("title")
    limit = min(views.paragraph_end(at), at + LONGEST)
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
    title = squeeze(views.content[at:end]).strip(" -–,.”\"")
    return (title, end) if title else (None, start)
