"""Routes to list, test and repeat the deliveries of a webhook."""

from inspect import getdoc
from typing import Annotated

from litestar import get, post
from litestar.exceptions import ClientException
from litestar.params import Body, PathParameter, QueryParameter

from domain.model.ids import DeliveryId, WebhookId
from domain.model.videos.pagination import DEFAULT_PAGE_LIMIT
from domain.model.webhooks.delivery import DeliveryStatus
from domain.use_cases.webhooks.list_deliveries import ListDeliveries
from domain.use_cases.webhooks.redeliver import Redeliver
from domain.use_cases.webhooks.send_test_event import SendTestEvent
from entrypoints.http.dependencies import Caller, UseCases
from entrypoints.http.openapi.document import JSON_BODY, example, json_response, problems
from entrypoints.http.openapi.patterns import NO_EXTRA_FIELDS
from entrypoints.http.openapi.sample_values import _CREATED_AT
from entrypoints.http.videos.lists import CursorText, Limit
from entrypoints.http.webhooks import examples
from entrypoints.http.webhooks.schemas import DeliveryPage, DeliveryView, RedeliverRequest, RedeliverResponse

WebhookIdInPath = Annotated[str, PathParameter(description="The webhook's id, as returned when it was created.")]
DeliveryIdInPath = Annotated[str, PathParameter(description="The delivery's id.")]
StatusFilter = Annotated[
    str | None,
    QueryParameter(
        name="status",
        description="Only deliveries with this status.",
        schema_extra={"one_of": None, "type": "string", "enum": list(DeliveryStatus)},
    ),
]
RedeliverBody = Annotated[
    RedeliverRequest,
    Body(examples=[example("Since a time", RedeliverRequest(_CREATED_AT))], schema_extra=NO_EXTRA_FIELDS),
]


@post(
    "/{webhook_id:str}/test",
    status_code=202,
    summary="Send a test event",
    description=getdoc(SendTestEvent),
    responses={
        **json_response(202, accepted=examples.DELIVERY),
        **problems("webhook_not_found", "webhook_disabled"),
    },
)
async def test_webhook(webhook_id: WebhookIdInPath, application: UseCases, user: Caller) -> DeliveryView:
    """Queue a test event."""
    return DeliveryView.of(await application.webhooks.send_test_event(user, WebhookId(webhook_id)))


@get(
    "/{webhook_id:str}/deliveries",
    summary="List the deliveries of a webhook",
    description=getdoc(ListDeliveries),
    responses={
        **json_response(200, a_page=examples.DELIVERIES),
        **problems("invalid_limit", "invalid_cursor", "webhook_not_found"),
    },
)
async def list_webhook_deliveries(
    webhook_id: WebhookIdInPath,
    application: UseCases,
    user: Caller,
    limit: Limit = DEFAULT_PAGE_LIMIT,
    cursor: CursorText = None,
    status: StatusFilter = None,
) -> DeliveryPage:
    """Return a page of the webhook's deliveries."""
    listing = await application.webhooks.list_deliveries(
        user, WebhookId(webhook_id), limit=limit, cursor=cursor, status=_parse_status(status)
    )
    return DeliveryPage.of(listing)


@post(
    "/{webhook_id:str}/deliveries/{delivery_id:str}/redeliver",
    status_code=202,
    summary="Send a delivery again",
    description=getdoc(Redeliver),
    responses={
        **json_response(202, accepted=examples.DELIVERY),
        **problems("webhook_not_found", "delivery_not_found", "webhook_disabled"),
    },
)
async def redeliver_webhook(
    webhook_id: WebhookIdInPath, delivery_id: DeliveryIdInPath, application: UseCases, user: Caller
) -> DeliveryView:
    """Queue a delivery again."""
    return DeliveryView.of(await application.webhooks.redeliver(user, WebhookId(webhook_id), DeliveryId(delivery_id)))


@post(
    "/{webhook_id:str}/redeliver",
    status_code=202,
    summary="Send failed deliveries again",
    description="Sends every delivery again whose last attempt failed and that was created at `since` or later, with "
    "all attempts: those that have `failed`, and at once those that wait for their next attempt.",
    responses={
        **json_response(202, accepted=examples.REDELIVERED),
        **problems(*JSON_BODY, "invalid_since", "webhook_not_found", "webhook_disabled"),
    },
)
async def redeliver_failed_webhooks(
    webhook_id: WebhookIdInPath, data: RedeliverBody, application: UseCases, user: Caller
) -> RedeliverResponse:
    """Queue the failed deliveries since a time again."""
    return RedeliverResponse(await application.webhooks.redeliver.failed_since(user, WebhookId(webhook_id), data.since))


def _parse_status(status: str | None) -> DeliveryStatus | None:
    """The status to filter by; Litestar itself would read the text `null` as no status.

    Raises:
        ClientException: there is no such status.
    """
    try:
        return None if status is None else DeliveryStatus(status)
    except ValueError as error:
        raise ClientException(f"status: must be one of {', '.join(DeliveryStatus)}.") from error


DELIVERY_ROUTES = [test_webhook, list_webhook_deliveries, redeliver_webhook, redeliver_failed_webhooks]
