"""What is in a corpus, without what depends on the clock."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import select

from docparse.store.corpus import Corpus
from docparse.store.schema import journal, metadata

BY_THE_CLOCK = {"seconds", "updated", "attempts"}


def state(path: Path | str) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, sorted."""
    corpus = Corpus(str(path))
    with corpus.read() as connection:
        found = {
            table.name: sorted((tuple(row) for row in connection.execute(select(*(c for c in table.c if c.name not in BY_THE_CLOCK)))), key=repr)
            for table in metadata.sorted_tables
        }
    corpus.close()
    return found


def statuses(path: Path | str) -> dict[str, tuple[str, str | None]]:
    """Status and code of each location, by its last part."""
    corpus = Corpus(str(path))
    with corpus.read() as connection:
        rows = connection.execute(select(journal.c.location, journal.c.status, journal.c.code).order_by(journal.c.id)).all()
    corpus.close()
    assert len({location for location, _, _ in rows}) == len(rows)
    return {location.rsplit("/", 1)[-1]: (status, code) for location, status, code in rows}


def problems(path: Path | str) -> list[str]:
    """What the database finds wrong with itself."""
    corpus = Corpus(str(path))
    found = corpus.check()
    corpus.close()
    return found
