"""The migration that a database is at, and the one that it needs."""

from dataclasses import dataclass

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

from domain.model.errors import Unavailable

# All revisions in order; a test compares them with the scripts. Reading the scripts would take longer than the rest of
# opening a database, and few databases need them.
REVISIONS = (
    "0001",
    "0002",
    "0003",
    "0004",
    "0005",
    "0006",
    "0007",
    "0008",
    "0009",
    "0010",
    "0011",
    "0012",
    "0013",
    "0014",
)


@dataclass(frozen=True, slots=True)
class MigrationLevel:
    """The last migration that was run on a database, and the last one that this version knows.

    `is_known` is false if a newer version has migrated the database.
    """

    current: str | None
    head: str
    is_known: bool

    def require_known(self) -> None:
        """Check that this version knows the database's migration.

        Raises:
            Unavailable: `database_too_new`.
        """
        if not self.is_known:
            raise Unavailable(
                f"The database is at migration {self.current}, made by a newer version of Telecine; this version "
                f"knows migrations up to {self.head}.",
                code="database_too_new",
                retryable=False,
            )

    def require_head(self) -> None:
        """Check that no migration is missing.

        Raises:
            Unavailable: `database_not_migrated` or `database_too_new`.
        """
        self.require_known()
        if self.current != self.head:
            raise Unavailable(
                f"The database needs `telecine migrate`: it is at migration {self.current or 'none'}, not {self.head}.",
                code="database_not_migrated",
                retryable=False,
            )


def upgrade(connection: Connection) -> None:
    """Run every migration that is missing: on SQLite all in the connection's transaction, on Postgres step by step.

    Raises:
        Unavailable: `database_too_new`.
    """
    found = level(connection)
    found.require_known()
    if connection.dialect.name == "postgresql":
        connection.commit()
    if found.current != found.head:
        from adapters.sql.alembic_runner import run_scripts  # Alembic is slow to import and seldom needed.

        run_scripts(connection, "head")


def level(connection: Connection) -> MigrationLevel:
    """The migration that the database is at."""
    current: str | None = None
    if inspect(connection).has_table("alembic_version"):
        current = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return MigrationLevel(current, REVISIONS[-1], current is None or current in REVISIONS)
