"""Frames around mentions of documents, as patterns of the lexicon by name."""

from __future__ import annotations

import re
from functools import cache

from docparse.lexicon import load_rules


@cache
def frame(name: str) -> re.Pattern[str]:
    """The pattern of the frame `name`. Raises KeyError where the lexicon holds none.

    >>> frame("itself").search("quyết định này thay thế") is not None
    True
    """
    return {rule.id: rule for rule in load_rules("frames")}[f"frame.{name}"].regex
