"""Routes to list, read, play, retry and delete videos."""

from inspect import getdoc
from typing import Annotated

from litestar import delete, get, post
from litestar.exceptions import ClientException
from litestar.openapi import ResponseSpec
from litestar.params import QueryParameter
from litestar.response import Redirect, Response

from domain.model.ids import VideoId
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.pagination import DEFAULT_PAGE_LIMIT, MAX_PAGE_LIMIT
from domain.use_cases.videos.delete_video import DeleteVideo
from domain.use_cases.videos.get_original import GetOriginal
from domain.use_cases.videos.get_video import GetVideo
from domain.use_cases.videos.list_videos import ListVideos
from domain.use_cases.videos.retry_video import RetryVideo
from entrypoints.http.auth import PLAYBACK_TOKEN
from entrypoints.http.dependencies import Caller, UseCases, VideoIdInPath
from entrypoints.http.idempotency import REPLAYED, IdempotencyKeyHeader
from entrypoints.http.openapi.document import KEY, json_response, problems, text_response
from entrypoints.http.scopes import FOLLOWING, permitted_by
from entrypoints.http.videos import examples
from entrypoints.http.videos.conditional_status import POLLING, IfNoneMatch, status_response
from entrypoints.http.videos.schemas import (
    UploadCompleteResponse,
    VideoPage,
    VideoResponse,
)

Limit = Annotated[
    int,
    QueryParameter(
        name="limit",
        description=f"The maximum number of videos on the page: 1 to {MAX_PAGE_LIMIT}.",
        schema_extra={"minimum": 1, "maximum": MAX_PAGE_LIMIT},
    ),
]
CursorText = Annotated[
    str | None,
    QueryParameter(
        name="cursor",
        description="`next_cursor` of the previous page; without it, the first page.",
        schema_extra={"one_of": None, "type": "string", "format": "cursor"},
    ),
]
StatusFilter = Annotated[
    str | None,
    QueryParameter(
        name="status",
        description="Only videos with this status.",
        schema_extra={"one_of": None, "type": "string", "enum": list(VideoStatus)},
    ),
]


@get(
    "/",
    summary="List videos",
    description=getdoc(ListVideos),
    responses={**json_response(200, a_page=examples.PAGE), **problems("invalid_limit", "invalid_cursor")},
)
async def list_videos(
    application: UseCases,
    user: Caller,
    limit: Limit = DEFAULT_PAGE_LIMIT,
    cursor: CursorText = None,
    status: StatusFilter = None,
) -> VideoPage:
    """Return a page of the user's videos."""
    return VideoPage.of(await application.list_videos(user, limit=limit, cursor=cursor, status=_parse_status(status)))


def _parse_status(status: str | None) -> VideoStatus | None:
    """The status to filter by; Litestar itself would read the text `null` as no status.

    Raises:
        ClientException: there is no such status.
    """
    try:
        return None if status is None else VideoStatus(status)
    except ValueError as error:
        raise ClientException(f"status: must be one of {', '.join(VideoStatus)}.") from error


@get(
    "/{video_id:str}",
    opt=permitted_by(*FOLLOWING),
    summary="Get a video",
    description=getdoc(GetVideo),
    responses={**json_response(200, completed=examples.VIDEO), **problems("video_not_found")},
)
async def get_video(video_id: VideoIdInPath, application: UseCases, user: Caller) -> VideoResponse:
    """Return a video."""
    return VideoResponse.of(await application.get_video(user, VideoId(video_id)))


@get(
    "/{video_id:str}/status",
    opt=permitted_by(*FOLLOWING),
    summary="Get a video's status",
    description=f"{getdoc(GetVideo)}\n{POLLING}",
    responses={
        **json_response(200, completed=examples.STATUS),
        304: ResponseSpec(None, description="The client's copy is current.", generate_examples=False),
        **problems("video_not_found"),
    },
)
async def get_video_status(
    video_id: VideoIdInPath, application: UseCases, user: Caller, if_none_match: IfNoneMatch = None
) -> Response[bytes]:
    """Return the status and the stages of a video."""
    return status_response(await application.get_video(user, VideoId(video_id)), if_none_match)


@delete(
    "/{video_id:str}",
    summary="Delete a video",
    description=getdoc(DeleteVideo),
    response_description="The video is deleted.",
    responses=problems("video_not_found"),
)
async def delete_video(video_id: VideoIdInPath, application: UseCases, user: Caller) -> None:
    """Delete a video and all its objects."""
    await application.delete_video(user, VideoId(video_id))


@post(
    "/{video_id:str}/retry",
    status_code=200,
    summary="Retry a failed video",
    description=getdoc(RetryVideo),
    responses={
        **json_response(200, accepted=examples.UPLOADED),
        **problems(*KEY, "video_not_found", "not_failed", "nothing_to_retry"),
    },
)
async def retry_video(
    video_id: VideoIdInPath, application: UseCases, user: Caller, idempotency_key: IdempotencyKeyHeader = None
) -> Response[UploadCompleteResponse]:
    """Enqueue the failed work again."""
    result = await application.retry_video(user, VideoId(video_id), key=idempotency_key)
    return Response(UploadCompleteResponse.of(result.video), headers=REPLAYED if result.is_replay else None)


@get(
    "/{video_id:str}/poster",
    status_code=302,
    summary="Get the poster",
    description="Redirects to the signed URL of the poster, a JPEG image.",
    response_description="The poster is at `Location`.",
    responses=problems("video_not_found", "not_playable", "poster_not_found"),
    opt=PLAYBACK_TOKEN,
)
async def get_poster(video_id: VideoIdInPath, application: UseCases, user: Caller) -> Redirect:
    """Redirect to the poster."""
    return Redirect(await application.get_playback.poster(user, VideoId(video_id)), status_code=302)


@get(
    "/{video_id:str}/storyboard.vtt",
    summary="Get the storyboard",
    description="Returns WebVTT: each cue names a rectangle of one image, the thumbnail of that time. The image's URL "
    "is signed.",
    responses={
        **text_response("text/vtt", examples.STORYBOARD, "WebVTT cues, each with a rectangle of one image."),
        **problems("video_not_found", "not_playable", "storyboard_not_found"),
    },
    opt=PLAYBACK_TOKEN,
    media_type="text/vtt",
)
async def get_storyboard(video_id: VideoIdInPath, application: UseCases, user: Caller) -> Response[str]:
    """Return the storyboard as WebVTT."""
    return Response(await application.get_playback.storyboard(user, VideoId(video_id)), media_type="text/vtt")


@get(
    "/{video_id:str}/original",
    status_code=302,
    summary="Download the original",
    description=getdoc(GetOriginal),
    response_description="The original is at `Location`; it is served as an attachment with its own filename.",
    responses=problems("video_not_found", "original_not_kept"),
)
async def get_original(video_id: VideoIdInPath, application: UseCases, user: Caller) -> Redirect:
    """Redirect to the original."""
    return Redirect(await application.get_original(user, VideoId(video_id)), status_code=302)


ROUTES = [
    list_videos,
    get_video,
    get_video_status,
    delete_video,
    retry_video,
    get_original,
    get_poster,
    get_storyboard,
]
