"""The route of playback URLs, with conditional requests."""

from hashlib import sha256
from inspect import getdoc
from typing import Any

import msgspec
from litestar import MediaType, Request, get
from litestar.response import Response

from domain.model.ids import VideoId
from domain.use_cases.videos.get_playback import GetPlayback
from entrypoints.http.auth import PLAYBACK_TOKEN
from entrypoints.http.dependencies import Caller, UseCases, VideoIdInPath
from entrypoints.http.local_bucket.byte_ranges import is_cached
from entrypoints.http.openapi.document import json_response, problems
from entrypoints.http.videos import playback_examples
from entrypoints.http.videos.playback_schemas import PlaybackResponse

_DESCRIPTION = f"""{getdoc(GetPlayback)}
- A playback token of this video may be used instead of the owner's token.
- The response has an `ETag`; with `If-None-Match` it is 304 as long as the URLs are the same."""


@get(
    "/{video_id:str}/playback",
    summary="Get playback URLs",
    description=_DESCRIPTION,
    responses={
        **json_response(200, a_rendition=playback_examples.PLAYBACK),
        **problems("video_not_found", "not_playable"),
    },
    opt=PLAYBACK_TOKEN,
)
async def get_playback(
    request: Request[Any, Any, Any], video_id: VideoIdInPath, application: UseCases, user: Caller
) -> Response[PlaybackResponse]:
    """Return signed URLs."""
    playback = await application.get_playback(user, VideoId(video_id))
    body = PlaybackResponse.of(playback, application.options.public_url)
    etag = f'"{sha256(msgspec.json.encode(body)).hexdigest()[:32]}"'
    # The URLs are the same for a time slot, but their video may be deleted in it: a cache must ask each time.
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if is_cached(request.headers.get("if-none-match"), etag):
        return Response(None, status_code=304, headers=headers, media_type=MediaType.TEXT)  # type: ignore[arg-type]
    return Response(body, headers=headers)
