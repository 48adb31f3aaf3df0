"""What is particular to SQLite: transactions, full text with FTS5, the lock, the check."""

from __future__ import annotations

import json
import math
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event, text
from sqlalchemy.engine import URL

from docparse.files import hold
from docparse.store.rows import fold, heading_words, text_pairs

LOCK_WAIT_SECONDS = 30
CACHE_KB = 32_000
READERS = 16  # connections kept open for reading, and as many more for a while
STEPS_BETWEEN_LOOKS = 20_000  # of SQLite's machine, about a millisecond
TOKENIZER = "unicode61 remove_diacritics 0"
INDEXED = {"documents": ("text", "folded", "heading"), "sections": ("folded",)}
DOCUMENT = {"documents": "id", "sections": "document_id"}
FUNCTIONS = {"docparse_pairs": text_pairs, "docparse_heading": heading_words, "docparse_fold": fold}
PAIRS = "SELECT id, docparse_heading(heading), docparse_pairs(folded) FROM documents"


def connect(url: URL) -> Engine:
    """An engine whose transactions hold DDL too and that keeps foreign keys."""
    engine = create_engine(url, connect_args={"timeout": LOCK_WAIT_SECONDS})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None  # BEGIN is ours: the driver's own would leave DDL out
        for pragma in ("foreign_keys = ON", f"cache_size = -{CACHE_KB}"):
            connection.execute(f"PRAGMA {pragma}")
        for name, function in FUNCTIONS.items():
            connection.create_function(name, 1, function, deterministic=True)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # what is to be written is locked at once: a transaction that begins with reading cannot go on to write after another has written
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("docparse_writes") else "BEGIN")

    return engine


def connect_to_read(url: URL, *, seconds: float | None) -> Engine:
    """An engine that cannot write; a transaction ends with an error after so many seconds."""
    where = f"file:{quote(str(url.database))}?mode=ro"
    ends: dict[int, float] = {}

    def open_connection() -> sqlite3.Connection:
        connection = sqlite3.connect(where, uri=True, timeout=LOCK_WAIT_SECONDS, check_same_thread=False, isolation_level=None)
        for pragma in ("query_only = ON", f"cache_size = -{CACHE_KB}"):
            connection.execute(f"PRAGMA {pragma}")
        connection.create_function("docparse_fold", 1, fold, deterministic=True)
        if seconds is not None:
            key = id(connection)
            connection.set_progress_handler(lambda: time.monotonic() > ends.get(key, math.inf), STEPS_BETWEEN_LOOKS)
        return connection

    engine = create_engine("sqlite://", creator=open_connection, poolclass=QueuePool, pool_size=READERS, max_overflow=READERS)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        ends[id(connection.connection.dbapi_connection)] = time.monotonic() + (seconds or math.inf)
        connection.exec_driver_sql("BEGIN")

    return engine


class Changes:
    """Tells whether somebody has written since."""

    def __init__(self, engine: Engine) -> None:
        self._connection = engine.raw_connection()

    def state(self) -> object:
        """Another value after each commit of another connection; to be asked by one thread at a time."""
        return self._connection.cursor().execute("PRAGMA data_version").fetchone()[0]


def is_timeout(error: BaseException | None) -> bool:
    """Whether the database stopped a reading because its time was over."""
    return isinstance(error, sqlite3.OperationalError) and str(error) == "interrupted"


def prepare_writing(engine: Engine) -> None:
    """Write-ahead log: readers go on while one writes, and a crash leaves the last whole transaction."""
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()


def create_search(connection: Connection) -> None:
    """Full-text index over documents and sections.

    Triggers take out what is removed or changed. `index_documents` puts in, for many documents at once: row by row, or with a savepoint
    between them, the index is written in small pieces, and writing a document takes twice as long.
    """
    for table in INDEXED:
        _create_index(connection, table, ("text", "folded"))


