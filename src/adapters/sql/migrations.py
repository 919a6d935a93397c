"""Bringing a database to the tables this version needs."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from domain.model.errors import Unavailable

# In a wheel the scripts lie beside this module, in a checkout at its top.
_PLACES = (Path(__file__).parent / "migration_scripts", Path(__file__).parents[3] / "migrations")


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
    level(connection).require_known()
    command.upgrade(config_for(connection), "head")


def level(connection: Connection) -> MigrationLevel:
    """Where the database stands."""
    current = MigrationContext.configure(connection).get_current_revision()
    head, known = _revisions()
    return MigrationLevel(current, head, current is None or current in known)


def require_newest(connection: Connection) -> None:
    """Pass when no migration is missing.

    Raises:
        Unavailable: `database_not_migrated` or `database_too_new`.
    """
    level(connection).require_head()


def config_for(connection: Connection) -> Config:
    """What Alembic's commands need to work on this connection."""
    config = _config()
    config.attributes["connection"] = connection
    return config


@cache
def _revisions() -> tuple[str, frozenset[str]]:
    """The newest and all: the scripts don't change while we run, and readiness asks often."""
    revisions = [script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()]
    return revisions[0], frozenset(revisions)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(next(place for place in _PLACES if place.is_dir())))
    return config
