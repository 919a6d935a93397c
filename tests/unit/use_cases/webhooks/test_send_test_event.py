"""Test events."""

import asyncio
import json
from dataclasses import replace

import pytest

from domain.model.errors import Conflict, Rejected, WebhookNotFound
from domain.model.webhooks.delivery import DeliveryStatus
from domain.model.webhooks.endpoint import EndpointChanges
from domain.use_cases.webhooks.send_test_event import SendTestEvent, SentTestEvent
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


async def test_a_repeated_request_sends_nothing_new(world: World) -> None:
    """With the same key; for another webhook the key is refused, and without a key every request is a new one."""
    endpoint, other = await hook(world), await hook(world)
    send = world.application.webhooks.send_test_event
    first = await send(ADA, endpoint.id, key="again")
    await world.run_jobs()
    second = await send(ADA, endpoint.id, key="again")
    assert (first.is_replay, second.is_replay) == (False, True)
    assert second.delivery.id == first.delivery.id
    assert second.delivery.status is DeliveryStatus.DELIVERED
    assert len(world.sender.sent) == 1
    with pytest.raises(Rejected) as reused:
        await send(ADA, other.id, key="again")
    assert reused.value.code == "idempotency_key_reused"
    await world.application.webhooks.delete(ADA, endpoint.id)
    with pytest.raises(WebhookNotFound):
        await send(ADA, endpoint.id, key="again")


async def test_of_two_requests_at_once_one_is_a_replay(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The slower one finds the key of the other; if that has been freed meanwhile, the client tries again."""
    endpoint = await hook(world)
    send = world.application.webhooks.send_test_event
    first = await send(ADA, endpoint.id, key="again")
    lookups = iter([None, replace(first, is_replay=True), None, None])

    async def look_up(*_: object) -> SentTestEvent | None:
        await asyncio.sleep(0)
        return next(lookups)

    monkeypatch.setattr(SendTestEvent, "_earlier", look_up)
    assert (await send(ADA, endpoint.id, key="again")).is_replay
    with pytest.raises(Conflict) as failure:
        await send(ADA, endpoint.id, key="again")
    assert failure.value.code == "idempotency_key_in_use"
    assert len(await deliveries(world, endpoint)) == 1


async def test_a_disabled_endpoint_gets_none(world: World) -> None:
    """It has to be enabled first."""
    endpoint = await hook(world)
    await world.application.webhooks.edit(ADA, endpoint.id, EndpointChanges(enabled=False))
    with pytest.raises(Conflict) as failure:
        await world.application.webhooks.send_test_event(ADA, endpoint.id)
    assert failure.value.code == "webhook_disabled"
