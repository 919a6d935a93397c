from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.follow_video_until_type_1 import FollowVideoUntilType1
from ...models.follow_video_until_type_2_type_1 import FollowVideoUntilType2Type1
from ...models.follow_video_until_type_3_type_1 import FollowVideoUntilType3Type1
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    video_id: str,
    *,
    last_event_id_query: None | str | Unset = UNSET,
    until: FollowVideoUntilType1 | FollowVideoUntilType2Type1 | FollowVideoUntilType3Type1 | None | Unset = UNSET,
    last_event_id_header: None | str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(last_event_id_header, Unset):
        headers["Last-Event-ID"] = last_event_id_header

    params: dict[str, Any] = {}

    json_last_event_id_query: None | str | Unset
    if isinstance(last_event_id_query, Unset):
        json_last_event_id_query = UNSET
    else:
        json_last_event_id_query = last_event_id_query
    params["last_event_id"] = json_last_event_id_query

    json_until: None | str | Unset
    if isinstance(until, Unset):
        json_until = UNSET
    elif isinstance(until, FollowVideoUntilType1):
        json_until = until.value
    elif isinstance(until, FollowVideoUntilType2Type1):
        json_until = until.value
    elif isinstance(until, FollowVideoUntilType3Type1):
        json_until = until.value
    else:
        json_until = until
    params["until"] = json_until

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/videos/{video_id}/events".format(
            video_id=quote(str(video_id), safe=""),
        ),
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Any | Problem | str | None:
    if response.status_code == 200:
        response_200 = response.text
        return response_200

    if response.status_code == 204:
        response_204 = cast(Any, None)
        return response_204

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Any | Problem | str]:
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
    last_event_id_query: None | str | Unset = UNSET,
    until: FollowVideoUntilType1 | FollowVideoUntilType2Type1 | FollowVideoUntilType3Type1 | None | Unset = UNSET,
    last_event_id_header: None | str | Unset = UNSET,
) -> Response[Any | Problem | str]:
    """Follow a video

     Follow a video live.

    - The first event is `snapshot`: the same JSON as the video's status. Then come the events as they
    happen, such as
      `video.playable`, each with an `id`, and `progress` without an `id` for percentages.
    - A client that connects again with the last `id` (`Last-Event-ID`) gets the events that it missed.
    If the log no
      longer has them, or has no such id, the stream begins with `reset`, and the snapshot replaces what
    was missed.
    - A slow client loses percentages only.
    - The stream continues after `video.completed` and `video.failed`, because a retry may follow,
    unless the request
      has `until=terminal`. It ends with an event `end` whose `reason` is `deleted` (after
    `video.deleted`), `terminal`,
      `expired` (the token has expired) or `stopping` (the server stops: connect again).
    - Another user's video gives the same answer as a video that does not exist.

    Args:
        video_id (str): The video's id, as returned when it was created.
        last_event_id_query (None | str | Unset): The `id` of the last event that the client
            received. For a first connection; `Last-Event-ID` takes precedence.
        until (FollowVideoUntilType1 | FollowVideoUntilType2Type1 | FollowVideoUntilType3Type1 |
            None | Unset): With `terminal` the stream ends when the video is completed or has failed.
            If the client has received everything up to there already, the response is 204, which
            keeps an `EventSource` from connecting again.
        last_event_id_header (None | str | Unset): The `id` of the last event that the client
            received. An `EventSource` sends it by itself.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Problem | str]
    """

    kwargs = _get_kwargs(
        video_id=video_id,
        last_event_id_query=last_event_id_query,
        until=until,
        last_event_id_header=last_event_id_header,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    video_id: str,
    *,
    client: AuthenticatedClient,
    last_event_id_query: None | str | Unset = UNSET,
    until: FollowVideoUntilType1 | FollowVideoUntilType2Type1 | FollowVideoUntilType3Type1 | None | Unset = UNSET,
    last_event_id_header: None | str | Unset = UNSET,
) -> Any | Problem | str | None:
    """Follow a video

     Follow a video live.

    - The first event is `snapshot`: the same JSON as the video's status. Then come the events as they
    happen, such as
      `video.playable`, each with an `id`, and `progress` without an `id` for percentages.
    - A client that connects again with the last `id` (`Last-Event-ID`) gets the events that it missed.
    If the log no
      longer has them, or has no such id, the stream begins with `reset`, and the snapshot replaces what
    was missed.
    - A slow client loses percentages only.
    - The stream continues after `video.completed` and `video.failed`, because a retry may follow,
    unless the request
      has `until=terminal`. It ends with an event `end` whose `reason` is `deleted` (after
    `video.deleted`), `terminal`,
      `expired` (the token has expired) or `stopping` (the server stops: connect again).
    - Another user's video gives the same answer as a video that does not exist.

    Args:
        video_id (str): The video's id, as returned when it was created.
        last_event_id_query (None | str | Unset): The `id` of the last event that the client
            received. For a first connection; `Last-Event-ID` takes precedence.
        until (FollowVideoUntilType1 | FollowVideoUntilType2Type1 | FollowVideoUntilType3Type1 |
            None | Unset): With `terminal` the stream ends when the video is completed or has failed.
            If the client has received everything up to there already, the response is 204, which
            keeps an `EventSource` from connecting again.
        last_event_id_header (None | str | Unset): The `id` of the last event that the client
            received. An `EventSource` sends it by itself.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Problem | str
    """

    return sync_detailed(
        video_id=video_id,
        client=client,
        last_event_id_query=last_event_id_query,
        until=until,
        last_event_id_header=last_event_id_header,
    ).parsed


