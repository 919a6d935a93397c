"""Find an endpoint of its owner; a foreign one is reported like an unknown one."""

from domain.model.errors import Conflict, JobNotFound, WebhookNotFound
from domain.model.ids import JobId, UserId, WebhookId
from domain.model.jobs.job import Job
from domain.model.webhooks.endpoint import WebhookEndpoint
from domain.ports.database import UnitOfWork


async def owned_endpoint(work: UnitOfWork, owner: UserId, endpoint_id: WebhookId) -> WebhookEndpoint:
    """The owner's endpoint with this id.

    Raises:
        WebhookNotFound: it does not exist, or belongs to another user.
    """
    endpoint = await work.webhook_endpoints.get(endpoint_id)
    if endpoint.owner != owner:
        raise WebhookNotFound
    return endpoint


async def locked_endpoint(
    work: UnitOfWork, owner: UserId, endpoint_id: WebhookId
) -> tuple[WebhookEndpoint, Job | None]:
    """The owner's endpoint, locked by the row of its job, and that job if it has to be sent after the commit.

    Raises:
        WebhookNotFound: it does not exist, or belongs to another user.
    """
    await owned_endpoint(work, owner, endpoint_id)
    try:
        job = await work.jobs.wake(JobId(endpoint_id))
    except JobNotFound:
        raise WebhookNotFound from None  # It was deleted in between.
    return await owned_endpoint(work, owner, endpoint_id), job


def require_enabled(endpoint: WebhookEndpoint) -> None:
    """Check that events are sent to the endpoint.

    Raises:
        Conflict: `webhook_disabled`.
    """
    if not endpoint.is_enabled:
        raise Conflict("The webhook is disabled; enable it first.", code="webhook_disabled")
