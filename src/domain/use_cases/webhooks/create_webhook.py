"""Create a webhook endpoint."""

from dataclasses import dataclass, field, replace

from domain.model.access.idempotency import IdempotencyKey, IdempotentRequest, idempotent_request, key_in_use, key_spent
from domain.model.errors import AlreadyExists, WebhookNotFound
from domain.model.ids import JobId, UserId, VideoId, WebhookId
from domain.model.jobs.job import DELIVER_MAX_ATTEMPTS, NewJob
from domain.model.jobs.payloads import DeliverPayload
from domain.model.webhooks.endpoint import (
    DisabledReason,
    EndpointDeclaration,
    EndpointSecrets,
    WebhookEndpoint,
    check_count,
    description,
    event_filter,
)
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.ports.id_generator import IdGenerator
from domain.ports.webhook_secrets import WebhookSecrets
from domain.ports.webhook_sender import WebhookSender

OPERATION = "webhook"


@dataclass(frozen=True, slots=True)
class CreatedWebhook:
    """The endpoint with its secret; `is_replay` if an earlier request with the same key created it."""

    endpoint: WebhookEndpoint
    secret: str = field(repr=False)
    is_replay: bool = False


@dataclass(frozen=True, slots=True)
class CreateWebhook:
    """Create a webhook: the URL receives every event of your videos that `events` names, from now on.

    - Requests are signed as the Standard Webhooks specification says. `secret` verifies them; only this response and
      that of a rotation contain it.
    - The URL must begin with https:// and lead to the public Internet, unless the operator allows other networks.
      Redirects are not followed. A host that has no address yet is accepted.
    - A request that is not answered with 2xx within the time limit is repeated for about three days, always with the
      same `webhook-id`. An answer 410 disables the webhook at once; failures alone disable it after some days.
    - Repeating this request with its `Idempotency-Key` gives the same answer and creates no second webhook.
    """

    database: Database
    sender: WebhookSender
    secrets: WebhookSecrets
    clock: Clock
    ids: IdGenerator
    max_per_user: int

    async def __call__(self, owner: UserId, declared: EndpointDeclaration, *, key: str | None = None) -> CreatedWebhook:
        """Store the endpoint and its job.

        Raises:
            Rejected: the URL, the events or the description is not accepted, `too_many_webhooks`, or the idempotency
                key is malformed or was used for a different request.
            Conflict: `idempotency_key_in_use` or `idempotency_key_spent`.
            Unavailable: the database failed.
        """
        request = None if key is None else idempotent_request(key, OPERATION, declared)
        if request is not None and (earlier := await self._earlier(owner, request)) is not None:
            return earlier
        checked = replace(
            declared,
            url=await self.sender.check(declared.url),
            events=event_filter(declared.events),
            description=description(declared.description),
        )
        try:
            return await self._added(owner, checked, request)
        except AlreadyExists as error:
            earlier = None if request is None else await self._earlier(owner, request)
            if earlier is None:
                # The request that held the key has just freed it.
                raise (error if request is None else key_in_use()) from None
            return earlier

    async def _earlier(self, owner: UserId, request: IdempotentRequest) -> CreatedWebhook | None:
        async with self.database.read() as work:
            known = await work.idempotency_keys.find(owner, request.key)
            if known is None:
                return None
            try:
                endpoint = await work.webhook_endpoints.get(WebhookId(known.require_same(request)))
            except WebhookNotFound:
                raise key_spent() from None
        return CreatedWebhook(endpoint, self.secrets.reveal(endpoint.secrets.current), is_replay=True)

    async def _added(
        self, owner: UserId, declared: EndpointDeclaration, request: IdempotentRequest | None
    ) -> CreatedWebhook:
        # Events that have been committed get their positions first, so that the endpoint does not receive them.
        async with self.database.write() as work:
            while await work.events.settle():
                pass
        endpoint = self._endpoint(owner, declared)
        async with self.database.write() as work:
            endpoint = replace(endpoint, starts_after=await work.events.last_position())
            await work.webhook_endpoints.add(endpoint)
            await work.jobs.add(_job(endpoint))
            if request is not None:
                await work.idempotency_keys.add(
                    IdempotencyKey(owner, request.key, request.fingerprint, VideoId(endpoint.id), endpoint.created_at)
                )
            # Locked last, as everywhere: from here on, concurrent requests of the user count each other's endpoints.
            await work.usage.lock(owner)
            check_count(await work.webhook_endpoints.count(owner) - 1, self.max_per_user)
        return CreatedWebhook(endpoint, self.secrets.reveal(endpoint.secrets.current))

    def _endpoint(self, owner: UserId, declared: EndpointDeclaration) -> WebhookEndpoint:
        now = self.clock.now()
        return WebhookEndpoint(
            id=WebhookId(self.ids.new_id()),
            owner=owner,
            url=declared.url,
            events=declared.events,
            description=declared.description,
            secrets=EndpointSecrets(self.secrets.create()),
            starts_after=0,
            created_at=now,
            updated_at=now,
            disabled_reason=None if declared.enabled else DisabledReason.OWNER,
        )


def _job(endpoint: WebhookEndpoint) -> NewJob:
    """The job that sends the endpoint's deliveries as long as the endpoint exists."""
    return NewJob(
        JobId(endpoint.id), VideoId(endpoint.id), DeliverPayload(), max_attempts=DELIVER_MAX_ATTEMPTS, delay_s=0.0
    )
