import datetime
from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.list_videos_captions import ListVideosCaptions
from ...models.list_videos_sort import ListVideosSort
from ...models.list_videos_status_item import ListVideosStatusItem
from ...models.problem import Problem
from ...models.video_page import VideoPage
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    status: list[ListVideosStatusItem] | Unset = UNSET,
    q: str | Unset = UNSET,
    external_id: str | Unset = UNSET,
    created_after: datetime.datetime | Unset = UNSET,
    created_before: datetime.datetime | Unset = UNSET,
    captions: ListVideosCaptions | Unset = UNSET,
    limit: int | Unset = 25,
    cursor: str | Unset = UNSET,
    sort: ListVideosSort | Unset = ListVideosSort.VALUE_0,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_status: list[str] | Unset = UNSET
    if not isinstance(status, Unset):
        json_status = []
        for status_item_data in status:
            status_item = status_item_data.value
            json_status.append(status_item)

    params["status"] = json_status

    params["q"] = q

    params["external_id"] = external_id

    json_created_after: str | Unset = UNSET
    if not isinstance(created_after, Unset):
        json_created_after = created_after.isoformat()
    params["created_after"] = json_created_after

    json_created_before: str | Unset = UNSET
    if not isinstance(created_before, Unset):
        json_created_before = created_before.isoformat()
    params["created_before"] = json_created_before

    json_captions: str | Unset = UNSET
    if not isinstance(captions, Unset):
        json_captions = captions.value

    params["captions"] = json_captions

    params["limit"] = limit

    params["cursor"] = cursor

    json_sort: str | Unset = UNSET
    if not isinstance(sort, Unset):
        json_sort = sort.value

    params["sort"] = json_sort

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/videos",
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | VideoPage | None:
    if response.status_code == 200:
        response_200 = VideoPage.from_dict(response.json())

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Problem | VideoPage]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    status: list[ListVideosStatusItem] | Unset = UNSET,
    q: str | Unset = UNSET,
    external_id: str | Unset = UNSET,
    created_after: datetime.datetime | Unset = UNSET,
    created_before: datetime.datetime | Unset = UNSET,
    captions: ListVideosCaptions | Unset = UNSET,
    limit: int | Unset = 25,
    cursor: str | Unset = UNSET,
    sort: ListVideosSort | Unset = ListVideosSort.VALUE_0,
) -> Response[Problem | VideoPage]:
    """List videos

     List the user's videos, one page at a time, newest first unless `sort` says otherwise.

    - A video is in the list if it meets every condition: one of the statuses in `status`, all words of
    `q`, the
      `external_id`, the times, and `captions=missing`.
    - `q` finds titles. Each of its words, which white space separates, must occur somewhere in the
    title, also within
      a word. Case, accents and width make no difference.
    - `sort` by title compares the titles without case, accents and width, by code points. Equal values
    are ordered by
      id.
    - Send `next_cursor` as `cursor`, with the same `sort` and conditions, to get the next page; it is
    null on the last
      page. `limit` may change from page to page.
    - Videos that are added or deleted between two requests cause no repeated and no missing entries.
    - `poster_url` and `playback_url` are signed as by `GET /api/videos/{video_id}/playback`; they are
    null until the
      video is playable.

    Args:
        status (list[ListVideosStatusItem] | Unset): Only videos with one of these statuses. The
            parameter may be repeated, or have several values with commas between them.
        q (str | Unset): Only videos whose title contains all of these words, also within a word;
            case, accents and width make no difference. Without a word it has no effect.
        external_id (str | Unset): Only videos with exactly this id of another system.
        created_after (datetime.datetime | Unset): Only videos that were created at this time or
            later: an RFC 3339 time with a time zone.
        created_before (datetime.datetime | Unset): Only videos that were created before this
            time.
        captions (ListVideosCaptions | Unset): With `missing`, only videos that can be played and
            have no cues.
        limit (int | Unset): The maximum number of entries on the page: 1 to 100. Default: 25.
        cursor (str | Unset): `next_cursor` of the previous page; without it, the first page.
        sort (ListVideosSort | Unset): The order: by the time of creation or by the title, with a
            minus sign descending. Default: ListVideosSort.VALUE_0.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | VideoPage]
    """

    kwargs = _get_kwargs(
        status=status,
        q=q,
        external_id=external_id,
        created_after=created_after,
        created_before=created_before,
        captions=captions,
        limit=limit,
        cursor=cursor,
        sort=sort,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    status: list[ListVideosStatusItem] | Unset = UNSET,
    q: str | Unset = UNSET,
    external_id: str | Unset = UNSET,
    created_after: datetime.datetime | Unset = UNSET,
    created_before: datetime.datetime | Unset = UNSET,
    captions: ListVideosCaptions | Unset = UNSET,
    limit: int | Unset = 25,
    cursor: str | Unset = UNSET,
    sort: ListVideosSort | Unset = ListVideosSort.VALUE_0,
) -> Problem | VideoPage | None:
    """List videos

     List the user's videos, one page at a time, newest first unless `sort` says otherwise.

    - A video is in the list if it meets every condition: one of the statuses in `status`, all words of
    `q`, the
      `external_id`, the times, and `captions=missing`.
    - `q` finds titles. Each of its words, which white space separates, must occur somewhere in the
    title, also within
      a word. Case, accents and width make no difference.
    - `sort` by title compares the titles without case, accents and width, by code points. Equal values
    are ordered by
      id.
    - Send `next_cursor` as `cursor`, with the same `sort` and conditions, to get the next page; it is
    null on the last
      page. `limit` may change from page to page.
    - Videos that are added or deleted between two requests cause no repeated and no missing entries.
    - `poster_url` and `playback_url` are signed as by `GET /api/videos/{video_id}/playback`; they are
    null until the
      video is playable.

    Args:
        status (list[ListVideosStatusItem] | Unset): Only videos with one of these statuses. The
            parameter may be repeated, or have several values with commas between them.
        q (str | Unset): Only videos whose title contains all of these words, also within a word;
            case, accents and width make no difference. Without a word it has no effect.
        external_id (str | Unset): Only videos with exactly this id of another system.
        created_after (datetime.datetime | Unset): Only videos that were created at this time or
            later: an RFC 3339 time with a time zone.
        created_before (datetime.datetime | Unset): Only videos that were created before this
            time.
        captions (ListVideosCaptions | Unset): With `missing`, only videos that can be played and
            have no cues.
        limit (int | Unset): The maximum number of entries on the page: 1 to 100. Default: 25.
        cursor (str | Unset): `next_cursor` of the previous page; without it, the first page.
        sort (ListVideosSort | Unset): The order: by the time of creation or by the title, with a
            minus sign descending. Default: ListVideosSort.VALUE_0.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | VideoPage
    """

    return sync_detailed(
        client=client,
        status=status,
        q=q,
        external_id=external_id,
        created_after=created_after,
        created_before=created_before,
        captions=captions,
        limit=limit,
        cursor=cursor,
        sort=sort,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    status: list[ListVideosStatusItem] | Unset = UNSET,
    q: str | Unset = UNSET,
    external_id: str | Unset = UNSET,
    created_after: datetime.datetime | Unset = UNSET,
    created_before: datetime.datetime | Unset = UNSET,
    captions: ListVideosCaptions | Unset = UNSET,
    limit: int | Unset = 25,
    cursor: str | Unset = UNSET,
    sort: ListVideosSort | Unset = ListVideosSort.VALUE_0,
) -> Response[Problem | VideoPage]:
    """List videos

     List the user's videos, one page at a time, newest first unless `sort` says otherwise.

    - A video is in the list if it meets every condition: one of the statuses in `status`, all words of
    `q`, the
      `external_id`, the times, and `captions=missing`.
    - `q` finds titles. Each of its words, which white space separates, must occur somewhere in the
    title, also within
      a word. Case, accents and width make no difference.
    - `sort` by title compares the titles without case, accents and width, by code points. Equal values
    are ordered by
      id.
    - Send `next_cursor` as `cursor`, with the same `sort` and conditions, to get the next page; it is
    null on the last
      page. `limit` may change from page to page.
    - Videos that are added or deleted between two requests cause no repeated and no missing entries.
    - `poster_url` and `playback_url` are signed as by `GET /api/videos/{video_id}/playback`; they are
    null until the
      video is playable.

    Args:
        status (list[ListVideosStatusItem] | Unset): Only videos with one of these statuses. The
            parameter may be repeated, or have several values with commas between them.
        q (str | Unset): Only videos whose title contains all of these words, also within a word;
            case, accents and width make no difference. Without a word it has no effect.
        external_id (str | Unset): Only videos with exactly this id of another system.
        created_after (datetime.datetime | Unset): Only videos that were created at this time or
            later: an RFC 3339 time with a time zone.
        created_before (datetime.datetime | Unset): Only videos that were created before this
            time.
        captions (ListVideosCaptions | Unset): With `missing`, only videos that can be played and
            have no cues.
        limit (int | Unset): The maximum number of entries on the page: 1 to 100. Default: 25.
        cursor (str | Unset): `next_cursor` of the previous page; without it, the first page.
        sort (ListVideosSort | Unset): The order: by the time of creation or by the title, with a
            minus sign descending. Default: ListVideosSort.VALUE_0.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | VideoPage]
    """

    kwargs = _get_kwargs(
        status=status,
        q=q,
        external_id=external_id,
        created_after=created_after,
        created_before=created_before,
        captions=captions,
        limit=limit,
        cursor=cursor,
        sort=sort,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    status: list[ListVideosStatusItem] | Unset = UNSET,
    q: str | Unset = UNSET,
    external_id: str | Unset = UNSET,
    created_after: datetime.datetime | Unset = UNSET,
    created_before: datetime.datetime | Unset = UNSET,
    captions: ListVideosCaptions | Unset = UNSET,
    limit: int | Unset = 25,
    cursor: str | Unset = UNSET,
    sort: ListVideosSort | Unset = ListVideosSort.VALUE_0,
) -> Problem | VideoPage | None:
    """List videos

     List the user's videos, one page at a time, newest first unless `sort` says otherwise.

    - A video is in the list if it meets every condition: one of the statuses in `status`, all words of
    `q`, the
      `external_id`, the times, and `captions=missing`.
    - `q` finds titles. Each of its words, which white space separates, must occur somewhere in the
    title, also within
      a word. Case, accents and width make no difference.
    - `sort` by title compares the titles without case, accents and width, by code points. Equal values
    are ordered by
      id.
    - Send `next_cursor` as `cursor`, with the same `sort` and conditions, to get the next page; it is
    null on the last
      page. `limit` may change from page to page.
    - Videos that are added or deleted between two requests cause no repeated and no missing entries.
    - `poster_url` and `playback_url` are signed as by `GET /api/videos/{video_id}/playback`; they are
    null until the
      video is playable.

    Args:
        status (list[ListVideosStatusItem] | Unset): Only videos with one of these statuses. The
            parameter may be repeated, or have several values with commas between them.
        q (str | Unset): Only videos whose title contains all of these words, also within a word;
            case, accents and width make no difference. Without a word it has no effect.
        external_id (str | Unset): Only videos with exactly this id of another system.
        created_after (datetime.datetime | Unset): Only videos that were created at this time or
            later: an RFC 3339 time with a time zone.
        created_before (datetime.datetime | Unset): Only videos that were created before this
            time.
        captions (ListVideosCaptions | Unset): With `missing`, only videos that can be played and
            have no cues.
        limit (int | Unset): The maximum number of entries on the page: 1 to 100. Default: 25.
        cursor (str | Unset): `next_cursor` of the previous page; without it, the first page.
        sort (ListVideosSort | Unset): The order: by the time of creation or by the title, with a
            minus sign descending. Default: ListVideosSort.VALUE_0.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | VideoPage
    """

    return (
        await asyncio_detailed(
            client=client,
            status=status,
            q=q,
            external_id=external_id,
            created_after=created_after,
            created_before=created_before,
            captions=captions,
            limit=limit,
            cursor=cursor,
            sort=sort,
        )
    ).parsed
