"""The issuer that a mention states: behind the number (`của Bộ Nội vụ`) or before it (`Bộ Nội vụ đã có Công văn`)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from docparse.find.frames import frame
from docparse.find.mention import Views, read_date
from docparse.lexicon import load_rows, load_values
from docparse.words import old_tone, squeeze, unaccent

LONGEST = 140
UNNAMED = re.compile(r"\s+(?=(?:thủ\s+tướng\s+)?chính\s+phủ(?!\w)|quốc\s+hội(?!\w))")
GOES_ON = frozenset({"quản lý", "tổ chức", "hợp tác", "chỉ đạo"})
SHOUT = re.compile(r"\s+(?=[A-ZĐÀ-Ỹ]{3,}\s+[A-ZĐÀ-Ỹ]{2,}\s)")
INSIDE = re.compile(r"(?<=\w)\s\Z")
IN_NAME = re.compile(r"\((?:[A-ZĐ]{2,10}|Việt\s+Nam)\)\s+[A-ZĐ][a-z]")
WORD = re.compile(r"\w+")
SUCCESSOR = re.compile(r"\(nay\s+là\s+(?P<name>[^()]{3,70})\)")


class Stated(NamedTuple):
    """An issuer and where its name ends."""

    name: str
    end: int


class Patterns(NamedTuple):
    """Patterns made of the lexicon's words: `heads` and `ends` of names, names with a comma (`joined`), small words that go on with a name
    after `và`, `types` of documents, and `closed` names, which end where they end.
    """

    heads: re.Pattern[str]
    ends: re.Pattern[str]
    joined: re.Pattern[str]
    small: re.Pattern[str]
    types: re.Pattern[str]
    closed: re.Pattern[str]


@cache
def _patterns() -> Patterns:
    values = load_values("citations")
    issuers = values["issuers"]
    cues, words, types = _either(values["titles"]["cues"]), _either(issuers["stops"]), _either(values["types"])
    compounds = _either(issuers["compounds"])
    item = r"\n\s*(?:[-–+•*]|\d{1,2}(?:\.\d{1,2})*[.)]|[a-zđ]\)|[ivx]{1,5}\.|điều\s\d)"
    return Patterns(
        heads=re.compile(rf"(?:{_either(issuers['heads'])})(?!\w)"),
        ends=re.compile(
            rf"[;:()\[\]“”\"…/]|(?<!tp)\.|(?P<comma>,)|\s(?P<and>và)(?=\s)|\s(?!(?:{compounds})(?!\w))(?P<word>(?P<cue>{cues})|{words})(?!\w)|{item}"
        ),
        joined=re.compile("|".join(rf"(?:{pattern})" for pattern in issuers["joined"])),
        small=re.compile(rf"\s*(?:{_either(issuers['joined_small'])})(?!\w)"),
        types=re.compile(rf"\s*(?:các\s+)?(?:{types}|(?:điều|khoản|điểm|phụ\s+lục)\s+\S{{1,4}}|mẫu)(?!\w)"),
        closed=re.compile(rf"(?:(?:{_either(issuers['leaders'])})\s+)?(?:{_either(issuers['closed'])})(?!\w)"),
    )


def _joins(low: str, comma: int) -> bool:
    """Whether the comma stands inside a name (`Văn hóa, Thể thao`)."""
    return any(match.start() < comma < match.end() for match in _patterns().joined.finditer(low, max(comma - 30, 0), comma + 30))


def _either(words: Iterable[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=len, reverse=True))


def read_issuer(views: Views, start: int, *, joint: bool = False) -> Stated | None:
    """The issuer that follows at `start`, after `của` or `do`; the names of several where `joint` says that they issued together."""
    content, low = views.content, views.low
    of = frame("of").match(low, start) or UNNAMED.match(low, start)
    if not of or _patterns().types.match(low, of.end()):
        return None
    if not content[of.end() : of.end() + 1].isupper() and not low.startswith("liên ", of.end()):
        small = _patterns().closed.match(low, of.end()) if of[0].strip() else None
        placed = frame("placed_body").match(low, of.end())
        if placed and content[placed.end() + 1 : placed.end() + 2].isupper():
            end = _name_end(views, of.end(), joint=joint)
            return Stated(_capitalised(squeeze(content[of.end() : end])), end)
        return Stated(_capitalised(squeeze(content[small.start() : small.end()])), small.end()) if small else None
    begin = of.end()
    end = _name_end(views, begin, joint=joint)
    shout = SHOUT.search(content, begin, end) if not content[begin:end].isupper() else None
    end = shout.start() if shout and not frame("bare").search(low, begin, shout.start()) else end
    name = squeeze(content[begin:end]).strip(" -–,'’‘")
    return Stated(name, begin + len(content[begin:end].rstrip())) if name else None


def _capitalised(name: str) -> str:
    return name[:1].upper() + name[1:]


def _name_end(views: Views, begin: int, *, joint: bool) -> int:
    low, patterns = views.low, _patterns()
    limit = min(views.paragraph_end(begin), begin + LONGEST)
    if frame("bare").search(low, begin, limit) and limit < len(low):
        limit = min(views.paragraph_end(limit + 1), begin + LONGEST)
    limit = _place_end(low, limit)
    closed = patterns.closed.match(low, begin, limit)
    at = closed.end() if closed else begin
    if closed and not frame("further").match(low, at, limit) and not (joint and frame("together").match(low, at, limit)):
        return at
    body = frame("placed_body").match(low, begin, limit)
    if body and views.content[body.end() + 1 : body.end() + 2].islower() and not frame("further").match(low, body.end(), limit):
        return body.end()
    for stop in patterns.ends.finditer(low, at, limit):
        if not _is_inside(views, begin, stop, joint=joint):
            return stop.start()
    return limit


@cache
def _broken() -> re.Pattern[str]:
    """Names of places and the like that a line end or a word like `bằng` may cut: `Thừa Thiên | Huế`, `CAO BẰNG`, `Thuế | Khu vực IV`."""
    places = _either(old_tone(row["name"]) for row in load_rows("provinces") if " " in row["name"])
    return re.compile(rf"(?<!\w)(?:{places}|(?:thuế|hải\s+quan)\s+khu\s+vực\s+[ivx\d]+|chấp\s+hành\s+trung\s+ương(?:\s+khóa\s+[ivx]+)?)(?!\w)")


def _place_end(low: str, at: int) -> int:
    """Where the place's name around `at` ends; `at` where none goes on there."""
    near = _broken().finditer(low, max(at - 20, 0), at + 24)
    return next((match.end() for match in near if match.start() < at < match.end()), at)


