"""The addressees: the list behind `Kính gửi:`, or behind `điện:` in a telegram."""

from __future__ import annotations

import re

from docparse.find.sheet import fold, rules_of
from docparse.text import Line, Text

MAX_LINES = 60
MAX_ITEM = 400
BULLET = re.compile(r"\s*[-–—•+*~·]\s*(?=\S)")
INLINE_BULLET = re.compile(r"(?<=[;,.])\s*[-–—•+]\s+(?=\S)")
ENUMERATED = re.compile(r"\s*(?:\d{1,2}[.)/]|[a-zđ][.)])\s+(?=\S)")
ENDS_ITEM = re.compile(r"[;.]\s*\Z")
TWO_AGENCIES = re.compile(r"[;,]\s+(?=\S)")
OPENS_WITH_AGENCY = re.compile(r"(?:các\s+|quý\s+|ông\s+|bà\s+|đồng chí\s+)?", re.IGNORECASE)


def read_addressees(text: Text, start: int) -> tuple[tuple[str, ...], int]:
    """The addressees whose list begins at `start` (behind the colon), and where the list ends."""
    rules = rules_of("header")
    body, sentence, detail = (rules[f"header.{name}"].regex for name in ("body", "sentence", "address_detail"))
    items: list[str] = []
    bulleted = in_detail = False
    end = start
    for line in _lines_from(text, start):
        begin = max(line.start, start)
        printed = text.content[begin : line.end].replace("|", " ").strip()
        folded = fold(printed)
        if not re.search(r"\w", printed):
            if items and re.search(r"[-_—–=]{4,}", printed):
                break
            continue
        mark = BULLET.match(printed)
        if begin > start and (body.match(folded) or (mark is None and ENUMERATED.match(printed) and folded.startswith("1"))):
            break
        if items and detail.match(folded):
            in_detail, end = True, line.end
            continue
        if mark and (not items or bulleted or ENDS_ITEM.search(items[-1])):
            bulleted, in_detail = True, False
            items.append(printed[mark.end() :])
        elif not items:
            items.append(printed)
        elif in_detail:
            if sentence.match(folded) or line.opens:
                break
        elif _goes_on(items[-1], printed, folded, line, bulleted=bulleted):
            if ENDS_ITEM.search(items[-1]) and printed[:1].isupper():
                items.append(printed)
            else:
                items[-1] += " " + printed
        else:
            break
        end = line.end
        if len(items[-1]) > MAX_ITEM:
            items.pop()
            break
    return _clean(items), end


def _lines_from(text: Text, start: int) -> list[Line]:
    first = text.lines.index(text.line_at(start)) if text.lines else 0
    return list(text.lines[first : first + MAX_LINES])


def _goes_on(item: str, printed: str, folded: str, line: Line, *, bulleted: bool) -> bool:
    """Whether a line without a bullet belongs to the list that `item` ends at the moment."""
    rules = rules_of("header")
    if printed[:1].islower() or printed[:1] in "(&":
        return not item.endswith(".")
    if item.endswith((".", "./")) or rules["header.body"].regex.match(folded):
        return False
    open_end = bool(rules["header.connector"].regex.search(fold(item)))
    if rules["header.sentence"].regex.match(folded) and not open_end:
        return False
    if item.endswith(";"):
        return not bulleted and bool(rules["header.agency"].regex.match(folded))
    return open_end or not line.opens or (bulleted and not printed.endswith((".", ":")))


def _clean(items: list[str]) -> tuple[str, ...]:
    cleaned = []
    for item in items:
        for part in INLINE_BULLET.split(BULLET.sub("", item, count=1) if BULLET.match(item) else item):
            cleaned += _split_agencies(" ".join(part.split())) if len(items) == 1 else [" ".join(part.split())]
    bare = (re.sub(r"[\s;.,/|]+\Z", "", item) for item in cleaned)
    return tuple(item for item in bare if re.search(r"\w{2}", item))


def _split_agencies(item: str) -> list[str]:
    """Parts of a run-on list: every part has to begin with the head of an agency name.

    >>> _split_agencies("Sở Tài chính, Sở Nội vụ"), _split_agencies("Ủy ban nhân dân các tỉnh, thành phố")
    (['Sở Tài chính', 'Sở Nội vụ'], ['Ủy ban nhân dân các tỉnh, thành phố'])
    """
    agency = rules_of("header")["header.agency"].regex
    parts: list[str] = []
    for part in TWO_AGENCIES.split(item):
        bare = part[OPENS_WITH_AGENCY.match(part).end() :]  # type: ignore[union-attr]
        if not parts or (bare[:1].isupper() and agency.match(fold(bare)) and agency.match(fold(parts[0])) and ":" not in parts[-1]):
            parts.append(part)
        else:
            parts[-1] += item[item.find(part, len(parts[-1])) - 2 : item.find(part, len(parts[-1]))] + part
    return parts
