from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.list_videos_status import ListVideosStatus
from ...models.problem import Problem
from ...models.video_page import VideoPage
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    limit: int | Unset = 25,
    cursor: str | Unset = UNSET,
    status: ListVideosStatus | Unset = UNSET,
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
        "url": "/api/videos",
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | VideoPage | None:
    if response.status_code == 200:
        response_200 = VideoPage.from_dict(response.json())

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Problem | VideoPage]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 25,
    cursor: str | Unset = UNSET,
    status: ListVideosStatus | Unset = UNSET,
) -> Response[Problem | VideoPage]:
    """List videos

     List the user's videos, newest first, one page at a time.

    - Send `next_cursor` as `cursor` to get the next page; it is null on the last page.
    - Videos that are added or deleted between two requests cause no repeated and no missing entries.

    Args:
        limit (int | Unset): The maximum number of videos on the page: 1 to 100. Default: 25.
        cursor (str | Unset): `next_cursor` of the previous page; without it, the first page.
        status (ListVideosStatus | Unset): Only videos with this status.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | VideoPage]
    """

    kwargs = _get_kwargs(
        limit=limit,
        cursor=cursor,
        status=status,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 25,
    cursor: str | Unset = UNSET,
    status: ListVideosStatus | Unset = UNSET,
) -> Problem | VideoPage | None:
    """List videos

     List the user's videos, newest first, one page at a time.

    - Send `next_cursor` as `cursor` to get the next page; it is null on the last page.
    - Videos that are added or deleted between two requests cause no repeated and no missing entries.

    Args:
        limit (int | Unset): The maximum number of videos on the page: 1 to 100. Default: 25.
        cursor (str | Unset): `next_cursor` of the previous page; without it, the first page.
        status (ListVideosStatus | Unset): Only videos with this status.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | VideoPage
    """

    return sync_detailed(
        client=client,
        limit=limit,
        cursor=cursor,
        status=status,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 25,
    cursor: str | Unset = UNSET,
    status: ListVideosStatus | Unset = UNSET,
) -> Response[Problem | VideoPage]:
    """List videos

     List the user's videos, newest first, one page at a time.

    - Send `next_cursor` as `cursor` to get the next page; it is null on the last page.
    - Videos that are added or deleted between two requests cause no repeated and no missing entries.

    Args:
        limit (int | Unset): The maximum number of videos on the page: 1 to 100. Default: 25.
        cursor (str | Unset): `next_cursor` of the previous page; without it, the first page.
        status (ListVideosStatus | Unset): Only videos with this status.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | VideoPage]
    """

    kwargs = _get_kwargs(
        limit=limit,
        cursor=cursor,
        status=status,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 25,
    cursor: str | Unset = UNSET,
    status: ListVideosStatus | Unset = UNSET,
) -> Problem | VideoPage | None:
    """List videos

     List the user's videos, newest first, one page at a time.

    - Send `next_cursor` as `cursor` to get the next page; it is null on the last page.
    - Videos that are added or deleted between two requests cause no repeated and no missing entries.

    Args:
        limit (int | Unset): The maximum number of videos on the page: 1 to 100. Default: 25.
        cursor (str | Unset): `next_cursor` of the previous page; without it, the first page.
        status (ListVideosStatus | Unset): Only videos with this status.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | VideoPage
    """

    return (
        await asyncio_detailed(
            client=client,
            limit=limit,
            cursor=cursor,
            status=status,
        )
    ).parsed
