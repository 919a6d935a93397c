"""Send a test event to a webhook endpoint."""

from dataclasses import dataclass

from domain.model.access.idempotency import (
    IdempotencyKey,
    IdempotentRequest,
    TestEventRequest,
    idempotent_request,
    key_in_use,
)
from domain.model.errors import AlreadyExists
from domain.model.ids import DeliveryId, UserId, VideoId, WebhookId
from domain.model.webhooks.delivery import Delivery
from domain.model.webhooks.payload import TEST_EVENT, body_of_test
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.ports.id_generator import IdGenerator
from domain.use_cases.jobs.dispatch_job import DispatchJob
from domain.use_cases.webhooks.owned_endpoint import locked_endpoint, owned_endpoint, require_enabled

OPERATION = "webhook test"


@dataclass(frozen=True, slots=True)
class SentTestEvent:
    """The delivery of a test event; `is_replay` if an earlier request with the same key created it."""

    delivery: Delivery
    is_replay: bool = False


@dataclass(frozen=True, slots=True)
class SendTestEvent:
    """Send a test event: a signed `webhook.test`, whatever `events` names.

    - It is delivered, repeated and logged like any other event.
    - Repeating this request with its `Idempotency-Key` returns the delivery as it is now, and sends no second event.
    """

    database: Database
    clock: Clock
    ids: IdGenerator
    dispatch: DispatchJob

    async def __call__(self, owner: UserId, endpoint_id: WebhookId, *, key: str | None = None) -> SentTestEvent:
        """Store the delivery and wake the endpoint's job.

        Raises:
            WebhookNotFound: the endpoint does not exist, or belongs to another user.
            Conflict: `webhook_disabled` or `idempotency_key_in_use`.
            Rejected: the idempotency key is malformed or was used for a different request.
        """
        if key is None:
            return SentTestEvent(await self._added(owner, endpoint_id, None))
        request = idempotent_request(key, OPERATION, TestEventRequest(endpoint_id))
        if (earlier := await self._earlier(owner, endpoint_id, request)) is not None:
            return earlier
        try:
            return SentTestEvent(await self._added(owner, endpoint_id, request))
        except AlreadyExists as error:
            if (earlier := await self._earlier(owner, endpoint_id, request)) is None:
                raise key_in_use() from error  # The request that held the key has just freed it.
            return earlier

    async def _earlier(self, owner: UserId, endpoint_id: WebhookId, request: IdempotentRequest) -> SentTestEvent | None:
        async with self.database.read() as work:
            known = await work.idempotency_keys.find(owner, request.key)
            if known is None:
                return None
            delivery_id = DeliveryId(known.require_same(request))
            await owned_endpoint(work, owner, endpoint_id)
            return SentTestEvent(await work.webhook_deliveries.get(endpoint_id, delivery_id), is_replay=True)

    async def _added(self, owner: UserId, endpoint_id: WebhookId, request: IdempotentRequest | None) -> Delivery:
        now = self.clock.now()
        delivery = Delivery(
            id=DeliveryId(self.ids.new_id()),
            endpoint_id=endpoint_id,
            event_type=TEST_EVENT,
            body=body_of_test(endpoint_id, now=now),
            created_at=now,
        )
        async with self.database.write() as work:
            endpoint, job = await locked_endpoint(work, owner, endpoint_id)
            require_enabled(endpoint)
            await work.webhook_deliveries.add(delivery)
            if request is not None:
                await work.idempotency_keys.add(
                    IdempotencyKey(owner, request.key, request.fingerprint, VideoId(delivery.id), now)
                )
        if job is not None:
            await self.dispatch(job)
        return delivery