def _is_inside(views: Views, begin: int, stop: re.Match[str], *, joint: bool) -> bool:
    """Whether a comma, `và` or word that could end the name belongs to it."""
    content, low, at = views.content, views.low, stop.start()
    if stop[0] in "()":
        return IN_NAME.match(content, at if stop[0] == "(" else content.rfind("(", begin, at)) is not None
    if stop["word"] == "về" and frame("field_follows").search(low, begin, at):
        return True
    if stop["word"]:
        if _place_end(low, at) > at:
            return True
        capital = content[at + 1].isupper()
        if frame("bare").search(low, begin, at):
            return capital or stop["word"] in GOES_ON
        return capital and not stop["cue"] and not content[begin:at].isupper()
    if stop["comma"]:
        return _joins(low, at) or (joint and frame("together").match(low, at) is not None)
    if stop["and"]:
        follows = stop.end() + 1
        small = _patterns().small.match(low, follows)
        return not _patterns().types.match(low, follows) and (content[follows : follows + 1].isupper() or small is not None)
    return stop[0].startswith("\n") and frame("wrapped").match(low, at) is not None


class Speaker(NamedTuple):
    """An issuer named before a mention, the day stated before its name, and what `nay là` says it has become."""

    name: str
    date: str | None
    successor: str | None


def issuer_before(views: Views, clause: int, core: int, organ: str | None) -> Speaker | None:
    """The issuer named right before a mention in its clause: `Ngày …, Bộ X đã ban hành`, `do Bộ X trình tại`.

    A phrase with `tại` or `theo` names the one who speaks in the document; it counts only if the organ's symbol agrees.
    """
    window = max(clause, core - 220)
    verb = frame("verb_before").search(views.low, window, core)
    if not verb:
        return None
    begin = window
    for cut in frame("cut_before").finditer(views.low, window, verb.start()):
        if not _holds_cut(views, begin, cut):
            begin = cut.end()
    start = _head(views, begin, verb.start())
    if start is None:
        return None
    name = squeeze(views.content[start : verb.start()])
    if verb["at"]:
        speaks = (bool(verb["says"]) or bool(frame("speaks").search(views.low, window, start))) and organ not in load_values("citations")[
            "organ_names"
        ]
        if not agrees(name, organ, unknown=speaks) or re.search(r"[,]\s*\Z", views.low[window:start]):
            return None
    elif organ is not None and not agrees(name, organ, unknown=True):
        return None
    day = frame("day_before").search(views.low, max(clause, start - 50), start) if not verb["at"] else None
    date = read_date(" " + day[0], 0) if day else None
    successor = SUCCESSOR.search(views.content, verb.start(), core)
    return Speaker(name, date[0] if date else None, squeeze(successor["name"]) if successor else None)


def _holds_cut(views: Views, begin: int, cut: re.Match[str]) -> bool:
    """Whether what could end a name belongs to it: a comma, `của` between two agencies, a word with a capital inside."""
    if cut[0] == ",":
        return _joins(views.low, cut.start())
    if cut[0] == "của":
        return _head(views, begin, cut.start()) is not None
    return views.content[cut.start()].isupper() and bool(INSIDE.search(views.content, max(cut.start() - 2, 0), cut.start()))


def _head(views: Views, begin: int, end: int) -> int | None:
    """Where the first word with a capital stands that begins the name of an agency."""
    heads, content = _patterns().heads, views.content
    return next((at for at in map(re.Match.start, WORD.finditer(content, begin, end)) if content[at].isupper() and heads.match(views.low, at)), None)


def begins_with_agency(low: str) -> bool:
    """Whether words in lower case begin like the name of an agency.

    >>> begins_with_agency("bộ tài chính"), begins_with_agency("kết quả")
    (True, False)
    """
    return _patterns().heads.match(low) is not None


def agrees(name: str, organ: str | None, *, unknown: bool = False) -> bool:
    """Whether an issuer's name fits the organ's symbol in a number: by the known symbols, else by initials.

    `unknown` is the answer for a symbol that tells nothing.

    >>> agrees("Chủ tịch UBND tỉnh", "UBND"), agrees("Sở Nội vụ", "SNV"), agrees("Thủ tướng Chính phủ", "VPCP")
    (True, True, False)
    """
    if organ is None:
        return unknown
    folded = old_tone(name)
    names = load_values("citations")["organ_names"].get(organ)
    if names:
        return any(
            folded.startswith(known) or (known in folded and folded.startswith(("chủ tịch", "phó", "giám", "thường trực", "lãnh đạo", "ban")))
            for known in names
        )
    initials = "".join(word if word.isupper() else word[0].upper() for word in re.findall(r"[\w&]+", name) if word != "và").replace("&", "")
    wanted = unaccent(re.sub(r"[&\d]", "", organ).upper())
    initials = unaccent(initials)
    return wanted in initials or initials in wanted or unknown
