"""Whether this Python's SQLite can search in texts."""

import sqlite3
from contextlib import closing

from domain.model.errors import Unavailable


def open_memory() -> sqlite3.Connection:
    """A database in memory, of the SQLite library that this Python uses."""
    return sqlite3.connect(":memory:")


def require_fts5(connection: sqlite3.Connection) -> None:
    """Check that SQLite has FTS5, the extension that the search index uses; closes the connection.

    Raises:
        Unavailable: `fts5_missing`.
    """
    with closing(connection):
        try:
            connection.execute("CREATE VIRTUAL TABLE probe USING fts5(terms)")
        except sqlite3.DatabaseError as error:
            raise Unavailable(
                f"The SQLite {sqlite3.sqlite_version} of this Python was compiled without FTS5, which search needs. "
                "Use a Python whose SQLite has it, such as that of Debian, python.org or uv, or use Postgres.",
                code="fts5_missing",
                retryable=False,
            ) from error
