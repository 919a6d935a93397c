from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.transcript_response import TranscriptResponse
from ...types import UNSET, Response, Unset


def _get_kwargs(
    video_id: str,
    *,
    q: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["q"] = q

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/videos/{video_id}/transcript".format(
            video_id=quote(str(video_id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | TranscriptResponse | None:
    if response.status_code == 200:
        response_200 = TranscriptResponse.from_dict(response.json())

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
) -> Response[Problem | TranscriptResponse]:
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
    q: str | Unset = UNSET,
) -> Response[Problem | TranscriptResponse]:
    """Get the transcript

     Get the transcript of a video.

    - A video without speech has an empty transcript. A video that has not been transcribed has no
    transcript.

    Args:
        video_id (str): The video's id, as returned when it was created.
        q (str | Unset): Only cues in which these words occur, with `highlights`. The query is
            that of `GET /api/search`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | TranscriptResponse]
    """

    kwargs = _get_kwargs(
        video_id=video_id,
        q=q,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    video_id: str,
    *,
    client: AuthenticatedClient,
    q: str | Unset = UNSET,
) -> Problem | TranscriptResponse | None:
    """Get the transcript

     Get the transcript of a video.

    - A video without speech has an empty transcript. A video that has not been transcribed has no
    transcript.

    Args:
        video_id (str): The video's id, as returned when it was created.
        q (str | Unset): Only cues in which these words occur, with `highlights`. The query is
            that of `GET /api/search`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | TranscriptResponse
    """

    return sync_detailed(
        video_id=video_id,
        client=client,
        q=q,
    ).parsed


async def asyncio_detailed(
    video_id: str,
    *,
    client: AuthenticatedClient,
    q: str | Unset = UNSET,
) -> Response[Problem | TranscriptResponse]:
    """Get the transcript

     Get the transcript of a video.

    - A video without speech has an empty transcript. A video that has not been transcribed has no
    transcript.

    Args:
        video_id (str): The video's id, as returned when it was created.
        q (str | Unset): Only cues in which these words occur, with `highlights`. The query is
            that of `GET /api/search`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | TranscriptResponse]
    """

    kwargs = _get_kwargs(
        video_id=video_id,
        q=q,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    video_id: str,
    *,
    client: AuthenticatedClient,
    q: str | Unset = UNSET,
) -> Problem | TranscriptResponse | None:
    """Get the transcript

     Get the transcript of a video.

    - A video without speech has an empty transcript. A video that has not been transcribed has no
    transcript.

    Args:
        video_id (str): The video's id, as returned when it was created.
        q (str | Unset): Only cues in which these words occur, with `highlights`. The query is
            that of `GET /api/search`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | TranscriptResponse
    """

    return (
        await asyncio_detailed(
            video_id=video_id,
            client=client,
            q=q,
        )
    ).parsed
