"""The route that serves captions and storyboards by a signed URL, as the local bucket serves objects."""

from typing import Annotated, Any

from litestar import Request, get
from litestar.params import PathParameter
from litestar.response import Response

from entrypoints.http.dependencies import UseCases, VideoIdInPath
from entrypoints.http.query import check_parameters
from entrypoints.http.videos.track_urls import PARAMETERS, signed_track

TrackNameInPath = Annotated[str, PathParameter(description="`captions.vtt` or `storyboard.vtt`.")]


@get(
    "/playback/{video_id:str}/{name:str}",
    # A page of any origin may use a signed URL, because its signature, not a cookie, grants access. `Range` is not
    # offered: a track is small, and players load it as a whole.
    response_headers={"Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff"},
    include_in_schema=False,
    media_type="text/vtt",
)
async def get_track(
    video_id: VideoIdInPath, name: TrackNameInPath, request: Request[Any, Any, Any], application: UseCases
) -> Response[str]:
    """Serve a track.

    Any cache may hold it, because the URL grants access as the signed URLs of the bucket do, and changes with the
    content.
    """
    check_parameters(request, PARAMETERS)
    track = await application.get_track(signed_track(video_id, name, request.query_params))
    headers = {"Cache-Control": f"public, max-age={track.max_age_s}, immutable"}
    return Response(track.content, media_type="text/vtt", headers=headers)
