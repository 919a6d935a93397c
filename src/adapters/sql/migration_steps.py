"""Steps of migrations, which on Postgres run while processes use the database.

- Each step is a transaction of its own, so no lock on a table is held while rows are read or written.
- A statement that locks a table exclusively waits for the lock only briefly, because all other statements on the table
  queue behind it, and is repeated.
- A migration that failed half way is repeated from its beginning, so every step skips what exists.

SQLite runs all migrations in one transaction.
"""

import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.exc import DBAPIError

# A lock that is not free after these attempts is held by a long transaction, such as a backup.
LOCK_ATTEMPTS = 20
LOCK_PAUSE_S = 0.5
_LOCK_TIMEOUT = "500ms"
_LOCK_NOT_AVAILABLE = "55P03"

_INVALID_INDEX = sa.text("SELECT count(*) FROM pg_index WHERE indexrelid = to_regclass(:name) AND NOT indisvalid")
_SET_LOCK_TIMEOUT = sa.text("SELECT set_config('lock_timeout', :value, false)")


def is_postgres() -> bool:
    """Whether the database is Postgres."""
    return op.get_bind().dialect.name == "postgresql"


def next_transaction() -> None:
    """Commit what the migration has done so far, and continue in a new transaction."""
    if is_postgres():
        with op.get_context().autocommit_block():
            pass


def add_columns(table: str, *columns: sa.Column[Any]) -> None:
    """Add columns that are null or have a constant default, so that no row is rewritten."""
    if not is_postgres():
        for column in columns:
            op.add_column(table, column)
        return
    dialect = op.get_bind().dialect
    added = ", ".join(
        f"ADD COLUMN IF NOT EXISTS {sa.schema.CreateColumn(column).compile(dialect=dialect)}" for column in columns
    )
    execute_locking(f"ALTER TABLE {table} {added}")


def execute_locking(statement: str) -> None:
    """Execute a statement that locks a table exclusively and only briefly; on Postgres it commits.

    Raises:
        DBAPIError: another transaction has held the table's lock during all attempts.
    """
    if not is_postgres():
        op.execute(statement)
        return
    with op.get_context().autocommit_block(), _lock_timeout(_LOCK_TIMEOUT):
        for attempt in range(LOCK_ATTEMPTS):
            try:
                op.execute(statement)
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE or attempt == LOCK_ATTEMPTS - 1:
                    raise
                time.sleep(LOCK_PAUSE_S)
            else:
                return


def create_index(name: str, table: str, columns: Sequence[str | sa.TextClause], *, where: str | None = None) -> None:
    """Create an index; on Postgres without blocking writes, which waits for the transactions that are running."""
    condition = None if where is None else sa.text(where)
    if not is_postgres():
        op.create_index(name, table, columns, sqlite_where=condition)
        return
    with op.get_context().autocommit_block(), _lock_timeout("0"):
        # What a failed attempt has left.
        if op.get_bind().scalar(_INVALID_INDEX, {"name": name}):
            op.execute(f"DROP INDEX CONCURRENTLY {name}")
        op.create_index(
            name, table, columns, postgresql_where=condition, postgresql_concurrently=True, if_not_exists=True
        )


def drop_index(name: str, table: str) -> None:
    """Drop an index; on Postgres without blocking writes, which waits for the transactions that use it."""
    if not is_postgres():
        op.drop_index(name, table)
        return
    with op.get_context().autocommit_block(), _lock_timeout("0"):
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")


@contextmanager
def _lock_timeout(value: str) -> Generator[None]:
    connection = op.get_bind()
    before = connection.scalar(sa.text("SELECT current_setting('lock_timeout')"))
    connection.execute(_SET_LOCK_TIMEOUT, {"value": value})
    yield
    connection.execute(_SET_LOCK_TIMEOUT, {"value": before})
