from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.ticket_response import TicketResponse
from ...types import Response


def _get_kwargs() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/events/ticket",
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | TicketResponse | None:
    if response.status_code == 201:
        response_201 = TicketResponse.from_dict(response.json())

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
) -> Response[Problem | TicketResponse]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
) -> Response[Problem | TicketResponse]:
    """Get a ticket for a stream

     Get a ticket that opens one event stream.

    - A browser can set a header neither on an `EventSource` nor on a WebSocket: it sends `?ticket=`
    instead of the
      token.
    - A ticket can be used once, within `expires_in` seconds, on any server of the installation.
    - The stream ends when the token of this request expires, as if it had been opened with the token.
    - A ticket can only read events. If the token of this request has only the scope `videos:upload`,
    the ticket opens
      the stream of one video, and not that of all.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | TicketResponse]
    """

    kwargs = _get_kwargs()

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
) -> Problem | TicketResponse | None:
    """Get a ticket for a stream

     Get a ticket that opens one event stream.

    - A browser can set a header neither on an `EventSource` nor on a WebSocket: it sends `?ticket=`
    instead of the
      token.
    - A ticket can be used once, within `expires_in` seconds, on any server of the installation.
    - The stream ends when the token of this request expires, as if it had been opened with the token.
    - A ticket can only read events. If the token of this request has only the scope `videos:upload`,
    the ticket opens
      the stream of one video, and not that of all.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | TicketResponse
    """

    return sync_detailed(
        client=client,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
) -> Response[Problem | TicketResponse]:
    """Get a ticket for a stream

     Get a ticket that opens one event stream.

    - A browser can set a header neither on an `EventSource` nor on a WebSocket: it sends `?ticket=`
    instead of the
      token.
    - A ticket can be used once, within `expires_in` seconds, on any server of the installation.
    - The stream ends when the token of this request expires, as if it had been opened with the token.
    - A ticket can only read events. If the token of this request has only the scope `videos:upload`,
    the ticket opens
      the stream of one video, and not that of all.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | TicketResponse]
    """

    kwargs = _get_kwargs()

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
) -> Problem | TicketResponse | None:
    """Get a ticket for a stream

     Get a ticket that opens one event stream.

    - A browser can set a header neither on an `EventSource` nor on a WebSocket: it sends `?ticket=`
    instead of the
      token.
    - A ticket can be used once, within `expires_in` seconds, on any server of the installation.
    - The stream ends when the token of this request expires, as if it had been opened with the token.
    - A ticket can only read events. If the token of this request has only the scope `videos:upload`,
    the ticket opens
      the stream of one video, and not that of all.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | TicketResponse
    """

    return (
        await asyncio_detailed(
            client=client,
        )
    ).parsed
