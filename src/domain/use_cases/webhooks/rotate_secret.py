"""Replace the secret of a webhook endpoint."""

from dataclasses import dataclass, field

from domain.model.ids import UserId, WebhookId
from domain.model.webhooks.endpoint import WebhookEndpoint
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.ports.webhook_secrets import WebhookSecrets
from domain.use_cases.webhooks.owned_endpoint import locked_endpoint


@dataclass(frozen=True, slots=True)
class RotatedSecret:
    """The endpoint with its new secret."""

    endpoint: WebhookEndpoint
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RotateSecret:
    """Replace the secret of a webhook.

    - Only this response contains the new secret.
    - Until `previous_secret_until`, requests carry two signatures, of the new secret and of the one before it, so that
      a receiver can change to the new one without losing a request. Rotating again ends an earlier secret.
    """

    database: Database
    secrets: WebhookSecrets
    clock: Clock
    keep_s: float

    async def __call__(self, owner: UserId, endpoint_id: WebhookId) -> RotatedSecret:
        """Store a new secret.

        Raises:
            WebhookNotFound: the endpoint does not exist, or belongs to another user.
        """
        sealed = self.secrets.create()
        async with self.database.write() as work:
            endpoint, _ = await locked_endpoint(work, owner, endpoint_id)
            rotated = endpoint.rotated(sealed, now=self.clock.now(), keep_s=self.keep_s)
            await work.webhook_endpoints.save(rotated)
        return RotatedSecret(rotated, self.secrets.reveal(sealed))
