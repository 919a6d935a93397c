from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.proxied_upload_response import ProxiedUploadResponse
from ...models.upload_video_body import UploadVideoBody
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: UploadVideoBody,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/videos/upload",
    }

    _kwargs["files"] = body.to_multipart()

    headers["Content-Type"] = "multipart/form-data; boundary=+++"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | ProxiedUploadResponse | None:
    if response.status_code == 201:
        response_201 = ProxiedUploadResponse.from_dict(response.json())

        return response_201

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())

        return response_409

    if response.status_code == 410:
        response_410 = Problem.from_dict(response.json())

        return response_410

    if response.status_code == 411:
        response_411 = Problem.from_dict(response.json())

        return response_411

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

    if response.status_code == 507:
        response_507 = Problem.from_dict(response.json())

        return response_507

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Problem | ProxiedUploadResponse]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: UploadVideoBody,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problem | ProxiedUploadResponse]:
    """Upload through the API

     Upload a video through the API. Deprecated: use a presigned URL instead.

    - The file is forwarded to the bucket in parts of 5 MiB while it arrives; the server keeps one part
    in memory.
    - The filename, type, size and the user's quotas are checked as for a presigned URL.
    - An interrupted upload leaves nothing in the bucket. If its first part had arrived, its video
    becomes `failed`.
    - With an `Idempotency-Key`, a repeated request is answered without reading the file again. It is
    refused while the
      first request is running, and for a minute after the server that received the first request has
    crashed.
    - The number of concurrent uploads is limited, because each needs the memory of one part.

    Args:
        idempotency_key (str | Unset): 1 to 255 printable ASCII characters, chosen by the client.
            If a request is repeated with the same key within 24 hours, it creates nothing new, and
            the response carries `Idempotency-Replayed: true`.
        body (UploadVideoBody):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | ProxiedUploadResponse]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: UploadVideoBody,
    idempotency_key: str | Unset = UNSET,
) -> Problem | ProxiedUploadResponse | None:
    """Upload through the API

     Upload a video through the API. Deprecated: use a presigned URL instead.

    - The file is forwarded to the bucket in parts of 5 MiB while it arrives; the server keeps one part
    in memory.
    - The filename, type, size and the user's quotas are checked as for a presigned URL.
    - An interrupted upload leaves nothing in the bucket. If its first part had arrived, its video
    becomes `failed`.
    - With an `Idempotency-Key`, a repeated request is answered without reading the file again. It is
    refused while the
      first request is running, and for a minute after the server that received the first request has
    crashed.
    - The number of concurrent uploads is limited, because each needs the memory of one part.

    Args:
        idempotency_key (str | Unset): 1 to 255 printable ASCII characters, chosen by the client.
            If a request is repeated with the same key within 24 hours, it creates nothing new, and
            the response carries `Idempotency-Replayed: true`.
        body (UploadVideoBody):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | ProxiedUploadResponse
    """

    return sync_detailed(
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: UploadVideoBody,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problem | ProxiedUploadResponse]:
    """Upload through the API

     Upload a video through the API. Deprecated: use a presigned URL instead.

    - The file is forwarded to the bucket in parts of 5 MiB while it arrives; the server keeps one part
    in memory.
    - The filename, type, size and the user's quotas are checked as for a presigned URL.
    - An interrupted upload leaves nothing in the bucket. If its first part had arrived, its video
    becomes `failed`.
    - With an `Idempotency-Key`, a repeated request is answered without reading the file again. It is
    refused while the
      first request is running, and for a minute after the server that received the first request has
    crashed.
    - The number of concurrent uploads is limited, because each needs the memory of one part.

    Args:
        idempotency_key (str | Unset): 1 to 255 printable ASCII characters, chosen by the client.
            If a request is repeated with the same key within 24 hours, it creates nothing new, and
            the response carries `Idempotency-Replayed: true`.
        body (UploadVideoBody):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | ProxiedUploadResponse]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: UploadVideoBody,
    idempotency_key: str | Unset = UNSET,
) -> Problem | ProxiedUploadResponse | None:
    """Upload through the API

     Upload a video through the API. Deprecated: use a presigned URL instead.

    - The file is forwarded to the bucket in parts of 5 MiB while it arrives; the server keeps one part
    in memory.
    - The filename, type, size and the user's quotas are checked as for a presigned URL.
    - An interrupted upload leaves nothing in the bucket. If its first part had arrived, its video
    becomes `failed`.
    - With an `Idempotency-Key`, a repeated request is answered without reading the file again. It is
    refused while the
      first request is running, and for a minute after the server that received the first request has
    crashed.
    - The number of concurrent uploads is limited, because each needs the memory of one part.

    Args:
        idempotency_key (str | Unset): 1 to 255 printable ASCII characters, chosen by the client.
            If a request is repeated with the same key within 24 hours, it creates nothing new, and
            the response carries `Idempotency-Replayed: true`.
        body (UploadVideoBody):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | ProxiedUploadResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
