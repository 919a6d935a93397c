"""Change a webhook endpoint."""

from dataclasses import dataclass, replace

from domain.model.ids import UserId, WebhookId
from domain.model.webhooks.delivery import DeliveryError
from domain.model.webhooks.endpoint import EndpointChanges, WebhookEndpoint, description, event_filter
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.ports.webhook_sender import WebhookSender
from domain.use_cases.webhooks.owned_endpoint import locked_endpoint


@dataclass(frozen=True, slots=True)
class EditWebhook:
    """Change a webhook. A field that is not sent keeps its value.

    - A new URL is checked like that of a new webhook; pending deliveries go to the new URL.
    - Disabling it fails the pending deliveries (`endpoint_disabled`), and events that occur meanwhile are not sent.
      Enabling it forgets earlier failures, as another URL does; failed deliveries can be redelivered.
    """

    database: Database
    sender: WebhookSender
    clock: Clock

    async def __call__(self, owner: UserId, endpoint_id: WebhookId, changes: EndpointChanges) -> WebhookEndpoint:
        """Store the changes.

        Raises:
            Rejected: the URL, the events or the description is not accepted.
            WebhookNotFound: it does not exist, or belongs to another user.
        """
        checked = replace(
            changes,
            url=None if changes.url is None else await self.sender.check(changes.url),
            events=None if changes.events is None else event_filter(changes.events),
        )
        description(changes.description)
        async with self.database.write() as work:
            endpoint, _ = await locked_endpoint(work, owner, endpoint_id)
            edited = endpoint.edited(checked, now=self.clock.now())
            await work.webhook_endpoints.save(edited)
            if not edited.is_enabled:
                await work.webhook_deliveries.fail_pending(endpoint_id, DeliveryError.ENDPOINT_DISABLED)
        return edited
