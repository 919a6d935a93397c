from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.webhook_request import WebhookRequest
from ...models.webhook_with_secret import WebhookWithSecret
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: WebhookRequest,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/webhooks",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | WebhookWithSecret | None:
    if response.status_code == 201:
        response_201 = WebhookWithSecret.from_dict(response.json())

        return response_201

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())

        return response_409

    if response.status_code == 413:
        response_413 = Problem.from_dict(response.json())

        return response_413

    if response.status_code == 415:
        response_415 = Problem.from_dict(response.json())

        return response_415

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
) -> Response[Problem | WebhookWithSecret]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: WebhookRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problem | WebhookWithSecret]:
    """Create a webhook

     Create a webhook: the URL receives every event of your videos that `events` names, from now on.

    - Requests are signed as the Standard Webhooks specification says. `secret` verifies them; only this
    response and
      that of a rotation contain it.
    - The URL must begin with https:// and lead to the public Internet, unless the operator allows other
    networks.
      Redirects are not followed. A host that has no address yet is accepted.
    - A request that is not answered with 2xx within the time limit is repeated for about three days,
    always with the
      same `webhook-id`. An answer 410 disables the webhook at once; failures alone disable it after
    some days.
    - Repeating this request with its `Idempotency-Key` gives the same answer and creates no second
    webhook.

    Args:
        idempotency_key (str | Unset): 1 to 255 printable ASCII characters, chosen by the client.
            If a request is repeated with the same key within 24 hours, it creates nothing new, and
            the response carries `Idempotency-Replayed: true`.
        body (WebhookRequest): The webhook to create.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | WebhookWithSecret]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: WebhookRequest,
    idempotency_key: str | Unset = UNSET,
) -> Problem | WebhookWithSecret | None:
    """Create a webhook

     Create a webhook: the URL receives every event of your videos that `events` names, from now on.

    - Requests are signed as the Standard Webhooks specification says. `secret` verifies them; only this
    response and
      that of a rotation contain it.
    - The URL must begin with https:// and lead to the public Internet, unless the operator allows other
    networks.
      Redirects are not followed. A host that has no address yet is accepted.
    - A request that is not answered with 2xx within the time limit is repeated for about three days,
    always with the
      same `webhook-id`. An answer 410 disables the webhook at once; failures alone disable it after
    some days.
    - Repeating this request with its `Idempotency-Key` gives the same answer and creates no second
    webhook.

    Args:
        idempotency_key (str | Unset): 1 to 255 printable ASCII characters, chosen by the client.
            If a request is repeated with the same key within 24 hours, it creates nothing new, and
            the response carries `Idempotency-Replayed: true`.
        body (WebhookRequest): The webhook to create.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | WebhookWithSecret
    """

    return sync_detailed(
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: WebhookRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problem | WebhookWithSecret]:
    """Create a webhook

     Create a webhook: the URL receives every event of your videos that `events` names, from now on.

    - Requests are signed as the Standard Webhooks specification says. `secret` verifies them; only this
    response and
      that of a rotation contain it.
    - The URL must begin with https:// and lead to the public Internet, unless the operator allows other
    networks.
      Redirects are not followed. A host that has no address yet is accepted.
    - A request that is not answered with 2xx within the time limit is repeated for about three days,
    always with the
      same `webhook-id`. An answer 410 disables the webhook at once; failures alone disable it after
    some days.
    - Repeating this request with its `Idempotency-Key` gives the same answer and creates no second
    webhook.

    Args:
        idempotency_key (str | Unset): 1 to 255 printable ASCII characters, chosen by the client.
            If a request is repeated with the same key within 24 hours, it creates nothing new, and
            the response carries `Idempotency-Replayed: true`.
        body (WebhookRequest): The webhook to create.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | WebhookWithSecret]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: WebhookRequest,
    idempotency_key: str | Unset = UNSET,
) -> Problem | WebhookWithSecret | None:
    """Create a webhook

     Create a webhook: the URL receives every event of your videos that `events` names, from now on.

    - Requests are signed as the Standard Webhooks specification says. `secret` verifies them; only this
    response and
      that of a rotation contain it.
    - The URL must begin with https:// and lead to the public Internet, unless the operator allows other
    networks.
      Redirects are not followed. A host that has no address yet is accepted.
    - A request that is not answered with 2xx within the time limit is repeated for about three days,
    always with the
      same `webhook-id`. An answer 410 disables the webhook at once; failures alone disable it after
    some days.
    - Repeating this request with its `Idempotency-Key` gives the same answer and creates no second
    webhook.

    Args:
        idempotency_key (str | Unset): 1 to 255 printable ASCII characters, chosen by the client.
            If a request is repeated with the same key within 24 hours, it creates nothing new, and
            the response carries `Idempotency-Replayed: true`.
        body (WebhookRequest): The webhook to create.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | WebhookWithSecret
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
