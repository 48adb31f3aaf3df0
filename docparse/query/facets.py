"""Counts over documents: by kind, issuer, level, place, time, cited document, lead, status, origin; series and cross tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from docparse.query.filters import ALL, Filters
from docparse.store.corpus import Corpus

Facet = Literal["doc_type", "issuer", "level", "province", "year", "month", "cited", "lead", "status", "origin"]
FACETS: tuple[Facet, ...] = ("doc_type", "issuer", "level", "province", "year", "month", "cited", "lead", "status", "origin")


@dataclass(frozen=True, slots=True)
class Count:
    """How many documents have a value; `value` is what a filter takes (None: not known), `label` is for people."""

    value: str | None
    label: str | None
    documents: int


@dataclass(frozen=True, slots=True)
class CrossTable:
    """`counts[i][j]` documents have the i-th value of `rows` and the j-th of `columns`; both are sorted by their own counts."""

    rows: tuple[Count, ...]
    columns: tuple[Count, ...]
    counts: tuple[tuple[int, ...], ...]


def facets(
    corpus: Corpus, query: str = "", *, filters: Filters = ALL, names: Sequence[Facet] = FACETS, limit: int = 10
) -> dict[Facet, tuple[Count, ...]]:
    """The `limit` most frequent values of each facet among the documents that match; years and months all, in order of time."""
    raise NotImplementedError


def series(corpus: Corpus, query: str = "", *, filters: Filters = ALL, by: Literal["year", "month"] = "month") -> tuple[Count, ...]:
    """Documents by time of issue, gaps as 0."""
    raise NotImplementedError


def crosstab(corpus: Corpus, rows: Facet, columns: Facet, query: str = "", *, filters: Filters = ALL, limit: int = 20) -> CrossTable:
    """Documents by two facets at once."""
    raise NotImplementedError
