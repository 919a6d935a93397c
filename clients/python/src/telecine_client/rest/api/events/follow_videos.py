from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    last_event_id_query: None | str | Unset = UNSET,
    last_event_id_header: None | str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(last_event_id_header, Unset):
        headers["Last-Event-ID"] = last_event_id_header

    params: dict[str, Any] = {}

    json_last_event_id_query: None | str | Unset
    if isinstance(last_event_id_query, Unset):
        json_last_event_id_query = UNSET
    else:
        json_last_event_id_query = last_event_id_query
    params["last_event_id"] = json_last_event_id_query

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/events",
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | str | None:
    if response.status_code == 200:
        response_200 = response.text
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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Problem | str]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    last_event_id_query: None | str | Unset = UNSET,
    last_event_id_header: None | str | Unset = UNSET,
) -> Response[Problem | str]:
    """Follow all videos

     Follow all videos of the user live.

    - The first event is `snapshot`: the status of every video that is not terminal, newest first. At
    most 100 videos
      are listed; if there are more, `complete` is false.
    - Then come the events of all videos, as in the stream of one video. Their ids are positions in the
    log, not the
      numbers that the stream of one video has.
    - `Last-Event-ID`, `reset` and `end` are as in the stream of one video.

    Args:
        last_event_id_query (None | str | Unset): The `id` of the last event that the client
            received. For a first connection; `Last-Event-ID` takes precedence.
        last_event_id_header (None | str | Unset): The `id` of the last event that the client
            received. An `EventSource` sends it by itself.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | str]
    """

    kwargs = _get_kwargs(
        last_event_id_query=last_event_id_query,
        last_event_id_header=last_event_id_header,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    last_event_id_query: None | str | Unset = UNSET,
    last_event_id_header: None | str | Unset = UNSET,
) -> Problem | str | None:
    """Follow all videos

     Follow all videos of the user live.

    - The first event is `snapshot`: the status of every video that is not terminal, newest first. At
    most 100 videos
      are listed; if there are more, `complete` is false.
    - Then come the events of all videos, as in the stream of one video. Their ids are positions in the
    log, not the
      numbers that the stream of one video has.
    - `Last-Event-ID`, `reset` and `end` are as in the stream of one video.

    Args:
        last_event_id_query (None | str | Unset): The `id` of the last event that the client
            received. For a first connection; `Last-Event-ID` takes precedence.
        last_event_id_header (None | str | Unset): The `id` of the last event that the client
            received. An `EventSource` sends it by itself.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | str
    """

    return sync_detailed(
        client=client,
        last_event_id_query=last_event_id_query,
        last_event_id_header=last_event_id_header,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    last_event_id_query: None | str | Unset = UNSET,
    last_event_id_header: None | str | Unset = UNSET,
) -> Response[Problem | str]:
    """Follow all videos

     Follow all videos of the user live.

    - The first event is `snapshot`: the status of every video that is not terminal, newest first. At
    most 100 videos
      are listed; if there are more, `complete` is false.
    - Then come the events of all videos, as in the stream of one video. Their ids are positions in the
    log, not the
      numbers that the stream of one video has.
    - `Last-Event-ID`, `reset` and `end` are as in the stream of one video.

    Args:
        last_event_id_query (None | str | Unset): The `id` of the last event that the client
            received. For a first connection; `Last-Event-ID` takes precedence.
        last_event_id_header (None | str | Unset): The `id` of the last event that the client
            received. An `EventSource` sends it by itself.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | str]
    """

    kwargs = _get_kwargs(
        last_event_id_query=last_event_id_query,
        last_event_id_header=last_event_id_header,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    last_event_id_query: None | str | Unset = UNSET,
    last_event_id_header: None | str | Unset = UNSET,
) -> Problem | str | None:
    """Follow all videos

     Follow all videos of the user live.

    - The first event is `snapshot`: the status of every video that is not terminal, newest first. At
    most 100 videos
      are listed; if there are more, `complete` is false.
    - Then come the events of all videos, as in the stream of one video. Their ids are positions in the
    log, not the
      numbers that the stream of one video has.
    - `Last-Event-ID`, `reset` and `end` are as in the stream of one video.

    Args:
        last_event_id_query (None | str | Unset): The `id` of the last event that the client
            received. For a first connection; `Last-Event-ID` takes precedence.
        last_event_id_header (None | str | Unset): The `id` of the last event that the client
            received. An `EventSource` sends it by itself.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | str
    """

    return (
        await asyncio_detailed(
            client=client,
            last_event_id_query=last_event_id_query,
            last_event_id_header=last_event_id_header,
        )
    ).parsed
