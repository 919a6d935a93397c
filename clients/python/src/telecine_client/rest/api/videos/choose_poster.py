from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.poster_request import PosterRequest
from ...models.problem import Problem
from ...models.video_response import VideoResponse
from ...types import Response


def _get_kwargs(
    video_id: str,
    *,
    body: PosterRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/api/videos/{video_id}/poster".format(
            video_id=quote(str(video_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | VideoResponse | None:
    if response.status_code == 202:
        response_202 = VideoResponse.from_dict(response.json())

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
) -> Response[Problem | VideoResponse]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    video_id: str,
    *,
    client: AuthenticatedClient,
    body: PosterRequest,
) -> Response[Problem | VideoResponse]:
    """Choose the poster

     Choose the frame that is shown before playback.

    - A job makes the poster from the file that is played. The event `poster.ready` says that it is
    stored; until then
      the current poster stays.
    - If it cannot be made, the current poster stays, the video gets the warning `poster_failed`, and
    the event is
      `poster.failed`.
    - One poster is made at a time. Repeating the request with the same time changes nothing.
    - The storyboard stays as it is.

    Args:
        video_id (str): The video's id, as returned when it was created.
        body (PosterRequest): The frame that becomes the poster.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | VideoResponse]
    """

    kwargs = _get_kwargs(
        video_id=video_id,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    video_id: str,
    *,
    client: AuthenticatedClient,
    body: PosterRequest,
) -> Problem | VideoResponse | None:
    """Choose the poster

     Choose the frame that is shown before playback.

    - A job makes the poster from the file that is played. The event `poster.ready` says that it is
    stored; until then
      the current poster stays.
    - If it cannot be made, the current poster stays, the video gets the warning `poster_failed`, and
    the event is
      `poster.failed`.
    - One poster is made at a time. Repeating the request with the same time changes nothing.
    - The storyboard stays as it is.

    Args:
        video_id (str): The video's id, as returned when it was created.
        body (PosterRequest): The frame that becomes the poster.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | VideoResponse
    """

    return sync_detailed(
        video_id=video_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    video_id: str,
    *,
    client: AuthenticatedClient,
    body: PosterRequest,
) -> Response[Problem | VideoResponse]:
    """Choose the poster

     Choose the frame that is shown before playback.

    - A job makes the poster from the file that is played. The event `poster.ready` says that it is
    stored; until then
      the current poster stays.
    - If it cannot be made, the current poster stays, the video gets the warning `poster_failed`, and
    the event is
      `poster.failed`.
    - One poster is made at a time. Repeating the request with the same time changes nothing.
    - The storyboard stays as it is.

    Args:
        video_id (str): The video's id, as returned when it was created.
        body (PosterRequest): The frame that becomes the poster.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | VideoResponse]
    """

    kwargs = _get_kwargs(
        video_id=video_id,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    video_id: str,
    *,
    client: AuthenticatedClient,
    body: PosterRequest,
) -> Problem | VideoResponse | None:
    """Choose the poster

     Choose the frame that is shown before playback.

    - A job makes the poster from the file that is played. The event `poster.ready` says that it is
    stored; until then
      the current poster stays.
    - If it cannot be made, the current poster stays, the video gets the warning `poster_failed`, and
    the event is
      `poster.failed`.
    - One poster is made at a time. Repeating the request with the same time changes nothing.
    - The storyboard stays as it is.

    Args:
        video_id (str): The video's id, as returned when it was created.
        body (PosterRequest): The frame that becomes the poster.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | VideoResponse
    """

    return (
        await asyncio_detailed(
            video_id=video_id,
            client=client,
            body=body,
        )
    ).parsed
