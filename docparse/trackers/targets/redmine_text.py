r"""Plain text in Redmine: nothing of it becomes markup, a link, an image, a macro or a mention, whichever formatting the administrator chose.

Textile, Markdown and CommonMark have no escape in common. A word joiner, which nobody sees, breaks what has to stand together (`[[`, `#12`,
`http:`); a few characters that are active on their own are replaced by one that looks the same, with an invisible mark before it.
Only active places are touched: numbers and names can be searched for and copied as they are. `unescape` undoes it.
"""

from __future__ import annotations

import re
from collections.abc import Collection

JOINER, MARK = "\u2060", "\u2063"  # word joiner, invisible separator
TWINS = {"*": "∗", "~": "∼", "`": "ˋ", "^": "ˆ", "!": "ǃ", "@": "﹫", "_": "ˍ", JOINER: JOINER, MARK: MARK}
SOURCES = {twin: source for source, twin in TWINS.items()}

# Ruby's \S and \s know no white space but that of ASCII
ALONE = rf"(?P<alone>[*~`^{JOINER}{MARK}]|!(?=(?a:\S))|(?<![A-Za-z0-9])[@_])"
AROUND = r"(?P<around>\#+|(?<!\w)[-+%?=]+(?=(?a:\S)))"  # numbers of issues; emphasis that opens
AFTER = r"(?P<after>[\[\]\\@]|<(?=(?a:\S))|&(?=[\#A-Za-z])|\{(?=\{)|(?<![A-Za-z0-9])r(?=\d|note)|x%(?=x%|&))"
BEFORE = r"(?P<before>(?a:(?<=\S)(?<!\d):(?=\S)|(?<=\d):(?=[^\s\d]))|(?<=[A-Z0-9])\(|(?<=[Ww]{3})\.)"  # links, prefixes, abbreviations
ACTIVE = re.compile("|".join((ALONE, AROUND, AFTER, BEFORE)))
AT_START = re.compile(r"^(?=[!-@\[-`{-~]|[ \t]+[^ \t\n]|(?:p|bq|bc|h\d|fn\d+|table)\W)", re.MULTILINE)  # lists, headings, tables, quotes, code
NEXT_LINE = re.compile(r"(?<=[^\n])\n(?=[^\n])")  # two spaces before it keep it in CommonMark
ESCAPED = re.compile(rf"{MARK}(.)|{JOINER}")
LINK = re.compile(r"https?://[^\s<>\"]+")


def escape(text: str, *, links: Collection[str] = ()) -> str:
    """A text as Redmine is to hold it. `links` in it stay links.

    >>> unescape(escape("Xem {{toc}} và #12")), len(escape("Kế hoạch số 47/KH-UBND"))
    ('Xem {{toc}} và #12', 22)
    """
    kept = "|".join(re.escape(link) for link in sorted(links, key=len, reverse=True))
    parts = re.split(rf"((?:{kept})(?=[.,;:!?)\]]*(?:\s|$)))", text) if kept else [text]
    inert = (part if place % 2 else ACTIVE.sub(_inert, part) for place, part in enumerate(parts))
    return NEXT_LINE.sub("  \n", AT_START.sub(JOINER, "".join(inert)))


def find_links(text: str) -> list[str]:
    """The links in a text that Redmine holds, which work: those that `escape` left as they were, or that people wrote."""
    return [found.rstrip(".,;:!?)]") for found in LINK.findall(text)]


def _inert(match: re.Match[str]) -> str:
    found = match[0]
    match match.lastgroup:
        case "alone":
            return MARK + TWINS[found]
        case "around":
            return JOINER + found + JOINER
        case "after":
            return found + JOINER
        case _:
            return JOINER + found


def unescape(text: str) -> str:
    """What `escape` was given, but for white space at the end of lines."""
    return ESCAPED.sub(lambda match: SOURCES.get(match[1], match[1]) if match[1] else "", text)
