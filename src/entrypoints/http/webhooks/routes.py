"""Routes to manage webhooks."""

from inspect import getdoc
from typing import Annotated

from litestar import Response, delete, get, patch, post
from litestar.params import Body

from domain.model.ids import WebhookId
from domain.model.videos.pagination import DEFAULT_PAGE_LIMIT
from domain.model.webhooks.endpoint import EndpointChanges, EndpointDeclaration
from domain.use_cases.webhooks.create_webhook import CreateWebhook
from domain.use_cases.webhooks.delete_webhook import DeleteWebhook
from domain.use_cases.webhooks.edit_webhook import EditWebhook
from domain.use_cases.webhooks.list_webhooks import ListWebhooks
from domain.use_cases.webhooks.rotate_secret import RotateSecret
from entrypoints.http.dependencies import Caller, UseCases
from entrypoints.http.idempotency import REPLAYED, IdempotencyKeyHeader
from entrypoints.http.openapi.document import JSON_BODY, KEY, example, json_response, problems
from entrypoints.http.openapi.patterns import NO_EXTRA_FIELDS
from entrypoints.http.videos.lists import CursorText, Limit
from entrypoints.http.webhooks import examples
from entrypoints.http.webhooks.deliveries import DELIVERY_ROUTES, WebhookIdInPath
from entrypoints.http.webhooks.schemas import (
    RECEIVER,
    WebhookChanges,
    WebhookPage,
    WebhookRequest,
    WebhookResponse,
    WebhookWithSecret,
)

CreateBody = Annotated[
    WebhookRequest,
    Body(examples=[example("Every event", WebhookRequest(RECEIVER))], schema_extra=NO_EXTRA_FIELDS),
]
EditBody = Annotated[
    WebhookChanges,
    Body(examples=[example("Disable it", WebhookChanges(enabled=False))], schema_extra=NO_EXTRA_FIELDS),
]

_DECLARATION = (
    *JSON_BODY,
    "invalid_webhook_url",
    "webhook_https_required",
    "webhook_port_not_allowed",
    "webhook_address_not_allowed",
    "invalid_event_filter",
    "invalid_description",
)


@post(
    "/",
    summary="Create a webhook",
    description=getdoc(CreateWebhook),
    responses={
        **json_response(201, created=examples.CREATED),
        **problems(*_DECLARATION, *KEY, "idempotency_key_in_use", "too_many_webhooks"),
    },
)
async def create_webhook(
    data: CreateBody, application: UseCases, user: Caller, idempotency_key: IdempotencyKeyHeader = None
) -> Response[WebhookWithSecret]:
    """Create a webhook and return its secret."""
    declared = EndpointDeclaration(data.url, data.events, data.description, data.enabled)
    created = await application.webhooks.create(user, declared, key=idempotency_key)
    return Response(WebhookWithSecret.with_secret(created), headers=REPLAYED if created.is_replay else None)


@get(
    "/",
    summary="List webhooks",
    description=getdoc(ListWebhooks),
    responses={**json_response(200, a_page=examples.WEBHOOKS), **problems("invalid_limit", "invalid_cursor")},
)
async def list_webhooks(
    application: UseCases, user: Caller, limit: Limit = DEFAULT_PAGE_LIMIT, cursor: CursorText = None
) -> WebhookPage:
    """Return a page of the user's webhooks."""
    return WebhookPage.of(await application.webhooks.list(user, limit=limit, cursor=cursor))


@get(
    "/{webhook_id:str}",
    summary="Get a webhook",
    description="Returns the webhook without its secret.",
    responses={**json_response(200, enabled=examples.WEBHOOK), **problems("webhook_not_found")},
)
async def get_webhook(webhook_id: WebhookIdInPath, application: UseCases, user: Caller) -> WebhookResponse:
    """Return a webhook."""
    return WebhookResponse.of(await application.webhooks.list.get(user, WebhookId(webhook_id)))


@patch(
    "/{webhook_id:str}",
    summary="Change a webhook",
    description=getdoc(EditWebhook),
    responses={**json_response(200, changed=examples.WEBHOOK), **problems(*_DECLARATION, "webhook_not_found")},
)
async def edit_webhook(
    webhook_id: WebhookIdInPath, data: EditBody, application: UseCases, user: Caller
) -> WebhookResponse:
    """Change a webhook."""
    changes = EndpointChanges(data.url, data.events, data.description, data.enabled)
    return WebhookResponse.of(await application.webhooks.edit(user, WebhookId(webhook_id), changes))


@delete(
    "/{webhook_id:str}",
    summary="Delete a webhook",
    description=getdoc(DeleteWebhook),
    response_description="The webhook is deleted.",
    responses=problems("webhook_not_found"),
)
async def delete_webhook(webhook_id: WebhookIdInPath, application: UseCases, user: Caller) -> None:
    """Delete a webhook and its deliveries."""
    await application.webhooks.delete(user, WebhookId(webhook_id))


@post(
    "/{webhook_id:str}/rotate-secret",
    status_code=200,
    summary="Rotate the secret of a webhook",
    description=getdoc(RotateSecret),
    responses={**json_response(200, rotated=examples.CREATED), **problems("webhook_not_found")},
)
async def rotate_webhook_secret(webhook_id: WebhookIdInPath, application: UseCases, user: Caller) -> WebhookWithSecret:
    """Replace the secret and return the new one."""
    return WebhookWithSecret.with_secret(await application.webhooks.rotate_secret(user, WebhookId(webhook_id)))


ROUTES = [
    create_webhook,
    list_webhooks,
    get_webhook,
    edit_webhook,
    delete_webhook,
    rotate_webhook_secret,
    *DELIVERY_ROUTES,
]
