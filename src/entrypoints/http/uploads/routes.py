"""Routes of the upload protocol."""

from inspect import getdoc
from typing import Annotated, Any

from litestar import Request, Response, delete, get, post
from litestar.params import Body

from domain.model.access.ticket import UploadAction
from domain.model.errors import Rejected
from domain.model.ids import VideoId
from domain.model.uploads.policy import UploadDeclaration, UploadStrategy
from domain.use_cases.uploads.cancel_upload import CancelUpload
from domain.use_cases.uploads.complete_upload import CompleteUpload
from domain.use_cases.uploads.get_upload_status import GetUploadStatus
from domain.use_cases.uploads.issue_upload_ticket import IssueUploadTicket
from domain.use_cases.uploads.renew_upload import RenewUpload
from domain.use_cases.uploads.request_upload import RequestUpload
from domain.use_cases.uploads.sign_parts import SignParts
from entrypoints.http.auth import caller
from entrypoints.http.dependencies import Caller, UseCases, VideoIdInPath
from entrypoints.http.idempotency import REPLAYED, IdempotencyKeyHeader
from entrypoints.http.openapi.document import DECLARATION, HINTS, JSON_BODY, ORIGINAL, example, json_response, problems
from entrypoints.http.openapi.patterns import NO_EXTRA_FIELDS
from entrypoints.http.scopes import FOLLOWING, UPLOADING, permitted_by
from entrypoints.http.uploads import examples as uploads_examples
from entrypoints.http.uploads.s3_dialect import ticketed_path
from entrypoints.http.uploads.schemas import (
    PartNumbersRequest,
    PartsResponse,
    PresignedUploadRequest,
    PresignedUploadResponse,
    UploadCompleteRequest,
    UploadProgressResponse,
    UploadTicketRequest,
    UploadTicketResponse,
)
from entrypoints.http.videos import examples as videos_examples
from entrypoints.http.videos.labels import EXAMPLE_METADATA, LABELS
from entrypoints.http.videos.schemas import UploadCompleteResponse

COMPLETION = (
    "video_not_found",
    "upload_failed",
    "upload_missing",
    "upload_incomplete",
    "part_size_mismatch",
    "invalid_parts",
    "upload_size_mismatch",
    "not_a_video",
    "upload_closed",
    "imported_video",
    "invalid_transition",
)

GrantBody = Annotated[
    PresignedUploadRequest,
    Body(
        examples=[
            example("A video from a phone", PresignedUploadRequest("holiday.mp4", 73_400_320, "video/mp4")),
            example(
                "A long recording, in parts",
                PresignedUploadRequest("lecture.mov", 8_589_934_592, "", UploadStrategy.MULTIPART),
            ),
            example(
                "A recording that has just begun",
                PresignedUploadRequest("lecture.webm", None, "video/webm", UploadStrategy.MULTIPART),
            ),
            example(
                "With the language and keywords of its speech",
                PresignedUploadRequest("vortrag.mp4", 73_400_320, "", language="de", keywords=("Telecine", "Ada")),
            ),
            example(
                "An original to keep for a month",
                PresignedUploadRequest("wedding.mov", 734_003_200, "", keep_days=30),
            ),
            example(
                "With a title and what you know of it",
                PresignedUploadRequest(
                    "IMG_0042.MOV",
                    73_400_320,
                    "",
                    title="A day at the sea",
                    external_id="order-1042",
                    metadata=EXAMPLE_METADATA,
                ),
            ),
        ],
        schema_extra=NO_EXTRA_FIELDS,
    ),
]
CompleteBody = Annotated[
    UploadCompleteRequest,
    Body(
        examples=[
            example("The upload succeeded", UploadCompleteRequest(success=True)),
            example("The upload failed", UploadCompleteRequest(success=False)),
        ],
        schema_extra=NO_EXTRA_FIELDS,
    ),
]
PartNumbersBody = Annotated[
    PartNumbersRequest,
    Body(
        examples=[
            example("The next three parts", PartNumbersRequest([11, 12, 13])),
            example("The last part of a recording", PartNumbersRequest([14], last_part_size=1_234_567)),
        ],
        schema_extra=NO_EXTRA_FIELDS,
    ),
]
TicketBody = Annotated[
    UploadTicketRequest,
    Body(
        examples=[example("To list the parts", UploadTicketRequest(UploadAction.LIST))],
        schema_extra=NO_EXTRA_FIELDS,
    ),
]


@post(
    "/upload/presigned",
    opt=permitted_by(*UPLOADING),
    summary="Get presigned upload URLs",
    description=getdoc(RequestUpload),
    responses={
        **json_response(201, one_put=uploads_examples.SINGLE, parts=uploads_examples.IN_PARTS),
        **problems(
            *JSON_BODY,
            *DECLARATION,
            *HINTS,
            *ORIGINAL,
            *LABELS,
            "file_too_large_for_single_put",
            "invalid_part_size",
        ),
    },
)
async def request_upload(
    data: GrantBody, application: UseCases, user: Caller, idempotency_key: IdempotencyKeyHeader = None
) -> Response[PresignedUploadResponse]:
    """Sign the upload of one file."""
    declared = UploadDeclaration(
        data.filename,
        data.file_size,
        data.content_type or "",
        data.strategy,
        data.language,
        data.keywords,
        data.original,
        data.keep_days,
        data.title,
        data.external_id,
        data.metadata,
        data.part_size,
    )
    grant = await application.uploads.request(user, declared, key=idempotency_key)
    return Response(PresignedUploadResponse.of(grant.signed), headers=REPLAYED if grant.is_replay else None)


