"""A foreign endpoint is like an unknown one, for every operation."""

from datetime import UTC, datetime

import pytest

from domain.model.errors import WebhookNotFound
from domain.model.ids import DeliveryId, UserId, VideoId, WebhookId
from domain.model.webhooks.endpoint import EndpointChanges
from tests.support.world import ADA, World
from tests.unit.use_cases.webhooks.hooking import hook

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("is_foreign", [True, False])
async def test_no_operation_finds_a_foreign_endpoint(world: World, is_foreign: bool) -> None:  # noqa: FBT001
    """The answer does not say which it is."""
    existing = (await hook(world)).id
    owner, webhook_id = (UserId("grace"), existing) if is_foreign else (ADA, WebhookId("unknown"))
    webhooks = world.application.webhooks
    for call in (
        webhooks.list.get(owner, webhook_id),
        webhooks.edit(owner, webhook_id, EndpointChanges(enabled=False)),
        webhooks.delete(owner, webhook_id),
        webhooks.rotate_secret(owner, webhook_id),
        webhooks.send_test_event(owner, webhook_id),
        webhooks.list_deliveries(owner, webhook_id, limit=1),
        webhooks.redeliver(owner, webhook_id, DeliveryId("unknown")),
        webhooks.redeliver.failed_since(owner, webhook_id, datetime(2026, 1, 1, tzinfo=UTC)),
    ):
        with pytest.raises(WebhookNotFound):
            await call
    assert (await webhooks.list.get(ADA, existing)).is_enabled


async def test_an_endpoint_without_its_job_is_being_deleted(world: World) -> None:
    """Its row is about to go."""
    endpoint = await hook(world)
    async with world.database.write() as work:
        await work.jobs.delete_of_video(VideoId(endpoint.id))
    with pytest.raises(WebhookNotFound):
        await world.application.webhooks.rotate_secret(ADA, endpoint.id)
