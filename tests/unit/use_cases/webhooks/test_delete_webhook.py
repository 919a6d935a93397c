"""Deleting webhooks."""

import pytest

from domain.model.errors import JobNotFound, WebhookNotFound
from domain.model.ids import JobId
from domain.model.videos.events import EventType
from tests.support.world import ADA, World
from tests.unit.use_cases.webhooks.hooking import deliver, happen, hook

pytestmark = pytest.mark.anyio


async def test_nothing_of_an_endpoint_is_left(world: World) -> None:
    """Neither its row nor its job nor a delivery; later events are not sent."""
    endpoint = await hook(world)
    await happen(world, EventType.VIDEO_COMPLETED)
    await world.application.webhooks.fan_out()
    await world.application.webhooks.delete(ADA, endpoint.id)
    await happen(world, EventType.VIDEO_COMPLETED)
    await deliver(world)
    assert world.sender.sent == []
    assert world.database._committed.webhook_deliveries == {}
    with pytest.raises(JobNotFound):
        await world.job(JobId(endpoint.id))
    with pytest.raises(WebhookNotFound):
        await world.application.webhooks.delete(ADA, endpoint.id)
