"""Send a test event to a webhook endpoint."""

from dataclasses import dataclass

from domain.model.ids import DeliveryId, UserId, WebhookId
from domain.model.webhooks.delivery import Delivery
from domain.model.webhooks.payload import TEST_EVENT, body_of_test
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.ports.id_generator import IdGenerator
from domain.use_cases.jobs.dispatch_job import DispatchJob
from domain.use_cases.webhooks.owned_endpoint import locked_endpoint, require_enabled


@dataclass(frozen=True, slots=True)
class SendTestEvent:
    """Send a test event: a signed `webhook.test`, whatever `events` names.

    It is delivered, repeated and logged like any other event.
    """

    database: Database
    clock: Clock
    ids: IdGenerator
    dispatch: DispatchJob

    async def __call__(self, owner: UserId, endpoint_id: WebhookId) -> Delivery:
        """Store the delivery and wake the endpoint's job.

        Raises:
            WebhookNotFound: the endpoint does not exist, or belongs to another user.
            Conflict: `webhook_disabled`.
        """
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
        if job is not None:
            await self.dispatch(job)
        return delivery
