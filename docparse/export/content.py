"""What is exported: the tables with their columns, and their rows streamed in the order of their keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Column, Connection, Integer, Select, Text, func, select
from sqlalchemy import Table as DatabaseTable

from docparse.store import schema
from docparse.store.corpus import Corpus
from docparse.store.views import CITATION_LINKS

FEW, MANY = 20, 2000  # rows in memory at a time: those with a whole document, and others
SEPARATOR = "; "
STATUS = Column("status", Text, comment="linked, absent or ambiguous in this corpus; null where the citation has no key")
CITED_ID = Column("cited_id", Integer, comment="the cited document where it is linked, documents.id")
LEADS = Column("leads", Text, comment="who leads the task (chủ trì), parted by semicolons")
SUPPORTS = Column("supports", Text, comment="who supports it (phối hợp), parted by semicolons")

Row = tuple[Any, ...]
Added = Iterator[tuple[Row, Row]]


@dataclass(frozen=True)
class Table:
    """A table of the export; `rows` gives its rows, one value for each column."""

    name: str
    columns: tuple[Column[Any], ...]
    rows: Callable[[Connection], Iterator[Row]]


@contextmanager
def snapshot(corpus: Corpus) -> Iterator[Connection]:
    """A connection that sees the corpus as it is now, however long reading takes and whatever is written meanwhile."""
    with corpus.read() as connection:
        if connection.dialect.name == "postgresql":  # a read transaction of SQLite is a snapshot anyway
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        yield connection


def stream(connection: Connection, query: Select[Any], *, batch: int) -> Iterator[Row]:
    """The rows of a query, `batch` of them in memory at a time."""
    with connection.execute(query.execution_options(yield_per=batch)) as result:
        yield from map(tuple, result)


def records(connection: Connection) -> Iterator[str]:
    """The records as they are stored, with the corrections of reviewers where there are any, in the order of their documents."""
    query = select(func.coalesce(schema.records.c.corrected, schema.records.c.json)).order_by(schema.records.c.document_id)
    return (row[0] for row in stream(connection, query, batch=FEW))


def tables(*, long_texts: bool) -> tuple[Table, ...]:
    """The tables; without `long_texts` documents and sections come without their text.

    >>> [column.name for column in tables(long_texts=False)[6].columns][6:9]
    ['action', 'leads', 'supports']
    """
    left_out = {"folded"} if long_texts else {"folded", "text"}
    return (
        _plain(schema.documents, left_out={*left_out, "page_starts", "heading"}, batch=FEW if long_texts else MANY),
        _plain(schema.sections, left_out=left_out, batch=FEW * 10 if long_texts else MANY),
        _widened(schema.citations, "key", (STATUS, CITED_ID), _links),
        _plain(schema.dates),
        _plain(schema.agencies),
        _plain(schema.agency_mentions),
        _widened(schema.tasks, "action", (LEADS, SUPPORTS), _actors),
        _plain(schema.signers),
        _plain(schema.signatures),
        _plain(schema.problems),
        _plain(schema.journal),
        _plain(schema.corrections),
    )


def _plain(source: DatabaseTable, *, left_out: set[str] | None = None, batch: int = MANY) -> Table:
    columns = tuple(found for found in source.columns if found.name not in (left_out or set()))
    query = select(*columns).order_by(*source.primary_key)
    return Table(source.name, columns, lambda connection: stream(connection, query, batch=batch))


def _widened(source: DatabaseTable, after: str, added: Sequence[Column[Any]], values: Callable[[Connection], Added]) -> Table:
    """A table whose rows get `values` by document and position behind the column `after`."""
    plain = _plain(source)
    at = [found.name for found in plain.columns].index(after) + 1
    missing = (None,) * len(added)

    def rows(connection: Connection) -> Iterator[Row]:
        others = values(connection)
        key, found = next(others, (None, missing))
        for row in plain.rows(connection):
            while key is not None and key < row[:2]:
                key, found = next(others, (None, missing))
            yield (*row[:at], *(found if key == row[:2] else missing), *row[at:])

    return Table(source.name, (*plain.columns[:at], *added, *plain.columns[at:]), rows)


def _links(connection: Connection) -> Added:
    links = CITATION_LINKS.c
    query = select(links.document_id, links.position, links.status, links.cited_id).order_by(links.document_id, links.position)
    return ((row[:2], row[2:]) for row in stream(connection, query, batch=MANY))


def _actors(connection: Connection) -> Added:
    actors = schema.task_actors.c
    query = select(actors.document_id, actors.task_position, actors.role, actors.name).order_by(*schema.task_actors.primary_key)
    for key, found in groupby(stream(connection, query, batch=MANY), key=itemgetter(0, 1)):
        names: dict[str, list[str]] = {"lead": [], "support": []}
        for _, _, role, name in found:
            names[role].append(name)
        yield key, tuple(SEPARATOR.join(listed) or None for listed in names.values())
