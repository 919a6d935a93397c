"""Delete a webhook endpoint."""

from dataclasses import dataclass

from domain.model.ids import UserId, VideoId, WebhookId
from domain.ports.database import Database
from domain.use_cases.webhooks.owned_endpoint import locked_endpoint


@dataclass(frozen=True, slots=True)
class DeleteWebhook:
    """Delete a webhook with its pending deliveries and its log of deliveries.

    A request that is being sent at this moment may still arrive.
    """

    database: Database

    async def __call__(self, owner: UserId, endpoint_id: WebhookId) -> None:
        """Delete the endpoint.

        Raises:
            WebhookNotFound: it does not exist, or belongs to another user.
        """
        async with self.database.write() as work:
            await locked_endpoint(work, owner, endpoint_id)
            await work.jobs.delete_of_video(VideoId(endpoint_id))
            await work.webhook_endpoints.delete(endpoint_id)
