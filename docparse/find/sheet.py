"""A working copy of a part of a text in which what was understood is blanked, so that the rest can be read; offsets stay true."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from docparse.find.casing import mostly_capitals
from docparse.lexicon import Rule, load_rules
from docparse.text import Span
from docparse.words import lower, unaccent

GAP = re.compile(r"\||(?<=\S)[^\S\n]{4,}(?=\S)")
PIECE = re.compile(r"[^\s](?:[^\n]*[^\s])?")


@cache
def rules_of(name: str) -> Mapping[str, Rule]:
    """The rules of a lexicon file by id."""
    return {rule.id: rule for rule in load_rules(name)}


def fold(text: str) -> str:
    """`text` in lower case without accents, of the same length.

    >>> fold("Kính gửi")
    'kinh gui'
    """
    return unaccent(lower(text))


def split_columns(text: str) -> str:
    """`text` with a line break in place of each column separator, of the same length.

    >>> split_columns("Số: 5/BC | Hà Nội")
    'Số: 5/BC \\n Hà Nội'
    """
    return GAP.sub(lambda match: match[0][:-1] + "\n", text) if "|" in text or "    " in text else text


class Sheet:
    """The start of a text, folded; column separators (`|`, wide gaps) are line breaks.

    >>> sheet = Sheet("BỘ Y TẾ | Hà Nội")
    >>> [sheet.original[span.start : span.end] for span in sheet.rest()]
    ['BỘ Y TẾ', 'Hà Nội']
    """

    def __init__(self, content: str) -> None:
        self.original = content
        self.folded = split_columns(fold(content))

    def blank(self, start: int, end: int) -> None:
        """Overwrite a range with spaces; its line breaks stay, and what stood behind it on the line begins a new one."""
        hole = re.sub(r"[^\n]", " ", self.folded[start:end])
        self.folded = self.folded[:start] + hole[:-1] + "\n" + self.folded[end:]

    def blank_all(self, rule: Rule, end: int, *, alone: bool = False) -> bool:
        """Blank every match of `rule` before `end`, with `alone` only those in capitals or on lines of their own; says whether there was one."""
        blanked = False
        for match in rule.regex.finditer(self.folded, 0, end):
            start, stop = match.span()
            if alone and not (mostly_capitals(self.original[start:stop]) or "\n" == self.folded[start - 1 : start] == self.folded[stop : stop + 1]):
                continue
            self.blank(start, stop)
            blanked = True
        return blanked

    def rest(self, start: int = 0, end: int | None = None) -> Iterator[Span]:
        """What is left between `start` and `end`, line by line, without white space at the edges."""
        for match in PIECE.finditer(self.folded, start, len(self.folded) if end is None else end):
            yield Span(*match.span())

    def is_blanked(self, start: int, end: int) -> bool:
        """Whether a whole line between `start` and `end` was understood and blanked."""
        lines = list(re.finditer(r"(?<=\n)[^\n]*(?=\n)", self.original[start:end]))
        return any(line[0].strip() and not self.folded[start + line.start() : start + line.end()].strip() for line in lines)

    def printed(self, span: Span) -> str:
        """The original of a range, blanked characters as spaces."""
        both = zip(self.original[span.start : span.end], self.folded[span.start : span.end], strict=True)
        return "".join(folded if folded.isspace() else printed for printed, folded in both)
