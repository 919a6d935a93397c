"""A world for every test of a use case."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.world import World, opened_world


@pytest.fixture
async def world(tmp_path: Path) -> AsyncGenerator[World]:
    """Everything fake, nothing uploaded."""
    async with opened_world(tmp_path) as opened:
        yield opened


@pytest.fixture
async def deaf_world(tmp_path: Path) -> AsyncGenerator[World]:
    """The same without a transcriber."""
    async with opened_world(tmp_path, has_transcriber=False) as opened:
        yield opened
