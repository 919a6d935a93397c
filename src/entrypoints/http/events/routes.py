"""Routes of event streams as Server-Sent Events, and of their tickets."""

from http import HTTPStatus
from inspect import getdoc
from typing import Annotated, Any, Literal

from litestar import Request, get, post
from litestar.openapi import ResponseSpec
from litestar.params import HeaderParameter, QueryParameter
from litestar.response.base import ASGIResponse

from domain.model.ids import VideoId
from domain.use_cases.events.event_stream import StreamOptions
from domain.use_cases.events.follow_video import FollowVideo
from domain.use_cases.events.follow_videos import FollowVideos
from domain.use_cases.events.issue_ticket import IssueTicket
from entrypoints.http.dependencies import UseCases, VideoIdInPath
from entrypoints.http.events import examples
from entrypoints.http.events.access import ACCEPTS_TICKET, TICKET_SECURITY, viewer
from entrypoints.http.events.schemas import TicketResponse
from entrypoints.http.events.stream_response import MEDIA_TYPE, EventStreamResponse
from entrypoints.http.openapi.document import example, json_response, problems
from entrypoints.http.scopes import FOLLOWING, permitted_by

_CURSOR = "The `id` of the last event that the client received."

LastEventId = Annotated[
    str | None, HeaderParameter(name="Last-Event-ID", description=f"{_CURSOR} An `EventSource` sends it by itself.")
]
LastEventIdInQuery = Annotated[
    str | None,
    QueryParameter(
        name="last_event_id", description=f"{_CURSOR} For a first connection; `Last-Event-ID` takes precedence."
    ),
]
Until = Annotated[
    Literal["terminal"] | None,
    QueryParameter(
        name="until",
        description="With `terminal` the stream ends when the video is completed or has failed. If the client has "
        "received everything up to there already, the response is 204, which keeps an `EventSource` from connecting "
        "again.",
    ),
]


def _stream(text: str, snapshot: str) -> dict[int, ResponseSpec]:
    return {
        200: ResponseSpec(
            str,
            media_type=MEDIA_TYPE,
            description=f"Server-Sent Events. The data of each is one JSON object: of `snapshot` a `{snapshot}`, of "
            "`progress` a `ProgressView`, of `reset` a `ResetView`, of `end` an `EndView`, of every other event an "
            "`EventView`.",
            generate_examples=False,
            examples=[example("A stream", text)],
        )
    }


@get(
    "/videos/{video_id:str}/events",
    summary="Follow a video",
    description=getdoc(FollowVideo),
    responses={
        **_stream(examples.VIDEO_STREAM, "StatusResponse"),
        204: ResponseSpec(None, description="The client has received everything up to the terminal status."),
        **problems("video_not_found", "invalid_ticket", "too_many_streams"),
    },
    security=TICKET_SECURITY,
    opt={ACCEPTS_TICKET: True, **permitted_by(*FOLLOWING)},
)
async def follow_video(
    video_id: VideoIdInPath,
    application: UseCases,
    request: Request[Any, Any, Any],
    last_event_id: LastEventId = None,
    last_event_id_in_query: LastEventIdInQuery = None,
    until: Until = None,
) -> ASGIResponse:
    """Stream the events of a video."""
    principal = viewer(request)
    options = StreamOptions(
        last_event_id=last_event_id or last_event_id_in_query,
        until_terminal=until is not None,
        expires_at=principal.expires_at,
    )
    stream = await application.events.follow_video(principal.user_id, VideoId(video_id), options)
    if stream.is_over:
        stream.close()
        return ASGIResponse(status_code=HTTPStatus.NO_CONTENT)
    return EventStreamResponse(stream, stall_s=application.options.stream_stall_s)


@get(
    "/events",
    summary="Follow all videos",
    description=getdoc(FollowVideos),
    responses={**_stream(examples.USER_STREAM, "SnapshotView"), **problems("invalid_ticket", "too_many_streams")},
    security=TICKET_SECURITY,
    opt={ACCEPTS_TICKET: True},
)
async def follow_videos(
    application: UseCases,
    request: Request[Any, Any, Any],
    last_event_id: LastEventId = None,
    last_event_id_in_query: LastEventIdInQuery = None,
) -> ASGIResponse:
    """Stream the events of all videos of the user."""
    principal = viewer(request)
    options = StreamOptions(last_event_id=last_event_id or last_event_id_in_query, expires_at=principal.expires_at)
    stream = await application.events.follow_videos(principal.user_id, options)
    return EventStreamResponse(stream, stall_s=application.options.stream_stall_s)


@post(
    "/events/ticket",
    summary="Get a ticket for a stream",
    description=getdoc(IssueTicket),
    responses={**json_response(201, issued=examples.TICKET), **problems()},
    opt=permitted_by(*FOLLOWING),
)
async def issue_ticket(application: UseCases, request: Request[Any, Any, Any]) -> TicketResponse:
    """Issue a ticket to the user."""
    return TicketResponse.of(await application.events.issue_ticket(viewer(request)))


ROUTES = [follow_video, follow_videos, issue_ticket]
