"""What a passage says is to be done: whether it tells work at all, or is a formula."""

from __future__ import annotations

import re

from docparse.find.task_actors import ActorReader
from docparse.find.task_words import bare_words, role, words
from docparse.words import unaccent

AFTER_CONDITION = re.compile(r",\s+|\sthì\s+")
MUST = re.compile(r"(?<!\w)(?:phải|cần(?! thiết))(?!\w)")
NUMBER = re.compile(r"\s*:?\s*(?:[\d…./]|$)")
MARKS_LOST = 30  # characters at the start of an item that are compared without their marks
SHORTEST_TEXT = 15  # characters
NEAR = 500  # characters in which the work of an item begins


def begins_work(reader: ActorReader, at: int) -> bool:
    """Whether a verb of work stands at `at`."""
    return words("work").end(reader.low, at) is not None or words("starters").end(reader.low, at) is not None


def is_formula(reader: ActorReader, start: int, end: int) -> bool:
    """Whether the text is a formula, a courtesy or a repetition, which gives nobody work of its own."""
    text = reader.low[start:end]
    return any(next(rule.matches(text), None) for name in ("formula", "repeat") for rule in role(name))


def carries_out(reader: ActorReader, start: int, end: int) -> bool:
    """Whether the text says that this document is to be carried out, which is work where a body is charged with it by name.

    >>> text = "tổ chức triển khai thực hiện Nghị quyết này."
    >>> carries_out(ActorReader(text, ()), 0, len(text))
    True
    """
    return role("carry_out")[0].regex.match(reader.low[start:end]) is not None


def retells(reader: ActorReader, start: int, end: int) -> bool:
    """Whether the text tells what was thought or said of a matter (`nhiều ý kiến cho rằng, cần …`)."""
    return role("opinion")[0].regex.match(reader.low[start:end]) is not None


def _names_thing(reader: ActorReader, start: int) -> bool:
    """Whether a document (`Báo cáo số 12`, not `Báo cáo số liệu`) or a kind of data stands at `start`, which tells no work."""
    document = words("documents").end(reader.low, start)
    if document is not None and (not reader.low.startswith("số", document - 2) or NUMBER.match(reader.low, document)):
        return True
    return words("data").end(reader.low, start) is not None


def tells_work(reader: ActorReader, start: int, end: int, *, verb_first: bool) -> bool:
    """Whether the text tells work: with a verb first or, if it need not be, after a phrase of time or ground or with `phải`, `cần`."""
    low, flat = reader.low, reader.flat
    if end - start < SHORTEST_TEXT or low[start:end].rstrip().endswith(":") or flat[start] in '“"' or flat[start:end].isupper():
        return False
    if _names_thing(reader, start) or retells(reader, start, end) or reader.begins(start):
        return False
    if begins_work(reader, start):
        return True
    if verb_first:
        return False
    connective = words("connectives").end(low, start)
    if connective is not None and begins_work(reader, connective + 1 + (flat[connective : connective + 1] == ",")):
        return True
    if bare_words("work").end(unaccent(low[start : start + MARKS_LOST]), 0) is not None:
        return True
    near = min(end, start + NEAR)
    after_phrase = (
        any(words("work").end(low, comma.end()) is not None for comma in AFTER_CONDITION.finditer(low, start, near)) or ": " in low[start:end]
    )
    return (after_phrase and words("preludes").end(low, start) is not None) or MUST.search(low, start, end) is not None
