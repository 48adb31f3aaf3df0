"""What documents are counted by, as columns in memory: counting 50,000 documents by ten facets takes milliseconds, not seconds.

A column holds for each document the numbers of its values; it is read when it is first needed and again when the corpus has changed.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Select, func, select

from docparse.store.corpus import Corpus
from docparse.store.schema import citations, documents, task_actors, tasks

Ids = NDArray[np.int64]
SHARE_OF_TIME = 20  # columns that took a second to read are read again after so many seconds at the earliest,
SEARCHES_KEPT = 64
AT_ONCE_SECONDS = 0.2  # those that took less as soon as the corpus has changed


@dataclass(frozen=True, slots=True)
class Column:
    """`of[i]` is the number of a value of the document `documents[i]`; a document may be there several times, or not at all."""

    values: tuple[str | None, ...]
    documents: Ids
    of: NDArray[np.int64]

    def counts(self, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        """How many of the chosen documents (a mask by id) have each value."""
        return np.bincount(self.of[self.inside(chosen)], minlength=len(self.values))

    def inside(self, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which entries are of chosen documents."""
        missing = int(self.documents.max(initial=0)) + 1 - len(chosen)
        return (np.pad(chosen, (0, missing)) if missing > 0 else chosen)[self.documents]

    def ordered(self, chosen: NDArray[np.bool_], *, newest_first: bool) -> list[int]:
        """The chosen documents in the order of their values, of equal ones by id; those without a value last."""
        place = {value: rank for rank, value in enumerate(sorted(value for value in self.values if value is not None))}
        ranks = np.array([place.get(value, -1) for value in self.values], dtype=np.int64)  # type: ignore[arg-type]
        entries = self.inside(chosen).nonzero()[0]
        documents, rank = self.documents[entries], ranks[self.of[entries]] if len(entries) else entries
        sign = -1 if newest_first else 1
        return [int(document) for document in documents[np.lexsort((sign * documents, sign * rank, rank < 0))]]


def cross(rows: Column, columns: Column, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many of the chosen documents have each pair of values; of shape (values of rows, values of columns)."""
    counted = np.zeros((len(rows.values), len(columns.values)), dtype=np.int64)
    order = np.argsort(columns.documents, kind="stable")
    sorted_documents = columns.documents[order]
    keep = rows.inside(chosen)
    left, of = rows.documents[keep], rows.of[keep]
    first, last = np.searchsorted(sorted_documents, left, "left"), np.searchsorted(sorted_documents, left, "right")
    times = last - first
    starts = np.repeat(first - np.concatenate(([0], np.cumsum(times)[:-1])), times)
    np.add.at(counted, (np.repeat(of, times), columns.of[order[starts + np.arange(times.sum())]]), 1)
    return counted


def _queries() -> dict[str, Select[Any]]:
    d = documents.c
    return {
        "doc_type": select(d.id, d.doc_type),
        "issuer": select(d.id, func.coalesce(d.issuer_id, d.issuer)),
        "level": select(d.id, d.level),
        "province": select(d.id, d.province),
        "origin": select(d.id, d.text_origin),
        "day": select(d.id, d.date),
        "year": select(d.id, func.substr(d.date, 1, 4)),
        "month": select(d.id, func.substr(d.date, 1, 7)),
        "cited": select(citations.c.document_id, citations.c.key).where(citations.c.key.is_not(None)),
        "lead": select(task_actors.c.document_id, task_actors.c.name).where(task_actors.c.role == "lead"),
        "status": select(tasks.c.document_id, tasks.c.status),
    }


class Columns:
    """What is kept in memory of one corpus, for several threads: columns, and what the last searches found."""

    def __init__(self, corpus: Corpus) -> None:
        self._changes = corpus.dialect.Changes(corpus.engine)
        self._lock = threading.Lock()
        self._state: object = None
        self._columns: dict[str, Column] = {}
        self._columns_state: object = None
        self._found: OrderedDict[Hashable, Ids] = OrderedDict()
        self._seconds, self._read_at = 0.0, 0.0

    def get(self, connection: Connection, names: Sequence[str]) -> list[Column]:
        """The columns of these facets."""
        with self._lock:
            self._forget_what_is_old()
            for name in names:
                if name not in self._columns:
                    started = time.monotonic()
                    self._columns[name] = _read(connection, _queries()[name])
                    self._read_at = time.monotonic()
                    self._seconds += self._read_at - started
            return [self._columns[name] for name in names]

    def found(self, search: Hashable, find: Callable[[], Ids]) -> Ids:
        """The ids that a search finds, in order of ids; `find` is asked if it is not among the last searches."""
        with self._lock:
            self._forget_what_is_old()
            state, known = self._state, self._found.get(search)
            if known is not None:
                self._found.move_to_end(search)
                return known
        found = np.sort(find())
        with self._lock:
            if state == self._state:
                self._found[search] = found
                while len(self._found) > SEARCHES_KEPT:
                    self._found.popitem(last=False)
        return found

    def _forget_what_is_old(self) -> None:
        state = self._changes.state()
        if state != self._state:
            self._found.clear()
            self._state = state
        is_due = self._seconds < AT_ONCE_SECONDS or time.monotonic() - self._read_at >= self._seconds * SHARE_OF_TIME
        if state != self._columns_state and is_due:
            self._columns.clear()
            self._seconds, self._columns_state = 0.0, state


def _read(connection: Connection, query: Select[Any]) -> Column:
    numbers: dict[str | None, int] = {}
    read = [(document_id, numbers.setdefault(value, len(numbers))) for document_id, value in connection.execute(query).all()]
    pairs = np.unique(np.array(read, dtype=np.int64).reshape(-1, 2), axis=0)
    return Column(tuple(numbers), pairs[:, 0], pairs[:, 1])


def mask(ids: Ids) -> NDArray[np.bool_]:
    """Documents as a mask by id."""
    chosen = np.zeros(int(ids[-1]) + 1 if len(ids) else 0, dtype=bool)
    chosen[ids] = True
    return chosen


_of_corpora: WeakKeyDictionary[Corpus, Columns] = WeakKeyDictionary()
_opening = threading.Lock()


def columns_of(corpus: Corpus) -> Columns:
    """The columns of a corpus, kept as long as it is open."""
    with _opening:
        if corpus not in _of_corpora:
            _of_corpora[corpus] = Columns(corpus)
        return _of_corpora[corpus]
