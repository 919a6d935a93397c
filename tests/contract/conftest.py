"""Fixtures that several contract suites share."""

import threading
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.fakes.database import InMemoryDatabase
from adapters.sql.database import sqlite_database
from adapters.system.clock import SystemClock
from domain.ports.database import Database

DATABASES = ("in_memory", "sqlite")


@asynccontextmanager
async def opened_database(name: str, folder: Path) -> AsyncGenerator[Database]:
    """One of the databases, empty."""
    if name == "in_memory":
        yield InMemoryDatabase(SystemClock())
        return
    async with sqlite_database(folder / "telecine.db") as database:
        yield database


@pytest.fixture(params=DATABASES)
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Database]:
    """Each database in turn; it leaves no thread behind."""
    threads_before = set(threading.enumerate())
    async with opened_database(str(request.param), tmp_path) as opened:
        yield opened
    for thread in set(threading.enumerate()) - threads_before:
        thread.join(timeout=5)
        assert not thread.is_alive()
