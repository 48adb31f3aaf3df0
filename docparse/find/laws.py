"""Laws, codes and ordinances by name."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from functools import cache
from typing import NamedTuple

from docparse.find.frames import frame
from docparse.find.mention import Mention, Views, read_date, read_year
from docparse.lexicon import load_rows, load_values
from docparse.words import old_tone, squeeze

TYPE = re.compile(r"(?:luật|pháp\s+lệnh)\s+(?=\w)")
CONSTITUTION = re.compile(r"Hiến\s+pháp(?:\s+nước\s+Cộng\s+h(?:òa|oà)\s+xã\s+hội\s+chủ\s+nghĩa\s+Việt\s+Nam)?(?!\w)(?!,?\s+(?:và\s+)?pháp\s+luật)")
NEXT_LAW = re.compile(r"\s*(?:,|;|và)\s+(?=(?:bộ\s+)?luật\s|pháp\s+lệnh\s)")
NEXT_NAME = re.compile(r"\s*(?:,|;|và)\s+")
WORD = re.compile(r"\s{0,2}(?P<word>[\w&]+)")
LONGEST_NAME = 9


class Head(NamedTuple):
    """The type before a law's name: `luật`, `bộ luật` or `pháp lệnh`, where it begins, where the name begins, whether it is a draft's."""

    kind: str
    start: int
    name: int
    draft: bool


def find_laws(views: Views) -> Iterator[Mention]:
    """Mentions of laws by name, with the year or day that stands behind the name. Drafts (`dự thảo Luật …`) are none."""
    content, low = views.content, views.low
    covered, amended = 0, -1
    for match in TYPE.finditer(low):
        head = _head(low, match)
        if head is None or head.start < covered:
            continue
        amending = frame("law_amending").match(low, head.name)
        if amending:
            outer = _amending_law(views, head, amending.end())
            if outer and not head.draft:
                amended = outer.end
                yield _dated(views, outer)
            continue
        end = None if head.draft else _name_end(views, head)
        if end is None:
            continue
        covered = end
        law = Mention(head.start, end, head.kind, None, "law.name", title=squeeze(content[head.name : end]))
        yield law if end == amended else _dated(views, law)
        if low[max(head.start - 6, 0) : head.start].split()[-1:] == ["các"]:
            covered = yield from _elliptic(views, head.kind, end)
    for match in CONSTITUTION.finditer(content):
        yield _dated(views, Mention(match.start(), match.end(), "hiến pháp", None, "law.constitution", title="Hiến pháp"))


def _head(low: str, match: re.Match[str]) -> Head | None:
    before = frame("law_before").search(low, max(match.start() - 24, 0), match.start())
    if before is None or before["other"]:
        return None
    kind = "bộ luật" if before["code"] else squeeze(match[0])
    return Head(kind, before.start("code") if before["code"] else match.start(), match.end(), bool(before["draft"]))


def _dated(views: Views, mention: Mention) -> Mention:
    passed = frame("law_passed").match(views.low, mention.end)
    found = read_year(views.low, mention.end) or read_date(views.low, passed.end() if passed else mention.end)
    if found:
        mention.date, mention.end = found
    mention.reach = mention.end
    return mention


def _name_end(views: Views, head: Head) -> int | None:
    """Where the name ends: that of a known law, else capitalised words up to a word that no name holds; None if no name stands there."""
    content, low, start = views.content, views.low, head.name
    known = _names()[0][head.kind].match(low, start)
    if known:
        return known.end() if content[head.start].isupper() or content[start].isupper() or " " in known[0] else None
    shouted = content[head.start : head.start + 3].isupper()
    if shouted or not (content[head.start].isupper() and content[start].isupper()) or low.startswith(("sư", "gia", "việt nam"), start):
        return None
    stops = load_values("citations")["laws"]["stops"]
    limit = views.paragraph_end(start)
    end, words = start, 0
    match = WORD.match(low, start)
    while match and words < LONGEST_NAME and match.end() <= limit:
        if words and (match["word"] in stops or match["word"].isdigit()):
            break
        end, words = match.end(), words + 1
        match = WORD.match(low, end)
    return end


def _amending_law(views: Views, head: Head, inner: int) -> Mention | None:
    """`Luật sửa đổi, bổ sung một số điều của Luật A và Luật B`: the whole; the laws inside are mentions of their own."""
    if not views.content[head.start].isupper():
        return None
    many = frame("law_amending_many").match(views.low, head.name)
    end = many.end() if many else None
    at: int | None = None if many else inner
    while at is not None:
        match = TYPE.match(views.low, at) or TYPE.match(views.low, at + len("bộ "))
        inside = _head(views.low, match) if match else None
        name_end = _name_end(views, inside) if inside else None
        end = name_end or end
        following = NEXT_LAW.match(views.low, name_end) if name_end else None
        at = following.end() if following else None
    return Mention(head.start, end, head.kind, None, "law.amending", title=squeeze(views.content[head.name : end])) if end else None


def _elliptic(views: Views, kind: str, start: int) -> Generator[Mention, None, int]:
    """Further names of a list `các Luật Đất đai, Nhà ở và Đầu tư`; returns where the list ends."""
    end = start
    while (separator := NEXT_NAME.match(views.low, end)) and (name := _names()[0][kind].match(views.low, separator.end())):
        if not views.content[name.start()].isupper():
            break
        yield _dated(views, Mention(name.start(), name.end(), kind, None, "law.list", title=squeeze(views.content[name.start() : name.end()])))
        end = name.end()
    return end


@cache
def _names() -> tuple[dict[str, re.Pattern[str]], dict[tuple[str, str], dict[str, str]]]:
    """Pattern of the known names by type, and (type, folded name) -> numbers by year.

    The table holds only numbers that real documents state beside the name (its `source` counts them): a wrong key is worse than none.
    """
    names: dict[str, list[str]] = {}
    numbers = {}
    for row in load_rows("laws"):
        names.setdefault(row["doc_type"], []).extend(_spellings(old_tone(row["name"])))
        numbers[row["doc_type"], law_key(row["name"])] = dict(pair.split("=") for pair in row["numbers"].split())
    patterns = {kind: re.compile("|".join(map(_flexible, sorted(rows, key=len, reverse=True)))) for kind, rows in names.items()}
    return patterns, numbers


@cache
def _initials() -> dict[str, str]:
    """Phrases of several words by their usual initials, in lower case (`tndn`)."""
    rows = [(old_tone(row["short"]), old_tone(row["full"])) for row in load_rows("abbreviations")]
    return {short: full for short, full in rows if " " in full and short.isalpha() and len(short) > 2}


def _spellings(name: str) -> list[str]:
    """A law's name, and with initials for its usual phrases (`thuế tndn`)."""
    shorter = [re.sub(rf"(?<!\w){re.escape(full)}(?!\w)", short, name) for short, full in _initials().items() if full in name]
    return [name, *(found for found in shorter if found != name)]


def _flexible(name: str) -> str:
    first, *words = map(re.escape, name.replace(",", "").split())
    return first + "".join(r"(?:,?\s+và|,|\s?&)" if word == "và" else rf"(?:,?\s+|(?<=&)){word}" for word in words) + r"(?!\w)"


def law_key(name: str) -> str:
    """A law's name for comparison: lower case, one tone placement, no commas, initials written out.

    >>> law_key("Phòng, chống  tham nhũng")
    'phòng chống tham nhũng'
    >>> law_key("thuế TNDN")
    'thuế thu nhập doanh nghiệp'
    """
    words = squeeze(old_tone(name).replace(",", " ").replace("&", " và ")).split()
    return " ".join(_initials().get(word, word) for word in words)


def law_number(doc_type: str, name: str, year: str | None) -> str | None:
    """The number of a known law of that year; None where it is not known or no year is given.

    >>> law_number("luật", "Đất đai", "2024"), law_number("luật", "Đất đai", None)
    ('31/2024/QH15', None)
    """
    return _names()[1].get((doc_type, law_key(name)), {}).get(year or "")
