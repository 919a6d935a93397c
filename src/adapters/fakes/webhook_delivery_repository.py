"""Deliveries in memory."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from adapters.fakes.tables import Tables
from domain.model.errors import DeliveryNotFound
from domain.model.ids import DeliveryId, WebhookId
from domain.model.videos.pagination import Cursor
from domain.model.webhooks.delivery import Attempted, Delivery, DeliveryError, DeliveryStatus
from domain.ports.clock import Clock
from domain.ports.webhook_delivery_repository import WebhookDeliveryRepository


class InMemoryWebhookDeliveryRepository(WebhookDeliveryRepository):
    """Deliveries in a dictionary."""

    def __init__(self, tables: Tables, clock: Clock) -> None:
        self._tables = tables
        self._clock = clock

    async def lock_position(self) -> int | None:
        return self._tables.webhook_position

    async def position(self) -> int:
        return self._tables.webhook_position

    async def save_position(self, position: int) -> None:
        self._tables.webhook_position = position

    async def add(self, *deliveries: Delivery) -> None:
        taken = {(each.endpoint_id, each.position) for each in self._tables.webhook_deliveries.values()}
        for each in deliveries:
            if each.position is None or (each.endpoint_id, each.position) not in taken:
                self._replace(replace(each, next_attempt_at=self._clock.now()))

    async def get(self, endpoint_id: WebhookId, delivery_id: DeliveryId) -> Delivery:
        delivery = self._tables.webhook_deliveries.get(delivery_id)
        if delivery is None or delivery.endpoint_id != endpoint_id:
            raise DeliveryNotFound
        return delivery

    async def page(
        self,
        endpoint_id: WebhookId,
        *,
        limit: int,
        after: Cursor | None = None,
        status: DeliveryStatus | None = None,
    ) -> list[Delivery]:
        found = self._of(
            endpoint_id,
            lambda each: (
                (status is None or each.status is status)
                and (after is None or (each.created_at, str(each.id)) < (after.created_at, after.video_id))
            ),
        )
        return sorted(found, key=lambda each: (each.created_at, each.id), reverse=True)[:limit]

    async def due(self, endpoint_id: WebhookId, *, limit: int) -> list[Delivery]:
        now = self._clock.now()
        due = self._of(endpoint_id, lambda each: each.next_attempt_at is not None and each.next_attempt_at <= now)
        return sorted(due, key=lambda each: (each.next_attempt_at or now, each.position or 0))[:limit]

    async def next_due_s(self, endpoint_id: WebhookId) -> float | None:
        times = [each.next_attempt_at for each in self._of(endpoint_id, lambda _: True)]
        waiting = [moment for moment in times if moment is not None]
        return max(0.0, (min(waiting) - self._clock.now()).total_seconds()) if waiting else None

    async def record(self, *attempted: Attempted) -> None:
        for each in attempted:
            stored = self._tables.webhook_deliveries.get(each.delivery.id)
            if stored is not None and stored.attempt == each.delivery.attempt - 1:
                due_at = None if each.delay_s is None else self._clock.now() + timedelta(seconds=each.delay_s)
                self._replace(replace(each.delivery, next_attempt_at=due_at))

    async def fail_pending(self, endpoint_id: WebhookId, error: DeliveryError) -> int:
        pending = self._of(endpoint_id, lambda each: each.status is DeliveryStatus.PENDING)
        for each in pending:
            self._replace(replace(each, status=DeliveryStatus.FAILED, next_attempt_at=None, error=error))
        return len(pending)

    async def redeliver(self, endpoint_id: WebhookId, delivery_id: DeliveryId) -> None:
        self._revive(await self.get(endpoint_id, delivery_id))

    async def redeliver_failed(self, endpoint_id: WebhookId, since: datetime) -> int:
        failed = self._of(endpoint_id, lambda each: _has_failed(each) and each.created_at >= since)
        for each in failed:
            self._revive(each)
        return len(failed)

    async def count_before(self, moment: datetime) -> int:
        return len(self._older_than(moment))

    async def delete_before(self, moment: datetime, *, limit: int) -> int:
        old = self._older_than(moment)[:limit]
        for each in old:
            del self._tables.webhook_deliveries[each.id]
        return len(old)

    def _older_than(self, moment: datetime) -> list[Delivery]:
        every = self._tables.webhook_deliveries.values()
        return [each for each in every if each.created_at < moment and each.status is not DeliveryStatus.PENDING]

    def _of(self, endpoint_id: WebhookId, condition: Callable[[Delivery], bool]) -> list[Delivery]:
        return [
            each
            for each in self._tables.webhook_deliveries.values()
            if each.endpoint_id == endpoint_id and condition(each)
        ]

    def _revive(self, delivery: Delivery) -> None:
        self._replace(replace(delivery, status=DeliveryStatus.PENDING, attempt=0, next_attempt_at=self._clock.now()))

    def _replace(self, delivery: Delivery) -> None:
        self._tables.webhook_deliveries[delivery.id] = delivery


def _has_failed(delivery: Delivery) -> bool:
    waits_again = delivery.status is DeliveryStatus.PENDING and delivery.attempt > 0
    return waits_again or delivery.status is DeliveryStatus.FAILED
