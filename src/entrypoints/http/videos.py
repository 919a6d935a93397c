"""Routes to look at videos, play them and delete them."""

from inspect import getdoc
from typing import Annotated

from litestar import delete, get
from litestar.params import QueryParameter
from litestar.response import Redirect

from domain.model.identity import VideoId
from domain.model.lifecycle import VideoStatus
from domain.model.pagination import DEFAULT_PAGE_LIMIT, MAX_PAGE_LIMIT
from domain.use_cases.delete_video import DeleteVideo
from domain.use_cases.get_video import GetVideo
from domain.use_cases.issue_playback import IssuePlayback
from domain.use_cases.list_videos import ListVideos
from entrypoints.http.openapi import problems
from entrypoints.http.parameters import Caller, UseCases, VideoIdInPath
from entrypoints.http.schemas import PlaybackAnswer, StatusAnswer, VideoAnswer, VideoPage

Limit = Annotated[
    int,
    QueryParameter(
        name="limit",
        description=f"How many videos: 1 to {MAX_PAGE_LIMIT}.",
        schema_extra={"minimum": 1, "maximum": MAX_PAGE_LIMIT},
    ),
]
CursorText = Annotated[str | None, QueryParameter(name="cursor", description="`next_cursor` of the page before.")]
StatusFilter = Annotated[VideoStatus | None, QueryParameter(name="status", description="Only videos in this status.")]


@get("/", summary="List videos", description=getdoc(ListVideos), responses=problems())
async def list_videos(
    application: UseCases,
    user: Caller,
    limit: Limit = DEFAULT_PAGE_LIMIT,
    cursor: CursorText = None,
    status: StatusFilter = None,
) -> VideoPage:
    """Show a page of the user's videos."""
    return VideoPage.of(await application.list_videos(user, limit=limit, cursor=cursor, status=status))


@get("/{video_id:str}", summary="Get a video", description=getdoc(GetVideo), responses=problems(404))
async def get_video(video_id: VideoIdInPath, application: UseCases, user: Caller) -> VideoAnswer:
    """Show a video."""
    return VideoAnswer.of(await application.get_video(user, VideoId(video_id)))


@get("/{video_id:str}/status", summary="Follow a video", description=getdoc(GetVideo), responses=problems(404))
async def get_status(video_id: VideoIdInPath, application: UseCases, user: Caller) -> StatusAnswer:
    """Show how far a video has come."""
    return StatusAnswer.of(await application.get_video(user, VideoId(video_id)))


@delete("/{video_id:str}", summary="Delete a video", description=getdoc(DeleteVideo), responses=problems(404))
async def delete_video(video_id: VideoIdInPath, application: UseCases, user: Caller) -> None:
    """Delete a video and every object of it."""
    await application.delete_video(user, VideoId(video_id))


@get(
    "/{video_id:str}/playback",
    summary="Get playback URLs",
    description=getdoc(IssuePlayback),
    responses=problems(404, 409),
)
async def get_playback(video_id: VideoIdInPath, application: UseCases, user: Caller) -> PlaybackAnswer:
    """Hand out signed URLs."""
    return PlaybackAnswer.of(await application.issue_playback(user, VideoId(video_id)))


@get(
    "/{video_id:str}/poster",
    status_code=302,
    summary="See the poster",
    description="Redirects to the poster, a JPEG picture, under a signed URL.",
    responses=problems(404, 409),
)
async def get_poster(video_id: VideoIdInPath, application: UseCases, user: Caller) -> Redirect:
    """Lead to the poster."""
    return Redirect(await application.issue_playback.poster(user, VideoId(video_id)), status_code=302)


ROUTES = [list_videos, get_video, get_status, delete_video, get_playback, get_poster]
