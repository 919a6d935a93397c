"""Routes to read transcripts and captions."""

from inspect import getdoc
from typing import Annotated

from litestar import MediaType, Response, get
from litestar.params import QueryParameter

from domain.model.captions.writers import to_srt, to_text, to_vtt
from domain.model.ids import VideoId
from domain.model.search.query import MAX_QUERY_LENGTH
from domain.use_cases.transcripts.get_transcript import GetTranscript
from entrypoints.http.auth import PLAYBACK_TOKEN
from entrypoints.http.dependencies import Caller, UseCases, VideoIdInPath
from entrypoints.http.openapi.document import json_response, problems, text_response
from entrypoints.http.transcripts import examples
from entrypoints.http.transcripts.schemas import TranscriptResponse

_DESCRIPTION = getdoc(GetTranscript)
_NOT_FOUND = ("video_not_found", "transcript_not_found")
_PROBLEMS = problems(*_NOT_FOUND)

QUERY_SCHEMA: dict[str, object] = {"minLength": 1, "maxLength": MAX_QUERY_LENGTH}
OptionalQuery = Annotated[
    str | None,
    QueryParameter(
        name="q",
        description="Only cues in which these words occur, with `highlights`. The query is that of `GET /api/search`.",
        schema_extra={"one_of": None, "type": "string", **QUERY_SCHEMA},
    ),
]


@get(
    "/{video_id:str}/transcript",
    summary="Get the transcript",
    description=_DESCRIPTION,
    responses={
        **json_response(200, two_cues=examples.TRANSCRIPT, one_found=examples.FOUND),
        **problems(*_NOT_FOUND, "empty_query", "query_too_long"),
    },
    opt=PLAYBACK_TOKEN,
)
async def get_transcript(
    video_id: VideoIdInPath, application: UseCases, user: Caller, q: OptionalQuery = None
) -> TranscriptResponse:
    """Show the transcript with its cues, or only the cues that match."""
    if q is not None:
        found = await application.search.in_transcript(user, VideoId(video_id), q)
        return TranscriptResponse.of_found(found)
    return TranscriptResponse.of(await application.get_transcript(user, VideoId(video_id)))


@get(
    "/{video_id:str}/transcript.vtt",
    summary="Get captions as WebVTT",
    description=f"{_DESCRIPTION}\n\nThe format is WebVTT (W3C), for the `<track>` of a web page.",
    responses={**text_response("text/vtt", examples.VTT), **_PROBLEMS},
    opt=PLAYBACK_TOKEN,
    media_type="text/vtt",
)
async def get_transcript_vtt(video_id: VideoIdInPath, application: UseCases, user: Caller) -> Response[str]:
    """Write the cues as WebVTT."""
    transcript = await application.get_transcript(user, VideoId(video_id))
    return Response(to_vtt(transcript.cues), media_type="text/vtt")


@get(
    "/{video_id:str}/transcript.srt",
    summary="Get captions as SubRip",
    description=f"{_DESCRIPTION}\n\nThe format is SubRip, in UTF-8, with cues numbered from 1.",
    responses={**text_response("application/x-subrip", examples.SRT), **_PROBLEMS},
    opt=PLAYBACK_TOKEN,
    media_type="application/x-subrip",
)
async def get_transcript_srt(video_id: VideoIdInPath, application: UseCases, user: Caller) -> Response[str]:
    """Write the cues as SubRip."""
    transcript = await application.get_transcript(user, VideoId(video_id))
    return Response(to_srt(transcript.cues), media_type="application/x-subrip; charset=utf-8")


@get(
    "/{video_id:str}/transcript.txt",
    summary="Get the transcript as plain text",
    description=f"{_DESCRIPTION}\n\nThe format is plain text: one cue per line, without times.",
    responses={**text_response(MediaType.TEXT, examples.TEXT), **_PROBLEMS},
    opt=PLAYBACK_TOKEN,
    media_type=MediaType.TEXT,
)
async def get_transcript_text(video_id: VideoIdInPath, application: UseCases, user: Caller) -> Response[str]:
    """Write the cues as plain text."""
    transcript = await application.get_transcript(user, VideoId(video_id))
    return Response(to_text(transcript.cues), media_type=MediaType.TEXT)


ROUTES = [get_transcript, get_transcript_vtt, get_transcript_srt, get_transcript_text]
