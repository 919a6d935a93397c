"""Send deliveries of a webhook endpoint again."""

from dataclasses import dataclass
from datetime import UTC, datetime

from domain.model.errors import Rejected
from domain.model.ids import DeliveryId, UserId, WebhookId
from domain.model.jobs.job import Job
from domain.model.webhooks.delivery import Delivery
from domain.ports.database import Database
from domain.use_cases.jobs.dispatch_job import DispatchJob
from domain.use_cases.webhooks.owned_endpoint import locked_endpoint, require_enabled


@dataclass(frozen=True, slots=True)
class Redeliver:
    """Send a delivery again, whatever its status, with all attempts. Its `webhook-id` and its body stay the same."""

    database: Database
    dispatch: DispatchJob

    async def __call__(self, owner: UserId, endpoint_id: WebhookId, delivery_id: DeliveryId) -> Delivery:
        """Make the delivery pending and wake the endpoint's job.

        Raises:
            WebhookNotFound: the endpoint does not exist, or belongs to another user.
            DeliveryNotFound: it has no such delivery.
            Conflict: `webhook_disabled`.
        """
        async with self.database.write() as work:
            endpoint, job = await locked_endpoint(work, owner, endpoint_id)
            require_enabled(endpoint)
            await work.webhook_deliveries.redeliver(endpoint_id, delivery_id)
            delivery = await work.webhook_deliveries.get(endpoint_id, delivery_id)
        await self._send(job)
        return delivery

    async def failed_since(self, owner: UserId, endpoint_id: WebhookId, since: datetime) -> int:
        """Send every delivery again whose last attempt failed and that was created at this time or later.

        Those that wait for their next attempt are sent at once, with all attempts. Returns their number.

        Raises:
            Rejected: `invalid_since`: in UTC, it is outside of the calendar.
            WebhookNotFound: the endpoint does not exist, or belongs to another user.
            Conflict: `webhook_disabled`.
        """
        since = _in_utc(since)
        async with self.database.write() as work:
            endpoint, job = await locked_endpoint(work, owner, endpoint_id)
            require_enabled(endpoint)
            redelivered = await work.webhook_deliveries.redeliver_failed(endpoint_id, since)
        await self._send(job)
        return redelivered

    async def _send(self, job: Job | None) -> None:
        if job is not None:
            await self.dispatch(job)


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise Rejected("`since` is outside of the calendar.", code="invalid_since") from None
