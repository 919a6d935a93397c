"""Fixtures that several integration tests share."""

from collections.abc import AsyncGenerator, Generator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from tests.contract.s3_object_store_fixtures import rclone
from tests.integration.http_fixtures import SMALL_PARTS, Api, WorldApi, embedded_api, production_api, world_api
from tests.services.postgres import PostgresServer, running_postgres

STACKS = ("fakes", "embedded", "postgres and rclone")


@pytest.fixture
async def api(tmp_path: Path) -> AsyncGenerator[WorldApi]:
    """The HTTP API over a world of fakes."""
    async with world_api(tmp_path) as opened:
        yield opened


@pytest.fixture(scope="session")
def postgres_server() -> Generator[PostgresServer]:
    """One server for all tests of a test process; a test that stops it restarts it."""
    with running_postgres(durable=False) as server:
        yield server


@pytest.fixture(params=STACKS)
def opening(request: pytest.FixtureRequest, tmp_path: Path) -> AbstractAsyncContextManager[Api]:
    """The HTTP API over each kind of database and bucket in turn, with the smallest allowed parts."""
    match request.param:
        case "fakes":
            return world_api(tmp_path, settings=SMALL_PARTS)
        case "embedded":
            return embedded_api(tmp_path, settings=SMALL_PARTS)
        case _:
            return production_api(tmp_path, request.getfixturevalue("postgres_server"), rclone(), settings=SMALL_PARTS)


@pytest.fixture
async def each_api(opening: AbstractAsyncContextManager[Api]) -> AsyncGenerator[Api]:
    """The same API, opened."""
    async with opening as opened:
        yield opened
