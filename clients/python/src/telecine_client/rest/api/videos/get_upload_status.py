from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.upload_progress_response import UploadProgressResponse
from ...types import Response


def _get_kwargs(
    video_id: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/videos/{video_id}/upload".format(
            video_id=quote(str(video_id), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | UploadProgressResponse | None:
    if response.status_code == 200:
        response_200 = UploadProgressResponse.from_dict(response.json())

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
) -> Response[Problem | UploadProgressResponse]:
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
) -> Response[Problem | UploadProgressResponse]:
    """Get the progress of an upload

     Get the progress of an upload.

    - The progress is read from the bucket, so any client of the same user can resume it with the
    video's id alone.
    - Of an upload without a declared size, `file_size` and `part_count` are null, and `missing_parts`
    are the gaps
      before the last part that was received.
    - Send the `missing_parts` in any order. When the list is empty, report the upload complete.
    - An upload that was cancelled, failed or expired has `received_bytes` 0, and every part is missing.

    Args:
        video_id (str): The video's id, as returned when it was created.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | UploadProgressResponse]
    """

    kwargs = _get_kwargs(
        video_id=video_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    video_id: str,
    *,
    client: AuthenticatedClient,
) -> Problem | UploadProgressResponse | None:
    """Get the progress of an upload

     Get the progress of an upload.

    - The progress is read from the bucket, so any client of the same user can resume it with the
    video's id alone.
    - Of an upload without a declared size, `file_size` and `part_count` are null, and `missing_parts`
    are the gaps
      before the last part that was received.
    - Send the `missing_parts` in any order. When the list is empty, report the upload complete.
    - An upload that was cancelled, failed or expired has `received_bytes` 0, and every part is missing.

    Args:
        video_id (str): The video's id, as returned when it was created.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | UploadProgressResponse
    """

    return sync_detailed(
        video_id=video_id,
        client=client,
    ).parsed


async def asyncio_detailed(
    video_id: str,
    *,
    client: AuthenticatedClient,
) -> Response[Problem | UploadProgressResponse]:
    """Get the progress of an upload

     Get the progress of an upload.

    - The progress is read from the bucket, so any client of the same user can resume it with the
    video's id alone.
    - Of an upload without a declared size, `file_size` and `part_count` are null, and `missing_parts`
    are the gaps
      before the last part that was received.
    - Send the `missing_parts` in any order. When the list is empty, report the upload complete.
    - An upload that was cancelled, failed or expired has `received_bytes` 0, and every part is missing.

    Args:
        video_id (str): The video's id, as returned when it was created.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | UploadProgressResponse]
    """

    kwargs = _get_kwargs(
        video_id=video_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    video_id: str,
    *,
    client: AuthenticatedClient,
) -> Problem | UploadProgressResponse | None:
    """Get the progress of an upload

     Get the progress of an upload.

    - The progress is read from the bucket, so any client of the same user can resume it with the
    video's id alone.
    - Of an upload without a declared size, `file_size` and `part_count` are null, and `missing_parts`
    are the gaps
      before the last part that was received.
    - Send the `missing_parts` in any order. When the list is empty, report the upload complete.
    - An upload that was cancelled, failed or expired has `received_bytes` 0, and every part is missing.

    Args:
        video_id (str): The video's id, as returned when it was created.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | UploadProgressResponse
    """

    return (
        await asyncio_detailed(
            video_id=video_id,
            client=client,
        )
    ).parsed
