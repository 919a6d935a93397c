"""Test events."""

import json

import pytest

from domain.model.errors import Conflict
from domain.model.webhooks.delivery import DeliveryStatus
from domain.model.webhooks.endpoint import EndpointChanges
from tests.support.world import ADA, World
from tests.unit.use_cases.webhooks.hooking import deliveries, hook

pytestmark = pytest.mark.anyio


async def test_a_test_event_is_delivered_like_any_other(world: World) -> None:
    """At once, to an endpoint that wants no such event; several times, if asked."""
    endpoint = await hook(world, "video.deleted")
    for _ in range(2):
        await world.application.webhooks.send_test_event(ADA, endpoint.id)
        await world.run_jobs()
    assert [json.loads(message.body)["type"] for message in world.sender.sent] == ["webhook.test"] * 2
    assert {each.status for each in await deliveries(world, endpoint)} == {DeliveryStatus.DELIVERED}


async def test_a_running_job_finds_it_itself(world: World) -> None:
    """No second message is sent."""
    endpoint = await hook(world)
    async with world.database.write() as work:
        (job,) = await work.jobs.due(limit=1, resend_after_s=60)
        await work.jobs.claim(job.id, lease_s=60)
    await world.application.webhooks.send_test_event(ADA, endpoint.id)
    assert world.queue.sent == []


async def test_a_disabled_endpoint_gets_none(world: World) -> None:
    """It has to be enabled first."""
    endpoint = await hook(world)
    await world.application.webhooks.edit(ADA, endpoint.id, EndpointChanges(enabled=False))
    with pytest.raises(Conflict) as failure:
        await world.application.webhooks.send_test_event(ADA, endpoint.id)
    assert failure.value.code == "webhook_disabled"
