"""Steps that the tests of webhooks share."""

from datetime import datetime

from domain.model.ids import UserId, WebhookId
from domain.model.videos.events import Event, EventType
from domain.model.webhooks.delivery import Answer, Delivery
from domain.model.webhooks.endpoint import EndpointDeclaration, WebhookEndpoint
from tests.support.webhooks import URL
from tests.support.world import ADA, World


async def hook(world: World, *events: str, owner: UserId = ADA, url: str = URL) -> WebhookEndpoint:
    """Create an endpoint, by default for every event."""
    declared = EndpointDeclaration(url, events or ("*",))
    return (await world.application.webhooks.create(owner, declared)).endpoint


async def happen(world: World, *types: EventType, owner: UserId = ADA, occurred_at: datetime | None = None) -> None:
    """Let events occur, each in its own transaction."""
    for each in types:
        async with world.database.write() as work:
            await work.events.append(Event(each, owner, occurred_at or world.clock.now()))


async def deliver(world: World, *, after_s: float = 0.0) -> None:
    """Fan out, and run every job that is due after this time, as workers do."""
    world.clock.advance(after_s)
    await world.application.webhooks.fan_out()
    await world.application.sweep_jobs()
    await world.run_jobs()


async def deliveries(world: World, endpoint: WebhookEndpoint) -> list[Delivery]:
    """The endpoint's deliveries, oldest first by position."""
    listing = await world.application.webhooks.list_deliveries(endpoint.owner, endpoint.id, limit=100)
    return sorted(listing.entries, key=lambda each: each.position or 0)


async def endpoint_now(world: World, endpoint_id: WebhookId) -> WebhookEndpoint:
    """The current state of an endpoint of Ada."""
    return await world.application.webhooks.list.get(ADA, endpoint_id)


def answer_with(world: World, *answers: Answer) -> None:
    """Give these answers in turn, the last one for ever."""
    left = list(answers)
    world.sender.answer = lambda _message: left.pop(0) if len(left) > 1 else left[0]
