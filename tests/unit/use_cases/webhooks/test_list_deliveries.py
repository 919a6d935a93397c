"""The log of deliveries."""

import pytest

from domain.model.videos.events import EventType
from domain.model.webhooks.delivery import Answer, DeliveryStatus
from tests.support.world import ADA, World
from tests.unit.use_cases.webhooks.hooking import answer_with, deliver, happen, hook

pytestmark = pytest.mark.anyio


async def test_deliveries_are_listed_by_page_and_status(world: World) -> None:
    """Newest first."""
    endpoint = await hook(world)
    answer_with(world, Answer(1, 200), Answer(1, 500))
    for _ in range(3):
        await happen(world, EventType.VIDEO_COMPLETED)
        await deliver(world, after_s=1)
    listing = world.application.webhooks.list_deliveries
    first = await listing(ADA, endpoint.id, limit=2)
    assert first.next_cursor is not None
    second = await listing(ADA, endpoint.id, limit=2, cursor=first.next_cursor.encoded())
    assert [each.position for each in (*first.entries, *second.entries)] == [3, 2, 1]
    pending = await listing(ADA, endpoint.id, limit=9, status=DeliveryStatus.PENDING)
    assert [each.position for each in pending.entries] == [3, 2]
