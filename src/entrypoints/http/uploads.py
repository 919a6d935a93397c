"""Routes of the upload protocol."""

from inspect import getdoc
from typing import Annotated

from litestar import post
from litestar.params import Body

from domain.model.errors import Rejected
from domain.model.identity import VideoId
from domain.model.upload_policy import UploadDeclaration
from domain.use_cases.complete_upload import CompleteUpload
from domain.use_cases.grant_upload import GrantUpload
from entrypoints.http.openapi import example, problems
from entrypoints.http.parameters import Caller, UseCases, VideoIdInPath
from entrypoints.http.schemas import (
    PresignedUploadAnswer,
    PresignedUploadRequest,
    UploadCompleteAnswer,
    UploadCompleteRequest,
    status_url,
)

GrantBody = Annotated[
    PresignedUploadRequest,
    Body(examples=[example("A phone's clip", PresignedUploadRequest("holiday.mp4", 73_400_320, "video/mp4"))]),
]
CompleteBody = Annotated[
    UploadCompleteRequest,
    Body(
        examples=[
            example("It worked", UploadCompleteRequest(success=True)),
            example("It failed", UploadCompleteRequest(success=False)),
        ]
    ),
]


@post(
    "/upload/presigned",
    summary="Get a presigned upload URL",
    description=getdoc(GrantUpload),
    responses=problems(413, 415, 422),
)
async def grant_upload(data: GrantBody, application: UseCases, user: Caller) -> PresignedUploadAnswer:
    """Let a client upload one file."""
    declared = UploadDeclaration(data.filename, data.file_size, data.content_type)
    return PresignedUploadAnswer.of(await application.grant_upload(user, declared))


@post(
    "/{video_id:str}/upload/complete",
    status_code=200,
    summary="Report the end of an upload",
    description=getdoc(CompleteUpload),
    responses=problems(404, 409, 413, 415, 422),
)
async def complete_upload(
    data: CompleteBody, video_id: VideoIdInPath, application: UseCases, user: Caller
) -> UploadCompleteAnswer:
    """Take note of how an upload ended; that it failed is answered with an error, as the contract has it."""
    if not data.success:
        await application.fail_upload(user, VideoId(video_id))
        raise Rejected("Upload failed", code="upload_failed")
    video = await application.complete_upload(user, VideoId(video_id))
    return UploadCompleteAnswer(video.id, status_url(video))


ROUTES = [grant_upload, complete_upload]
