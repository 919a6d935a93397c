"""Changing webhooks."""

import pytest

from domain.model.errors import Rejected
from domain.model.videos.events import EventType
from domain.model.webhooks.delivery import DeliveryStatus
from domain.model.webhooks.endpoint import DisabledReason, EndpointChanges
from tests.support.world import ADA, World
from tests.unit.use_cases.webhooks.hooking import deliver, deliveries, endpoint_now, happen, hook

pytestmark = pytest.mark.anyio


async def test_changes_are_checked_and_stored(world: World) -> None:
    """Pending deliveries go to the new URL."""
    endpoint = await hook(world)
    await happen(world, EventType.VIDEO_COMPLETED)
    await world.application.webhooks.fan_out()
    changes = EndpointChanges("https://B.example:443/#x", ("video.failed",), "new")
    edited = await world.application.webhooks.edit(ADA, endpoint.id, changes)
    assert (edited.url, edited.events, edited.description) == ("https://b.example/", ("video.failed",), "new")
    assert await endpoint_now(world, endpoint.id) == edited
    await deliver(world)
    assert [message.url for message in world.sender.sent] == ["https://b.example/"]


@pytest.mark.parametrize(
    "changes",
    [EndpointChanges(url="https://10.0.0.1/"), EndpointChanges(events=()), EndpointChanges(description="x" * 256)],
)
async def test_a_wrong_change_changes_nothing(world: World, changes: EndpointChanges) -> None:
    """Like a wrong declaration."""
    endpoint = await hook(world)
    with pytest.raises(Rejected):
        await world.application.webhooks.edit(ADA, endpoint.id, changes)
    assert await endpoint_now(world, endpoint.id) == endpoint


async def test_events_of_a_disabled_time_are_not_sent(world: World) -> None:
    """Those after it are."""
    endpoint = await hook(world)
    await happen(world, EventType.VIDEO_COMPLETED)
    await world.application.webhooks.fan_out()
    disabled = await world.application.webhooks.edit(ADA, endpoint.id, EndpointChanges(enabled=False))
    assert disabled.disabled_reason is DisabledReason.OWNER
    await happen(world, EventType.VIDEO_FAILED)
    await deliver(world)
    await world.application.webhooks.edit(ADA, endpoint.id, EndpointChanges(enabled=True))
    await happen(world, EventType.VIDEO_DELETED)
    await deliver(world)
    assert [(each.event_type, each.status) for each in await deliveries(world, endpoint)] == [
        ("video.completed", DeliveryStatus.FAILED),
        ("video.deleted", DeliveryStatus.DELIVERED),
    ]
