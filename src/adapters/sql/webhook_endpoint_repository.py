"""Webhook endpoints in SQL."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import RowMapping, delete, exists, func, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.webhook_tables import webhook_endpoints
from domain.model.errors import WebhookNotFound
from domain.model.ids import UserId, WebhookId
from domain.model.videos.pagination import Cursor
from domain.model.webhooks.endpoint import DisabledReason, EndpointSecrets, WebhookEndpoint
from domain.ports.webhook_endpoint_repository import WebhookEndpointRepository

_COLUMNS = webhook_endpoints.c


class SqlWebhookEndpointRepository(WebhookEndpointRepository):
    """Endpoints, one row each."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, endpoint: WebhookEndpoint) -> None:
        await self._connection.execute(insert(webhook_endpoints), _row(endpoint))

    async def get(self, endpoint_id: WebhookId) -> WebhookEndpoint:
        query = select(webhook_endpoints).where(_COLUMNS.id == endpoint_id)
        row = (await self._connection.execute(query)).mappings().one_or_none()
        if row is None:
            raise WebhookNotFound
        return _endpoint(row)

    async def save(self, endpoint: WebhookEndpoint) -> None:
        change = update(webhook_endpoints).where(_COLUMNS.id == endpoint.id).values(_row(endpoint))
        if (await self._connection.execute(change)).rowcount == 0:
            raise WebhookNotFound

    async def delete(self, endpoint_id: WebhookId) -> None:
        deleting = delete(webhook_endpoints).where(_COLUMNS.id == endpoint_id)
        if (await self._connection.execute(deleting)).rowcount == 0:
            raise WebhookNotFound

    async def page(self, owner: UserId, *, limit: int, after: Cursor | None = None) -> list[WebhookEndpoint]:
        query = select(webhook_endpoints).where(_COLUMNS.owner == owner)
        if after is not None:
            query = query.where(tuple_(_COLUMNS.created_at, _COLUMNS.id) < tuple_(after.created_at, after.video_id))
        query = query.order_by(_COLUMNS.created_at.desc(), _COLUMNS.id.desc()).limit(limit)
        return [_endpoint(row) for row in (await self._connection.execute(query)).mappings()]

    async def count(self, owner: UserId) -> int:
        query = select(func.count()).where(_COLUMNS.owner == owner)
        return (await self._connection.execute(query)).scalar_one()

    async def enabled_of(self, owners: Collection[UserId]) -> list[WebhookEndpoint]:
        query = select(webhook_endpoints).where(_COLUMNS.owner.in_(owners), _COLUMNS.disabled_reason.is_(None))
        return [_endpoint(row) for row in (await self._connection.execute(query)).mappings()]

    async def any_enabled(self) -> bool:
        query = select(exists().where(_COLUMNS.disabled_reason.is_(None)))
        return bool((await self._connection.execute(query)).scalar_one())


def _row(endpoint: WebhookEndpoint) -> dict[str, Any]:
    reason = endpoint.disabled_reason
    return {
        "id": endpoint.id,
        "owner": endpoint.owner,
        "url": endpoint.url,
        "events": endpoint.events,
        "description": endpoint.description,
        "secret": endpoint.secrets.current,
        "previous_secret": endpoint.secrets.previous,
        "previous_secret_until": endpoint.secrets.previous_until,
        "starts_after": endpoint.starts_after,
        "created_at": endpoint.created_at,
        "updated_at": endpoint.updated_at,
        "disabled_reason": None if reason is None else reason.value,
        "failing_since": endpoint.failing_since,
    }


def _endpoint(row: RowMapping) -> WebhookEndpoint:
    reason = row["disabled_reason"]
    return WebhookEndpoint(
        id=row["id"],
        owner=row["owner"],
        url=row["url"],
        events=row["events"],
        description=row["description"],
        secrets=EndpointSecrets(row["secret"], row["previous_secret"], row["previous_secret_until"]),
        starts_after=row["starts_after"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        disabled_reason=None if reason is None else DisabledReason(reason),
        failing_since=row["failing_since"],
    )
