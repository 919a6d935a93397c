"""Alembic's entry: run on the connection that the program hands over."""

from typing import cast

from alembic import context
from sqlalchemy.engine import Connection

from adapters.sql.tables import metadata

context.configure(
    connection=cast("Connection", context.config.attributes["connection"]),
    target_metadata=metadata,
    render_as_batch=True,  # SQLite can't alter a column in place.
)
with context.begin_transaction():
    context.run_migrations()
