"""Generates a migration from the changes to the table definitions: migration.py MESSAGE."""

import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import create_engine

from adapters.sql import alembic_runner, schema_revision

VERSIONS = Path(__file__).parents[1] / "migrations" / "versions"


def main(message: str) -> None:
    """Compare the table definitions with a database that has all existing migrations."""
    number = len(list(VERSIONS.glob("[0-9]*.py"))) + 1
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/newest.db")
        with engine.begin() as connection:
            schema_revision.upgrade(connection)
            command.revision(alembic_runner.config_for(connection), message, autogenerate=True, rev_id=f"{number:04}")
        engine.dispose()
    print(f"Now add {number:04} to REVISIONS in src/adapters/sql/schema_revision.py.")


if __name__ == "__main__":
    main(sys.argv[1])
