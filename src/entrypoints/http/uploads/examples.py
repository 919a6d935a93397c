"""Example responses of uploads in the OpenAPI document."""

from domain.model.videos.lifecycle import VideoStatus
from entrypoints.http.openapi.sample_values import _CREATED_AT, _ID, _KEY, _STATUS_URL, _URL
from entrypoints.http.uploads.schemas import (
    PartsResponse,
    PartView,
    PresignedUploadResponse,
    ProxiedUploadResponse,
    UploadProgressResponse,
    UploadTicketResponse,
)

_PART_BYTES = 16 * 1024**2


def _part(number: int) -> PartView:
    return PartView(number, f"{_URL}?partNumber={number}&X-Amz-Signature=0123abcd", _PART_BYTES, {})


SINGLE = PresignedUploadResponse(
    video_id=_ID,
    upload_url=f"{_URL}?X-Amz-Signature=0123abcd",
    r2_key=_KEY,
    expires_in=3600,
    status_url=_STATUS_URL,
    headers={"Content-Type": "video/mp4"},
    strategy="single",
    upload_id=None,
    part_size=None,
    part_count=None,
    parts=[],
)
IN_PARTS = PresignedUploadResponse(
    video_id=_ID,
    upload_url=None,
    r2_key=_KEY,
    expires_in=3600,
    status_url=_STATUS_URL,
    headers={},
    strategy="multipart",
    upload_id="2~VXBsb2FkSWQ",
    part_size=_PART_BYTES,
    part_count=512,
    parts=[_part(1), _part(2)],
)
PARTS = PartsResponse(_ID, 3600, [_part(number) for number in (11, 12, 13)])
PROGRESS = UploadProgressResponse(
    video_id=_ID,
    status=VideoStatus.UPLOADING,
    strategy="multipart",
    file_size=3 * _PART_BYTES,
    received_bytes=2 * _PART_BYTES,
    received_parts=[1, 3],
    missing_parts=[2],
    part_size=_PART_BYTES,
    part_count=3,
    expires_at=_CREATED_AT.replace(hour=4),
)

TICKET = UploadTicketResponse(f"/api/s3/{_ID}/list?ticket=tks_0123abcd", 300)
RECEIVED = ProxiedUploadResponse(_ID, _STATUS_URL, r2_key=_KEY)
