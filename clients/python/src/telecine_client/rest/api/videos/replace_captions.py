from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.status_response import StatusResponse
from ...types import UNSET, File, Response, Unset


def _get_kwargs(
    video_id: str,
    *,
    body: File,
    language: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    params: dict[str, Any] = {}

    params["language"] = language

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/api/videos/{video_id}/transcript.vtt".format(
            video_id=quote(str(video_id), safe=""),
        ),
        "params": params,
    }

    _kwargs["content"] = body.payload
    headers["Content-Type"] = "application/octet-stream"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | StatusResponse | None:
    if response.status_code == 200:
        response_200 = StatusResponse.from_dict(response.json())

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
) -> Response[Problem | StatusResponse]:
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
    body: File,
    language: str | Unset = UNSET,
) -> Response[Problem | StatusResponse]:
    """Upload captions

     Upload captions, WebVTT or SubRip, that replace the video's current ones.

    - Captions can be uploaded at any time after the upload is complete. Their times, text and line
    breaks are served
      unchanged, without markup.
    - Transcription never overwrites them. A running transcription stops, and its stage becomes
    `skipped`.
    - A video that failed only because it could not be transcribed becomes `completed`.
    - To have the speech transcribed again, delete the captions first.

    Args:
        video_id (str): The video's id, as returned when it was created.
        language (str | Unset): The language of the captions, as an ISO 639-1 code.
        body (File):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | StatusResponse]
    """

    kwargs = _get_kwargs(
        video_id=video_id,
        body=body,
        language=language,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    video_id: str,
    *,
    client: AuthenticatedClient,
    body: File,
    language: str | Unset = UNSET,
) -> Problem | StatusResponse | None:
    """Upload captions

     Upload captions, WebVTT or SubRip, that replace the video's current ones.

    - Captions can be uploaded at any time after the upload is complete. Their times, text and line
    breaks are served
      unchanged, without markup.
    - Transcription never overwrites them. A running transcription stops, and its stage becomes
    `skipped`.
    - A video that failed only because it could not be transcribed becomes `completed`.
    - To have the speech transcribed again, delete the captions first.

    Args:
        video_id (str): The video's id, as returned when it was created.
        language (str | Unset): The language of the captions, as an ISO 639-1 code.
        body (File):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | StatusResponse
    """

    return sync_detailed(
        video_id=video_id,
        client=client,
        body=body,
        language=language,
    ).parsed


async def asyncio_detailed(
    video_id: str,
    *,
    client: AuthenticatedClient,
    body: File,
    language: str | Unset = UNSET,
) -> Response[Problem | StatusResponse]:
    """Upload captions

     Upload captions, WebVTT or SubRip, that replace the video's current ones.

    - Captions can be uploaded at any time after the upload is complete. Their times, text and line
    breaks are served
      unchanged, without markup.
    - Transcription never overwrites them. A running transcription stops, and its stage becomes
    `skipped`.
    - A video that failed only because it could not be transcribed becomes `completed`.
    - To have the speech transcribed again, delete the captions first.

    Args:
        video_id (str): The video's id, as returned when it was created.
        language (str | Unset): The language of the captions, as an ISO 639-1 code.
        body (File):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | StatusResponse]
    """

    kwargs = _get_kwargs(
        video_id=video_id,
        body=body,
        language=language,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    video_id: str,
    *,
    client: AuthenticatedClient,
    body: File,
    language: str | Unset = UNSET,
) -> Problem | StatusResponse | None:
    """Upload captions

     Upload captions, WebVTT or SubRip, that replace the video's current ones.

    - Captions can be uploaded at any time after the upload is complete. Their times, text and line
    breaks are served
      unchanged, without markup.
    - Transcription never overwrites them. A running transcription stops, and its stage becomes
    `skipped`.
    - A video that failed only because it could not be transcribed becomes `completed`.
    - To have the speech transcribed again, delete the captions first.

    Args:
        video_id (str): The video's id, as returned when it was created.
        language (str | Unset): The language of the captions, as an ISO 639-1 code.
        body (File):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | StatusResponse
    """

    return (
        await asyncio_detailed(
            video_id=video_id,
            client=client,
            body=body,
            language=language,
        )
    ).parsed
