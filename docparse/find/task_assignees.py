"""Headings that name who is charged with the items under them."""

from __future__ import annotations

from docparse.find.task_actors import ActorReader, Actors
from docparse.find.task_items import Item
from docparse.find.task_names import split_names
from docparse.find.task_scopes import Scope
from docparse.find.task_words import role, words
from docparse.words import squeeze

LONGEST_NAME = 16  # words of a heading that is a name as a whole
PREFIX = 60  # characters in which `Trách nhiệm của`, `Đối với` stands
SENTENCE_ENDS = (".", ";", ",")


def assignee(reader: ActorReader, item: Item, body: int) -> Scope | None:
    """The scope of a heading that names who is charged with the items after it; None if `item` is no such heading."""
    low, end = reader.low, item.block.end
    prefix = role("assignee")[0].regex.match(low[body : body + PREFIX])
    start = body + prefix.end() if prefix else body
    actors = reader.read(start, end)
    if prefix is None and reader.flat[start:end].isupper() and low.startswith("tổ chức ", start):
        return None
    if actors is None:
        whole = prefix and role("duties_of")[0].regex.match(low[body : body + PREFIX]) and _is_name(reader, item, start)
        return _scope(item, (squeeze(reader.flat[start:end]).rstrip(" :."),), ()) if whole else None
    if not (prefix or item.labelled or low[end - 1] == ":"):
        return None
    rest, supports = _tail(reader, actors, end)
    if rest < end:
        if item.labelled and (actors.ending == "other" or _collects(reader, start)) and _is_name(reader, item, start):
            return _scope(item, tuple(split_names(reader, start, end)), ())
        told = actors.ending in ("work", "telling") or words("work").end(low, rest) is not None
        if told or not item.labelled or low[end - 1] != ":":
            return None
    return _scope(item, actors.names, supports)


def _scope(item: Item, names: tuple[str, ...], supports: tuple[str, ...]) -> Scope:
    return Scope(item.level, "assign", names, supports, inclusive=not item.heads, rule="task.scope.assignee")


def _collects(reader: ActorReader, start: int) -> bool:
    """Whether a kind of actor stands at `start`, so that words of work may tell which (`Các đơn vị tham gia tập huấn`)."""
    return words("plurals").end(reader.low, start) is not None or words("alone").end(reader.low, start) is not None


def _is_name(reader: ActorReader, item: Item, start: int) -> bool:
    """Whether the heading from `start` on is short and no sentence, so that all of it is the name."""
    heading = reader.flat[start : item.block.end].rstrip()
    return item.heads and not heading.endswith(SENTENCE_ENDS) and ": " not in heading and len(heading.split()) <= LONGEST_NAME


def _tail(reader: ActorReader, actors: Actors, end: int) -> tuple[int, tuple[str, ...]]:
    """Where a heading goes on after its actors, `chủ trì, phối hợp với …` and `có trách nhiệm`, and the partners named there."""
    rest = actors.end
    supports: tuple[str, ...] = ()
    while rest < end:
        if reader.low[rest] in " ,:;.)":
            rest += 1
            continue
        match = role("support")[0].regex.match(reader.low, rest)
        partners = reader.read(match.end(), end) if match else None
        tail = words("heading_tail").end(reader.low, rest)
        if partners:
            rest, supports = partners.end, partners.names
        elif tail is not None:
            rest = tail
        else:
            break
    return rest, supports
