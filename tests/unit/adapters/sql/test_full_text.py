"""An SQLite without FTS5 is found before the database is migrated."""

import sqlite3

import pytest

from adapters.sql.full_text import open_memory, require_fts5
from domain.model.errors import Unavailable


def _deny_virtual_tables(action: int, *_: str | None) -> int:
    return sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_CREATE_VTABLE else sqlite3.SQLITE_OK


def test_this_sqlite_has_fts5() -> None:
    """Without it, no test of the embedded database could pass."""
    require_fts5(open_memory())


def test_an_sqlite_without_fts5_is_refused() -> None:
    """The error says what to do."""
    without = open_memory()
    without.set_authorizer(_deny_virtual_tables)
    with pytest.raises(Unavailable, match="FTS5") as refused:
        require_fts5(without)
    assert (refused.value.code, refused.value.retryable) == ("fts5_missing", False)
