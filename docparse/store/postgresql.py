"""What is particular to PostgreSQL: full text with tsvector, the lock, the check."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import URL

from docparse.errors import CorpusError

INDEXED = 400_000  # characters of a document: a tsvector holds at most a megabyte
CANCELED = "57014"  # SQLSTATE query_canceled
LOCK = 0x646F6370  # "docp"
SEARCHED = ("documents", "sections")


def connect(url: URL) -> Engine:
    """An engine through psycopg."""
    return create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True)


def connect_to_read(url: URL, *, seconds: float | None) -> Engine:
    """An engine that cannot write; a statement ends with an error after so many seconds."""
    options = "-c default_transaction_read_only=on" + (f" -c statement_timeout={int(seconds * 1000)}" if seconds is not None else "")
    return create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True, connect_args={"options": options})


class Changes:
    """Tells whether somebody has written since."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def state(self) -> object:
        """Another value after each change to documents, as the server's statistics show it within a second."""
        with self._engine.connect() as connection:
            counted = "SELECT n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables WHERE relname = 'documents'"
            return connection.scalar(text(counted))


def is_timeout(error: BaseException | None) -> bool:
    """Whether the server stopped a reading because its time was over."""
    return getattr(error, "sqlstate", None) == CANCELED


def prepare_writing(engine: Engine) -> None:
    """Nothing: the server writes ahead by itself."""


def create_search(connection: Connection) -> None:
    """Full-text index over documents and sections: columns `text_words` (as written) and `folded_words`, made by the server itself."""
    for table in SEARCHED:
        for column in ("text", "folded"):
            _create_words(connection, table, column)


def create_ranking(connection: Connection) -> None:
    """Documents are searched by their heading too: column `heading_words`."""
    _create_words(connection, "documents", "heading")


def _create_words(connection: Connection, table: str, column: str) -> None:
    words = f"""regexp_replace(left({column}, {INDEXED}) COLLATE "und-x-icu", '\\W+', ' ', 'g')"""
    connection.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN {column}_words tsvector GENERATED ALWAYS AS (to_tsvector('simple', {words})) STORED")
    connection.exec_driver_sql(f"CREATE INDEX ix_{table}_{column}_words ON {table} USING gin ({column}_words)")
    connection.exec_driver_sql(f"COMMENT ON COLUMN {table}.{column}_words IS 'full-text index of {column}'")


def index_documents(connection: Connection, ranking: Mapping[int, tuple[str, str]]) -> None:
    """Nothing: the server makes the indexed columns by itself."""


@contextmanager
def only_writer(engine: Engine) -> Iterator[None]:
    """Holds the corpus for one writing process. Raises CorpusError if another one holds it."""
    with _locked(engine, LOCK, engine.url.render_as_string(), "is being written"):
        yield


@contextmanager
def _locked(engine: Engine, lock: int, of: str, doing: str) -> Iterator[None]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": lock}):
            raise CorpusError(of, f"{doing} by another docparse", hint="Wait until it has finished.")
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": lock})


@contextmanager
def sending(engine: Engine, target: str) -> Iterator[None]:
    """Holds a tracker for one process that sends tasks of this corpus to it. Raises CorpusError if another one holds it."""
    with _locked(engine, LOCK + 1 + zlib.crc32(target.encode()), target, "is being filled"):
        yield


@contextmanager
def amending(engine: Engine) -> Iterator[None]:
    """Nothing to hold: the server lets several write."""
    yield


def give_way(engine: Engine) -> None:
    """Nothing to wait for: the server lets several write."""


def check(connection: Connection) -> list[str]:
    """What is wrong with the database: the server checks what it stores; this reads every row."""
    tables = connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")).all()
    for table in tables:
        connection.execute(text(f'SELECT count(*), count(t.*) FROM "{table}" t'))
    return []