async def asyncio_detailed(
    video_id: str,
    *,
    client: AuthenticatedClient,
    last_event_id_query: None | str | Unset = UNSET,
    until: FollowVideoUntilType1 | FollowVideoUntilType2Type1 | FollowVideoUntilType3Type1 | None | Unset = UNSET,
    last_event_id_header: None | str | Unset = UNSET,
) -> Response[Any | Problem | str]:
    """Follow a video

     Follow a video live.

    - The first event is `snapshot`: the same JSON as the video's status. Then come the events as they
    happen, such as
      `video.playable`, each with an `id`, and `progress` without an `id` for percentages.
    - A client that connects again with the last `id` (`Last-Event-ID`) gets the events that it missed.
    If the log no
      longer has them, or has no such id, the stream begins with `reset`, and the snapshot replaces what
    was missed.
    - A slow client loses percentages only.
    - The stream continues after `video.completed` and `video.failed`, because a retry may follow,
    unless the request
      has `until=terminal`. It ends with an event `end` whose `reason` is `deleted` (after
    `video.deleted`), `terminal`,
      `expired` (the token has expired) or `stopping` (the server stops: connect again).
    - Another user's video gives the same answer as a video that does not exist.

    Args:
        video_id (str): The video's id, as returned when it was created.
        last_event_id_query (None | str | Unset): The `id` of the last event that the client
            received. For a first connection; `Last-Event-ID` takes precedence.
        until (FollowVideoUntilType1 | FollowVideoUntilType2Type1 | FollowVideoUntilType3Type1 |
            None | Unset): With `terminal` the stream ends when the video is completed or has failed.
            If the client has received everything up to there already, the response is 204, which
            keeps an `EventSource` from connecting again.
        last_event_id_header (None | str | Unset): The `id` of the last event that the client
            received. An `EventSource` sends it by itself.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Problem | str]
    """

    kwargs = _get_kwargs(
        video_id=video_id,
        last_event_id_query=last_event_id_query,
        until=until,
        last_event_id_header=last_event_id_header,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    video_id: str,
    *,
    client: AuthenticatedClient,
    last_event_id_query: None | str | Unset = UNSET,
    until: FollowVideoUntilType1 | FollowVideoUntilType2Type1 | FollowVideoUntilType3Type1 | None | Unset = UNSET,
    last_event_id_header: None | str | Unset = UNSET,
) -> Any | Problem | str | None:
    """Follow a video

     Follow a video live.

    - The first event is `snapshot`: the same JSON as the video's status. Then come the events as they
    happen, such as
      `video.playable`, each with an `id`, and `progress` without an `id` for percentages.
    - A client that connects again with the last `id` (`Last-Event-ID`) gets the events that it missed.
    If the log no
      longer has them, or has no such id, the stream begins with `reset`, and the snapshot replaces what
    was missed.
    - A slow client loses percentages only.
    - The stream continues after `video.completed` and `video.failed`, because a retry may follow,
    unless the request
      has `until=terminal`. It ends with an event `end` whose `reason` is `deleted` (after
    `video.deleted`), `terminal`,
      `expired` (the token has expired) or `stopping` (the server stops: connect again).
    - Another user's video gives the same answer as a video that does not exist.

    Args:
        video_id (str): The video's id, as returned when it was created.
        last_event_id_query (None | str | Unset): The `id` of the last event that the client
            received. For a first connection; `Last-Event-ID` takes precedence.
        until (FollowVideoUntilType1 | FollowVideoUntilType2Type1 | FollowVideoUntilType3Type1 |
            None | Unset): With `terminal` the stream ends when the video is completed or has failed.
            If the client has received everything up to there already, the response is 204, which
            keeps an `EventSource` from connecting again.
        last_event_id_header (None | str | Unset): The `id` of the last event that the client
            received. An `EventSource` sends it by itself.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Problem | str
    """

    return (
        await asyncio_detailed(
            video_id=video_id,
            client=client,
            last_event_id_query=last_event_id_query,
            until=until,
            last_event_id_header=last_event_id_header,
        )
    ).parsed
