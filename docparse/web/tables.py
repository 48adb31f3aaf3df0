"""The accounts database: a separate SQLite file, so that a corpus can be handed on without the people who use it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Engine, ForeignKey, Index, Integer, MetaData, Table, Text, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from docparse.errors import AccountError

VERSION = 1
LOCK_WAIT_SECONDS = 5
PRIVATE = 0o600

metadata = MetaData()

users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True, comment="in lower case"),
    Column("role", Text, nullable=False, comment="reader, reviewer or admin"),
    Column("password", Text, nullable=False, comment="Argon2id hash with its parameters"),
    Column("created", Integer, nullable=False, comment="seconds since 1970, as all times here"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("sha256", Text, primary_key=True, comment="of the id that the browser has"),
    Column("user_id", Integer, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created", Integer, nullable=False),
    Column("seen", Integer, nullable=False, comment="last request, to a minute"),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", Integer, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("sha256", Text, nullable=False, unique=True),
    Column("label", Text, nullable=False, comment="what it is for"),
    Column("role", Text, nullable=False, comment="at most this, and at most that of its user"),
    Column("created", Integer, nullable=False),
    Column("expires", Integer, nullable=False),
)

failures = Table(
    "failures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account", Text, nullable=False, comment="SHA-256 of the name given: it may be a password in the wrong field"),
    Column("address", Text, nullable=False),
    Column("at", Integer, nullable=False),
    Index("ix_failures_account", "account", "at"),
    Index("ix_failures_address", "address", "at"),
    Index("ix_failures_at", "at"),
)


def connect(path: str, *, create: bool) -> Engine:
    """The database, for its owner only. Raises AccountError where it is not there, or is none."""
    if not create and not Path(path).is_file():
        raise AccountError(path, "is not there", hint="docparse account add makes it.")
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE))
        Path(path).chmod(PRIVATE)
    except OSError as error:
        raise AccountError(path, f"cannot be opened ({error.strerror})", hint="Check the path and the permissions.") from error
    engine = create_engine(URL.create("sqlite", database=path), connect_args={"timeout": LOCK_WAIT_SECONDS})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: object) -> None:
        for pragma in ("foreign_keys = ON", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")

    try:
        _make(engine, path)
    except DBAPIError as error:
        raise AccountError(path, f"cannot be used ({error.orig})", hint="Name another one with --accounts.") from error
    return engine


def _make(engine: Engine, path: str) -> None:
    with engine.begin() as connection:
        version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        if version == VERSION:
            return
        if version or connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one():
            raise AccountError(path, "is a database of something else, or of a newer docparse", hint="Name another one with --accounts.")
        metadata.create_all(connection)
        connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")
