"""Rotating secrets."""

import pytest

from domain.model.videos.events import EventType
from tests.support.world import ADA, World
from tests.unit.use_cases.webhooks.hooking import deliver, happen, hook

pytestmark = pytest.mark.anyio


async def test_the_old_secret_signs_for_a_day(world: World) -> None:
    """Beside the new one, which only the answer contains."""
    endpoint = await hook(world)
    rotated = await world.application.webhooks.rotate_secret(ADA, endpoint.id)
    assert rotated.secret == world.adapters.webhook_secrets.reveal(rotated.endpoint.secrets.current)
    assert rotated.endpoint.secrets.current != endpoint.secrets.current
    for after_s in (0.0, 86_399.0, 1.0):
        await happen(world, EventType.VIDEO_COMPLETED)
        await deliver(world, after_s=after_s)
    assert [message.signature.count("v1,") for message in world.sender.sent] == [2, 2, 1]
