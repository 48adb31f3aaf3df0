"""The addressees: the list behind `Kính gửi:`, or behind `điện:` in a telegram."""

from __future__ import annotations

import re
from bisect import bisect_right

from docparse.find.sheet import fold, rules_of
from docparse.text import Line, Text
from docparse.words import squeeze

MAX_LINES = 60
MAX_ITEM = 400
SHORT = 45
BULLET = re.compile(r"\s*[-–—•+*~·]\s*(?=\S)")
INLINE_BULLET = re.compile(r"(?<=[;,.])\s*[-–—•+]\s+(?=\S)")
ENDS_ITEM = re.compile(r"[;.]\s*\Z")
RULE_LINE = re.compile(r"[-_—–=]{4,}")
BETWEEN_AGENCIES = re.compile(r"([;,]\s+)(?=\S)")
POLITE = re.compile(r"(?:các|quý)\s+", re.IGNORECASE)


def read_addressees(text: Text, start: int) -> tuple[tuple[str, ...], int]:
    """The addressees whose list begins at `start` (behind the colon), and where the list ends.

    >>> text = Text.of_lines(["Kính gửi:", "- Sở Y tế;", "- Ủy ban nhân dân các xã.", "Thực hiện kế hoạch, Sở báo cáo."])
    >>> read_addressees(text, 9)
    (('Sở Y tế', 'Ủy ban nhân dân các xã'), 46)
    """
    found = _List()
    end = start
    first = max(bisect_right(text.lines, start, key=lambda line: line.start) - 1, 0)
    for line in text.lines[first : first + MAX_LINES]:
        begin = max(line.start, start)
        printed = text.content[begin : line.end].replace("|", " ").strip()
        if not re.search(r"\w", printed):
            if found.items and RULE_LINE.search(printed):
                break
        elif found.take(printed, line, first=begin == start):
            end = line.end
        else:
            break
    return found.clean(), end


class _List:
    """The list line by line: with bullets, with an item a line, or running on."""

    def __init__(self) -> None:
        self.items: list[str] = []
        self.bulleted = False
        self.in_detail = False

    def take(self, printed: str, line: Line, *, first: bool) -> bool:
        """Take one line; False where the list has ended."""
        rules = rules_of("header")
        folded = fold(printed)
        mark = BULLET.match(printed)
        if not first and rules["header.body"].regex.match(folded):
            return False
        if self.items and rules["header.address_detail"].regex.match(folded):
            self.in_detail = True
        elif mark and (not self.items or self.bulleted or ENDS_ITEM.search(self.items[-1])):
            self.bulleted, self.in_detail = True, False
            self.items.append(printed[mark.end() :])
        elif not self.items:
            self.items.append(printed)
        elif self.in_detail:
            return not (rules["header.sentence"].regex.match(folded) or line.opens)
        elif self._goes_on(printed, folded, line):
            self._add(printed)
        else:
            return False
        return len(self.items[-1]) <= MAX_ITEM

    def _add(self, printed: str) -> None:
        if ENDS_ITEM.search(self.items[-1]) and printed[:1].isupper():
            self.items.append(printed)
        else:
            self.items[-1] += " " + printed

    def _goes_on(self, printed: str, folded: str, line: Line) -> bool:
        """Whether a line without a bullet belongs to the list."""
        rules = rules_of("header")
        item = self.items[-1]
        if printed[:1].islower() or printed[:1] in "(&":
            return not item.endswith(".")
        open_end = bool(rules["header.connector"].regex.search(fold(item)) or rules["header.position"].regex.fullmatch(fold(item)))
        if item.endswith((".", "./")) or (rules["header.sentence"].regex.match(folded) and (not open_end or item.endswith(","))):
            return False
        if item.endswith(";"):
            return not self.bulleted and bool(rules["header.agency"].regex.match(folded))
        short_rest = len(printed) <= SHORT and printed.endswith(".")
        return open_end or short_rest or not line.opens or (self.bulleted and not printed.endswith((".", ":")))

    def clean(self) -> tuple[str, ...]:
        """The addressees without bullets and end marks."""
        parts = [squeeze(part) for item in self.items if len(item) <= MAX_ITEM for part in INLINE_BULLET.split(item)]
        if len(parts) == 1:
            parts = split_agencies(parts[0])
        bare = (re.sub(r"[\s;:.,/|]+\Z", "", BULLET.sub("", part, count=1) if BULLET.match(part) else part) for part in parts)
        return tuple(part for part in bare if re.search(r"\w{2}", part))


def split_agencies(item: str) -> list[str]:
    """Parts of a run-on list: every part has to begin with the head of an agency name.

    >>> split_agencies("Sở Tài chính, Sở Nội vụ"), split_agencies("Ủy ban nhân dân các tỉnh, thành phố")
    (['Sở Tài chính', 'Sở Nội vụ'], ['Ủy ban nhân dân các tỉnh, thành phố'])
    """
    agency = rules_of("header")["header.agency"].regex
    first, *rest = BETWEEN_AGENCIES.split(item)
    parts = [first]
    listable = bool(agency.match(fold(POLITE.sub("", first))))
    for separator, part in zip(rest[::2], rest[1::2], strict=True):
        bare = POLITE.sub("", part)
        if listable and bare[:1].isupper() and agency.match(fold(bare)) and ":" not in parts[-1]:
            parts.append(part)
        else:
            parts[-1] += separator + part
    return parts
