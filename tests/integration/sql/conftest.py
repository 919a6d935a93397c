"""A Postgres server for behaviour that only a real server shows."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from adapters.sql.config import PostgresConfig
from adapters.sql.database import SqlDatabase
from adapters.sql.postgres import postgres_database
from tests.services.postgres import PostgresServer


@pytest.fixture
async def postgres_url(postgres_server: PostgresServer) -> AsyncGenerator[str]:
    """A separate, migrated database."""
    url = await postgres_server.migrated_database()
    yield url
    postgres_server.drop(url)


@pytest.fixture
async def postgres(postgres_url: str) -> AsyncGenerator[SqlDatabase]:
    """The same database, opened."""
    async with postgres_database(PostgresConfig(postgres_url)) as database:
        yield database


@pytest.fixture(params=["sqlite", "postgres"])
async def engine(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[AsyncEngine]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        url = f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.new_database().replace("postgresql:", "postgresql+asyncpg:")
    engine = create_async_engine(url)
    yield engine
    await engine.dispose()
