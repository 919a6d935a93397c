"""Creating webhooks."""

from dataclasses import replace

import pytest

from domain.model.errors import AlreadyExists, Conflict, Rejected, TelecineError
from domain.model.ids import JobId
from domain.model.jobs.payloads import JobKind, QueueName
from domain.model.videos.events import EventType
from domain.model.webhooks.endpoint import DisabledReason, EndpointDeclaration
from entrypoints.bootstrap.use_cases.wire import wire
from entrypoints.config.settings import Settings
from entrypoints.config.webhooks import WebhookSettings
from tests.support.webhooks import URL
from tests.support.world import ADA, World
from tests.unit.use_cases.webhooks.hooking import deliver, deliveries, happen, hook

pytestmark = pytest.mark.anyio

DECLARED = EndpointDeclaration(URL, ("video.completed",), "a note")


async def test_an_endpoint_is_stored_with_its_job(world: World) -> None:
    """The secret is in the answer; the row holds it sealed."""
    created = await world.application.webhooks.create(ADA, DECLARED)
    endpoint = created.endpoint
    assert (endpoint.url, endpoint.events, endpoint.description) == (URL, ("video.completed",), "a note")
    assert endpoint.is_enabled
    assert created.secret.startswith("whsec_")
    assert created.secret != endpoint.secrets.current
    assert created.secret not in repr(created)
    assert await world.application.webhooks.list.get(ADA, endpoint.id) == endpoint
    job = await world.job(JobId(endpoint.id))
    assert (job.kind, job.queue) == (JobKind.DELIVER, QueueName.WEBHOOKS)


async def test_only_later_events_are_received(world: World) -> None:
    """Those that have happened stay unsent, also if nobody has read the log since."""
    await happen(world, EventType.VIDEO_COMPLETED)
    endpoint = await hook(world)
    await happen(world, EventType.VIDEO_FAILED)
    await deliver(world)
    assert [each.event_type for each in await deliveries(world, endpoint)] == ["video.failed"]


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        (EndpointDeclaration("https://127.0.0.1/"), "webhook_address_not_allowed"),
        (EndpointDeclaration(URL, ("nothing",)), "invalid_event_filter"),
        (EndpointDeclaration(URL, description="x" * 256), "invalid_description"),
    ],
)
async def test_a_wrong_declaration_is_rejected(world: World, declared: EndpointDeclaration, code: str) -> None:
    """Nothing is stored."""
    with pytest.raises(Rejected) as failure:
        await world.application.webhooks.create(ADA, declared)
    assert failure.value.code == code
    assert (await world.application.webhooks.list(ADA, limit=1)).entries == ()


async def test_an_endpoint_can_begin_disabled(world: World) -> None:
    """Its owner has disabled it."""
    created = await world.application.webhooks.create(ADA, replace(DECLARED, enabled=False))
    assert created.endpoint.disabled_reason is DisabledReason.OWNER


async def test_the_number_of_endpoints_is_limited(world: World) -> None:
    """For each user by itself."""
    limited = wire(world.adapters, Settings(webhooks=WebhookSettings(max_per_user=1)))
    await limited.webhooks.create(ADA, DECLARED)
    with pytest.raises(Rejected) as failure:
        await limited.webhooks.create(ADA, DECLARED)
    assert failure.value.code == "too_many_webhooks"


async def test_a_repeated_request_gets_the_same_answer(world: World) -> None:
    """With the secret, since the first answer may have been lost."""
    create = world.application.webhooks.create
    first = await create(ADA, DECLARED, key="again")
    assert await create(ADA, DECLARED, key="again") == replace(first, is_replay=True)
    with pytest.raises(Rejected) as failure:
        await create(ADA, replace(DECLARED, url="https://b.example/"), key="again")
    assert failure.value.code == "idempotency_key_reused"
    await world.application.webhooks.delete(ADA, first.endpoint.id)
    with pytest.raises(Conflict) as spent:
        await create(ADA, DECLARED, key="again")
    assert spent.value.code == "idempotency_key_spent"


async def test_of_two_requests_at_once_one_creates(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other finds the key of the first; without a key, the error is passed on."""
    create = world.application.webhooks.create
    first = await create(ADA, DECLARED, key="again")
    lookups = iter([None, replace(first, is_replay=True), None, None])

    async def earlier(*_: object) -> object:
        return next(lookups)

    monkeypatch.setattr(type(create), "_earlier", earlier)
    assert (await create(ADA, DECLARED, key="again")).is_replay
    with pytest.raises(Conflict) as failure:
        await create(ADA, DECLARED, key="again")
    assert failure.value.code == "idempotency_key_in_use"


async def test_a_taken_id_is_an_error(world: World) -> None:
    """It does not occur with random ids."""
    application = wire(replace(world.adapters, ids=_OneId()), Settings())
    await application.webhooks.create(ADA, DECLARED)
    with pytest.raises(TelecineError) as failure:
        await application.webhooks.create(ADA, DECLARED)
    assert isinstance(failure.value, AlreadyExists)


class _OneId:
    def new_id(self) -> str:
        return "00000000-0000-4000-8000-000000000001"
