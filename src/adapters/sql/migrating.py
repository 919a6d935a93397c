"""Running migration scripts, by Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy.engine import Connection

# In a wheel the scripts lie beside this module, in a checkout at its top.
_PLACES = (Path(__file__).parent / "migration_scripts", Path(__file__).parents[3] / "migrations")


def run_scripts(connection: Connection, revision: str) -> None:
    """Run every script up to this one that the database has not had, in the connection's transaction."""
    command.upgrade(config_for(connection), revision)


def config_for(connection: Connection) -> Config:
    """What Alembic's commands need to work on this connection."""
    config = script_config()
    config.attributes["connection"] = connection
    return config


def script_config() -> Config:
    """Where the scripts are."""
    config = Config()
    config.set_main_option("script_location", str(next(place for place in _PLACES if place.is_dir())))
    return config
