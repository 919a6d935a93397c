from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.regenerate_request import RegenerateRequest
from ...models.status_response import StatusResponse
from ...types import UNSET, Response, Unset


def _get_kwargs(
    video_id: str,
    *,
    body: RegenerateRequest | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/videos/{video_id}/transcript/regenerate".format(
            video_id=quote(str(video_id), safe=""),
        ),
    }

    if not isinstance(body, Unset):
        _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | StatusResponse | None:
    if response.status_code == 202:
        response_202 = StatusResponse.from_dict(response.json())

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
    body: RegenerateRequest | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problem | StatusResponse]:
    """Request a new transcript

     Transcribe a video again, optionally with its language and unusual words (`keywords`).

    - The video must be playable. The published rendition or original is transcribed.
    - The current transcript is served until the new one replaces it.
    - A completed video stays completed; the stage `transcribe` shows the progress of the new run. If
    the run fails
      permanently, the current transcript stays and the video gets a warning.
    - A failed video is retried as well, but all of its speech is transcribed again.
    - The number of regenerations per video is limited, because each one may cost money.
    - The language and keywords in the request replace those of the video; without a request body, the
    video keeps its
      own.
    - Repeating the request with its `Idempotency-Key` returns the video as it is now and starts no
    second run.

    Args:
        video_id (str): The video's id, as returned when it was created.
        idempotency_key (str | Unset): 1 to 255 printable ASCII characters, chosen by the client.
            If a request is repeated with the same key within 24 hours, it creates nothing new, and
            the response carries `Idempotency-Replayed: true`.
        body (RegenerateRequest | Unset): Hints for the transcriber; they replace the video's
            earlier hints.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | StatusResponse]
    """

    kwargs = _get_kwargs(
        video_id=video_id,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    video_id: str,
    *,
    client: AuthenticatedClient,
    body: RegenerateRequest | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Problem | StatusResponse | None:
    """Request a new transcript

     Transcribe a video again, optionally with its language and unusual words (`keywords`).

    - The video must be playable. The published rendition or original is transcribed.
    - The current transcript is served until the new one replaces it.
    - A completed video stays completed; the stage `transcribe` shows the progress of the new run. If
    the run fails
      permanently, the current transcript stays and the video gets a warning.
    - A failed video is retried as well, but all of its speech is transcribed again.
    - The number of regenerations per video is limited, because each one may cost money.
    - The language and keywords in the request replace those of the video; without a request body, the
    video keeps its
      own.
    - Repeating the request with its `Idempotency-Key` returns the video as it is now and starts no
    second run.

    Args:
        video_id (str): The video's id, as returned when it was created.
        idempotency_key (str | Unset): 1 to 255 printable ASCII characters, chosen by the client.
            If a request is repeated with the same key within 24 hours, it creates nothing new, and
            the response carries `Idempotency-Replayed: true`.
        body (RegenerateRequest | Unset): Hints for the transcriber; they replace the video's
            earlier hints.

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
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    video_id: str,
    *,
    client: AuthenticatedClient,
    body: RegenerateRequest | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problem | StatusResponse]:
    """Request a new transcript

     Transcribe a video again, optionally with its language and unusual words (`keywords`).

    - The video must be playable. The published rendition or original is transcribed.
    - The current transcript is served until the new one replaces it.
    - A completed video stays completed; the stage `transcribe` shows the progress of the new run. If
    the run fails
      permanently, the current transcript stays and the video gets a warning.
    - A failed video is retried as well, but all of its speech is transcribed again.
    - The number of regenerations per video is limited, because each one may cost money.
    - The language and keywords in the request replace those of the video; without a request body, the
    video keeps its
      own.
    - Repeating the request with its `Idempotency-Key` returns the video as it is now and starts no
    second run.

    Args:
        video_id (str): The video's id, as returned when it was created.
        idempotency_key (str | Unset): 1 to 255 printable ASCII characters, chosen by the client.
            If a request is repeated with the same key within 24 hours, it creates nothing new, and
            the response carries `Idempotency-Replayed: true`.
        body (RegenerateRequest | Unset): Hints for the transcriber; they replace the video's
            earlier hints.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | StatusResponse]
    """

    kwargs = _get_kwargs(
        video_id=video_id,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    video_id: str,
    *,
    client: AuthenticatedClient,
    body: RegenerateRequest | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Problem | StatusResponse | None:
    """Request a new transcript

     Transcribe a video again, optionally with its language and unusual words (`keywords`).

    - The video must be playable. The published rendition or original is transcribed.
    - The current transcript is served until the new one replaces it.
    - A completed video stays completed; the stage `transcribe` shows the progress of the new run. If
    the run fails
      permanently, the current transcript stays and the video gets a warning.
    - A failed video is retried as well, but all of its speech is transcribed again.
    - The number of regenerations per video is limited, because each one may cost money.
    - The language and keywords in the request replace those of the video; without a request body, the
    video keeps its
      own.
    - Repeating the request with its `Idempotency-Key` returns the video as it is now and starts no
    second run.

    Args:
        video_id (str): The video's id, as returned when it was created.
        idempotency_key (str | Unset): 1 to 255 printable ASCII characters, chosen by the client.
            If a request is repeated with the same key within 24 hours, it creates nothing new, and
            the response carries `Idempotency-Replayed: true`.
        body (RegenerateRequest | Unset): Hints for the transcriber; they replace the video's
            earlier hints.

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
            idempotency_key=idempotency_key,
        )
    ).parsed
