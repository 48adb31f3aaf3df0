"""Counts over documents: by kind, issuer, level, place, time, cited document, lead, status, origin; series and cross tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from docparse.lexicon import load_rows
from docparse.query.cited_names import name_key
from docparse.query.columns import columns_of, cross, mask
from docparse.query.filters import ALL, Filters
from docparse.query.search import found_ids
from docparse.store.corpus import Corpus
from docparse.store.schema import agencies

Facet = Literal["doc_type", "issuer", "level", "province", "year", "month", "cited", "lead", "status", "origin"]
TIMES = ("year", "month")
UNKNOWN_LAST = "~"
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
    """The `limit` most frequent values of each facet among the documents that match; years and months all, in order of time.

    Raises QueryError if the query cannot be read.
    """
    with corpus.read() as connection:
        chosen_documents = mask(found_ids(corpus, connection, query, filters))
        found: dict[Facet, tuple[Count, ...]] = {}
        for name, column in zip(names, columns_of(corpus).get(connection, names), strict=True):
            counts = column.counts(chosen_documents)
            known = counts.nonzero()[0].tolist()
            if name in TIMES:
                chosen = sorted(known, key=lambda at, values=column.values: values[at] or UNKNOWN_LAST)  # type: ignore[misc]
            else:
                chosen = _most(counts, known, column.values, limit)
            values = [column.values[at] for at in chosen]
            labels = _labels(connection, name, [value for value in values if value is not None])
            found[name] = tuple(Count(value, labels.get(value or ""), int(counts[at])) for at, value in zip(chosen, values, strict=True))
        return found


def _most(counts: NDArray[np.int64], known: list[int], values: Sequence[str | None], limit: int) -> list[int]:
    """The places of the largest counts, of equal ones by value, without the value that is not known."""
    enough = min(limit + 1, len(known))
    least = np.partition(counts[known], -enough)[-enough] if known else 0
    candidates = [at for at in known if counts[at] >= least and values[at] is not None]
    return sorted(candidates, key=lambda at: (-counts[at], values[at]))[:limit]


def series(corpus: Corpus, query: str = "", *, filters: Filters = ALL, by: Literal["year", "month"] = "month") -> tuple[Count, ...]:
    """Documents by time of issue, gaps as 0; what has no day of issue is left out."""
    counted = {count.value: count.documents for count in facets(corpus, query, filters=filters, names=(by,))[by] if count.value}
    return tuple(Count(period, period, counted.get(period, 0)) for period in _periods(min(counted), max(counted))) if counted else ()


def crosstab(corpus: Corpus, rows: Facet, columns: Facet, query: str = "", *, filters: Filters = ALL, limit: int = 20) -> CrossTable:
    """Documents by two facets at once, of each the `limit` most frequent values; times in their order, of them the newest."""
    tops = facets(corpus, query, filters=filters, names=(rows, columns), limit=limit)
    one, other = (tuple(count for count in tops[name] if count.value is not None)[-limit:] for name in (rows, columns))
    with corpus.read() as connection:
        left, right = columns_of(corpus).get(connection, (rows, columns))
        counted = cross(left, right, mask(found_ids(corpus, connection, query, filters)))
    places = [{value: at for at, value in enumerate(column.values)} for column in (left, right)]
    counts = tuple(tuple(int(counted[places[0][row.value], places[1][column.value]]) for column in other) for row in one)
    return CrossTable(one, other, counts)


def _periods(first: str, last: str) -> Iterator[str]:
    if len(first) == len("2024"):
        yield from map(str, range(int(first), int(last) + 1))
        return
    year, month = map(int, first.split("-"))
    while (period := f"{year:04}-{month:02}") <= last:
        yield period
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _labels(connection: Connection, name: Facet, values: Sequence[str]) -> dict[str, str]:
    """What people call the values of a facet, where that is not the value itself."""
    labels = {value: value for value in values}
    match name:
        case "issuer":
            labels |= {row.id: row.name for row in connection.execute(select(agencies.c.id, agencies.c.name).where(agencies.c.id.in_(values)))}
        case "province":
            names = {row["id"]: row["name"] for row in load_rows("provinces")}
            labels |= {value: names[value] for value in values if value in names}
        case "cited":
            labels |= {value: name_key(value) for value in values}
    return labels
