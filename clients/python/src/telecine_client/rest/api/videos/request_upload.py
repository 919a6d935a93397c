from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.presigned_upload_request import PresignedUploadRequest
from ...models.presigned_upload_response import PresignedUploadResponse
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: PresignedUploadRequest,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/videos/upload/presigned",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> PresignedUploadResponse | Problem | None:
    if response.status_code == 201:
        response_201 = PresignedUploadResponse.from_dict(response.json())

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
) -> Response[PresignedUploadResponse | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: PresignedUploadRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[PresignedUploadResponse | Problem]:
    """Get presigned upload URLs

     Create a video and get presigned URLs to upload its file.

    - The filename, type and size are checked first.
    - The strategy `single` is one PUT of up to 5 GiB. `multipart` uses parts of equal size, up to 5 TiB
    in total.
      `auto` uses parts for files of 100 MiB or more.
    - Until it expires, a URL accepts exactly the declared number of bytes; a single PUT must also have
    the declared
      type.
    - The declared type is advice. If it is empty or not that of a video or audio file, the type is
    derived from the
      extension; if the filename has no extension, the extension is derived from the type. Send the PUT
    with the headers
      in `headers`.
    - The spoken language and unusual words (`keywords`) improve the transcript. Both are optional.
    - `original` says what becomes of the uploaded file once a rendition of it is proven: it is erased
    (`delete`) or
      kept for download (`keep`), for `keep_days` days or for ever. Without it, the server's default
    applies.
    - The server chooses the object key; the filename is only stored for display.
    - Repeating the request with its `Idempotency-Key` gives the same answer and creates no second
    video. Once the
      upload is complete or closed, the URLs in that answer have expired.

    Args:
        idempotency_key (str | Unset): 1 to 255 printable ASCII characters, chosen by the client.
            If a request is repeated with the same key within 24 hours, it creates nothing new, and
            the response carries `Idempotency-Replayed: true`.
        body (PresignedUploadRequest): The file that a client is going to upload.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PresignedUploadResponse | Problem]
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
    body: PresignedUploadRequest,
    idempotency_key: str | Unset = UNSET,
) -> PresignedUploadResponse | Problem | None:
    """Get presigned upload URLs

     Create a video and get presigned URLs to upload its file.

    - The filename, type and size are checked first.
    - The strategy `single` is one PUT of up to 5 GiB. `multipart` uses parts of equal size, up to 5 TiB
    in total.
      `auto` uses parts for files of 100 MiB or more.
    - Until it expires, a URL accepts exactly the declared number of bytes; a single PUT must also have
    the declared
      type.
    - The declared type is advice. If it is empty or not that of a video or audio file, the type is
    derived from the
      extension; if the filename has no extension, the extension is derived from the type. Send the PUT
    with the headers
      in `headers`.
    - The spoken language and unusual words (`keywords`) improve the transcript. Both are optional.
    - `original` says what becomes of the uploaded file once a rendition of it is proven: it is erased
    (`delete`) or
      kept for download (`keep`), for `keep_days` days or for ever. Without it, the server's default
    applies.
    - The server chooses the object key; the filename is only stored for display.
    - Repeating the request with its `Idempotency-Key` gives the same answer and creates no second
    video. Once the
      upload is complete or closed, the URLs in that answer have expired.

    Args:
        idempotency_key (str | Unset): 1 to 255 printable ASCII characters, chosen by the client.
            If a request is repeated with the same key within 24 hours, it creates nothing new, and
            the response carries `Idempotency-Replayed: true`.
        body (PresignedUploadRequest): The file that a client is going to upload.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PresignedUploadResponse | Problem
    """

    return sync_detailed(
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: PresignedUploadRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[PresignedUploadResponse | Problem]:
    """Get presigned upload URLs

     Create a video and get presigned URLs to upload its file.

    - The filename, type and size are checked first.
    - The strategy `single` is one PUT of up to 5 GiB. `multipart` uses parts of equal size, up to 5 TiB
    in total.
      `auto` uses parts for files of 100 MiB or more.
    - Until it expires, a URL accepts exactly the declared number of bytes; a single PUT must also have
    the declared
      type.
    - The declared type is advice. If it is empty or not that of a video or audio file, the type is
    derived from the
      extension; if the filename has no extension, the extension is derived from the type. Send the PUT
    with the headers
      in `headers`.
    - The spoken language and unusual words (`keywords`) improve the transcript. Both are optional.
    - `original` says what becomes of the uploaded file once a rendition of it is proven: it is erased
    (`delete`) or
      kept for download (`keep`), for `keep_days` days or for ever. Without it, the server's default
    applies.
    - The server chooses the object key; the filename is only stored for display.
    - Repeating the request with its `Idempotency-Key` gives the same answer and creates no second
    video. Once the
      upload is complete or closed, the URLs in that answer have expired.

    Args:
        idempotency_key (str | Unset): 1 to 255 printable ASCII characters, chosen by the client.
            If a request is repeated with the same key within 24 hours, it creates nothing new, and
            the response carries `Idempotency-Replayed: true`.
        body (PresignedUploadRequest): The file that a client is going to upload.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PresignedUploadResponse | Problem]
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
    body: PresignedUploadRequest,
    idempotency_key: str | Unset = UNSET,
) -> PresignedUploadResponse | Problem | None:
    """Get presigned upload URLs

     Create a video and get presigned URLs to upload its file.

    - The filename, type and size are checked first.
    - The strategy `single` is one PUT of up to 5 GiB. `multipart` uses parts of equal size, up to 5 TiB
    in total.
      `auto` uses parts for files of 100 MiB or more.
    - Until it expires, a URL accepts exactly the declared number of bytes; a single PUT must also have
    the declared
      type.
    - The declared type is advice. If it is empty or not that of a video or audio file, the type is
    derived from the
      extension; if the filename has no extension, the extension is derived from the type. Send the PUT
    with the headers
      in `headers`.
    - The spoken language and unusual words (`keywords`) improve the transcript. Both are optional.
    - `original` says what becomes of the uploaded file once a rendition of it is proven: it is erased
    (`delete`) or
      kept for download (`keep`), for `keep_days` days or for ever. Without it, the server's default
    applies.
    - The server chooses the object key; the filename is only stored for display.
    - Repeating the request with its `Idempotency-Key` gives the same answer and creates no second
    video. Once the
      upload is complete or closed, the URLs in that answer have expired.

    Args:
        idempotency_key (str | Unset): 1 to 255 printable ASCII characters, chosen by the client.
            If a request is repeated with the same key within 24 hours, it creates nothing new, and
            the response carries `Idempotency-Replayed: true`.
        body (PresignedUploadRequest): The file that a client is going to upload.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PresignedUploadResponse | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
