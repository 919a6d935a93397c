"""A world for every test of a use case."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.unit.use_cases.uploading import SMALL_PARTS
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


@pytest.fixture
async def small_parts(tmp_path: Path) -> AsyncGenerator[World]:
    """The same with parts as small as a bucket takes them."""
    async with opened_world(tmp_path, settings=SMALL_PARTS) as opened:
        yield opened
