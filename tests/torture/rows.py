"""The database read from outside, with triggers that record its history."""

import asyncio
import sqlite3
from abc import abstractmethod
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

import asyncpg

Row = dict[str, Any]

_HERE = Path(__file__).parent


class Rows(Protocol):
    """Reads one deployment's database."""

    now: str
    """The current time as an SQL expression."""

    two_days_ago: str
    """The time two days ago as an SQL expression."""

    @abstractmethod
    def execute(self, statement: str) -> None:
        """Change the database directly, bypassing the programs."""

    @abstractmethod
    def read(self, query: str, *values: str) -> list[Row]:
        """Run a query; return its rows as dictionaries by column. `$1` is the first value."""

    @abstractmethod
    def audit(self) -> None:
        """Install triggers that record forbidden changes, and each publication and transcript."""

    @abstractmethod
    def close(self) -> None:
        """Close the connection, if one is open."""


class SqliteRows(Rows):
    """An SQLite database."""

    now = "strftime('%Y-%m-%d %H:%M:%f000', 'now')"
    two_days_ago = "strftime('%Y-%m-%d %H:%M:%f000', 'now', '-2 days')"

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, query: str, *values: str) -> list[Row]:
        """Read over a new connection."""
        named = {str(number): value for number, value in enumerate(values, start=1)}
        with closing(sqlite3.connect(self._path, timeout=20)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(query, named).fetchall()]

    def execute(self, statement: str) -> None:
        """Run the statements and commit."""
        with closing(sqlite3.connect(self._path, timeout=20)) as connection:
            connection.executescript(statement)

    def audit(self) -> None:
        """Run the audit script of this database."""
        self.execute((_HERE / "audit_sqlite.sql").read_text())

    def close(self) -> None:
        """Do nothing: each call has its own connection."""


class PostgresRows(Rows):
    """A Postgres database, over one connection that is reopened when it is lost."""

    now = "clock_timestamp()"
    two_days_ago = "clock_timestamp() - interval '2 days'"

    def __init__(self, url: str) -> None:
        self._url = url
        self._runner = asyncio.Runner()
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None

    def read(self, query: str, *values: str) -> list[Row]:
        """Read; if the connection is lost, reconnect and read once more."""
        return self._runner.run(self._read(query, values))

    def execute(self, statement: str) -> None:
        """Run the statements and commit."""
        self._runner.run(self._execute(statement))

    def audit(self) -> None:
        """Run the audit script of this database."""
        self.execute((_HERE / "audit_postgres.sql").read_text())

    def close(self) -> None:
        """Drop the connection without waiting for the server."""
        if self._connection is not None:
            self._connection.terminate()
        self._runner.close()

    async def _read(self, query: str, values: Sequence[str]) -> list[Row]:
        try:
            return [dict(row) for row in await (await self._opened()).fetch(query, *values)]
        except (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError):
            self._connection = None
            return [dict(row) for row in await (await self._opened()).fetch(query, *values)]

    async def _execute(self, script: str) -> None:
        await (await self._opened()).execute(script)

    async def _opened(self) -> "asyncpg.Connection[asyncpg.Record]":
        if self._connection is None or self._connection.is_closed():
            self._connection = await asyncpg.connect(self._url)
        return self._connection
