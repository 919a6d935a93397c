from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.webhook_changes import WebhookChanges
from ...models.webhook_response import WebhookResponse
from ...types import Response


def _get_kwargs(
    webhook_id: str,
    *,
    body: WebhookChanges,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "patch",
        "url": "/api/webhooks/{webhook_id}".format(
            webhook_id=quote(str(webhook_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | WebhookResponse | None:
    if response.status_code == 200:
        response_200 = WebhookResponse.from_dict(response.json())

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
) -> Response[Problem | WebhookResponse]:
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
    body: WebhookChanges,
) -> Response[Problem | WebhookResponse]:
    """Change a webhook

     Change a webhook. A field that is not sent keeps its value.

    - A new URL is checked like that of a new webhook; pending deliveries go to the new URL.
    - Disabling it fails the pending deliveries (`endpoint_disabled`), and events that occur meanwhile
    are not sent.
      Enabling it forgets earlier failures, as another URL does; failed deliveries can be redelivered.

    Args:
        webhook_id (str): The webhook's id, as returned when it was created.
        body (WebhookChanges): What to change; a field that is missing or null keeps its value.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | WebhookResponse]
    """

    kwargs = _get_kwargs(
        webhook_id=webhook_id,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    webhook_id: str,
    *,
    client: AuthenticatedClient,
    body: WebhookChanges,
) -> Problem | WebhookResponse | None:
    """Change a webhook

     Change a webhook. A field that is not sent keeps its value.

    - A new URL is checked like that of a new webhook; pending deliveries go to the new URL.
    - Disabling it fails the pending deliveries (`endpoint_disabled`), and events that occur meanwhile
    are not sent.
      Enabling it forgets earlier failures, as another URL does; failed deliveries can be redelivered.

    Args:
        webhook_id (str): The webhook's id, as returned when it was created.
        body (WebhookChanges): What to change; a field that is missing or null keeps its value.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | WebhookResponse
    """

    return sync_detailed(
        webhook_id=webhook_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    webhook_id: str,
    *,
    client: AuthenticatedClient,
    body: WebhookChanges,
) -> Response[Problem | WebhookResponse]:
    """Change a webhook

     Change a webhook. A field that is not sent keeps its value.

    - A new URL is checked like that of a new webhook; pending deliveries go to the new URL.
    - Disabling it fails the pending deliveries (`endpoint_disabled`), and events that occur meanwhile
    are not sent.
      Enabling it forgets earlier failures, as another URL does; failed deliveries can be redelivered.

    Args:
        webhook_id (str): The webhook's id, as returned when it was created.
        body (WebhookChanges): What to change; a field that is missing or null keeps its value.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | WebhookResponse]
    """

    kwargs = _get_kwargs(
        webhook_id=webhook_id,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    webhook_id: str,
    *,
    client: AuthenticatedClient,
    body: WebhookChanges,
) -> Problem | WebhookResponse | None:
    """Change a webhook

     Change a webhook. A field that is not sent keeps its value.

    - A new URL is checked like that of a new webhook; pending deliveries go to the new URL.
    - Disabling it fails the pending deliveries (`endpoint_disabled`), and events that occur meanwhile
    are not sent.
      Enabling it forgets earlier failures, as another URL does; failed deliveries can be redelivered.

    Args:
        webhook_id (str): The webhook's id, as returned when it was created.
        body (WebhookChanges): What to change; a field that is missing or null keeps its value.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | WebhookResponse
    """

    return (
        await asyncio_detailed(
            webhook_id=webhook_id,
            client=client,
            body=body,
        )
    ).parsed
