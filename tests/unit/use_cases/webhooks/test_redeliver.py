"""Sending deliveries again."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from domain.model.errors import Conflict, DeliveryNotFound, Rejected
from domain.model.ids import DeliveryId
from domain.model.videos.events import EventType
from domain.model.webhooks.delivery import Answer, DeliveryStatus
from domain.model.webhooks.endpoint import EndpointChanges
from tests.support.world import ADA, World
from tests.unit.use_cases.webhooks.hooking import answer_with, deliver, deliveries, happen, hook

pytestmark = pytest.mark.anyio

GONE, OK = Answer(1, 410), Answer(1, 200)


async def test_a_delivered_message_is_sent_again(world: World) -> None:
    """With its id and all attempts."""
    endpoint = await hook(world)
    await happen(world, EventType.VIDEO_COMPLETED)
    await deliver(world)
    (delivery,) = await deliveries(world, endpoint)
    again = await world.application.webhooks.redeliver(ADA, endpoint.id, delivery.id)
    assert (again.status, again.attempt) == (DeliveryStatus.PENDING, 0)
    await world.run_jobs()
    assert [message.message_id for message in world.sender.sent] == [delivery.message_id] * 2
    with pytest.raises(DeliveryNotFound):
        await world.application.webhooks.redeliver(ADA, endpoint.id, DeliveryId("unknown"))


async def test_failed_deliveries_are_sent_again_once_the_endpoint_is_enabled(world: World) -> None:
    """Those since a time."""
    endpoint, webhooks = await hook(world), world.application.webhooks
    await happen(world, EventType.VIDEO_COMPLETED)
    await webhooks.fan_out()
    world.clock.advance(10)
    since = world.clock.now()
    await happen(world, EventType.VIDEO_FAILED)
    answer_with(world, GONE, GONE, OK)
    await deliver(world)
    with pytest.raises(Conflict) as failure:
        await webhooks.redeliver.failed_since(ADA, endpoint.id, since)
    assert failure.value.code == "webhook_disabled"
    await webhooks.edit(ADA, endpoint.id, EndpointChanges(enabled=True))
    assert await webhooks.redeliver.failed_since(ADA, endpoint.id, since) == 1
    await world.run_jobs()
    assert [each.status for each in await deliveries(world, endpoint)] == [
        DeliveryStatus.FAILED,
        DeliveryStatus.DELIVERED,
    ]
    assert await webhooks.redeliver.failed_since(ADA, endpoint.id, datetime(1, 1, 1, tzinfo=UTC)) == 1


async def test_a_running_job_finds_it_itself(world: World) -> None:
    """No second message is sent."""
    endpoint = await hook(world)
    async with world.database.write() as work:
        (job,) = await work.jobs.due(limit=1, resend_after_s=60)
        await work.jobs.claim(job.id, lease_s=60)
    assert await world.application.webhooks.redeliver.failed_since(ADA, endpoint.id, world.clock.now()) == 0
    assert world.queue.sent == []


async def test_a_time_outside_of_the_calendar_is_rejected(world: World) -> None:
    """In UTC it would be in the year 0."""
    endpoint = await hook(world)
    with pytest.raises(Rejected) as failure:
        await world.application.webhooks.redeliver.failed_since(
            ADA, endpoint.id, datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))
        )
    assert failure.value.code == "invalid_since"
