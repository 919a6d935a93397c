"""Multipart uploads in the dialect of S3, for clients that only send requests to signed URLs.

The requests that `@uppy/aws-s3` 6.3.1 sends to the URLs that its `signRequest` returns:

| request | signed as | body | what it reads |
|---|---|---|---|
| CreateMultipartUpload | `POST`, key | none; `Content-Type` of the file | `UploadId` |
| ListParts, to resume | `GET`, key, upload id | none | `PartNumber` and `ETag` of each `Part` |
| UploadPart | `PUT`, key, upload id, part number | the part | the header `ETag` |
| CompleteMultipartUpload | `POST`, key, upload id | its list of parts | `Location`, `Key` |
| AbortMultipartUpload | `DELETE`, key, upload id | none | nothing |
| PutObject | `PUT`, key, content type | the file | the header `ETag` |

Parts and whole files go to the bucket. The others come here, each with a ticket in its URL. A failed request is sent up
to three times more to the same URL, so every step can be repeated.
"""

from typing import Any, cast

from litestar import Request, Response, delete, get, post
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from domain.model.access.principal import Principal, Scope
from domain.model.access.ticket import UploadAction, UploadPermission, invalid_ticket
from domain.model.errors import Conflict
from domain.model.ids import UserId, VideoId
from domain.model.videos.guards import require_open_upload
from domain.model.videos.video import Video
from domain.use_cases.uploads.get_upload_status import UploadProgress
from entrypoints.application import Application
from entrypoints.http.auth import authenticate
from entrypoints.http.dependencies import UseCases, VideoIdInPath
from entrypoints.http.query import refuse_repeated_parameters
from entrypoints.http.uploads import s3_dialect_documents as documents
from entrypoints.http.videos.schemas import status_url

PATH = "/api/s3"

_STATE_KEY = "telecine_upload_user_id"
_ACTION = "upload_action"

Connection = ASGIConnection[Any, Any, Any, Any]


async def require_upload_ticket(connection: Connection, handler: BaseRouteHandler) -> None:
    """Reject a request whose ticket does not permit the route's action on the video in the path.

    Raises:
        Unauthenticated: `invalid_ticket`.
        Rejected: `repeated_parameter`.
        Unavailable: the ticket cannot be verified at the moment.
        TooManyRequests: the user, or an address without a valid ticket, exceeds its rate limit.
    """
    if _ACTION not in handler.opt:  # Litestar's own answer to OPTIONS.
        raise invalid_ticket()
    wanted = UploadPermission(VideoId(connection.path_params["video_id"]), handler.opt[_ACTION])
    ticket: str = connection.query_params.get("ticket", "")

    async def verify(application: Application) -> Principal:
        if not ticket:
            raise invalid_ticket()
        return await application.uploads.redeem_ticket(ticket, wanted)

    connection.state[_STATE_KEY] = (await authenticate(connection, verify, (Scope.UPLOAD,))).user_id
    refuse_repeated_parameters(connection)


def ticketed_path(video_id: str, action: UploadAction, secret: str) -> str:
    """The path and query of the request that the ticket permits."""
    below = "" if action is UploadAction.ABORT else f"/{action}"
    return f"{PATH}/{video_id}{below}?ticket={secret}"


@post("/{video_id:str}/create", status_code=200, opt={_ACTION: UploadAction.CREATE})
async def create_upload(
    video_id: VideoIdInPath, application: UseCases, request: Request[Any, Any, Any]
) -> Response[str]:
    """Return the bucket's id of the multipart upload, which the video has had since its creation."""
    video = await application.get_video(_user(request), VideoId(video_id))
    return documents.created(video, _upload_id(require_open_upload(video)))


@get("/{video_id:str}/list", opt={_ACTION: UploadAction.LIST})
async def list_parts(video_id: VideoIdInPath, application: UseCases, request: Request[Any, Any, Any]) -> Response[str]:
    """List the parts that need not be sent again; one of the wrong size is left out."""
    progress = await application.uploads.get_status(_user(request), VideoId(video_id))
    video = require_open_upload(progress.video)
    return documents.listed(video, _upload_id(video), _finished_parts(progress))


@post("/{video_id:str}/complete", status_code=200, opt={_ACTION: UploadAction.COMPLETE})
async def complete_upload(
    video_id: VideoIdInPath, application: UseCases, request: Request[Any, Any, Any]
) -> Response[str]:
    """Complete the upload with the parts that the bucket has; the body is not read."""
    video = await application.uploads.complete(_user(request), VideoId(video_id))
    return documents.completed(video, f"{application.options.public_url}{status_url(video)}")


@delete("/{video_id:str}", opt={_ACTION: UploadAction.ABORT})
async def abort_upload(video_id: VideoIdInPath, application: UseCases, request: Request[Any, Any, Any]) -> None:
    """Cancel the upload."""
    await application.uploads.cancel(_user(request), VideoId(video_id))


ROUTES = [create_upload, list_parts, complete_upload, abort_upload]


def _user(request: Request[Any, Any, Any]) -> UserId:
    """The user of the ticket, stored by `require_upload_ticket`."""
    return cast("UserId", request.state[_STATE_KEY])


def _upload_id(video: Video) -> str:
    if video.source.multipart is None:
        raise Conflict("This upload is a single PUT; it has no parts.", code="not_multipart")
    return video.source.multipart.upload_id


def _finished_parts(progress: UploadProgress) -> list[tuple[int, int, str]]:
    unfinished = frozenset(progress.missing_parts)
    # Of parts that are joined already the ETags are lost; no client compares them.
    return [
        (number, size_bytes, progress.etags.get(number, f'"{number}"'))
        for number, size_bytes in sorted(progress.parts.items())
        if number not in unfinished
    ]
