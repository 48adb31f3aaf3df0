"""Alembic's environment: the connection is given by `docparse.store.migrate`."""

from alembic import context

from docparse.store.schema import documents

context.configure(connection=context.config.attributes["connection"], target_metadata=documents.metadata)
with context.begin_transaction():
    context.run_migrations()
