"""The route that chooses a poster."""

from inspect import getdoc
from typing import Annotated

import msgspec
from litestar import put
from litestar.params import Body
from msgspec import Meta

from domain.model.ids import VideoId
from domain.use_cases.media.request_poster import RequestPoster
from entrypoints.http.dependencies import Caller, UseCases, VideoIdInPath
from entrypoints.http.openapi.document import JSON_BODY, example, json_response, problems
from entrypoints.http.openapi.patterns import NO_EXTRA_FIELDS, schema_keywords
from entrypoints.http.videos import examples
from entrypoints.http.videos.schemas import VideoResponse


class PosterRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The frame that becomes the poster."""

    time_s: Annotated[
        float,
        Meta(description="The time of the frame, in seconds.", extra_json_schema=schema_keywords(minimum=0)),
    ]


PosterBody = Annotated[
    PosterRequest,
    Body(examples=[example("At 1:33", PosterRequest(93.0))], schema_extra=NO_EXTRA_FIELDS),
]


@put(
    "/{video_id:str}/poster",
    status_code=202,
    summary="Choose the poster",
    description=getdoc(RequestPoster),
    responses={
        **json_response(202, accepted=examples.VIDEO),
        **problems(
            *JSON_BODY, "video_not_found", "not_playable", "no_picture", "invalid_poster_time", "poster_in_progress"
        ),
    },
)
async def choose_poster(
    video_id: VideoIdInPath, application: UseCases, user: Caller, data: PosterBody
) -> VideoResponse:
    """Queue the poster."""
    video = await application.request_poster(user, VideoId(video_id), data.time_s)
    return VideoResponse.shown(video, application.sign_video(video))
