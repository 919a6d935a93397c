from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.delivery_page import DeliveryPage
from ...models.list_webhook_deliveries_status import ListWebhookDeliveriesStatus
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    webhook_id: str,
    *,
    limit: int | Unset = 25,
    cursor: str | Unset = UNSET,
    status: ListWebhookDeliveriesStatus | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["limit"] = limit

    params["cursor"] = cursor

    json_status: str | Unset = UNSET
    if not isinstance(status, Unset):
        json_status = status.value

    params["status"] = json_status

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/webhooks/{webhook_id}/deliveries".format(
            webhook_id=quote(str(webhook_id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> DeliveryPage | Problem | None:
    if response.status_code == 200:
        response_200 = DeliveryPage.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

    if response.status_code == 429:
        response_429 = Problem.from_dict(response.json())

        return response_429

    if response.status_code == 500:
        response_500 = Problem.from_dict(response.json())

        return response_500

    if response.status_code == 503:
        response_503 = Problem.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[DeliveryPage | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    webhook_id: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 25,
    cursor: str | Unset = UNSET,
    status: ListWebhookDeliveriesStatus | Unset = UNSET,
) -> Response[DeliveryPage | Problem]:
    """List the deliveries of a webhook

     List the deliveries of a webhook, newest first, one page at a time.

    - Each shows its last attempt: the status and the first KiB of the answer, the time until it
    arrived, or the error.
    - A delivery is removed some days after its event, unless it is still pending.

    Args:
        webhook_id (str): The webhook's id, as returned when it was created.
        limit (int | Unset): The maximum number of entries on the page: 1 to 100. Default: 25.
        cursor (str | Unset): `next_cursor` of the previous page; without it, the first page.
        status (ListWebhookDeliveriesStatus | Unset): Only deliveries with this status.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeliveryPage | Problem]
    """

    kwargs = _get_kwargs(
        webhook_id=webhook_id,
        limit=limit,
        cursor=cursor,
        status=status,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    webhook_id: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 25,
    cursor: str | Unset = UNSET,
    status: ListWebhookDeliveriesStatus | Unset = UNSET,
) -> DeliveryPage | Problem | None:
    """List the deliveries of a webhook

     List the deliveries of a webhook, newest first, one page at a time.

    - Each shows its last attempt: the status and the first KiB of the answer, the time until it
    arrived, or the error.
    - A delivery is removed some days after its event, unless it is still pending.

    Args:
        webhook_id (str): The webhook's id, as returned when it was created.
        limit (int | Unset): The maximum number of entries on the page: 1 to 100. Default: 25.
        cursor (str | Unset): `next_cursor` of the previous page; without it, the first page.
        status (ListWebhookDeliveriesStatus | Unset): Only deliveries with this status.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeliveryPage | Problem
    """

    return sync_detailed(
        webhook_id=webhook_id,
        client=client,
        limit=limit,
        cursor=cursor,
        status=status,
    ).parsed


async def asyncio_detailed(
    webhook_id: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 25,
    cursor: str | Unset = UNSET,
    status: ListWebhookDeliveriesStatus | Unset = UNSET,
) -> Response[DeliveryPage | Problem]:
    """List the deliveries of a webhook

     List the deliveries of a webhook, newest first, one page at a time.

    - Each shows its last attempt: the status and the first KiB of the answer, the time until it
    arrived, or the error.
    - A delivery is removed some days after its event, unless it is still pending.

    Args:
        webhook_id (str): The webhook's id, as returned when it was created.
        limit (int | Unset): The maximum number of entries on the page: 1 to 100. Default: 25.
        cursor (str | Unset): `next_cursor` of the previous page; without it, the first page.
        status (ListWebhookDeliveriesStatus | Unset): Only deliveries with this status.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeliveryPage | Problem]
    """

    kwargs = _get_kwargs(
        webhook_id=webhook_id,
        limit=limit,
        cursor=cursor,
        status=status,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    webhook_id: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 25,
    cursor: str | Unset = UNSET,
    status: ListWebhookDeliveriesStatus | Unset = UNSET,
) -> DeliveryPage | Problem | None:
    """List the deliveries of a webhook

     List the deliveries of a webhook, newest first, one page at a time.

    - Each shows its last attempt: the status and the first KiB of the answer, the time until it
    arrived, or the error.
    - A delivery is removed some days after its event, unless it is still pending.

    Args:
        webhook_id (str): The webhook's id, as returned when it was created.
        limit (int | Unset): The maximum number of entries on the page: 1 to 100. Default: 25.
        cursor (str | Unset): `next_cursor` of the previous page; without it, the first page.
        status (ListWebhookDeliveriesStatus | Unset): Only deliveries with this status.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeliveryPage | Problem
    """

    return (
        await asyncio_detailed(
            webhook_id=webhook_id,
            client=client,
            limit=limit,
            cursor=cursor,
            status=status,
        )
    ).parsed
