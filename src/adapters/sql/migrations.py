"""Bringing a database to the tables this version needs."""

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


def upgrade(connection: Connection) -> None:
    """Run every migration that is missing, in the connection's transaction."""
    command.upgrade(config_for(connection), "head")


def require_newest(connection: Connection) -> None:
    """Pass when no migration is missing.

    Raises:
        Unavailable: `database_not_migrated`.
    """
    if MigrationContext.configure(connection).get_current_revision() != _newest():
        raise Unavailable("The database needs `telecine migrate`.", code="database_not_migrated", retryable=False)


def config_for(connection: Connection) -> Config:
    """What Alembic's commands need to work on this connection."""
    config = _config()
    config.attributes["connection"] = connection
    return config


@cache
def _newest() -> str | None:
    """The scripts don't change while we run, and readiness asks often."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(next(place for place in _PLACES if place.is_dir())))
    return config
