"""Bring the tables of a corpus up to date, in one transaction."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from docparse.store.views import create_views

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(connection: Connection, *, dialect: ModuleType) -> None:
    """Run the migrations that are missing and make the views anew; `dialect` makes what is particular to the engine."""
    config = Config(attributes={"connection": connection, "dialect": dialect})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    command.upgrade(config, "head")
    create_views(connection)
