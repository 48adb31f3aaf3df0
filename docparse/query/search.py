"""Full-text search: documents in the order of their worth, with the passages that match."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Literal, cast

import numpy as np
from sqlalchemy import Connection, select

from docparse.query import postgresql_match, sqlite_match
from docparse.query.columns import Ids, columns_of, mask
from docparse.query.filters import ALL, Filters
from docparse.query.language import read_query
from docparse.query.outlines import Outline, read_outlines
from docparse.query.spelling import marker, without_marks
from docparse.store.corpus import Corpus
from docparse.store.rows import fold
from docparse.store.schema import documents

Order = Literal["relevance", "newest", "oldest"]
OPERATORS = re.compile(r"""[()"“”~]|(?<!\S)(?:AND|OR|NOT|-)""")
MOST_SHORTENED = 8  # words of a search that is tried without each of them
SNIPPETS = 3  # of a document
BEFORE, WINDOW = 80, 200  # characters of a snippet before its first mark, and from there


@dataclass(frozen=True, slots=True)
class Line:
    """A document as a line of a list. `date` is ISO 8601; `issuer_id` an id of `agencies`."""

    id: int
    number: str | None
    doc_type: str | None
    issuer: str | None
    issuer_id: str | None
    date: str | None
    title: str | None
    pages: int | None
    text_origin: str | None


@dataclass(frozen=True, slots=True)
class Snippet:
    """A passage of a document: `marks` are the ranges in `text` that match; `start` is the offset of `text` in the document's text.

    `section` is the address of its section, None outside the numbered units; `page` counts from 1.
    """

    text: str
    marks: tuple[tuple[int, int], ...]
    section: str | None
    heading: str | None
    page: int
    start: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that matches; `snippets` are its first passages, `passages` counts all places that match."""

    document: Line
    snippets: tuple[Snippet, ...]
    passages: int


@dataclass(frozen=True, slots=True)
class Results:
    """A page of the answer: `total` documents match; `suggestion` is a query that finds more where this one finds nothing."""

    query: str
    total: int
    offset: int
    hits: tuple[Hit, ...]
    suggestion: str | None = None


def search(corpus: Corpus, query: str, *, filters: Filters = ALL, order: Order = "relevance", limit: int = 10, offset: int = 0) -> Results:
    """Find documents. An empty query finds all that fit the filters, newest first. Raises QueryError if the query cannot be read."""
    with corpus.read() as connection:
        found = found_ids(corpus, connection, query, filters)
        total = len(found)
        ids = _ordered(corpus, connection, query, found, order, limit + offset)[offset:] if total > offset else []
        hits = tuple(_hits(connection, ids, query))
    suggestion = _suggest(corpus, query, filters) if not total else None
    return Results(query, total, offset, hits, suggestion)


def matching_ids(corpus: Corpus, query: str, *, filters: Filters = ALL, order: Order = "relevance", limit: int | None = None) -> list[int]:
    """The ids of the documents that a search finds, `limit` of them, all where it is None (then by id). Raises QueryError."""
    with corpus.read() as connection:
        found = found_ids(corpus, connection, query, filters)
        if limit is None and order == "relevance":
            return list(map(int, found))
        return _ordered(corpus, connection, query, found, order, limit)


def found_ids(corpus: Corpus, connection: Connection, query: str, filters: Filters) -> Ids:
    """The ids of all documents that a search finds, in order of ids. Raises QueryError."""
    read = read_query(query)

    def find() -> Ids:
        where = filters.condition()
        if read is not None:
            return cast(Ids, engine_of(connection).find_ids(connection, read, where))
        every = select(documents.c.id)
        return np.array(connection.scalars(every if where is None else every.where(where)).all(), dtype=np.int64)

    return columns_of(corpus).found((query, filters), find)


def find_marks(text: str, query: str) -> tuple[tuple[int, int], ...]:
    """The ranges of `text` that the words and phrases of a query match, in order, without overlap."""
    return tuple(marker(query).find(text, fold(text)))


def engine_of(connection: Connection) -> ModuleType:
    """How searches are said to the engine of a connection."""
    return postgresql_match if connection.dialect.name == "postgresql" else sqlite_match


def _ordered(corpus: Corpus, connection: Connection, query: str, found: Ids, order: Order, limit: int | None) -> list[int]:
    read = read_query(query)
    chosen = mask(found)
    if read is not None and order == "relevance" and limit is not None:
        best: list[int] = engine_of(connection).ranked(connection, read, chosen, limit)
        return best
    (days,) = columns_of(corpus).get(connection, ["day"])
    return days.ordered(chosen, newest_first=order != "oldest")[:limit]


def lines_of(connection: Connection, document_ids: Sequence[int]) -> dict[int, Line]:
    """Documents as lines of a list, by id."""
    columns = (documents.c[name] for name in Line.__slots__)
    return {row.id: Line(*row) for row in connection.execute(select(*columns).where(documents.c.id.in_(document_ids)))}


def _hits(connection: Connection, ids: Sequence[int], query: str) -> Iterator[Hit]:
    lines = lines_of(connection, ids)
    if not query.strip():
        yield from (Hit(lines[document_id], (), 0) for document_id in ids)
        return
    find = marker(query).find
    texts = {row.id: row for row in connection.execute(select(documents.c.id, documents.c.text, documents.c.folded).where(documents.c.id.in_(ids)))}
    outlines = read_outlines(connection, ids)
    for document_id in ids:
        text = texts[document_id].text
        marks = list(find(text, texts[document_id].folded))
        yield Hit(lines[document_id], tuple(_snippets(text, marks, outlines[document_id])), len(marks))


def _snippets(text: str, marks: Sequence[tuple[int, int]], outline: Outline) -> Iterator[Snippet]:
    """The passages of a document, those first in which most stands, at most one a section."""
    seen: set[str | None] = set()
    widest = sorted(range(len(marks)), key=lambda at: (-_worth(marks, at), at))[: SNIPPETS * 5]
    chosen: list[Snippet] = []
    for at in widest:
        start, end = _window(text, marks[at])
        unit = outline.unit(marks[at][0])
        address = unit.address if unit else None
        if address in seen or len(chosen) == SNIPPETS:
            continue
        seen.add(address)
        inside = tuple((a - start, b - start) for a, b in marks if start <= a and b <= end)
        chosen.append(Snippet(text[start:end], inside, address, unit.heading if unit else None, outline.page(marks[at][0]), start))
    yield from sorted(chosen, key=lambda snippet: snippet.start)


def _worth(marks: Sequence[tuple[int, int]], at: int) -> int:
    """How much is marked in the passage that begins with a mark."""
    start = marks[at][0]
    return sum(b - a for a, b in marks[at : at + 8] if b < start + WINDOW)


def _window(text: str, mark: tuple[int, int]) -> tuple[int, int]:
    """A passage around a mark that begins and ends between words."""
    start, end = max(0, mark[0] - BEFORE), min(len(text), max(mark[1], mark[0] + WINDOW))
    while 0 < start < mark[0] and not text[start - 1].isspace():
        start += 1
    while mark[1] < end < len(text) and not text[end].isspace():
        end -= 1
    return start, end


def _suggest(corpus: Corpus, query: str, filters: Filters) -> str | None:
    """The same search for any marks, or without a word, if that finds something."""
    loose = without_marks(query)
    words = query.split() if not OPERATORS.search(query) else []
    shorter = [" ".join((*words[:at], *words[at + 1 :])) for at in range(len(words))] if 1 < len(words) <= MOST_SHORTENED else []
    return next((other for other in (*([loose] if loose else []), *shorter) if matching_ids(corpus, other, filters=filters)), None)
