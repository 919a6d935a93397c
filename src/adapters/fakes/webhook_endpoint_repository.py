"""Webhook endpoints in memory."""

from collections.abc import Collection

from adapters.fakes.tables import Tables
from domain.model.errors import WebhookNotFound
from domain.model.ids import UserId, WebhookId
from domain.model.videos.pagination import Cursor
from domain.model.webhooks.endpoint import WebhookEndpoint
from domain.ports.webhook_endpoint_repository import WebhookEndpointRepository


class InMemoryWebhookEndpointRepository(WebhookEndpointRepository):
    """Endpoints in a dictionary."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def add(self, endpoint: WebhookEndpoint) -> None:
        self._tables.webhook_endpoints[endpoint.id] = endpoint

    async def get(self, endpoint_id: WebhookId) -> WebhookEndpoint:
        try:
            return self._tables.webhook_endpoints[endpoint_id]
        except KeyError:
            raise WebhookNotFound from None

    async def save(self, endpoint: WebhookEndpoint) -> None:
        await self.get(endpoint.id)
        self._tables.webhook_endpoints[endpoint.id] = endpoint

    async def delete(self, endpoint_id: WebhookId) -> None:
        await self.get(endpoint_id)
        del self._tables.webhook_endpoints[endpoint_id]
        for delivery in list(self._tables.webhook_deliveries.values()):
            if delivery.endpoint_id == endpoint_id:
                del self._tables.webhook_deliveries[delivery.id]

    async def page(self, owner: UserId, *, limit: int, after: Cursor | None = None) -> list[WebhookEndpoint]:
        found = [
            each
            for each in self._tables.webhook_endpoints.values()
            if each.owner == owner
            and (after is None or (each.created_at, str(each.id)) < (after.created_at, after.video_id))
        ]
        return sorted(found, key=lambda each: (each.created_at, each.id), reverse=True)[:limit]

    async def count(self, owner: UserId) -> int:
        return sum(each.owner == owner for each in self._tables.webhook_endpoints.values())

    async def enabled_of(self, owners: Collection[UserId]) -> list[WebhookEndpoint]:
        return [each for each in self._tables.webhook_endpoints.values() if each.owner in owners and each.is_enabled]

    async def any_enabled(self) -> bool:
        return any(each.is_enabled for each in self._tables.webhook_endpoints.values())
