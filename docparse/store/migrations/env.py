"""Alembic's environment: the connection is given by `docparse.store.migrate`."""

from alembic import context

from docparse.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
