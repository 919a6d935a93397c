from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.delivery_view import DeliveryView
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    webhook_id: str,
    *,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/webhooks/{webhook_id}/test".format(
            webhook_id=quote(str(webhook_id), safe=""),
        ),
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> DeliveryView | Problem | None:
    if response.status_code == 202:
        response_202 = DeliveryView.from_dict(response.json())

        return response_202

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

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())

        return response_409

    if response.status_code == 422:
        response_422 = Problem.from_dict(response.json())

        return response_422

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
) -> Response[DeliveryView | Problem]:
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
    idempotency_key: str | Unset = UNSET,
) -> Response[DeliveryView | Problem]:
    """Send a test event

     Send a test event: a signed `webhook.test`, whatever `events` names.

    - It is delivered, repeated and logged like any other event.
    - Repeating this request with its `Idempotency-Key` returns the delivery as it is now, and sends no
    second event.

    Args:
        webhook_id (str): The webhook's id, as returned when it was created.
        idempotency_key (str | Unset): 1 to 255 printable ASCII characters, chosen by the client.
            If a request is repeated with the same key within 24 hours, it creates nothing new, and
            the response carries `Idempotency-Replayed: true`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeliveryView | Problem]
    """

    kwargs = _get_kwargs(
        webhook_id=webhook_id,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    webhook_id: str,
    *,
    client: AuthenticatedClient,
    idempotency_key: str | Unset = UNSET,
) -> DeliveryView | Problem | None:
    """Send a test event

     Send a test event: a signed `webhook.test`, whatever `events` names.

    - It is delivered, repeated and logged like any other event.
    - Repeating this request with its `Idempotency-Key` returns the delivery as it is now, and sends no
    second event.

    Args:
        webhook_id (str): The webhook's id, as returned when it was created.
        idempotency_key (str | Unset): 1 to 255 printable ASCII characters, chosen by the client.
            If a request is repeated with the same key within 24 hours, it creates nothing new, and
            the response carries `Idempotency-Replayed: true`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeliveryView | Problem
    """

    return sync_detailed(
        webhook_id=webhook_id,
        client=client,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    webhook_id: str,
    *,
    client: AuthenticatedClient,
    idempotency_key: str | Unset = UNSET,
) -> Response[DeliveryView | Problem]:
    """Send a test event

     Send a test event: a signed `webhook.test`, whatever `events` names.

    - It is delivered, repeated and logged like any other event.
    - Repeating this request with its `Idempotency-Key` returns the delivery as it is now, and sends no
    second event.

    Args:
        webhook_id (str): The webhook's id, as returned when it was created.
        idempotency_key (str | Unset): 1 to 255 printable ASCII characters, chosen by the client.
            If a request is repeated with the same key within 24 hours, it creates nothing new, and
            the response carries `Idempotency-Replayed: true`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeliveryView | Problem]
    """

    kwargs = _get_kwargs(
        webhook_id=webhook_id,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    webhook_id: str,
    *,
    client: AuthenticatedClient,
    idempotency_key: str | Unset = UNSET,
) -> DeliveryView | Problem | None:
    """Send a test event

     Send a test event: a signed `webhook.test`, whatever `events` names.

    - It is delivered, repeated and logged like any other event.
    - Repeating this request with its `Idempotency-Key` returns the delivery as it is now, and sends no
    second event.

    Args:
        webhook_id (str): The webhook's id, as returned when it was created.
        idempotency_key (str | Unset): 1 to 255 printable ASCII characters, chosen by the client.
            If a request is repeated with the same key within 24 hours, it creates nothing new, and
            the response carries `Idempotency-Replayed: true`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeliveryView | Problem
    """

    return (
        await asyncio_detailed(
            webhook_id=webhook_id,
            client=client,
            idempotency_key=idempotency_key,
        )
    ).parsed
