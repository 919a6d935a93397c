"""The health check."""

import pytest

from tests.support.world import World

pytestmark = pytest.mark.anyio


async def test_health_names_the_failed_dependency(world: World) -> None:
    """Each dependency is checked separately."""
    assert await world.application.check_health() == {"database": "ok", "object_store": "ok"}
    world.database.is_down = True
    world.objects.fail_next("check")
    health = await world.application.check_health()
    assert health == {"database": "database_unavailable", "object_store": "unavailable"}
