"""Which migrations a database has had, and which it needs."""

from dataclasses import dataclass

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

from domain.model.errors import Unavailable

# All that there are, in their order; a test holds the scripts to it. To read those takes longer than all the rest of
# opening a database, and hardly one that is opened needs them.
REVISIONS = ("0001", "0002", "0003", "0004")


@dataclass(frozen=True, slots=True)
class MigrationLevel:
    """The last migration that a database has had, and the last that this version knows.

    `is_known` is false where a newer version has migrated the database.
    """

    current: str | None
    head: str
    is_known: bool

    def require_known(self) -> None:
        """Pass when this version has a say in the database.

        Raises:
            Unavailable: `database_too_new`.
        """
        if not self.is_known:
            raise Unavailable(
                f"The database is at migration {self.current}, of a newer version of Telecine; this one knows up to "
                f"{self.head}.",
                code="database_too_new",
                retryable=False,
            )

    def require_head(self) -> None:
        """Pass when no migration is missing.

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
    """Run every migration that is missing, in the connection's transaction.

    Raises:
        Unavailable: `database_too_new`.
    """
    found = level(connection)
    found.require_known()
    if found.current != found.head:
        from adapters.sql.migrating import run_scripts  # Alembic takes long to load, and is seldom needed.

        run_scripts(connection, "head")


def level(connection: Connection) -> MigrationLevel:
    """Where the database stands."""
    current: str | None = None
    if inspect(connection).has_table("alembic_version"):
        current = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return MigrationLevel(current, REVISIONS[-1], current is None or current in REVISIONS)
