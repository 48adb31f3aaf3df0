"""Texts in Jira: documents in the Atlassian Document Format (Cloud) and wiki markup (Data Center).

A document holds texts as texts, so there is nothing to escape. In wiki markup every character that could become active is written as a numeric
character reference, which Jira's renderer leaves as it is (`HtmlEscaper` of atlassian-renderer) and looks at no further.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from docparse.trackers.markdown import KEY, LINK, Description, plain

APART = {"doc", "blockquote", "panel", "expand", "tableCell", "tableHeader"}  # nodes whose children are paragraphs
LISTS = {"bulletList", "orderedList", "listItem", "taskList", "table", "tableRow"}
OURS = re.compile(rf"docparse:(?P<key>{KEY})")

ACTIVE = re.compile(
    r"[\\*_+^~{}\[\]|@#&]|!(?=\S)|\?(?=\?)|(?<=\?)\?|[:;](?=\S)"
    r"|\((?=[^\s()]{1,8}\))|(?<=[\W_])\)"  # (x) and other pictures, ;) also after the reference of a character
    r"|(?<![^\W_])-|-(?![^\W_])|[A-Z][A-Z0-9]{0,30}-(?=\d)"  # struck, dashes and lists; ABC-12
    r"|^[ \t]*(?:h[1-6]|bq)\.",
    re.MULTILINE,
)
MEANT = re.compile(r"(?P<entity>&#?\w{1,30};)|\\(?P<char>[-#*_+?^~|%{}\[\]()!@])")
KEY_LINE = re.compile(rf"^\[?docparse:(?P<key>{KEY})(?:\|(?P<link>[^\s|\]]+)\])?$", re.MULTILINE)


def build_document(notes: str, link: str | None, key: str) -> dict[str, Any]:
    """A description for Cloud: the notes, and the key as its last paragraph, which leads to the task in `docparse serve`."""
    notes = plain(notes)
    last: dict[str, Any] = {"type": "text", "text": f"docparse:{key}"}
    if link:
        last["marks"] = [{"type": "link", "attrs": {"href": link}}]
    paragraphs = [_inline(part) for part in notes.split("\n\n")] if notes else []
    content = [{"type": "paragraph", "content": inline} for inline in [*paragraphs, [last]]]
    return {"version": 1, "type": "doc", "content": content}


def read_document(document: Mapping[str, Any] | None) -> Description:
    """What a description of Cloud says; the last paragraph with a key is ours."""
    nodes = list((document or {}).get("content", ()))
    for place in range(len(nodes) - 1, -1, -1):
        if found := OURS.fullmatch(_text(nodes[place]).strip()):
            rest = {"type": "doc", "content": nodes[:place] + nodes[place + 1 :]}
            return Description(plain(_text(rest)), _link(nodes[place]), found["key"])
    return Description(plain(_text({"type": "doc", "content": nodes})), None, None)


def build_wiki(notes: str, link: str | None, key: str) -> str:
    """A description for Data Center: the notes, and the key as its last line, which leads to the task in `docparse serve`."""
    line = f"[docparse:{key}|{link}]" if link and LINK.fullmatch(link) else f"docparse:{key}"
    return f"{escape_wiki(notes)}\n\n{line}".lstrip("\n")


def read_wiki(text: str | None) -> Description:
    """What a description of Data Center says; the last line with a key is ours."""
    text = plain(text or "")
    ours = list(KEY_LINE.finditer(text))
    if not ours:
        return Description(plain(unescape_wiki(text)), None, None)
    last = ours[-1]
    around = (text[: last.start()].rstrip("\n"), text[last.end() :].lstrip("\n"))
    return Description(plain(unescape_wiki("\n\n".join(filter(None, around)))), last["link"], last["key"])


def escape_wiki(text: str) -> str:
    """A text as wiki markup that shows it as it is.

    >>> escape_wiki("[~an] (x) ABC-12")
    '&#91;&#126;an&#93; &#40;x) ABC&#45;12'
    """
    return ACTIVE.sub(lambda match: f"{match[0][:-1]}&#{ord(match[0][-1])};", plain(text))


def unescape_wiki(text: str) -> str:
    """The text that `escape_wiki` made markup of; what people wrote as markup stays as they wrote it."""
    return MEANT.sub(lambda match: html.unescape(match["entity"]) if match["entity"] else match["char"], text)


def read_text(value: Any) -> str | None:
    """The text of a custom field."""
    if isinstance(value, dict):
        return value.get("value") or plain(_text(value)) or None
    return str(value) if value else None


def _inline(part: str) -> list[dict[str, Any]]:
    inline: list[dict[str, Any]] = []
    for line in part.split("\n"):
        inline += [{"type": "hardBreak"}, *([{"type": "text", "text": line}] if line else [])]
    return inline[1:]


def _text(node: Mapping[str, Any]) -> str:
    kind, attributes = node.get("type"), node.get("attrs") or {}
    if kind == "text":
        return str(node["text"])
    if kind == "hardBreak":
        return "\n"
    if "content" not in node:
        return str(attributes.get("text") or attributes.get("url") or "")
    return ("\n\n" if kind in APART else "\n" if kind in LISTS else "").join(map(_text, node["content"]))


def _link(node: Mapping[str, Any]) -> str | None:
    for child in node.get("content", ()):
        for mark in child.get("marks", ()):
            if mark["type"] == "link":
                return str(mark["attrs"]["href"])
    return None
