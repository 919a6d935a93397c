"""Settings of uploads."""

from datetime import date
from typing import Annotated

from msgspec import Meta

from domain.model.uploads.multipart import DEFAULT_PART_BYTES, MAX_OBJECT_BYTES, MAX_PART_BYTES, MIN_PART_BYTES
from entrypoints.config.values import ConcernSettings, LongSeconds, Positive, variable

MAX_PRESIGNED_LIFETIME_S = 604_800  # S3 and R2 limit the lifetime of a presigned URL to 7 days.


class UploadSettings(ConcernSettings, frozen=True, kw_only=True, rename=variable):
    """Presigned uploads, and the deprecated upload through the API."""

    presigned_url_expiration_seconds: Annotated[
        int, Meta(ge=1, le=MAX_PRESIGNED_LIFETIME_S, description="Lifetime in seconds of a presigned upload URL.")
    ] = 3600
    max_upload_bytes: Annotated[
        int, Meta(ge=1, le=MAX_OBJECT_BYTES, description="Maximum size of a file in bytes; S3 and R2 accept 5 TiB.")
    ] = 10 * 1024**3
    multipart_part_bytes: Annotated[
        int,
        Meta(
            ge=MIN_PART_BYTES,
            le=MAX_PART_BYTES,
            description="Size in bytes of a part of a multipart upload. Larger parts are used for a file that would "
            "otherwise have more than 9,000 parts.",
        ),
    ] = DEFAULT_PART_BYTES
    upload_ticket_seconds: Annotated[
        Positive,
        Meta(
            description="Lifetime in seconds of a URL for one step of an upload in the dialect of S3, such as Uppy's."
        ),
    ] = 300
    direct_upload_share: Annotated[
        float,
        Meta(
            ge=0,
            le=1,
            description="Share of the users whose browsers upload directly to the bucket, from 0 to 1; the upload "
            "module sends the files of the others through the API. It selects users by a hash of their ids, so a "
            "larger share keeps those of a smaller one.",
        ),
    ] = 1.0
    abandoned_upload_seconds: Annotated[
        LongSeconds,
        Meta(
            description="Time in seconds without a request from its client after which an upload counts as abandoned."
        ),
    ] = 86_400
    proxied_upload: Annotated[
        bool, Meta(description="Serve the deprecated `POST /api/videos/upload`, which uploads through the API.")
    ] = True
    proxied_upload_concurrency: Annotated[
        Positive,
        Meta(
            description="Maximum number of uploads through the API that one process receives at once; each needs 5 MiB "
            "of memory."
        ),
    ] = 16
    proxied_upload_sunset: Annotated[
        date, Meta(description="Date from which `POST /api/videos/upload` may be removed; sent in its `Sunset` header.")
    ] = date(2027, 6, 30)

    def problems(self) -> list[str]:
        if self.direct_upload_share < 1 and not self.proxied_upload:
            return ["TELECINE_DIRECT_UPLOAD_SHARE: below 1 it needs TELECINE_PROXIED_UPLOAD, for the other users"]
        return []
