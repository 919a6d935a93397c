"""Routes to change transcripts: request a new one, and upload or delete captions."""

from contextlib import aclosing
from dataclasses import dataclass, replace
from http import HTTPStatus
from inspect import getdoc
from typing import Annotated, Any, cast

from litestar import Request, Response, delete, post, put
from litestar.exceptions import HTTPException
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType
from litestar.params import Body, QueryParameter

from domain.model.errors import Rejected
from domain.model.ids import VideoId
from domain.model.transcripts.hints import LANGUAGE_PATTERN
from domain.use_cases.transcripts.regenerate_transcript import RegenerateTranscript
from domain.use_cases.transcripts.remove_captions import RemoveCaptions
from domain.use_cases.transcripts.replace_captions import MAX_CAPTIONS_BYTES, ReplaceCaptions
from entrypoints.http.body.stream import body_chunks
from entrypoints.http.dependencies import Caller, UseCases, VideoIdInPath
from entrypoints.http.idempotency import REPLAYED, IdempotencyKeyHeader
from entrypoints.http.openapi.document import HINTS, JSON_BODY, KEY, example, json_response, problems
from entrypoints.http.openapi.patterns import NO_EXTRA_FIELDS
from entrypoints.http.transcripts import examples as transcripts_examples
from entrypoints.http.transcripts.hints import NO_BODY, RegenerateRequest
from entrypoints.http.videos import examples as videos_examples
from entrypoints.http.videos.schemas import StatusResponse

CAPTION_TYPES = ("text/vtt", "application/x-subrip", "text/plain", "application/octet-stream")

RegenerateBody = Annotated[
    RegenerateRequest,
    Body(
        examples=[example("A talk in German", RegenerateRequest("de", ("Telecine", "Ada Lovelace")))],
        # Without this, Litestar would document `NO_BODY` as the default.
        schema_extra={**NO_EXTRA_FIELDS, "default": {}},
    ),
]
CaptionLanguage = Annotated[
    str | None,
    QueryParameter(
        name="language",
        description="The language of the captions, as an ISO 639-1 code.",
        schema_extra={"one_of": None, "type": "string", "pattern": f"^{LANGUAGE_PATTERN}$"},
    ),
]


@dataclass
class CaptionsOperation(Operation):
    """An operation whose body is text; the route reads the stream itself, so Litestar cannot derive the body."""

    def __post_init__(self) -> None:
        text = OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY, min_length=1))
        self.request_body = RequestBody(
            # One type, because generators of clients make a method of each, and the body is the same.
            content={"application/octet-stream": text},
            required=True,
            description=f"The file, in UTF-8. Its content type may also be one of {', '.join(CAPTION_TYPES[:-1])}.",
        )


@dataclass
class OptionalBodyOperation(Operation):
    """An operation whose body is optional; Litestar documents every body as required."""

    def __post_init__(self) -> None:
        self.request_body = replace(cast("RequestBody", self.request_body), required=False)


@post(
    "/{video_id:str}/transcript/regenerate",
    status_code=202,
    summary="Request a new transcript",
    description=getdoc(RegenerateTranscript),
    operation_class=OptionalBodyOperation,
    responses={
        **json_response(202, waiting_for_a_worker=transcripts_examples.TRANSCRIBING),
        **problems(
            *JSON_BODY,
            *KEY,
            *HINTS,
            "video_not_found",
            "not_playable",
            "own_captions",
            "transcription_disabled",
            "transcription_in_progress",
            "too_many_regenerations",
        ),
    },
)
async def regenerate_transcript(
    video_id: VideoIdInPath,
    application: UseCases,
    user: Caller,
    data: RegenerateBody = NO_BODY,
    idempotency_key: IdempotencyKeyHeader = None,
) -> Response[StatusResponse]:
    """Enqueue a new transcription."""
    hints = None if data is NO_BODY else data.hints()
    result = await application.transcripts.regenerate(user, VideoId(video_id), hints, key=idempotency_key)
    return Response(StatusResponse.of(result.video), headers=REPLAYED if result.is_replay else None)


@put(
    "/{video_id:str}/transcript.vtt",
    summary="Upload captions",
    description=getdoc(ReplaceCaptions),
    operation_class=CaptionsOperation,
    responses={
        **json_response(200, completed=videos_examples.STATUS),
        **problems(
            "video_not_found",
            "invalid_captions",
            "invalid_language",
            "incomplete_body",
            "captions_too_large",
            "unsupported_media_type",
            "upload_closed",
            "invalid_transition",
        ),
    },
    request_max_body_size=None,
)
async def replace_captions(
    request: Request[Any, Any, Any],
    video_id: VideoIdInPath,
    application: UseCases,
    user: Caller,
    language: CaptionLanguage = None,
) -> StatusResponse:
    """Store captions in WebVTT or SubRip."""
    content = await _content(request)
    video = await application.transcripts.replace(user, VideoId(video_id), content, language=language)
    return StatusResponse.of(video)


@delete(
    "/{video_id:str}/transcript.vtt",
    summary="Delete uploaded captions",
    description=getdoc(RemoveCaptions),
    response_description="The captions are deleted.",
    responses=problems("video_not_found", "transcript_not_found", "generated_captions"),
)
async def delete_captions(video_id: VideoIdInPath, application: UseCases, user: Caller) -> None:
    """Delete uploaded captions."""
    await application.transcripts.remove(user, VideoId(video_id))


async def _content(request: Request[Any, Any, Any]) -> bytes:
    """The body of the request; its content, not its content type, determines the format.

    Raises:
        HTTPException: 415, the content type is not one of `CAPTION_TYPES`.
        Rejected: `captions_too_large`, or `incomplete_body`.
    """
    media_type, _parameters = request.content_type
    if media_type.lower() not in {*CAPTION_TYPES, ""}:
        detail = f"Send captions as one of {', '.join(CAPTION_TYPES)}."
        raise HTTPException(detail, status_code=HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    declared = request.headers.get("content-length", "")
    content = bytearray()
    async with aclosing(body_chunks(request.receive)) as chunks:
        async for chunk in chunks:
            content += chunk
            if len(content) > MAX_CAPTIONS_BYTES:
                raise Rejected("Captions have at most 5 MiB.", code="captions_too_large")
    if declared.isdecimal() and len(content) < int(declared):
        raise Rejected("The body is shorter than its `Content-Length`.", code="incomplete_body")
    return bytes(content)


ROUTES = [regenerate_transcript, replace_captions, delete_captions]
