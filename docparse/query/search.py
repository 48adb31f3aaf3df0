"""Full-text search: documents in the order of their worth, with the passages that match."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal

from sqlalchemy import Connection, Select, func, select

from docparse.query import postgresql_match, sqlite_match
from docparse.query.filters import ALL, Filters
from docparse.query.language import Query, read_query
from docparse.query.spelling import marker, without_marks
from docparse.store.corpus import Corpus
from docparse.store.rows import fold
from docparse.store.schema import documents, sections

Order = Literal["relevance", "newest", "oldest"]
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
    read = read_query(query)
    with corpus.read() as connection:
        total = connection.scalar(select(func.count()).select_from(_found(corpus, read, filters).subquery())) or 0
        ids = _ordered(corpus, connection, read, filters, order, limit + offset)[offset:] if total > offset else []
        found = lines_of(connection, ids)
        hits = tuple(_hit(connection, found[document_id], query) for document_id in ids)
    suggestion = _suggest(corpus, query, filters) if not total else None
    return Results(query, total, offset, hits, suggestion)


def matching_ids(corpus: Corpus, query: str, *, filters: Filters = ALL, order: Order = "relevance", limit: int | None = None) -> list[int]:
    """The ids of the documents that a search finds, `limit` of them, all where it is None (then by id). Raises QueryError."""
    read = read_query(query)
    with corpus.read() as connection:
        if limit is None and order == "relevance":
            return sorted(connection.scalars(_found(corpus, read, filters)))
        return _ordered(corpus, connection, read, filters, order, limit)


def find_marks(text: str, query: str) -> tuple[tuple[int, int], ...]:
    """The ranges of `text` that the words and phrases of a query match, in order, without overlap."""
    return tuple(marker(query).find(text, fold(text)))


def _engine(corpus: Corpus) -> ModuleType:
    return postgresql_match if corpus.url.get_backend_name() == "postgresql" else sqlite_match


def _found(corpus: Corpus, query: Query | None, filters: Filters) -> Select[tuple[int]]:
    where = filters.condition()
    if query is None:
        return select(documents.c.id) if where is None else select(documents.c.id).where(where)
    found: Select[tuple[int]] = _engine(corpus).matching(query, where)
    return found


def _ordered(corpus: Corpus, connection: Connection, query: Query | None, filters: Filters, order: Order, limit: int | None) -> list[int]:
    if query is not None and order == "relevance" and limit is not None:
        best: list[int] = _engine(corpus).ranked(connection, query, filters.condition(), limit)
        return best
    day = documents.c.date.asc() if order == "oldest" else documents.c.date.desc()
    chosen = select(documents.c.id).order_by(day.nulls_last(), documents.c.id.desc()).limit(limit)
    if query is not None:
        # `+ 0`: in order of days through their index, not from document to document
        chosen = chosen.where((documents.c.id + 0).in_(_found(corpus, query, filters)))
    elif (where := filters.condition()) is not None:
        chosen = chosen.where(where)
    return list(connection.scalars(chosen))


def lines_of(connection: Connection, document_ids: Sequence[int]) -> dict[int, Line]:
    """Documents as lines of a list, by id."""
    columns = (documents.c[name] for name in Line.__slots__)
    return {row.id: Line(*row) for row in connection.execute(select(*columns).where(documents.c.id.in_(document_ids)))}


def _hit(connection: Connection, line: Line, query: str) -> Hit:
    if not query.strip():
        return Hit(line, (), 0)
    text, folded = connection.execute(select(documents.c.text, documents.c.folded).where(documents.c.id == line.id)).one()
    marks = list(marker(query).find(text, folded))
    starts = select(sections.c.start, sections.c.end, sections.c.address, sections.c.heading, sections.c.page)
    units = connection.execute(starts.where(sections.c.document_id == line.id).order_by(sections.c.position)).all() if marks else []
    return Hit(line, tuple(_snippets(text, marks, units)), len(marks))


def _snippets(text: str, marks: Sequence[tuple[int, int]], units: Sequence[Any]) -> Iterator[Snippet]:
    """The passages of a document, those first in which most stands, at most one a section."""
    seen: set[str | None] = set()
    widest = sorted(range(len(marks)), key=lambda at: (-_worth(marks, at), at))[: SNIPPETS * 5]
    chosen: list[Snippet] = []
    for at in widest:
        start, end = _window(text, marks[at])
        unit = _unit(units, marks[at][0])
        address = unit.address if unit else None
        if address in seen or len(chosen) == SNIPPETS:
            continue
        seen.add(address)
        inside = tuple((a - start, b - start) for a, b in marks if start <= a and b <= end)
        chosen.append(Snippet(text[start:end], inside, address, unit.heading if unit else None, unit.page if unit else 1, start))
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


def _unit(units: Sequence[Any], offset: int) -> Any:
    at = bisect_right(units, offset, key=lambda unit: unit.start) - 1
    while at >= 0 and units[at].end <= offset:
        at -= 1
    return units[at] if at >= 0 else None


def _suggest(corpus: Corpus, query: str, filters: Filters) -> str | None:
    """The same search for any marks, if that finds something."""
    loose = without_marks(query)
    return loose if loose and matching_ids(corpus, loose, filters=filters, limit=1) else None
