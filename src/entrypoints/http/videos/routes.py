"""Routes to read, change, play, retry and delete videos."""

from inspect import getdoc
from typing import Annotated, Any

from litestar import Request, delete, get, patch, post
from litestar.openapi import ResponseSpec
from litestar.params import Body
from litestar.response import Redirect, Response

from domain.model.access.principal import Scope
from domain.model.ids import VideoId
from domain.use_cases.videos.delete_video import DeleteVideo
from domain.use_cases.videos.edit_video import EditVideo
from domain.use_cases.videos.get_original import GetOriginal
from domain.use_cases.videos.get_video import GetVideo
from domain.use_cases.videos.retry_video import RetryVideo
from domain.use_cases.videos.sign_video import NO_URLS
from entrypoints.http.auth import PLAYBACK_TOKEN, caller
from entrypoints.http.dependencies import Caller, UseCases, VideoIdInPath
from entrypoints.http.idempotency import REPLAYED, IdempotencyKeyHeader
from entrypoints.http.openapi.document import JSON_BODY, KEY, example, json_response, problems, text_response
from entrypoints.http.openapi.patterns import NO_EXTRA_FIELDS
from entrypoints.http.scopes import FOLLOWING, permitted_by
from entrypoints.http.videos import examples
from entrypoints.http.videos.conditional_status import POLLING, IfNoneMatch, status_response
from entrypoints.http.videos.labels import EXAMPLE_METADATA, LABELS, VideoChanges
from entrypoints.http.videos.schemas import UploadCompleteResponse, VideoResponse

VideoChangesBody = Annotated[
    VideoChanges,
    Body(
        examples=[
            example("Another title", VideoChanges(title="A day at the sea")),
            example("The name of the file as title", VideoChanges(title="")),
            example("What you know of it", VideoChanges(external_id="order-1042", metadata=EXAMPLE_METADATA)),
        ],
        schema_extra=NO_EXTRA_FIELDS,
    ),
]


@get(
    "/{video_id:str}",
    opt=permitted_by(*FOLLOWING),
    summary="Get a video",
    description=getdoc(GetVideo),
    responses={**json_response(200, completed=examples.VIDEO), **problems("video_not_found")},
)
async def get_video(
    video_id: VideoIdInPath, application: UseCases, user: Caller, request: Request[Any, Any, Any]
) -> VideoResponse:
    """Return a video; its signed URLs only with the scope that permits playing it."""
    video = await application.get_video(user, VideoId(video_id))
    may_play = Scope.READ in caller(request).scopes
    return VideoResponse.shown(video, application.sign_video(video) if may_play else NO_URLS)


@patch(
    "/{video_id:str}",
    summary="Change a video",
    description=getdoc(EditVideo),
    responses={
        **json_response(200, changed=examples.VIDEO),
        **problems(*JSON_BODY, *LABELS, "video_not_found"),
    },
)
async def edit_video(
    data: VideoChangesBody, video_id: VideoIdInPath, application: UseCases, user: Caller
) -> VideoResponse:
    """Change the labels of a video."""
    video = await application.edit_video(user, VideoId(video_id), data.as_domain())
    return VideoResponse.shown(video, application.sign_video(video))


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
    get_video,
    edit_video,
    get_video_status,
    delete_video,
    retry_video,
    get_original,
    get_poster,
    get_storyboard,
]