@post(
    "/{video_id:str}/upload/presigned",
    opt=permitted_by(*UPLOADING),
    status_code=200,
    summary="Get a fresh presigned URL",
    description=getdoc(RenewUpload),
    responses={
        **json_response(200, one_put=uploads_examples.SINGLE),
        **problems("video_not_found", "not_single_put", "imported_video", "upload_completed", "upload_closed"),
    },
)
async def renew_upload(video_id: VideoIdInPath, application: UseCases, user: Caller) -> PresignedUploadResponse:
    """Sign a single PUT again."""
    return PresignedUploadResponse.of(await application.uploads.renew(user, VideoId(video_id)))


@post(
    "/{video_id:str}/upload/parts",
    opt=permitted_by(*UPLOADING),
    status_code=200,
    summary="Get presigned URLs for parts",
    description=getdoc(SignParts),
    responses={
        **json_response(200, three_parts=uploads_examples.PARTS),
        **problems(
            *JSON_BODY,
            "video_not_found",
            "invalid_part_numbers",
            "invalid_last_part_size",
            "file_too_large",
            "storage_quota_exceeded",
            "not_multipart",
            "imported_video",
            "upload_completed",
            "upload_closed",
        ),
    },
)
async def sign_upload_parts(
    data: PartNumbersBody, video_id: VideoIdInPath, application: UseCases, user: Caller
) -> PartsResponse:
    """Sign parts of an upload."""
    signed = await application.uploads.sign_parts(
        user, VideoId(video_id), data.part_numbers, last_part_bytes=data.last_part_size
    )
    return PartsResponse.of(signed)


@get(
    "/{video_id:str}/upload",
    opt=permitted_by(*FOLLOWING),
    summary="Get the progress of an upload",
    description=getdoc(GetUploadStatus),
    responses={**json_response(200, one_part_is_missing=uploads_examples.PROGRESS), **problems("video_not_found")},
)
async def get_upload_status(video_id: VideoIdInPath, application: UseCases, user: Caller) -> UploadProgressResponse:
    """Return what the bucket has received."""
    return UploadProgressResponse.of(await application.uploads.get_status(user, VideoId(video_id)))


@post(
    "/{video_id:str}/upload/complete",
    opt=permitted_by(*UPLOADING),
    status_code=200,
    summary="Report an upload complete or failed",
    description=getdoc(CompleteUpload),
    responses={**json_response(200, accepted=videos_examples.UPLOADED), **problems(*JSON_BODY, *COMPLETION)},
)
async def complete_upload(
    data: CompleteBody, video_id: VideoIdInPath, application: UseCases, user: Caller
) -> UploadCompleteResponse:
    """Record how an upload ended; the API's contract answers a reported failure with an error."""
    if not data.success:
        await application.uploads.report_failure(user, VideoId(video_id))
        raise Rejected("Upload failed", code="upload_failed")
    return UploadCompleteResponse.of(await application.uploads.complete(user, VideoId(video_id)))


@delete(
    "/{video_id:str}/upload",
    opt=permitted_by(*UPLOADING),
    summary="Cancel an upload",
    description=getdoc(CancelUpload),
    response_description="The upload is cancelled, by this request or an earlier one.",
    responses=problems("video_not_found", "processing_begun"),
)
async def cancel_upload(video_id: VideoIdInPath, application: UseCases, user: Caller) -> None:
    """Cancel an upload."""
    await application.uploads.cancel(user, VideoId(video_id))


@post(
    "/{video_id:str}/upload/ticket",
    summary="Get a URL for a step in the dialect of S3",
    description=getdoc(IssueUploadTicket),
    responses={
        **json_response(201, to_list_the_parts=uploads_examples.TICKET),
        **problems(*JSON_BODY, "video_not_found", "not_multipart", "imported_video"),
    },
    opt=permitted_by(*UPLOADING),
)
async def issue_upload_ticket(
    data: TicketBody, video_id: VideoIdInPath, application: UseCases, user: Caller, request: Request[Any, Any, Any]
) -> UploadTicketResponse:
    """Issue a ticket for one step of an upload."""
    issued = await application.uploads.issue_ticket(
        user, VideoId(video_id), data.action, token_expires_at=caller(request).expires_at
    )
    return UploadTicketResponse(ticketed_path(video_id, data.action, issued.secret), issued.expires_in_s)


ROUTES = [
    request_upload,
    renew_upload,
    sign_upload_parts,
    get_upload_status,
    complete_upload,
    cancel_upload,
    issue_upload_ticket,
]
