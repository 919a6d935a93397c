"""Alembic's entry point: runs the migrations on the connection of the program."""

from typing import cast

from alembic import context
from sqlalchemy.engine import Connection

# The module of the last tables: it imports the others.
from adapters.sql.webhook_tables import metadata

context.configure(
    connection=cast("Connection", context.config.attributes["connection"]),
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter a column in place.
    transaction_per_migration=True,  # Unless the connection is in a transaction, as with SQLite.
)
with context.begin_transaction():
    context.run_migrations()
