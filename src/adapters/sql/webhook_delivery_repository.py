"""Deliveries of webhooks in SQL; the database's clock decides when one is due."""

from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    RowMapping,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.columns import db_now, insert_new
from adapters.sql.webhook_tables import webhook_deliveries, webhook_position
from domain.model.errors import DeliveryNotFound
from domain.model.ids import DeliveryId, WebhookId
from domain.model.videos.pagination import Cursor
from domain.model.webhooks.delivery import Attempted, Delivery, DeliveryError, DeliveryStatus
from domain.ports.webhook_delivery_repository import WebhookDeliveryRepository

_COLUMNS = webhook_deliveries.c
_PENDING, _FAILED = DeliveryStatus.PENDING.value, DeliveryStatus.FAILED.value


class SqlWebhookDeliveryRepository(WebhookDeliveryRepository):
    """Deliveries, one row each, and one row for the position in the log."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def lock_position(self) -> int | None:
        query = select(webhook_position.c.position).with_for_update(skip_locked=True)
        return (await self._connection.execute(query)).scalar_one_or_none()

    async def position(self) -> int:
        position: int = (await self._connection.execute(select(webhook_position.c.position))).scalar_one()
        return position

    async def save_position(self, position: int) -> None:
        await self._connection.execute(update(webhook_position).values(position=position))

    async def add(self, *deliveries: Delivery) -> None:
        if deliveries:
            adding = insert_new(self._connection.dialect.name, webhook_deliveries).values(next_attempt_at=db_now())
            await self._connection.execute(adding, [_new_row(each) for each in deliveries])

    async def get(self, endpoint_id: WebhookId, delivery_id: DeliveryId) -> Delivery:
        query = select(webhook_deliveries).where(_COLUMNS.id == delivery_id, _COLUMNS.endpoint_id == endpoint_id)
        row = (await self._connection.execute(query)).mappings().one_or_none()
        if row is None:
            raise DeliveryNotFound
        return _delivery(row)

    async def page(
        self,
        endpoint_id: WebhookId,
        *,
        limit: int,
        after: Cursor | None = None,
        status: DeliveryStatus | None = None,
    ) -> list[Delivery]:
        query = select(webhook_deliveries).where(_COLUMNS.endpoint_id == endpoint_id)
        if status is not None:
            query = query.where(_COLUMNS.status == status.value)
        if after is not None:
            query = query.where(tuple_(_COLUMNS.created_at, _COLUMNS.id) < tuple_(after.created_at, after.video_id))
        query = query.order_by(_COLUMNS.created_at.desc(), _COLUMNS.id.desc()).limit(limit)
        return [_delivery(row) for row in (await self._connection.execute(query)).mappings()]

    async def due(self, endpoint_id: WebhookId, *, limit: int) -> list[Delivery]:
        query = (
            select(webhook_deliveries)
            .where(_COLUMNS.endpoint_id == endpoint_id, _COLUMNS.next_attempt_at <= db_now())
            .order_by(_COLUMNS.next_attempt_at, _COLUMNS.position)
            .limit(limit)
        )
        return [_delivery(row) for row in (await self._connection.execute(query)).mappings()]

    async def next_due_s(self, endpoint_id: WebhookId) -> float | None:
        query = select(func.min(_COLUMNS.next_attempt_at), db_now()).where(
            _COLUMNS.endpoint_id == endpoint_id, _COLUMNS.next_attempt_at.is_not(None)
        )
        due_at, now = (await self._connection.execute(query)).one()
        return None if due_at is None else max(0.0, (due_at - now).total_seconds())

    async def record(self, *attempted: Attempted) -> None:
        # Always in the same order, so that two transactions that change the same rows do not deadlock.
        ordered = sorted(attempted, key=lambda one: (one.delay_s is None, one.delivery.id))
        for is_last, same in groupby(ordered, lambda one: one.delay_s is None):
            rows = [_attempted_row(each) for each in same]
            await self._connection.execute(_END if is_last else _RETRY, rows)

    async def fail_pending(self, endpoint_id: WebhookId, error: DeliveryError) -> int:
        change = update(webhook_deliveries).where(_COLUMNS.endpoint_id == endpoint_id, _COLUMNS.status == _PENDING)
        failing = change.values(status=_FAILED, next_attempt_at=None, error=error.value)
        return (await self._connection.execute(failing)).rowcount

    async def redeliver(self, endpoint_id: WebhookId, delivery_id: DeliveryId) -> None:
        change = _REVIVE.where(_COLUMNS.id == delivery_id, _COLUMNS.endpoint_id == endpoint_id)
        if (await self._connection.execute(change)).rowcount == 0:
            raise DeliveryNotFound

    async def redeliver_failed(self, endpoint_id: WebhookId, since: datetime) -> int:
        waits_again = and_(_COLUMNS.status == _PENDING, _COLUMNS.attempt > 0)
        has_failed = or_(_COLUMNS.status == _FAILED, waits_again)
        change = _REVIVE.where(_COLUMNS.endpoint_id == endpoint_id, has_failed, _COLUMNS.created_at >= since)
        return (await self._connection.execute(change)).rowcount

    async def count_before(self, moment: datetime) -> int:
        return int((await self._connection.execute(select(func.count()).where(*_older_than(moment)))).scalar_one())

    async def delete_before(self, moment: datetime, *, limit: int) -> int:
        old = select(_COLUMNS.id).where(*_older_than(moment)).order_by(_COLUMNS.created_at).limit(limit)
        deleting = delete(webhook_deliveries).where(_COLUMNS.id.in_(old))
        return (await self._connection.execute(deleting)).rowcount


# Built once: SQLAlchemy takes longer to build a statement than the database takes to run it.
_RECORD = (
    update(webhook_deliveries)
    .where(_COLUMNS.id == bindparam("delivery_id"), _COLUMNS.attempt == bindparam("attempt_before"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in (
                "status",
                "attempt",
                "attempted_at",
                "latency_ms",
                "response_status",
                "response_text",
                "error",
            )
        }
    )
)
_RETRY = _RECORD.values(next_attempt_at=db_now(bindparam("delay_s", type_=Float)))
_END = _RECORD.values(next_attempt_at=None)
_REVIVE = update(webhook_deliveries).values(status=_PENDING, attempt=0, next_attempt_at=db_now())


def _older_than(moment: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return _COLUMNS.created_at < moment, _COLUMNS.status != _PENDING


def _new_row(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "endpoint_id": delivery.endpoint_id,
        "position": delivery.position,
        "event_type": delivery.event_type,
        "video_id": delivery.video_id,
        "body": delivery.body,
        "created_at": delivery.created_at,
        **_result(delivery),
    }


def _attempted_row(attempted: Attempted) -> dict[str, Any]:
    delivery = attempted.delivery
    row = {f"new_{name}": value for name, value in _result(delivery).items()}
    row |= {"delivery_id": delivery.id, "attempt_before": delivery.attempt - 1}
    return row if attempted.delay_s is None else {**row, "delay_s": attempted.delay_s}


def _result(delivery: Delivery) -> dict[str, Any]:
    return {
        "status": delivery.status.value,
        "attempt": delivery.attempt,
        "attempted_at": delivery.attempted_at,
        "latency_ms": delivery.latency_ms,
        "response_status": delivery.response_status,
        "response_text": delivery.response_text,
        "error": None if delivery.error is None else delivery.error.value,
    }


def _delivery(row: RowMapping) -> Delivery:
    error = row["error"]
    values: dict[str, Any] = {**row, "status": DeliveryStatus(row["status"])}
    values["error"] = None if error is None else DeliveryError(error)
    return Delivery(**values)
