"""A world for the tests of imports."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.support.importing import ENABLED
from tests.support.world import World, open_world


@pytest.fixture
async def world(tmp_path: Path) -> AsyncGenerator[World]:
    """A world with imports enabled."""
    async with open_world(tmp_path, settings=ENABLED) as opened:
        yield opened
