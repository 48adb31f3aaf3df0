"""A corpus database: opened, migrated, read, and written by one writer in transactions."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, Select, bindparam, delete, exists, func, inspect, literal_column, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, NoSuchModuleError, ProgrammingError, SQLAlchemyError

from docparse.errors import CorpusError, QueryError
from docparse.store import postgresql, sqlite
from docparse.store.rows import COLUMNS, RANKING, Rows
from docparse.store.schema import OF_A_DOCUMENT, agencies, agency_mentions, corrections, documents, journal

HEAD = "0003"  # the newest migration
ENGINES: dict[str, ModuleType] = {"sqlite": sqlite, "postgresql": postgresql}
SHA256 = COLUMNS["documents"].index("sha256")
TURN: Select[Any] = select(literal_column("version_num")).select_from(text("alembic_version")).with_for_update()
LIMIT_OF_THE_SERVER = "54"  # SQLSTATE class: one value is too large, the database is well


@dataclass(frozen=True, slots=True)
class Entry:
    """What the journal knows of an input."""

    id: int
    location: str
    status: str
    archive_id: int | None = None
    document_id: int | None = None
    sha256: str | None = None
    size: int | None = None
    modified: str | None = None
    parser: str | None = None
    attempts: int = 0


class RowRefused(Exception):
    """One record has a value that the database refuses; nothing of it was written."""


class Corpus:
    """A corpus by its path or URL."""

    def __init__(self, where: str, *, create: bool = False, read_only: bool = False, query_seconds: float | None = None) -> None:
        """Open a corpus and bring its tables up to date. Raises CorpusError where that cannot be done.

        `where`: the path of an SQLite file or a URL (`postgresql://user@host/name`); `create` makes it if it is not there.
        With `read_only` the database itself refuses to write, and a reading that takes longer than `query_seconds` ends in a QueryError.
        """
        self.url = _url(where)
        self.name = self.url.render_as_string(hide_password=True) if self.url.drivername != "sqlite" else str(self.url.database)
        self.dialect = ENGINES[self.url.get_backend_name()]
        self.read_only = read_only
        if self.url.drivername == "sqlite" and not create and not Path(self.name).is_file():
            raise CorpusError(self.name, "is not there", hint="Make it with docparse ingest, or name another one with --corpus.")
        if read_only:
            Corpus(where).close()  # brings the tables up to date
            self.engine: Engine = self.dialect.connect_to_read(self.url, seconds=query_seconds)
            return
        self.engine = self.dialect.connect(self.url)
        with self.errors():
            self._migrate(create=create)

    @contextmanager
    def errors(self) -> Iterator[None]:
        """What the database says, as a CorpusError with the name of the corpus; QueryError if it took too long."""
        try:
            yield
        except DBAPIError as error:
            if self.dialect.is_timeout(error.orig):
                hint = "Narrow it: rarer words, a phrase, fewer documents."
                raise QueryError("search", "took too long and was stopped", hint=hint) from error
            said = " ".join(str(error.orig).split())
            raise CorpusError(self.name, f"cannot be used ({said})") from error
        except SQLAlchemyError as error:
            raise CorpusError(self.name, f"cannot be used ({error})") from error

    def _migrate(self, *, create: bool) -> None:
        with self.engine.connect() as connection:
            known = set(inspect(connection).get_table_names())
            revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() if "alembic_version" in known else None
        if revision == HEAD:
            return
        if revision is not None and revision > HEAD:
            raise CorpusError(self.name, "was made by a newer docparse", hint="Update docparse.")
        if known and revision is None:
            raise CorpusError(self.name, "is a database of something else", hint="Name another one with --corpus.")
        if not known and not create:
            raise CorpusError(self.name, "holds no corpus", hint="Make it with docparse ingest, or name another one with --corpus.")
        from docparse.store.migrate import upgrade

        self.dialect.prepare_writing(self.engine)
        with self.dialect.only_writer(self.engine), self.engine.begin() as connection:
            upgrade(connection, dialect=self.dialect)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection to read with."""
        with self.errors(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Writer]:
        """The one writer; what it has not committed when it ends in an error is rolled back. Raises CorpusError if there is another one."""
        with self._writable():
            self.dialect.prepare_writing(self.engine)
            with self.dialect.only_writer(self.engine), self.engine.connect() as connection:
                writer = Writer(connection.execution_options(docparse_writes=True), self.dialect)
                yield writer
                writer.commit()

    @contextmanager
    def amend(self) -> Iterator[Writer]:
        """A writer for a few changes to documents that are there; a run that writes at the same time gives way after its next commit."""
        with self._writable():
            self.dialect.prepare_writing(self.engine)
            with self.dialect.amending(self.engine), self.engine.connect() as connection:
                writer = Writer(connection.execution_options(docparse_writes=True), self.dialect, gives_way=False)
                yield writer
                writer.commit()

    @contextmanager
    def sending(self, target: str) -> Iterator[None]:
        """Keeps other processes from sending tasks of this corpus to the same tracker. Raises CorpusError if one does."""
        with self.errors(), self.dialect.sending(self.engine, target):
            yield

    @contextmanager
    def _writable(self) -> Iterator[None]:
        if self.read_only:
            raise CorpusError(self.name, "was opened to read only", hint="")
        with self.errors():
            yield

    def check(self) -> list[str]:
        """What is wrong with the database; empty if nothing is."""
        with self.read() as connection:
            return list(self.dialect.check(connection))

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _url(where: str) -> URL:
    if "://" not in where:
        return URL.create("sqlite", database=where)
    try:
        url = make_url(where)
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise CorpusError(
            where.rsplit("@", maxsplit=1)[-1], "is no URL of a database", hint="Give the path of an SQLite file or postgresql://…"
        ) from error
    if url.get_backend_name() not in ENGINES:
        raise CorpusError(url.render_as_string(), "is on an engine that docparse does not know", hint="Use SQLite or PostgreSQL.")
    return url


