from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.part_numbers_request import PartNumbersRequest
from ...models.parts_response import PartsResponse
from ...models.problem import Problem
from ...types import Response


def _get_kwargs(
    video_id: str,
    *,
    body: PartNumbersRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/videos/{video_id}/upload/parts".format(
            video_id=quote(str(video_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> PartsResponse | Problem | None:
    if response.status_code == 200:
        response_200 = PartsResponse.from_dict(response.json())

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
) -> Response[PartsResponse | Problem]:
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
    body: PartNumbersRequest,
) -> Response[PartsResponse | Problem]:
    """Get presigned URLs for parts

     Get presigned URLs for parts of a multipart upload.

    - One request signs up to 100 parts, in any order. A part can be signed and sent again; the new
    bytes replace the
      old ones.
    - Request URLs shortly before use, because each expires after `expires_in` seconds. Each request
    extends the time
      until the upload expires.
    - A URL accepts exactly the number of bytes of its part. `Content-Length` is signed, and no other
    header is needed.
    - Of an upload without a declared size, every part has `part_size` bytes, except the last: send its
    size as
      `last_part_size`, which is that of the highest of these part numbers. Each signed part counts as
    sent towards the
      maximum file size and the storage quota, until the upload is complete and its size is known.

    Args:
        video_id (str): The video's id, as returned when it was created.
        body (PartNumbersRequest): The parts that a client is about to upload.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PartsResponse | Problem]
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
    body: PartNumbersRequest,
) -> PartsResponse | Problem | None:
    """Get presigned URLs for parts

     Get presigned URLs for parts of a multipart upload.

    - One request signs up to 100 parts, in any order. A part can be signed and sent again; the new
    bytes replace the
      old ones.
    - Request URLs shortly before use, because each expires after `expires_in` seconds. Each request
    extends the time
      until the upload expires.
    - A URL accepts exactly the number of bytes of its part. `Content-Length` is signed, and no other
    header is needed.
    - Of an upload without a declared size, every part has `part_size` bytes, except the last: send its
    size as
      `last_part_size`, which is that of the highest of these part numbers. Each signed part counts as
    sent towards the
      maximum file size and the storage quota, until the upload is complete and its size is known.

    Args:
        video_id (str): The video's id, as returned when it was created.
        body (PartNumbersRequest): The parts that a client is about to upload.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PartsResponse | Problem
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
    body: PartNumbersRequest,
) -> Response[PartsResponse | Problem]:
    """Get presigned URLs for parts

     Get presigned URLs for parts of a multipart upload.

    - One request signs up to 100 parts, in any order. A part can be signed and sent again; the new
    bytes replace the
      old ones.
    - Request URLs shortly before use, because each expires after `expires_in` seconds. Each request
    extends the time
      until the upload expires.
    - A URL accepts exactly the number of bytes of its part. `Content-Length` is signed, and no other
    header is needed.
    - Of an upload without a declared size, every part has `part_size` bytes, except the last: send its
    size as
      `last_part_size`, which is that of the highest of these part numbers. Each signed part counts as
    sent towards the
      maximum file size and the storage quota, until the upload is complete and its size is known.

    Args:
        video_id (str): The video's id, as returned when it was created.
        body (PartNumbersRequest): The parts that a client is about to upload.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PartsResponse | Problem]
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
    body: PartNumbersRequest,
) -> PartsResponse | Problem | None:
    """Get presigned URLs for parts

     Get presigned URLs for parts of a multipart upload.

    - One request signs up to 100 parts, in any order. A part can be signed and sent again; the new
    bytes replace the
      old ones.
    - Request URLs shortly before use, because each expires after `expires_in` seconds. Each request
    extends the time
      until the upload expires.
    - A URL accepts exactly the number of bytes of its part. `Content-Length` is signed, and no other
    header is needed.
    - Of an upload without a declared size, every part has `part_size` bytes, except the last: send its
    size as
      `last_part_size`, which is that of the highest of these part numbers. Each signed part counts as
    sent towards the
      maximum file size and the storage quota, until the upload is complete and its size is known.

    Args:
        video_id (str): The video's id, as returned when it was created.
        body (PartNumbersRequest): The parts that a client is about to upload.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PartsResponse | Problem
    """

    return (
        await asyncio_detailed(
            video_id=video_id,
            client=client,
            body=body,
        )
    ).parsed
