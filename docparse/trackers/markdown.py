"""Plain text in trackers that show Markdown: nothing of it becomes markup, a mention or a reference, and reading gives it back as it was.

Backslashes keep Markdown from seeing markup. Mentions, references, emoji and links are found in what is left after that, so a zero width space
(`&#8203;`) follows, or surrounds, what begins them: `\\@&#8203;ten`, `\\#&#8203;12`. Both are known to hold: https://github.com/github/cmark-gfm/issues/181
for GitHub; the filters under lib/banzai (GitLab) and lib/open_project/text_formatting (OpenProject) for the others. A `/` at the start of a line
gets a backslash, so that GitLab sees no quick action.
"""

from __future__ import annotations

import html
import re
from typing import NamedTuple

KEY = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
GUARD = "&#8203;"
SPACE = "\u200b"

CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
LINK = re.compile(r"https?://[^\s<>()\[\]|\\`]+")
MARKUP = r"(?P<markup>[\\`*_<>\]}|])"
BEGINS = r"(?P<begins>[@#!$&~%^\[{])"
COLON = r"(?P<colon>(?!(?<=\d):\d\d(?!\w)):(?=\S))"  # not that of 7:30
HASH = r"(?P<hash>(?=[0-9]{0,63}[a-fA-F])[0-9a-fA-F]{7,}-?)"  # of a commit, from 7 digits on
WORD = r"(?P<word>[A-Z][A-Z0-9]{0,30}-(?=\d)|(?<![^\W_])(?:[wW]{3}(?=\.)|r(?=\d)))"  # GH-12, www., r12 (a revision)
ACTIVE = re.compile("|".join((MARKUP, BEGINS, COLON, HASH, WORD)))
LINE_START = re.compile(r"^([ \t]?)([ \t]*)(?:([-+=/;:])|(\d{1,9})([.)])(?=[ \t]|$))?", re.MULTILINE)
BREAK = re.compile(r"(?<=[^\n])\n(?=[^\n])")
ESCAPED = re.compile(r"\\(?P<char>[\n!-/:-@\[-`{-~])|(?P<guard>&#8203;)|<(?P<link>https?://[^\s<>]+)>|(?P<entity>&#?\w{1,30};)")
KEY_LINE = re.compile(rf"^\[?`docparse:(?P<key>{KEY})`(?:\]\(<?(?P<link>[^\s<>()]+)>?\))?$", re.MULTILINE)


class Description(NamedTuple):
    """What a description says: the notes, the link into `docparse serve`, and the key of the item."""

    notes: str
    link: str | None
    key: str | None


def plain(text: str) -> str:
    r"""A text as trackers give it back: line ends are \n, no white space at their end, no blank lines around it, no control characters.

    >>> plain("\r\n a \r\nb\x07\n\n")
    ' a\nb'
    """
    return "\n".join(CONTROL.sub("", line).rstrip() for line in text.splitlines()).strip("\n")


def escape(text: str, link: str | None = None) -> str:
    r"""A text as Markdown that shows it as it is. `link`, where it stands in it, can be clicked; nothing else can.

    >>> escape("1. Xem #12\n/close")
    '1\\. Xem \\#&#8203;12\\\n\\/close'
    """
    parts = plain(text).split(link) if link else [plain(text)]
    inline = f"<{link}>".join(ACTIVE.sub(_escaped, part) for part in parts)
    return BREAK.sub("\\\\\n", LINE_START.sub(_started, inline))


def unescape(text: str) -> str:
    r"""The text that `escape` made Markdown of; what people wrote as Markdown there stays as they wrote it.

    >>> unescape("1\\. Xem \\#&#8203;12\\\n\\/close")
    '1. Xem #12\n/close'
    """
    return ESCAPED.sub(_meant, text)


def guard(title: str) -> str:
    """A title, which is no Markdown, but where mentions and references are found: zero width spaces keep them from it.

    It is at most twice as long: 120 characters stay below the 255 that trackers take.
    """
    guarded = ACTIVE.sub(lambda match: _guarded(match, SPACE) if match.lastgroup != "markup" else match[0], " ".join(title.split()))
    return re.sub(f"{SPACE}+", SPACE, guarded)


def unguard(title: str) -> str:
    """The title that `guard` was given."""
    return " ".join(title.replace(SPACE, "").split())


def describe(notes: str, link: str | None, key: str) -> str:
    """A description: the notes, and the key as its last line, which leads to the task in `docparse serve`."""
    link = link if link and LINK.fullmatch(link) else None
    line = f"[`docparse:{key}`](<{link}>)" if link else f"`docparse:{key}`"
    return f"{escape(notes, link)}\n\n{line}".lstrip("\n")


def parse_description(text: str) -> Description:
    """What a description says; the last line with a key is ours, whatever people wrote around it."""
    text = plain(text)
    ours = list(KEY_LINE.finditer(text))
    if not ours:
        return Description(plain(unescape(text)), None, None)
    last = ours[-1]
    around = (text[: last.start()].rstrip("\n"), text[last.end() :].lstrip("\n"))
    return Description(plain(unescape("\n\n".join(filter(None, around)))), last["link"], last["key"])


def _escaped(match: re.Match[str]) -> str:
    if match.lastgroup == "markup":
        return "\\" + match[0]
    if match.lastgroup == "begins":
        return ("&#36;" if match[0] == "$" else "\\" + match[0]) + (GUARD if _has_more(match) else "")
    return _guarded(match, GUARD)


def _guarded(match: re.Match[str], space: str) -> str:
    before = match.start() > 0 and not match.string[match.start() - 1].isspace()
    if match.lastgroup == "colon":
        return f"{space if before else ''}:{space}"
    if match.lastgroup == "hash":
        return space.join(re.findall(".{1,6}", match[0])) + (space if match[0].endswith("-") else "")
    return match[0] + (space if match.lastgroup != "begins" or _has_more(match) else "")


def _has_more(match: re.Match[str]) -> bool:
    return match.end() < len(match.string) and not match.string[match.end()].isspace()


def _started(match: re.Match[str]) -> str:
    first, more, mark, number, dot = match.groups()
    indent = (f"&#{ord(first)};" if first else "") + more
    return indent + (f"\\{mark}" if mark else f"{number}\\{dot}" if number else "")


def _meant(match: re.Match[str]) -> str:
    if match["entity"]:
        return html.unescape(match["entity"])
    return match["char"] or match["link"] or ""