def create_ranking(connection: Connection) -> None:
    """Documents are searched by their heading too, sections without marks alone; `pairs_fts` holds the pairs of neighbouring words.

    Vietnamese words are mostly two syllables, each of which stands in nearly every document: pairs tell documents apart, and are few.
    Single words of headings are in `pairs_fts` too: there they are not among those of the texts, so that looking for them is fast.
    """
    for table, columns in INDEXED.items():
        for name in ("removed", "changed"):
            connection.exec_driver_sql(f"DROP TRIGGER {table}_{name}")
        connection.exec_driver_sql(f"DROP TABLE {table}_fts")
        _create_index(connection, table, columns)
        connection.exec_driver_sql(f"INSERT INTO {table}_fts({table}_fts) VALUES ('rebuild')")
    connection.exec_driver_sql(f"""CREATE VIRTUAL TABLE pairs_fts USING fts5(heading, text, content='', tokenize="{TOKENIZER} tokenchars '_'")""")
    connection.exec_driver_sql(f"INSERT INTO pairs_fts(rowid, heading, text) {PAIRS}")
    for name, when in (("removed", "DELETE"), ("changed", "UPDATE OF heading, folded")):
        take = "VALUES ('delete', old.id, docparse_heading(old.heading), docparse_pairs(old.folded))"
        connection.exec_driver_sql(
            f"CREATE TRIGGER pairs_{name} AFTER {when} ON documents BEGIN INSERT INTO pairs_fts(pairs_fts, rowid, heading, text) {take}; END"
        )


def _create_index(connection: Connection, table: str, columns: Sequence[str]) -> None:
    index, names = f"{table}_fts", ", ".join(columns)
    old = ", ".join(f"old.{column}" for column in columns)
    take = f"INSERT INTO {index}({index}, rowid, {names}) VALUES ('delete', old.id, {old});"
    for statement in (
        f"""CREATE VIRTUAL TABLE {index} USING fts5({names}, content="{table}", content_rowid="id", tokenize='{TOKENIZER}')""",
        f"CREATE TRIGGER {table}_removed AFTER DELETE ON {table} BEGIN {take} END",
        f"CREATE TRIGGER {table}_changed AFTER UPDATE OF {names} ON {table} BEGIN {take} END",
    ):
        connection.exec_driver_sql(statement)


def index_documents(connection: Connection, ranking: Mapping[int, tuple[str, str]]) -> None:
    """Put documents and their sections, just written, into the full-text index; `ranking` has the pairs of their headings and texts by id."""
    chosen = (json.dumps(list(ranking)),)
    for table, columns in INDEXED.items():
        names = ", ".join(columns)
        rows = f"SELECT id, {names} FROM {table} WHERE {DOCUMENT[table]} IN (SELECT value FROM json_each(?))"
        connection.exec_driver_sql(f"INSERT INTO {table}_fts(rowid, {names}) {rows}", chosen)
    ranked = [(document_id, *pairs) for document_id, pairs in ranking.items()]
    connection.exec_driver_sql("INSERT INTO pairs_fts(rowid, heading, text) VALUES (?, ?, ?)", ranked)


@contextmanager
def only_writer(engine: Engine) -> Iterator[None]:
    """Holds the corpus for one writing process. Raises CorpusError if another one holds it."""
    path = f"{engine.url.database}-writer"
    with open(path, "wb") as file:  # noqa: PTH123 - a name beside the database, not a path of the user's
        hold(file, str(engine.url.database))
        yield


@contextmanager
def amending(engine: Engine) -> Iterator[None]:
    """Holds the corpus for one who amends it, between two commits of a run."""
    with open(f"{engine.url.database}-amend", "wb") as file:  # noqa: PTH123 - a name beside the database, not a path of the user's
        hold(file, str(engine.url.database), wait=True)
        yield


@contextmanager
def sending(engine: Engine, target: str) -> Iterator[None]:
    """Holds a tracker for one process that sends tasks of this corpus to it. Raises CorpusError if another one holds it."""
    with open(f"{engine.url.database}-to-{target}", "wb") as file:  # noqa: PTH123 - a name beside the database, not a path of the user's
        hold(file, target, doing="is being filled")
        yield


def give_way(engine: Engine) -> None:
    """Wait for those who amend the corpus; to be called between transactions."""
    with amending(engine):
        pass


def check(connection: Connection) -> list[str]:
    """What is wrong with the database; empty if nothing is."""
    found = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check")) if row[0] != "ok"]
    found += [f"row {row[1]} of {row[0]} points to nothing in {row[2]}" for row in connection.execute(text("PRAGMA foreign_key_check"))]
    for table in INDEXED:
        try:
            connection.exec_driver_sql(f"INSERT INTO {table}_fts({table}_fts, rank) VALUES ('integrity-check', 1)")
        except Exception as error:
            found.append(f"{table}_fts: {error}")
    return found
