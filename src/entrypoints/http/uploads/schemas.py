"""Request and response bodies of the upload protocol."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal, Self

import msgspec
from litestar.openapi.spec import Schema
from litestar.openapi.spec.enums import OpenAPIType
from msgspec import Meta

from domain.model.access.ticket import UploadAction
from domain.model.uploads.media_types import MAX_CONTENT_TYPE_LENGTH
from domain.model.uploads.multipart import MAX_OBJECT_BYTES, MAX_PART_BYTES, MAX_PART_COUNT, MIN_PART_BYTES
from domain.model.uploads.policy import MAX_FILENAME_LENGTH, UploadStrategy
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.video import Video
from domain.use_cases.uploads.get_upload_status import UploadProgress
from domain.use_cases.uploads.sign_parts import MAX_PARTS_AT_ONCE
from domain.use_cases.uploads.sign_upload import SignedPart, SignedUpload
from entrypoints.http.openapi.patterns import CONTENT_TYPE_PATTERN, FILENAME_PATTERN, schema_keywords
from entrypoints.http.transcripts.hints import KeywordHints, LanguageHint
from entrypoints.http.videos.labels import ExternalIdField, MetadataField, TitleField
from entrypoints.http.videos.originals import KeepDaysField, OriginalField
from entrypoints.http.videos.schemas import UploadCompleteResponse, VideoIdText, status_url

UsedStrategy = Literal["single", "multipart"]


class PresignedUploadRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file that a client is going to upload."""

    filename: Annotated[
        str,
        Meta(
            description="The name of the file, without a path. Without an extension, it needs a known `content_type`.",
            examples=["holiday.mp4"],
            extra_json_schema=schema_keywords(min_length=1, max_length=MAX_FILENAME_LENGTH, pattern=FILENAME_PATTERN),
        ),
    ]
    file_size: Annotated[
        int | None,
        Meta(
            description="The exact size of the file in bytes. It may be null or missing only with the strategy "
            "`multipart`, for a file that is still being recorded: its size is then that of its parts.",
            examples=[73_400_320],
            extra_json_schema=schema_keywords(minimum=1, maximum=MAX_OBJECT_BYTES),
        ),
    ] = None
    content_type: Annotated[
        str | None,
        Meta(
            description="The media type of the file. If empty, null, missing or unspecific, it is derived from the "
            "extension. It is only advice: the bytes of the file decide. Send the PUT with the type in `headers`.",
            examples=["video/mp4"],
            extra_json_schema=schema_keywords(max_length=MAX_CONTENT_TYPE_LENGTH, pattern=CONTENT_TYPE_PATTERN),
        ),
    ] = None
    strategy: Annotated[
        UploadStrategy,
        Meta(
            description="`single` (default): one PUT of up to 5 GiB. `multipart`: parts, up to 5 TiB in total. `auto`: "
            "multipart from 100 MiB on."
        ),
    ] = UploadStrategy.SINGLE
    language: LanguageHint = None
    keywords: KeywordHints = ()
    original: OriginalField = None
    keep_days: KeepDaysField = None
    title: TitleField = None
    external_id: ExternalIdField = None
    metadata: MetadataField = None
    part_size: Annotated[
        int | None,
        Meta(
            description="The size in bytes of every part except the last, for `multipart`; by default the server "
            "chooses it.",
            examples=[16_777_216],
            extra_json_schema=schema_keywords(minimum=MIN_PART_BYTES, maximum=MAX_PART_BYTES),
        ),
    ] = None


class PartView(msgspec.Struct, frozen=True):
    """How to upload one part."""

    part_number: Annotated[int, Meta(ge=1, le=10_000, description="The number of the part, from 1.")]
    url: Annotated[str, Meta(description="Accepts a PUT of exactly this part.")]
    size: Annotated[int, Meta(description="Size of the part in bytes; all parts except the last have the same size.")]
    headers: Annotated[dict[str, str], Meta(description="Headers that the PUT must carry.")]

    @classmethod
    def all_of(cls, parts: Iterable[SignedPart]) -> list[Self]:
        """How to upload these parts."""
        return [cls(part.number, part.presigned.url, part.size_bytes, part.presigned.headers) for part in parts]


class PresignedUploadResponse(msgspec.Struct, frozen=True):
    """How to upload the file."""

    video_id: VideoIdText
    upload_url: Annotated[str | None, Meta(description="Accepts a PUT of exactly this file; null for multipart.")]
    r2_key: Annotated[str, Meta(description="The object's key in the bucket.")]
    expires_in: Annotated[int, Meta(description="Seconds until the URLs expire.", examples=[3600])]
    status_url: Annotated[str, Meta(description="Path of the video's status on this server.")]
    headers: Annotated[dict[str, str], Meta(description="Headers that the PUT must carry.")]
    strategy: Annotated[UsedStrategy, Meta(description="How the file is sent: in one PUT, or in parts.")]
    upload_id: Annotated[str | None, Meta(description="The bucket's id of the multipart upload, for diagnosis only.")]
    part_size: Annotated[int | None, Meta(description="Size in bytes of every part except the last.")]
    part_count: Annotated[
        int | None, Meta(description="Number of parts, numbered from 1; null for one PUT or an unknown size.")
    ]
    parts: Annotated[list[PartView], Meta(description="The first parts; request the URLs of further parts as needed.")]

    @classmethod
    def of(cls, signed: SignedUpload) -> Self:
        """The response for a signed upload."""
        video, presigned = signed.video, signed.presigned
        plan, multipart = video.source.layout, video.source.multipart
        return cls(
            video_id=video.id,
            upload_url=None if presigned is None else presigned.url,
            r2_key=video.source.key,
            expires_in=signed.expires_in_s,
            status_url=status_url(video),
            headers={} if presigned is None else presigned.headers,
            strategy=_strategy(video),
            upload_id=None if multipart is None else multipart.upload_id,
            part_size=None if plan is None else plan.part_bytes,
            part_count=None if plan is None else plan.count,
            parts=PartView.all_of(signed.parts),
        )


class PartNumbersRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The parts that a client is about to upload."""

    part_numbers: Annotated[
        list[int],
        Meta(
            description=f"1 to {MAX_PARTS_AT_ONCE} distinct part numbers of the upload.",
            examples=[[11, 12, 13]],
            extra_json_schema=schema_keywords(
                items=Schema(type=OpenAPIType.INTEGER, minimum=1, maximum=MAX_PART_COUNT),
                min_items=1,
                max_items=MAX_PARTS_AT_ONCE,
                unique_items=True,
            ),
        ),
    ]
    last_part_size: Annotated[
        int | None,
        Meta(
            description="Only for an upload without a declared size: the size in bytes of its last part, which is the "
            "highest of these numbers.",
            examples=[1_234_567],
            extra_json_schema=schema_keywords(minimum=1, maximum=MAX_PART_BYTES),
        ),
    ] = None


class PartsResponse(msgspec.Struct, frozen=True):
    """How to upload these parts."""

    video_id: VideoIdText
    expires_in: Annotated[int, Meta(description="Seconds until the URLs expire.", examples=[3600])]
    parts: Annotated[list[PartView], Meta(description="The requested parts.")]

    @classmethod
    def of(cls, signed: SignedUpload) -> Self:
        """The response for signed parts."""
        return cls(signed.video.id, signed.expires_in_s, PartView.all_of(signed.parts))


class UploadProgressResponse(msgspec.Struct, frozen=True):
    """The progress of an upload, as the bucket reports it."""

    video_id: VideoIdText
    status: Annotated[VideoStatus, Meta(description="The status of the video.")]
    strategy: Annotated[UsedStrategy, Meta(description="How the file is sent: in one PUT, or in parts.")]
    file_size: Annotated[
        int | None, Meta(description="The declared size of the file in bytes; null while the size is unknown.")
    ]
    received_bytes: Annotated[int, Meta(description="Number of bytes in the bucket.")]
    received_parts: Annotated[list[int], Meta(description="The numbers of the parts in the bucket.")]
    missing_parts: Annotated[list[int], Meta(description="The numbers of the parts still to be uploaded.")]
    part_size: Annotated[
        int | None, Meta(description="Size in bytes of every part except the last; null for a single PUT.")
    ]
    part_count: Annotated[int | None, Meta(description="Number of parts; null for a single PUT.")]
    expires_at: Annotated[datetime, Meta(description="When the most recently signed URL expires.")]

    @classmethod
    def of(cls, progress: UploadProgress) -> Self:
        """The response for an upload's progress."""
        video, plan = progress.video, progress.video.source.layout
        return cls(
            video_id=video.id,
            status=video.status,
            strategy=_strategy(video),
            file_size=video.source.known_size_bytes,
            received_bytes=progress.received_bytes,
            received_parts=sorted(progress.parts),
            missing_parts=progress.missing_parts,
            part_size=None if plan is None else plan.part_bytes,
            part_count=None if plan is None else plan.count,
            expires_at=video.upload_expires_at,
        )


class UploadTicketRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The step that a client is about to take."""

    action: Annotated[UploadAction, Meta(description="The only step that the URL permits.", examples=["list"])]


class UploadTicketResponse(msgspec.Struct, frozen=True):
    """Where to send the request of this step, without a token."""

    url: Annotated[
        str,
        Meta(
            description="Relative to this server. Send `create` and `complete` as POST, `list` as GET, `abort` as "
            "DELETE."
        ),
    ]
    expires_in: Annotated[int, Meta(description="Seconds until the URL expires.", examples=[300])]


class UploadCompleteRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The result of the upload, as the client saw it."""

    success: Annotated[bool, Meta(description="Whether the upload succeeded. With false, the upload is abandoned.")]


class ProxiedUploadResponse(UploadCompleteResponse, frozen=True, kw_only=True):
    """The upload is accepted."""

    r2_key: Annotated[str, Meta(description="The object's key in the bucket.")]

    @classmethod
    def of(cls, video: Video) -> Self:
        """The response for an accepted video."""
        return cls(video.id, status_url(video), r2_key=video.source.key)


def _strategy(video: Video) -> UsedStrategy:
    return "single" if video.source.multipart is None else "multipart"
