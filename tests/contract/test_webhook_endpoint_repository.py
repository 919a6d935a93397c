"""The contract of every repository of webhook endpoints."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.model.errors import WebhookNotFound
from domain.model.ids import UserId, VideoId, WebhookId
from domain.model.videos.pagination import Cursor
from domain.model.webhooks.endpoint import DisabledReason, EndpointSecrets, WebhookEndpoint
from domain.ports.database import Database
from tests.support.builders import NOW, OWNER, a_uuid
from tests.support.webhooks import WEBHOOK_ID, a_delivery, an_endpoint

pytestmark = pytest.mark.anyio

OTHER = WebhookId(a_uuid(502))


async def _add(database: Database, *endpoints: WebhookEndpoint) -> None:
    async with database.write() as work:
        for each in endpoints:
            await work.webhook_endpoints.add(each)


async def test_an_endpoint_is_stored_unchanged(database: Database) -> None:
    """Every field, with its times to the microsecond."""
    endpoint = an_endpoint(
        events=("video.completed", "video.failed"),
        description="ä\u202e",
        secrets=EndpointSecrets("sealed:one", "plain:two", NOW + timedelta(microseconds=1)),
        starts_after=2**40,
        created_at=NOW.replace(microsecond=123_456),
        disabled_reason=DisabledReason.FAILING,
        failing_since=NOW,
    )
    await _add(database, endpoint)
    async with database.read() as work:
        assert await work.webhook_endpoints.get(endpoint.id) == endpoint


async def test_a_change_is_stored(database: Database) -> None:
    """Every field of the changed endpoint replaces the stored one."""
    await _add(database, an_endpoint(), an_endpoint(id=OTHER))
    changed = replace(
        an_endpoint(), url="https://b.example/", events=("video.deleted",), disabled_reason=DisabledReason.GONE
    )
    async with database.write() as work:
        await work.webhook_endpoints.save(changed)
    async with database.read() as work:
        assert await work.webhook_endpoints.get(WEBHOOK_ID) == changed
        assert await work.webhook_endpoints.get(OTHER) == an_endpoint(id=OTHER)


async def test_an_unknown_endpoint_is_not_found(database: Database) -> None:
    """Reading, saving and deleting all say so."""
    async with database.write() as work:
        for call in (
            work.webhook_endpoints.get(WEBHOOK_ID),
            work.webhook_endpoints.save(an_endpoint()),
            work.webhook_endpoints.delete(WEBHOOK_ID),
        ):
            with pytest.raises(WebhookNotFound):
                await call


async def test_deleting_an_endpoint_deletes_its_deliveries(database: Database) -> None:
    """Those of other endpoints stay."""
    await _add(database, an_endpoint(), an_endpoint(id=OTHER))
    async with database.write() as work:
        await work.webhook_deliveries.add(a_delivery(1), a_delivery(2, endpoint_id=OTHER))
        await work.webhook_endpoints.delete(WEBHOOK_ID)
    async with database.read() as work:
        assert await work.webhook_deliveries.page(WEBHOOK_ID, limit=9) == []
        assert len(await work.webhook_deliveries.page(OTHER, limit=9)) == 1


async def test_endpoints_are_listed_newest_first(database: Database) -> None:
    """A cursor continues after its endpoint, also among those of one time; other owners are not seen."""
    stored = [
        an_endpoint(id=WebhookId(a_uuid(510 + number)), created_at=NOW + timedelta(seconds=number // 2))
        for number in range(5)
    ]
    await _add(database, *stored, an_endpoint(owner=UserId("grace")))
    async with database.read() as work:
        pages: list[WebhookEndpoint] = []
        after = None
        while page := await work.webhook_endpoints.page(OWNER, limit=2, after=after):
            pages += page
            after = Cursor(page[-1].created_at, VideoId(page[-1].id))
        assert pages == list(reversed(stored))
        assert await work.webhook_endpoints.count(OWNER) == 5
        assert await work.webhook_endpoints.count(UserId("nobody")) == 0


async def test_enabled_endpoints_of_several_owners_are_found(database: Database) -> None:
    """Disabled ones and those of other owners are left out."""
    enabled = [an_endpoint(), an_endpoint(id=OTHER, owner=UserId("grace"))]
    await _add(
        database,
        *enabled,
        an_endpoint(id=WebhookId(a_uuid(503)), disabled_reason=DisabledReason.OWNER),
        an_endpoint(id=WebhookId(a_uuid(504)), owner=UserId("eve")),
    )
    async with database.read() as work:
        found = await work.webhook_endpoints.enabled_of({OWNER, UserId("grace")})
        assert sorted(found, key=lambda each: each.id) == enabled
        assert await work.webhook_endpoints.enabled_of(set()) == []


async def test_any_enabled_endpoint_is_found(database: Database) -> None:
    """Of whatever owner."""
    await _add(database, an_endpoint(disabled_reason=DisabledReason.OWNER))
    async with database.write() as work:
        assert not await work.webhook_endpoints.any_enabled()
        await work.webhook_endpoints.add(an_endpoint(id=OTHER, owner=UserId("grace")))
        assert await work.webhook_endpoints.any_enabled()
