"""What is particular to SQLite: transactions, full text with FTS5, the lock, the check."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, text
from sqlalchemy.engine import URL

from docparse.files import hold

LOCK_WAIT_SECONDS = 30
CACHE_KB = 32_000
TOKENIZER = "unicode61 remove_diacritics 0"
SEARCHED = {"documents": "id", "sections": "document_id"}


def connect(url: URL) -> Engine:
    """An engine whose transactions hold DDL too and that keeps foreign keys."""
    engine = create_engine(url, connect_args={"timeout": LOCK_WAIT_SECONDS})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None  # BEGIN is ours: the driver's own would leave DDL out
        for pragma in ("foreign_keys = ON", f"cache_size = -{CACHE_KB}"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def prepare_writing(engine: Engine) -> None:
    """Write-ahead log: readers go on while one writes, and a crash leaves the last whole transaction."""
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()


def create_search(connection: Connection) -> None:
    """Full-text index over documents and sections with the columns `text` (as written) and `folded`.

    Triggers take out what is removed or changed. `index_documents` puts in, for many documents at once: row by row, or with a savepoint
    between them, the index is written in small pieces, and writing a document takes twice as long.
    """
    for table in SEARCHED:
        index = f"{table}_fts"
        take = f"INSERT INTO {index}({index}, rowid, text, folded) VALUES ('delete', old.id, old.text, old.folded);"
        for statement in (
            f"""CREATE VIRTUAL TABLE {index} USING fts5(text, folded, content="{table}", content_rowid="id", tokenize='{TOKENIZER}')""",
            f"CREATE TRIGGER {table}_removed AFTER DELETE ON {table} BEGIN {take} END",
            f"CREATE TRIGGER {table}_changed AFTER UPDATE OF text, folded ON {table} BEGIN {take} END",
        ):
            connection.exec_driver_sql(statement)


def index_documents(connection: Connection, document_ids: list[int]) -> None:
    """Put documents and their sections, just written, into the full-text index."""
    for table, key in SEARCHED.items():
        chosen = f"SELECT id, text, folded FROM {table} WHERE {key} IN (SELECT value FROM json_each(?))"
        connection.exec_driver_sql(f"INSERT INTO {table}_fts(rowid, text, folded) {chosen}", (json.dumps(document_ids),))


@contextmanager
def only_writer(engine: Engine) -> Iterator[None]:
    """Holds the corpus for one writing process. Raises CorpusError if another one holds it."""
    path = f"{engine.url.database}-writer"
    with open(path, "wb") as file:  # noqa: PTH123 - a name beside the database, not a path of the user's
        hold(file, str(engine.url.database))
        yield


def check(connection: Connection) -> list[str]:
    """What is wrong with the database; empty if nothing is."""
    found = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check")) if row[0] != "ok"]
    found += [f"row {row[1]} of {row[0]} points to nothing in {row[2]}" for row in connection.execute(text("PRAGMA foreign_key_check"))]
    for table in SEARCHED:
        try:
            connection.exec_driver_sql(f"INSERT INTO {table}_fts({table}_fts, rank) VALUES ('integrity-check', 1)")
        except Exception as error:
            found.append(f"{table}_fts: {error}")
    return found


def match(table: Table, column: str, words: str) -> Any:
    """The condition that a document or section holds all words in one column of the index."""
    quoted = " ".join('"' + word.replace('"', '""') + '"' for word in words.split())
    return table.c.id.in_(
        text(f"SELECT rowid FROM {table.name}_fts WHERE {table.name}_fts MATCH :words").bindparams(words=f"{{{column}}} : ({quoted})")
    )
