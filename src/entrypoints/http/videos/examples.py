"""Example responses of videos in the OpenAPI document."""

import msgspec

from domain.model.media.media_info import MediaKind
from domain.model.media.storyboard import storyboard_sheet
from domain.model.stage import StageName, StageState
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.source import PublicationKind
from domain.model.videos.video import CaptionState
from entrypoints.http.openapi.sample_values import _CREATED_AT, _ID, _KEY, _STATUS_URL, _URL
from entrypoints.http.videos.labels import EXAMPLE_METADATA
from entrypoints.http.videos.originals import OriginalView
from entrypoints.http.videos.schemas import (
    MediaView,
    StageView,
    StatusResponse,
    UploadCompleteResponse,
    VideoPage,
    VideoResponse,
)

UPLOADED = UploadCompleteResponse(_ID, _STATUS_URL)
STATUS = StatusResponse(
    video_id=_ID,
    status=VideoStatus.COMPLETED,
    playable=True,
    stages=[StageView(name, StageState.DONE, 100.0, 1) for name in StageName],
    failure=None,
    warnings=[],
    created_at=_CREATED_AT,
    updated_at=_CREATED_AT.replace(minute=9),
)
VIDEO = VideoResponse(
    **msgspec.structs.asdict(STATUS),
    title="A day at the sea",
    external_id="order-1042",
    metadata=EXAMPLE_METADATA,
    duration_s=61.2,
    captions=CaptionState.GENERATED,
    poster_url=f"{_URL}/poster.jpg?X-Amz-Signature=0123abcd",
    playback_url=f"{_URL}?X-Amz-Signature=0123abcd",
    filename="holiday.mp4",
    content_type="video/mp4",
    size_bytes=73_400_320,
    r2_key=_KEY,
    media=MediaView(MediaKind.VIDEO, "mov", 61.2, 1920, 1080, 30.0, "h264", "aac"),
    rendition_size_bytes=9_240_576,
    original_kept=False,
    rendition_kind=PublicationKind.ENCODED,
    original=OriginalView(kept=False, size_bytes=None, expires_at=None, reason=None),
)
PAGE = VideoPage([VIDEO], "MjAyNi0wMS0wMlQwMzowNDowNSswMDowMCAwYjdjMmY1ZQ")
STORYBOARD = storyboard_sheet(1280, 720, 4.0).to_vtt("https://bucket.example/1-storyboard.jpg?X-Amz-Signature=0123abcd")
