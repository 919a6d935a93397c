"""Migrated SQLite databases for the tests: copies, because migrating takes longer than most tests."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import create_engine

from adapters.sql import schema_revision

NAME = "telecine.db"


def migrated_in(data_dir: Path) -> Path:
    """The path of the database in the data folder; if there is none, copy an empty one with the newest tables."""
    path = data_dir / NAME
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_migrated())
    return path


@cache
def _migrated() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / NAME
        engine = create_engine(f"sqlite:///{path}")
        with engine.begin() as connection:
            schema_revision.upgrade(connection)
        engine.dispose()
        return path.read_bytes()
