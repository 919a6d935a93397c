from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.presigned_upload_response import PresignedUploadResponse
from ...models.problem import Problem
from ...types import Response


def _get_kwargs(
    video_id: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/videos/{video_id}/upload/presigned".format(
            video_id=quote(str(video_id), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> PresignedUploadResponse | Problem | None:
    if response.status_code == 200:
        response_200 = PresignedUploadResponse.from_dict(response.json())

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
) -> Response[PresignedUploadResponse | Problem]:
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
) -> Response[PresignedUploadResponse | Problem]:
    """Get a fresh presigned URL

     Get a new presigned URL for a single PUT.

    - The new URL accepts the same file as the first one, which stays valid until it expires.
    - A multipart upload gets its new URLs part by part, from `POST
    /api/videos/{video_id}/upload/parts`.

    Args:
        video_id (str): The video's id, as returned when it was created.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PresignedUploadResponse | Problem]
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
) -> PresignedUploadResponse | Problem | None:
    """Get a fresh presigned URL

     Get a new presigned URL for a single PUT.

    - The new URL accepts the same file as the first one, which stays valid until it expires.
    - A multipart upload gets its new URLs part by part, from `POST
    /api/videos/{video_id}/upload/parts`.

    Args:
        video_id (str): The video's id, as returned when it was created.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PresignedUploadResponse | Problem
    """

    return sync_detailed(
        video_id=video_id,
        client=client,
    ).parsed


async def asyncio_detailed(
    video_id: str,
    *,
    client: AuthenticatedClient,
) -> Response[PresignedUploadResponse | Problem]:
    """Get a fresh presigned URL

     Get a new presigned URL for a single PUT.

    - The new URL accepts the same file as the first one, which stays valid until it expires.
    - A multipart upload gets its new URLs part by part, from `POST
    /api/videos/{video_id}/upload/parts`.

    Args:
        video_id (str): The video's id, as returned when it was created.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PresignedUploadResponse | Problem]
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
) -> PresignedUploadResponse | Problem | None:
    """Get a fresh presigned URL

     Get a new presigned URL for a single PUT.

    - The new URL accepts the same file as the first one, which stays valid until it expires.
    - A multipart upload gets its new URLs part by part, from `POST
    /api/videos/{video_id}/upload/parts`.

    Args:
        video_id (str): The video's id, as returned when it was created.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PresignedUploadResponse | Problem
    """

    return (
        await asyncio_detailed(
            video_id=video_id,
            client=client,
        )
    ).parsed
