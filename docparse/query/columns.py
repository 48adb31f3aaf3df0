"""What documents are counted by, as columns in memory: counting 50,000 documents by ten facets takes milliseconds, not seconds.

A column holds for each document the numbers of its values; it is read when it is first needed and again when the corpus has changed.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Row, Select, distinct, func, literal, select

from docparse.lexicon import load_rows
from docparse.store.corpus import Corpus
from docparse.store.schema import citations, documents, journal, task_actors, tasks

Ids = NDArray[np.int64]
LEADS = select(distinct(task_actors.c.document_id), task_actors.c.name).where(task_actors.c.role == "lead")


@dataclass(frozen=True, slots=True)
class Column:
    """`of[i]` is the number of a value of the document `documents[i]`; a document may be there several times, or not at all."""

    values: tuple[str | None, ...]
    documents: Ids
    of: NDArray[np.int32]

    def count(self, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        """How many of the chosen documents (a mask by id) have each value."""
        return np.bincount(self.of[chosen[self.documents]], minlength=len(self.values))


def _queries() -> dict[str, Select[Any]]:
    d = documents.c
    return {
        "doc_type": select(d.id, d.doc_type),
        "issuer": select(d.id, func.coalesce(d.issuer_id, d.issuer)),
        "level": select(d.id, d.level),
        "province": select(d.id, d.province),
        "origin": select(d.id, d.text_origin),
        "year": select(d.id, func.substr(d.date, 1, 4)),
        "month": select(d.id, func.substr(d.date, 1, 7)),
        "cited": select(citations.c.document_id, citations.c.key).where(citations.c.key.is_not(None)).distinct(),
        "lead": select(task_actors.c.document_id, task_actors.c.name).where(task_actors.c.role == "lead").distinct(),
        "status": select(tasks.c.document_id, tasks.c.status).distinct(),
    }


class Columns:
    """The columns of one corpus."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._lock = threading.Lock()
        self._state: object = None
        self._columns: dict[str, Column] = {}
        self._most = 0

    def column(self, connection: Connection, name: str) -> Column:
        """The column of a facet."""
        with self._lock:
            self._refresh(connection)
            if name not in self._columns:
                self._columns[name] = _read(connection, _queries()[name])
            return self._columns[name]

    def mask(self, connection: Connection, ids: Ids | None) -> NDArray[np.bool_]:
        """Which ids are chosen, all where `ids` is None."""
        with self._lock:
            self._refresh(connection)
            most = self._most
        if ids is None:
            return np.ones(most + 1, dtype=bool)
        chosen = np.zeros(most + 1, dtype=bool)
        chosen[ids[ids <= most]] = True
        return chosen

    def _refresh(self, connection: Connection) -> None:
        state = _state(connection)
        if state != self._state:
            self._columns.clear()
            self._state = state
            self._most = connection.scalar(select(func.max(documents.c.id))) or 0


_of_corpora: WeakKeyDictionary[Corpus, Columns] = WeakKeyDictionary()
_opening = threading.Lock()


def columns_of(corpus: Corpus) -> Columns:
    """The columns of a corpus, kept as long as it is open."""
    with _opening:
        if corpus not in _of_corpora:
            _of_corpora[corpus] = Columns(corpus)
        return _of_corpora[corpus]
