from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.upload_complete_response import UploadCompleteResponse
from ...types import UNSET, Response, Unset


def _get_kwargs(
    video_id: str,
    *,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/videos/{video_id}/retry".format(
            video_id=quote(str(video_id), safe=""),
        ),
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | UploadCompleteResponse | None:
    if response.status_code == 200:
        response_200 = UploadCompleteResponse.from_dict(response.json())

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
) -> Response[Problem | UploadCompleteResponse]:
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
    idempotency_key: str | Unset = UNSET,
) -> Response[Problem | UploadCompleteResponse]:
    """Retry a failed video

     Retry a failed video.

    - Work resumes at the stage that failed: a published rendition stays, and finished chunks of the
    transcript are not
      transcribed again.
    - The input must still be in the bucket: the verified original, the published video, or the speech
    track. An import
      is downloaded again.
    - The number of attempts starts again at zero.
    - Repeating the request with its `Idempotency-Key` returns the video as it is now. A video that has
    failed again in
      the meantime is not retried.

    Args:
        video_id (str): The video's id, as returned when it was created.
        idempotency_key (str | Unset): 1 to 255 printable ASCII characters, chosen by the client.
            If a request is repeated with the same key within 24 hours, it creates nothing new, and
            the response carries `Idempotency-Replayed: true`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | UploadCompleteResponse]
    """

    kwargs = _get_kwargs(
        video_id=video_id,
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
    idempotency_key: str | Unset = UNSET,
) -> Problem | UploadCompleteResponse | None:
    """Retry a failed video

     Retry a failed video.

    - Work resumes at the stage that failed: a published rendition stays, and finished chunks of the
    transcript are not
      transcribed again.
    - The input must still be in the bucket: the verified original, the published video, or the speech
    track. An import
      is downloaded again.
    - The number of attempts starts again at zero.
    - Repeating the request with its `Idempotency-Key` returns the video as it is now. A video that has
    failed again in
      the meantime is not retried.

    Args:
        video_id (str): The video's id, as returned when it was created.
        idempotency_key (str | Unset): 1 to 255 printable ASCII characters, chosen by the client.
            If a request is repeated with the same key within 24 hours, it creates nothing new, and
            the response carries `Idempotency-Replayed: true`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | UploadCompleteResponse
    """

    return sync_detailed(
        video_id=video_id,
        client=client,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    video_id: str,
    *,
    client: AuthenticatedClient,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problem | UploadCompleteResponse]:
    """Retry a failed video

     Retry a failed video.

    - Work resumes at the stage that failed: a published rendition stays, and finished chunks of the
    transcript are not
      transcribed again.
    - The input must still be in the bucket: the verified original, the published video, or the speech
    track. An import
      is downloaded again.
    - The number of attempts starts again at zero.
    - Repeating the request with its `Idempotency-Key` returns the video as it is now. A video that has
    failed again in
      the meantime is not retried.

    Args:
        video_id (str): The video's id, as returned when it was created.
        idempotency_key (str | Unset): 1 to 255 printable ASCII characters, chosen by the client.
            If a request is repeated with the same key within 24 hours, it creates nothing new, and
            the response carries `Idempotency-Replayed: true`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | UploadCompleteResponse]
    """

    kwargs = _get_kwargs(
        video_id=video_id,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    video_id: str,
    *,
    client: AuthenticatedClient,
    idempotency_key: str | Unset = UNSET,
) -> Problem | UploadCompleteResponse | None:
    """Retry a failed video

     Retry a failed video.

    - Work resumes at the stage that failed: a published rendition stays, and finished chunks of the
    transcript are not
      transcribed again.
    - The input must still be in the bucket: the verified original, the published video, or the speech
    track. An import
      is downloaded again.
    - The number of attempts starts again at zero.
    - Repeating the request with its `Idempotency-Key` returns the video as it is now. A video that has
    failed again in
      the meantime is not retried.

    Args:
        video_id (str): The video's id, as returned when it was created.
        idempotency_key (str | Unset): 1 to 255 printable ASCII characters, chosen by the client.
            If a request is repeated with the same key within 24 hours, it creates nothing new, and
            the response carries `Idempotency-Replayed: true`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | UploadCompleteResponse
    """

    return (
        await asyncio_detailed(
            video_id=video_id,
            client=client,
            idempotency_key=idempotency_key,
        )
    ).parsed
