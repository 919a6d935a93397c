from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.upload_ticket_request import UploadTicketRequest
from ...models.upload_ticket_response import UploadTicketResponse
from ...types import Response


def _get_kwargs(
    video_id: str,
    *,
    body: UploadTicketRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/videos/{video_id}/upload/ticket".format(
            video_id=quote(str(video_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | UploadTicketResponse | None:
    if response.status_code == 201:
        response_201 = UploadTicketResponse.from_dict(response.json())

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
) -> Response[Problem | UploadTicketResponse]:
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
    body: UploadTicketRequest,
) -> Response[Problem | UploadTicketResponse]:
    """Get a URL for a step in the dialect of S3

     Get a URL for one step of a multipart upload, for clients that speak S3.

    - Such clients, for example `@uppy/aws-s3`, send requests without a token to signed URLs. The
    bucket's own URLs
      carry the parts; for the other steps (`create`, `list`, `complete`, `abort`) use this URL, which
    answers in S3's
      XML.
    - The URL contains a ticket that permits this step of this upload and nothing else. Within
    `expires_in` seconds it
      can be used repeatedly, because such clients repeat a failed request; it never outlives the token.
    - `list` and `complete` ask the bucket which parts it has; a list of parts in the request is
    ignored.

    Args:
        video_id (str): The video's id, as returned when it was created.
        body (UploadTicketRequest): The step that a client is about to take.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | UploadTicketResponse]
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
    body: UploadTicketRequest,
) -> Problem | UploadTicketResponse | None:
    """Get a URL for a step in the dialect of S3

     Get a URL for one step of a multipart upload, for clients that speak S3.

    - Such clients, for example `@uppy/aws-s3`, send requests without a token to signed URLs. The
    bucket's own URLs
      carry the parts; for the other steps (`create`, `list`, `complete`, `abort`) use this URL, which
    answers in S3's
      XML.
    - The URL contains a ticket that permits this step of this upload and nothing else. Within
    `expires_in` seconds it
      can be used repeatedly, because such clients repeat a failed request; it never outlives the token.
    - `list` and `complete` ask the bucket which parts it has; a list of parts in the request is
    ignored.

    Args:
        video_id (str): The video's id, as returned when it was created.
        body (UploadTicketRequest): The step that a client is about to take.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | UploadTicketResponse
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
    body: UploadTicketRequest,
) -> Response[Problem | UploadTicketResponse]:
    """Get a URL for a step in the dialect of S3

     Get a URL for one step of a multipart upload, for clients that speak S3.

    - Such clients, for example `@uppy/aws-s3`, send requests without a token to signed URLs. The
    bucket's own URLs
      carry the parts; for the other steps (`create`, `list`, `complete`, `abort`) use this URL, which
    answers in S3's
      XML.
    - The URL contains a ticket that permits this step of this upload and nothing else. Within
    `expires_in` seconds it
      can be used repeatedly, because such clients repeat a failed request; it never outlives the token.
    - `list` and `complete` ask the bucket which parts it has; a list of parts in the request is
    ignored.

    Args:
        video_id (str): The video's id, as returned when it was created.
        body (UploadTicketRequest): The step that a client is about to take.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | UploadTicketResponse]
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
    body: UploadTicketRequest,
) -> Problem | UploadTicketResponse | None:
    """Get a URL for a step in the dialect of S3

     Get a URL for one step of a multipart upload, for clients that speak S3.

    - Such clients, for example `@uppy/aws-s3`, send requests without a token to signed URLs. The
    bucket's own URLs
      carry the parts; for the other steps (`create`, `list`, `complete`, `abort`) use this URL, which
    answers in S3's
      XML.
    - The URL contains a ticket that permits this step of this upload and nothing else. Within
    `expires_in` seconds it
      can be used repeatedly, because such clients repeat a failed request; it never outlives the token.
    - `list` and `complete` ask the bucket which parts it has; a list of parts in the request is
    ignored.

    Args:
        video_id (str): The video's id, as returned when it was created.
        body (UploadTicketRequest): The step that a client is about to take.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | UploadTicketResponse
    """

    return (
        await asyncio_detailed(
            video_id=video_id,
            client=client,
            body=body,
        )
    ).parsed
