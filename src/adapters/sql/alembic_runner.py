"""Runs migration scripts with Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy.engine import Connection

# A wheel has the scripts next to this module, a checkout in its top folder.
_SCRIPT_FOLDERS = (Path(__file__).parent / "migration_scripts", Path(__file__).parents[3] / "migrations")


def run_scripts(connection: Connection, revision: str) -> None:
    """Run every missing script up to this revision: on SQLite in the connection's transaction, which must have begun.

    On Postgres the connection must not be in a transaction, because the scripts commit their steps.
    """
    command.upgrade(config_for(connection), revision)


def config_for(connection: Connection) -> Config:
    """The configuration with which Alembic's commands use this connection."""
    config = script_config()
    config.attributes["connection"] = connection
    return config


def script_config() -> Config:
    """The configuration with which Alembic finds the scripts."""
    config = Config()
    config.set_main_option("script_location", str(next(folder for folder in _SCRIPT_FOLDERS if folder.is_dir())))
    return config
