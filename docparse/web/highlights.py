"""Ranges of a text -> HTML with nested marks, in one pass; ranges that overlap are cut, so that the HTML is well nested."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Range:
    """A half-open range of the text to mark.

    `kind` gives the class `k-KIND`, `id` the name of its finding, none for a word searched for; `anchor` is a name to jump to.
    """

    start: int
    end: int
    kind: str
    id: str | None = None
    anchor: str | None = None


def marked(text: str, ranges: Iterable[Range], *, start: int = 0, end: int | None = None, soft: frozenset[int] = frozenset()) -> Markup:
    """`text[start:end]` escaped, with `<mark>` around each range; at offsets in `soft` a line break becomes a space.

    >>> marked("một hai", [Range(0, 7, "task", "task-0"), Range(4, 7, "date", "date-0")])
    Markup('<mark class="k-task" data-f="task-0">một <mark class="k-date" data-f="date-0">hai</mark></mark>')
    """
    stop = len(text) if end is None else end
    inside = [_cut(found, start, stop) for found in ranges if max(found.start, start) < min(found.end, stop)]
    inside.sort(key=lambda found: (found.start, -found.end))
    return Markup("".join(_pieces(text, inside, start, stop, soft)))  # all pieces are escaped


def _cut(found: Range, start: int, stop: int) -> Range:
    if start <= found.start and found.end <= stop:
        return found
    return replace(found, start=max(found.start, start), end=min(found.end, stop))


def _pieces(text: str, ranges: Sequence[Range], start: int, stop: int, soft: frozenset[int]) -> Iterator[str]:
    """Pieces of HTML, each escaped by `_plain` or `_tag`; plain strings, because a long document has tens of thousands."""
    open_: list[Range] = []
    at = start
    for found in ranges:
        while open_ and (ends := min(mark.end for mark in open_)) <= found.start:
            yield _plain(text, at, ends, soft)
            at = ends
            yield from _close(open_, ends)
        yield _plain(text, at, found.start, soft)
        at = found.start
        open_.append(found)
        yield _tag(found)
    while open_:
        ends = min(mark.end for mark in open_)
        yield _plain(text, at, ends, soft)
        at = ends
        yield from _close(open_, ends)
    yield _plain(text, at, stop, soft)


def _close(open_: list[Range], ends: int) -> Iterator[str]:
    """End the marks that end here; those inside them that go on are opened again."""
    outermost = next(index for index, mark in enumerate(open_) if mark.end <= ends)
    yield "</mark>" * (len(open_) - outermost)
    going_on = [mark for mark in open_[outermost:] if mark.end > ends]
    open_[outermost:] = going_on
    yield from map(_tag, going_on)


def _plain(text: str, start: int, end: int, soft: frozenset[int]) -> str:
    if end <= start:
        return ""
    piece = text[start:end]
    if soft and "\n" in piece:
        piece = "".join(" " if letter == "\n" and start + index in soft else letter for index, letter in enumerate(piece))
    return html.escape(piece)


def _tag(found: Range) -> str:
    name = f' data-f="{html.escape(found.id)}"' if found.id else ""
    anchor = f' id="{html.escape(found.anchor)}"' if found.anchor else ""
    return f'<mark class="k-{html.escape(found.kind)}"{name}{anchor}>'
