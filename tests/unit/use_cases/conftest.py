"""Worlds for the tests of use cases."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.support.uploading import SMALL_PARTS
from tests.support.world import World, open_world


@pytest.fixture
async def world(tmp_path: Path) -> AsyncGenerator[World]:
    """An empty world over fakes."""
    async with open_world(tmp_path) as opened:
        yield opened


@pytest.fixture
async def world_without_transcriber(tmp_path: Path) -> AsyncGenerator[World]:
    """An empty world without a transcriber."""
    async with open_world(tmp_path, has_transcriber=False) as opened:
        yield opened


@pytest.fixture
async def small_parts(tmp_path: Path) -> AsyncGenerator[World]:
    """An empty world with the smallest part size that S3 allows."""
    async with open_world(tmp_path, settings=SMALL_PARTS) as opened:
        yield opened
