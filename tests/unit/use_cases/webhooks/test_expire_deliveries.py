"""Old deliveries are removed."""

import pytest

from domain.model.videos.events import EventType
from domain.use_cases.webhooks import expire_deliveries
from tests.support.world import World
from tests.unit.use_cases.webhooks.hooking import deliver, deliveries, happen, hook

pytestmark = pytest.mark.anyio

DELIVERIES = 5


async def test_deliveries_are_kept_for_days(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clean-up removes them in batches, and its preview counts them."""
    monkeypatch.setattr(expire_deliveries, "BATCH", 2)
    endpoint = await hook(world)
    await happen(world, *[EventType.VIDEO_COMPLETED] * DELIVERIES)
    await deliver(world)
    world.clock.advance(30 * 86_400)
    await world.application.clean_up.run_all()
    assert len(await deliveries(world, endpoint)) == DELIVERIES
    world.clock.advance(1)
    await happen(world, EventType.VIDEO_COMPLETED)
    await deliver(world)
    assert (await world.application.clean_up.preview()).deleted_deliveries == DELIVERIES
    assert (await world.application.clean_up.run_due()).deleted_deliveries == DELIVERIES
    assert [each.position for each in await deliveries(world, endpoint)] == [6]
