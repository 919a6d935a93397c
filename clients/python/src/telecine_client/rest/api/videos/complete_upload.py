from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.upload_complete_request import UploadCompleteRequest
from ...models.upload_complete_response import UploadCompleteResponse
from ...types import Response


def _get_kwargs(
    video_id: str,
    *,
    body: UploadCompleteRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/videos/{video_id}/upload/complete".format(
            video_id=quote(str(video_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

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
    body: UploadCompleteRequest,
) -> Response[Problem | UploadCompleteResponse]:
    """Report an upload complete or failed

     Report that the upload is complete.

    - The object must be in the bucket with the declared size. If it is absent, upload the file and call
    again.
    - The parts of a multipart upload are joined first. The client sends no ETags, because the server
    lists the parts
      itself. If parts are missing or have the wrong size, send them and call again.
    - Without a declared size, the parts in the bucket are the file: they must be numbered from 1
    without a gap, and all
      except the last must have `part_size` bytes.
    - The file must begin with the header of a supported container. If it does not, a single PUT can be
    repeated with
      the right file; a multipart upload fails, because its parts are already joined.
    - The status change and the job that processes the video commit in one transaction, so an accepted
    upload is not
      lost.
    - Repeating the call gives the same answer and queues no second job.

    Args:
        video_id (str): The video's id, as returned when it was created.
        body (UploadCompleteRequest): The result of the upload, as the client saw it.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | UploadCompleteResponse]
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
    body: UploadCompleteRequest,
) -> Problem | UploadCompleteResponse | None:
    """Report an upload complete or failed

     Report that the upload is complete.

    - The object must be in the bucket with the declared size. If it is absent, upload the file and call
    again.
    - The parts of a multipart upload are joined first. The client sends no ETags, because the server
    lists the parts
      itself. If parts are missing or have the wrong size, send them and call again.
    - Without a declared size, the parts in the bucket are the file: they must be numbered from 1
    without a gap, and all
      except the last must have `part_size` bytes.
    - The file must begin with the header of a supported container. If it does not, a single PUT can be
    repeated with
      the right file; a multipart upload fails, because its parts are already joined.
    - The status change and the job that processes the video commit in one transaction, so an accepted
    upload is not
      lost.
    - Repeating the call gives the same answer and queues no second job.

    Args:
        video_id (str): The video's id, as returned when it was created.
        body (UploadCompleteRequest): The result of the upload, as the client saw it.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | UploadCompleteResponse
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
    body: UploadCompleteRequest,
) -> Response[Problem | UploadCompleteResponse]:
    """Report an upload complete or failed

     Report that the upload is complete.

    - The object must be in the bucket with the declared size. If it is absent, upload the file and call
    again.
    - The parts of a multipart upload are joined first. The client sends no ETags, because the server
    lists the parts
      itself. If parts are missing or have the wrong size, send them and call again.
    - Without a declared size, the parts in the bucket are the file: they must be numbered from 1
    without a gap, and all
      except the last must have `part_size` bytes.
    - The file must begin with the header of a supported container. If it does not, a single PUT can be
    repeated with
      the right file; a multipart upload fails, because its parts are already joined.
    - The status change and the job that processes the video commit in one transaction, so an accepted
    upload is not
      lost.
    - Repeating the call gives the same answer and queues no second job.

    Args:
        video_id (str): The video's id, as returned when it was created.
        body (UploadCompleteRequest): The result of the upload, as the client saw it.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | UploadCompleteResponse]
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
    body: UploadCompleteRequest,
) -> Problem | UploadCompleteResponse | None:
    """Report an upload complete or failed

     Report that the upload is complete.

    - The object must be in the bucket with the declared size. If it is absent, upload the file and call
    again.
    - The parts of a multipart upload are joined first. The client sends no ETags, because the server
    lists the parts
      itself. If parts are missing or have the wrong size, send them and call again.
    - Without a declared size, the parts in the bucket are the file: they must be numbered from 1
    without a gap, and all
      except the last must have `part_size` bytes.
    - The file must begin with the header of a supported container. If it does not, a single PUT can be
    repeated with
      the right file; a multipart upload fails, because its parts are already joined.
    - The status change and the job that processes the video commit in one transaction, so an accepted
    upload is not
      lost.
    - Repeating the call gives the same answer and queues no second job.

    Args:
        video_id (str): The video's id, as returned when it was created.
        body (UploadCompleteRequest): The result of the upload, as the client saw it.

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
            body=body,
        )
    ).parsed
