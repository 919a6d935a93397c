"""Fixtures that several integration tests share."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.integration.http_fixtures import WorldApi, world_api


@pytest.fixture
async def api(tmp_path: Path) -> AsyncGenerator[WorldApi]:
    """The HTTP API over a world of fakes."""
    async with world_api(tmp_path) as opened:
        yield opened
