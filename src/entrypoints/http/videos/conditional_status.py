"""The status of a video for a client that polls it: with an ETag, and the time of the next poll."""

from hashlib import blake2b
from http import HTTPStatus
from typing import Annotated

import msgspec
from litestar import MediaType, Response
from litestar.params import HeaderParameter

from domain.model.videos.polling import poll_after_s
from domain.model.videos.video import Video
from entrypoints.http.local_bucket.byte_ranges import is_cached
from entrypoints.http.videos.schemas import StatusResponse

POLLING = """- The response has an `ETag`; a request with it in `If-None-Match` gets 304 while nothing has changed.
- While the video is not terminal, `Retry-After` says after how many seconds to ask again. To follow a video without
  polling, use its event stream."""

IfNoneMatch = Annotated[
    str | None, HeaderParameter(name="If-None-Match", description="The `ETag` of the client's copy.")
]

_DIGEST_BYTES = 16
_encode = msgspec.json.Encoder().encode


def status_response(video: Video, if_none_match: str | None) -> Response[bytes]:
    """The status, or 304 if the client has it; the ETag is a digest of the body, so it changes with any part of it."""
    body = _encode(StatusResponse.of(video))
    etag = f'"{blake2b(body, digest_size=_DIGEST_BYTES).hexdigest()}"'
    wait_s = poll_after_s(video)
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"} | (
        {} if wait_s is None else {"Retry-After": str(wait_s)}
    )
    if is_cached(if_none_match, etag):
        return Response(b"", status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(body, media_type=MediaType.JSON, headers=headers)