class Writer:
    """Writes documents and the journal in one open transaction, until `commit` begins the next one."""

    def __init__(self, connection: Connection, dialect: ModuleType, *, gives_way: bool = True) -> None:
        """Write through a connection; `gives_way` lets those who amend the corpus go first after each commit."""
        self._connection, self._dialect, self._gives_way = connection, dialect, gives_way
        self._unindexed: dict[int, tuple[str, str]] = {}
        self._has_turn = False
        highest = [connection.scalar(select(func.max(table.c.id))) or 0 for table in (documents, journal)]
        self._ids = itertools.count(max(highest) + 1)
        self._mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
        self._insert = {name: self._insertion(name) for name in COLUMNS}
        changed = ", ".join(f"{column} = excluded.{column}" for column in COLUMNS["documents"] if column != "id")
        self._insert["documents"] += f" ON CONFLICT (id) DO UPDATE SET {changed}"
        # of two spellings under one id the first by alphabet stays, whatever the order in which they come
        named = [column for column in COLUMNS["agencies"] if column != "id"]
        changed = ", ".join(f"{column} = excluded.{column}" for column in named)
        old, new = (", ".join(f"coalesce({table}.{column}, '')" for column in named if column != "listed") for table in ("agencies", "excluded"))
        self._insert["agencies"] += f" ON CONFLICT (id) DO UPDATE SET {changed} WHERE ({new}) < ({old})"
        self._clear = [delete(table).where(table.c.document_id == bindparam("id")) for table in OF_A_DOCUMENT]
        self._find_entry = select(*(journal.c[name] for name in Entry.__slots__)).where(journal.c.location == bindparam("location"))
        held = (corrections.c.sha256 == bindparam("sha256")) & corrections.c.withdrawn.is_(None)
        self._find_corrections = select(corrections.c.id).where(held).limit(1)
        self._find_document = select(documents.c.id, documents.c.parser, documents.c.filename).where(documents.c.sha256 == bindparam("sha256"))

    def _insertion(self, table: str) -> str:
        """An insertion in the language of the driver: SQLAlchemy's own takes a fifth of the writer's time to put parameters together."""
        columns = ", ".join(map(self._connection.dialect.identifier_preparer.quote, COLUMNS[table]))
        return f"INSERT INTO {table} ({columns}) VALUES ({', '.join([self._mark] * len(COLUMNS[table]))})"

    def commit(self) -> None:
        """Make lasting what was written, and let those go first who wait to amend."""
        self._index()
        self._connection.commit()
        self._has_turn = False
        if self._gives_way:
            self._dialect.give_way(self._connection.engine)

    def take_turn(self) -> None:
        """Wait until no other transaction writes documents, and keep others out until this one ends. SQLite does so for each one that writes."""
        if not self._has_turn:
            self._connection.execute(TURN)
            self._has_turn = True

    def new_id(self) -> int:
        """An id that no document and no input has."""
        return next(self._ids)

    def entry(self, location: str) -> Entry | None:
        """What the journal knows of a location."""
        row = self._connection.execute(self._find_entry, {"location": location}).one_or_none()
        return Entry(*row) if row else None

    def add_entry(self, location: str, *, status: str = "waiting", **values: Any) -> Entry:
        """Take a new input into the journal."""
        row = {"id": self.new_id(), "location": location, "status": status, "attempts": 0, "updated": _now(), **values}
        self._connection.execute(journal.insert(), row)
        return Entry(**{name: row.get(name) for name in Entry.__slots__})  # type: ignore[arg-type]

    def update_entry(self, entry_id: int, **values: Any) -> None:
        """Say what became of an input."""
        changed = {**values, "updated": _now()}
        sets = ", ".join(f"{name} = {self._mark}" for name in changed)
        self._connection.exec_driver_sql(f"UPDATE journal SET {sets} WHERE id = {self._mark}", (*changed.values(), entry_id))

    def document(self, sha256: str) -> tuple[int, str, str] | None:
        """Id, parser and file name of the document with these bytes."""
        row = self._connection.execute(self._find_document, {"sha256": sha256}).one_or_none()
        return (row[0], row[1], row[2]) if row else None

    def save(self, rows: Rows, *, replace: bool) -> None:
        """Write all rows of one record, or none of them and raise RowRefused. `replace` says that the document has rows already.

        What reviewers corrected in the document stands in its rows.
        """
        self.take_turn()
        try:
            with self._all_or_nothing():
                self._save(self._with_corrections(rows), replace=replace)
        except (DataError, ProgrammingError, IntegrityError, OverflowError) as error:
            raise RowRefused(str(error).splitlines()[0]) from error
        except DBAPIError as error:
            if (getattr(error.orig, "sqlstate", None) or "").startswith(LIMIT_OF_THE_SERVER):
                raise RowRefused(str(error).splitlines()[0]) from error
            raise

    @contextmanager
    def _all_or_nothing(self) -> Iterator[None]:
        self._connection.exec_driver_sql("SAVEPOINT record")
        try:
            yield
        except BaseException:
            with suppress(DBAPIError):  # there is none left after a full disk
                self._connection.exec_driver_sql("ROLLBACK TO SAVEPOINT record")
            raise
        self._connection.exec_driver_sql("RELEASE SAVEPOINT record")

    def _with_corrections(self, rows: Rows) -> Rows:
        if not self._connection.scalar(self._find_corrections, {"sha256": rows["documents"][0][SHA256]}):
            return rows
        from docparse.review.stored import with_corrections

        return with_corrections(self._connection, rows)

    def _index(self) -> None:
        if self._unindexed:
            self._dialect.index_documents(self._connection, self._unindexed)
            self._unindexed.clear()

    def _save(self, rows: Rows, *, replace: bool) -> None:
        document_id = rows["documents"][0][0]
        if replace:
            if document_id in self._unindexed:
                self._index()
            for statement in self._clear:
                self._connection.execute(statement, {"id": document_id})
        for name in ("documents", "agencies", *(table.name for table in OF_A_DOCUMENT)):
            if rows[name]:
                self._connection.exec_driver_sql(self._insert[name], rows[name])
        self._unindexed[document_id] = rows[RANKING][0]

    @property
    def connection(self) -> Connection:
        """The connection of the open transaction."""
        return self._connection

    def remove_unnamed_agencies(self, among: Collection[str] | None = None) -> None:
        """Drop authority entries that no document mentions any more; `among`: only of these ids."""
        self.take_turn()
        unnamed = ~exists().where(agency_mentions.c.agency_id == agencies.c.id)
        self._connection.execute(delete(agencies).where(unnamed if among is None else unnamed & agencies.c.id.in_(among)))


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
