"""Concordance: a word or phrase with what stands left and right of it (keyword in context), and its collocates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from docparse.query.filters import ALL, Filters
from docparse.query.search import Line
from docparse.store.corpus import Corpus

Sort = Literal["document", "left", "right", "keyword", "date"]
CountBy = Literal["year", "issuer", "doc_type", "keyword"]


@dataclass(frozen=True, slots=True)
class Concordance:
    """One place: `left`, `keyword`, `right` as in the text with white space folded; `start`, `end` are offsets in the document's text."""

    document: Line
    left: str
    keyword: str
    right: str
    section: str | None
    page: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Concordances:
    """A page of a concordance: `total` places in `documents` documents. `complete` is False where only the first documents were read."""

    query: str
    total: int
    documents: int
    complete: bool
    lines: tuple[Concordance, ...]


@dataclass(frozen=True, slots=True)
class Collocate:
    """A word near the keyword: `near` times within the span, `everywhere` in the documents read; `score` is log-likelihood (Dunning 1993)."""

    word: str
    near: int
    everywhere: int
    score: float


def kwic(
    corpus: Corpus,
    query: str,
    *,
    filters: Filters = ALL,
    sort: Sort = "document",
    width: int = 60,
    limit: int = 50,
    offset: int = 0,
) -> Concordances:
    """Places where a word or phrase stands, `width` characters of context on each side. Raises QueryError."""
    raise NotImplementedError


def count_places(corpus: Corpus, query: str, *, filters: Filters = ALL, by: CountBy = "year") -> tuple[tuple[str | None, int], ...]:
    """Places by year, issuer, kind of document or spelling of the keyword."""
    raise NotImplementedError


def collocates(corpus: Corpus, query: str, *, filters: Filters = ALL, span: int = 5, limit: int = 30) -> tuple[Collocate, ...]:
    """Words (by underthesea's segmentation) that stand near the keyword more often than elsewhere, best first."""
    raise NotImplementedError
