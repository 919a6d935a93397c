"""List the deliveries of a webhook endpoint."""

from dataclasses import dataclass

from domain.model.ids import UserId, WebhookId
from domain.model.videos.pagination import Cursor, check_limit
from domain.model.webhooks.delivery import Delivery, DeliveryStatus
from domain.model.webhooks.listing import Listing, listing_of
from domain.ports.database import Database
from domain.use_cases.webhooks.owned_endpoint import owned_endpoint


@dataclass(frozen=True, slots=True)
class ListDeliveries:
    """List the deliveries of a webhook, newest first, one page at a time.

    - Each shows its last attempt: the status and the first KiB of the answer, the time until it arrived, or the error.
    - A delivery is removed some days after its event, unless it is still pending.
    """

    database: Database

    async def __call__(
        self,
        owner: UserId,
        endpoint_id: WebhookId,
        *,
        limit: int,
        cursor: str | None = None,
        status: DeliveryStatus | None = None,
    ) -> Listing[Delivery]:
        """One page of the endpoint's deliveries.

        Raises:
            Rejected: `invalid_limit` or `invalid_cursor`.
            WebhookNotFound: the endpoint does not exist, or belongs to another user.
        """
        check_limit(limit)
        after = Cursor.decoded(cursor) if cursor is not None else None
        async with self.database.read() as work:
            await owned_endpoint(work, owner, endpoint_id)
            rows = await work.webhook_deliveries.page(endpoint_id, limit=limit + 1, after=after, status=status)
        return listing_of(rows, limit)
