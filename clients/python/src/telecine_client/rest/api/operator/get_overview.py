from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.overview_response import OverviewResponse
from ...models.problem import Problem
from ...types import Response


def _get_kwargs() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/operator/overview",
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> OverviewResponse | Problem | None:
    if response.status_code == 200:
        response_200 = OverviewResponse.from_dict(response.json())

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


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[OverviewResponse | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
) -> Response[OverviewResponse | Problem]:
    """Get the state of the installation

     Get the state of the installation: versions, queues, videos by status, storage, and the last hour by
    minutes.

    - An interface may poll it: its cost does not grow with the number of videos. Ended videos and bytes
    are sums that
      each user's usage keeps, and videos and jobs in progress are counted in indexes of those in
    progress.
    - Of each kind of job, up to 10,000 queued ones are counted.
    - A past minute of the last hour is counted once per server, and then remembered.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[OverviewResponse | Problem]
    """

    kwargs = _get_kwargs()

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
) -> OverviewResponse | Problem | None:
    """Get the state of the installation

     Get the state of the installation: versions, queues, videos by status, storage, and the last hour by
    minutes.

    - An interface may poll it: its cost does not grow with the number of videos. Ended videos and bytes
    are sums that
      each user's usage keeps, and videos and jobs in progress are counted in indexes of those in
    progress.
    - Of each kind of job, up to 10,000 queued ones are counted.
    - A past minute of the last hour is counted once per server, and then remembered.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        OverviewResponse | Problem
    """

    return sync_detailed(
        client=client,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
) -> Response[OverviewResponse | Problem]:
    """Get the state of the installation

     Get the state of the installation: versions, queues, videos by status, storage, and the last hour by
    minutes.

    - An interface may poll it: its cost does not grow with the number of videos. Ended videos and bytes
    are sums that
      each user's usage keeps, and videos and jobs in progress are counted in indexes of those in
    progress.
    - Of each kind of job, up to 10,000 queued ones are counted.
    - A past minute of the last hour is counted once per server, and then remembered.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[OverviewResponse | Problem]
    """

    kwargs = _get_kwargs()

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
) -> OverviewResponse | Problem | None:
    """Get the state of the installation

     Get the state of the installation: versions, queues, videos by status, storage, and the last hour by
    minutes.

    - An interface may poll it: its cost does not grow with the number of videos. Ended videos and bytes
    are sums that
      each user's usage keeps, and videos and jobs in progress are counted in indexes of those in
    progress.
    - Of each kind of job, up to 10,000 queued ones are counted.
    - A past minute of the last hour is counted once per server, and then remembered.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        OverviewResponse | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
        )
    ).parsed
