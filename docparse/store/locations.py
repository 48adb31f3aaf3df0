"""Paths as text for the journal: bytes that are no UTF-8 are escaped, so that every name can be stored and found again."""

from __future__ import annotations

import re

SURROGATE = re.compile("[\udc80-\udcff]")
ESCAPED = re.compile(r"\\udc([89a-f][0-9a-f])")


def to_location(path: str) -> str:
    r"""A path as text for the journal: bytes that are no UTF-8 as `\udcXX`.

    >>> import os
    >>> to_location(os.fsdecode(b"/a/b\xff.pdf"))
    '/a/b\\udcff.pdf'
    """
    return SURROGATE.sub(lambda match: f"\\udc{ord(match[0]) - 0xDC00:02x}", path.replace("\\udc", "\\u005cudc"))


def from_location(location: str) -> str:
    r"""The path that `to_location` made text of.

    >>> from_location(to_location("/a/b.pdf"))
    '/a/b.pdf'
    """
    return ESCAPED.sub(lambda match: chr(0xDC00 + int(match[1], 16)), location).replace("\\u005cudc", "\\udc")
