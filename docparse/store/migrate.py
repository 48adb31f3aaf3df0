"""Bring the tables of a corpus up to date, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from docparse.store.views import create_views

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(connection: Connection, *, create_search: Callable[[Connection], None]) -> None:
    """Run the migrations that are missing and make the views anew."""
    config = Config(attributes={"connection": connection, "create_search": create_search})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    command.upgrade(config, "head")
    create_views(connection)
