"""What the database holds, read from outside, and what it has been through, written down by triggers."""

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
    """The database's clock, in its own SQL."""

    two_days_ago: str
    """Two days before, likewise."""

    @abstractmethod
    def execute(self, statement: str) -> None:
        """Change the database behind everybody's back."""

    @abstractmethod
    def read(self, query: str, *values: str) -> list[Row]:
        """The rows of a query, by column; `$1` is the first value."""

    @abstractmethod
    def audit(self) -> None:
        """Write down from now on what must never happen, and each publication and transcript."""

    @abstractmethod
    def close(self) -> None:
        """Let the database go."""


class SqliteRows(Rows):
    """A database in a file."""

    now = "strftime('%Y-%m-%d %H:%M:%f000', 'now')"
    two_days_ago = "strftime('%Y-%m-%d %H:%M:%f000', 'now', '-2 days')"

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, query: str, *values: str) -> list[Row]:
        """Read over a connection of its own."""
        named = {str(number): value for number, value in enumerate(values, start=1)}
        with closing(sqlite3.connect(self._path, timeout=20)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(query, named).fetchall()]

    def execute(self, statement: str) -> None:
        """Change, and commit."""
        with closing(sqlite3.connect(self._path, timeout=20)) as connection:
            connection.executescript(statement)

    def audit(self) -> None:
        """Add the triggers."""
        self.execute((_HERE / "audit_sqlite.sql").read_text())

    def close(self) -> None:
        """Nothing is held."""


class PostgresRows(Rows):
    """A database of a server, over a connection that is opened again when it is lost."""

    now = "clock_timestamp()"
    two_days_ago = "clock_timestamp() - interval '2 days'"

    def __init__(self, url: str) -> None:
        self._url = url
        self._runner = asyncio.Runner()
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None

    def read(self, query: str, *values: str) -> list[Row]:
        """Read, once more if the connection is lost."""
        return self._runner.run(self._read(query, values))

    def execute(self, statement: str) -> None:
        """Change, and commit."""
        self._runner.run(self._execute(statement))

    def audit(self) -> None:
        """Add the triggers."""
        self.execute((_HERE / "audit_postgres.sql").read_text())

    def close(self) -> None:
        """Let the connection go."""
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
