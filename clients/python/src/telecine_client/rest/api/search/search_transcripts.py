from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.search_response import SearchResponse
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    q: str,
    limit: int | Unset = 25,
    cursor: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["q"] = q

    params["limit"] = limit

    params["cursor"] = cursor

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/search",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | SearchResponse | None:
    if response.status_code == 200:
        response_200 = SearchResponse.from_dict(response.json())

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


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Problem | SearchResponse]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    q: str,
    limit: int | Unset = 25,
    cursor: str | Unset = UNSET,
) -> Response[Problem | SearchResponse]:
    """Search in transcripts

     Search in everything that is said in the user's videos.

    - The results are cues: one caption with its times, in which all words of the query occur in any
    order. Words in
      double quotes must follow one another, and `*` after a word finds all words that begin with it.
    - Case, accents, vowel points and the width of characters make no difference. In scripts without
    spaces between
      words, such as Chinese, Japanese and Thai, any sequence of characters is found.
    - All other characters separate words, so no query is a syntax error. A query without a word is
    rejected.
    - The cues of the newest video come first, and within a video the earliest cue. They are ranked in
    blocks of 100: of
      each block, the cues in which the whole query occurs as one phrase, as if it were in quotes,
    precede the others.
    - Send `next_cursor` as `cursor` to get the next page; it is null on the last page. Videos that are
    added between
      two requests do not shift the pages.
    - A transcript can be found as soon as it is stored. A phrase that continues in the next cue is not
    found.

    Args:
        q (str): The words to search for.
        limit (int | Unset): The maximum number of cues on the page: 1 to 100. Default: 25.
        cursor (str | Unset): `next_cursor` of the previous page; without it, the first page.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | SearchResponse]
    """

    kwargs = _get_kwargs(
        q=q,
        limit=limit,
        cursor=cursor,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    q: str,
    limit: int | Unset = 25,
    cursor: str | Unset = UNSET,
) -> Problem | SearchResponse | None:
    """Search in transcripts

     Search in everything that is said in the user's videos.

    - The results are cues: one caption with its times, in which all words of the query occur in any
    order. Words in
      double quotes must follow one another, and `*` after a word finds all words that begin with it.
    - Case, accents, vowel points and the width of characters make no difference. In scripts without
    spaces between
      words, such as Chinese, Japanese and Thai, any sequence of characters is found.
    - All other characters separate words, so no query is a syntax error. A query without a word is
    rejected.
    - The cues of the newest video come first, and within a video the earliest cue. They are ranked in
    blocks of 100: of
      each block, the cues in which the whole query occurs as one phrase, as if it were in quotes,
    precede the others.
    - Send `next_cursor` as `cursor` to get the next page; it is null on the last page. Videos that are
    added between
      two requests do not shift the pages.
    - A transcript can be found as soon as it is stored. A phrase that continues in the next cue is not
    found.

    Args:
        q (str): The words to search for.
        limit (int | Unset): The maximum number of cues on the page: 1 to 100. Default: 25.
        cursor (str | Unset): `next_cursor` of the previous page; without it, the first page.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | SearchResponse
    """

    return sync_detailed(
        client=client,
        q=q,
        limit=limit,
        cursor=cursor,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    q: str,
    limit: int | Unset = 25,
    cursor: str | Unset = UNSET,
) -> Response[Problem | SearchResponse]:
    """Search in transcripts

     Search in everything that is said in the user's videos.

    - The results are cues: one caption with its times, in which all words of the query occur in any
    order. Words in
      double quotes must follow one another, and `*` after a word finds all words that begin with it.
    - Case, accents, vowel points and the width of characters make no difference. In scripts without
    spaces between
      words, such as Chinese, Japanese and Thai, any sequence of characters is found.
    - All other characters separate words, so no query is a syntax error. A query without a word is
    rejected.
    - The cues of the newest video come first, and within a video the earliest cue. They are ranked in
    blocks of 100: of
      each block, the cues in which the whole query occurs as one phrase, as if it were in quotes,
    precede the others.
    - Send `next_cursor` as `cursor` to get the next page; it is null on the last page. Videos that are
    added between
      two requests do not shift the pages.
    - A transcript can be found as soon as it is stored. A phrase that continues in the next cue is not
    found.

    Args:
        q (str): The words to search for.
        limit (int | Unset): The maximum number of cues on the page: 1 to 100. Default: 25.
        cursor (str | Unset): `next_cursor` of the previous page; without it, the first page.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | SearchResponse]
    """

    kwargs = _get_kwargs(
        q=q,
        limit=limit,
        cursor=cursor,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    q: str,
    limit: int | Unset = 25,
    cursor: str | Unset = UNSET,
) -> Problem | SearchResponse | None:
    """Search in transcripts

     Search in everything that is said in the user's videos.

    - The results are cues: one caption with its times, in which all words of the query occur in any
    order. Words in
      double quotes must follow one another, and `*` after a word finds all words that begin with it.
    - Case, accents, vowel points and the width of characters make no difference. In scripts without
    spaces between
      words, such as Chinese, Japanese and Thai, any sequence of characters is found.
    - All other characters separate words, so no query is a syntax error. A query without a word is
    rejected.
    - The cues of the newest video come first, and within a video the earliest cue. They are ranked in
    blocks of 100: of
      each block, the cues in which the whole query occurs as one phrase, as if it were in quotes,
    precede the others.
    - Send `next_cursor` as `cursor` to get the next page; it is null on the last page. Videos that are
    added between
      two requests do not shift the pages.
    - A transcript can be found as soon as it is stored. A phrase that continues in the next cue is not
    found.

    Args:
        q (str): The words to search for.
        limit (int | Unset): The maximum number of cues on the page: 1 to 100. Default: 25.
        cursor (str | Unset): `next_cursor` of the previous page; without it, the first page.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | SearchResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            q=q,
            limit=limit,
            cursor=cursor,
        )
    ).parsed
