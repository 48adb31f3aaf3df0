"""Full-text search: documents in the order of their worth, with the passages that match."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from docparse.query.filters import ALL, Filters
from docparse.store.corpus import Corpus

Order = Literal["relevance", "newest", "oldest"]


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
    raise NotImplementedError


def find_marks(text: str, query: str) -> tuple[tuple[int, int], ...]:
    """The ranges of `text` that the words and phrases of a query match, in order, without overlap."""
    raise NotImplementedError
