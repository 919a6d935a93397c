"""List a user's webhook endpoints, or get one."""

from dataclasses import dataclass

from domain.model.ids import UserId, WebhookId
from domain.model.videos.pagination import Cursor, check_limit
from domain.model.webhooks.endpoint import WebhookEndpoint
from domain.model.webhooks.listing import Listing, listing_of
from domain.ports.database import Database
from domain.use_cases.webhooks.owned_endpoint import owned_endpoint


@dataclass(frozen=True, slots=True)
class ListWebhooks:
    """List your webhooks, newest first, one page at a time.

    - Send `next_cursor` as `cursor` to get the next page; it is null on the last page.
    - `disabled_reason` says why nothing is sent: `owner` (you disabled it), `failing` (every attempt failed for days)
      or `gone` (the receiver answered 410). `failing_since` is the first failure since the last success.
    """

    database: Database

    async def __call__(self, owner: UserId, *, limit: int, cursor: str | None = None) -> Listing[WebhookEndpoint]:
        """One page of the owner's endpoints.

        Raises:
            Rejected: `invalid_limit` or `invalid_cursor`.
        """
        check_limit(limit)
        after = Cursor.decoded(cursor) if cursor is not None else None
        async with self.database.read() as work:
            rows = await work.webhook_endpoints.page(owner, limit=limit + 1, after=after)
        return listing_of(rows, limit)

    async def get(self, owner: UserId, endpoint_id: WebhookId) -> WebhookEndpoint:
        """The owner's endpoint with this id.

        Raises:
            WebhookNotFound: it does not exist, or belongs to another user.
        """
        async with self.database.read() as work:
            return await owned_endpoint(work, owner, endpoint_id)
