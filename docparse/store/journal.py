"""The journal, read: what failed and why, how many inputs became what, what is to be tried again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import RowMapping, func, select

from docparse.store.corpus import Corpus
from docparse.store.locations import from_location
from docparse.store.rows import Row
from docparse.store.schema import STATUSES, journal

AT_ONCE = 1000  # rows that are read at a time


def rows_with(corpus: Corpus, statuses: tuple[str, ...]) -> Iterator[Row]:
    """The rows with these statuses in the order in which their inputs were met."""
    query = select(journal).where(journal.c.status.in_(statuses)).order_by(journal.c.id)
    with corpus.read() as connection:
        for row in connection.execution_options(yield_per=AT_ONCE).execute(query).mappings():
            yield dict(row)


def counts(corpus: Corpus) -> dict[str, int]:
    """How many inputs have each status, in the order of STATUSES."""
    with corpus.read() as connection:
        found = connection.execute(select(journal.c.status, func.count()).group_by(journal.c.status)).all()
    return dict(sorted(((status, count) for status, count in found), key=lambda row: STATUSES.index(row[0])))


def unfinished(corpus: Corpus) -> tuple[list[Path], frozenset[str]]:
    """The files to open for what failed or waits, and the locations of those inputs with the archives that they are in."""
    chosen = select(journal.c.id, journal.c.location, journal.c.archive_id)
    wanted: dict[int, RowMapping] = {}
    with corpus.read() as connection:
        found = connection.execute(chosen.where(journal.c.status.in_(("failed", "waiting")))).mappings().all()
        while found:
            wanted.update((row["id"], row) for row in found)
            around = {row["archive_id"] for row in found} - wanted.keys() - {None}
            found = connection.execute(chosen.where(journal.c.id.in_(around))).mappings().all()
    outermost = [row for _, row in sorted(wanted.items()) if row["archive_id"] is None]
    return [Path(from_location(row["location"])) for row in outermost], frozenset(row["location"] for row in wanted.values())
